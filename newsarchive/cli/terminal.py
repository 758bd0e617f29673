"""What may reach a terminal: text of pages and files loses the power to move the cursor or hide itself."""

import re
import sys
from io import TextIOWrapper

# C0 and C1 controls but tab and newline, line and paragraph separators, marks that reorder text, lone surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return `text` with every character that a terminal would obey written as an escape, such as `\x1b`."""
    return _UNSAFE.sub(_escape, text)


def one_line(text: str) -> str:
    """Return `text` printable and on one line."""
    return printable(" ".join(text.split()))


def counted(number: int, things: str) -> str:
    """Return how many things there are in words: `things` is a plural in -s, which one of them goes without."""
    return f"{number} {things.removesuffix('s') if number == 1 else things}"


def complain(text: str) -> None:
    """Print the one line on standard error with which every failure is told."""
    print(f"newsarchive: {one_line(text)}", file=sys.stderr)  # noqa: T201


def prepare_streams() -> None:
    """Make standard output and error take any character: a narrow locale shows escapes instead of failing.

    What is piped or written to a file is UTF-8 wherever newsarchive runs.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004
