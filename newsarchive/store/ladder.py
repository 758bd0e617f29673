"""When a URL is due again: pure functions of what is known of it.

Times are whole seconds since 1970-01-01T00:00:00Z. What is due in *every* run is due at the instant of its last
visit: a later run started after it, the run of the visit itself did not.
"""

import hashlib
from itertools import pairwise

DAY = 86_400
RUNGS = (1 * DAY, 3 * DAY, 10 * DAY, 30 * DAY, 90 * DAY, 365 * DAY)
ROTATION = 27 * DAY
"""Every deeper list page is read again within 30 days: 27, and a tenth for jitter."""

FILE_RUNGS = RUNGS[2:]
"""Attachments and other requisites are looked at again less often: they are replaced seldom, and are large."""

RETRY_SECONDS = (2, 15)
"""Waits after the first and the second failure of a URL, inside the same run; the third ends the tries of that run."""

ROBOTS_RETRY_SECONDS = (1, 4)
"""Waits before a robots.txt without an answer is asked for again: nothing else of its host is fetched meanwhile."""

EVERY_RUN_KINDS = frozenset({"robots", "sitemap", "feed"})


def article_due(url: str, visited_at: int, unchanged_since: int) -> int:
    """Return when an article is due again.

    `unchanged_since` is its last change or, before any, the day it shows. The wait is the first rung above the time
    that has passed since then, so an article that is old when it is first seen starts high, one that has changed
    starts anew, and yearly is the last rung.
    """
    return _next_rung(url, visited_at, unchanged_since, RUNGS)


def file_due(url: str, visited_at: int, unchanged_since: int) -> int:
    """Return when an attachment or another requisite is due again; its rungs are those of articles from the third on.

    `unchanged_since` is when it was first seen, or seen to be another file under the same URL.
    """
    return _next_rung(url, visited_at, unchanged_since, FILE_RUNGS)


def page_due(url: str, visited_at: int, *, every_run: bool) -> int:
    """Return when a list or another page is due again: in every run, or once in the rotation."""
    return visited_at if every_run else visited_at + _with_jitter(url, ROTATION)


def failure_due(url: str, now: int, failures: int) -> tuple[int, bool]:
    """Return when a failed URL is due again, and whether that is still the same run's business.

    `failures` counts the failures in a row, this one included.
    """
    if failures <= len(RETRY_SECONDS):
        return now + RETRY_SECONDS[failures - 1], True
    later = RUNGS[min(failures - len(RETRY_SECONDS), len(RUNGS)) - 1]
    return now + _with_jitter(url, later), False


def robots_due(now: int, failures: int, not_before: int | None) -> int | None:
    """Return when a robots.txt that failed for a moment is asked for again in the same run; None: not in this run.

    `failures` counts those in a row, in earlier runs, too: each run has as many tries. `not_before` is the server's
    wish.
    """
    tries = (failures - 1) % (len(ROBOTS_RETRY_SECONDS) + 1)
    if tries == len(ROBOTS_RETRY_SECONDS):
        return None
    due_at = now + ROBOTS_RETRY_SECONDS[tries]
    return due_at if not_before is None or not_before <= due_at else None


def gone_due(url: str, now: int, times: int) -> int:
    """Return when a URL that is gone is looked for again; `times` counts such answers in a row."""
    return now + _with_jitter(url, RUNGS[min(times, len(RUNGS)) - 1])


def _next_rung(url: str, visited_at: int, unchanged_since: int, rungs: tuple[int, ...]) -> int:
    age = max(0, visited_at - unchanged_since)
    for low, high in pairwise((0, *rungs)):
        if low <= age < high:
            return visited_at + _with_jitter(url, high)
    return visited_at + _with_jitter(url, rungs[-1])


def _with_jitter(url: str, seconds: int) -> int:
    # Up to a tenth more or less, from the URL and not from a die: the same history gives the same instant, so a
    # rebuilt catalogue is due at the same times, and articles found together spread.
    draw = int.from_bytes(hashlib.blake2b(url.encode(), digest_size=4).digest(), "big") / 2**32
    return int(seconds * (0.9 + 0.2 * draw))
