"""What an optional dependency is needed for, told in one line where it is missing."""

from importlib.util import find_spec

from newsarchive.errors import MissingExtraError


def needs(package: str, extra: str) -> None:
    """Raise `MissingExtraError` if `package`, which the extra brings, is not installed."""
    if find_spec(package) is None:
        raise MissingExtraError(f"{package} is not installed; type: pip install 'newsarchive[{extra}]'")
