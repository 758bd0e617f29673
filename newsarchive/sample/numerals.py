"""Chinese numerals, as titles of a series number their parts."""

_LIMIT = 100_000_000
_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))


def chinese_numeral(number: int) -> str:
    """Return `number` (1 to 99,999,999) in words: 88 is 八十八, 109 is 一百零九, 10 is 十, 110 is 一百一十."""
    if not 1 <= number < _LIMIT:
        raise ValueError(f"no numeral is made for {number}")
    upper, lower = divmod(number, 10_000)
    words = f"{_below_ten_thousand(upper)}万" if upper else ""
    if lower:
        words += ("零" if upper and lower < _UNITS[0][0] else "") + _below_ten_thousand(lower)
    return words[1:] if words.startswith("一十") else words


def _below_ten_thousand(number: int) -> str:
    words = ""
    gap = False
    for unit, name in _UNITS:
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    if number:
        words += ("零" if gap and words else "") + _DIGITS[number]
    return words
