"""What `verify` says."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was committed."""

    path: Path
    offset: int | None
    """Where it begins; None where the whole file is meant."""
    what: str

    def __str__(self) -> str:
        place = "" if self.offset is None else f"offset {self.offset}: "
        return f"{self.path}: {place}{self.what}"
