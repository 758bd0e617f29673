"""Bytes of decoded HTML to a tree, with a second reader for what libxml2 loses."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from lxml import etree

from newsarchive.errors import EmptyPageError, PageTooLargeError

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""Larger pages are refused: in the worst shapes parsing costs a second of CPU and 100 MB for each MiB."""

MAX_TAGS = 60_000
"""Pages with more tags are refused: reading takes about 10 µs a tag, and the longest of 126 real pages has 7,600."""

MAX_ATTRIBUTES = 2_000
"""A tag with more attributes is refused: libxml2 compares each with all before it."""

MAX_SECOND_READER_TAGS = 50_000
"""The second reader takes about 20 µs a tag; a page with more tags is refused, since nobody wrote it by hand."""

MAX_DEPTH = 200
"""The second reader hangs what is nested deeper on the ancestor at this depth: nesting is lost, but no text."""

_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True, recover=True
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A page as elements."""

    roots: tuple[etree._Element, ...]
    """The root element, and every further one that libxml2 made of what follows an early `</html>`."""
    second_reader: bool
    """True where BeautifulSoup read the page because libxml2 had dropped a part of it."""

    def xpath_of(self, element: etree._Element) -> str:
        """Return the XPath of `element` in the tree as parsed."""
        return str(element.getroottree().getpath(element))


def read_tree(data: bytes) -> Tree:
    """Return the tree of `data`, which is UTF-8.

    Raises `EmptyPageError` if there is no element at all, `PageTooLargeError` beyond the limits above.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise PageTooLargeError(f"{len(data)} bytes, at most {MAX_PAGE_BYTES} are read")
    if len(data) > MAX_TAGS and data.count(b"<") > MAX_TAGS:
        raise PageTooLargeError(f"more than {MAX_TAGS} tags")
    if any(len(tag.group().split()) > MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(data)):
        raise PageTooLargeError(f"a tag with more than {MAX_ATTRIBUTES} attributes")
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise EmptyPageError("no element") from error
    if root is None:
        raise EmptyPageError("no element")
    # libxml2 stops at a depth of 2,048 and drops what follows; it says so in its log and nowhere else.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" or "depth" in entry.message for entry in _PARSER.error_log):
        return Tree((_second_reader(data),), second_reader=True)
    return Tree((root, *root.itersiblings()), second_reader=False)


_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{8000,}")


def found_elements(result: object) -> list[etree._Element]:
    """Return the elements among what an XPath gave."""
    if not isinstance(result, list):
        return []
    return [item for item in result if isinstance(item, etree._Element)]  # noqa: SLF001 - it has no public name


def _second_reader(data: bytes) -> etree._Element:
    if data.count(b"<") > MAX_SECOND_READER_TAGS:
        raise PageTooLargeError(f"nested deeper than 2048 elements, with more than {MAX_SECOND_READER_TAGS} tags")
    soup = BeautifulSoup(data.decode("utf-8", "replace"), "html.parser")
    root = etree.Element("html")
    path: list[etree._Element] = [root]
    iterators = [iter(soup.contents)]
    while iterators:
        node = next(iterators[-1], None)
        if node is None:
            iterators.pop()
            path.pop()
        elif isinstance(node, Tag):
            path.append(_element(path[min(len(path) - 1, MAX_DEPTH)], node))
            iterators.append(iter(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            # What follows a child that was hung higher up belongs behind that child.
            flat = len(path) > MAX_DEPTH + 1 and path[MAX_DEPTH][-1] is not path[-1]
            _append_text(path[MAX_DEPTH] if flat else path[-1], str(node))
    return root


def _element(parent: etree._Element, tag: Tag) -> etree._Element:
    try:
        element = etree.SubElement(parent, tag.name)
    except ValueError:
        element = etree.SubElement(parent, "span")
    for name, value in tag.attrs.items():
        try:
            element.set(name, " ".join(value) if isinstance(value, list) else value)
        except ValueError:
            continue
    return element


def _append_text(parent: etree._Element, text: str) -> None:
    text = text.replace("\x00", "\ufffd")
    last = parent[-1] if len(parent) else None
    try:
        if last is not None:
            last.tail = (last.tail or "") + text
        else:
            parent.text = (parent.text or "") + text
    except ValueError:
        return
