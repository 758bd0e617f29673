"""Sites without end end: each trap within 200 pages, with its reason in the log, whatever the site file says."""

from collections.abc import Iterator

import pytest

from tests.crawl.command import Place
from tests.hostile.crawls import ARTICLES, HostileRun, crawl, declare
from tests.hostile.server import HostileServer
from tests.hostile.traps import TRAPS

GOOD = 40


@pytest.fixture(scope="module", params=[ARTICLES, ""], ids=["with article_url", "without"])
def trapped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileRun]:
    place = Place(tmp_path_factory.mktemp("traps") / "work")
    place.folder.mkdir(parents=True)
    with HostileServer(good=GOOD, trapped=True) as server:
        declare(place, server, more=request.param)
        yield crawl(place, server)
    place.clear()


def test_a_crawl_of_traps_ends_by_itself_and_keeps_every_good_page(trapped: HostileRun) -> None:
    assert trapped.ended.code == 0, trapped.ended.err
    assert trapped.good_stored == GOOD


@pytest.mark.parametrize("start", TRAPS)
def test_a_trap_ends_after_a_bounded_number_of_pages_with_its_reason(trapped: HostileRun, start: str) -> None:
    asked = sum(times for path, times in trapped.server.logs["main"].paths.items() if path.startswith(start))
    assert 0 < asked <= 200
    reasons = {
        lines[-1]["reason"].partition(":")[0]
        for url, lines in trapped.outcomes.items()
        if start in url and lines[-1]["outcome"] == "refused"
    }
    assert reasons == {"trap"}
