"""newsarchive: a living, citable archive of a research institute's news."""

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["__version__", "load", "parse"]

if TYPE_CHECKING:
    from newsarchive.datasets.load import load
    from newsarchive.parsers import parse


def __getattr__(name: str) -> object:
    # `import newsarchive` stays instant; what a name needs loads when it is first used.
    if name == "parse":
        from newsarchive.parsers import parse  # noqa: PLC0415

        return parse
    if name == "load":
        from newsarchive.datasets.load import load  # noqa: PLC0415

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
