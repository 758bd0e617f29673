"""Lists that a page carries packed in a script, as 大汉 (Hanweb) JCMS does: its script shows them where they stand."""

import re
from itertools import pairwise

_OPENS = re.compile(rb"<script\b[^<>]*>\s*(?:<!--\s*)?\Z", re.IGNORECASE).search
_RECORD = re.compile(rb"<record\b[^<>]*>\s*\Z", re.IGNORECASE).search
_LONGEST_OPENING = 200
_MOST_STORES = 50


def unpacked(html: bytes) -> bytes:
    """Return `html` with the records of its first 50 `datastore`s in place of the scripts that hold them."""
    # Step by step and each byte once: a pattern for all of a script takes quadratic time over what has no end.
    kept: list[bytes] = []
    upto = 0
    at = html.find(b"<datastore")
    for _ in range(_MOST_STORES):
        end = html.find(b"</script>", at) if at >= 0 else -1
        if end < 0:
            break
        opening = _OPENS(html, max(upto, at - _LONGEST_OPENING), at)
        if opening is not None:
            kept += (html[upto : opening.start()], _shown(html[at:end]))
            upto = end + len(b"</script>")
        at = html.find(b"<datastore", end)
    return b"".join((*kept, html[upto:])) if kept else html


def _shown(store: bytes) -> bytes:
    pieces = store.split(b"<![CDATA[")
    packed = (piece for before, piece in pairwise(pieces) if _RECORD(before[-_LONGEST_OPENING:]) is not None)
    records = b"\n".join(piece.partition(b"]]>")[0] for piece in packed)
    # An element that templates hardly use: the numbers of those beside it stay what they are in the browser.
    row = records.lstrip()[:3].lower() == b"<tr"
    return b"<section><table>%b</table></section>" % records if row else b"<section>%b</section>" % records
