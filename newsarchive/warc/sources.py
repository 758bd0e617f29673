"""WARC files wherever they lie: in a folder, by themselves, or inside a WACZ; read in place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from newsarchive.errors import ConfigurationError, StorageError, UnsafeArchiveError
from newsarchive.warc.foreign_records import ForeignRecord, foreign_records
from newsarchive.warc.inflating import Inflated
from newsarchive.warc.wacz import ARCHIVE, DATAPACKAGE
from newsarchive.warc.zipfiles import open_zip

MAX_FILES: Final = 100_000
_WARC_ENDINGS: Final = (".warc", ".warc.gz", ".warc.zst")
_WACZ_ENDING: Final = ".wacz"
_ZIP_MAGIC: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Source:
    """One WARC file."""

    path: Path
    """The file, or the WACZ that holds it."""
    member: str | None = None
    """Its name in the WACZ; None for a file by itself."""

    @property
    def name(self) -> str:
        """The name of the WARC file, without folders."""
        return (self.member or self.path.name).rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    @contextmanager
    def records(self) -> Iterator[Iterator[ForeignRecord]]:
        """Open the file and give its records; they raise as `foreign_records` does."""
        if self.member is None:
            with _opened(self.path) as file:
                yield foreign_records(BufferedReader(Inflated(file, str(self))), str(self))
        else:
            with open_zip(self.path) as opened, opened.open(self.member) as file:
                yield foreign_records(BufferedReader(Inflated(file, str(self))), str(self))


def is_package(path: Path) -> bool:
    """Tell whether the file at `path` is a WACZ, or another ZIP file."""
    with _opened(path) as file:
        return file.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC


def find_sources(path: Path) -> list[Source]:
    """Return the WARC files that `path` is or holds, by name: a file, a WACZ, or a folder of both.

    Raises `ConfigurationError` where there is none, `UnsafeArchiveError` for a link or a WACZ that is made to do harm.
    """
    files = _files(path) if path.is_dir() else [path]
    found = [source for file in files for source in _of_file(file)]
    if not found:
        raise ConfigurationError(f"{path}: holds no WARC file; expected {', '.join((*_WARC_ENDINGS, _WACZ_ENDING))}")
    return found


def _files(folder: Path) -> list[Path]:
    files = []
    for path in sorted(folder.rglob("*")):
        if not path.name.endswith((*_WARC_ENDINGS, _WACZ_ENDING)):
            continue
        if path.is_symlink():
            raise UnsafeArchiveError(f"{path}: a link; name the file that it leads to")
        if path.is_file():
            files.append(path)
        if len(files) > MAX_FILES:
            raise UnsafeArchiveError(f"{folder}: more than {MAX_FILES} archives")
    return files


def _of_file(path: Path) -> list[Source]:
    if not is_package(path):
        return [Source(path)]
    with open_zip(path) as opened:
        if DATAPACKAGE not in opened.names:
            raise UnsafeArchiveError(f"{path}: no WACZ: it holds no {DATAPACKAGE}")
        if any(name.endswith(_WACZ_ENDING) for name in opened.names):
            raise UnsafeArchiveError(f"{path}: packages inside of a package; unpack it and name the folder")
        return [
            Source(path, name) for name in opened.names if name.startswith(ARCHIVE) and name.endswith(_WARC_ENDINGS)
        ]


def _opened(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ConfigurationError(f"{path}: no such file") from error
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}") from error
