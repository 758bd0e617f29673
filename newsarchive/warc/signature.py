"""Signatures of packages by the WACZ signing specification 0.1.0, its anonymous form: no server, no certificate.

What is signed is the text of the digest of `datapackage.json`, which holds the digest of every other file. Spelt as
ReplayWeb.page checks it: ECDSA over P-384 with SHA-256, signature as r and s side by side, key as SPKI, both in base64.
Deterministic (RFC 6979), so that the same package signed twice is the same file.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from newsarchive.errors import ConfigurationError

MAKE_KEY: Final = "openssl ecparam -name secp384r1 -genkey -noout -out key.pem"
_NUMBER_BYTES: Final = 48
_SIGNED: Final = ("hash", "created", "software", "version", "signature", "publicKey")
"""What the specification allows in `signedData`, and nothing else."""


def read_private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the signing key in the PEM file `path`. Raises `ConfigurationError` where it is none that can be used."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); make a key with `{MAKE_KEY}`") from error
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            f"{path}: no private key in PEM without a password; make one with `{MAKE_KEY}`"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp384r1":
        raise ConfigurationError(f"{path}: packages are signed with a key on the curve P-384; make one: `{MAKE_KEY}`")
    return key


def read_public_key(path: Path) -> ec.EllipticCurvePublicKey:
    """Return the key in the PEM file `path`. Raises `ConfigurationError` where it is none on the curve P-384."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: no public key in PEM; get it from the signer: `openssl ec -in key.pem -pubout -out public.pem`"
        ) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp384r1":
        raise ConfigurationError(f"{path}: not a key on the curve P-384")
    return key


def signed_data(key: ec.EllipticCurvePrivateKey, *, digest: str, created: str, software: str) -> dict[str, str]:
    """Return what `datapackage-digest.json` says as `signedData`; `digest` is that of `datapackage.json`."""
    r, s = utils.decode_dss_signature(key.sign(digest.encode(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    signature = r.to_bytes(_NUMBER_BYTES, "big") + s.to_bytes(_NUMBER_BYTES, "big")
    return {
        "hash": digest,
        "created": created,
        "software": software,
        "version": "0.1.0",
        "signature": base64.b64encode(signature).decode("ascii"),
        "publicKey": public_text(key.public_key()),
    }


def public_text(key: ec.EllipticCurvePublicKey) -> str:
    """Return a public key as packages hold it: SPKI in base64."""
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def signature_fault(data: Mapping[str, object], digest: str) -> str | None:
    """Return why `signedData` is no anonymous signature of `digest`; None where it is one."""
    if "domainCert" in data:
        return "signed with a domain's certificate, which only a verifier with a network can judge"
    if surplus := sorted(set(data) - set(_SIGNED)):
        return f"signedData holds {', '.join(surplus)}, which the specification does not know"
    if data.get("hash") != digest:
        return "the signature is of another datapackage.json"
    return _fault(str(data.get("publicKey")), str(data.get("signature")), digest)


def _fault(public_key: str, signature: str, digest: str) -> str | None:
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return "its key or its signature cannot be read"
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) != 2 * _NUMBER_BYTES:
        return "not an ECDSA signature over P-384"
    numbers = (int.from_bytes(raw[:_NUMBER_BYTES], "big"), int.from_bytes(raw[_NUMBER_BYTES:], "big"))
    try:
        key.verify(utils.encode_dss_signature(*numbers), digest.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return "the signature does not fit the key that stands beside it"
    return None
