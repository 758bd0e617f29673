"""Where a section's list pages stand and what they list; each section pages in its own way."""

import re

from newsarchive.records.listing import Listing
from newsarchive.sample.kinds import NEWS, RESEARCH, REVIEWS, Section
from newsarchive.sample.site import SampleSite

_PATTERNS = (
    (NEWS, re.compile(r"/news/(?:list(\d+)\.html)?")),
    (RESEARCH, re.compile(r"/research(?:/(\d+))?\.htm")),
    (REVIEWS, re.compile(r"/reviews/index(?:_(\d+))?\.html")),
)


def list_path(site: SampleSite, section: Section, page: int) -> str:
    """Return the path of list page `page`, from 1.

    News counts up (`/news/list2.html` is page 2); research counts down, so that the oldest page keeps its address
    (`/research/1.htm` is the last); reviews begin at `index.html` and call page 2 `index_1.html`.
    """
    if section is RESEARCH:
        return "/research.htm" if page == 1 else f"/research/{site.pages_of(section) - page + 1}.htm"
    if section is REVIEWS:
        return "/reviews/index.html" if page == 1 else f"/reviews/index_{page - 1}.html"
    return "/news/" if page == 1 else f"/news/list{page}.html"


def find_list(site: SampleSite, path: str) -> tuple[Section, int] | None:
    """Return section and page number of the list page at `path`, or None if there is no such list page."""
    for section, pattern in _PATTERNS:
        match = pattern.fullmatch(path)
        if match is None:
            continue
        page = 1
        if match[1] is not None:
            shown, total = int(match[1]), site.pages_of(section)
            page = {NEWS: shown, REVIEWS: shown + 1, RESEARCH: total - shown + 1}[section]
        return (section, page) if 1 <= page <= site.pages_of(section) else None
    return None


def listing(site: SampleSite, section: Section, page: int) -> Listing:
    """Return what reading the list page must give."""
    following = site.origin + list_path(site, section, page + 1) if page < site.pages_of(section) else None
    return Listing(entries=site.entries(section, page), next=following)


def list_urls(site: SampleSite) -> dict[str, Listing]:
    """Return every list page with what it lists, by URL."""
    return {
        site.origin + list_path(site, section, page): listing(site, section, page)
        for section, _ in _PATTERNS
        for page in range(1, site.pages_of(section) + 1)
    }
