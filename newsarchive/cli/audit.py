"""`newsarchive audit`: what a site's lists promise, what of it is held, and why the rest is missing."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsarchive.cli.options import Archive, archive_folder
from newsarchive.cli.terminal import counted, one_line
from newsarchive.operations.access import collection_of
from newsarchive.operations.audit import audit as audit_of
from newsarchive.records.audit import Audit, MissingItem, MonthGap, SectionAudit
from newsarchive.timestamps import iso

INCOMPLETE = 3
COLUMNS = 80
MOST_ITEMS, MOST_GAPS, MOST_RUNS, MOST_SECTIONS = 40, 12, 10, 40
NOTEWORTHY = 2
"""Of sections with fewer articles a month, months without any are left to --json."""


def audit(
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as one JSON document.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with exit code 3 where an item or a list page is missing.")
    ] = False,
    archive: Archive = None,
) -> int:
    """Show what the site's lists promise and what is missing, with the reason for each item.

    Each list page, feed and sitemap is read again from its last capture; nothing is asked of the site and nothing is
    written. Exit code 0, whatever is missing: most of it is the site's doing, such as dead links. With --strict: 3.
    """
    found = audit_of(collection_of(archive_folder(archive), name))
    if as_json:
        typer.echo(found.to_json())
    else:
        _show(found)
    return INCOMPLETE if strict and not found.is_complete else 0


def _show(found: Audit) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for line in (*_summary(found), ""):
        console.print(Text(line))
    Console(highlight=False, width=COLUMNS).print(_table(found))
    for line in (*_stated(found), *_unread(found), *_missing(found), *_gaps(found), *_runs(found)):
        indent = len(line) - len(line.lstrip())
        console.print(Text(" " * indent + one_line(line)))


def _summary(found: Audit) -> list[str]:
    when = f", as of {iso(found.as_of)}" if found.as_of else ""
    lacking = found.promised - found.read
    names = "names" if len(found.sections) == 1 else "name"
    promised = f"{counted(len(found.sections), 'sections')} {names} {counted(found.promised, 'items')}"
    lines = [f"{found.site}: {promised}: {found.read} read, {lacking} missing{when}"]
    unlisted = sum(not item.sections for item in found.missing)
    if unlisted:
        lines.append(f"  {unlisted} more that no list names, known by their URLs, are missing")
    if found.undecided:
        lines.append(f"  {found.undecided} other URLs were not read yet: whether they lead to articles is not known")
    return lines


def _table(found: Audit) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("section", max_width=26, no_wrap=True, overflow="ellipsis")
    for heading in ("pages", "named", "known", "fetched", "read", "failed", "missing"):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = found.sections
    if len(shown) > MOST_SECTIONS:
        lacking = [part for part in shown if part.missing or part.unread_pages]
        shown = (*lacking, *(part for part in shown if part not in lacking))[:MOST_SECTIONS]
    for part in shown:
        table.add_row(one_line(part.name), _pages(part), *_figures(part))
    if len(found.sections) > len(shown):
        table.add_row(f"and {len(found.sections) - len(shown)} more")
    return table


def _pages(part: SectionAudit) -> str:
    total = part.list_pages + part.unread_pages
    return str(total) if not part.unread_pages else f"{part.list_pages} of {total}"


def _figures(part: SectionAudit) -> list[str]:
    return [str(count) for count in (part.promised, part.known, part.fetched, part.read, part.failed, part.missing)]


def _stated(found: Audit) -> list[str]:
    return [
        f"  {part.name}: the site says {part.stated_items} items, its pages name {part.promised}"
        for part in found.sections
        if part.stated_items is not None and part.stated_items > part.promised
    ]


def _unread(found: Audit) -> list[str]:
    if not found.unread_lists:
        return []
    lines = ["", "List pages that were not read; what they name is not known:"]
    for page in found.unread_lists[:MOST_ITEMS]:
        again = f"; due {iso(page.due_at)}" if page.due_at else ""
        lines.append(f"  {page.state}: {page.url}")
        lines.append(f"    of {page.section}{f'; {page.reason}' if page.reason else ''}{again}")
    return [*lines, *_left(len(found.unread_lists), MOST_ITEMS)]


def _missing(found: Audit) -> list[str]:
    if not found.missing:
        return ["", "Nothing is missing."]
    told = ", ".join(f"{count} {state}" for state, count in found.states.items())
    lines = ["", f"Missing, and why ({told}):"]
    for item in found.missing[:MOST_ITEMS]:
        lines += _told(item)
    return [*lines, *_left(len(found.missing), MOST_ITEMS)]


def _told(item: MissingItem) -> list[str]:
    parts = [item.reason] if item.reason else []
    if item.target:
        parts.append(f"leads to {item.target}")
    if item.due_at:
        parts.append(f"due {iso(item.due_at)}")
    parts.append(f"named by {', '.join(item.sections)}" if item.sections else "named by no list")
    return [f"  {item.state}: {item.url}", f"    {'; '.join(parts)}"]


def _gaps(found: Audit) -> list[str]:
    lines = []
    for name, gaps in (("all articles", found.gaps), *((part.name, part.gaps) for part in found.sections)):
        chosen = [gap for gap in gaps if gap.kind == "thin" or gap.usual >= NOTEWORTHY]
        if not chosen:
            continue
        lines.append(f"  {name}:")
        lines += [f"    {_told_gap(gap)}" for gap in chosen[:MOST_GAPS]]
        lines += _left(len(chosen), MOST_GAPS)
    return ["", "Months with no article, or far fewer than usual:", *lines] if lines else []


def _told_gap(gap: MonthGap) -> str:
    months = gap.first if gap.months == 1 else f"{gap.first} to {gap.last}"
    known = f"; {gap.missing} missing items are of then" if gap.missing else ""
    return f"{months}: {counted(gap.articles, 'articles')}, usually {gap.usual:g} a month{known}"


def _runs(found: Audit) -> list[str]:
    ids = found.ids
    if not ids.runs:
        return []
    lines = [
        "",
        f"Numbers between those of known articles: {ids.absent} that none has, counted {ids.counter}.",
        "  No list promises them: they may be drafts, files, deleted, or another section's.",
    ]
    for run in ids.runs[:MOST_RUNS]:
        numbers = str(run.first) if run.first == run.last else f"{run.first}-{run.last} ({run.last - run.first + 1})"
        lines.append(f"  {numbers}, between {run.after} and {run.before}")
    return [*lines, *_left(ids.runs_in_all, MOST_RUNS)]


def _left(count: int, shown: int) -> list[str]:
    return [f"  and {count - shown} more, in --json"] if count > shown else []
