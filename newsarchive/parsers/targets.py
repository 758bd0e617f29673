"""Where a link leads: its href, or what its script would open."""

import re

from newsarchive.parsers.lines import Anchor
from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page

_OPEN = re.compile(r"""(?:open|href|location|navigate\w*|goto\w*)\s*[(=]\s*['"]([^'"]{1,500})['"]""", re.IGNORECASE)
_CALL = re.compile(
    r"""\(\s*['"]([^'"\s]{1,500}?\.(?:s?html?|jsp|php|aspx?|pdf|docx?|xlsx?|zip|rar)(?:\?[^'"\s]{0,500})?)['"]""",
    re.IGNORECASE,
)
"""A call of any function with the name of a page or a file."""


def script_target(code: str | None) -> str | None:
    """Return the address that the code of a link or a button opens, as written, or None."""
    # Plain tests, since most scripts of links are `javascript:void(0)`: both patterns want a string.
    if not code or ("'" not in code and '"' not in code):
        return None
    match = _OPEN.search(code) or _CALL.search(code)
    return match.group(1) if match else None


def written_target(anchor: Anchor) -> str | None:
    """Return the address of `anchor` as written, by its href or else by its script; None where there is none."""
    href = anchor.href
    if href and href[0] != "#" and href[:11].lower() != "javascript:":
        return href
    return script_target(href) or script_target(attribute(anchor.attributes, "onclick"))


def target_of(page: Page, anchor: Anchor) -> str | None:
    """Return the absolute URL that `anchor` leads to, or None."""
    return page.resolve(written_target(anchor))
