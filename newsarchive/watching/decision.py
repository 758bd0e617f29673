"""What to start and what to stop now, and when to look again. Pure: clock and state in, decision out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from newsarchive.watching.timing import Plan

LONGEST_DISBELIEF_SECONDS = 12 * 3600.0
"""A start that lies further in the future than this was noted by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of a site from one watcher to the next."""

    watched_at: float
    """When it was first watched."""
    started_at: float | None = None
    """When its last crawl was started; None: none was."""
    ended: bool = True
    """That crawl came to its end; False: it runs, or died, or was stopped with work left."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now."""

    start: tuple[str, ...]
    """Sites to start, the longest due first."""
    stop: tuple[str, ...]
    """Sites that run and whose window has closed."""
    wake_at: float | None
    """The next instant at which something changes by itself; None: none that is known."""


def decide(
    now: float, plans: Sequence[Plan], histories: Mapping[str, History], running: Collection[str], processes: int
) -> Decision:
    """Return what to do at `now`.

    A site that runs is never started. However many starts were missed, one makes up for them, since the next one is
    due after it. `histories` has every site of `plans`, as `believed` gives them.
    """
    ready: list[tuple[float, str]] = []
    stop, wakes = [], []
    for plan in plans:
        if plan.site in running:
            if plan.opening(now) > now:
                stop.append(plan.site)
            elif (closes := plan.closing(now)) is not None:
                wakes.append(closes)
            continue
        due = due_at(plan, histories[plan.site])
        opens = plan.opening(max(due, now))
        if opens <= now:
            ready.append((due, plan.site))
        else:
            wakes.append(opens)
    start = tuple(site for _, site in sorted(ready)[: max(0, processes - len(running))])
    return Decision(start, tuple(stop), min(wakes, default=None))


def due_at(plan: Plan, history: History) -> float:
    """Return when a site that does not run is due, windows apart.

    At once where its last crawl did not come to its end, or where a length of time was given and nothing was crawled
    yet; a cron expression is waited for the first time, too.
    """
    if history.started_at is None:
        return history.watched_at if plan.schedule.every else plan.due_after(history.watched_at)
    return plan.due_after(history.started_at) if history.ended else history.started_at


def believed(plan: Plan, history: History | None, now: float) -> History:
    """Return what to go by at `now`: what was noted while the clock was far ahead would stop a site for as long.

    A clock that is set back a little changes nothing: what was started is not started again at the same hour.
    """
    if history is None:
        return History(watched_at=now)
    if history.watched_at > now:
        history = replace(history, watched_at=now)
    if history.started_at is None or history.started_at <= now:
        return history
    period = plan.due_after(history.started_at) - history.started_at
    if history.started_at - now > min(period / 2, LONGEST_DISBELIEF_SECONDS):
        return replace(history, started_at=now)
    return history
