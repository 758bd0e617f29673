"""Whether the site answers as it did: errors, robots.txt, silence; and what its file expects."""

from collections.abc import Iterator
from itertools import pairwise

from newsarchive.records.run import RunReport
from newsarchive.records.site import Expectations
from newsarchive.records.verdict import Evidence
from newsarchive.verdicts.chance import PER_RUN, Comparison, pooled, silence_chance
from newsarchive.verdicts.past import Past, whole
from newsarchive.verdicts.weight import Finding

DAY_SECONDS = 86_400
MONTH_DAYS = 30

_NO_ERRORS = frozenset({"drifted", "doubtful", "unread"})
"""Words of failures that say something of templates, and are weighed as that."""

_SILENT = ("no answer", "certificate", "address")


def errors(report: RunReport, past: Past) -> Iterator[Finding]:
    """Yield the classes of errors that more of the answers were than likely, and that nothing else came."""
    found = _errors(report)
    every = sum(found.values())
    told = ", ".join(f"{count} {word}" for word, count in sorted(found.items()))
    pages = sum(report.outcomes.get(name, 0) for name in ("stored", "unchanged")) - report.robots_read
    if report.requests and pages <= 0 and not report.articles_removed and report.ended == "finished":
        what = f" ({told})" if told else "; robots.txt forbids all, or could not be had"
        text = f"none of {report.requests} answers was a page{what}"
        yield Finding("broken", Evidence(kind="nothing-read", text=text, count=0, of=report.requests))
    for word, count in sorted(found.items()):
        before = pooled((_errors(run).get(word, 0), run.requests) for run in past.reports[-MONTH_DAYS:])
        test = Comparison(count, report.requests, before)
        if test.chance < PER_RUN / len(found):
            text = f"{count} of {report.requests} answers were {word}; before, {before[0]:.0f} of {before[1]:.0f}"
            yield Finding(
                "degraded",
                Evidence(
                    kind="errors", text=text, field=word, count=count, of=report.requests,
                    count_before=round(before[0]), of_before=round(before[1]), chance=test.chance,
                ),
            )  # fmt: skip
    if not past.reports and every * 2 > report.requests and pages > 0:
        text = f"{every} of {report.requests} answers of the first run were errors: {told}"
        yield Finding("degraded", Evidence(kind="errors", text=text, count=every, of=report.requests))


def robots(report: RunReport, past: Past) -> Iterator[Finding]:
    """Yield that robots.txt forbids more than likely of what it had not forbidden before."""
    runs = past.reports[-MONTH_DAYS:]
    before = pooled((run.robots_forbidden, run.requests + run.robots_forbidden) for run in runs)
    test = Comparison(report.robots_forbidden, report.requests + report.robots_forbidden, before)
    if test.chance < PER_RUN:
        was = f"before, {before[0]:.0f} of {before[1]:.0f}"
        text = f"robots.txt forbids {test.found} of {test.of} URLs that it had not forbidden before; {was}"
        evidence = Evidence(
            kind="robots", text=text, count=test.found, of=test.of, count_before=round(before[0]),
            of_before=round(before[1]), chance=test.chance,
        )  # fmt: skip
        yield Finding("degraded", evidence)


def _errors(report: RunReport) -> dict[str, int]:
    """Return the answers that were errors by class: the word of the reason, or `http 5xx` for all of these."""
    found: dict[str, int] = {}
    for reason, count in report.reasons.items():
        status = reason.removeprefix("http ") if reason.startswith("http ") else ""
        if status[:1] in {"2", "3"} or reason in _NO_ERRORS:
            continue
        word = f"http {status[0]}xx" if status else reason
        if word == "http 4xx" and status.startswith(("404", "410")):
            continue  # gone, and weighed as that
        if status or reason in _ERROR_WORDS:
            found[word] = found.get(word, 0) + count
    return found


_ERROR_WORDS = frozenset(
    {*_SILENT, "truncated", "content coding", "not-http", "too-large", "empty-page", "parse-limited", "reading broke",
     "pipeline", "invalid record", "maybe-cut"}
)  # fmt: skip


def quiet(report: RunReport, past: Past, expect: Expectations) -> Iterator[Finding]:
    """Yield that nothing new has come for longer than the site's past, or its file, makes likely."""
    with_news = [run.started_at for run in past.reports if run.articles_new]
    if report.articles_new or not with_news or not report.articles_held:
        return
    days = (report.started_at - with_news[-1]).total_seconds() / DAY_SECONDS
    gaps = [(b - a).total_seconds() / DAY_SECONDS for a, b in pairwise(with_news)]
    chance = silence_chance(days, gaps)
    if expect.max_silence_days is not None:
        if days > expect.max_silence_days:
            text = f"nothing new for {days:.0f} days; the site file allows {expect.max_silence_days:g}"
            yield Finding("degraded", Evidence(kind="quiet", text=text, count=int(days)))
    elif chance < PER_RUN:
        text = f"nothing new for {days:.0f} days; the longest silence before was {max(gaps):.0f}"
        evidence = Evidence(kind="quiet", text=text, count=int(days), count_before=round(max(gaps)), chance=chance)
        yield Finding("degraded", evidence)


def expected(report: RunReport, past: Past, expect: Expectations) -> Iterator[Finding]:
    """Yield what the site file expects of a run and this one does not have."""
    for name in expect.fields:
        pages = sum(tally.pages for tally in report.page_classes.values())
        lacking = sum(
            whole(tally) - tally.hits.get(name, 0) + tally.missed.get(name, 0) for tally in report.page_classes.values()
        )
        if lacking:
            examples = [url for tally in report.page_classes.values() for url in tally.examples.get(name, ())]
            text = f"no {name} on {lacking} of {pages} pages; the site file says that every page shows one"
            yield Finding(
                "degraded",
                Evidence(
                    kind="expectation", text=text, field=name, count=lacking, of=pages, pages=tuple(examples[:10])
                ),
            )
    least = expect.articles_per_month
    if least is None or not past.reports:
        return
    began = past.reports[0].started_at
    if (report.started_at - began).total_seconds() < MONTH_DAYS * DAY_SECONDS:
        return
    recent = [run for run in past.reports if (report.started_at - run.started_at).days < MONTH_DAYS]
    came = report.articles_new + sum(run.articles_new for run in recent)
    if came < least:
        text = f"{came} new articles in {MONTH_DAYS} days; the site file expects {least:g} or more"
        yield Finding("degraded", Evidence(kind="expectation", text=text, field="articles_per_month", count=came))
