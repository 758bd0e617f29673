"""README.md: the dataset card that people and Hugging Face read: coverage, missing values, gaps, rights."""

from collections.abc import Iterator

from newsarchive.datasets.citation_file import CITATION_FILE, yaml_text
from newsarchive.datasets.croissant import CROISSANT
from newsarchive.datasets.datapackage import DATA_PACKAGE
from newsarchive.datasets.release import DataFile, Release

CARD = "README.md"

_CONFIG_FROM = ("parquet", "jsonl", "csv")
"""The format that a loader is pointed to, the first that there is: Parquet has types."""

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MORE = "1M<n<10M"

_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]|#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})
"""How Markdown shows what it, or HTML, would take for a mark."""


def card(release: Release) -> str:
    """Return the page. Nothing in it is of the clock or the machine."""
    parts = (
        f"---\n{yaml_text(_metadata(release))}---",
        f"# {_plain(release.title)}",
        _plain(release.summary),
        _state(release),
        "## Files\n\n" + _files(release),
        "## Coverage\n\n" + _coverage(release),
        "## Missing values\n\n" + _missing(release),
        "## Known gaps\n\n" + _gaps(release),
        "## Rights\n\n" + _plain(release.rights),
        "## Citing it\n\n" + _citing(release),
    )
    return "\n\n".join(parts) + "\n"


def _metadata(release: Release) -> dict[str, object]:
    languages = sorted(release.coverage.languages) or [release.about.language]
    count = release.coverage.articles
    found: dict[str, object] = {
        "pretty_name": release.title,
        "language": [language for language in languages if language != "und"] or ["und"],
        "license": "other",
        "license_name": "texts-belong-to-their-publishers",
        "license_link": f"{CARD}#rights",
        "size_categories": [next((name for most, name in _SIZES if count < most), _MORE)],
        "tags": ["news", "web-archive"],
    }
    if configs := list(_configs(release)):
        found["configs"] = configs
    return found


def _configs(release: Release) -> Iterator[dict[str, object]]:
    for name in dict.fromkeys(file.table.name for file in release.files if file.table is not None):
        files = release.of_table(name)
        offered = [files[suffix] for suffix in _CONFIG_FROM if suffix in files]
        file = min(offered, key=lambda one: one.stale)  # the first of those that are not
        if file.rows:  # a loader refuses a file without rows
            yield {"config_name": name, "data_files": file.name} | ({"default": True} if name == "articles" else {})


def _state(release: Release) -> str:
    covered = release.coverage
    if not covered.articles:
        return "There is no article yet."
    what = f"Snapshot `{release.name}`" if release.name else "State of the archive"
    return (
        f"{what}: recorded up to {covered.last_recorded_at}, first captured {covered.first_captured_at}, last checked "
        f"{covered.last_checked_at} (UTC). Read by parser {_listed(covered.parsers)}."
        + (f" {release.since}" if release.since else "")
    )


def _files(release: Release) -> str:
    rows = [
        f"| `{file.name}` | {file.rows if file.table else ''} | {file.bytes} | {_holds(file)} |"
        for file in release.files
    ]
    stale = ", ".join(f"`{file.name}`" for file in release.files if file.stale)
    return (
        _table("| file | rows | bytes | holds |", rows)
        + (f"\n\nOf an earlier state, until the next `newsarchive export`: {stale}." if stale else "")
        + f"\n\n`{DATA_PACKAGE}` (Frictionless) and `{CROISSANT}` describe each file with its digest and fields; "
        "`*.schema.json` are JSON Schemas of the lines of the JSON Lines files."
    )


def _holds(file: DataFile) -> str:
    return file.table.summary if file.table else "all of them as tables, with a full-text index"


def _coverage(release: Release) -> str:
    covered = release.coverage
    statuses = f"Articles: {covered.articles} ({_listed(covered.statuses) or 'none'})."
    years = [f"| {year} | {covered.years[year]} |" for year in sorted(covered.years)]
    undated = covered.with_content - covered.years.total()
    if undated:
        years.append(f"| no date shown | {undated} |")
    named = sorted(((name, count) for name, count in covered.sections.items() if name is not None), key=_most_first)
    sections = [f"| {_plain(name)} | {count} |" for name, count in named]
    if unnamed := covered.sections[None]:
        sections.append(f"| none named | {unnamed} |")
    return "\n\n".join((statuses, _table("| year | articles |", years), _table("| section | articles |", sections)))


def _missing(release: Release) -> str:
    total = release.coverage.with_content
    rows = [
        f"| `{name}` | {count} | {100 * count / total:.1f} % |"
        for name, count in sorted(release.coverage.missing.items(), key=_most_first)
    ]
    said = "Fields that are null or empty where the page shows nothing; those not listed are always there."
    return f"{said}\n\n{_table('| field | articles without it | share |', rows)}"


def _gaps(release: Release) -> str:
    covered = release.coverage
    lines = [
        "- Pages to which no link led, and pages that were gone before the first capture, are not in it.",
        f"- `newsarchive audit {release.about.site}` tells what the site's lists promise and the archive has not.",
    ]
    if empty := list(covered.empty_years()):
        lines.append(f"- No article is dated in: {', '.join(empty)}.")
    counted = (
        ("Articles that show no date", covered.missing["date"]),
        ("Articles gone from the site, whose last revision is kept with status `removed`", covered.statuses["removed"]),
        ("Articles withdrawn from the archive, whose rows have no content", covered.statuses["withdrawn"]),
        (f"Attached files that were not fetched, of {covered.attachments}", covered.attachments_missing),
        ("Articles read with a doubt, which `warnings` names", covered.doubtful),
    )
    lines += [f"- {what}: {count}." for what, count in counted if count]
    return "\n".join(lines)


def _citing(release: Release) -> str:
    named = f"snapshot {release.name}" if release.name else f"state of {release.version}"
    return (
        f"`{CITATION_FILE}` says how to cite the dataset ({named}). `newsarchive cite ID` cites one article, in GB/T "
        "7714, APA, BibTeX or CSL-JSON, with the instant of its capture and its digest."
    )


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[name]} {name}" if len(counts) > 1 else name for name in sorted(counts))


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([head, "|" + " --- |" * (head.count("|") - 1), *rows])


def _plain(text: str) -> str:
    """Return a text of the site as Markdown shows it: on one line, nothing of it a mark."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split()).translate(_ESCAPES)
