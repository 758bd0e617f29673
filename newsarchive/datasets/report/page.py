"""The page of a report: its template, filled. Every text of a page is escaped, and stands alone in its direction."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsarchive.datasets.report.facts import Facts
from newsarchive.datasets.report.figures import (
    Figure,
    articles_by,
    articles_by_month,
    events_over_time,
    field_coverage,
    promises,
    promoted_items,
)
from newsarchive.datasets.report.stories import StoriesFound
from newsarchive.datasets.report.wording import shown
from newsarchive.extras import needs
from newsarchive.records.audit import Audit, MonthGap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

MOST_MISSING, MOST_UNREAD, MOST_GAPS, MOST_RUNS = 200, 50, 60, 30

NOTEWORTHY = 2
"""Where fewer articles a month are usual, months without any are left to `newsarchive audit --json`."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a site is called, and in which language."""

    title: str
    language: str
    """BCP 47 primary tag: chooses the shapes of characters that Chinese and Japanese share."""


def page_of(told: Told, facts: Facts, audit: Audit, stories: StoriesFound | None) -> str:
    """Return the HTML of a report. `stories` is None where rensa is not there to find them.

    Raises `MissingExtraError` where the library that draws, or the one that fills the template, is not installed.
    """
    needs("vl_convert", "report")
    needs("jinja2", "report")
    months = list(facts.events)
    return _template().render(
        told=told,
        facts=facts,
        audit=audit,
        stories=stories,
        days=_days(facts),
        held=_held(audit),
        amount=[figure for figure in _amounts(facts, audit) if figure is not None],
        changed=events_over_time(facts),
        coverage=field_coverage(facts),
        promises=promises(audit),
        promoted=[promoted_items(one, months) for one in facts.side_lists],
        gaps=_gaps(audit),
        most={"missing": MOST_MISSING, "unread": MOST_UNREAD, "gaps": MOST_GAPS, "runs": MOST_RUNS},
        style=files(__package__).joinpath("report.css").read_text(encoding="utf-8"),
    ) + "\n"  # fmt: skip


def _amounts(facts: Facts, audit: Audit) -> list[Figure | None]:
    return [
        articles_by_month(facts, audit.as_of.strftime("%Y-%m") if audit.as_of else ""),
        articles_by(
            "Articles by section",
            "By the section that the page itself names; what the site's lists say is told under what is missing.",
            facts.sections, "no section named",
        ),
        articles_by(
            "Articles by source", "By the source that the page names (来源), as it is written there.", facts.sources,
            "no source named",
        ),
    ]  # fmt: skip


def _days(facts: Facts) -> str | None:
    """Return the years from the first to the last article, None where no article shows a day."""
    years = [year for year, counts in facts.months.items() if any(counts)]
    return None if not years else str(years[0]) if len(years) == 1 else f"{min(years)}–{max(years)}"


def _held(audit: Audit) -> str | None:
    """Return which part of what is promised is held, cut and not rounded: 100 % is said of all alone."""
    return f"{int(1000 * audit.read / audit.promised) / 10:g} %" if audit.promised else None


def _gaps(audit: Audit) -> list[tuple[str, MonthGap]]:
    named: list[tuple[str, Sequence[MonthGap]]] = [("all articles", audit.gaps)]
    named += [(part.name, part.gaps) for part in audit.sections]
    return [(name, gap) for name, gaps in named for gap in gaps if gap.kind == "thin" or gap.usual >= NOTEWORTHY]


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - brought by an extra

    environment = Environment(
        loader=PackageLoader("newsarchive.datasets.report", ""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"shown": shown, "count": _count, "day": _day, "link": _link}
    return environment.get_template("report.html")


def _count(number: int) -> str:
    return f"{number:,}"


def _day(instant: Any) -> str:  # noqa: ANN401 - an instant, as a value or as text
    return str(instant)[:10]


def _link(url: str | None) -> str | None:
    """Return `url` where a reader may follow it: a link to anything but a page would be the page's own code."""
    return url if url is not None and urlsplit(url).scheme in {"http", "https"} else None
