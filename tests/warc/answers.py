"""Odd answers as real servers give them, byte for byte, and what must be kept of each."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<html><head><title>中亚新闻</title></head><body><p>一则新闻。</p></body></html>".encode()
MAX_BODY = 20_000
"""DOWNLOAD_MAXSIZE of the crawls that fetch these answers."""
TIMEOUT = 2.0
"""DOWNLOAD_TIMEOUT of the crawls that fetch these answers, in seconds."""


@dataclass(frozen=True)
class Answer:
    """What the server sends for one path, and what must be kept of it."""

    name: str
    wire: bytes
    """All that is sent."""
    payload: bytes
    """What `Exchange.payload` must be."""
    status: int = 200
    before: int = 0
    """Bytes at the start of `wire` that are interim answers."""
    behind: int = 0
    """Bytes at the end of `wire` that are behind the end of the message."""
    closes: bool = False
    """Whether the server closes the connection behind it."""
    resets: bool = False
    """Whether the server resets the connection behind it."""
    hangs: bool = False
    """Whether the server says nothing more and keeps the connection."""
    pieces: int = 1
    """In how many pieces it is sent."""
    truncated: str | None = None
    flags: tuple[str, ...] = ()
    fails: bool = False
    """Whether the download ends in an error."""
    fresh: bool = False
    """Whether a connection that was used before is closed without an answer, as idle ones are."""

    @property
    def message(self) -> bytes:
        """What `Exchange.response` must be."""
        return self.wire[self.before : len(self.wire) - self.behind]


def chunked(*chunks: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return `chunks` framed, each with `extension`, and `trailer` behind the last."""
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk) for chunk in chunks)
    return framed + b"0\r\n" + trailer + b"\r\n"


def sized(body: bytes, head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") -> bytes:
    """Return `head` and `body` with the Content-Length of `body`."""
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _whole() -> Iterator[Answer]:
    yield Answer("plain", sized(PAGE), PAGE)
    yield Answer("in-bytes", sized(PAGE), PAGE, pieces=len(sized(PAGE)))
    yield Answer("large", sized(PAGE * 200), PAGE * 200, pieces=7)
    for name, line, status in (
        ("no-reason", b"HTTP/1.1 200", 200),
        ("empty-reason", b"HTTP/1.1 200 ", 200),
        ("odd-reason", b"HTTP/1.1 200 Everything's fine, thanks!", 200),
        ("utf8-reason", "HTTP/1.1 200 好".encode(), 200),
        ("latin1-reason", b"HTTP/1.1 200 D'accord \xe0 vous", 200),
        ("lower-case-version", b"http/1.1 200 ok", 200),
        ("http-1-0", b"HTTP/1.0 200 OK", 200),
        ("not-found", b"HTTP/1.1 404 Nicht da", 404),
        ("gone", b"HTTP/1.1 410 Gone", 410),
        ("server-error", b"HTTP/1.1 500 Oh no", 500),
        ("unknown-status", b"HTTP/1.1 299 Strange", 299),
        ("unavailable", b"HTTP/1.1 503 Later\r\nRetry-After: 120", 503),
        ("redirect", b"HTTP/1.1 302 Found\r\nLocation: /elsewhere", 302),
        ("moved", b"HTTP/1.1 301 Moved\r\nlocation: http://elsewhere.test/\xe4\xb8\xad", 301),
    ):
        yield Answer(name, sized(PAGE, line + b"\r\n"), PAGE, status)
    for name, fields in (
        ("mixed-case", b'CONTENT-type: text/html\r\nx-ALL-kinds: Of Case\r\neTAG: "x"\r\n'),
        ("repeated", b"Set-Cookie: a=1\r\nX-Between: y\r\nset-cookie: b=2\r\nSET-COOKIE: a=1\r\n"),
        ("folded", b"X-Long: first\r\n  second\r\n\tthird\r\nX-Next: z\r\n"),
        ("no-space", b"Content-Type:text/html\r\nX-Empty:\r\nX-Spaces:    \r\n"),
        ("many-spaces", b"Content-Type:   text/html   \r\nX-Tab:\ta\t\r\n"),
        ("colons", b"X-Url: http://a.test:80/?b:c\r\n: no name\r\n"),
        ("no-colon", b"this is no header field\r\nX-After: y\r\n"),
        ("latin1-field", b"X-Name: Andr\xe9\r\n"),
        ("utf8-field", "X-Name: 中亚\r\n".encode()),
        ("space-before-colon", b"X-Name : value\r\n"),
        ("long-field", b"X-Long: " + b"l" * 20_000 + b"\r\n"),
        ("many-fields", b"".join(b"X-%d: %d\r\n" % (number, number) for number in range(150))),
        ("twice-the-same-length", b"Content-Length: %d\r\n" % len(PAGE)),
        ("bare-cr", b"X-Name: a\rb\r\n"),
    ):
        yield Answer(name, sized(PAGE, b"HTTP/1.1 200 OK\r\n" + fields), PAGE)
    yield Answer("bare-lf", sized(PAGE).replace(b"\r\n", b"\n", 3), PAGE)
    yield Answer("empty", sized(b""), b"")
    yield Answer("no-content", b"HTTP/1.1 204 No Content\r\nX-Y: z\r\n\r\n", b"", 204)
    yield Answer("not-modified", b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n', b"", 304)
    yield Answer("not-modified-with-length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 400\r\n\r\n", b"", 304)
    yield Answer("close", sized(PAGE, b"HTTP/1.1 200 OK\r\nConnection: close\r\n"), PAGE, closes=True)
    yield Answer("idle-too-long", sized(PAGE), PAGE, fresh=True)
    yield Answer("Close", sized(PAGE, b"HTTP/1.1 200 OK\r\nConnection: Close\r\n"), PAGE, closes=True)


def _chunked() -> Iterator[Answer]:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    one = chunked(PAGE)
    yield Answer("chunked", head + one, PAGE)
    yield Answer("chunked-in-bytes", head + one, PAGE, pieces=len(head + one))
    yield Answer("chunked-small", head + chunked(*(PAGE[i : i + 3] for i in range(0, len(PAGE), 3))), PAGE)
    yield Answer("chunked-empty", head + chunked(), b"")
    yield Answer("chunked-extension", head + chunked(PAGE, extension=b';name="value"; flag'), PAGE)
    yield Answer("chunked-trailer", head + chunked(PAGE, trailer=b"X-Check: 1\r\nx-more: 2\r\n"), PAGE)
    yield Answer("chunked-upper-case", head + one.replace(b"%x\r\n" % len(PAGE), b"0%X\r\n" % len(PAGE)), PAGE)
    yield Answer("chunked-mixed-case", head.replace(b"chunked", b"Chunked") + one, PAGE)
    yield Answer("chunked-and-length", head.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n") + one, PAGE)
    yield Answer("chunked-like-a-page", head + chunked(b"5\r\nhello\r\n0\r\n\r\n"), b"5\r\nhello\r\n0\r\n\r\n")


def _encoded() -> Iterator[Answer]:
    for name, coding, body in (
        ("gzip", b"gzip", gzip.compress(PAGE)),
        ("x-gzip", b"X-GZIP", gzip.compress(PAGE)),
        ("deflate", b"deflate", zlib.compress(PAGE)),
        ("br", b"br", brotli.compress(PAGE)),
        ("zstd", b"zstd", zstd.compress(PAGE)),
        ("two-codings", b"gzip, br", brotli.compress(gzip.compress(PAGE))),
        ("cut-gzip", b"gzip", gzip.compress(PAGE)[:-9]),
        ("not-gzip", b"gzip", PAGE),
    ):
        field_line = b"Content-Encoding: " + coding + b"\r\n"
        yield Answer(name, sized(body, b"HTTP/1.1 200 OK\r\n" + field_line), body)
    body = gzip.compress(PAGE * 20)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield Answer("chunked-gzip", head + chunked(body[:50], body[50:]), body)


def _interim() -> Iterator[Answer]:
    for name, interim in (
        ("continue", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("early-hints", b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"),
        ("twice-interim", b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102\r\n\r\n"),
    ):
        yield Answer(name, interim + sized(PAGE), PAGE, before=len(interim))
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    yield Answer("continue-in-bytes", interim + sized(PAGE), PAGE, before=len(interim), pieces=400)
    yield Answer("continue-then-none", interim + b"HTTP/1.1 204 Nothing\r\n\r\n", b"", 204, before=len(interim))


def _unframed() -> Iterator[Answer]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    yield Answer("until-close", head + PAGE, PAGE, closes=True, flags=("partial",))
    yield Answer("until-close-1-0", b"HTTP/1.0 200 OK\r\n\r\n" + PAGE, PAGE, closes=True, flags=("partial",))
    yield Answer("until-close-empty", head, b"", closes=True, flags=("partial",))
    surplus = b"more than was announced"
    for name, wire in (
        ("surplus", sized(PAGE)),
        ("surplus-chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(PAGE)),
    ):
        yield Answer(name, wire + surplus, PAGE, behind=len(surplus), flags=("surplus",))
    none = b"HTTP/1.1 204 No Content\r\n\r\n"
    yield Answer("surplus-204", none + surplus, b"", 204, behind=len(surplus), flags=("surplus",))
    empty = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    yield Answer("surplus-empty", empty + surplus, b"", behind=len(surplus), flags=("surplus",))
    stray = sized(b"<p>not yours</p>")
    yield Answer("second-answer", sized(PAGE) + stray, PAGE, behind=len(stray), flags=("surplus",))


def _cut() -> Iterator[Answer]:
    """Answers that are not whole; of each, what came is kept."""
    cut = sized(PAGE)[:-10]
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    lost: dict[str, object] = {"truncated": "disconnect", "flags": ("dataloss",)}
    yield Answer("cut-length", cut, PAGE[:-10], closes=True, truncated="disconnect", flags=("dataloss",))
    yield Answer("cut-reset", cut, PAGE[:-10], resets=True, truncated="disconnect", flags=("dataloss",))
    yield Answer("cut-chunk", chunks + b"40\r\n" + PAGE[:20], PAGE[:20], closes=True, **lost)  # type: ignore[arg-type]
    yield Answer("cut-last-chunk", chunks + chunked(PAGE)[:-5], PAGE, closes=True, **lost)  # type: ignore[arg-type]
    yield Answer("cut-trailer", chunks + chunked(PAGE)[:-2], PAGE, closes=True, **lost)  # type: ignore[arg-type]
    bad = chunks + b"5\r\nhello\r\nxyz\r\nhello\r\n0\r\n\r\n"
    yield Answer("bad-chunk", bad, b"hello", truncated="unspecified", flags=("dataloss",))
    yield Answer("cut-head", b"HTTP/1.1 200 OK\r\nContent-Ty", b"", closes=True, truncated="disconnect", fails=True)
    yield Answer("cut-status", b"HTTP/1.1 20", b"", 0, closes=True, truncated="disconnect", fails=True)
    yield Answer("slow-body", cut, PAGE[:-10], hangs=True, truncated="time", fails=True)
    yield Answer("slow-head", b"HTTP/1.1 200 OK\r\nA: b\r\n", b"", hangs=True, truncated="time", fails=True)


def _refused() -> Iterator[Answer]:
    """Answers that are no use; of each, what came before the connection was closed is kept."""
    yield Answer("not-http", b"SSH-2.0-OpenSSH_9.6\r\n", b"", 0, hangs=True, truncated="unspecified", fails=True)
    yield Answer("html-only", PAGE + b"\n", b"", 0, closes=True, truncated="unspecified", fails=True)
    for name, length in (("negative", b"-5"), ("text", b"many"), ("different", b"5\r\nContent-Length: 6")):
        wire = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n"
        yield Answer(f"length-{name}", wire, b"", truncated="unspecified", fails=True)
    huge = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000000\r\n\r\n"
    yield Answer("length-huge", huge, b"", hangs=True, truncated="length", fails=True)
    unknown = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: squeezed\r\n\r\n"
    yield Answer("unknown-transfer-coding", unknown, b"", truncated="unspecified", fails=True)


ANSWERS: tuple[Answer, ...] = (
    *_whole(), *_chunked(), *_encoded(), *_interim(), *_unframed(), *_cut(), *_refused(),
)  # fmt: skip


@dataclass(frozen=True)
class Endless:
    """An answer that never ends; the crawler must."""

    name: str
    start: bytes
    unit: bytes
    """Sent again and again behind `start`."""


ENDLESS: tuple[Endless, ...] = (
    Endless("endless-body", b"HTTP/1.1 200 OK\r\n\r\n", PAGE),
    Endless("endless-chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunked(PAGE)[:-5]),
    Endless(
        "endless-framing",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1;" + b"x" * 1000 + b"\r\n.\r\n",
    ),
    Endless("endless-trailer", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Y: z\r\n"),
    Endless("endless-line", b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 1000),
    Endless("endless-fields", b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 500 + b"\r\n"),
    Endless("endless-fold", b"HTTP/1.1 200 OK\r\nX-Y: z\r\n", b" " + b"z" * 500 + b"\r\n"),
    # Long ones: ten thousand short ones take a slow machine longer than the download's timeout.
    Endless("endless-interim", b"", b"HTTP/1.1 100 Continue\r\nX-Y: " + b"z" * 500 + b"\r\n\r\n"),
)


ALL: tuple[Answer | Endless, ...] = (*ANSWERS, *ENDLESS)
