"""How often a host is asked: never more than its robots.txt allows, whatever it answers."""

from collections import Counter

from newsarchive.sample import SampleServer, sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place

DELAY_SECONDS = 0.15
WINDOW_SECONDS = 10
JITTER_SECONDS = 0.1
"""What a busy machine may add to the way of one request and not to that of another."""


def test_no_ten_seconds_see_more_requests_than_the_rate_allows(place: Place) -> None:
    """Pages, retries and redirects together; eight requests could be under way at once."""
    with SampleServer(sample_site(70), crawl_delay_seconds=DELAY_SECONDS) as server:
        first, second, *others = (server.site.path(number) for number in server.site.numbers)
        html = {"Content-Type": "text/html"}
        server.replies.update({path: Reply(503, b"busy", html) for path in others[10:14]})
        server.replies.update({path: Reply(302, b"", {**html, "Location": first}) for path in others[20:24]})
        server.replies[second] = Reply(429, b"", {**html, "Retry-After": "1"})
        assert place.crawl(server).code == 0
        asked = sorted(request.at for request in server.requests)
    allowed = round(WINDOW_SECONDS / DELAY_SECONDS)
    assert len(asked) > allowed * 1.2
    spans = [later - earlier for earlier, later in zip(asked, asked[allowed:], strict=False)]
    assert min(spans) >= WINDOW_SECONDS - JITTER_SECONDS


def test_pages_that_stay_busy_do_not_end_their_host(place: Place) -> None:
    """They are tried again one after the other once all else is done: the host itself asked for no rest."""
    with SampleServer(sample_site(50)) as server:
        busy = [server.site.path(number) for number in server.site.numbers[::6]]
        server.replies.update({path: Reply(503, b"busy", {"Content-Type": "text/html"}) for path in busy})
        assert place.crawl(server).code == 0
        times = Counter(request.path for request in server.requests)
    assert {times[path] for path in busy} == {3}
    place.kept().assert_sound()
