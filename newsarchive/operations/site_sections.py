"""Which pages of a small crawl are the sections of the site: what lists the articles, by menu and paths as well."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newsarchive.operations.site_title import is_home_word, parts_of
from newsarchive.parsers.labels import squeezed
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import is_more
from newsarchive.parsers.surroundings import find_breadcrumb
from newsarchive.parsers.targets import target_of
from newsarchive.records.outcome import Outcome
from newsarchive.sites.scope import Scope

_LONGEST_NAME = 30


class PageBeside(NamedTuple):
    """A page that is neither the home page nor an article."""

    url: str
    is_list: bool
    """True where the parser read it as a list."""
    names: tuple[str, ...]
    """What it calls itself: the end of the path on it, and the parts of its title."""
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sections:
    """Pages that the home page links to, in the order in which they were read."""

    sure: dict[str, str] = field(default_factory=dict)
    """Lists, with their names."""
    perhaps: dict[str, str] = field(default_factory=dict)
    """What may be a list, with its name and why nothing is sure."""


def links_named(page: Page, scope: Scope) -> dict[str, str]:
    """Return what `page` links to on the site, each with the words of a link that says more than "more"."""
    found: dict[str, str] = {}
    for line in page.lines.lines:
        for anchor in line.anchors:
            target = target_of(page, anchor)
            url = scope.canonical(target) if target else None
            if url is not None and scope.refusal(url) is None and not found.get(url):
                found[url] = "" if is_more(anchor.text) else anchor.text[:_LONGEST_NAME]
    return found


def page_beside(page: Page, outcome: Outcome, scope: Scope) -> PageBeside:
    """Return what is looked at of a page whose visit ended as `outcome`."""
    crumbs = [crumb for crumb in find_breadcrumb(page, "", -1, {}) if not is_home_word(crumb)]
    names = dict.fromkeys((*crumbs[-1:], *parts_of(page.head.title.strip())))
    return PageBeside(outcome.url, outcome.kind == "list", tuple(names), frozenset(links_named(page, scope)))


def sections_of(
    pages: Sequence[PageBeside],
    menu: Mapping[str, str],
    paths: Mapping[str, Sequence[str]],
    visited: Collection[str],
) -> Sections:
    """Return the sections among `pages` to which the home page's `menu` leads.

    A page is a list if the parser says so, or if one of the articles that it links to names it in its path; `paths`
    are those of the articles that were read, by URL.
    """
    found = Sections()
    crumbs = {url: {squeezed(crumb) for crumb in path} for url, path in paths.items()}
    beside = [page for page in pages if page.url in menu]
    for page in beside:
        named = {squeezed(name) for name in (menu[page.url], *page.names) if name}
        linked = page.links & crumbs.keys()
        name = next((name for name in (*page.names[:1], menu[page.url]) if name), "")
        if page.is_list or any(named & crumbs[url] for url in linked):
            found.sure[page.url] = name
        elif own := [url for url in linked if sum(url in other.links for other in beside) * 2 <= len(beside)]:
            articles = "article" if len(own) == 1 else "articles"
            found.perhaps[page.url] = f"{name}: perhaps a list, since it links to {len(own)} {articles}"
    everywhere = set().union(*crumbs.values())
    for url, name in menu.items():
        if url not in visited and squeezed(name) in everywhere and not is_home_word(name):
            found.perhaps[url] = f"{name}: not looked at; the paths on articles name it"
    return found
