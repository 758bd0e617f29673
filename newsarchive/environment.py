"""The environment of this process, where it concerns newsarchive; nothing else reads it but Scrapy's settings."""

import os
from collections.abc import Mapping

PREFIX = "NEWSARCHIVE_"
_PRIVATE = 0o077


def make_files_private() -> None:
    """Make what this process and those it starts write be for nobody else, unless its owner says so afterwards."""
    os.umask(os.umask(_PRIVATE) | _PRIVATE)


def variables() -> dict[str, str]:
    """Return the variables whose names begin with `NEWSARCHIVE_`; one that is set and empty counts as not set."""
    return {name: value.strip() for name, value in os.environ.items() if name.startswith(PREFIX) and value.strip()}


def inherited(more: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment for a process that this one starts, with `more` over it."""
    return {**os.environ, **more}
