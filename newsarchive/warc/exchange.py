"""One HTTP exchange as it went over the wire."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from newsarchive.digests import warc_sha1
from newsarchive.warc.messages import final_head, first_header, payload_of

EXCHANGE_META_KEY: Final = "newsarchive_exchange"
"""Where the download handler leaves the `Exchange` in a request's `meta`; whoever keeps it takes it out."""

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""Why an answer is not whole, in the words of WARC 1.1, section 5.13."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the answer to it, byte for byte. Where no answer came there is no exchange."""

    url: str
    """URL as requested, without fragment."""
    started_at: dt.datetime
    """UTC instant at which the request was handed to the connection."""
    request: bytes
    """Request line, header fields and body as sent."""
    response: bytes
    """Status line, header fields and body as received, chunked framing kept.

    Interim (1xx) answers before it and bytes after the end of the message are not part of it.
    """
    payload: bytes
    """Body without chunked framing, content coding kept."""
    payload_digest: str
    """WARC-Payload-Digest of `payload`."""
    ip_address: str | None
    """Address of the peer; null where the connection was gone before it could be asked."""
    protocol: str
    """HTTP version of the answer as WARC-Protocol spells it, such as `http/1.1`."""
    tls: str | None
    """TLS version as WARC-Protocol spells it, such as `tls/1.3`; null without TLS."""
    truncated: Truncation | None
    """Why the answer is not whole; null where it is."""
    status: int
    """HTTP status code; 0 where the answer does not begin with a status line."""
    headers: tuple[tuple[str, str], ...]
    """Header fields in their order and case, repeats kept, as latin-1."""
    cipher_suite: str | None = None
    """IANA's name of the cipher suite; null without TLS or where OpenSSL's name has no known equal."""
    pin: str | None = None
    """Fingerprint of the certificate that was accepted because the operator had pinned it; null where authorities
    vouched for it, or without TLS."""
    record_ids: tuple[str, str] | None = None
    """WARC-Record-IDs of answer and request where it was preserved before, by others; null: they are made up."""

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any case; None where there is none."""
        return first_header(self.headers, name)


def read_exchange(  # noqa: PLR0913  one argument for each thing that only the connection knows
    *,
    url: str,
    started_at: dt.datetime,
    request: bytes,
    received: bytes,
    body: bytes | None = None,
    ip_address: str | None = None,
    tls: str | None = None,
    cipher_suite: str | None = None,
    pin: str | None = None,
    truncated: Truncation | None = None,
) -> Exchange:
    """Return the exchange in which `received` (from the first byte to the end of the message) answered `request`.

    `body` may be the payload that the caller holds already; if it is right, no second copy of it is kept.
    """
    offset, head = final_head(received)
    response = received[offset:] if offset else received
    payload = payload_of(head, response)
    if payload == body:
        payload = body
    return Exchange(
        url=url,
        started_at=started_at.replace(microsecond=0),
        request=request,
        response=response,
        payload=payload,
        payload_digest=warc_sha1(payload),
        ip_address=ip_address,
        protocol=_protocol(response),
        tls=tls,
        truncated=truncated,
        status=head.status,
        headers=head.headers,
        cipher_suite=cipher_suite,
        pin=pin,
    )


def _protocol(response: bytes) -> str:
    version = response[:8].decode("latin-1").lower()
    return version if version.startswith("http/") else "http/1.1"
