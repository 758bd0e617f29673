"""The lines of a body to blocks: paragraphs, headings, lists, tables, quotes, images, footnotes; and files."""

import re
from dataclasses import dataclass, field

from newsarchive.parsers.body import Body
from newsarchive.parsers.construct import made
from newsarchive.parsers.files import names_file, read_attachment
from newsarchive.parsers.labels import starts_with
from newsarchive.parsers.lines import Line
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page
from newsarchive.records.article import (
    Attachment,
    Block,
    Footnote,
    Heading,
    Image,
    ItemList,
    Paragraph,
    Quote,
    Table,
)

_HEADING_TAGS = {f"h{n}": max(2, n) for n in range(1, 7)}
_CHAPTER = re.compile(r"^(?:第[一二三四五六七八九十百\d]+[章节部编]|[一二三四五六七八九十]{1,3}\s?[、.．])")
_PART = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[)）]")
_NUMBERED = re.compile(r"^\d{1,2}\s?[、.．](?!\d)")
_SENTENCE_ENDS = frozenset("。；;！!？?，,：:.…")
_ITEMS = frozenset({"li"})
_FOOTNOTE = re.compile(r"^(?:\[\d{1,3}\]|［\d{1,3}］|〔\d{1,3}〕|[①-⑳])\s*\S")
_IMAGE_SOURCES = ("orisrc", "data-src", "data-original", "data-lazy-src", "src")
_FILE_WORDS = re.compile(r"^[\s附件：:【】\[\]（）()已下载次数点击\d、.;；,，·]*$")
_ICON = re.compile(
    r"/(?:icon|ico|fileicon|filetype)s?[/_\-.]|icon_\w+\.(?:gif|png)|/spacer\.|blank\.gif|fileTypeImages"
    r"|/(?:word|excel|docx?|xlsx?|pptx?|pdf|zip|rar|txt|attach(?:ment)?)\d?\.(?:gif|png)$",
    re.IGNORECASE,
)
_MAX_HEADING = 45
_FILE_LABEL = 8
_SHORT_ITEM = 20


@dataclass(slots=True)
class Content:
    """The blocks of a body and the files that stand among them."""

    blocks: list[Block] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def read_blocks(page: Page, body: Body) -> Content:
    """Return the blocks of `body` in reading order."""
    content = Content()
    indices = body.lines
    lines = page.lines.lines
    notes_from = _notes_from(lines, indices)
    position = 0
    refused: dict[int, int] = {}
    while position < len(indices):
        line = lines[indices[position]]
        structure = _structure(page, line, body.box)
        if structure >= 0 and position >= refused.get(structure, 0):
            upto = position
            last = page.lines.boxes.ends[structure]
            while upto < len(indices) and indices[upto] < last:
                upto += 1
            group = [lines[i] for i in indices[position:upto]]
            # A list that begins in the raw text of an old `xmp` may have no end, and so hold no line.
            if group and _add_structure(page, structure, group, content):
                position = upto
                continue
            # No part of it is one either, but a quote may follow the last image.
            pictures = [at for at, inner in enumerate(group, position + 1) if inner.images]
            quoted = pictures and page.lines.boxes.tags[structure] == "blockquote"
            refused[structure] = pictures[-1] if quoted else upto
        following = lines[indices[position + 1]] if position + 1 < len(indices) else None
        _add_line(page, line, following, content, may_be_note=position >= notes_from)
        position += 1
    return content


def _notes_from(lines: list[Line], indices: tuple[int, ...]) -> int:
    """Return the position from which a line that looks like a footnote is one: the second half, and a tail of notes."""
    position = len(indices)
    while position:
        line = lines[indices[position - 1]]
        # Files and their label may stand below the notes.
        if line.size > _FILE_LABEL and line.linked * 2 <= line.size and not _FOOTNOTE.match(line.text):
            break
        position -= 1
    return min(position, len(indices) // 2 + 1)


def _structure(page: Page, line: Line, around: int) -> int:
    """Return the outermost list, table or quote between `line` and the body's box; -1 where there is none."""
    found = -1
    parents, tags = page.lines.boxes.parents, page.lines.boxes.tags
    box = line.box
    while box > around:
        if tags[box] in {"ul", "ol", "table", "blockquote"}:
            found = box
        box = parents[box]
    return found


def _add_structure(page: Page, box: int, group: list[Line], content: Content) -> bool:
    boxes = page.lines.boxes
    tag = boxes.tags[box]
    if tag == "blockquote":
        if any(line.images for line in group) or not any(line.size for line in group):
            return False
        content.blocks.append(made(Quote, text="\n".join(line.text for line in group if line.size)))
        return True
    if tag == "table":
        rows = _rows(page, box, group)
        if (len(rows) < 2 and max((len(row) for row in rows), default=0) < 2) or max(map(len, rows), default=0) < 2:  # noqa: PLR2004
            return False
        for line in group:
            _add_images(page, line, content)
        content.blocks.append(made(Table, rows=tuple(rows)))
        return True
    items: dict[int, list[str]] = {}
    files = []
    for line in group:
        _add_images(page, line, content)
        attached = _only_files(page, line)
        if attached is not None:
            files.extend(attached)
            continue
        item = boxes.nearest(line.box, _ITEMS)
        if line.size:
            items.setdefault(item if item > box else -1, []).append(line.text)
    content.attachments.extend(files)
    if items:
        texts = tuple(" ".join(parts) for parts in items.values())
        content.blocks.append(made(ItemList, ordered=tag == "ol", items=texts))
    return True


def _rows(page: Page, table: int, group: list[Line]) -> list[tuple[str, ...]]:
    rows: dict[int, dict[int, list[str]]] = {}
    placed = _outermost(page, table)
    for line in group:
        row, cell = placed.get(line.box, (-1, -1))
        if row < 0:
            continue
        cells = rows.setdefault(row, {})
        cells.setdefault(cell if cell >= 0 else row, []).append(line.text)
    empty = _empty_cells(page, table, set(rows))
    result = []
    for row_index, cells in rows.items():
        ordered = sorted({*cells, *empty.get(row_index, ())})
        result.append(tuple(" ".join(part for part in cells.get(index, ()) if part) for index in ordered))
    return result


def _outermost(page: Page, table: int) -> dict[int, tuple[int, int]]:
    """Return of every box in a table the outermost row and cell around it, -1 for none; in one pass, however deep."""
    tags, parents = page.lines.boxes.tags, page.lines.boxes.parents
    placed = {table: (-1, -1)}
    for box in page.lines.boxes.inside(table):
        row, cell = placed[parents[box]]
        if cell < 0 and tags[box] in {"td", "th"}:
            cell = box
        elif row < 0 and tags[box] == "tr":
            row = box
        placed[box] = row, cell
    return placed


def _empty_cells(page: Page, table: int, rows: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    boxes = page.lines.boxes
    for box in boxes.inside(table):
        if boxes.tags[box] in {"td", "th"} and boxes.parents[box] in rows:
            found.setdefault(boxes.parents[box], []).append(box)
    return found


def _add_line(page: Page, line: Line, following: Line | None, content: Content, *, may_be_note: bool) -> None:
    _add_images(page, line, content)
    if not line.size:
        return
    attached = _only_files(page, line)
    if attached is not None:
        content.attachments.extend(attached)
        return
    if (
        following is not None
        and line.size <= _FILE_LABEL
        and _FILE_WORDS.match(line.text)
        and _only_files(page, following) is not None
    ):
        return
    tag = page.lines.boxes.tags[line.box]
    if tag == "figcaption" and content.blocks and isinstance(content.blocks[-1], Image):
        content.blocks[-1] = content.blocks[-1].model_copy(update={"text": line.text})
        return
    level = _heading_level(page, line, following)
    if level is not None:
        content.blocks.append(made(Heading, level=level, text=line.text))
    elif may_be_note and _FOOTNOTE.match(line.text):
        content.blocks.append(made(Footnote, text=line.text))
    else:
        content.blocks.append(made(Paragraph, text=_without_way_back(line)))


def _without_way_back(line: Line) -> str:
    """Return the text of a paragraph without a link at its end that leads back to the site (返回首页)."""
    shown = line.anchors[-1].text if line.anchors else ""
    if shown and line.text.endswith(shown) and _BACK(shown) is not None:
        text = line.text[: -len(shown)].rstrip()
        return text if text[-1:] in _CLOSED else line.text
    return line.text


_BACK = starts_with("noise", "back").match
_CLOSED = frozenset("。！？!?”…）)】")


def _heading_level(  # noqa: PLR0911 - one return for each form of heading
    page: Page, line: Line, following: Line | None
) -> int | None:
    if line.size > _MAX_HEADING * 2:
        return None
    tag = page.lines.boxes.tags[line.box]
    if tag in _HEADING_TAGS:
        return _HEADING_TAGS[tag]
    text = line.text
    if line.size > _MAX_HEADING or text[-1] in _SENTENCE_ENDS:
        return None
    if _CHAPTER.match(text):
        return 2
    if _PART.match(text):
        return 3
    bold = line.bold >= 0.9 * line.size and line.size >= 2 and line.linked == 0  # noqa: PLR2004
    if _NUMBERED.match(text) and (
        bold or (line.size <= _SHORT_ITEM and following is not None and not _NUMBERED.match(following.text))
    ):
        return 4
    return 3 if bold else None


def _only_files(page: Page, line: Line) -> list[Attachment] | None:
    """Return the files of a line that holds nothing else; None for any other line.

    The list is empty where the page names files that only a script can fetch.
    """
    if not line.linked or not line.anchors:
        return None
    rest = line.text
    files = []
    for anchor in line.anchors:
        if not anchor.text:
            continue
        found = read_attachment(page, anchor)
        if found is not None:
            files.append(found)
        elif not names_file(anchor.text):
            return None
        rest = rest.replace(anchor.text, "", 1)
    return files if _FILE_WORDS.match(rest) else None


def _add_images(page: Page, line: Line, content: Content) -> None:
    for tag in line.images:
        image = _image(page, tag)
        if image is not None:
            content.blocks.append(image)


def _image(page: Page, tag: str) -> Image | None:
    for name in _IMAGE_SOURCES:
        source = attribute(tag, name)
        if source and not source.startswith("data:"):
            break
    else:
        return None
    if _ICON.search(source) or _is_small(tag):
        return None
    url = page.resolve(source)
    if url is None:
        return None
    text = " ".join((attribute(tag, "alt") or attribute(tag, "title") or "").split())
    return made(
        Image, url=url, text=text if text and not re.search(r"\.(?:jpe?g|png|gif|bmp)$", text, re.IGNORECASE) else None
    )


def _is_small(tag: str) -> bool:
    for name in ("width", "height"):
        value = (attribute(tag, name) or "").removesuffix("px")
        if value.isdecimal() and int(value) <= 24:  # noqa: PLR2004 - an icon or a tracking pixel
            return True
    return False


def text_of(blocks: list[Block]) -> str:
    """Return the text of every block but images, a line each; items and rows a line each, cells joined by a tab."""
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, ItemList):
            texts.extend(block.items)
        elif isinstance(block, Table):
            texts.extend("\t".join(row) for row in block.rows)
        elif not isinstance(block, Image):
            texts.append(block.text)
    return "\n".join(texts)
