"""What the environment asks for; the one place outside Scrapy's settings that reads it."""

import os
from pathlib import Path
from typing import NamedTuple

DEFAULT_SITES = Path("sites")
DEFAULT_ARCHIVE = Path("archive")
DEFAULT_EXPORTS = Path("exports")


class Environment(NamedTuple):
    """The `NEWSARCHIVE_` variables; one that is set and empty counts as not set."""

    sites: Path
    """`NEWSARCHIVE_SITES`: the folder of the user's own site files; default `./sites`."""
    archive: Path
    """`NEWSARCHIVE_HOME`: the folder that holds the collections; default `./archive`."""
    exports: Path
    """`NEWSARCHIVE_EXPORTS`: the folder that holds the datasets; default `./exports`."""
    contact: str | None
    """`NEWSARCHIVE_CONTACT`: an e-mail address or a URL where a crawled site's owner reaches the person who crawls;
    None: a live site is not crawled."""


def read_environment() -> Environment:
    """Return what the environment asks for now."""
    return Environment(
        sites=Path(_value("SITES") or DEFAULT_SITES),
        archive=Path(_value("HOME") or DEFAULT_ARCHIVE),
        exports=Path(_value("EXPORTS") or DEFAULT_EXPORTS),
        contact=_value("CONTACT"),
    )


def _value(name: str) -> str | None:
    return os.environ.get(f"NEWSARCHIVE_{name}", "").strip() or None
