"""The report of one run."""

from typing import Literal

from pydantic import AwareDatetime, Field

from newsarchive.records.model import Record
from newsarchive.records.verdict import ClassTally, ListTally, Verdict


class RunReport(Record):
    """`runs/<run>.json`: what one crawl of one collection did."""

    run: str
    """Name of the run: its start as `YYYYMMDDhhmmss`, UTC."""
    site: str
    """Name of the site."""
    origin: str
    """Scheme, host and port that were crawled."""
    started_at: AwareDatetime
    """UTC instant at which the run began."""
    ended_at: AwareDatetime
    """UTC instant at which its last batch was committed."""
    ended: Literal["finished", "limit", "interrupted", "failed"]
    """`finished`: nothing was due any more; `limit`: so many articles as were asked for; `interrupted`: stopped from
    outside; `failed`: an error, named in `error`, ended it."""
    error: str | None = None
    """The error that ended the run; null where none did."""
    error_code: int | None = None
    """Exit code that stands for `error`; null where none ended the run, or in reports of versions that did not say."""
    requests: int
    """Answers and failures of the run that were committed: URLs asked for, each try of them."""
    outcomes: dict[str, int] = Field(default_factory=dict)
    """Outcomes of the run by class; refused URLs that were never asked for are counted too."""
    reasons: dict[str, int] = Field(default_factory=dict)
    """Outcomes of the run by the stable word of their reason, where they have one."""
    articles_new: int = 0
    """Articles seen for the first time."""
    articles_changed: int = 0
    """Articles with a further revision."""
    articles_removed: int = 0
    """Articles that the site no longer has, now recorded as removed."""
    articles_unchanged: int = 0
    """Articles that read as before."""
    revisits: int = 0
    """Answers kept as WARC revisits: the payload was kept before, or the server said that it is the same (304)."""
    articles_held: int = 0
    """Articles in the collection after the run: removed ones too, withdrawn ones not."""
    articles_duplicate: int = 0
    """Articles held whose content is that of an article seen before them (`duplicate_of` in the exports)."""
    look_gone: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Articles that were gone when they were last asked for and are not recorded as removed, by canonical URL, with the
    UTC instant from which another look may confirm it. At most 100."""
    urls_known: dict[str, int] = Field(default_factory=dict)
    """Every URL ever found, by class, after the run."""
    due_left: int = 0
    """URLs that were due in this run and not visited."""
    degraded: str | None = None
    """Why the run's answers are not believed, such as too many articles gone at once; null where they are."""
    lists_lost: dict[str, str] = Field(default_factory=dict)
    """Why, by canonical URL, pages that every run looks at gave no page any more: those of this run and, of the home
    page and the seeds, of the runs since they were last read."""
    rests: dict[str, AwareDatetime] = Field(default_factory=dict)
    """Hosts that asked to be left alone (Retry-After on robots.txt, or on five answers in a row), with the UTC instant
    until which they are; later runs obey it."""
    urls_asked: int = 0
    """Different URLs asked for: `requests` without second and third tries."""
    urls_failed: dict[str, int] = Field(default_factory=dict)
    """URLs whose last try in the run failed, or met a certificate, an address or an answer that is refused, by the
    stable word of the reason."""
    robots_forbidden: int = 0
    """URLs that robots.txt forbids and that were not refused before: new ones, and such as were read until then."""
    robots_read: int = 0
    """Answers to robots.txt among the stored and unchanged ones."""
    robots_gone: dict[str, int] = Field(default_factory=dict)
    """Answers to robots.txt among the `gone` ones, by their reason: hosts that have none, which is no fault."""
    page_classes: dict[str, ClassTally] = Field(default_factory=dict)
    """What was read on article pages, by class: `article` and the shape of their URLs. At most 40 classes."""
    lists: dict[str, ListTally] = Field(default_factory=dict)
    """What the pages that every run looks at named, by canonical URL; those whose bytes were as before are left out.
    At most 100."""
    lists_unchanged: int = 0
    """Such pages whose bytes were those of the last visit: they name what they named then."""
    verdict: Verdict | None = None
    """What the run was worth. Null where that is not known: in reports of imports, of runs that failed, or were stopped
    while an alarm stood, and had found nothing that speaks against the site, and of versions that gave none."""
    links_skipped: int = 0
    """Links of visited pages that name no usable URL."""
    recovered_records: int = 0
    """Outcomes and revisions of a run that had died, taken in before this one began."""
    salvaged_bytes: int = 0
    """Bytes of a run that had died, which form no whole record and were moved into `salvage/`."""
    parser: str
    """Version of the parser."""
    software: str
    """Name and version of the software."""

    @property
    def is_crawl(self) -> bool:
        """Tell whether the run asked the site for anything; an import did not, and says nothing of it."""
        return bool(self.requests) or self.verdict is not None or self.ended != "finished"
