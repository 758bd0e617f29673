"""`newsarchive try`: what the parser reads on pages, and where."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from newsarchive.cli.page_source import Failure, Source, is_url, made_up_url, read_sources
from newsarchive.cli.page_view import article_view, error_view, listing_view
from newsarchive.cli.terminal import complain, printable
from newsarchive.errors import ConfigurationError, PageError
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.site import Site
from newsarchive.sites import generic_site, load_site, survey
from newsarchive.urls import canonical_url, host_of

Show = Callable[[Source, Reading | Failure], None]


def try_pages(
    pages: Annotated[
        list[str], typer.Argument(metavar="URL|FILE…", help="Saved pages (also gzipped; - is standard input), or URLs.")
    ],
    *,
    site: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Read them as pages of this site. Default: the site of the page's host."),
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The URL at which the one FILE was saved.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per page, in the order given.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show rule and place of every field.")] = False,
) -> int:
    """Show what the parser reads on pages, and where.

    Pages of hosts that no site declares are read without a site's patterns and labels. With `--json` a page gives one
    line: an article its record; a list page `file`, `kind`, `entries` and `next`; any other page `file`, `error` and
    `message`.
    A page that is no article is no failure; a file that cannot be read is (exit code 2), after the others were read.
    """
    canonical = _checked_url(url, pages)
    choose = _site_chooser(site)
    show = _print_json if as_json else _printer(explain=explain)
    exit_code = 0
    for source in read_sources(pages, canonical):
        read = source.failure or _read(source, choose(source.url))
        show(source, read)
        if isinstance(read, Failure):
            complain(read.message)
            exit_code = exit_code or read.exit_code
    return exit_code


def _checked_url(url: str | None, pages: list[str]) -> str | None:
    if url is None:
        return None
    if len(pages) != 1 or is_url(pages[0]):
        raise ConfigurationError("--url: says where one FILE was saved; expected exactly one FILE beside it")
    canonical = canonical_url(url)
    if canonical is None:
        raise ConfigurationError(f"--url {url!r}: expected a URL such as http://institute.example/news/1.html")
    return canonical


def _site_chooser(name: str | None) -> Callable[[str | None], Site]:
    """Return what says which site a page of a URL belongs to."""
    if name is not None:
        named = load_site(name)
        return lambda _url: named
    found = survey()
    for error in found.errors:
        complain(str(error))
    by_host = {host: declared.site for declared in reversed(found.sites) for host in declared.site.hosts}

    def site_of(url: str | None) -> Site:
        if url is None:
            return generic_site()
        return by_host.get(host_of(url)) or generic_site(url)

    return site_of


def _read(source: Source, site: Site) -> Reading | Failure:
    url = source.url or made_up_url(source.name, site.home)
    try:
        return read_page(source.data, url, site, charset=source.charset, captured_at=source.captured_at)
    except Exception as error:  # noqa: BLE001 - one page that breaks the parser does not hide what the others say
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Failure("unexpected", f"{source.name}: unexpected {type(error).__name__} at {where}: {error}", 1)


def _print_json(source: Source, read: Reading | Failure) -> None:
    if isinstance(read, Failure):
        line = json.dumps({"file": source.name, "error": read.word, "message": read.message}, ensure_ascii=False)
    elif read.article is not None:
        line = read.article.to_json()
    elif read.listing is not None:
        listing = read.listing.model_dump(mode="json")
        line = json.dumps({"file": source.name, "kind": "list", **listing}, ensure_ascii=False)
    else:
        error = read.error or PageError("the parser gave no reason")
        line = json.dumps({"file": source.name, "error": error.name, "message": str(error)}, ensure_ascii=False)
    typer.echo(line)


def _printer(*, explain: bool) -> Show:
    console = Console(highlight=False)

    def show(source: Source, read: Reading | Failure) -> None:
        if isinstance(read, Failure):
            return
        console.rule(Text(printable(source.name), style="bold"), align="left", style="dim")
        if source.url is None:
            console.print(Text("Its URL is not known, so links and id are made up; --url says it.", style="dim"))
        if read.article is not None:
            console.print(article_view(read.article, explain=explain))
        elif read.listing is not None:
            console.print(listing_view(read.listing))
        elif read.error is not None:
            console.print(error_view(read.error))

    return show
