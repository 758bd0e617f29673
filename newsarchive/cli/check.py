"""`newsarchive check`: whether a site still reads well, field by field."""

from typing import Annotated

import typer
from rich.table import Table

from newsarchive.cli.aftermath import test_notification
from newsarchive.cli.options import Archive, archive_folder
from newsarchive.cli.small_crawl import small_crawl
from newsarchive.cli.tables import print_table
from newsarchive.cli.terminal import counted, one_line
from newsarchive.errors import ConfigurationError, DegradedSiteError
from newsarchive.operations.access import Held, collection_of, reading
from newsarchive.operations.check import Looked, SiteCheck, check_of, newest, read_again, read_live
from newsarchive.records.revision import Revision
from newsarchive.sites.scope import Scope

STYLES = {"well": "green", "fewer": "yellow", "lost": "bold red"}
FURTHER_PAGES = 20
"""Answers of a check beside the articles: robots.txt, home page, seeds."""


def check(  # noqa: PLR0913 - the command's options
    name: Annotated[str | None, typer.Argument(metavar="SITE", help="The collection.")] = None,
    *,
    articles: Annotated[int, typer.Option(min=1, max=200, help="Look at so many of the newest articles held.")] = 10,
    offline: Annotated[
        bool, typer.Option("--offline", help="Read their kept captures instead: a site file that was changed, say.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
    notify_test: Annotated[
        bool, typer.Option("--notify-test", help="Send a test message to every notification service.")
    ] = False,
    archive: Archive = None,
) -> int:
    """Say whether a site still reads well, field by field.

    Asks for the newest articles that are held, by the rules of every crawl (robots.txt, pacing, contact), and compares
    what they give with their last revisions. The collection is left as it is. `fewer`: a field is missing on some
    pages, as edits may do; `lost`: on more than edits explain.

    Exit codes: 0 reads well, 2 usage or configuration, 7 a field is lost, pages are not read, or the site cannot be
    reached.
    """
    if notify_test:
        test_notification()
    if name is None:
        if notify_test:
            return 0
        raise ConfigurationError("check: name a SITE, or --notify-test")
    held = collection_of(archive_folder(archive), name)
    pages = newest(held, articles)
    if not pages:
        raise ConfigurationError(f"{name}: holds no article to compare with; crawl it first")
    looked = list(read_again(held, pages)) if offline else _live(held, pages)
    with reading(held.layout) as catalogue:
        found = check_of(name, looked, catalogue.count_articles())
    if as_json:
        typer.echo(found.to_json())
    else:
        _show(found)
    return 0 if found.well else DegradedSiteError.exit_code


def _live(held: Held, pages: list[Revision]) -> list[Looked]:
    seeds = (*held.scope.site.seeds, *(page.url for page in pages))
    site = held.scope.site.model_copy(update={"seeds": seeds, "requisites": "none"})
    with small_crawl(site, articles=len(pages), pages=len(pages) + FURTHER_PAGES) as crawled:
        return list(read_live(Held(crawled.layout, Scope(site)), pages))


def _show(found: SiteCheck) -> None:
    table = Table("field", "held", "read", "", box=None, pad_edge=False)
    for field in found.fields:
        table.add_row(field.field, str(field.held), str(field.read), f"[{STYLES[field.state]}]{field.state}[/]")
    print_table(table)
    for url, reason in found.unread.items():
        typer.echo("  " + one_line(f"not read: {url}: {reason}"))
    state = "reads well" if found.well else "does not read as it did"
    looked = f"{counted(found.pages, 'articles')} looked at, {len(found.unread)} not read"
    typer.echo(one_line(f"{found.site}: {state}; {looked}"))
