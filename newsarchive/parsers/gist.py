"""What a page shows, as one short digest: by it, copies of a page at made-up URLs are known."""

import hashlib
import re

from newsarchive.parsers.markup import attribute
from newsarchive.parsers.page import Page

_DIGITS = re.compile(r"\d\d*")
"""Looked for faster than a pattern that begins with a repetition."""


def gist_of(page: Page) -> str:
    """Return a digest of the lines and pictures that a reader sees, whatever their order; numbers do not count.

    So pages of a calendar that differ in nothing but dates are one, and so are lists that differ in their order.
    """
    shown = [line.text for line in page.lines.lines if not line.hidden]
    seen = set(_DIGITS.sub("0", "\n".join(shown)).split("\n")) if shown else set()
    seen.update([attribute(image, "src") or "" for line in page.lines.lines if line.images for image in line.images])
    return hashlib.blake2b("\n".join(sorted(seen)).encode("utf-8", "replace"), digest_size=12).hexdigest()
