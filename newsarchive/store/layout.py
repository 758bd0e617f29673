"""Where everything of a collection lies, and who it is."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, ValidationError

from newsarchive.errors import ConfigurationError, DamageError, ForeignOriginError
from newsarchive.records.model import Record
from newsarchive.records.site import Site
from newsarchive.store.guard import unwritable

FORMAT_VERSION: Literal[1] = 1

HOUSEKEEPING = ".newsarchive"
"""Folder below the archive for what helps to run it: who is due when, whose turn it is, who was told of what. It holds
nothing of the archive itself: without it, one crawl more is started, and a message may come twice."""


class Identity(Record):
    """`collection.json`: what a folder is a collection of. Written once, never changed."""

    format: Literal[1] = FORMAT_VERSION
    """Version of the folder's layout."""
    site: str
    """Name of the site."""
    origin: str
    """Scheme, host and port that the pages come from; a run with another one is refused."""
    made_at: AwareDatetime
    """UTC instant at which the folder was made."""


class Layout:
    """The paths of one collection below an archive folder."""

    def __init__(self, archive: Path, site_name: str) -> None:
        self.folder = archive / site_name
        self.identity = self.folder / "collection.json"
        self.captures = self.folder / "captures"
        self.manifest = self.captures / "manifest.jsonl"
        self.index = self.captures / "index.cdxj"
        self.revisions = self.folder / "revisions.jsonl"
        self.reparsed = (
            self.revisions.with_suffix(".reparsed.jsonl"),
            self.revisions.with_suffix(".differences.jsonl"),
        )
        """What a reparse leaves beside the log: revisions, and differences; no part of the truth."""
        self.runs = self.folder / "runs"
        self.catalogue = self.folder / "catalogue.sqlite"
        self.events = self.folder / "events.jsonl"
        self.salvage = self.folder / "salvage"
        self.drafts = self.folder / "drafts"
        """Drafts of golden cases, for whoever mends the parser or the site file; no part of the truth."""
        self.withdrawing = self.folder / "withdrawing.json"
        self.seal = self.folder / "sealed.json"
        self.lock = self.folder / ".lock"

    def run_log(self, run: str) -> Path:
        """Return the path of a run's outcomes."""
        return self.runs / f"{run}.jsonl"

    def run_report(self, run: str) -> Path:
        """Return the path of a run's report."""
        return self.runs / f"{run}.json"

    def segment(self, name: str) -> Path:
        """Return where segment `name` lies: with `.open` while it is written, else, if it is there, under its name."""
        closed, opened = self.captures / name, self.open_segment(name)
        return opened if not closed.exists() and opened.exists() else closed

    def open_segment(self, name: str) -> Path:
        """Return the path of segment `name` while it is written."""
        return self.captures / f"{name}.open"

    def committed_file(self, name: str) -> Path:
        """Return where the append-only file lies now that the catalogue calls `name`."""
        return self.segment(Path(name).name) if is_segment(name) else self.folder / name

    def relative(self, path: Path) -> str:
        """Return `path` as the catalogue names it: below the collection's folder, with `/`."""
        return path.relative_to(self.folder).as_posix()

    def make(self, site: Site, now: dt.datetime) -> Identity:
        """Make the folders and the identity where they are missing, and return the identity.

        Raises `ForeignOriginError` for a folder of another site or origin, `StorageError` for one that cannot be
        written.
        """
        if self.identity.exists() or self.catalogue.exists():
            identity = self.read_identity()
        else:
            identity = Identity(site=site.name, origin=site.origin, made_at=now)
        if (identity.site, identity.origin) != (site.name, site.origin):
            raise ForeignOriginError(
                f"{self.folder}: holds pages of {identity.site} from {identity.origin}, not of {site.name} from "
                f"{site.origin}; give another --archive folder, or the --base-url it was made with"
            )
        try:
            self._make_folders()
            if not self.identity.exists():
                write_atomically(self.identity, identity.model_dump_json(indent=2).encode() + b"\n")
        except OSError as error:
            raise unwritable(self.folder, error, "choose another --archive") from error
        return identity

    def _make_folders(self) -> None:
        made = [path for path in self.captures.absolute().parents if not path.exists()]
        for folder in (self.captures, self.runs):
            folder.mkdir(parents=True, exist_ok=True)
        # Their names have to last as long as what is put into them; a run that died may have left them unsynced.
        for folder in {self.folder.absolute(), self.folder.absolute().parent, *(path.parent for path in made)}:
            sync_folder(folder)

    def read_identity(self) -> Identity:
        """Return what the folder says it is.

        Raises `ConfigurationError` where there is no collection, `DamageError` where its identity cannot be read.
        """
        try:
            return Identity.model_validate(json.loads(self.identity.read_bytes()))
        except FileNotFoundError:
            if self.catalogue.exists():
                raise DamageError(f"{self.identity}: lost; restore it from a copy") from None
            raise ConfigurationError(
                f"{self.folder}: no collection here; crawl the site first, or name its folder with --archive"
            ) from None
        except (OSError, ValueError, ValidationError) as error:
            raise DamageError(f"{self.identity}: cannot be read ({type(error).__name__}); restore it") from error


def is_segment(name: str) -> bool:
    """Tell whether `name`, as the catalogue has it, is that of a segment and not of a log."""
    return name.endswith(".warc.gz")


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` so that a reader, or a crash, meets the old bytes or the new, never a mixture."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's own entries (new, renamed, removed names) survive a power loss."""
    if os.name == "nt":  # Windows has no handle of a folder to sync
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
