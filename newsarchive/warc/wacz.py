"""WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/): the file, written as a stream.

The same content gives the same bytes: members in the order in which they are written, all stored, none with a time.
"""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, Final, Self

VERSION: Final = "1.1.1"
DATAPACKAGE: Final = "datapackage.json"
DIGEST: Final = "datapackage-digest.json"
PAGES: Final = "pages/pages.jsonl"
EXTRA_PAGES: Final = "pages/extraPages.jsonl"
INDEX: Final = "indexes/index.cdx.gz"
INDEX_OF_INDEX: Final = "indexes/index.idx"
ARCHIVE: Final = "archive/"

LINES_PER_BLOCK: Final = 300
"""Lines of one gzip member of the index: what a player fetches to look one URL up."""

_LARGE: Final = 2**31
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file in the package, as `datapackage.json` lists it."""

    path: str
    sha256: str
    bytes: int

    def listed(self) -> dict[str, object]:
        """Return the entry of `datapackage.json`."""
        name = self.path.rpartition("/")[2].lower()
        return {"name": name, "path": self.path, "hash": f"sha256:{self.sha256}", "bytes": self.bytes}


class MemberWriter:
    """One file in the package while it is written."""

    def __init__(self, target: Any) -> None:  # noqa: ANN401 - zipfile's own writer has no public type
        self._target = target
        self._sha256 = hashlib.sha256()
        self.length = 0
        """Bytes written so far."""

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self._target.write(data)
        self._sha256.update(data)
        self.length += len(data)

    @property
    def sha256(self) -> str:
        """Digest of what was written, as hex digits."""
        return self._sha256.hexdigest()


class PackageWriter:
    """A package while it is written; `finish` and `write_digest` make it one, the end of the context ends the file.

    Memory: one line of the index for each of its blocks.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._resources: list[Resource] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    @contextmanager
    def member(self, path: str, *, expected_bytes: int = 0) -> Iterator[MemberWriter]:
        """Write the file `path`; `expected_bytes` is how long it may become, where that is known."""
        info = zipfile.ZipInfo(path, _NO_TIME)
        info.create_system = 3  # as if on Unix, wherever it is written
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=expected_bytes >= _LARGE) as target:
            writer = MemberWriter(target)
            yield writer
        self._resources.append(Resource(path, writer.sha256, writer.length))

    def write_index(self, lines: Iterable[bytes], *, expected_bytes: int = 0) -> None:
        """Write sorted CDXJ `lines` in blocks that a player can fetch one by one, and the list of the blocks."""
        blocks = [b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
        left = iter(lines)
        with self.member(INDEX, expected_bytes=expected_bytes) as index:
            while block := list(islice(left, LINES_PER_BLOCK)):
                packed = _packed(b"".join(block))
                key = b" ".join(block[0].split(b" ", 2)[:2])
                place = {"offset": index.length, "length": len(packed), "digest": f"sha256:{_sha256(packed)}"}
                blocks.append(key + b" " + json.dumps(place).encode() + b"\n")
                index.write(packed)
        with self.member(INDEX_OF_INDEX) as list_of_blocks:
            list_of_blocks.write(b"".join(blocks))

    def finish(self, description: Mapping[str, object]) -> str:
        """Write `datapackage.json` and return its digest, as `sha256:` and hex; then `write_digest` has to come."""
        package = {
            "profile": "data-package",
            "wacz_version": VERSION,
            **description,
            "resources": [resource.listed() for resource in self._resources],
        }
        data = json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"
        with self.member(DATAPACKAGE) as target:
            target.write(data)
        return f"sha256:{_sha256(data)}"

    def write_digest(self, digest: str, signed: Mapping[str, str] | None) -> None:
        """Write `datapackage-digest.json`, with the signature where there is one."""
        statement = {"path": DATAPACKAGE, "hash": digest, **({"signedData": dict(signed)} if signed else {})}
        with self.member(DIGEST) as target:
            target.write(json.dumps(statement, indent=2).encode() + b"\n")


def _packed(data: bytes) -> bytes:
    target = BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", filename="", mtime=0) as file:
        file.write(data)
    return target.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
