"""What stands inside the body's box, or under it, and is none of its text: tools, menus, promotion, footers."""

import re
from bisect import bisect_left
from itertools import accumulate

from newsarchive.parsers.files import is_file, names_file
from newsarchive.parsers.labels import contains, first_ideographs, squeezed, starts_with, word_set
from newsarchive.parsers.lines import Line
from newsarchive.parsers.page import Page
from newsarchive.parsers.postings import posted_in_sentence
from newsarchive.parsers.values import LineInfo

_MENUS = frozenset({"nav", "footer"})


def is_footer(text: str) -> bool:
    """Tell whether a line is the footer that stands on every page: rights, registration, who runs the site."""
    # Plain tests, since most lines of a page pass here.
    if (
        "版权" in text
        or "备" in text
        or "网站标识码" in text
        or "技术支持" in text
        or "主办单位" in text
        or "承办单位" in text
        or text[-2:] in _MAKING
    ):
        return _FOOTER.search(text) is not None
    if "r" not in text and "R" not in text:
        return False
    return "opyright" in text or "COPYRIGHT" in text or "ights reserved" in text.lower()


_MAKING = frozenset({"制作", "维护", "承建"})


def is_address(text: str) -> bool:
    """Tell whether a line is the address that stands at the foot of every page."""
    if "号" in text and len(text) <= _LONGEST_ADDRESS and _STREET(text) is not None:
        return True
    return "地址" in text[:20] and ("邮编" in text or "电话" in text or "邮政编码" in text)


_LONGEST_ADDRESS = 80
_STREET = re.compile(
    r"[^，。；！？“”]{0,40}(?:[路街道巷弄里村]|大道)[^，。；！？“”]{0,8}\d+(?:[-—]\d+)?\s?号[^，。；！？“”]{0,12}(?:\d{6})?"
).fullmatch


def is_of_site(text: str) -> bool:
    """Tell whether a line is the site's, whatever article stands on the page: footer, address, tools."""
    return is_footer(text) or is_address(text) or is_tool(text) or (len(text) >= _NUMBER and text.isdigit())


_NUMBER = 12
"""Digits of the number that a manuscript has in the house."""


_FOOTER = re.compile(
    r"版权所有|版权声明|ICP[备证]|公网安备|网站标识码|技术支持|备案序号|^[^，。]{0,12}主办单位|^[^，。]{0,12}承办单位"
    r"|^[^，。：:]{0,8}(?:网络|网站|网页|信息|技术)[^，。：:]{0,4}(?:[组室部处科办]|中心|公司)(?:设计)?(?:制作|维护|承建)$",
    re.IGNORECASE,
)


def menus(tags: list[str], since: int) -> list[int]:
    """Return the boxes of menus and footers from `since` on."""
    if "nav" not in tags and "footer" not in tags:
        return []
    return [box for box, tag in enumerate(tags) if box >= since and tag in _MENUS]


def promotions(page: Page, around: int, start: int, end: int) -> set[int]:
    """Return the lines of boxes inside the body that are mostly links: promotion, further reading, share bars."""
    lines = page.lines.lines[start:end]
    # Running sums, since a hostile page nests thousands of boxes around all its lines.
    shown = list(accumulate([line.size > 0 for line in lines], initial=0))
    sizes = list(accumulate([line.size for line in lines], initial=0))
    links = list(accumulate([line.linked for line in lines], initial=0))
    files: list[int] | None = None
    dropped: set[int] = set()
    boxes = page.lines.boxes
    for box in boxes.inside(around):
        first, last = boxes.starts[box], boxes.ends[box]
        if first >= end:
            break
        if first < start or last > end or last - first < 3 or first in dropped:  # noqa: PLR2004
            continue
        upto, since = last - start, first - start
        size, linked = sizes[upto] - sizes[since], links[upto] - links[since]
        if shown[upto] - shown[since] < 3 or linked * 2 < size or size * 3 > sizes[-1]:  # noqa: PLR2004
            continue
        if files is None:
            files = [index for index, line in enumerate(lines, start) if holds_file(line)]
        if bisect_left(files, first) == bisect_left(files, last):
            dropped.update(range(first, last))
    return dropped


_TOOLS = re.compile(
    r"[\s\[【(（|·◆>]*(?:字[体号]\s*[:：大小【\[]|T\s*\+|A[+-]|点击进入|查看大图|点击查看|扫一扫|用微信扫|微信扫|正在加载|责任编辑|责编|编辑\s*[:：/]|"
    r"转播到|我要评论|复制链接|阅读全文|下载APP|打开APP|展开全文|操作>>|相关链接|附件下载|分享[到至:：]|分享让|更多精彩)"
    r"|[\s\[【(（|·◆>]*(?:(?:打印|关闭|收藏|分享|纠错|返回|字[体号]|评论|赞|推荐|举报|更多|QQ空间|QQ好友|微信好友|新浪微博|腾讯微博|微信|微博|"
    r"易信|朋友圈|转发|广告|收听|朗读|编辑)(?:本页|本文|此页|全文|窗口|顶部|列表|首页|上一页)?[\s\[\]【】()（）|·◆>+\d.…:：]*)+$"
).match
"""Lines of the page's tools: those that begin as one, and those that hold nothing but their words."""
_TOOL_WORD = 24
_ORIGINAL_TITLE = re.compile(r"^[（(]?\s*原标题\s*[:：]")


def is_tool(text: str) -> bool:
    """Tell whether a line is one of the page's tools, wherever it stands."""
    size = len(text)
    if size > _LONGEST_PLAYER:
        return False
    if size <= _LONGEST_TOOL and (_TOOLS(text) or (text[0] in _RULER_BEGINS and _RULER(text))):
        return True
    if size <= _LONGEST_CONTROL and text[-1] != "。" and _CONTROL(text):
        return True
    return text[0] in _PLAYERS_BEGIN and _PLAYER(text) is not None


_LONGEST_TOOL = 40
_LONGEST_CONTROL = 24
_LONGEST_PLAYER = 80
_CONTROL = contains("noise", "controls").search
_PLAYER = starts_with("noise", "players").match
_PLAYERS_BEGIN = first_ideographs("noise", "players")
_RULER_BEGINS = frozenset("-—=*_~·.")
_RULER = re.compile(r"[-—=*_~·.]{4,}\s*(?:\S{1,6}\s*[-—=*_~·.]{4,})?").fullmatch
"""A line across the page."""


def is_furniture(  # noqa: PLR0911, PLR0913, PLR0917
    page: Page, index: int, start: int, end: int, infos: dict[int, LineInfo], kinds: set[str]
) -> bool:
    """Tell whether a line inside the body's box is none of the article's text."""
    line = page.lines.lines[index]
    text = line.text
    if not line.size:
        return False
    if "原标题" in text[:6] and _ORIGINAL_TITLE.match(text) and (text[0] in "（(" or index <= start + 1):
        return True
    if is_tool(text) or (index == start and _is_head(line)):
        return True
    if index >= end - _TAIL and _is_notice(text):
        return True
    if (line.size <= _TOOL_WORD and squeezed(text) in word_set("noise", "words")) or _is_loose_link(line, index, end):
        return True
    parts = infos.get(index)
    if parts is None:
        return False
    fields = parts.fields
    # 时间：2025年9月25日 after other lines of a text is a fact of it.
    leads = index <= start + 2 and all(i in infos for i in range(start, index))
    if leads and parts.date is not None and fields - {"tags"}:
        return True
    if fields and fields <= _TAIL_FIELDS and index >= end - 4 and not _is_fact(parts):
        return True
    if index >= end - 3 and "date" in fields and fields & _INFO_FIELDS and "contact" not in fields:
        return True
    # A line of labels in a box of another kind than the paragraphs' is no paragraph.
    foreign = bool(kinds) and page.lines.boxes.tags[line.box] not in kinds
    return foreign and bool(fields & {"editor", "clicks", "source", "author"})


_TAIL = 3
"""Lines at the end of a body that may be the site's."""


def _is_notice(text: str) -> bool:
    """Tell whether a line at the end of a body is a notice of the site: its rights, when it posted the article."""
    if len(text) <= _LONGEST_NOTICE and (is_footer(text) or _REPRINT(text)):
        return True
    return text[0] in _POSTED_BEGINS and posted_in_sentence(text) is not None


_LONGEST_NOTICE = 60
_POSTED_BEGINS = frozenset("这本该此T")
_REPRINT = re.compile(r"\W*未经.{2,8}不得转载").match


def _is_head(line: Line) -> bool:
    """Tell whether the first line belongs to the head of the article: it ends with the time, or as a path does."""
    text = line.text
    if text[-1] in ">＞»›→":
        return line.size <= _LONGEST_PATH and bool(line.linked)
    return line.size <= _LONGEST_HEAD and text[-1].isdigit() and _TIMED(text) is not None


_LONGEST_PATH = 40
_LONGEST_HEAD = 80
_TIMED = re.compile(
    r"(?:https?://\S+\s+)?[^，。,；:：\d]+\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
    r"\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
).fullmatch


_TAIL_FIELDS = frozenset({"editor", "ignore", "clicks", "section", "date"})
_INFO_FIELDS = frozenset({"source", "author", "clicks", "section"})
"""Beside a date, fields of the page's own info line, which may stand under the text."""


def _is_fact(parts: LineInfo) -> bool:
    """Tell whether a line gives the day of an event (时间：4月15日19:00) and not that of the page."""
    return parts.fields == {"date"} and all(len(label.label) <= 2 for label in parts.labels)  # noqa: PLR2004


def _is_loose_link(line: Line, index: int, end: int) -> bool:
    """Tell whether a line is nothing but links that belong to the page: a pager, a counter, tags at the end."""
    if line.linked < 0.7 * line.size:
        return False
    if _PAGER.match(line.text) or line.text[0] == "#" or (line.size <= 4 and not _READING.search(line.text)):  # noqa: PLR2004
        return True
    return index >= end - 3 and len(line.anchors) >= 2 and not holds_file(line)  # noqa: PLR2004


_READING = re.compile(r"链接|全文|论文|原文|附[件表图]|视频")
"""Words of short links that lead on to what the article speaks of."""
_PAGER = re.compile(r"^[\s\d【】\[\]<>«»‹›]+$")


def holds_file(line: Line) -> bool:
    """Tell whether one of the line's links leads to a file."""
    # A plain loop: on pages of lists it is asked of every link.
    for anchor in line.anchors if line.linked else ():
        if anchor.text and (names_file(anchor.text) or is_file(anchor.href or "")):
            return True
    return False
