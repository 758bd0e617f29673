"""Fuzz one target: `python -m tests.fuzz.one TARGET SECONDS`. libFuzzer ends the process itself."""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["newsarchive"]):
    from tests.fuzz.targets import TARGETS

from tests.fixtures.golden import cases

FINDS = Path(__file__).parent / "finds"
LONGEST = 20_000
"""Bytes of an input at most."""


def main() -> None:
    """Fuzz until the time is over, from the golden pages on; what breaks the target is written below `finds/`."""
    target, seconds = sys.argv[1:]
    finds = FINDS / target
    finds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, case in enumerate(cases()):
            (Path(corpus) / str(number)).write_bytes(b"\0" + case.page[:LONGEST])
        options = [
            f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=10", "-rss_limit_mb=2048",
            "-verbosity=0", f"-artifact_prefix={finds}/",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, corpus], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
