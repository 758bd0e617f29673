"""What an answer is that should be a file: an attachment, or something that a browser needs to show a page. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsarchive.codings import decode_content
from newsarchive.digests import sha256_hex
from newsarchive.parsers.requisites import style_requisites
from newsarchive.store.file_versions import FileVersion

if TYPE_CHECKING:
    from newsarchive.store.interpret import Answer

MAX_FILE_BYTES = 32 * 1024**2
"""An attachment or another requisite may be this long, as served and once its content coding is undone."""


def file_of(answer: "Answer") -> bytes:
    """Return the bytes of the attachment or other requisite that was served; raises as `content_of` does."""
    return decode_content(answer.payload, answer.header("content-encoding"), MAX_FILE_BYTES)


def file_version(answer: "Answer") -> FileVersion:
    """Return what file an answer holds that was judged to be an attachment; raises as `content_of` does."""
    content = file_of(answer)
    return FileVersion(len(content), media_type_of(answer), sha256_hex(content))


def media_type_of(answer: "Answer") -> str | None:
    """Return the media type that the Content-Type header names, in lower case without parameters, or None."""
    return (answer.header("content-type") or "").partition(";")[0].strip().lower() or None


def is_page(answer: "Answer", content: bytes) -> bool:
    """Tell whether a page came in place of a file: a login form, or the server's word that there is nothing.

    It must not pass for another edition of the file.
    """
    start = content[:512].lstrip().lower()
    return media_type_of(answer) == "text/html" and start.startswith((b"<!doctype html", b"<html"))


def further_requisites(answer: "Answer", content: bytes, url: str) -> Sequence[str]:
    """Return what a style sheet imports or shows; nothing of any other file."""
    is_style = media_type_of(answer) == "text/css" or urlsplit(url).path.endswith(".css")
    return style_requisites(content, url) if is_style else ()
