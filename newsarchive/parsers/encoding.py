"""Bytes to characters, once, as browsers do it, with evidence (WHATWG Encoding; HTML, section 13.2.3)."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from resiliparse.parse.encoding import detect_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PRESCAN_BYTES = 4096
"""Browsers look for a meta in 1,024 bytes; old pages have it behind long scripts."""

_META = re.compile(rb"""<meta\b[^>]*?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.\-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml\b[^>]*?encoding\s*=\s*["']([a-zA-Z0-9_:.\-]{2,40})""")
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "ascii", "us-ascii", "windows-1252", "cp1252"})
_CHINESE = frozenset({
    "gb2312", "gbk", "gb18030", "gb_2312-80", "gb_2312", "x-gbk", "cp936", "ms936", "windows-936", "chinese",
    "csgb2312", "euc-cn", "gb-2312", "gb23121", "gb2312-80", "hz-gb-2312",
})  # fmt: skip
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes({*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F})
_C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_ASCII = re.compile("[\x00-\x7f][\x00-\x7f]*")
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "號国學會新聞發時間來對這個為們，。、：；“”（）《》【】！？·－—…"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page after decoding: from here on, everything is UTF-8."""

    utf8: bytes
    declared: str | None
    used: str
    undecoded: int
    warnings: tuple[str, ...] = field(default=())


def decode(html: bytes | str, charset: str | None = None) -> Decoded:
    """Return the characters of `html`; `charset` is what the HTTP header declared, None if it did not."""
    if isinstance(html, str):
        text = _UNWANTED.sub(_replacement, html)
        return Decoded(text.encode("utf-8"), None, "unicode", 0)
    for bom, name in _BOMS:
        if html.startswith(bom):
            return _decoded(html[len(bom) :], name, _lower(charset) or _declared_in_page(html))
    declared = _lower(charset) or _declared_in_page(html)
    label = _codec(declared)
    if label in {"utf-16-le", "utf-16-be"} and _lower(charset) is None:
        # A meta that ASCII can read proves that the page is not UTF-16 (HTML, section 13.2.3.2).
        label = "utf-8"
    if label is None and charset is not None:
        declared = _declared_in_page(html) or declared
        label = _codec(declared)
    if label in {"utf-8", "cp1252", None} and _read(html, "utf-8") is not None:
        return _cleaned(html, "utf-8", declared, 0, ascii_only=html.isascii())
    if label == "gb18030" and not _is_utf8(html) and (read := _read(html, label)) is not None:
        return _cleaned(read.encode("utf-8"), label, declared, 0, ascii_only=False)
    return _decoded(html, _weigh(html, label), declared)


def _lower(label: str | None) -> str | None:
    return label.strip().strip("\"'").lower()[:40] or None if label else None


def _declared_in_page(html: bytes) -> str | None:
    head = html[:_PRESCAN_BYTES].lower()
    at = head.find(b"charset")
    found = _META.search(head) if at >= 0 else None
    found = found or (_XML.search(head[:200]) if b"<?xml" in head[:200] else None)
    return found.group(1).decode("ascii").lower() if found else None


@lru_cache(maxsize=64)
def _codec(label: str | None) -> str | None:  # noqa: PLR0911 - a table of cases
    """Return Python's codec for a declared label, or None for an unknown one."""
    if label is None:
        return None
    if label in _CHINESE:
        return "gb18030"
    if label in _LATIN:
        return "cp1252"
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name in {"utf-16", "utf_16"}:
        return "utf-16-le"
    if name == "big5":
        return "big5hkscs"
    return name if name in _TEXT_CODECS else None


_TEXT_CODECS = frozenset({
    "utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr", "cp949",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp866", "koi8-r",
    "koi8-u", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "mac-cyrillic", "cp874",
})  # fmt: skip


def _weigh(html: bytes, label: str | None) -> str:
    """Return the codec that reads `html` best; the declared one unless the bytes speak against it."""
    if label in {"utf-16-le", "utf-16-be"}:
        return label
    valid_utf8 = _is_utf8(html)
    if valid_utf8 and (html.isascii() or label in {"utf-8", "cp1252", None}):
        return "utf-8"
    candidates = [name for name in (label, "utf-8", "gb18030") if name]
    if not valid_utf8 and label in {"utf-8", "cp1252", None}:
        detected = _codec(detect_encoding(html[:65536], max_len=65536, html5_compatible=True))
        if detected:
            candidates.append(detected)
    scores = {name: _badness(html, name) for name in dict.fromkeys(candidates)}
    best = min(scores, key=lambda name: scores[name])
    if label is not None and label not in {"utf-8", "cp1252"} and scores[label] <= scores[best] + 0.02:
        return label
    return best


def _is_utf8(html: bytes) -> bool:
    try:
        html.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page that was cut off in the middle of a character is still UTF-8.
        return error.start >= len(html) - 3 and error.reason == "unexpected end of data"
    return True


def _read(html: bytes, codec: str) -> str | None:
    try:
        return html.decode(codec)
    except UnicodeDecodeError:
        return None


def _badness(html: bytes, codec: str) -> float:
    """Return how implausible `html` is in `codec`: 0 reads as text, 1 and more as noise."""
    sample = html if len(html) <= 32768 else html[:32768]  # noqa: PLR2004
    text = sample.decode(codec, "replace")
    # Text repeats its characters: each is looked at once.
    foreign = Counter(_ASCII.sub("", text))
    if not foreign:
        return 0.5 if codec == "cp1252" else 0.0
    size = foreign.total()
    broken = sum(n for c, n in foreign.items() if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or "\x80" <= c <= "\x9f")
    ideographs = sum(n for c, n in foreign.items() if "\u3400" <= c <= "\u9fff")
    rare = 0.0
    if ideographs:
        common = sum(n for c, n in foreign.items() if "\u3400" <= c <= "\u9fff" and c in _COMMON)
        # Text of any kind has half of its characters among the 600 commonest; mojibake nearly none.
        rare = max(0.0, 0.4 - common / ideographs) * ideographs / size
    latin = sum(n for c, n in foreign.items() if "\xa0" <= c <= "\xff") if codec in {"cp1252", "iso8859-15"} else 0
    return 3 * broken / size + rare + (0.3 * latin / size if latin > len(text) / 20 else 0.0)


def _decoded(html: bytes, codec: str, declared: str | None) -> Decoded:
    text = html.decode(codec, "replace")
    undecoded = text.count("\ufffd") - html.count(_REPLACEMENTS.get(codec, b"\xef\xbf\xbd"))
    return _cleaned(text.encode("utf-8", "replace"), codec, declared, max(0, undecoded), ascii_only=False)


_REPLACEMENTS = {"gb18030": b"\x84\x31\xa4\x37"}
"""How U+FFFD itself is spelled: such characters were served, not put in."""


def _cleaned(utf8: bytes, codec: str, declared: str | None, undecoded: int, *, ascii_only: bool) -> Decoded:
    if _has_unwanted(utf8):
        utf8 = _UNWANTED.sub(_replacement, utf8.decode("utf-8", "replace")).encode("utf-8")
    warnings = []
    label = _codec(declared)
    if label is not None and label != codec and not ascii_only:
        warnings.append(f"encoding-mismatch: declared {declared}, read as {codec}")
    if undecoded:
        warnings.append(f"undecoded: {undecoded} characters")
    return Decoded(utf8, declared, codec, undecoded, tuple(warnings))


def _has_unwanted(utf8: bytes) -> bool:
    """Tell whether there are control characters; much faster than one pattern for all."""
    if len(utf8.translate(None, _CONTROLS)) != len(utf8):
        return True
    return b"\xc2" in utf8 and _C1.search(utf8) is not None


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if match.group() >= "\ud800" else ""
