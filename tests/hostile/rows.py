"""Every row of the table in docs/hostile.md."""

from functools import cache

from tests.hostile.cases import Case
from tests.hostile.rows_of_pages import page_cases
from tests.hostile.rows_of_transport import transport_cases


@cache
def cases(canary: int) -> tuple[Case, ...]:
    """Return every case; `canary` is the port of a server on loopback that nobody may connect to."""
    return (*transport_cases(canary), *page_cases(canary))
