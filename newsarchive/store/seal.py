"""The seal: digests of the catalogue and the identity as the last run left them, so that damage at rest shows.

The truth has digests in the catalogue; this is what the catalogue itself is held against. A run breaks the seal before
it writes, and the run that ends well sets it anew: after a death there is none, and nothing is claimed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsarchive.errors import DamageError
from newsarchive.store.layout import Layout, sync_folder, write_atomically


def set_seal(layout: Layout) -> None:
    """Seal the catalogue, which is closed, and the identity. Raises OSError."""
    digests = {path.name: _sha256(path) for path in _sealed(layout)}
    write_atomically(layout.seal, json.dumps(digests, indent=2).encode() + b"\n")


def break_seal(layout: Layout) -> None:
    """Take the seal off, for good before anything is written. Raises OSError."""
    if layout.seal.exists():
        layout.seal.unlink()
        sync_folder(layout.folder)


def unlike_seal(layout: Layout) -> list[Path]:
    """Return the files that are not as they were sealed; none where there is no seal.

    Raises OSError, or ValueError where the seal itself cannot be read.
    """
    before = _read(layout)
    unlike = [path for path in _sealed(layout) if path.name in before and _sha256(path) != before[path.name]]
    missing = [layout.folder / name for name in before if not (layout.folder / name).exists()]
    # A run that began meanwhile has broken the seal, and whatever was compared is its own business.
    return [*unlike, *missing] if _read(layout) == before else []


def check_identity(layout: Layout) -> None:
    """Raise `DamageError` if the identity is not as it was sealed: everything else is read by it."""
    try:
        sealed = _read(layout).get(layout.identity.name)
    except ValueError:
        return
    if sealed is not None and _sha256(layout.identity) != sealed:
        raise DamageError(f"{layout.identity}: offset 0: not as the last run left it; restore it from a copy")


def _read(layout: Layout) -> Mapping[str, str]:
    try:
        digests = json.loads(layout.seal.read_bytes())
    except FileNotFoundError:
        return {}
    if not isinstance(digests, dict):
        raise ValueError(f"{layout.seal}: no seal")  # noqa: TRY004 - to the caller it is bytes that cannot be read
    return digests


def _sealed(layout: Layout) -> Iterator[Path]:
    """Yield the files under seal: the write-ahead log too, where a reader kept it from being taken in."""
    for path in (layout.identity, layout.catalogue, layout.catalogue.with_name(f"{layout.catalogue.name}-wal")):
        if path.exists() and path.stat().st_size:
            yield path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
