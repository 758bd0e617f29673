"""Collections that begin with, or go on with, what others crawled: WARC files and WACZs, read in place."""

import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import reading
from newsarchive.operations.foreign_exchanges import Pair, exchange_of, exchanges
from newsarchive.operations.package_check import check_package
from newsarchive.parsers import PARSER_VERSION
from newsarchive.records.outcome import REQUISITE_KINDS
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.sites import all_sites, load_site
from newsarchive.sites.scope import Scope, rebased
from newsarchive.store.census import count_held
from newsarchive.store.importing import ImportCounts, Importer, importing
from newsarchive.store.layout import Layout, write_atomically
from newsarchive.store.ordered import read_lines
from newsarchive.timestamps import iso, utc
from newsarchive.urls import host_of
from newsarchive.warc.cdxj import parse_line
from newsarchive.warc.foreign_records import ForeignRecord, parsed_date
from newsarchive.warc.messages import parse_head
from newsarchive.warc.revisits import read_capture
from newsarchive.warc.sources import Source, find_sources

MAX_HOSTS = 10_000
_PAGES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain")
_CRAWL_OF_FILE = r"-\d{5}(?=\.warc)"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    layout: Layout
    counts: ImportCounts
    left_out: Mapping[str, int]
    """Answers that were not taken in, by the reason."""
    surplus_bytes: int
    """Bytes between the records of the files that belong to none."""


@dataclass(slots=True)
class _Survey:
    """What a first walk over all files found; nothing is written before it has ended well."""

    first_at: dict[Source, str] = field(default_factory=dict)
    hosts: Counter[str] = field(default_factory=Counter)
    surplus: int = 0
    declared: set[tuple[str, str]] = field(default_factory=set)
    """Site and origin, where the packages are newsarchive's own."""


def import_captures(  # noqa: PLR0913 - what the command's options say
    paths: Sequence[Path],
    archive: Path,
    *,
    site_name: str | None = None,
    base_url: str | None = None,
    clock: Callable[[], float],
    software: str,
) -> Imported:
    """Take what the files, WACZs and folders `paths` hold into the collection of the site that they are of.

    Every file is walked over, and every digest of a WACZ compared, before anything is written. Raises
    `ConfigurationError` where the site cannot be told, `UnsafeArchiveError` or `DamageError` for a file that cannot
    be trusted, and what opening the collection raises.
    """
    sources = [source for path in paths for source in find_sources(path)]
    survey = _surveyed(sources)
    scope = Scope(_site(survey, archive, site_name, base_url))
    layout = Layout(archive, scope.site.name)
    left_out: Counter[str] = Counter()
    warcinfo = _warcinfo(scope.site, sources, software)
    with closing(sqlite3.connect("")) as notes:
        with importing(layout, scope, warcinfo=warcinfo, clock=clock) as importer:
            started_at = clock()
            taking = _Taking(layout, scope, importer, left_out, notes)
            for crawl in _by_crawl(survey):
                for source in crawl:
                    taking.take(source)
                importer.end_of_crawl()
        left_out["already held"] = taking.count_held()
    left_out["older than what is held"] = importer.counts.older - left_out["already held"]
    _write_report(layout, scope.site, importer, (started_at, clock()), software)
    return Imported(layout, importer.counts, {why: n for why, n in left_out.items() if n}, survey.surplus)


def _surveyed(sources: Sequence[Source]) -> _Survey:
    survey = _Survey()
    for path in dict.fromkeys(source.path for source in sources if source.member is not None):
        checked = check_package(path)
        if checked.faults:
            raise DamageError(f"{path}: {checked.faults[0]}; `newsarchive inspect {path.name}` lists everything")
        own = checked.description.get("newsarchive")
        if isinstance(own, dict):
            survey.declared.add((str(own.get("site")), str(own.get("origin"))))
    for source in sources:
        with source.records() as records:
            for record in records:
                _note(record, source, survey)
    return survey


def _note(record: ForeignRecord, source: Source, survey: _Survey) -> None:
    survey.surplus += record.surplus
    if record.type not in {"response", "revisit"} or record.date is None or record.url is None:
        return
    at = iso(record.date)
    survey.first_at[source] = min(survey.first_at.get(source, at), at)
    if len(survey.hosts) < MAX_HOSTS and record.url.startswith(("http:", "https:")):
        survey.hosts[host_of(record.url)] += 1


def _site(survey: _Survey, archive: Path, name: str | None, base_url: str | None) -> Site:
    origin = base_url
    if len(survey.declared) > 1:
        raise ConfigurationError("the packages are of several sites or origins; import them one by one")
    if survey.declared:
        declared_name, declared_origin = next(iter(survey.declared))
        name, origin = name or declared_name, origin or declared_origin
    site = load_site(name) if name else _site_of_hosts(survey.hosts)
    identity = Layout(archive, site.name).identity
    if origin is None and identity.exists():
        origin = Layout(archive, site.name).read_identity().origin
    return rebased(site, origin) if origin and origin.rstrip("/") != site.origin else site


def _site_of_hosts(hosts: "Counter[str]") -> Site:
    found = [declared.site for declared in all_sites() if any(host in hosts for host in declared.site.hosts)]
    if len(found) == 1:
        return found[0]
    seen = ", ".join(host for host, _ in hosts.most_common(3)) or "no host at all"
    if found:
        raise ConfigurationError(f"captures of {' and '.join(site.name for site in found)}; say which with --site")
    raise ConfigurationError(
        f"captures of {seen}, of which no declared site is; write a site file (`newsarchive sites` says where), or "
        "name a site with --site and --base-url"
    )


def _by_crawl(survey: _Survey) -> list[list[Source]]:
    """Return the files in the order of their first captures, those together that one crawl wrote one after another."""
    crawls: dict[tuple[Path, str], list[Source]] = {}
    for source in sorted(survey.first_at, key=lambda one: (survey.first_at[one], one.name)):
        place = source.path if source.member else source.path.parent
        crawls.setdefault((place, re.sub(_CRAWL_OF_FILE, "", source.name)), []).append(source)
    return list(crawls.values())


class _Taking:
    """Takes files in. State: where the answers of all files are, in a temporary file, for the revisits of them."""

    def __init__(
        self, layout: Layout, scope: Scope, importer: Importer, left_out: "Counter[str]", notes: sqlite3.Connection
    ) -> None:
        self._layout = layout
        self._scope = scope
        self._importer = importer
        self._left_out = left_out
        self._notes = notes
        notes.execute("CREATE TABLE answers (record_id TEXT, url TEXT, date TEXT, said TEXT, digest TEXT)")
        for column in ("record_id", "url, date", "said"):
            notes.execute(f"CREATE INDEX answers_{column.replace(', ', '_')} ON answers ({column})")
        notes.executescript("CREATE TABLE older (at TEXT, url TEXT); CREATE INDEX older_at ON older (at, url)")

    def take(self, source: Source) -> None:
        """Take one file in."""
        with source.records() as records:
            for pair in exchanges(records, self._left_out):
                if fault := self._take_pair(pair, source.name):
                    self._left_out[fault] += 1

    def count_held(self) -> int:
        """Return how many of the answers that were too old are in the index: the same captures, come again."""
        if not self._importer.counts.older:
            return 0
        self._notes.execute("CREATE TABLE held (at TEXT, url TEXT, PRIMARY KEY (at, url)) WITHOUT ROWID")
        for line in read_lines(self._layout.index):
            at = line.split(b" ", 2)[1].decode("ascii")
            if self._notes.execute("SELECT 1 FROM older WHERE at = ?", (at,)).fetchone():
                self._notes.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (at, parse_line(line).url))
        query = "SELECT count(*) FROM older WHERE (at, url) IN (SELECT at, url FROM held)"
        count: int = self._notes.execute(query).fetchone()[0]
        return count

    def _take_pair(self, pair: Pair, source: str) -> str | None:
        """Take one answer in, or return why it is left out."""
        answer = pair.answer
        written = answer.url or ""
        url = self._scope.canonical(written)
        if url is None:
            return "no usable URL"
        kind = self._kind(answer, url)
        refusal = self._scope.refusal(url, kind)
        if refusal is not None and not refusal.startswith("file"):
            return refusal
        original = None
        if answer.type == "revisit" and not _is_304(answer):
            original = self._original(answer)
            if original is None:
                return "a revisit of what is not there"
        exchange = exchange_of(pair, written, original)
        if self._importer.take(exchange, url, kind, source) == "older":
            self._notes.execute("INSERT INTO older VALUES (?, ?)", (_stamp(exchange.started_at), written))
        if answer.date is not None:
            values = (answer.record_id, written, iso(answer.date), answer.field("WARC-Payload-Digest"))
            self._notes.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", (*values, exchange.payload_digest))
        return None

    def _kind(self, answer: ForeignRecord, url: str) -> str:
        if urlsplit(url).path == "/robots.txt":
            return "robots"
        kind = self._scope.kind(url)
        if kind in REQUISITE_KINDS or kind != "unknown":
            return kind
        head = parse_head(answer.block or b"")
        media_type = (head.header("Content-Type") or "text/html").partition(";")[0].strip().lower()
        return kind if head.status != 200 or media_type in _PAGES else "requisite"  # noqa: PLR2004

    def _original(self, revisit: ForeignRecord) -> bytes | None:
        """Return the whole answer whose payload `revisit` refers to; None where it is nowhere."""
        self._importer.flush()
        for digest in self._digests(revisit):
            original = self._importer.catalogue.original(digest)
            if original is not None:
                return read_capture(original.capture, self._layout.segment).record.block
        return None

    def _digests(self, revisit: ForeignRecord) -> Iterator[str]:
        date = parsed_date(revisit.field("WARC-Refers-To-Date"))
        said = revisit.field("WARC-Payload-Digest")
        for condition, values in (
            ("record_id = ?", ((revisit.field("WARC-Refers-To") or "").strip("<> "),)),
            ("url = ? AND date = ?", (revisit.field("WARC-Refers-To-Target-URI"), iso(date) if date else None)),
            ("said = ?", (said,)),
        ):
            query = f"SELECT digest FROM answers WHERE {condition}"  # noqa: S608 - one of the three lines above
            yield from (digest for (digest,) in self._notes.execute(query, values))
        if said is not None:
            yield said


def _stamp(at: dt.datetime) -> str:
    """Return an instant as the index writes it."""
    return at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")


def _is_304(answer: ForeignRecord) -> bool:
    return parse_head(answer.block or b"").status == 304  # noqa: PLR2004


def _warcinfo(site: Site, sources: Sequence[Source], software: str) -> dict[str, str]:
    names = ", ".join(source.name for source in sources[:50])
    return {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": site.name,
        "description": f"Captures of {site.title} that others made, taken in from {len(sources)} WARC files: {names}",
    }


def _write_report(layout: Layout, site: Site, importer: Importer, times: tuple[float, float], software: str) -> None:
    counts = importer.counts
    with reading(layout) as catalogue:
        held = count_held(catalogue)
    report = RunReport(
        run=importer.run,
        site=site.name,
        origin=site.origin,
        started_at=utc(times[0]),
        ended_at=utc(times[1]),
        ended="finished",
        requests=0,
        outcomes=dict(sorted(counts.outcomes.items())),
        articles_new=counts.new,
        articles_changed=counts.changed,
        articles_removed=counts.removed,
        articles_held=held,
        parser=PARSER_VERSION,
        software=software,
    )
    write_atomically(layout.run_report(importer.run), report.model_dump_json(indent=2).encode() + b"\n")
