"""`newsarchive.load`: a dataset as a table with types, in one call."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic_core import from_json

from newsarchive.datasets.arrow import arrow_schema, table_maker
from newsarchive.datasets.owner import read_manifest
from newsarchive.datasets.tables import CLUSTERS, TABLES, Row, Table
from newsarchive.errors import ConfigurationError
from newsarchive.extras import needs

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 4096
READABLE = (".parquet", ".jsonl")
"""What is read, the quicker first."""


def load(path: str | Path, table: str | None = None, *, kind: Literal["pandas", "arrow"] = "pandas") -> Any:  # noqa: ANN401 - pandas is not always there
    """Return a dataset as a pandas DataFrame (Arrow types, so days are dates and null is not NaN) or an Arrow table.

    `path` is the folder of a site's datasets, such as `exports/icas`, or a Parquet or JSON Lines file of one of them;
    `table` is `articles` (the default), `revisions`, `links`, `attachments`, `changes` or `clusters`. Of two files of
    one dataset the one that was made of the later state is read. Needs the extra `pandas`, or `export` for Arrow.
    Raises `MissingExtraError`, and `ConfigurationError` where there is no such dataset or kind of table.
    """
    if kind not in {"pandas", "arrow"}:
        raise ConfigurationError(f"kind={kind!r}: expected 'pandas' or 'arrow'")
    needs("pyarrow", "export")
    file, chosen = _file(Path(path), table)
    found = _parquet(file) if file.suffix == ".parquet" else _json_lines(file, chosen)
    if kind == "arrow":
        return found
    needs("pandas", "pandas")
    import pandas as pd  # noqa: PLC0415 - an extra

    return found.to_pandas(types_mapper=pd.ArrowDtype)


def _file(path: Path, name: str | None) -> tuple[Path, Table]:
    tables = {**TABLES, CLUSTERS.name: CLUSTERS}
    if path.is_file():
        name = name or path.name.partition(".")[0]
        if path.suffix in READABLE and name in tables:
            return path, tables[name]
        raise ConfigurationError(f"{path}: expected a Parquet or JSON Lines file that `newsarchive export` wrote")
    name = name or "articles"
    if name not in tables:
        raise ConfigurationError(f"{name}: no dataset; there are {', '.join(tables)}")
    manifest = read_manifest(path)
    there = [file for suffix in READABLE if (file := path / f"{name}{suffix}").is_file()]
    if not there:
        raise ConfigurationError(f"{path}: holds no {name}.parquet or {name}.jsonl; run `newsarchive export` first")
    return max(there, key=lambda file: manifest.get(file.name, {}).get("log_bytes", 0)), tables[name]


def _parquet(file: Path) -> "pa.Table":
    import pyarrow.parquet as pq  # noqa: PLC0415 - of the extra `export`

    return pq.read_table(file)


def _json_lines(file: Path, table: Table) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 - of the extra `export`

    make = table_maker(table.row)
    batches = [make(rows) for rows in _batches(file)]
    return pa.concat_tables(batches) if batches else arrow_schema(table.row).empty_table()


def _batches(file: Path) -> Iterator[list[Row]]:
    rows: list[Row] = []
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.append(from_json(line))
            except ValueError as error:
                raise ConfigurationError(f"{file}: line {number} is no JSON ({error}); export it again") from error
            if len(rows) == BATCH_ROWS:
                yield rows
                rows = []
    if rows:
        yield rows
