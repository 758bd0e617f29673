"""Whether the pages that name the articles still do: what tells "nothing new" from "broken"."""

from collections.abc import Iterator

from newsarchive.records.run import RunReport
from newsarchive.records.verdict import Evidence, ListTally
from newsarchive.verdicts.past import Past
from newsarchive.verdicts.weight import Finding, Weight


def lists(report: RunReport, past: Past) -> Iterator[Finding]:
    """Yield what the lists of a run say, each beside the last run in which the same page was read."""
    for url, tally in report.lists.items():
        before = next((run.lists[url] for run in reversed(past.reports) if url in run.lists), None)
        if before is not None:
            yield from _one(url, tally, before, report)
    for url, reason in report.lists_lost.items():
        text = f"{url}, which every run looks at, gives no page any more: {reason}"
        yield Finding("degraded", Evidence(kind="list-lost", text=text, pages=(url,)))
    named = sum(tally.named for tally in report.lists.values())
    known = sum(tally.known for tally in report.lists.values())
    if report.lists and not named and not report.lists_unchanged and any(run.articles_held for run in past.reports):
        text = f"none of the {len(report.lists)} list pages names any article"
        yield Finding("broken", Evidence(kind="lists-empty", text=text, count=0, of=len(report.lists)))
    elif report.lists or report.lists_unchanged:
        text = (
            f"list pages: {len(report.lists)} read, which name {named} articles, {known} of them held before; "
            f"{report.lists_unchanged} byte for byte as they were"
        )
        yield Finding("note", Evidence(kind="lists", text=text, count=known, of=named))


def _one(url: str, tally: ListTally, before: ListTally, report: RunReport) -> Iterator[Finding]:
    def finding(kind: str, text: str, weight: Weight = "degraded", **numbers: int) -> Finding:
        return Finding(weight, Evidence(kind=kind, text=f"{url} {text}", pages=(url,), **numbers))

    if before.named and not tally.named:
        text = f"names no article any more; it named {before.named} when it was read last"
        yield finding("list-empty", text, count=0, count_before=before.named)
    elif before.named and tally.named and not tally.known and not report.articles_new:
        # Where many new articles came at once, a list may have turned over as a whole; then there are new articles.
        text = f"names {tally.named} pages, none of them an article that is held, and none gave a new one"
        yield finding("list-strange", text, count=tally.named, count_before=before.named)
    if tally.stated is None or before.stated is None:
        return
    if tally.stated > before.stated and not report.articles_new and report.ended == "finished":
        more = tally.stated - before.stated
        text = f"says it has {tally.stated} entries, {more} more than before, and nothing new was found"
        yield finding("list-total", text, count=tally.stated, count_before=before.stated)
    elif tally.stated * 2 < before.stated:
        text = f"says it has {tally.stated} entries, and had {before.stated}"
        yield finding("list-total", text, count=tally.stated, count_before=before.stated)
