"""What was done to preserve a collection, or was found out about it."""

from typing import Literal

from pydantic import AwareDatetime

from newsarchive.records.model import Record


class PreservationEvent(Record):
    """One line of `events.jsonl`: an event in the terms of PREMIS 3.0, each field named after its semantic unit."""

    event: str
    """eventIdentifier: `urn:uuid:…`."""
    type: Literal["fixity check", "deaccession"]
    """eventType, a term of the Library of Congress's vocabulary (id.loc.gov/vocabulary/preservation/eventType)."""
    at: AwareDatetime
    """eventDateTime: UTC instant at which it ended."""
    detail: str
    """eventDetail: what was done, and by which digest."""
    outcome: Literal["pass", "fail"]
    """eventOutcome."""
    note: str | None = None
    """eventOutcomeDetailNote: the first thing that was found wrong; null where nothing was."""
    agent: str
    """linkingAgentIdentifier: name and version of the software."""
    object: str
    """linkingObjectIdentifier: the collection's name and the file below its folder, or the id of an article."""
