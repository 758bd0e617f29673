"""Digests; every text form names its algorithm."""

import base64
import hashlib


def sha256_hex(data: bytes) -> str:
    """Return the sha256 of `data` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def warc_sha1(data: bytes) -> str:
    """Return the sha1 of `data` as WARC files spell it: `sha1:` and base32 (WARC 1.1, section 5.8)."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")
