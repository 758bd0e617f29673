"""The verdict on a run: a pure function of its report, of those before it, and of what its site file expects."""

from collections.abc import Iterator

from newsarchive.records.run import RunReport
from newsarchive.records.site import Expectations
from newsarchive.records.verdict import Evidence, State, Verdict
from newsarchive.timestamps import iso
from newsarchive.verdicts.answers import errors, expected, quiet, robots
from newsarchive.verdicts.drift import drift
from newsarchive.verdicts.lists import lists
from newsarchive.verdicts.past import Past
from newsarchive.verdicts.weight import Finding

_ORDER = {"broken": 0, "degraded": 1, "note": 2}


def judge(
    report: RunReport, past: Past, expect: Expectations, *, answered: bool = True, compared: bool = True
) -> Verdict | None:
    """Return the verdict on the run of `report`; None where the earlier one stands.

    It stands where the run failed and found nothing against the site, and where it was stopped before it came to what
    an alarm was about.

    `past` is every earlier report that is known. `answered`: whether any host of the site answered. Without `compared`,
    as for a copy of a site at another origin, neither the past nor the expectations count: only what no site should do.
    """
    findings = list(_findings(report, past, expect, answered=answered, compared=compared))
    findings.sort(key=lambda finding: _ORDER[finding.weight])
    weights = {finding.weight for finding in findings}
    if report.ended == "failed":
        if weights <= {"note"}:
            return None
        # Notes tell of answers that may never have been committed; what speaks against the site was seen.
        findings = [finding for finding in findings if finding.weight != "note" or finding.evidence.kind == "ended"]
    last = past.verdict
    if report.ended == "interrupted" and weights <= {"note"} and last is not None and last.against:
        return None
    state: State
    if "broken" in weights:
        state = "broken"
    elif "degraded" in weights:
        state = "degraded"
    else:
        news = report.articles_new or report.articles_changed or report.articles_removed
        state = "healthy" if news else "nothing-new"
    return Verdict(
        state=state,
        evidence=tuple(_dated(finding, report, past) for finding in findings),
        since=last.since if last is not None and last.state == state else report.started_at,
    )


def _findings(
    report: RunReport, past: Past, expect: Expectations, *, answered: bool, compared: bool
) -> Iterator[Finding]:
    for host, until in report.rests.items():
        text = f"{host} asked to be left alone until {iso(until)}"
        yield Finding("note", Evidence(kind="resting", text=text))
    if not answered:
        if report.rests or report.error is not None:  # nothing was asked, so nothing says that the site is down
            return
        yield Finding("broken", Evidence(kind="unreachable", text="no host of the site answered"))
        return
    if report.error is not None:
        # What ended the run is no fault of the site; what was read before it still counts.
        yield Finding("note", Evidence(kind="ended", text=f"the run ended early: {report.error}"))
    elif report.ended == "interrupted":
        yield Finding("note", Evidence(kind="ended", text="the run was stopped before its end"))
    if report.degraded:
        yield Finding("degraded", Evidence(kind="gone", text=report.degraded))
    yield from lists(report, past if compared else Past())
    if compared:
        yield from _compared(report, past, expect)
    came = f"{report.articles_new} new, {report.articles_changed} changed, {report.articles_removed} removed"
    text = f"{came}; {report.articles_unchanged} looked at again and unchanged"
    yield Finding("note", Evidence(kind="articles", text=text, count=report.articles_new))


def _compared(report: RunReport, past: Past, expect: Expectations) -> Iterator[Finding]:
    yield from errors(report, past)
    yield from robots(report, past)
    yield from drift(report.page_classes, past, report.parser, optional=expect.optional)
    yield from _held(report)
    yield from expected(report, past, expect)
    yield from quiet(report, past, expect)
    if not report.articles_held and report.ended == "finished":
        yield Finding("degraded", Evidence(kind="no-articles", text="no page of the site was read as an article"))


def _held(report: RunReport) -> Iterator[Finding]:
    """Yield a note of the pages that were held back: on a small site it is all that a verdict can say of them."""
    held = sum(tally.held for tally in report.page_classes.values())
    if held:
        pages = "1 page is" if held == 1 else f"{held} pages are"
        text = f"{pages} held back: a field is missing that they, or their like, had"
        yield Finding("note", Evidence(kind="held-back", text=text, count=held))


def _dated(finding: Finding, report: RunReport, past: Past) -> Evidence:
    evidence = finding.evidence
    if finding.weight == "note":
        return evidence
    before = past.since(evidence)
    return evidence.model_copy(update={"since": (before.since if before else None) or report.started_at})
