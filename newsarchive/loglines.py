"""Lines that tell what a long-running command does: for people, or a JSON object each."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Any

from newsarchive.timestamps import iso, utc


class Format(StrEnum):
    """How lines are written."""

    PLAIN = "plain"
    JSON = "json"


class LogLines:
    """Writes lines to standard error; several threads may."""

    def __init__(self, form: Format, *, quiet: bool = False, clock: Callable[[], float] = time.time) -> None:
        self.form = form
        self.quiet = quiet
        self._clock = clock
        self._lock = threading.Lock()

    def tell(self, event: str, site: str | None, text: str, **fields: Any) -> None:  # noqa: ANN401 - JSON
        """Write a line, unless only errors are wanted: `text` for people, `event`, `site` and `fields` as JSON."""
        if self.quiet and event != "error":
            return
        if self.form is Format.JSON:
            line = {"at": iso(utc(self._clock())), "event": event, "site": site, "text": text, **fields}
            self.write(json.dumps(line, ensure_ascii=False, default=str))
        else:
            self.write(f"{site}: {text}" if site else text)

    def write(self, line: str) -> None:
        """Write a line as it is. Where nobody reads any more, as after a watcher's death, the work goes on."""
        with self._lock, suppress(BrokenPipeError):
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - it is the log


class JsonFormatter(logging.Formatter):
    """A record of the standard library's logging as one line of JSON, as `LogLines` writes them."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": iso(utc(record.created)),
            "event": "log",
            "level": record.levelname,
            "logger": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
