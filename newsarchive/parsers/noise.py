"""What stands around a value of an info line and is nobody's: words of tools, separators, brackets."""

import re

from newsarchive.parsers.labels import words

EDGES = " \t|｜,，;；、·•/／-—–_>＞<＜«»　\u200b\ufeff"
_BRACKETS = {"[": "]", "【": "】", "(": ")", "（": "）", "<": ">", "〔": "〕", "〖": "〗", "［": "］", "「": "」"}
_NOISE_WORDS = "|".join(re.escape(w) for w in sorted(words("noise", "words"), key=len, reverse=True))
_NOISE = re.compile(
    rf"(?:^|[\s|｜\[【(（]+)(?:{_NOISE_WORDS})(?=$|[\s|｜\]】)）:：+\-\d])"
    r"|[\[【(（]\s*(?:字体|字号|大\s*中\s*小|打印|关闭|分享|收藏).*"
)


def clean(text: str) -> str:
    """Return `text` without noise words, separators and brackets around it."""
    if not text:
        return ""
    found = _NOISE.search(text)
    while found is not None:
        text = text[: found.start()] + " " + text[found.end() :]
        found = _NOISE.search(text)
    return trimmed(text)


def trimmed(text: str) -> str:
    """Return `text` without separators at its ends and without brackets that open or close nothing."""
    text = " ".join(text.split()).strip(EDGES)
    while text:
        closing = _BRACKETS.get(text[0])
        if closing is not None and (closing not in text or (text[-1] == closing and closing not in text[1:-1])):
            text = text[1:].removesuffix(closing).strip(EDGES)
        elif text[-1] in _BRACKETS or (
            text[-1] in _OPENINGS and text.count(text[-1]) > text.count(_OPENINGS[text[-1]])
        ):
            text = text[:-1].strip(EDGES)
        else:
            break
    return text


_OPENINGS = {closing: opening for opening, closing in _BRACKETS.items()}
