"""What a crawl of the sample must get past: every URL on it that is not a plain page."""

from collections.abc import Mapping
from dataclasses import dataclass

LIBRARY = "http://library.elsewhere.test/catalogue"
WEIXIN = "https://weixin.elsewhere.test/s/abc123"
MIRROR = "http://www.sample.newsarchive.test/f/201903/1001.html"


@dataclass(frozen=True, slots=True)
class Traps:
    """URLs that pages of the site link to, by what is wrong with them."""

    disallowed: frozenset[str]
    """Forbidden by robots.txt."""
    offsite: frozenset[str]
    """On other hosts."""
    session_urls: Mapping[str, str]
    """Spellings of articles with a session in them, and the article's one right URL."""
    redirects: Mapping[str, str]
    """URLs that answer 301, and where to; one leads to another host."""
    missing: str
    """Answers 404."""
    soft_missing: str
    """Answers 200 with a page that says that there is nothing; its URL looks like an article's."""
    calendar: str
    """The first month of a calendar that goes on for ever."""


def traps_of(origin: str, newest_articles: list[str]) -> Traps:
    """Return the traps of the site at `origin`, which has these articles."""
    spellings = ("{}?sid=9f27c1", "{};jsessionid=5D41402A", "{}?PHPSESSID=77bfa0")
    sessions = {spellings[at % len(spellings)].format(url): url for at, url in enumerate(newest_articles)}
    redirects = {f"{origin}/old/{at}.html": url for at, url in enumerate(newest_articles[:2], 1)}
    return Traps(
        disallowed=frozenset(
            origin + path for path in ("/internal/", "/internal/2031.html", "/search?q=%E7%BB%BF%E6%B4%B2")
        ),
        offsite=frozenset({LIBRARY, WEIXIN, MIRROR}),
        session_urls=sessions,
        redirects={**redirects, f"{origin}/partner": LIBRARY},
        missing=f"{origin}/old/index.html",
        soft_missing=f"{origin}/f/201901/900.html",
        calendar=f"{origin}/calendar/2026/11",
    )
