"""SIGKILL at any moment, again and again: the crawl ends as if nothing had happened (faults F1)."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsarchive.sample import SampleServer
from newsarchive.settings import CONCURRENT_REQUESTS
from tests.faults.books import Books, Essence
from tests.faults.form import LONG
from tests.faults.lives import Life, Nursery
from tests.faults.sites import served

Crawl = Callable[..., Life]


def reference(nursery: Nursery, server: SampleServer) -> Essence:
    """Return what a crawl that nobody killed keeps."""
    ended = nursery.run(
        "crawl", "sample", "--base-url", server.base_url, "--archive", "whole", "--exports", "whole-exports"
    )
    assert ended.code == 0, ended
    server.requests.clear()
    return Books(nursery.folder / "whole" / "sample").essence()


def killed_until_it_ends(crawl: Crawl, server: SampleServer, dice: random.Random, kills: int, pages: int) -> int:
    """Crawl, kill, go on, `kills` times or until a run ends by itself; return how often it was killed."""
    done = 0
    while done < kills:
        life = crawl(server)
        _let_live(life, server, dice, per_life=max(2, pages // kills))
        if not life.runs():
            assert life.wait().code == 0
            return done
        life.kill()
        ended = life.wait()
        assert ended.code in {-9, 0}, ended
        done += ended.code == -9
    assert crawl(server).wait().code == 0
    return done


def _let_live(life: Life, server: SampleServer, dice: random.Random, per_life: int) -> None:
    """Wait for a moment of chance: 15 in a hundred in start-up or recovery, the others somewhere in the crawl."""
    if dice.random() < 0.15:
        time.sleep(dice.uniform(0, 0.25))
        return
    enough = len(server.requests) + dice.randint(1, 2 * per_life)
    deadline = time.monotonic() + 30
    while len(server.requests) < enough and life.runs() and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.02))


def fetched_again(server: SampleServer, books: Books) -> int:
    """Count the requests that a killed run's successor made although an earlier run had the answer already.

    What is asked for in every run whatever happened does not count: robots.txt, feeds, first list pages.
    """
    every_run = {urlsplit(url).path for (url,) in books.query("SELECT url FROM urls WHERE priority <= 1")}
    times = Counter(request.path for request in server.requests)
    return sum(count - 1 for path, count in times.items() if urlsplit(path).path not in every_run)


def test_a_crawl_killed_again_and_again_ends_as_if_never_killed(  # noqa: PLR0913, PLR0917 - a fixture each
    nursery: Nursery, crawl: Crawl, books: Books, dice: random.Random, tmp_path: Path,
    measured: Callable[[str, object], None],
) -> None:  # fmt: skip
    wanted, articles = (200, 1500) if LONG else (20, 150)
    kills = 0
    with served(articles, calendar=True) as server:
        expected = reference(nursery, server)
        pages = len(expected.urls)
        kills = killed_until_it_ends(crawl, server, dice, wanted, pages)
        again = fetched_again(server, books)
        assert books.faults() == []
        assert books.essence().differences(expected) == []
    assert kills >= wanted // 2, "the crawl ended too early to be killed often"
    measured("kills", kills)
    measured("pages fetched again per kill", round(again / kills, 2))
    assert again <= 2 * CONCURRENT_REQUESTS * kills
    verified = nursery.run("verify", "sample")
    assert (verified.code, verified.out) == (0, "sample: sound\n")
    dataset = Books(tmp_path / "exports" / "sample").folder / "articles.jsonl"
    assert len(dataset.read_text(encoding="utf-8").splitlines()) == len(expected.articles)


@pytest.mark.parametrize("hurry", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_run_killed_while_it_recovers_recovers_the_next_time(
    hurry: float, nursery: Nursery, crawl: Crawl, books: Books, small: SampleServer
) -> None:
    expected = reference(nursery, small)
    for _ in range(2):
        life = crawl(small)
        enough = len(small.requests) + 12
        while len(small.requests) < enough and life.runs():
            time.sleep(0.001)
        life.kill()
        life.wait()
        recovering = crawl(small)
        time.sleep(hurry)
        recovering.kill()
        recovering.wait()
    assert crawl(small).wait().code == 0
    assert books.faults() == []
    assert books.essence().differences(expected) == []
