"""A collection as a bag (BagIt 1.0, RFC 8493) for another archive to keep: complete and valid are told apart there.

Written here and not by bagit-python: that moves the files of the folder it is given, walks it three times, and has had
no release since 2018; the format is a few lines of text. The tests read every bag with it.
"""

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from newsarchive.errors import ConfigurationError, DamageError
from newsarchive.operations.access import Held, reading, resting
from newsarchive.operations.verify import piece_damages
from newsarchive.store.census import count_held
from newsarchive.store.guard import unwritable
from newsarchive.store.layout import Layout
from newsarchive.store.manifest import read_manifest
from newsarchive.store.seal import unlike_seal
from newsarchive.timestamps import iso

DATA = "data"
_PIECE = 1024**2
_LEFT_BEHIND = frozenset({".lock", ".lock.holder", ".lock.note"})


def deposit(
    held: Held, folder: Path, now: dt.datetime, *, software: str, contact: str | None = None
) -> tuple[int, int]:
    """Write a bag of the collection into `folder`, which must not exist, and return its files and their bytes.

    The collection may not be written meanwhile. What is copied is compared with what was committed: a bag certifies
    its bytes to whoever keeps it. It appears as a whole: it is made beside `folder` and renamed. Raises
    `ConfigurationError` where the folder is there, `CollectionLockedError` during a run, `DamageError`, `StorageError`.
    """
    if folder.exists():
        raise ConfigurationError(f"{folder}: is there already; name a folder that is not")
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        with resting(held.layout, now.timestamp()):
            (temporary / DATA).mkdir(parents=True)
            digests = dict(_copied(held.layout, temporary / DATA))
            _refuse_damaged(held.layout, temporary / DATA, digests)
        sizes = [(temporary / path).stat().st_size for path in digests]
        _write_tags(temporary, digests, _description(held, now, contact, sizes, software))
        temporary.rename(folder)
    except OSError as error:
        raise unwritable(folder, error, "choose another folder") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(sizes), sum(sizes)


def _copied(layout: Layout, target: Path) -> Iterator[tuple[str, str]]:
    """Copy the collection's files, and yield the path of each in the bag with its sha256."""
    for path in sorted(layout.folder.rglob("*")):
        if path.is_symlink():
            raise DamageError(f"{path}: a link, which no collection holds; remove it")
        if not path.is_file() or path.name in _LEFT_BEHIND or path.name.endswith((".tmp", "-shm")):
            continue
        copy = target / path.relative_to(layout.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        yield f"{DATA}/{path.relative_to(layout.folder).as_posix()}", _copy(path, copy)


def _copy(path: Path, copy: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, copy.open("wb") as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _refuse_damaged(layout: Layout, copies: Path, digests: Mapping[str, str]) -> None:
    """Raise `DamageError` where a copy is not what was committed of its file."""
    remedy = f"no bag was made; `newsarchive verify {layout.folder.name}` lists everything"
    for name, closed in read_manifest(layout).items():
        path = layout.captures / name
        digest = digests.get(f"{DATA}/{layout.relative(path)}")
        if digest != closed.sha256:
            what = "lost" if digest is None else f"not what {layout.manifest.name} says"
            raise DamageError(f"{path}: {what}; {remedy}")
    for path in unlike_seal(layout):
        raise DamageError(f"{path}: not as the last run left it; {remedy}")
    with reading(layout) as catalogue:
        for name, (length, is_closed) in catalogue.committed().items():
            path = layout.committed_file(name)
            copy = copies / layout.relative(path)
            if (copy.stat().st_size if copy.exists() else 0) < length:
                raise DamageError(f"{path}: shorter than what was committed; {remedy}")
            if is_closed or not length:  # of the closed ones the manifest has spoken
                continue
            for damage in piece_damages(copy, catalogue.pieces(name), length):
                raise DamageError(f"{path}: offset {damage.offset}: {damage.what}; {remedy}")


def _description(
    held: Held, now: dt.datetime, contact: str | None, sizes: list[int], software: str
) -> Mapping[str, str]:
    identity, site = held.layout.read_identity(), held.scope.site
    with reading(held.layout) as catalogue:
        count = count_held(catalogue)
    held_articles = "1 article" if count == 1 else f"{count} articles"
    fields = {
        "Source-Organization": site.title,
        "Contact-Email": contact if contact and "@" in contact else None,
        "External-Description": f"News of {site.title} from {identity.origin}: {held_articles}, with every capture",
        "External-Identifier": f"{identity.site} {identity.origin} {iso(identity.made_at)}",
        "Bagging-Date": f"{now:%Y-%m-%d}",
        "Bag-Size": f"{sum(sizes) / 1024**2:.1f} MiB",
        "Payload-Oxum": f"{sum(sizes)}.{len(sizes)}",
        "Bag-Software-Agent": software,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _write_tags(bag: Path, digests: Mapping[str, str], description: Mapping[str, str]) -> None:
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{name}: {' '.join(value.split())}\n" for name, value in description.items()),
        "manifest-sha256.txt": "".join(f"{digest}  {_encoded(path)}\n" for path, digest in digests.items()),
    }
    manifest = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in tags.items())
    for name, text in {**tags, "tagmanifest-sha256.txt": manifest}.items():
        (bag / name).write_text(text, encoding="utf-8", newline="\n")


def _encoded(path: str) -> str:
    """Return a path as manifests spell it (section 2.1.3): line breaks and percent signs as escapes."""
    return "".join(quote(character) if character in "\r\n%" else character for character in path)
