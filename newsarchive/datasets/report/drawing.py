"""Charts as SVG, by Vega-Lite: text stays text, colours are the page's, nothing depends on fonts or on the clock.

Each chart is drawn twice, for a wide and for a narrow page; the page shows one. Colours are CSS variables, so that
one drawing serves light, dark and paper. Places are given and not measured, so that every machine draws the same.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from newsarchive.datasets.report.wording import columns_of, cut
from newsarchive.extras import needs

Spec = dict[str, Any]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')
_SHAPE = re.compile(r'<path d="[^"]*"')
_LONG = re.compile(r"\d+\.\d{3,}")
_TINT = 5
"""Steps of a heat map above none."""
_DIGIT = 7.8
"""Width of a digit of a label, in pixels, at most."""
_HALF = 6
"""Width of half a Chinese character of a label, in pixels: a column of text."""
_YEAR = 4
_PLACES = {name: {"field": name, "type": "quantitative", "scale": None, "axis": None} for name in ("x", "y")}
"""Places that are given in pixels."""

MONTHS_BY_NAME = 24
"""So many months have labels of their own; of more, the years."""

LONGEST_LABEL = 36
"""Columns of text of a label at the left of a bar."""

LABEL = 12
"""Size of labels, in pixels of the drawing; on the page they are about as large."""


class Width(NamedTuple):
    """A page that a chart is drawn for."""

    name: str
    pixels: int
    columns: int
    """So many halves of a Chinese character have room beside each other."""


WIDE, NARROW = Width("wide", 720, 116), Width("narrow", 344, 54)


class Label(NamedTuple):
    """A text at a place."""

    text: str
    x: float
    y: float


class Cell(NamedTuple):
    """A field of a heat map."""

    row: int
    column: int
    tint: int
    """0 for none, up to 5."""
    text: str


class Bar(NamedTuple):
    """A bar, or a row of parts."""

    label: str
    note: str
    """What stands at its end."""
    parts: tuple[tuple[str, float], ...]
    """Colour, as the name of a CSS variable, and length of each part."""


def heat_map(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Cell], totals: Sequence[str], size: Width
) -> str:
    """Draw a field for each row and column; `totals`, one for each row or none at all, stand at the right."""
    left = 44 if max(map(len, rows), default=0) <= 4 else 84  # noqa: PLR2004 - years, or words
    right = int(max((_HALF * columns_of(total) for total in totals), default=-8)) + 12
    width, step = size.pixels - left - right, 22
    band = width / max(len(columns), 1)
    # All of the texts or none: some alone would look like the ones that matter.
    fit = band >= 6.6 * max((len(cell.text) for cell in cells), default=0) + 1
    values = [{"x": cell.column, "y": cell.row, "tint": cell.tint, "text": cell.text if fit else ""} for cell in cells]
    headings = [
        Label(columns[at], min(band * (at + 0.5), width + right - _DIGIT / 2 * len(columns[at])), -10)
        for at in _every(columns, band)
    ]
    x = {"field": "x", "type": "ordinal", "axis": None, "scale": _band(len(columns), width)}
    y = {"field": "y", "type": "ordinal", "axis": None, "scale": _band(len(rows), step * len(rows))}
    encoding = {"x": x, "y": y, "text": {"field": "text"}, "color": _tints("on-heat")}
    layers: list[Spec] = [
        {"data": {"values": values}, "mark": "rect", "encoding": {"x": x, "y": y, "color": _tints("heat")}},
        {"data": {"values": values}, "mark": _text(11, "center"), "encoding": encoding},
        _labels(headings, "center", "muted"),
        _labels([Label(label, -8, step * (at + 0.5)) for at, label in enumerate(rows)], "right"),
        _labels(
            [Label(total, width + right - 4, step * (at + 0.5)) for at, total in enumerate(totals)], "right", "muted"
        ),
    ]
    return _drawn(layers, (width, step * len(rows)), (left, 22, right, 4))


def bars(rows: Sequence[Bar], size: Width, longest: float, *, above: bool = False) -> str:
    """Draw horizontal bars, `longest` being as long as there is room.

    Labels stand at their left or, on narrow pages and where `above` says so, above them.
    """
    above = above or size is NARROW
    widest = max((columns_of(cut(row.label, LONGEST_LABEL)) for row in rows), default=0)
    beside = max((columns_of(row.note) for row in rows), default=0)
    left, right = (0, 0) if above else (int(_HALF * widest) + 12, int(_HALF * beside) + 8)
    step, thick = (40, 14) if above else (26, 16)
    width = size.pixels - left - right
    values: list[Spec] = []
    names: list[Label] = []
    notes: list[Label] = []
    for at, row in enumerate(rows):
        top = at * step + (step - thick - 4 if above else (step - thick) / 2)
        end = 0.0
        for color, length in row.parts:
            start, end = end, end + (length / longest * width if longest else 0)
            values.append(_rectangle(start, end, top, top + thick, color))
        if above:
            names.append(Label(cut(row.label, size.columns - columns_of(row.note) - 2), 0, top - 11))
            notes.append(Label(row.note, width, top - 11))
        else:
            names.append(Label(cut(row.label, LONGEST_LABEL), -10, top + thick / 2))
            notes.append(Label(row.note, end + 6, top + thick / 2))
    sides = ("left", "right") if above else ("right", "left")
    layers = [_rectangles(values), _labels(names, sides[0]), _labels(notes, sides[1], "muted")]
    return _drawn(layers, (width, step * len(rows)), (left, 2, right, 6))


def columns(
    names: Sequence[str], kinds: Sequence[str], counts: Sequence[Mapping[str, int]], colors: Mapping[str, str],
    size: Width,
) -> str:  # fmt: skip
    """Draw upright bars, one for each name, made of `kinds`; the axis begins at 0 and counts whole things."""
    width, height = size.pixels - 48, 200
    ticks = _whole_ticks(max((sum(each.get(kind, 0) for kind in kinds) for each in counts), default=0))
    values = [
        {"x": at, "kind": order, "count": each[kind]}
        for at, each in enumerate(counts)
        for order, kind in enumerate(kinds)
        if each.get(kind)
    ]
    gap = 0.25 if width >= 4 * len(names) else 0
    range_of_kinds = [f"var(--{colors[kind]})" for kind in kinds]
    encoding = {
        "x": {"field": "x", "type": "ordinal", "axis": None,
              "scale": _band(len(names), width, gap)},
        "y": {"field": "count", "type": "quantitative", "stack": "zero", "scale": {"domain": [0, ticks[-1]]},
              "axis": _axis(ticks)},
        "color": {"field": "kind", "type": "ordinal", "legend": None,
                  "scale": {"domain": list(range(len(kinds))), "range": range_of_kinds}},
        "order": {"field": "kind", "type": "ordinal"},
    }  # fmt: skip
    stacked = {"data": {"values": values}, "mark": "bar", "encoding": encoding}
    return _drawn([stacked, _time_labels(names, width, height + 14)], (width, height), (44, 8, 4, 26))


def strips(rows: Sequence[tuple[Bar, Mapping[str, int]]], months: Sequence[str], size: Width) -> str:
    """Draw a strip for each row: the months in which it has a count, on one axis of time."""
    step, thick, width = 40, 14, size.pixels
    band = width / max(len(months), 1)
    place = {month: at for at, month in enumerate(months)}
    values: list[Spec] = []
    names: list[Label] = []
    notes: list[Label] = []
    for at, (row, counts) in enumerate(rows):
        top = at * step + step - thick - 4
        values.append(_rectangle(0, width, top, top + thick, "heat-0"))
        for month in counts:
            start = band * place[month]
            values.append(_rectangle(start, start + band, top, top + thick, row.parts[0][0]))
        names.append(Label(cut(row.label, size.columns - columns_of(row.note) - 2), 0, top - 11))
        notes.append(Label(row.note, width, top - 11))
    layers = [
        _rectangles(values), _labels(names, "left"), _labels(notes, "right", "muted"),
        _time_labels(months, width, step * len(rows) + 12),
    ]  # fmt: skip
    return _drawn(layers, (width, step * len(rows)), (0, 2, 0, 24))


def tint(value: float, highest: float) -> int:
    """Return the step of a heat map for `value`: 0 for none, 1 to 5 in equal parts of `highest`."""
    return 0 if not value or not highest else min(_TINT, 1 + int(value * _TINT / (highest * 1.0001)))


def _every(names: Sequence[str], band: float) -> list[int]:
    """Return which of `names` have room for their label: every one, every second, every fifth, from the last back."""
    room = 7 * max(map(len, names), default=1) + 6
    step = next((step for step in (1, 2, 5, 10) if band * step >= room), 20)
    return [at for at in range(len(names)) if (len(names) - 1 - at) % step == 0]


def _time_labels(names: Sequence[str], width: float, y: float) -> Spec:
    """Return labels below an axis of time: years where there are many months, and never two that touch."""
    band = width / max(len(names), 1)
    labels = list(enumerate(names))
    if len(names) > MONTHS_BY_NAME:
        labels = [(at, name.removesuffix("-01")) for at, name in labels if len(name) == _YEAR or name.endswith("-01")]
    kept: list[Label] = []
    reach = -1.0
    for at, name in labels:
        half = _DIGIT / 2 * len(name)
        middle = min(max(band * (at + 0.5), half), width - half)
        if middle - half > reach:
            kept.append(Label(name, middle, y))
            reach = middle + half + 8
    return _labels(kept, "center", "muted")


def _whole_ticks(highest: int) -> list[int]:
    """Return the values of about five lines from 0 to `highest` or above: steps of 1, 2 or 5, and their tenfolds."""
    unit = next(step * 10**power for power in count() for step in (1, 2, 5) if highest <= 5 * step * 10**power)
    return list(range(0, max(highest, 1) + unit, unit))


def _axis(ticks: Sequence[int]) -> Spec:
    return {
        "values": list(ticks), "title": None, "domain": False, "ticks": False, "gridColor": "var(--line)",
        "labelColor": "var(--muted)", "labelFontSize": LABEL, "labelPadding": 8, "format": ",d", "labelLimit": 0,
        "labelOverlap": False,
    }  # fmt: skip


def _band(count: int, pixels: float, gap: float = 0.08) -> Spec:
    # Half a gap outside makes the n-th band end at n parts of the whole, where labels expect it.
    return {"domain": list(range(count)), "range": [0, pixels], "paddingInner": gap, "paddingOuter": gap / 2}


def _tints(name: str) -> Spec:
    steps = list(range(_TINT + 1))
    scale = {"domain": steps, "range": [f"var(--{name}-{step})" for step in steps]}
    return {"field": "tint", "type": "ordinal", "scale": scale, "legend": None}


def _rectangle(x: float, x2: float, y: float, y2: float, color: str) -> Spec:
    return {"x": round(x, 2), "x2": round(x2, 2), "y": y, "y2": y2, "color": f"var(--{color})"}


def _rectangles(values: Sequence[Spec]) -> Spec:
    color = {"field": "color", "type": "nominal", "scale": None, "legend": None}
    ends = {name: {"field": name} for name in ("x2", "y2")}
    return {"data": {"values": list(values)}, "mark": "rect", "encoding": {**_PLACES, **ends, "color": color}}


def _labels(labels: Sequence[Label], align: str, color: str = "ink") -> Spec:
    values = [{"text": label.text, "x": round(label.x, 2), "y": label.y} for label in labels]
    mark = {**_text(LABEL, align), "color": f"var(--{color})"}
    return {"data": {"values": values}, "mark": mark, "encoding": {**_PLACES, "text": {"field": "text"}}}


def _text(size: int, align: str) -> Spec:
    return {"type": "text", "fontSize": size, "align": align, "baseline": "middle", "limit": 0}


def _drawn(layers: Sequence[Spec], plot: tuple[float, float], around: tuple[int, int, int, int]) -> str:
    """Return the SVG of `layers` over a plot of (width, height), with (left, top, right, bottom) around it."""
    needs("vl_convert", "report")
    from vl_convert import vegalite_to_svg  # noqa: PLC0415 - brought by an extra

    left, top, right, bottom = around
    spec = {
        "$schema": _SCHEMA, "width": plot[0], "height": plot[1], "autosize": "none", "background": None,
        "padding": {"left": left, "top": top, "right": right, "bottom": bottom},
        "layer": list(layers), "resolve": {"scale": {"color": "independent"}},
        "config": {"aria": False, "view": {"stroke": None}, "font": "sans-serif"},
    }  # fmt: skip
    # No address is allowed: what a title says can make the library fetch nothing.
    return _scalable(vegalite_to_svg(json.dumps(spec), allowed_base_urls=[]))


def _scalable(drawn: str) -> str:
    """Return a drawing without a size of its own: the page says how wide it is."""
    match = _SIZE.match(drawn)
    if match is None:
        raise RuntimeError(f"no drawing: {drawn[:80]!r}")
    opening = f'<svg viewBox="0 0 {match[1]} {match[2]}" aria-hidden="true" focusable="false">'
    shapes = _SHAPE.sub(
        lambda shape: _LONG.sub(lambda number: f"{float(number[0]):.2f}", shape[0]), drawn[match.end() :]
    )
    return opening + shapes.replace('font-family="sans-serif" ', "")
