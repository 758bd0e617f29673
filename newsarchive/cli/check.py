"""`newsarchive check`: see that what a run needs is there."""

from typing import Annotated

import typer

from newsarchive.cli.aftermath import test_notification
from newsarchive.errors import ConfigurationError


def check(
    *,
    notify_test: Annotated[
        bool, typer.Option("--notify-test", help="Send a test message to every notification service.")
    ] = False,
) -> None:
    """Check what newsarchive needs to run.

    Exit codes: 0 all is well, 2 something is not.
    """
    if not notify_test:
        raise ConfigurationError("check: name what to check: --notify-test")
    test_notification()
