"""What a small crawl saw of a site nobody has declared: its system, its sections, its labels, its article URLs."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from types import MappingProxyType
from urllib.parse import urlsplit

from newsarchive.errors import NewsarchiveError, PageError
from newsarchive.operations.site_sections import PageBeside, links_named, page_beside, sections_of
from newsarchive.operations.site_title import institute_name
from newsarchive.parsers.encoding import decode
from newsarchive.parsers.labels import label_table, squeezed, word_set
from newsarchive.parsers.page import Page, open_page
from newsarchive.parsers.sketch import sketch
from newsarchive.records.article import Article
from newsarchive.records.outcome import Outcome, UrlClass
from newsarchive.records.site import Site
from newsarchive.sites.file import FAMILIES
from newsarchive.sites.scope import Scope
from newsarchive.store.ingest import read_outcomes
from newsarchive.store.interpret import charset_of, content_of, interpret
from newsarchive.store.layout import Layout
from newsarchive.urls import path_and_query
from newsarchive.warc.revisits import read_capture

MAX_SECTIONS = 30
MOST_LABELS = 8
ABOVE_TITLE, BELOW_TITLE = 3, 8
"""Lines around the title among which labels are looked for."""

MARKS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        "vsb": (b"_sitegray", b"/system/resource/js/"),
        "webplus": (b"/_css/_system/", b"/_upload/tpl/"),
        "trs": (b"TRS_Editor", b"trs_editor"),
        "dedecms": (b"DedeCMS", b"dedecms", b"/plus/"),
        "phpcms": (b"phpcms", b"PHPCMS", b"/index.php?m=content"),
        "empirecms": (b"EmpireCMS", b"empirecms", b"/e/public/"),
        "siteserver": (b"/SiteFiles/", b"/sitefiles/", b"SiteServer"),
    }
)
"""What pages of each system hold in their source, as a rule."""

SPEAKING = frozenset({"vsb", "webplus", "trs", "siteserver"})
"""Systems whose article URLs are like no other's; those of the rest (a day and a number) many sites have by chance."""

_LABEL = re.compile(r"(?:^|(?<=[\s|｜　】\]]))([\u3400-\u9fff]{2,6})\s?[:：]")
_CRUMBS = word_set("crumbs", "leads")


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page of the small crawl."""

    url: str
    content: bytes
    charset: str | None


@dataclass(slots=True)
class Seen:
    """What the small crawl saw."""

    title: str = ""
    """What the titles of its pages call the institute; empty where none says it."""
    no_home: str | None = None
    """Why the home page gave nothing to read; None where it did."""
    articles: list[tuple[SeenPage, Article]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    """URLs of list pages, in the order in which they were found."""
    sections: dict[str, str] = field(default_factory=dict)
    """Those that the home page links to, with their names."""
    perhaps: dict[str, str] = field(default_factory=dict)
    """Other pages that the home page links to and that may be lists, each with its name and why."""
    labels: Counter[str] = field(default_factory=Counter)
    """Labels beside the titles that the parser does not know, by the articles that show them."""
    refused: Counter[str] = field(default_factory=Counter)
    """Why URLs were not visited, or gave nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well URL patterns fit what was seen."""

    articles: int
    of_articles: int
    lists: int
    """List pages that the pattern would call articles: best none."""
    mark: str | None = None
    """What the pages' source holds of the family's system; None for nothing, or no family."""


@dataclass(slots=True)
class _Crawl:
    """What is looked up while the outcomes of a small crawl are gone through."""

    layout: Layout
    scope: Scope
    homes: set[str]
    """The home page's URLs, those to which it redirects among them."""
    titles: list[str] = field(default_factory=list)
    """Those of the pages beside the home page."""
    menu: dict[str, str] = field(default_factory=dict)
    """What the home page links to, with the words of its first link that is no mere "more"."""
    pages: list[PageBeside] = field(default_factory=list)


def look_at(layout: Layout, scope: Scope) -> Seen:
    """Return what the runs of a small collection saw. Raises what reading captures raises."""
    outcomes = [outcome for path in sorted(layout.runs.glob("*.jsonl")) for outcome in read_outcomes(path)]
    homes = set(scope.homes)
    for outcome in outcomes:
        if outcome.url in homes and outcome.outcome is UrlClass.REDIRECTED and outcome.target:
            homes.add(outcome.target)
    seen, crawl = Seen(no_home="no answer"), _Crawl(layout, scope, homes)
    for outcome in outcomes:
        _add(seen, outcome, crawl)
    paths = {page.url: article.breadcrumb for page, article in seen.articles}
    found = sections_of(crawl.pages, crawl.menu, paths, {*homes, *(outcome.url for outcome in outcomes)})
    seen.sections, seen.perhaps = dict(islice(found.sure.items(), MAX_SECTIONS)), found.perhaps
    seen.lists += [url for url in found.sure if url not in seen.lists]
    seen.title = institute_name(seen.title, crawl.titles, (*crawl.menu.values(), *chain.from_iterable(paths.values())))
    return seen


def _add(seen: Seen, outcome: Outcome, crawl: _Crawl) -> None:
    if outcome.outcome is not UrlClass.STORED or outcome.capture is None:
        if outcome.reason and outcome.outcome is not UrlClass.STORED:
            seen.refused[outcome.reason.partition(":")[0]] += 1
            if outcome.url in crawl.homes and seen.no_home is not None:
                seen.no_home = outcome.reason
        return
    if outcome.kind not in {"article", "list", "page"}:
        return
    answer = read_capture(outcome.capture, crawl.layout.segment).response
    try:
        page = SeenPage(outcome.url, content_of(answer), charset_of(answer))
    except NewsarchiveError:
        return
    opened = _opened(page, crawl.scope.site)
    if outcome.kind == "article":
        meaning = interpret(answer, "unknown", crawl.scope, url=outcome.url, captured_at=answer.captured_at)
        if meaning.article is not None:
            seen.articles.append((page, meaning.article))
            seen.labels.update(_unknown_labels(opened))
    elif outcome.kind == "list" and outcome.url not in crawl.homes:
        seen.lists.append(outcome.url)
    if opened is not None:
        _add_page(seen, opened, outcome, crawl)


def _add_page(seen: Seen, page: Page, outcome: Outcome, crawl: _Crawl) -> None:
    title = page.head.title.strip()
    if outcome.url in crawl.homes:
        seen.no_home = None
        seen.title = seen.title or title
        crawl.menu = {**links_named(page, crawl.scope), **crawl.menu}
        return
    crawl.titles.append(title)
    if outcome.kind != "article":
        crawl.pages.append(page_beside(page, outcome, crawl.scope))


def _opened(page: SeenPage, site: Site) -> Page | None:
    try:
        return open_page(decode(page.content, page.charset), page.url, site, None)
    except PageError:
        return None


def _unknown_labels(page: Page | None) -> set[str]:
    """Return the labels on the lines around the title that no label table has."""
    found = sketch(page) if page is not None else None
    if page is None or found is None or found.title is None or found.title.first < 0:
        return set()
    known = label_table().fields
    last = found.title.last
    around = range(max(0, found.title.first - ABOVE_TITLE), min(last + BELOW_TITLE, len(page.lines.lines)))
    inside = set(found.body.lines) if found.body is not None else set()
    lines = (page.lines.lines[i] for i in around if i not in inside and not found.title.first <= i <= last)
    labels = (label for line in lines if not line.hidden for label in _LABEL.findall(line.text))
    return {label for label in labels if squeezed(label) not in known and squeezed(label) not in _CRUMBS}


def families(seen: Seen) -> Iterator[tuple[str, Match]]:
    """Yield each family preset whose article pattern fits any article that was seen, the best first."""
    found = []
    for preset in sorted(FAMILIES.glob("*.toml")):
        pattern = tomllib.loads(preset.read_text(encoding="utf-8"))["article_url"]
        match = match_of(pattern, seen)
        mark = next((m for m in MARKS[preset.stem] if any(m in page.content for page, _ in seen.articles)), None)
        if match.articles:
            found.append((preset.stem, replace(match, mark=mark.decode() if mark else None)))
    yield from sorted(found, key=lambda pair: (not is_certain(*pair), -pair[1].articles, pair[0]))


def is_certain(name: str, match: Match) -> bool:
    """Tell whether a family is beyond doubt: most articles fit, no list does, and its pages or URLs are its own."""
    return match.articles * 2 > match.of_articles and not match.lists and (name in SPEAKING or match.mark is not None)


def match_of(pattern: str, seen: Seen) -> Match:
    """Return how well an article pattern fits."""
    search = re.compile(pattern).search
    articles = sum(search(path_and_query(page.url)) is not None for page, _ in seen.articles)
    lists = sum(search(path_and_query(url)) is not None for url in seen.lists)
    return Match(articles, len(seen.articles), lists)


def name_of(url: str) -> str:
    """Return a name for the site at `url`: the first part of its host that is not www."""
    host = urlsplit(url).hostname or "site"
    numeric = host.replace(".", "").isdigit() or ":" in host
    part = host if numeric else next((p for p in host.split(".") if p not in {"www", "m", "web"}), host)
    name = re.sub(r"[^a-z0-9_-]+", "-", part.lower()).strip("-")
    return (name if name[:1].isalpha() else f"site-{name}")[:40]


def some(articles: Iterable[tuple[SeenPage, Article]], count: int) -> list[tuple[SeenPage, Article]]:
    """Return up to `count` articles, spread over those that were read."""
    every = list(articles)
    step = max(1, len(every) // count)
    return every[::step][:count]
