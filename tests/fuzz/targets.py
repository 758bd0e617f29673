"""The functions that are fuzzed: any bytes in, and nothing raised but what each promises."""

import datetime as dt
import gzip
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BufferedReader, BytesIO

from newsarchive.codings import decode_content
from newsarchive.errors import ContentCodingError, DamageError, UnsafeArchiveError
from newsarchive.parsers.dates import compact_date, date_in_words, find_date, find_dates, relative_date
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.feeds import read_feed, read_sitemap
from newsarchive.parsers.page import Resolver
from newsarchive.parsers.reading import read_page
from newsarchive.records.site import Site
from newsarchive.sites.file import FAMILIES
from newsarchive.sites.robots import Robots
from newsarchive.sites.scope import Scope
from newsarchive.warc.cdxj import parse_line
from newsarchive.warc.foreign_records import foreign_records
from newsarchive.warc.inflating import Inflated
from newsarchive.warc.members import MemberReader, packed_member
from newsarchive.warc.messages import final_head, payload_of
from newsarchive.warc.records import parse_record_header

NOW = dt.datetime(2026, 11, 22, 7, 15, tzinfo=dt.UTC)
ZONE = "Asia/Shanghai"
CHARSETS = (None, "gb2312", "utf-8", "big5", "latin-1", "x-unknown", "utf-16")
CODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "identity", "sdch", "deflate, gzip, br")
MAX_DECODED_BYTES = 65536
WARC_HEAD = b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n"
SITES = tuple(
    Site(
        name=preset.stem, title=preset.stem, home="https://harbour.test/", family=preset.stem,
        **tomllib.loads(preset.read_text(encoding="utf-8")),
    )
    for preset in sorted(FAMILIES.glob("*.toml"))
)  # fmt: skip
SCOPES = tuple(Scope(site) for site in SITES)
LOCALS = (
    "/",
    "/xw.htm",
    "/xw/3.htm",
    "/xw/list.htm",
    "/xw/index_1.shtml",
    "/list-12-2.html",
    "/channels/596.html",
    "/a/",
)


def page(data: bytes) -> None:
    """Read any bytes as a page of a family; exactly one of article, list and error, and it can be written."""
    first = data[0] if data else 0
    reading = read_page(
        data[1:], "https://harbour.test/info/1/2.htm", SITES[first % len(SITES)],
        charset=CHARSETS[first // 8 % len(CHARSETS)], captured_at=NOW,
    )  # fmt: skip
    assert sum(part is not None for part in (reading.article, reading.listing, reading.error)) == 1
    if reading.article is not None:
        assert reading.article.body
        reading.article.to_json().encode("utf-8")


def list_page(data: bytes) -> None:
    """Read any bytes after a real list, as a list page of a family: its pager is what they say."""
    first = data[0] if data else 0
    rows = b"".join(b'<li><a href="/x/%d.html">harbour lights of the coast</a> 2024-03-01</li>' % n for n in range(8))
    reading = read_page(
        b"<ul>" + rows + b"</ul><div>" + data[1:],
        f"https://harbour.test{LOCALS[first % len(LOCALS)]}",
        SITES[first // 8 % len(SITES)],
    )
    assert sum(part is not None for part in (reading.article, reading.listing, reading.error)) == 1
    for link in reading.links:
        assert link.url.startswith(("http://", "https://"))


def encoding(data: bytes) -> None:
    """Decode any bytes under any declared charset; what comes out is UTF-8."""
    first = data[0] if data else 0
    decode(data[1:], CHARSETS[first % len(CHARSETS)]).utf8.decode("utf-8")


def dates(data: bytes) -> None:
    """Look for dates in any text; what is found lies in the text."""
    text = data.decode("utf-8", "replace")
    for found in (find_date(text, short_years=True), relative_date(text, NOW, ZONE), compact_date(text)):
        assert found is None or 0 <= found.start < found.end <= len(text)
        if found is not None:
            found.instant(ZONE)
    find_dates(text)
    date_in_words(text, "zh", ZONE, NOW)


def urls(data: bytes) -> None:
    """Canonicalise and resolve any text: the spelling that is kept is kept again."""
    text = data.decode("utf-8", "replace")
    for scope in SCOPES:
        for spelled in (text, f"https://harbour.test/{text}"):
            kept = scope.canonical(spelled)
            if kept is not None:
                assert scope.canonical(kept) == kept, kept
                scope.refusal(kept)
                scope.kind(kept)
    resolved = Resolver("https://harbour.test/a/b.htm")(text)
    assert resolved is None or resolved.startswith(("http://", "https://"))


def feeds(data: bytes) -> None:
    """Read any bytes as a feed and as a sitemap."""
    read_feed(data, "https://harbour.test/")
    read_sitemap(data)


def robots(data: bytes) -> None:
    """Read any bytes as a robots.txt, and ask it for a long path."""
    rules = Robots.parsed(data)
    for url in ("https://harbour.test/", f"https://harbour.test/{'a' * 1900}?b=c"):
        assert rules.allows(url) in {True, False}
    assert rules.delay_seconds >= 0
    assert all(isinstance(named, str) for named in rules.sitemaps)


def codings(data: bytes) -> None:
    """Undo every content coding on any bytes, and take any chunked framing off: a result within bounds, or an error."""
    first = data[0] if data else 0
    with suppress(ContentCodingError):
        assert len(decode_content(data[1:], CODINGS[first % len(CODINGS)], MAX_DECODED_BYTES)) <= MAX_DECODED_BYTES
    offset, head = final_head(data)
    assert len(payload_of(head, data[offset:])) <= len(data)


def records(data: bytes) -> None:
    """Read any bytes as WARC records: ours, packed and as they are, and other tools', and as lines of an index."""
    for packed in (data, packed_member(data), packed_member(WARC_HEAD % len(data), data, b"\r\n\r\n")):
        members = MemberReader(BytesIO(packed))
        with suppress(DamageError):
            while not members.at_end():
                parse_record_header(b"".join(members.pieces()))
    for file in (data, gzip.compress(data, 1), WARC_HEAD % len(data) + data + b"\r\n\r\n" + data):
        with suppress(DamageError, UnsafeArchiveError):
            for record in foreign_records(BufferedReader(Inflated(BytesIO(file), "made up")), "made up"):
                assert record.url is None or isinstance(record.url, str)
                assert record.date is None or record.date.tzinfo is not None
    for line in data.splitlines():
        with suppress(ValueError):
            parse_line(line)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "page": page,
    "list-page": list_page,
    "encoding": encoding,
    "dates": dates,
    "urls": urls,
    "feeds": feeds,
    "robots": robots,
    "codings": codings,
    "records": records,
}
