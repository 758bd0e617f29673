"""What was a seed is one in a rebuilt catalogue, whoever names it and whatever the site file says by then."""

from typing import Any

from newsarchive.operations.access import Held
from newsarchive.operations.withdraw import withdraw
from newsarchive.sites.scope import Scope
from tests.preservation.keeper import DAY, ORIGIN, URLS, Keeper, answer, page

HOME, ABOUT = f"{ORIGIN}/", f"{ORIGIN}/about.html"


def give_seeds(keeper: Keeper, *seeds: str) -> None:
    """Write the seeds into the site file, so to speak."""
    keeper.scope = Scope(keeper.scope.site.model_copy(update={"seeds": seeds}))
    keeper.held = Held(keeper.layout, keeper.scope)


def row_of(keeper: Keeper, url: str) -> tuple[Any, ...]:
    (row,) = keeper.query(f"SELECT via, depth, deep, kind, class, priority, due_at FROM urls WHERE url = '{url}'")  # noqa: S608
    return row


def test_a_seed_that_a_page_named_and_nobody_asked_for_yet_is_still_one(keeper: Keeper) -> None:
    give_seeds(keeper, "/", "/about.html")
    keeper.run([(HOME, answer(page("/")))])
    before = row_of(keeper, ABOUT)
    assert before[:2] == (None, 0)
    keeper.rebuild()
    assert row_of(keeper, ABOUT) == before


def test_a_seed_that_the_site_file_drops_stays_due_in_every_run(keeper: Keeper) -> None:
    give_seeds(keeper, "/", "/about.html")
    keeper.run([(HOME, answer(page("/"))), (ABOUT, answer(page("/about.html")))])
    give_seeds(keeper, "/")
    before = row_of(keeper, ABOUT)
    assert before[:2] == (None, 0)
    keeper.rebuild()
    assert row_of(keeper, ABOUT) == before


def test_a_page_that_became_a_seed_after_it_was_found_is_due_as_it_was(keeper: Keeper) -> None:
    keeper.run([(HOME, answer(page("/")))])
    give_seeds(keeper, "/", "/about.html")
    keeper.run([(ABOUT, answer(page("/about.html")))])
    before = row_of(keeper, ABOUT)
    assert before[:2] == (HOME, 1)
    keeper.rebuild()
    assert row_of(keeper, ABOUT) == before


def test_a_page_that_was_withdrawn_becomes_no_seed(keeper: Keeper) -> None:
    keeper.run([(HOME, answer(page("/")))])
    keeper.run([(URLS[0], answer(page(URLS[0])))])
    before = row_of(keeper, URLS[0])
    ((name,),) = keeper.query("SELECT id FROM articles")
    withdraw(keeper.held, name, "a request", (keeper.now + DAY).timestamp(), "newsarchive test")
    assert row_of(keeper, URLS[0])[:2] == before[:2] == (HOME, 1)
