"""What preserving costs a crawl: the same crawl over loopback with and without its captures.

Without them nothing is encoded, packed, digested for WARC, indexed or written of what came over the wire; everything
else (the tee on the connection, reading, commits, revisions, catalogue, dataset) is as it is. Each crawl is a process
of its own; its CPU time, start-up included, is the operating system's account of it. Prints a table and the ratio.

    python benchmarks/capture_speed.py [--articles 600] [--rounds 5]
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.crawl_speed import Run, print_costs, served, timed

CODE = "from newsarchive.cli.main import main; main()"
WITHOUT = """
from newsarchive.records.capture import CaptureRef
from newsarchive.store.segments import SegmentWriter


def append(self, exchange, unchanged_digest=None):
    return CaptureRef(warc=self._name, offset=0, record_id="urn:uuid:0", payload_digest=exchange.payload_digest)

SegmentWriter.append = append
SegmentWriter.append_article = lambda self, exchange, capture, line: None
"""
KINDS = {"without captures": WITHOUT + CODE, "newsarchive crawl": CODE}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    runs: dict[str, list[Run]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        server, base_url = served(options.articles)
        try:
            for number in range(options.rounds):
                for place, (kind, code) in enumerate(KINDS.items()):
                    home = Path(folder, f"{number}-{place}")
                    run = timed(
                        [sys.executable, "-c", code, "crawl", "sample", "--base-url", base_url,
                         "--archive", str(home / "archive"), "--exports", str(home / "exports")],
                        Path(folder),
                    )  # fmt: skip
                    (log,) = (home / "archive" / "sample" / "runs").glob("*.jsonl")
                    asked = sum('"status":null' not in line for line in log.read_text(encoding="utf-8").splitlines())
                    runs[kind].append(run._replace(pages=asked))
        finally:
            server.terminate()
            server.wait()
    reference, ours = print_costs(runs)
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, reference, strict=True))
    print(f"\npreserving costs {(ratio - 1) * 100:.0f} % more CPU time a page (median of {len(ours)} pairs)")


if __name__ == "__main__":
    main()
