"""The collector of cycles rests while a program loads, and is as it was when that is over."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from newsarchive import collector


class Ring:
    """An object that only the collector frees."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


def rings() -> int:
    return sum(isinstance(thing, Ring) for thing in gc.get_objects())


def test_what_was_made_while_loading_is_walked_no_more_and_what_comes_later_is_freed() -> None:
    with collector.loading():
        assert not gc.isenabled()
        Ring()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    Ring()
    gc.collect()
    assert rings() == 0, "neither in the part that is walked"
    gc.unfreeze()
    assert rings() == 1, "the one made while loading was set aside"


def test_a_crawl_begins_to_collect_once_it_is_loaded_and_leaves_everything_as_it_was() -> None:
    before = gc.get_threshold()
    with collector.crawling():
        assert not gc.isenabled()
        collector.loaded()
        assert gc.isenabled()
        assert gc.get_threshold() == collector.THRESHOLDS
        frozen = gc.get_freeze_count()
        Ring()
        collector.loaded()  # of a second site in the same process
        assert gc.get_freeze_count() == frozen
    assert gc.isenabled()
    assert gc.get_threshold() == before


@pytest.mark.parametrize("phase", [collector.loading, collector.crawling])
def test_a_program_that_collects_by_itself_is_left_to_it(phase: Callable[[], AbstractContextManager[None]]) -> None:
    gc.disable()
    with phase():
        pass
    assert not gc.isenabled()


def test_few_objects_around_many_bytes_are_collected_by_what_they_weigh() -> None:
    gc.collect()
    gc.set_threshold(1_000_000)
    weighed = collector.Weighed()
    Ring()
    weighed.add(collector.MUCH_BYTES - 1)
    assert rings() == 1
    weighed.add(1)
    assert rings() == 0
    Ring()
    weighed.add(collector.MUCH_BYTES - 1)
    assert rings() == 1, "it weighs anew"


def test_what_was_made_while_it_rested_is_looked_after_again() -> None:
    with collector.resting():
        assert not gc.isenabled()
        Ring()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert rings() == 0
