"""What a report shows, figure by figure: what to know of it, the chart in two widths, the table behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from newsarchive.datasets.report.drawing import NARROW, WIDE, Bar, Cell, Width, bars, columns, heat_map, strips, tint
from newsarchive.datasets.report.facts import COVERED, EVENTS, Facts, Share
from newsarchive.datasets.report.promoted import SideList
from newsarchive.records.audit import Audit, MissingState, SectionAudit

MOST_BARS = 12
MOST_SECTIONS = 30
MONTHS_IN_BARS = 60
"""So many months have a bar each; of more, the years."""

EVENT_COLORS = {
    "edited": "accent", "removed": "bad", "restored": "good", "reread": "muted", "withdrawn": "ink",
}  # fmt: skip

STATE_COLORS: Mapping[str, str] = {
    "read": "good", "failed": "bad", "gone": "warn", "pending": "accent", "other": "rest",
}  # fmt: skip
"""Colours of what became of promised items; `other` is every state that has none of its own."""


@dataclass(frozen=True, slots=True)
class Table:
    """The figures behind a chart. A column whose heading begins with # counts."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart with all that belongs to it."""

    title: str
    note: str
    drawings: tuple[tuple[str, str], ...]
    """The name of a width, and the SVG for it."""
    table: Table
    legend: tuple[tuple[str, str], ...] = field(default=())
    """Colours, as the names of CSS variables, and what they stand for."""


def articles_by_month(facts: Facts, last: str) -> Figure | None:
    """Return the heat map of years and months, up to the month `last` of the last capture, `YYYY-MM`.

    None where no article shows a day.
    """
    if not facts.months:
        return None
    years = sorted(facts.months, reverse=True)
    highest = max(max(counts) for counts in facts.months.values())
    cells = [
        Cell(row, month, tint(count, highest), str(count) if count else "")
        for row, year in enumerate(years)
        for month, count in enumerate(facts.months[year])
        if count or f"{year}-{month + 1:02}" <= last  # what is still to come is not none
    ]
    totals = [_count(sum(facts.months[year])) for year in years]
    names = [str(month) for month in range(1, 13)]
    outside = ((facts.undated, "show no day"), (facts.outside, "show one too far from the others"))
    left_out = [f"{_count(count)} {what}" for count, what in outside if count]
    note = "By the day that the page shows; the year's total at the right." + (
        f" Not in it: {' and '.join(left_out)}." if left_out else ""
    )
    rows = [(str(year), *map(_count, facts.months[year]), _count(sum(facts.months[year]))) for year in years]
    return Figure(
        "Articles by month", note, _both(lambda size: heat_map([*map(str, years)], names, cells, totals, size)),
        Table(("year", *(f"#{name}" for name in names), "#all"), rows), _heat_legend(highest),
    )  # fmt: skip


def articles_by(title: str, note: str, shares: Sequence[Share], without: str) -> Figure | None:
    """Return bars of the most frequent values and of all others together; None where no article has a value."""
    named = [share for share in shares if share.name is not None]
    if not named:
        return None
    total = sum(share.articles for share in shares)
    shown = [(share.name or "", share.articles, "accent") for share in named[:MOST_BARS]]
    rest = named[MOST_BARS:]
    if rest:
        shown.append((f"{_count(len(rest))} others", sum(share.articles for share in rest), "rest"))
    shown += [(without, share.articles, "rest") for share in shares if share.name is None]
    longest = max(count for _, count, _ in shown)
    rows = [Bar(name, _count(count), ((color, count),)) for name, count, color in shown]
    table = [(share.name or without, _count(share.articles), _percent(share.articles, total)) for share in shares[:200]]
    if len(shares) > len(table):
        table.append((f"{len(shares) - len(table)} more", "", ""))
    return Figure(
        title, note, _both(lambda size: bars(rows, size, longest)),
        Table(("name", "#articles", "#share"), table),
    )  # fmt: skip


def field_coverage(facts: Facts) -> Figure | None:
    """Return the heat map of fields and years; None where no article shows a day."""
    if not facts.coverage:
        return None
    years = sorted(facts.coverage)
    totals = {year: sum(facts.months[year]) for year in years}
    cells, rows = [], []
    for row, (name, called) in enumerate(COVERED):
        shares = [100 * facts.coverage[year][name] / totals[year] if totals[year] else None for year in years]
        for column, share in enumerate(shares):
            step = tint(share or 0, 100)
            cells.append(Cell(row, column, step, "" if share is None else f"{share:.0f}"))
        rows.append((called, *("" if share is None else f"{share:.0f} %" for share in shares)))
    names = [str(year) for year in years]
    return Figure(
        "Which fields articles have",
        "Of 100 articles of a year, how many have the field. A fall may be a new template that is not read as well, or "
        "a site that stopped to say it.",
        _both(lambda size: heat_map([called for _, called in COVERED], names, cells, [], size)),
        Table(("field", *(f"#{name}" for name in names)), rows), _heat_legend(100, " %"),
    )  # fmt: skip


def events_over_time(facts: Facts) -> Figure | None:
    """Return bars of what happened to articles after they were added; None where nothing did."""
    kinds = [kind for kind in EVENTS if any(counts.get(kind) for counts in facts.events.values())]
    if not kinds:
        return None
    periods: dict[str, dict[str, int]] = {}
    yearly = len(facts.events) > MONTHS_IN_BARS
    for month, counts in facts.events.items():
        period = periods.setdefault(month[:4] if yearly else month, {})
        for kind in ("added", *kinds):
            period[kind] = period.get(kind, 0) + counts.get(kind, 0)
    names = list(periods)
    rows = [
        (month, *(_count(counts.get(kind, 0)) for kind in ("added", *kinds)))
        for month, counts in facts.events.items()
        if counts
    ]
    return Figure(
        "What changed after it was published",
        f"Revisions by {'year' if yearly else 'month'} of their recording (UTC), without those by which articles were "
        "added. An edit is seen when a page is asked for again, not when it was made.",
        _both(lambda size: columns(names, kinds, list(periods.values()), EVENT_COLORS, size)),
        Table(("month", *(f"#{kind}" for kind in ("added", *kinds))), rows),
        tuple((EVENT_COLORS[kind], kind) for kind in kinds),
    )  # fmt: skip


def promoted_items(side_list: SideList, months: Sequence[str]) -> Figure:
    """Return the strips, or where all captures are of one month the bars, of a side list's most promoted items."""
    rows = [Bar(item.title, _count(item.pages), (("accent", item.pages),)) for item in side_list.items]
    longest = max((item.pages for item in side_list.items), default=0)
    over_time = len(months) > 1

    def drawn(size: Width) -> str:
        if not over_time:
            return bars(rows, size, longest, above=True)
        return strips([(row, item.months) for row, item in zip(rows, side_list.items, strict=True)], months, size)

    return Figure(
        side_list.name,
        f"On {_count(side_list.pages)} captured pages. At the right: on how many of them the item stands"
        + ("; the strip shows the months of these captures." if over_time else "."),
        _both(drawn),
        Table(
            ("item", "#pages", "first", "last"),
            [(item.title, _count(item.pages), min(item.months), max(item.months)) for item in side_list.items],
        ),
    )


def promises(audit: Audit) -> Figure | None:
    """Return what became of the items of each section; None where no section names any."""
    named = [part for part in audit.sections if part.promised]
    if not named:
        return None
    lacking = sorted(named, key=lambda part: (-part.missing, -part.promised))
    chosen = {part.name for part in lacking[:MOST_SECTIONS]}
    states: dict[str, list[MissingState]] = {}
    for item in audit.missing:
        for name in item.sections:
            states.setdefault(name, []).append(item.state)
    rows = [_promise(part, states.get(part.name, [])) for part in named if part.name in chosen]
    used = {color for row in rows for color, _ in row.parts}
    return Figure(
        "What the site's lists promise, and what is held",
        "Each bar is all that the pages of one list, feed or sitemap name, as they were captured last; beside it, how "
        "many of these are held as articles. In the table: how many the site says that there are, where it does.",
        _both(lambda size: bars(rows, size, 1)),
        Table(
            (
                "section",
                "#pages read",
                "#not read",
                "#stated",
                "#named",
                "#known",
                "#fetched",
                "#held",
                "#failed",
                "#missing",
            ),
            [
                (part.name, *("" if figure is None else _count(figure) for figure in _figures(part)))
                for part in audit.sections
            ],
        ),
        tuple((color, state) for state, color in STATE_COLORS.items() if color in used),
    )


def _promise(part: SectionAudit, states: Sequence[MissingState]) -> Bar:
    counts = {"read": part.read, **dict.fromkeys(("failed", "gone", "pending", "other"), 0)}
    for state in states:
        counts[state if state in counts else "other"] += 1
    parts = tuple((STATE_COLORS[name], count / part.promised) for name, count in counts.items() if count)
    return Bar(part.name, f"{_count(part.read)} of {_count(part.promised)}", parts)


def _figures(part: SectionAudit) -> tuple[int | None, ...]:
    return (
        part.list_pages, part.unread_pages, part.stated_items, part.promised, part.known, part.fetched, part.read,
        part.failed, part.missing,
    )  # fmt: skip


def _heat_legend(highest: int, unit: str = "") -> tuple[tuple[str, str], ...]:
    """Return what the steps of a heat map stand for; steps that no whole number falls into are left out."""
    steps: dict[int, list[int]] = {}
    for count in range(1, highest + 1):
        steps.setdefault(tint(count, highest), []).append(count)
    spans = ((step, counts[0], counts[-1]) for step, counts in steps.items())
    return (
        ("heat-0", "none"),
        *(
            (f"heat-{step}", f"{first}{unit}" if first == last else f"{first}–{last}{unit}")
            for step, first, last in spans
        ),
    )


def _both(draw: Callable[[Width], str]) -> tuple[tuple[str, str], ...]:
    return tuple((size.name, draw(size)) for size in (WIDE, NARROW))


def _count(number: int) -> str:
    return f"{number:,}"


def _percent(part: int, total: int) -> str:
    return f"{100 * part / total:.1f} %"
