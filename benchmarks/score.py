"""Score the parser on the real pages of $NEWSARCHIVE_CORPORA, and with --peers the peers (after `make peers`).

    python benchmarks/score.py [institutes] [zh] [--worst 10] [--peers]

Titles are equal without any white space, sources and authors after white space is folded, dates by their day. Bodies:
multisets of 4-grams over single CJK characters and runs of other word characters; precision and recall are means over
a template's pages, then over templates; F1 is that of the two means. A field that the truth leaves open is not scored.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks import peers

_TOKEN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|[^\W\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+"
)
FIELDS = ("title", "date", "source", "author")
SETS = ("institutes", "zh")


@dataclass(frozen=True)
class CorpusPage:
    """One page of a corpus with its truth."""

    id: str
    template: str
    kind: str
    url: str
    html: bytes
    truth: dict[str, Any]


@dataclass
class Answer:
    """What a parser says of a page, in the terms of the truth; None: nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    author: str | None = None
    body: str = ""
    error: str | None = None
    entries: list[dict[str, Any]] | None = None
    next: str | None = None
    seconds: float | None = None
    """CPU time, where another process spent it."""


@dataclass
class Scores:
    """Scores of one parser on one set, macro-averaged over templates."""

    fields: dict[str, float] = field(default_factory=dict)
    precision: float = 0.0
    recall: float = 0.0
    lists_right: int = 0
    lists: int = 0
    milliseconds: float = 0.0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """F1 of the mean precision and the mean recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def corpus(folder: Path) -> Iterator[CorpusPage]:
    """Yield the pages of one set."""
    with (folder / "manifest.jsonl").open(encoding="utf-8") as manifest:
        for line in manifest:
            row = json.loads(line)
            html = gzip.decompress((folder / row["file"]).read_bytes())
            url = row.get("url") or f"http://page.invalid/{row['template']}/list/{row['id']}.html"
            yield CorpusPage(row["id"], row["template"], row.get("kind", "article"), url, html, row["truth"])


def digest(folder: Path) -> str:
    """Return the sha256 of the set's manifest, which holds the sha256 of every page."""
    return hashlib.sha256((folder / "manifest.jsonl").read_bytes()).hexdigest()


def newsarchive_answer(page: CorpusPage) -> Answer:
    """Return what newsarchive reads, or the name of its error."""
    from newsarchive.parsers import GENERIC_SITE
    from newsarchive.parsers.reading import read_page

    reading = read_page(page.html, page.url, GENERIC_SITE)
    if reading.listing is not None:
        entries = [
            {"url": e.url, "title": e.title, "date": str(e.date) if e.date else None} for e in reading.listing.entries
        ]
        return Answer(entries=entries, next=reading.listing.next, error="list-page")
    article = reading.article
    if article is None:
        return Answer(error=f"{reading.error.name}: {reading.error}" if reading.error else "nothing")
    return Answer(article.title, str(article.date) if article.date else None, article.source,
                  article.author or "、".join(article.roles.editor) or None, article.text)  # fmt: skip


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Return the multiset of 4-grams of `text`; a shorter text is one gram."""
    tokens = _TOKEN.findall(text)
    if len(tokens) < 4:
        return Counter([tuple(tokens)]) if tokens else Counter()
    return Counter(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))


def body_score(found: str, truth: str) -> tuple[float, float]:
    """Return precision and recall of a body."""
    ours, theirs = grams(found), grams(truth)
    common = sum((ours & theirs).values())
    return common / max(1, sum(ours.values())), common / max(1, sum(theirs.values()))


def agrees(name: str, found: str | None, truth: str) -> bool:
    """Tell whether a field agrees with the truth."""
    if found is None:
        return False
    if name == "title":
        return "".join(found.split()) == "".join(truth.split())
    if name == "date":
        return found[:10] == truth[:10]
    return " ".join(found.split()) == " ".join(truth.split())


def score(pages: list[CorpusPage], answer: Callable[[CorpusPage], Answer]) -> Scores:
    """Return the scores of one parser on one set."""
    by_field: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in (*FIELDS, "precision", "recall")}
    result = Scores()
    spent = 0.0
    for page in pages:
        started = time.process_time()
        found = answer(page)
        spent += found.seconds if found.seconds is not None else time.process_time() - started
        if page.kind == "list":
            result.lists += 1
            problem = list_problem(page, found)
            result.lists_right += problem is None
            if problem:
                result.misses.append(f"{page.id} list: {problem}")
            continue
        _score_article(page, found, by_field, result)
    for name in FIELDS:
        result.fields[name] = _macro(by_field[name])
    result.precision, result.recall = _macro(by_field["precision"]), _macro(by_field["recall"])
    result.milliseconds = 1000 * spent / max(1, len(pages))
    return result


def _score_article(
    page: CorpusPage, found: Answer, by_field: dict[str, dict[str, list[float]]], result: Scores
) -> None:
    if found.error:
        result.misses.append(f"{page.id} error: {found.error}")
    for name in FIELDS:
        truth = page.truth.get(name)
        if not truth:
            continue
        value = getattr(found, name)
        right = agrees(name, value, truth)
        by_field[name][page.template].append(float(right))
        if not right and name != "author":
            result.misses.append(f"{page.id} {name}: {value!r}, truth {truth!r}")
    precision, recall = body_score(found.body, page.truth["body"])
    by_field["precision"][page.template].append(precision)
    by_field["recall"][page.template].append(recall)
    if min(precision, recall) < 0.97:
        result.misses.append(f"{page.id} body: P {precision:.3f} R {recall:.3f}")


def _macro(by_template: dict[str, list[float]]) -> float:
    means = [sum(values) / len(values) for values in by_template.values()]
    return sum(means) / len(means) if means else 0.0


def list_problem(page: CorpusPage, found: Answer) -> str | None:
    """Return what is wrong with a list page's entries or next link, None if nothing is."""
    from urllib.parse import urljoin

    if found.entries is None:
        return f"not read as a list: {found.error}"
    truth = [(urljoin(page.url, e["url"]), "".join(e["title"].split()), e.get("date")) for e in page.truth["entries"]]
    ours = [(e["url"], "".join(e["title"].split()), e["date"]) for e in found.entries]
    if [entry[0] for entry in truth] != [entry[0] for entry in ours]:
        missing = [e for e in truth if e[0] not in {o[0] for o in ours}]
        extra = [o for o in ours if o[0] not in {e[0] for e in truth}]
        return f"{len(ours)} entries, truth {len(truth)}; missing {missing[:2]}, extra {extra[:2]}"
    for mine, theirs in zip(ours, truth, strict=True):
        if mine[1] != theirs[1] or (theirs[2] and mine[2] != theirs[2]):
            return f"entry {mine}, truth {theirs}"
    following = page.truth.get("next")
    following = urljoin(page.url, following) if following else None
    if following != found.next:
        return f"next {found.next!r}, truth {following!r}"
    return None


def peer_answer(ask: Callable[[bytes, str], dict[str, Any]]) -> Callable[[CorpusPage], Answer]:
    """Return what asks one peer; its seconds are those of its own process."""

    def answer(page: CorpusPage) -> Answer:
        found = ask(page.html, page.url)
        return Answer(found["title"], found["date"], None, found["author"], found["body"], found["error"],
                      seconds=found["seconds"])  # fmt: skip

    return answer


_HEADS = ("title", "date", "source", "author", "body P", "R", "F1", "lists", "ms")
_WIDTHS = (7, 7, 8, 8, 8, 7, 7, 8, 8)


def main() -> int:
    """Print one table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="also print up to N misses of newsarchive")
    parser.add_argument("--peers", action="store_true", help="also run the peers; `make peers` installs them")
    options = parser.parse_args()
    root = os.environ.get("NEWSARCHIVE_CORPORA")
    if not root:
        print("NEWSARCHIVE_CORPORA is not set: it names the folder of the corpora", file=sys.stderr)
        return 2
    if options.peers and not peers.installed():
        return 2
    for name in options.sets:
        pages = list(corpus(Path(root) / name))
        print(f"\n{name}: {len(pages)} pages, {len({page.template for page in pages})} templates")
        heads = (f"{head:>{width}}" for head, width in zip(_HEADS, _WIDTHS, strict=True))
        print(" " * 18 + "".join(heads))
        ours = score(pages, newsarchive_answer)
        _print_row("newsarchive", ours)
        for peer in peers.NAMES if options.peers else ():
            with peers.peer(peer) as ask:
                _print_row(peer, score(pages, peer_answer(ask)))
        print(*ours.misses[: options.worst], sep="\n")
    return 0


def _print_row(parser: str, found: Scores) -> None:
    shown = "".join(f"{found.fields[name]:>{width}.3f}" for name, width in zip(FIELDS, (7, 7, 8, 8), strict=True))
    body = f"{found.precision:>8.3f}{found.recall:>7.3f}{found.f1:>7.3f}"
    print(f"{parser:<18}{shown}{body}{f'{found.lists_right}/{found.lists}':>8}{found.milliseconds:>8.1f}")


if __name__ == "__main__":
    sys.exit(main())
