"""`newsarchive new-site`: a draft of a site file from what a small crawl sees."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urljoin

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from newsarchive.cli.page_view import brief_view, error_view, listing_view
from newsarchive.cli.small_crawl import small_crawl
from newsarchive.cli.terminal import counted, one_line, printable
from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationError, DegradedSiteError
from newsarchive.operations.new_site import Seen, families, look_at, name_of, some
from newsarchive.operations.site_draft import draft_of
from newsarchive.parsers.reading import read_page
from newsarchive.records.site import Site
from newsarchive.sites import read_site_file
from newsarchive.sites.scope import Scope
from newsarchive.sites.wording import expected
from newsarchive.store.guard import unwritable
from newsarchive.urls import canonical_url, path_and_query

ARTICLES = 20
PAGES = 60
SHOWN = 3


def new_site(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's home page.")],
    *,
    name: Annotated[str | None, typer.Option(help="Its name. Default: from its host.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="The file to write. Default: NAME.toml in NEWSARCHIVE_SITES or ./sites.")
    ] = None,
) -> None:
    """Draft a site file from what a small crawl sees.

    Reads the home page and some of what it links to, 60 answers at most, by the rules of every crawl: robots.txt, one
    request a second, a contact for a live site. Nothing is kept but the file, which says as comments what each line
    rests on: the system the site runs on, list pages, article URLs, labels that the parser does not know. Then three
    articles are shown as the new file reads them. A file that is there is never replaced. Where the URL is an
    article's, the home page of its host is taken instead.

    Exit codes: 0 written, 2 usage or configuration, 7 the site cannot be reached, or nothing on it reads as an article.
    """
    given = canonical_url(url)
    if given is None:
        raise ConfigurationError(f"{url}: expected the URL of a home page, such as http://institute.example/")
    site = _unknown_site(name or name_of(given), given)
    path = output or read_configuration().folders.sites / f"{site.name}.toml"
    _refuse_existing(path)
    site = _begun_at_home(site)
    with small_crawl(site, articles=ARTICLES, pages=PAGES) as crawled:
        seen = look_at(crawled.layout, Scope(site))
    if site.home != given and seen.no_home is not None:
        raise ConfigurationError(
            f"{given}: is an article, and {site.home} is no home page ({seen.no_home}); give the URL of the home page"
        )
    if not seen.articles:
        raise DegradedSiteError(_nothing(site.home, seen))
    _write(path, draft_of(seen, site))
    drafted = read_site_file(path)
    _tell(path, seen)
    _show(seen, drafted)
    typer.echo("\n" + one_line(f"Next: read {path}; then newsarchive crawl {drafted.name} --limit 20"))


def _begun_at_home(site: Site) -> Site:
    """Return `site`, or the same with the home page of its host where what was given as home is an article."""
    target = path_and_query(site.home)
    if target == "/" or not _is_article(site.home):
        return site
    home = urljoin(site.home, "/")
    typer.echo(one_line(f"{site.home}: is an article; {home} is taken for the site's home page"))
    return site.model_copy(update={"home": home, "seeds": ("/", target)})


def _tell(path: Path, seen: Seen) -> None:
    articles, lists = counted(len(seen.articles), "articles"), counted(len(seen.lists), "list pages")
    typer.echo(one_line(f"{path}: drafted from {articles} and {lists}"))
    for family, match in families(seen):
        mark = f", and the pages hold {match.mark}" if match.mark else ""
        typer.echo("  " + one_line(f"family {family}: {match.articles} of {match.of_articles} article URLs fit{mark}"))


def _unknown_site(name: str, home: str) -> Site:
    try:
        return Site(name=name, title=name, home=home, requisites="none")
    except ValidationError as error:
        problem = error.errors()[0]
        raise ConfigurationError(f"--name {problem['input']!r}: {expected(problem)}") from error


def _is_article(url: str) -> bool:
    """Ask for the page at `url`, and tell whether it reads as an article; False where it gives nothing to read.

    In a process of its own, as a crawl can be made but once in one.
    """
    command = [sys.executable, "-m", "newsarchive.cli.main", "try", url, "--json"]
    ended = subprocess.run(  # noqa: S603 - ourselves, and a URL that is one
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    try:
        return "body" in json.loads(ended.stdout)
    except ValueError:
        return False


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise ConfigurationError(f"{path}: is there already, and is not replaced; give another --output or --name")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        _refuse_existing(path)
    except OSError as error:
        raise unwritable(path, error, "choose another --output") from error


def _nothing(home: str, seen: Seen) -> str:
    why = ", ".join(f"{count} {reason}" for reason, count in seen.refused.most_common(3))
    seen_lists = f"{counted(len(seen.lists), 'list pages')}{'; ' + why if why else ''}"
    return (
        f"{home}: nothing was read as an article ({seen_lists}); save one of its articles and look at it with "
        "`newsarchive try --explain`"
    )


def _show(seen: Seen, site: Site) -> None:
    console = Console(highlight=False)
    for page, _ in some(seen.articles, SHOWN):
        read = read_page(page.content, page.url, site, charset=page.charset)
        console.rule(Text(printable(page.url), style="bold"), align="left", style="dim")
        if read.article is not None:
            console.print(brief_view(read.article))
        elif read.listing is not None:
            console.print(listing_view(read.listing))
        elif read.error is not None:
            console.print(error_view(read.error))
