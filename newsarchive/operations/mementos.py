"""When a page was captured, here and perhaps elsewhere: a TimeMap (Memento, RFC 7089) with links to public archives."""

import datetime as dt
from collections.abc import Iterator
from email.utils import format_datetime

from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import Held, reading
from newsarchive.store.events import withdrawals
from newsarchive.store.ordered import read_lines
from newsarchive.timestamps import iso
from newsarchive.warc.cdxj import parse_line
from newsarchive.warc.surt import surt_key

PUBLIC_TIMEMAPS = ("https://web.archive.org/web/timemap/link/", "http://archive.today/timemap/")
"""Archives that anybody may ask for their captures of a URL, which follows; nothing is asked of them here."""

_LINK_FORMAT = 'type="application/link-format"'
_GONE = frozenset({"404", "410"})


def timemap(held: Held, article_id: str, prefix: str) -> Iterator[str]:
    """Yield the lines of the TimeMap of an article in link format; public archives follow as further TimeMaps.

    `prefix` is what the mementos' URLs begin with: where the collection is replayed. Raises `ConfigurationError` where
    the article is not held, was withdrawn, or no run has ended that captured it.
    """
    with reading(held.layout) as catalogue:
        known = catalogue.article(article_id)
    if known is None:
        raise ConfigurationError(f"{article_id}: no such article in {held.layout.folder}; its id is SITE/KEY")
    if known.status == "withdrawn":
        at = withdrawals(held.layout).get(article_id)
        raise ConfigurationError(
            f"{article_id}: was withdrawn{f' at {iso(at)}' if at else ''}; none of its captures is left"
        )
    url = known.url
    captures = list(_captures(held, url))
    if not captures:
        raise ConfigurationError(f"{article_id}: its captures are in no index yet; wait for the run to end")
    first, last = (format_datetime(_instant(captures[at]), usegmt=True) for at in (0, -1))
    lines = [
        f'<{url}>; rel="original"',
        f'<{prefix}timemap/link/{url}>; rel="self"; {_LINK_FORMAT}; from="{first}"; until="{last}"',
        f'<{prefix}{url}>; rel="timegate"',
    ]
    for number, timestamp in enumerate(captures):
        last_one = number == len(captures) - 1
        rel = " ".join((*(["first"] if number == 0 else []), *(["last"] if last_one else []), "memento"))
        when = format_datetime(_instant(timestamp), usegmt=True)
        lines.append(f'<{prefix}{timestamp}/{url}>; rel="{rel}"; datetime="{when}"')
    lines += (f'<{place}{url}>; rel="timemap"; {_LINK_FORMAT}' for place in PUBLIC_TIMEMAPS)
    yield from (f"{line}," for line in lines[:-1])
    yield lines[-1]


def _captures(held: Held, url: str) -> Iterator[str]:
    """Yield when the page was captured, as 14 digits in UTC, oldest first."""
    if not held.layout.index.exists():
        return
    begin = surt_key(url).encode("ascii") + b" "
    for line in read_lines(held.layout.index):
        if line.startswith(begin):
            found = parse_line(line)
            if found.url == url and found.status is not None and found.status not in _GONE:
                yield found.timestamp


def _instant(timestamp: str) -> dt.datetime:
    return dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
