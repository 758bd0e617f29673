"""Links to files: which hrefs offer one, and of what type."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.page import Page
from newsarchive.parsers.targets import written_target
from newsarchive.records.article import Attachment

_TYPES = "pdf docx doc wps ofd xlsx xls et csv pptx ppt zip rar 7z tar gz txt rtf odt ods epub mp3 mp4 avi wmv flv caj"
_EXTENSION = re.compile(rf"\.({'|'.join(_TYPES.split())})(?=$|[?#&\s)）】])", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"download\.jsp|DownloadAttachUrl|/attachment/|/download/\w|downloadfile|attachdown|getfile", re.IGNORECASE
)
_SIZE = re.compile(
    r"[(（\[【]\s*(?:大小\s*[:：]?\s*)?(\d+(?:\.\d+)?\s*(?:[KMG]i?B?|字节|bytes))\s*[)）\]】]", re.IGNORECASE
)
_NOISE = re.compile(
    r"^\s*(?:附件\s*\d*\s*[:：.、]?\s*|【\s*|\[\s*|·\s*)+(?=\S)|(?:\s*[】\]]\s*)?(?:已?下载(?:次数)?\s*[:：]?\s*\d*\s*次?)\s*$"
)


def file_type(url: str, title: str) -> str | None:
    """Return the file type that name or URL tells, in lower case, or None."""
    for text in (urlsplit(url).path, title, url):
        found = _EXTENSION.search(text)
        if found:
            return found.group(1).lower()
    return None


@lru_cache(maxsize=2048)
def is_file(href: str) -> bool:
    """Tell whether `href` leads to a file and not to a page."""
    if "." not in href[-12:] and "ownload" not in href and "?" not in href and "ttach" not in href:
        return False
    if _EXTENSION.search(href.partition("?")[0]) is not None:
        return True
    lower = href.lower()
    # Plain tests, since most links of a page pass here.
    return ("download" in lower or "attach" in lower or "getfile" in lower) and _DOWNLOAD.search(href) is not None


def names_file(text: str) -> bool:
    """Tell whether a link's text ends as the name of a document does."""
    return "." in text[-_LONGEST_EXTENSION:] and text[-1].isalnum() and _NAMED.search(text) is not None


_LONGEST_EXTENSION = 5
_NAMED = re.compile(rf"\.(?:{'|'.join(_TYPES.split())})$", re.IGNORECASE)


def read_attachment(page: Page, anchor: Anchor) -> Attachment | None:
    """Return the file that `anchor` offers, or None if it leads elsewhere."""
    href = written_target(anchor)
    if not href:
        return None
    if not is_file(href) and not names_file(anchor.text) and ' sudyfile-attr="' not in anchor.attributes:
        return None
    url = page.resolve(href)
    if url is None:
        return None
    return attachment(url, anchor.full_text)


def attachment(url: str, shown: str) -> Attachment:
    """Return the attachment at `url` under the name that a reader sees, or the file's name where there is none."""
    size = _SIZE.search(shown)
    title = _NOISE.sub("", shown[: size.start()] if size else shown).strip() or shown.strip()
    if not title:
        title = unquote(urlsplit(url).path.rpartition("/")[2]) or url
    return Attachment(url=url, title=title, type=file_type(url, title), size_shown=size.group(1) if size else None)


_PLAYER_TITLE = re.compile(r"""['"]?title['"]?\s*:\s*(['"])(?P<title>[^'"]+)\1""").search


def player_title(attributes: str) -> str:
    """Return the title in the `sudyfile-attr` of a Webplus file (`{'title':'…'}`), empty without one."""
    match = _PLAYER_TITLE(attributes)
    return match["title"].strip() if match else ""
