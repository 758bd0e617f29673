"""robots.txt: what an answer to it allows (RFC 9309)."""

from collections.abc import Sequence
from dataclasses import dataclass

from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309, section 2.5: at least 500 KiB are read; what follows is not."""

AGENT = "newsarchive"
"""The product token that rules are looked up by."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host. `rules` is None where there is no robots.txt: everything is allowed."""

    rules: Protego | None = None

    @classmethod
    def parsed(cls, content: bytes) -> "Robots":
        """Return the rules in a robots.txt; lines that are none are passed over."""
        # With a byte order mark, as some editors leave it, the first group would name no agent.
        text = content[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
        return cls(Protego.parse(text))

    def allows(self, url: str) -> bool:
        """Tell whether the rules let us visit `url`."""
        return self.rules is None or self.rules.can_fetch(url, AGENT)

    @property
    def delay_seconds(self) -> float:
        """The Crawl-delay asked of us; 0 where none is."""
        return (self.rules.crawl_delay(AGENT) or 0.0) if self.rules else 0.0

    @property
    def sitemaps(self) -> Sequence[str]:
        """The sitemaps that the file names."""
        return tuple(self.rules.sitemaps) if self.rules else ()
