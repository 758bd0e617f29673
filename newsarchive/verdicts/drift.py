"""Whether the pages of a run are made as pages were before: which field on which pages is no longer found."""

from collections.abc import Iterable, Iterator, Mapping

from newsarchive.records.verdict import ClassTally, Evidence
from newsarchive.verdicts.chance import DOUBT, PER_RUN, Comparison
from newsarchive.verdicts.past import FIELDS, HELD_FOR, Past, together, whole
from newsarchive.verdicts.weight import Finding, Weight


def drift(
    tallies: Mapping[str, ClassTally], past: Past, parser: str, *, optional: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield what changed on the pages of a run, beside the `past` of the same class and of all classes.

    Rules and warnings are compared with runs of the same `parser` only: a newer one names others.
    """
    scopes: list[tuple[str | None, ClassTally]] = [(None, together(list(tallies.values())))] if tallies else []
    if len(past.classes | tallies.keys()) > 1:
        scopes += tallies.items()
    told: set[tuple[str, str | None]] = set()  # kind and field
    for page_class, tally in scopes:
        tests = _Tests(past, parser, page_class, tally, len(scopes))
        for finding in (*tests.fields(set(optional)), *tests.unread(), *tests.rules(), *tests.warnings()):
            key = finding.evidence.kind, finding.evidence.field
            if key not in told:  # of all pages together it says more than of one class
                told.add(key)
                yield finding
    yield from _standing(tallies, past, {field for kind, field in told if kind == "field-missing"}, set(optional))
    if scopes:
        yield from _Tests(past, parser, None, scopes[0][1], len(scopes)).templates()


def _standing(
    tallies: Mapping[str, ClassTally], past: Past, told: set[str | None], optional: set[str]
) -> Iterator[Finding]:
    """Yield what the run before found missing and this one, with too few pages to prove it anew, did not see again."""
    for evidence in past.standing("field-missing"):
        name = evidence.field
        if name is None or name in told or name in optional:
            continue
        tally = together([one for known, one in tallies.items() if evidence.page_class in {None, known}])
        lacking = whole(tally) - tally.hits.get(name, 0) + tally.missed.get(name, 0)
        test = Comparison(lacking, tally.pages, past.missed(name, evidence.page_class))
        # A field that holds pages back stands until it is shown again; the lack of others may have become usual.
        seen = tally.hits.get(name) if name in HELD_FOR else tally.pages
        if seen and test.chance >= DOUBT:
            continue
        text = f"still no {name}: {lacking} of {tally.pages} pages of this run had none"
        numbers = {"text": text, "count": lacking, "of": tally.pages, "chance": test.chance}
        yield Finding("degraded", evidence.model_copy(update=numbers))


class _Tests:
    """The tests of one class of pages, or of all of them."""

    def __init__(self, past: Past, parser: str, page_class: str | None, tally: ClassTally, scopes: int) -> None:
        self._past = past
        self._parser = parser
        self._class = page_class
        self._tally = tally
        kinds = len(FIELDS) + 1 + len(tally.rules) + len(tally.warnings) + 1
        self._level = PER_RUN / (kinds * scopes)

    def fields(self, optional: set[str]) -> Iterator[Finding]:
        """Yield the fields that are missing more often than the past makes likely."""
        tally = self._tally
        for name in FIELDS:
            if name in optional:
                continue
            lacking = whole(tally) - tally.hits.get(name, 0) + tally.missed.get(name, 0)
            test = Comparison(lacking, tally.pages, self._past.missed(name, self._class))
            had, total = test.before
            text = (
                f"no {name} on {lacking} of {tally.pages} pages{self._where()}; "
                f"before, {total - had:.0f} of {total:.0f} had one"
            )
            yield from self._found("field-missing", test, text, field=name, example=name)

    def unread(self) -> Iterator[Finding]:
        """Yield that more pages than likely cannot be explained by any template."""
        tally = self._tally
        asked = tally.pages + tally.unread
        before = self._past.share(lambda it: (it.unread, it.pages + it.unread), self._class)
        text = f"{tally.unread} of {asked} article pages{self._where()} cannot be read as articles"
        weight: Weight = "broken" if self._class is None and tally.unread == asked else "degraded"
        yield from self._found(
            "unexplained", Comparison(tally.unread, asked, before), text, example="unread", weight=weight
        )

    def rules(self) -> Iterator[Finding]:
        """Yield the fields that are found by another rule than before: at another place of the page."""
        pages = whole(self._tally)
        for key, count in self._tally.rules.items():
            name, _, rule = key.partition(" ")
            before = self._past.found("rules", key, self._class, self._parser)
            text = f"{name} is read by the rule {rule} on {count} of {pages} pages{self._where()}, not as before"
            # A title or a source that is found at another place is found; a date there may be another date.
            weight: Weight = "degraded" if name == "date" else "note"
            yield from self._found("field-moved", Comparison(count, pages, before), text, field=name, weight=weight)

    def warnings(self) -> Iterator[Finding]:
        """Yield the warnings that records have more often than before."""
        pages = whole(self._tally)
        for word, count in self._tally.warnings.items():
            before = self._past.found("warnings", word, self._class, self._parser)
            text = f"the warning {word} on {count} of {pages} records{self._where()}, more than before"
            yield from self._found("warnings", Comparison(count, pages, before), text, field=word)

    def templates(self) -> Iterator[Finding]:
        """Yield a note where pages stand in templates that no earlier run saw."""
        seen: dict[str, int] = {}
        for report in self._past.reading:
            for tally in report.page_classes.values() if report.parser == self._parser else ():
                for name, count in tally.templates.items():
                    seen[name] = seen.get(name, 0) + count
        new = sum(count for name, count in self._tally.templates.items() if name not in seen)
        # How likely the next page is of a template that was never seen: as many as were seen once (Good and Turing).
        before = float(sum(count == 1 for count in seen.values())), float(sum(seen.values()))
        pages = whole(self._tally)
        text = f"{new} of {pages} pages stand in a template that was not seen before"
        yield from self._found("template-changed", Comparison(new, pages, before), text, weight="note")

    def _where(self) -> str:
        return f" like {self._class.partition(' ')[2]}" if self._class else ""

    def _found(  # noqa: PLR0913 - what a finding is made of
        self,
        kind: str,
        test: Comparison,
        text: str,
        *,
        field: str | None = None,
        example: str = "",
        weight: Weight = "degraded",
    ) -> Iterator[Finding]:
        chance = test.chance
        if chance >= self._level:
            return
        yield Finding(
            weight,
            Evidence(
                kind=kind, text=text, page_class=self._class, field=field, count=test.found, of=test.of,
                count_before=round(test.before[0]), of_before=round(test.before[1]), chance=chance,
                pages=self._tally.examples.get(example, ()),
            ),
        )  # fmt: skip
