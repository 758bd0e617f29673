"""`newsarchive search`: full text over titles and texts, Chinese words of any length."""

import datetime as dt
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newsarchive.cli.options import Archive, Exports, archive_folder, chosen_collections, exports_folder
from newsarchive.cli.progress import progress
from newsarchive.cli.terminal import one_line, printable
from newsarchive.datasets.query import parse_query
from newsarchive.datasets.search import Filters, Found, count
from newsarchive.datasets.search import search as search_in
from newsarchive.datasets.search_index import SearchIndex
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of

SHOWN = ("id", "title", "date", "section", "source", "status", "url")


def search(  # noqa: PLR0913 - the command's options
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS…", help='Words that must all be there; OR, NOT, ( ), "a phrase", prefix*.'),
    ],
    *,
    sites: Annotated[
        list[str] | None, typer.Option("--site", help="Look in this collection; more than once for several.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day of the articles' dates.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day of the articles' dates.")] = None,
    section: Annotated[str | None, typer.Option(help="Only this section, as the page names it.")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source (来源).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per article.")] = False,
    archive: Archive = None,
    exports: Exports = None,
) -> None:
    """Find articles by words of their title and text, in the latest revision of each; removed ones too.

    A Chinese word of two or more characters is found wherever it stands; a single character too, more slowly. Other
    words are found whole. Width and case do not matter. Hits in the title come first, then the newest. The index,
    EXPORTS/SITE/search.sqlite, takes in what was recorded since the last time.
    """
    query = parse_query(" ".join(words))
    first, last = _day("--from", since), _day("--to", until)
    if first is not None and last is not None and first > last:
        raise ConfigurationError(f"--from {since}, --to {until}: the first day comes after the last one")
    filters = Filters(first, last, section, source)
    folder, target = archive_folder(archive), exports_folder(exports)
    found: list[Found] = []
    total = 0
    for name in chosen_collections(folder, sites):
        with SearchIndex(collection_of(folder, name).layout, target) as index:
            with progress(name) as told:
                index.refresh(told)
            total += count(index, query, filters)
            found += search_in(index, query, filters, limit)
    found.sort(key=lambda one: one.order)
    if as_json:
        for one in found[:limit]:
            typer.echo(json.dumps(_fields(one), ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for one in found[:limit]:
        _show(console, one)
    more = f", the first {limit} shown; --limit shows more" if total > limit else ""
    console.print(Text(f"{total} found{more}" if total else "nothing found"))


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"{option} {text!r}: expected a day such as 2026-11-01") from error


def _fields(found: Found) -> dict[str, Any]:
    article = found.article
    return {**{name: article[name] for name in SHOWN}, "in_title": found.in_title, "context": found.context}


def _show(console: Console, found: Found) -> None:
    article = found.article
    facts = [article["date"] or "no date", article["section"], article["source"], article["id"]]
    if article["status"] == "removed":
        facts.append("removed")
    console.print(Text(one_line(article["title"]), style="bold"))
    console.print(Text("  " + one_line(" · ".join(fact for fact in facts if fact)), style="dim"))
    context = Text("  ")
    at = 0
    for start, end in found.hits:
        if start < at:
            continue
        context.append(printable(found.context[at:start]))
        context.append(printable(found.context[start:end]), style="bold yellow")
        at = end
    context.append(printable(found.context[at:]))
    console.print(context)
