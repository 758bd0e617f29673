"""What an optional dependency is needed for, told in one line where it is missing."""

import shlex
import sys
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec

from newsarchive.errors import MissingExtraError


def needs(package: str, extra: str) -> None:
    """Raise `MissingExtraError` if `package`, which the extra brings, is not installed."""
    if find_spec(package) is None:
        raise MissingExtraError(f"{package} is not installed; type: {install_line(extra)}")


def install_line(extra: str) -> str:
    """Return the command that installs what an extra brings, beside the Python that runs and by no other name.

    Not `newsarchive[extra]`: no index has newsarchive, and whoever took the name there would be installed.
    """
    try:
        wanted = [text for text in requires("newsarchive") or () if text.endswith(f'extra == "{extra}"')]
    except PackageNotFoundError:  # run from a folder that was never installed
        wanted = []
    names = [text.partition(";")[0].strip() for text in wanted] or [f".[{extra}]"]
    return shlex.join([sys.executable, "-m", "pip", "install", *names])
