"""How much an observation weighs."""

from typing import Literal, NamedTuple

from newsarchive.records.verdict import Evidence

Weight = Literal["broken", "degraded", "note"]
"""What a verdict is at best with this evidence; a `note` speaks against nothing."""


class Finding(NamedTuple):
    """An observation and its weight."""

    weight: Weight
    evidence: Evidence
