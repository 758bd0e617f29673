"""A thousand days of a watcher: sleeps, kills, clocks that jump, slow runs; no double run, and no day without one."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from newsarchive.configuration.values import Schedule, Window
from newsarchive.watching.decision import History, believed, decide
from newsarchive.watching.timing import Plan

DAYS = 1000
DAY = 86400.0
BEGINNING = 1_811_808_000.0  # 1 June 2027: three changes of clocks each way, and the 29th of February 2028

PLANS = (
    Plan("night", Schedule.read("30 2 * * *"), "Europe/Berlin", None, 300),
    Plan("shanghai", Schedule.read("0 4 * * *"), "Asia/Shanghai", None, 600),
    Plan("quarter", Schedule.read("6h"), "America/New_York", None, 300),
    Plan("window", Schedule.read("1d"), "America/New_York", Window.read("22:00-06:00"), 0),
    Plan("leap", Schedule.read("0 12 29 2 *"), "Europe/Berlin", None, 0),
)
PERIODS = {"night": DAY, "shanghai": DAY, "quarter": DAY / 4, "window": DAY}


@dataclass
class Run:
    """One crawl, in true time."""

    site: str
    began: float
    ends: float
    noted: float
    """What the watcher's clock said at its start."""
    resumed: bool


@dataclass
class World:
    """True time, what the clock shows, what is on the disk, and what runs."""

    random: random.Random
    now: float = BEGINNING
    clock_error: float = 0.0
    disk: dict[str, History] = field(default_factory=dict)
    running: dict[str, Run] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    away: list[tuple[float, float]] = field(default_factory=list)
    """When nobody watched: asleep, off or killed."""
    jumps: list[tuple[float, float]] = field(default_factory=list)
    """When the clock was set, in true time, and by how much."""

    @property
    def clock(self) -> float:
        return self.now + self.clock_error

    def pass_away(self, seconds: float, *, killed: bool) -> None:
        """Let time pass in which nobody watches. A kill takes the crawls with it, a sleep holds them up."""
        began = self.now
        self.now += seconds
        self.away.append((began, self.now))
        for site, run in list(self.running.items()):
            if killed:
                del self.running[site]
                run.ends = began
            else:
                run.ends += seconds

    def reap(self) -> None:
        for site, run in list(self.running.items()):
            if run.ends <= self.now:
                del self.running[site]
                history = self.disk[site]
                self.disk[site] = History(history.watched_at, history.started_at)

    def look(self, processes: int) -> None:
        """Do what a watcher does each time it wakes."""
        self.reap()
        self.disk |= {plan.site: believed(plan, self.disk.get(plan.site), self.clock) for plan in PLANS}
        decision = decide(self.clock, PLANS, self.disk, self.running.keys(), processes)
        for site in decision.stop:
            self.running.pop(site).ends = self.now  # stopped with work left: it has not come to its end
        for site in decision.start:
            assert site not in self.running, "two at once"
            resumed = not self.disk[site].ended
            slow = self.random.random() < 0.02
            seconds = self.random.uniform(DAY, 2 * DAY) if slow else self.random.uniform(60, 4 * 3600)
            run = Run(site, self.now, self.now + seconds, self.clock, resumed)
            self.disk[site] = History(self.disk[site].watched_at, self.clock, ended=False)
            self.running[site] = run
            self.runs.append(run)
        assert len(self.running) <= processes
        coming = [run.ends for run in self.running.values()]
        if decision.wake_at is not None:
            coming.append(self.now + decision.wake_at - self.clock)
        # A watcher looks every half minute; nothing happens in between but what is named here.
        self.now = max(self.now + 1.0, min(coming, default=self.now + DAY))


def lived(seed: int, *, jumping: bool) -> World:
    dice = random.Random(seed)  # noqa: S311 - reproducible
    world = World(dice)
    disturbance = world.now + dice.expovariate(1 / (2 * DAY))
    while world.now < BEGINNING + DAYS * DAY:
        world.look(processes=3)
        if world.now < disturbance:
            continue
        kind = dice.choice(["sleep", "kill", "restart", *(["jump"] * 2 if jumping else [])])
        if kind == "jump":
            wrong = (0.0, dice.uniform(-3600, 3600), dice.uniform(-3 * DAY, 3 * DAY), 400 * DAY)
            before, world.clock_error = world.clock_error, dice.choice(wrong)
            world.jumps.append((world.now, world.clock_error - before))
        else:
            longest = dice.choice([60.0, DAY / 2, 5 * DAY])
            world.pass_away(dice.uniform(1, longest), killed=kind != "sleep")
        disturbance = world.now + dice.expovariate(1 / (2 * DAY))
    return world


def planned_of(plan: Plan, noted: float) -> float:
    """Return the planned instant that a start serves: the last one at or before it."""
    instant = noted - 3 * DAY
    while (coming := plan.due_after(instant)) <= noted:
        instant = coming
    return instant


def gaps(world: World, plan: Plan) -> Iterator[tuple[float, float, float]]:
    """Yield when a run of `plan` began, how long the next was in coming, and how long it may be without a jump.

    That is the period and its jitter, the time nobody watched or others held the processes, and a day for a window.
    """
    begins = [run.began for run in world.runs]
    starts = [BEGINNING, *(run.began for run in world.runs if run.site == plan.site), BEGINNING + DAYS * DAY]
    for begun, following in pairwise(starts):
        near = world.runs[bisect_left(begins, begun - 10 * DAY) : bisect_left(begins, following)]
        held_up = sum(run.ends - run.began for run in near if run.ends > begun)
        absent = sum(max(0.0, min(end, following) - max(begin, begun)) for begin, end in world.away)
        night = 16 * 3600 if plan.window else 0
        yield begun, following - begun, PERIODS[plan.site] + 3600 + 660 + absent + night + held_up


def assert_none_is_served_twice(world: World, plan: Plan) -> None:
    for before, run in pairwise(run for run in world.runs if run.site == plan.site):
        assert run.began >= before.ends, "two at once"
        set_back = -sum(by for at, by in world.jumps if before.began < at <= run.began and by < 0)
        if run.resumed or set_back > DAY / 2:
            continue  # it goes on with one that had no end; or the clock had been far ahead
        if plan.schedule.cron:
            assert planned_of(plan, run.noted) > planned_of(plan, before.noted), "one planned start, served twice"
        elif not world.jumps:
            assert run.began - before.began >= PERIODS[plan.site], "sooner than was asked for"


def test_in_a_thousand_days_no_planned_start_is_served_twice_and_no_day_is_missed() -> None:
    world = lived(1, jumping=False)
    for plan in PLANS[:4]:
        assert_none_is_served_twice(world, plan)
        assert [gap for gap in gaps(world, plan) if gap[1] > gap[2]] == []
        assert sum(run.site == plan.site for run in world.runs) >= 0.6 * DAYS
    assert [run.noted for run in world.runs if run.site == "leap" and not run.resumed] != []


def test_clocks_that_jump_start_nothing_twice_and_stop_nothing_for_good() -> None:
    world = lived(1, jumping=True)
    assert len(world.jumps) > 50
    for plan in PLANS[:4]:
        assert_none_is_served_twice(world, plan)
        for begun, gap, allowed in gaps(world, plan):
            jumps = sum(begun < at <= begun + gap for at, _ in world.jumps)
            # Each jump may cost a period, and a night where there is a window.
            assert gap <= allowed + jumps * (DAY + PERIODS[plan.site]), "stopped for good"
