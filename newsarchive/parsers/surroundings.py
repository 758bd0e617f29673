"""What stands around an article: the path above it, tags, previous and next, and the link lists beside it."""

import re
from dataclasses import dataclass

from newsarchive.parsers.labels import first_ideographs, squeezed, starts_with, word_set, words
from newsarchive.parsers.neighbours import read_neighbours
from newsarchive.parsers.page import Page
from newsarchive.parsers.related import read_related
from newsarchive.records.article import Neighbour, RelatedLink

_ARROW = re.compile(r"\s*(?:[>＞»›→]+|::|\s[/·\\]\s)\s*")
"""What stands between the parts of a path; a bar stands in menus too and needs a lead such as 当前位置."""
_CRUMB = re.compile(r"\s*(?:[>＞»›→]+|::|\s[/·\\|-]\s|(?<=首页)[/·|])\s*")
_LEADS_BEGIN = first_ideographs("crumbs", "leads")
_TAG_GAP = re.compile(r"[\s,，、;；|/]+")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything about an article that is not in it."""

    breadcrumb: tuple[str, ...]
    section: str | None
    tags: tuple[str, ...]
    previous: Neighbour | None
    next: Neighbour | None
    related: tuple[RelatedLink, ...]
    lines: dict[str, int]
    """The line at which each of them begins, by field name; it says nothing of one that the page does not have."""


def read_surroundings(page: Page, title: str, title_line: int, inside: set[int]) -> Surroundings:
    """Return what stands around the article; `inside` are the lines that belong to it."""
    at: dict[str, int] = {}
    breadcrumb = find_breadcrumb(page, title, title_line, at)
    tags: tuple[str, ...] = ()
    labelled: list[int] = []
    lines = page.lines.lines
    for index in range(title_line + 1, len(lines)):
        line = lines[index]
        if not line.size or line.text[0] not in _FIRST or line.hidden:
            continue
        labelled.append(index)
        if not tags and _TAG_LINE(line.text):
            tags = _tags(page, index)
            at["tags"] = index
    previous, following = read_neighbours(page, title_line, labelled, inside, at)
    inside = inside.union(at[name] for name in ("previous", "next") if name in at)
    related, at["related"] = read_related(page, inside)
    return Surroundings(breadcrumb, breadcrumb[-1] if breadcrumb and not _is_home(breadcrumb[-1]) else None, tags,
                        previous, following, related, at)  # fmt: skip


_FIRST = frozenset(
    letter
    for word in (
        *words("ends", "previous"),
        *words("ends", "next"),
        "标签",
        "关键词",
        "本文标签",
        "文章标签",
        "標籤",
        "Tags",
        "Keywords",
    )
    for letter in (word[0].lower(), word[0].upper())
) | frozenset("[【(（<«‹←·▪■●◆|>＞-—*#")
"""First characters of the lines that can name a neighbour or tags; a quick test for all others."""
_TAG_LINE = re.compile(r"[【\[ ]*(?:(?:本文|文章)?标\s?签|关键[词字]|標籤|tags?\b|keywords?\b)", re.IGNORECASE).match


def find_breadcrumb(page: Page, title: str, title_line: int, at: dict[str, int]) -> tuple[str, ...]:
    """Return the path that stands above `title_line`, without `title`, and note its line in `at`; () without one."""
    leads = starts_with("crumbs", "leads")
    lines = page.lines.lines
    upto = title_line if title_line >= 0 else min(len(lines), 120)
    for index in range(upto - 1, -1, -1):
        line = lines[index]
        if line.hidden or not line.size or line.size > 160:  # noqa: PLR2004
            continue
        first = line.text[0]
        lead = None if "\u3400" <= first <= "\u9fff" and first not in _LEADS_BEGIN else leads.match(line.text)
        if lead is None and not (line.linked and _ARROW.search(line.text)):
            continue
        text = line.text[lead.end() :].lstrip(" :：") if lead else line.text
        arrows = _ARROW if lead is None or _ARROW.search(text) else _CRUMB
        parts = [part.strip(" []【】:：") for part in arrows.split(text)]
        parts = [part for part in parts if part and squeezed(part) != squeezed(title)]
        while parts and squeezed(parts[-1]) in word_set("crumbs", "self"):
            parts.pop()
        if parts and (lead or _is_home(parts[0])):
            at["breadcrumb"] = index
            return tuple(parts)
    return ()


def _is_home(text: str) -> bool:
    return squeezed(text) in word_set("crumbs", "home")


def _tags(page: Page, index: int) -> tuple[str, ...]:
    lines = page.lines.lines
    line = lines[index]
    label = next((x for x in page.labels.read(line.text) if x.field == "tags"), None)
    if label is None:
        return ()
    anchors = [anchor.text for anchor in line.anchors if anchor.text]
    if anchors:
        return tuple(dict.fromkeys(anchors))
    value = line.text[label.value_start : label.value_end].strip()
    return tuple(dict.fromkeys(part for part in _TAG_GAP.split(value) if part))
