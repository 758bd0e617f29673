"""The draft of a site file: what a small crawl saw as fields, and what each line rests on as comments."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from newsarchive.operations.new_site import MAX_SECTIONS, MOST_LABELS, Match, Seen, families, is_certain, match_of
from newsarchive.operations.url_pattern import article_pattern
from newsarchive.records.site import Site
from newsarchive.urls import path_and_query


def draft_of(seen: Seen, site: Site) -> str:
    """Return the text of a site file: what was seen as fields, why as comments."""
    unnamed = "" if seen.title else "  # no title says it: write what people call the institute"
    lines = [
        "# Drafted by `newsarchive new-site` from what a small crawl saw. Read it, correct it, keep what is true.",
        f"name = {_quoted(site.name)}  # part of every article's id: never change it once you have crawled",
        f"title = {_quoted(seen.title or site.title)}{unnamed}",
        f"home = {_quoted(site.home)}",
        f"zone = {_quoted(site.zone)}  # assumed",
        f"language = {_quoted(_language(seen))}",
        *_seeds(seen, site),
        "",
        *_urls(seen),
        *_list_url(seen),
        "",
        "# What the institute says of the use of its pages, in its own words or as a URL; it goes into the datasets.",
        '# rights = "转载须注明出处"',
        *_labels(seen),
    ]
    return "\n".join(lines) + "\n"


def _language(seen: Seen) -> str:
    found = Counter(article.language for _, article in seen.articles if article.language)
    return found.most_common(1)[0][0] if found else "zh"


def _seeds(seen: Seen, site: Site) -> Iterator[str]:
    if not seen.sections and not seen.perhaps:
        yield "# No list page is linked from the home page; discovery starts there."
        return
    yield "seeds = ["
    yield f"    {_quoted(path_and_query(site.home))},"
    for url, title in seen.sections.items():
        comment = f"  # {_commented(title)}" if title else ""
        yield f"    {_quoted(path_and_query(url))},{comment}"
    for url, why in islice(seen.perhaps.items(), MAX_SECTIONS):
        yield f"    # {_quoted(path_and_query(url))},  # {_commented(why)}"
    yield "]"


def _list_url(seen: Seen) -> Iterator[str]:
    """Yield what to fill in where list pages are not read as such; a family brings its own pattern."""
    paths = [re.escape(path_and_query(url)) for url in seen.sections]
    fits = paths and not any("'" in path for path in paths)
    pattern = f"^(?:{'|'.join(paths)})$" if fits else r"^/news/(?:index_\d+\.html)?$"
    yield "# Where list pages are not read as lists: a pattern that each of them matches, further pages of a list too."
    yield f"# list_url = '{pattern}'"


def _urls(seen: Seen) -> Iterator[str]:
    for name, match in families(seen):
        mark = f"; their source holds {match.mark}" if match.mark else ""
        if is_certain(name, match):
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
        pages = "list page" if match.lists == 1 else "list pages"
        yield f"# It also matches {match.lists} {pages}: make it narrower before you take the `#` away."
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
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:80]


def _quoted(text: str) -> str:
    """Return `text` as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
