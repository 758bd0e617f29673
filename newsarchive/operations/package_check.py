"""Whether a package is what its maker wrote: every digest and the signature, with no network."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from newsarchive.errors import DamageError, UnsafeArchiveError
from newsarchive.warc.signature import signature_fault
from newsarchive.warc.wacz import DATAPACKAGE, DIGEST
from newsarchive.warc.zipfiles import ZipReader, open_zip

MAX_STATEMENT_BYTES = 32 * 1024**2
_PIECE = 1024**2


class Checked(NamedTuple):
    """What was found."""

    faults: tuple[str, ...]
    public_key: str | None
    """The key beside the signature, as the package spells it; None where it is not signed."""
    description: Mapping[str, Any]
    """What `datapackage.json` says."""


def check_package(path: Path) -> Checked:
    """Compare every file of the package `path` with its digest, and those with the signature, where there is one.

    Raises `UnsafeArchiveError` where it is no package or is made to do harm, `DamageError` where a member is cut.
    """
    with open_zip(path) as opened:
        description = read_statement(opened, DATAPACKAGE)
        faults = list(_resource_faults(opened, description))
        statement = read_statement(opened, DIGEST) if DIGEST in opened.names else {}
        found = _digest(opened, DATAPACKAGE)
        if statement and statement.get("hash") != found:
            faults.append(f"{DATAPACKAGE} is not what {DIGEST} says")
        signed = statement.get("signedData")
        if isinstance(signed, dict) and (fault := signature_fault(signed, found)):
            faults.append(f"signature: {fault}")
        key = str(signed.get("publicKey")) if isinstance(signed, dict) else None
        return Checked(tuple(faults), key, description)


def read_statement(opened: ZipReader, name: str) -> Mapping[str, Any]:
    """Return a JSON file of a package. Raises `UnsafeArchiveError` where it is missing or none."""
    if name not in opened.names:
        raise UnsafeArchiveError(f"{opened.path}: no WACZ: it holds no {name}")
    try:
        data = json.loads(opened.read(name, MAX_STATEMENT_BYTES))
    except (ValueError, RecursionError) as error:
        raise UnsafeArchiveError(f"{opened.path}: {name} is no JSON ({error})") from error
    if not isinstance(data, dict):
        raise UnsafeArchiveError(f"{opened.path}: {name} is no JSON object")
    return data


def _resource_faults(opened: ZipReader, description: Mapping[str, Any]) -> Iterator[str]:
    resources = description.get("resources")
    listed = {
        str(item["path"]): item
        for item in (resources if isinstance(resources, list) else ())
        if isinstance(item, dict) and "path" in item
    }
    for name in opened.names:
        if name in {DATAPACKAGE, DIGEST}:
            continue
        if name not in listed:
            yield f"{name} is not listed in {DATAPACKAGE}"
            continue
        try:
            found = _digest(opened, name, str(listed[name].get("hash", "")).partition(":")[0])
        except DamageError as error:
            yield str(error)
            continue
        if found != listed[name].get("hash"):
            yield f"{name} is not what {DATAPACKAGE} says"
    yield from (f"{name} is missing" for name in sorted(set(listed) - set(opened.names)))


def _digest(opened: ZipReader, name: str, algorithm: str = "sha256") -> str:
    digest = hashlib.md5(usedforsecurity=False) if algorithm == "md5" else hashlib.sha256()
    with opened.open(name) as member:
        while piece := member.read(_PIECE):
            digest.update(piece)
    return f"{digest.name}:{digest.hexdigest()}"
