"""The language of a text, by its scripts and its commonest words."""

import re

_SAMPLE = 400
_SCRIPTS = tuple(
    re.compile(f"[{letters}]+")
    for letters in (
        "\u3400-\u9fff",
        "\u3040-\u30ff",
        "\uac00-\ud7af",
        "\u0400-\u04ff",
        "\u0600-\u06ff",
        "A-Za-z\u00c0-\u024f",
    )
)
_KANA = re.compile("[\u3040-\u30ff]")
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_KAZAKH = re.compile(r"[әғқңөұүһ]", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|is|for|on|with|that)\b", re.IGNORECASE)


def language_of(text: str) -> str | None:
    """Return a BCP 47 primary tag (`zh`, `ja`, `ko`, `ru`, `kk`, `uk`, `en`), or None where the text does not tell."""
    sample = text[:_SAMPLE]
    ideographs = sum(map(len, _SCRIPTS[0].findall(sample)))
    if ideographs > len(sample) - ideographs and _KANA.search(sample) is None:
        return "zh"
    han, kana, hangul, cyrillic, arabic, latin = (sum(map(len, script.findall(sample))) for script in _SCRIPTS)
    # An ideograph says about as much as three letters.
    weights = {"han": 3 * (han + kana), "hangul": 2 * hangul, "cyrillic": cyrillic, "arabic": arabic, "latin": latin}
    script = max(weights, key=lambda name: weights[name])
    if weights[script] < 2:  # noqa: PLR2004
        return None
    if script == "han":
        return "ja" if kana * 10 > han else "zh"
    if script == "cyrillic":
        return "kk" if _KAZAKH.search(sample) else "uk" if _UKRAINIAN.search(sample) else "ru"
    if script == "latin":
        return "en" if _ENGLISH.search(sample) else None
    return {"hangul": "ko", "arabic": None}[script]
