"""Fuzz every target with atheris, one process each, and keep what breaks one as a test.

    python -m tests.fuzz [--seconds 3600] [TARGET…]

The time is shared by the targets. An input that breaks one is written to tests/fuzz/finds/<target>/; the tests read
every file there, so that a find stays a test once it is mended.
"""

import argparse
import importlib.util
import subprocess
import sys

from tests.fuzz.targets import TARGETS


def main() -> int:
    """Fuzz the targets one after the other; return 1 if one broke, 2 without atheris."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; default: all")
    parser.add_argument("--seconds", type=int, default=3600, help="for all of them together")
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no target is called {', '.join(sorted(unknown))}; expected some of {', '.join(TARGETS)}")
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("atheris is not installed; the properties in tests/fuzz/test_targets.py need none\n")
        return 2
    seconds = str(max(1, options.seconds // len(names)))
    command = [sys.executable, "-m", "tests.fuzz.one"]
    broken = [name for name in names if subprocess.run([*command, name, seconds], check=False).returncode]
    told = f"broken: {', '.join(broken)}; see tests/fuzz/finds" if broken else f"{len(names)} targets, none broken"
    sys.stdout.write(f"{told}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
