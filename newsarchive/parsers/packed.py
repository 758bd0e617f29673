"""Lists that a page carries packed in a script, as 大汉 (Hanweb) JCMS does: its script shows them where they stand."""

import re

_STORE = re.compile(
    rb"<script\b[^>]*>\s*(?:<!--\s*)?<datastore\b[^>]*>((?:(?!</script>).)*)</datastore>(?:(?!</script>).)*</script>",
    re.DOTALL | re.IGNORECASE,
)
_RECORD = re.compile(rb"<record\b[^>]*>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)


def unpacked(html: bytes) -> bytes:
    """Return `html` with the records of every `datastore` in place of the script that holds them."""
    # A plain test, since nearly all pages have none.
    return _STORE.sub(_shown, html) if b"<datastore" in html else html


def _shown(store: re.Match[bytes]) -> bytes:
    records = b"\n".join(record[1] for record in _RECORD.finditer(store[1]))
    # An element that templates hardly use: the numbers of those beside it stay what they are in the browser.
    row = records.lstrip()[:3].lower() == b"<tr"
    return b"<section><table>%b</table></section>" % records if row else b"<section>%b</section>" % records
