"""What an export costs by format: time, CPU, rows a second and peak memory, beside DuckDB's COPY of the same rows.

Every export runs in a process of its own, on a made collection and on one of a tenth of its articles: the peak memory
must not grow with the articles. The reference reads the JSON Lines of the five datasets and writes them in the same
format, with the types that DuckDB finds by itself; it has no SQLite without a download. Ratio: our CPU by DuckDB's.

    python benchmarks/datasets_export.py [--articles 100000]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.made_collection import make_collection
from newsarchive.datasets.export import FORMATS, export_collection
from newsarchive.datasets.tables import TABLES
from newsarchive.store.layout import Layout

LONGEST_LINE = 64 * 1024**2
COPIES = {"jsonl": "FORMAT json", "csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd"}

Figures = dict[str, float]


def main() -> None:
    """Make the collections, measure every format, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the collections are made, and stay (default: nowhere)")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measured(*options.measure)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        big, small = (_made(folder, count) for count in (options.articles, max(options.articles // 10, 1)))
        print(
            f"{options.articles} articles\n{'format':9}{'s':>8}{'CPU s':>8}{'rows/s':>9}{'MiB':>7}{'of a tenth':>11}"
            f"{'DuckDB CPU s':>14}{'MiB':>7}{'ratio':>7}"
        )
        for name in FORMATS:
            ours, tenth = _run("export", name, big), _run("export", name, small)
            line = (
                f"{name:9}{ours['wall']:8.1f}{ours['cpu']:8.1f}{ours['rows'] / ours['wall']:9.0f}{ours['mib']:7.0f}"
                f"{tenth['mib']:11.0f}"
            )
            if name in COPIES:
                theirs = _run("copy", name, big)
                line += f"{theirs['cpu']:14.1f}{theirs['mib']:7.0f}{ours['cpu'] / theirs['cpu']:7.2f}"
            print(line, flush=True)


def _made(folder: Path, articles: int) -> Path:
    archive = folder / f"archive-{articles}"
    if not archive.exists():
        make_collection(archive, articles)
    return archive


def _run(what: str, name: str, archive: Path) -> Figures:
    command = [sys.executable, __file__, "--measure", what, name, str(archive)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(ran.stdout)
    return figures


def _measured(what: str, name: str, archive: str) -> Figures:
    wall, cpu = time.perf_counter(), time.process_time()
    exports = Path(f"{archive}-exports")
    if what == "export":
        chosen = [known for known in FORMATS if known == name]
        rows = sum(export_collection(Layout(Path(archive), "sample"), exports, chosen).rows.values())
    else:
        rows = _copied(exports / "sample", name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "mib": peak}


def _copied(folder: Path, name: str) -> int:
    """Let DuckDB write the JSON Lines of an earlier export in another format."""
    import duckdb

    rows = 0
    for table in TABLES:
        target = folder / f"duckdb-{table}.{name}"
        source = f"read_json('{folder}/{table}.jsonl', maximum_object_size={LONGEST_LINE}, format='newline_delimited')"
        copied = duckdb.execute(f"COPY (FROM {source}) TO '{target}' ({COPIES[name]})").fetchone()
        rows += copied[0] if copied else 0
        target.unlink()
    return rows


if __name__ == "__main__":
    main()
