"""The moving lines on a terminal: one display for all crawls of a process, which would draw over each other's."""

from functools import cache

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from newsarchive.extensions.pace import Standing


class Display:
    """Two lines for each crawl under way, cut where the terminal ends: a line that wraps would be drawn again."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._live: Live | None = None
        self._shown: dict[str, Standing] = {}

    def show(self, site: str, standing: Standing) -> None:
        """Draw how far a crawl is."""
        self._shown[site] = standing
        if self._live is None:
            self._live = Live(console=self.console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._drawn(), refresh=True)

    def leave(self, site: str) -> None:
        """Draw a crawl no more; after the last one the terminal is as it was."""
        self._shown.pop(site, None)
        if self._live is None:
            return
        self._live.update(self._drawn(), refresh=True)
        if not self._shown:
            self._live.stop()
            self._live = None

    def _drawn(self) -> Group:
        lines = [
            Text(line, no_wrap=True, overflow="ellipsis")
            for site, standing in self._shown.items()
            for line in (f"{site}: {standing.done}", f"    {standing.to_do}")
        ]
        return Group(*lines)


@cache
def display() -> Display:
    """Return the display of this process, on standard error."""
    return Display(Console(stderr=True))
