"""Drafts a site file from a small crawl: the system the site runs on, its sections, its labels, its article URLs."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from newsarchive.errors import NewsarchiveError, PageError
from newsarchive.operations.url_pattern import article_pattern
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
_TITLE_PARTS = re.compile(r"\s*[-_—|–]+\s*")


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
    """What the title element of the home page calls the site; empty where it says nothing."""
    articles: list[tuple[SeenPage, Article]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    """URLs of list pages, in the order in which they were found."""
    sections: dict[str, str] = field(default_factory=dict)
    """Those that the home page links to, with their titles."""
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


def look_at(layout: Layout, scope: Scope) -> Seen:
    """Return what the runs of a small collection saw. Raises what reading captures raises."""
    seen = Seen()
    for path in sorted(layout.runs.glob("*.jsonl")):
        for outcome in read_outcomes(path):
            _add(seen, outcome, layout, scope)
    return seen


def _add(seen: Seen, outcome: Outcome, layout: Layout, scope: Scope) -> None:
    if outcome.outcome is not UrlClass.STORED or outcome.capture is None:
        if outcome.reason and outcome.outcome is not UrlClass.STORED:
            seen.refused[outcome.reason.partition(":")[0]] += 1
        return
    if outcome.kind == "robots":
        return
    answer = read_capture(outcome.capture, layout.segment).response
    try:
        page = SeenPage(outcome.url, content_of(answer), charset_of(answer))
    except NewsarchiveError:
        return
    if outcome.kind == "article":
        meaning = interpret(answer, "unknown", scope, url=outcome.url, captured_at=answer.captured_at)
        if meaning.article is not None:
            seen.articles.append((page, meaning.article))
            seen.labels.update(_unknown_labels(page, scope.site))
        return
    opened = _opened(page, scope.site) if outcome.url in scope.homes or outcome.kind == "list" else None
    title = _TITLE_PARTS.split(opened.head.title)[0].strip() if opened else ""
    if outcome.url in scope.homes:
        seen.title = seen.title or (opened.head.title.strip() if opened else "")
    elif outcome.kind == "list":
        seen.lists.append(outcome.url)
        if outcome.via in scope.homes and len(seen.sections) < MAX_SECTIONS:
            seen.sections[outcome.url] = title


def _opened(page: SeenPage, site: Site) -> Page | None:
    try:
        return open_page(decode(page.content, page.charset), page.url, site, None)
    except PageError:
        return None


def _unknown_labels(seen: SeenPage, site: Site) -> set[str]:
    """Return the labels on the lines around the title that no label table has."""
    page = _opened(seen, site)
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
    yield from sorted(found, key=lambda pair: (not _certain(*pair), -pair[1].articles, pair[0]))


def _certain(name: str, match: Match) -> bool:
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


def draft_of(seen: Seen, site: Site) -> str:
    """Return the text of a site file: what was seen as fields, why as comments."""
    lines = [
        "# Drafted by `newsarchive new-site` from what a small crawl saw. Read it, correct it, keep what is true.",
        f"name = {_quoted(site.name)}  # part of every article's id: never change it once you have crawled",
        f"title = {_quoted(seen.title or site.title)}",
        f"home = {_quoted(site.home)}",
        f"zone = {_quoted(site.zone)}  # assumed",
        f"language = {_quoted(_language(seen))}",
        *_seeds(seen),
        "",
        *_urls(seen),
        *_labels(seen),
    ]
    return "\n".join(lines) + "\n"


def _language(seen: Seen) -> str:
    found = Counter(article.language for _, article in seen.articles if article.language)
    return found.most_common(1)[0][0] if found else "zh"


def _seeds(seen: Seen) -> Iterator[str]:
    if not seen.sections:
        yield "# No list page is linked from the home page; discovery starts there."
        return
    yield "seeds = ["
    yield '    "/",'
    for url, title in seen.sections.items():
        comment = f"  # {_commented(title)}" if title else ""
        yield f"    {_quoted(path_and_query(url))},{comment}"
    yield "]"


def _urls(seen: Seen) -> Iterator[str]:
    for name, match in families(seen):
        mark = f"; their source holds {match.mark}" if match.mark else ""
        if _certain(name, match):
            yield f"# {_told(match)} have URLs of this system{mark}."
            yield f"family = {_quoted(name)}"
            return
        fit = f"{match.articles} of {match.of_articles} URLs"
        yield f"# {fit} could be of the family {name}{mark}; nothing else says so."
    pattern = article_pattern([path_and_query(page.url) for page, _ in seen.articles])
    if pattern is None:
        yield "# No pattern was found in the articles' URLs: the parser decides by what each page shows."
        return
    match = match_of(pattern, seen)
    yield f"# {_told(match)} match; the group `key` becomes the article's id."
    if match.lists:
        yield f"# It also matches {match.lists} list pages: make it narrower before you take the `#` away."
    yield f"{'# ' if match.lists else ''}article_url = '{pattern}'"


def _told(match: Match) -> str:
    return f"{match.articles} of {match.of_articles} articles that were read, {match.lists} of the list pages,"


def _labels(seen: Seen) -> Iterator[str]:
    often = [(label, count) for label, count in seen.labels.most_common(MOST_LABELS) if count * 2 >= len(seen.articles)]
    if not often:
        return
    yield ""
    yield "# Labels beside the titles that the parser does not know: say what each is (date, source, author, editor,"
    yield "# supplier, section, ignore …), and take the `#` away."
    yield "[labels]"
    for label, count in often:
        yield f'# {_quoted(label)} = "ignore"  # on {count} of {len(seen.articles)} articles'


def _commented(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:60]


def _quoted(text: str) -> str:
    """Return `text` as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'


def some(articles: Iterable[tuple[SeenPage, Article]], count: int) -> list[tuple[SeenPage, Article]]:
    """Return up to `count` articles, spread over those that were read."""
    every = list(articles)
    step = max(1, len(every) // count)
    return every[::step][:count]
