"""Alarms: one message when a site breaks, one when it is well again, however many runs lie in between."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from newsarchive.configuration.values import Secrets
from newsarchive.errors import ConfigurationError
from newsarchive.monitoring.judgement import Judgement
from newsarchive.monitoring.services import Message, send
from newsarchive.records.model import Record
from newsarchive.records.site import Site
from newsarchive.records.verdict import State
from newsarchive.store.layout import HOUSEKEEPING, write_atomically
from newsarchive.timestamps import iso

MOST_EVIDENCE = 12
"""Lines of evidence in a message."""


class Incident(Record):
    """`incidents/<site>.json`: what is wrong with a site. The file is there while it is."""

    state: State
    """`degraded` or `broken`, by the last run."""
    since: AwareDatetime
    """UTC instant of the run that found it first."""
    evidence: tuple[str, ...] = ()
    """What the last run found."""
    told: bool = False
    """Somebody was told."""
    over: bool = False
    """It is over, and nobody could be told yet."""
    complained: bool = False
    """It was said that a service did not take a message."""


class Alarms:
    """Remembers the incidents of one archive, and tells of them.

    Nothing that goes wrong here ends a crawl: `complain` gets one line, once for each incident.
    """

    def __init__(self, archive: Path, addresses: Secrets, complain: Callable[[str], None]) -> None:
        self._folder = archive / HOUSEKEEPING / "incidents"
        self._addresses = addresses
        self._complain = complain

    def open_incident(self, site: str) -> Incident | None:
        """Return what is wrong with a site, or None."""
        incident = self._read(site)
        return None if incident is None or incident.over else incident

    def settle(self, site: Site, judgement: Judgement, now: dt.datetime) -> None:
        """Take note of how a site fares at `now`, and send a message where that has changed.

        With nobody to tell, nothing is noted: a run that was refused leaves an archive as it was.
        """
        before = self._read(site.name)
        if before is None and not self._addresses.values:
            return
        try:
            if judgement.bad:
                self._goes_on(site, judgement, before, now)
            elif before is not None:
                self._is_over(site, judgement, before, now)
        except OSError as error:
            self._complain(
                f"{self._folder}: cannot be written ({error.strerror}); alarms may come twice, or not at all"
            )

    def _goes_on(self, site: Site, judgement: Judgement, before: Incident | None, now: dt.datetime) -> None:
        incident = Incident(
            state=judgement.state,
            since=before.since if before else now,
            evidence=judgement.evidence,
            told=bool(before and before.told),
            complained=bool(before and before.complained),
        )
        # Noted first: a process that dies while it sends tells twice rather than never.
        self._write(site.name, incident)
        if not incident.told and self._addresses.values:
            sent = self._sent(_broke(site, incident), incident)
            self._write(site.name, incident.model_copy(update={"told": sent, "complained": not sent}))

    def _is_over(self, site: Site, judgement: Judgement, before: Incident, now: dt.datetime) -> None:
        if before.told and self._addresses.values and not self._sent(_well_again(site, judgement, before, now), before):
            self._write(site.name, before.model_copy(update={"over": True, "complained": True}))
        else:
            self._path(site.name).unlink(missing_ok=True)

    def _sent(self, message: Message, incident: Incident) -> bool:
        """Send a message; where a service does not take it, say so once. True if any did."""
        try:
            failed = send(message, self._addresses)
        except ConfigurationError as error:
            problem, sent = str(error), False
        else:
            problem = f"notification service {', '.join(failed)} did not take the message" if failed else ""
            sent = len(failed) < len(self._addresses.values)
        if problem and not incident.complained:
            self._complain(f"{problem}; `newsarchive check --notify-test` tries again")
        return sent

    def _read(self, site: str) -> Incident | None:
        try:
            return Incident.model_validate_json(self._path(site).read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, site: str, incident: Incident) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path(site), incident.model_dump_json(indent=2).encode() + b"\n")

    def _path(self, site: str) -> Path:
        return self._folder / f"{site}.json"


def _broke(site: Site, incident: Incident) -> Message:
    lines = [f"{site.title}", site.home, "", f"Found by the run of {iso(incident.since)}:", *_listed(incident.evidence)]
    lines += ["", "There is one message more when it is over."]
    return Message(f"newsarchive: {site.name} is {incident.state}", "\n".join(map(_plain, lines)))


def _well_again(site: Site, judgement: Judgement, incident: Incident, now: dt.datetime) -> Message:
    how = "nothing new" if judgement.state == "nothing-new" else "well"
    lines = [f"{site.title}", site.home, "", f"It was {incident.state} from {iso(incident.since)} to {iso(now)}."]
    return Message(f"newsarchive: {site.name} is {how} again", "\n".join(map(_plain, lines)), over=True)


def _listed(evidence: tuple[str, ...]) -> list[str]:
    shown = [f"- {line}" for line in evidence[:MOST_EVIDENCE]] or ["- no more is known"]
    more = len(evidence) - MOST_EVIDENCE
    return [*shown, f"- and {more} more"] if more > 0 else shown


def _plain(line: str) -> str:
    """Return a line without what a terminal or a mail reader would obey."""
    return "".join(character if character.isprintable() else " " for character in line)
