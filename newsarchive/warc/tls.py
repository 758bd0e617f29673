"""Names of TLS versions and cipher suites as WARC files spell them.

WARC-Protocol and WARC-Cipher-Suite are extensions in common use (iipc/warc-specifications issues 42 and 86).
"""

import re
from typing import Final

_OPENSSL_NAME: Final = re.compile(
    r"(?:(?P<exchange>ECDHE-ECDSA|ECDHE-RSA|DHE-RSA)-)?"
    r"(?:AES(?P<bits>128|256)-(?P<gcm>GCM-)?(?P<hash>SHA(?:256|384)?)|(?P<chacha>CHACHA20-POLY1305))"
)


def tls_protocol(version_name: str) -> str:
    """Return the WARC-Protocol value of a version as OpenSSL names it: `TLSv1.3` gives `tls/1.3`, `SSLv3` `ssl/3`."""
    family, _, version = version_name.lower().partition("v")
    return "tls/1.0" if (family, version) == ("tls", "1") else f"{family}/{version}"


def iana_cipher_suite(openssl_name: str) -> str | None:
    """Return IANA's name of the cipher suite that OpenSSL calls `openssl_name`; None where it is not known.

    OpenSSL uses IANA's names from TLS 1.3 on, and its own before.
    """
    if openssl_name.startswith("TLS_"):
        return openssl_name
    parts = _OPENSSL_NAME.fullmatch(openssl_name)
    if parts is None:
        return None
    exchange = (parts["exchange"] or "RSA").replace("-", "_")
    if parts["chacha"]:
        return f"TLS_{exchange}_WITH_CHACHA20_POLY1305_SHA256"
    return f"TLS_{exchange}_WITH_AES_{parts['bits']}_{'GCM' if parts['gcm'] else 'CBC'}_{parts['hash']}"
