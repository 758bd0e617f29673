"""What a hostile server does below the page: codings, lengths, heads, redirects, statuses, time."""

from collections.abc import Iterator

from tests.hostile.bombs import MIB, brotli_bomb, deflated, double_gzip, packed, zstd_bomb
from tests.hostile.cases import ENDLESS, NOT_HTTP, SENTENCE, STORED, TOO_LARGE, TRUNCATED, Case, article
from tests.hostile.wire import HTML, Answer, Message, coded, cut, endless, gzipped, head, html, page, raw, silent, slow


def transport_cases(canary: int) -> Iterator[Case]:
    """Yield every case below the page; `canary` is the port of a server that nobody may connect to."""
    yield from _bombs()
    yield from _codings()
    yield from _floods()
    yield from _redirects(canary)
    yield from _names()
    yield from _heads()
    yield from _lengths()
    yield from _statuses()


def _bombs() -> Iterator[Case]:
    yield Case("H1", "/h/1/gzip", "gzip bomb of 4 GiB", coded(deflated(4096), "gzip"), TOO_LARGE)
    yield Case("H1", "/h/1/double", "gzip of a gzip bomb of 4 GiB", coded(double_gzip(4096), "gzip, gzip"), TOO_LARGE,
               tries=1)  # fmt: skip
    unit = "<p>水</p><a href=/x>y</a>".encode()
    yield Case("H2", "/h/2/300", "gzip bomb of 300 MB HTML", coded(deflated(300, unit), "gzip"), TOO_LARGE, tries=1)
    yield Case("H2", "/h/2/900", "gzip bomb of 900 MB HTML", coded(deflated(900, unit), "gzip"), TOO_LARGE, tries=1)
    yield Case("H2", "/h/2/deflate", "deflate bomb", coded(deflated(300, unit, "deflate"), "deflate"), TOO_LARGE)
    yield Case("H2", "/h/2/br", "brotli bomb", coded(brotli_bomb(64), "br"), TOO_LARGE, tries=1)
    yield Case("H2", "/h/2/zstd", "zstd bomb", coded(zstd_bomb(256), "zstd"), TOO_LARGE, tries=1)
    yield Case("H2", "/h/2/sitemap.xml.gz", "gzip bomb as sitemap",
               Message(deflated(300, b"<url></url>"), (("Content-Type", "application/gzip"),)), TOO_LARGE,
               named_by="robots")  # fmt: skip
    yield Case("H2", "/h/2/layers", "gzip in gzip in gzip", coded(gzipped(gzipped(gzipped(b"x"))), "gzip, gzip, gzip"),
               r"failed content coding.*")  # fmt: skip


def _codings() -> Iterator[Case]:
    whole = article().encode()
    for name, body in packed(whole * 20).items():
        answer = coded(body[: len(body) // 2], name)
        yield Case("H4", f"/h/4/{name}", f"{name}, cut in half", answer, r"failed truncated.*")
        yield Case("H4", f"/h/4/{name}-end", f"{name}, last 3 bytes missing", coded(body[:-3], name),
                   r"failed truncated.*")  # fmt: skip
    yield Case("H4", "/h/4/crc", "gzip with a wrong check sum", coded(gzipped(whole)[:-8] + bytes(8), "gzip"),
               r"failed truncated.*")  # fmt: skip
    for name in packed(b""):
        yield Case("H5", f"/h/5/{name}", f"said to be {name}, is HTML", coded(whole, name), r"failed content coding.*")
    yield Case("H5", "/h/5/unknown", "an unknown coding", coded(whole, "sdch"), r"failed content coding.*")


def _floods() -> Iterator[Case]:
    for number in range(48):
        bomb = coded(deflated(64 + number), "gzip")
        answer: Answer = endless(head("200 OK", HTML), b"<p>x</p>" * 8192) if number % 2 else bomb
        wanted = ENDLESS if number % 2 else TOO_LARGE
        yield Case("H3", f"/h/3/{number}", "bombs and endless bodies, 48 at once", answer, wanted)
    chunks = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    yield Case("H6", "/h/6/plain", "endless body", endless(head("200 OK", HTML), b"x" * 65536), ENDLESS)
    yield Case("H6", "/h/6/chunked", "endless chunked body",
               endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), chunks), ENDLESS)  # fmt: skip
    yield Case(
        "H6",
        "/h/6/framing",
        "endless framing around nothing",
        endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), (b"1;" + b"e" * 500 + b"\r\nx\r\n") * 64),
        ENDLESS,
    )
    yield Case(
        "H6",
        "/h/6/tiny",
        "endless chunks of one byte",
        endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), b"1\r\nx\r\n" * 8192),
        ENDLESS,
    )
    late = r"failed (truncated: time|no answer.*)"
    yield Case("H7", "/h/7/drip", "one byte a second", slow(head("200 OK", HTML) + b"<", b"p", 1), late, tries=2,
               where="slow")  # fmt: skip
    yield Case("H7", "/h/7/head", "header fields dripping", slow(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 1), late,
               tries=2, where="slow")  # fmt: skip
    yield Case("H7", "/h/7/silent", "no word", silent, late, tries=2, where="slow")


def _redirect(target: str, status: str = "302 Found") -> Message:
    return Message(b"", (("Location", target),), status)


def _redirects(canary: int) -> Iterator[Case]:
    yield Case("H8", "/h/8/a", "redirect loop", _redirect("/h/8/b"), r"redirected.*")
    yield Case("H8", "/h/8/b", "redirect loop", _redirect("/h/8/a"), r"redirected.*")
    for hop in range(1, 21):
        answer = _redirect(f"/h/8/hop/{'x' * (hop + 1)}")
        wanted = r"redirected.*" if hop <= 6 else r"refused too many redirects.*" if hop == 7 else "-"
        yield Case("H8", f"/h/8/hop/{'x' * hop}", f"redirect, hop {hop} of 20", answer, wanted,
                   named_by="list" if hop == 1 else "page")  # fmt: skip
    yield Case("H9", "/h/9/self", "redirect to itself", _redirect("/h/9/self"), r"failed redirects to itself")
    away = r"refused redirects away.*"
    for name, target in {
        "metadata": "http://169.254.169.254/latest/meta-data/", "loopback": f"http://127.0.0.1:{canary}/",
        "name": f"http://localhost:{canary}/", "decimal": f"http://2130706433:{canary}/",
        "userinfo": f"http://good.example@127.0.0.1:{canary}/", "mapped": f"http://[::ffff:127.0.0.1]:{canary}/",
    }.items():  # fmt: skip
        yield Case("H10", f"/h/10/{name}", f"redirect to {target.split('/')[2]}", _redirect(target), away)
    for number, target in enumerate((f"http://127.0.0.1:{canary}/", "http://169.254.169.254/", "file:///etc/passwd")):
        refresh = f'<meta http-equiv="refresh" content="0; url={target}"><p>{SENTENCE}</p>'
        name = "file" if number == 2 else "address"
        row = "H11" if number == 2 else "H10"
        yield Case(row, f"/h/10/refresh-{number}", f"meta refresh to a {name}", html(refresh), STORED)
    yield Case("H11", "/h/11/file", "redirect to file:///etc/passwd", _redirect("file:///etc/passwd"),
               r"failed http 302 without a usable Location")  # fmt: skip


def _names() -> Iterator[Case]:
    yield Case(
        "H13", "/robots.txt", "a host of the site whose name leads to 127.0.0.1", Message(b""),
        r"refused address: 127.0.0.1 is not public", tries=0, where="rebound", named_by="page",
    )  # fmt: skip


def _heads() -> Iterator[Case]:
    line = b"X-Long: " + b"x" * (10 * MIB) + b"\r\n"
    yield Case("H14", "/h/14/line", "a header line of 10 MB", raw(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nok"), TOO_LARGE,
               tries=1)  # fmt: skip
    many = b"".join(b"X-%d: %s\r\n" % (number, b"v" * 990) for number in range(100_000))
    yield Case("H15", "/h/15/fields", "100,000 header fields, 100 MB", raw(b"HTTP/1.1 200 OK\r\n" + many + b"\r\nok"),
               TOO_LARGE, tries=1)  # fmt: skip
    yield Case(
        "H15",
        "/h/15/interim",
        "interim answers without end",
        endless(b"", b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n"),
        TOO_LARGE,
        tries=1,
    )
    cookies = tuple(("Set-Cookie", f"c{number}=v{number}; Path=/") for number in range(5_000))
    yield Case("H16", "/h/16/5000", "5,000 cookies", Message(b"ok", (HTML, *cookies)), TOO_LARGE, tries=1)
    yield Case("H16", "/h/16/150", "150 cookies: none comes back", html(f"<p>{SENTENCE}</p>", HTML, *cookies[:150]),
               STORED)  # fmt: skip


def _lengths() -> Iterator[Case]:
    body = article().encode()
    long_length = head("200 OK", HTML, ("Content-Length", str(len(body) + 1000))) + body
    yield Case("H26", "/h/26/long", "Content-Length too long", cut(long_length), TRUNCATED)
    yield Case("H26", "/h/26/reset", "reset midway", cut(long_length[:-400], reset=True), TRUNCATED)
    chunked = head("200 OK", HTML, ("Transfer-Encoding", "chunked"))
    yield Case(
        "H26",
        "/h/26/chunk",
        "a chunk size that is none",
        cut(chunked + b"10\r\n0123456789abcdef\r\nzz\r\nab\r\n"),
        r"(failed truncated|refused not-http).*",
    )
    yield Case(
        "H26", "/h/26/last-chunk", "no last chunk", cut(chunked + b"%x\r\n%s\r\n" % (len(body), body)), TRUNCATED
    )
    yield Case("H27", "/h/27/short", "Content-Length 5", raw(head("200 OK", HTML, ("Content-Length", "5")) + body),
               r"failed (empty-page|maybe-cut).*")  # fmt: skip
    yield Case("H27", "/h/27/60", "Content-Length 60, no end of the page",
               raw(head("200 OK", HTML, ("Content-Length", "60")) + body), r"(failed|stored) maybe-cut.*")  # fmt: skip
    for name, value in {"negative": "-1", "word": "many", "hex": "0x10"}.items():
        yield Case("H28", f"/h/28/{name}", f"Content-Length {value}",
                   raw(head("200 OK", HTML, ("Content-Length", value)) + body), NOT_HTTP, tries=1)  # fmt: skip
    two = head("200 OK", HTML, ("Content-Length", "10"), ("Content-Length", "20"))
    yield Case("H28", "/h/28/two", "two different Content-Length", raw(two + body), NOT_HTTP, tries=1)
    yield Case("H28", "/h/28/huge", "Content-Length 10^14",
               raw(head("200 OK", HTML, ("Content-Length", str(10**14))) + body), TOO_LARGE, tries=1)  # fmt: skip
    half = head("200 OK", HTML) + body[: len(body) // 2]
    yield Case("H29", "/f/209029/1.html", "no length, closed early: flagged", cut(half), r"stored|failed maybe-cut.*",
               tries=3)  # fmt: skip
    yield Case("H30", "/h/30/ssh", "bytes that are no HTTP", raw(b"SSH-2.0-OpenSSH_9.6\r\n" * 3), NOT_HTTP, tries=1)
    yield Case("H30", "/h/30/cr", "a header with a bare CR",
               raw(head("200 OK", HTML, ("X-A", "b\rSet-Cookie: c=d"), ("Content-Length", str(len(body)))) + body),
               STORED)  # fmt: skip


def _statuses() -> Iterator[Case]:
    gone = page("<h1>404</h1><p>您访问的页面不存在或已被删除。</p>", "404 页面不存在")
    yield Case("H31", "/f/209031/1.html", "soft 404 with status 200", Message(gone.encode()), r"gone soft-404")
    yield Case("H32", "/h/32/304", "304 that was not asked for", raw(head("304 Not Modified")), r"failed http 304.*")
    yield Case("H32", "/h/32/204", "204", raw(head("204 No Content")), r"failed empty-page.*")
    yield Case("H32", "/h/32/empty", "200 with nothing", Message(b""), r"failed empty-page.*")
    later = (HTML, ("Retry-After", "86400"))
    for status in ("429 Too Many Requests", "503 Service Unavailable"):
        yield Case("H33", f"/h/33/{status[:3]}", f"{status[:3]} with Retry-After: 86400",
                   html("<p>later</p>", *later, status=status), rf"pending http {status[:3]}.*", tries=1)  # fmt: skip
