"""The command line with its clock moved: `python tests/evolution/on_day.py DAYS crawl sample …`.

With NEWSARCHIVE_TEST_PARSER set, also with a parser of that version that reads every source differently. Everything
else is real: the process, the sockets, the disk.
"""

import os
import sys
import time

import newsarchive.parsers
from newsarchive.cli.main import exit_code_of
from newsarchive.cli.terminal import prepare_streams
from newsarchive.parsers import article as building
from newsarchive.parsers import reading
from newsarchive.records.article import Article

DAY = 86_400


def main() -> None:
    """Move this process's clock, upgrade its parser, and run the rest of the arguments."""
    offset = float(sys.argv[1]) * DAY
    now = time.time
    time.time = lambda: now() + offset
    if version := os.environ.get("NEWSARCHIVE_TEST_PARSER"):
        _upgrade(version)
    prepare_streams()
    sys.exit(exit_code_of(sys.argv[2:]))


def _upgrade(version: str) -> None:
    build = building.build_article

    def build_anew(page: object, found: object) -> Article:
        article = build(page, found)  # type: ignore[arg-type]
        return article.model_copy(update={"parser": version, "source": f"{article.source} ({version})"})

    setattr(reading, "build_article", build_anew)  # noqa: B010 - a name that the module only imports
    newsarchive.parsers.PARSER_VERSION = version


if __name__ == "__main__":
    main()
