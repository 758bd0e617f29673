"""Whether a page came whole, where nothing on the wire says so. Pure."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsarchive.store.interpret import Answer

SMALLEST_PAGE_BYTES = 64
"""A page shorter than this that does not say where it ends is taken for a piece of one."""


_PAGE_END = (b"</html", b"</body")


def may_be_cut(answer: "Answer", content: bytes) -> bool:
    """Tell whether an HTML page has no end, and nothing that frames it says that it should be whole.

    That is a page that ends with its connection, and one so short that its Content-Length must be wrong.
    """
    framed = answer.header("content-length") is not None or answer.header("transfer-encoding") is not None
    if framed and len(content) >= SMALLEST_PAGE_BYTES:
        return False
    if content.lstrip()[:1] != b"<" or content.lstrip()[:5] == b"<?xml":
        return False
    tail = content[-2048:].lower()
    return not any(end in tail for end in _PAGE_END)
