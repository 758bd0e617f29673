"""The pattern of a site's article URLs, generalised from some of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

LEAST = 3
"""So many URLs of one form are needed before a pattern says anything."""

_OF_A_DAY = re.compile(r"(?:19|20)\d{2}(?:[01]\d(?:[0-3]\d)?)?").fullmatch
"""Numbers that name a year, a month or a day are written with their length; a counter grows."""

_DIGITS = re.compile(r"\d+")
_ENDING = re.compile(r"(\.[a-z]{3,5})$")


def article_pattern(targets: Sequence[str]) -> str | None:
    """Return a regular expression with a group `key` for the most common form among `targets`, path and query each.

    Two URLs have one form if they have as many folders and end alike. Where they differ they are numbers or names; the
    key runs from there to the ending. None where fewer than three have one form, or nothing in them differs.
    """
    forms: dict[tuple[int, str], list[str]] = defaultdict(list)
    for target in dict.fromkeys(targets):
        parts = target.split("/")
        forms[len(parts), _form_of(parts[-1])].append(target)
    best = max(forms.values(), key=len, default=[])
    if len(best) < LEAST:
        return None
    places = [_written(values) for values in zip(*(target.split("/") for target in best), strict=True)]
    varying = [i for i, (_, varies) in enumerate(places) if varies]
    if not varying:
        return None
    before, inside = places[: varying[0]], [text for text, _ in places[varying[0] :]]
    last, ending = inside[-1], ""
    if found := re.search(r"(\\\.[a-z]{3,5})$", last):
        inside[-1], ending = last[: found.start()], found[1]
    lead = "".join(f"{text}/" for text, _ in before)
    return f"^{lead}(?P<key>{'/'.join(inside)}){ending}$"


def _form_of(part: str) -> str:
    """Return what pages made by one template have in common in the last part of their URLs."""
    numbered = _DIGITS.sub("0", part)
    if numbered != part:
        return numbered
    ending = _ENDING.search(part)
    return f"*{ending[1]}" if ending else "*"


def _written(values: Sequence[str]) -> tuple[str, bool]:
    """Return the expression for one part of a path, and whether it varies."""
    distinct = Counter(values)
    forms = {_DIGITS.sub("0", value) for value in distinct}
    if len(distinct) == 1:
        return re.escape(values[0]), False
    if len(forms) == 1 and "0" in next(iter(forms)):
        runs = [list(column) for column in zip(*(_DIGITS.findall(value) for value in distinct), strict=True)]
        texts = _DIGITS.split(next(iter(distinct)))
        written = re.escape(texts[0])
        for run, text in zip(runs, texts[1:], strict=True):
            exact = len({len(number) for number in run}) == 1 and all(map(_OF_A_DAY, run))
            constant = len(set(run)) == 1
            number = run[0] if constant else (rf"\d{{{len(run[0])}}}" if exact else r"\d+")
            written += number + re.escape(text)
        return written, True
    endings = {found[1] if (found := _ENDING.search(value)) else "" for value in distinct}
    name = r"[^/]+" if any("?" in value for value in distinct) else r"[^/?]+"
    return name + (re.escape(endings.pop()) if len(endings) == 1 else ""), True
