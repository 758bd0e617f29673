"""Parquet with an explicit schema.

The same rows give the same bytes under one version of pyarrow: row groups end by count and size of the lines, and
nothing of the clock or the machine goes in.
"""

from pathlib import Path

from pydantic import BaseModel

from newsarchive.datasets.arrow import arrow_schema, table_maker
from newsarchive.datasets.tables import Row
from newsarchive.extras import needs

GROUP_ROWS = 8192
GROUP_BYTES = 32 * 1024**2
"""A row group ends at so many rows, or at so many bytes of their JSON lines."""


class ParquetWriter:
    """Writes one dataset, a row group at a time. Memory: one row group."""

    def __init__(self, path: Path, model: type[BaseModel]) -> None:
        needs("pyarrow", "export")
        import pyarrow.parquet as pq  # noqa: PLC0415 - of the extra `export`

        self._table = table_maker(model)
        self._rows: list[Row] = []
        self._held_bytes = 0
        self._file = pq.ParquetWriter(
            path, arrow_schema(model), version="2.6", data_page_version="1.0", compression="zstd", compression_level=3,
            use_dictionary=True, write_statistics=True, store_schema=True,
        )  # fmt: skip

    def write(self, line: bytes, values: Row) -> None:
        """Write one row."""
        self._rows.append(values)
        self._held_bytes += len(line)
        if len(self._rows) >= GROUP_ROWS or self._held_bytes >= GROUP_BYTES:
            self._flush()

    def finish(self) -> None:
        """Write what is held and the footer, and close the file."""
        self._flush()
        self._file.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._table(self._rows), row_group_size=GROUP_ROWS)
            self._rows.clear()
            self._held_bytes = 0
