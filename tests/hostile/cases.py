"""What a hostile server answers, row by row, and what has to become of each URL.

The numbers of the rows are those of the project's table in docs/hostile.md, which the suite writes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.hostile.bombs import MIB, brotli_bomb, deflated, double_gzip, packed, zstd_bomb
from tests.hostile.wire import (
    HTML,
    Answer,
    Message,
    coded,
    cut,
    endless,
    gzipped,
    head,
    html,
    page,
    raw,
    silent,
    slow,
)

TOO_LARGE = r"refused too-large.*"
TRUNCATED = r"failed truncated.*"
NOT_HTTP = r"refused not-http.*"
LIMITED = r"failed parse-limited.*"
STORED = r"stored.*"

SENTENCE = "绿洲的水渠沿着旧城墙向北延伸，守渠的人每天清晨打开闸门，记下水位、风向和过路商队的数目。"


@dataclass(frozen=True)
class Case:
    """One hostile URL."""

    row: str
    """Row of the table, such as `H4`."""
    path: str
    """Path, and query, on the server."""
    what: str
    """What the answer is, for the table."""
    answer: Answer
    wanted: str
    """Regular expression for the whole of class and reason, such as `failed truncated.*`."""
    shows: str | None = None
    """Text that the article's record must have; None where it is not looked at."""
    tries: int | None = None
    """How often at most it may be asked for in one run; None: three times, as every URL."""
    where: str = "main"
    """On which of the servers it is: `main`, or a host of its own that harms only itself."""
    named_by: str = "list"
    """What names it: the list of all cases, `robots` (as a sitemap), or `page` (another case's page)."""


def article(
    title: str = "守渠人的日志", body: str = f"<p>{SENTENCE}</p>" * 4, date: str = "2020-03-04", more: str = ""
) -> str:
    """Return an article's page with an info line."""
    return page(f"<h1>{title}</h1><div>发布时间：{date} 来源：绿洲研究所</div><div>{body}</div>{more}", title)


@cache
def cases(canary: int) -> tuple[Case, ...]:
    """Return every case; `canary` is the port of a server on loopback that nobody may connect to."""
    return (
        *_bombs(), *_codings(), *_floods(), *_redirects(canary), *_heads(), *_charsets(), *_parsing(),
        *_sitemaps(canary), *_lengths(), *_statuses(), *_fields(), *_links(canary),
    )  # fmt: skip


def _bombs() -> Iterator[Case]:
    yield Case("H1", "/h/1/gzip", "gzip bomb of 4 GiB", coded(deflated(4096), "gzip"), TOO_LARGE, tries=1)
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
        yield Case("H3", f"/h/3/{number}", "bombs and endless bodies, 48 at once", answer, TOO_LARGE, tries=1)
    chunks = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    yield Case("H6", "/h/6/plain", "endless body", endless(head("200 OK", HTML), b"x" * 65536), TOO_LARGE, tries=1)
    yield Case("H6", "/h/6/chunked", "endless chunked body",
               endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), chunks), TOO_LARGE, tries=1)  # fmt: skip
    yield Case("H6", "/h/6/framing", "endless framing around nothing",
               endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), (b"1;" + b"e" * 500 + b"\r\nx\r\n") * 64),
               TOO_LARGE, tries=1)  # fmt: skip
    yield Case("H6", "/h/6/tiny", "endless chunks of one byte",
               endless(head("200 OK", HTML, ("Transfer-Encoding", "chunked")), b"1\r\nx\r\n" * 8192), TOO_LARGE,
               tries=1)  # fmt: skip
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


def _heads() -> Iterator[Case]:
    line = b"X-Long: " + b"x" * (10 * MIB) + b"\r\n"
    yield Case("H14", "/h/14/line", "a header line of 10 MB", raw(b"HTTP/1.1 200 OK\r\n" + line + b"\r\nok"), TOO_LARGE,
               tries=1)  # fmt: skip
    many = b"".join(b"X-%d: %s\r\n" % (number, b"v" * 990) for number in range(100_000))
    yield Case("H15", "/h/15/fields", "100,000 header fields, 100 MB", raw(b"HTTP/1.1 200 OK\r\n" + many + b"\r\nok"),
               TOO_LARGE, tries=1)  # fmt: skip
    yield Case("H15", "/h/15/interim", "interim answers without end", endless(b"", b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n"),
               TOO_LARGE, tries=1)  # fmt: skip
    cookies = tuple(("Set-Cookie", f"c{number}=v{number}; Path=/") for number in range(5_000))
    yield Case("H16", "/h/16/5000", "5,000 cookies", Message(b"ok", (HTML, *cookies)), TOO_LARGE, tries=1)
    yield Case("H16", "/h/16/150", "150 cookies: none comes back", html(f"<p>{SENTENCE}</p>", HTML, *cookies[:150]),
               STORED)  # fmt: skip


def _charsets() -> Iterator[Case]:
    text = article()

    def served(content: bytes, charset: str | None) -> Message:
        return Message(content, (("Content-Type", "text/html" + (f"; charset={charset}" if charset else "")),))

    def case(row: str, number: int, what: str, answer: Message, shows: str = SENTENCE) -> Case:
        return Case(row, f"/f/2090{row[1:]}/{number}.html", what, answer, r"stored", shows=shows)

    yield case("H17", 1, "a charset that does not exist", served(text.encode(), "klingon-8"))
    yield case("H18", 1, "said latin-1, is UTF-8", served(text.encode(), "iso-8859-1"))
    yield case("H19", 1, "said UTF-8, is GBK", served(text.encode("gbk"), "utf-8"))
    rare = text.replace("守渠的人", "镕城的𠀀人")
    yield case("H20", 1, "GBK, not said", served(text.encode("gbk"), None))
    yield case("H20", 2, "said GB2312, has characters beyond it", served(rare.encode("gb18030"), "gb2312"),
               SENTENCE.replace("守渠的人", "镕城的𠀀人"))  # fmt: skip
    last = "<p>最后一句话没有说完"
    broken = article(body=f"<p>{SENTENCE}</p>" * 4 + last).encode("gb18030").partition(b"</div>")
    del broken
    whole = article().encode("gb18030")
    end = whole.rindex("数目。".encode("gb18030")) + 3
    yield case("H21", 1, "GB18030, cut in a character", served(whole[:end] + b"</p></body></html>", "gb18030"))
    nul = article(body=f"<p>水\x00渠\x01的\x1b[31m记录\x9b。</p><p>{SENTENCE}</p>")
    yield case("H21", 2, "NUL and control characters", served(nul.encode(), "utf-8"))


def _parsing() -> Iterator[Case]:
    for count, name in ((100_000, "100k"), (1_000_000, "1m")):
        deep = article(body="<div>" * count + f"<p>{SENTENCE}</p>" * 4)
        wanted = LIMITED + "|stored" if count < 1_000_000 else LIMITED
        yield Case("H22", f"/f/209022/{count}.html", f"{name} nested elements", html(deep), wanted)
        del deep
    link = '<a href="/l/{:07d}.html">x</a>'
    many = "".join(link.format(number) for number in range(1_000_000))
    yield Case("H23", "/h/23/1m", "1,000,000 links, 31 MB", html(many), TOO_LARGE, tries=1)
    yield Case("H23", "/h/23/200k", "200,000 links, 6 MB", html(many[: 31 * 200_000]), LIMITED)
    few = "".join(f'<a href="http://elsewhere.test/l/{number}.html">x</a>' for number in range(20_000))
    yield Case("H23", "/h/23/20k", "20,000 links: 5,000 are kept", html(few), STORED)
    yield Case("H24", "/h/24/text", "a text of 50 MB", html("x" * (50 * MIB)), TOO_LARGE, tries=1)
    yield Case("H24", "/h/24/attribute", "an attribute of 24 MB", html(f'<p title="{"x" * (24 * MIB)}">x</p>'),
               TOO_LARGE, tries=1)  # fmt: skip
    yield Case("H24", "/h/24/attributes", "50,000 attributes of one tag",
               html("<p " + " ".join(f"a{number}=b" for number in range(50_000)) + ">x</p>"), LIMITED)  # fmt: skip
    yield Case("H24", "/h/24/small", "a million small elements, 3 MB", html("<b>" * 1_000_000), LIMITED)
    yield Case("H24", "/h/24/words", "a text of 3.5 MB", html("<p>" + "水渠 " * (MIB // 2)), LIMITED + "|" + STORED)
    yield Case("H24", "/h/24/fonts", "40,000 font elements left open",
               html(("<font>" * 100 + "<p>x") * 400), LIMITED + "|" + STORED)  # fmt: skip
    yield Case("H24", "/h/24/tables", "20,000 nested tables", html("<table><tr><td>" * 20_000), LIMITED + "|" + STORED)


def _sitemaps(canary: int) -> Iterator[Case]:
    xml = (("Content-Type", "application/xml"),)

    def sitemap(name: str, what: str, doctype: str, loc: str) -> Case:
        text = f'<?xml version="1.0"?>\n{doctype}<urlset><url><loc>{loc}</loc></url></urlset>'
        return Case("H25", f"/h/25/{name}.xml", what, Message(text.encode(), xml), STORED, named_by="robots")

    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield sitemap("laughs", "billion laughs", f'<!DOCTYPE u [<!ENTITY l0 "ha">{laughs}]>', "http://x/&l9;")
    blow = f'<!DOCTYPE u [<!ENTITY a "{"a" * 50_000}">]>'
    yield sitemap("quadratic", "quadratic blow-up", blow, "http://x/" + "&a;" * 20_000)
    yield sitemap("file", "entity of a file", '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "http://x/&x;")
    yield sitemap("fetch", "entity and DTD on another server",
                  f'<!DOCTYPE u SYSTEM "http://127.0.0.1:{canary}/dtd" [<!ENTITY x SYSTEM '
                  f'"http://127.0.0.1:{canary}/entity">]>', "http://x/&x;")  # fmt: skip


def _lengths() -> Iterator[Case]:
    body = article().encode()
    long_length = head("200 OK", HTML, ("Content-Length", str(len(body) + 1000))) + body
    yield Case("H26", "/h/26/long", "Content-Length too long", cut(long_length), TRUNCATED)
    yield Case("H26", "/h/26/reset", "reset midway", cut(long_length[:-400], reset=True), TRUNCATED)
    chunked = head("200 OK", HTML, ("Transfer-Encoding", "chunked"))
    yield Case("H26", "/h/26/chunk", "a chunk size that is none", cut(chunked + b"10\r\n0123456789abcdef\r\nzz\r\nab\r\n"),
               r"(failed truncated|refused not-http).*")  # fmt: skip
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


def _fields() -> Iterator[Case]:
    data = json.dumps({"@type": "NewsArticle", "headline": "\ud800 x", "author": "a\u2028b\x00", "n": float("nan")})
    more = f'<script type="application/ld+json">{data}</script>'
    odd = f"<p>&#xD800;&#0;&#x1b;[2J 行\u2028分\u2029段 {SENTENCE}</p><p>{SENTENCE}</p>"
    yield Case("H39", "/f/209039/1.html", "lone surrogate, NaN, U+2028, NUL", html(article(body=odd, more=more)[38:]),
               r"stored", shows=SENTENCE)  # fmt: skip
    long_date = "2020年" + "1" * 9_900
    yield Case(
        "H40", "/f/209040/1.html", "a date of 9,900 characters", Message(article(date=long_date).encode()), STORED
    )
    words = article(date="3 days " * 1_500)
    yield Case("H40", "/f/209040/2.html", "a date of 1,500 words", Message(words.encode()), STORED)


def _links(canary: int) -> Iterator[Case]:
    hosts = (
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1",
        "127.0.0.1.", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::80ff:fffe]", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1",
        "good.example@127.0.0.1", "127.0.0.1#@good.example", "0", "0.0.0.0", "169.254.169.254", "[fe80::1]",
    )  # fmt: skip
    anchors = "".join(f'<a href="http://{host}:{canary}/">{number}</a>' for number, host in enumerate(hosts))
    others = "".join(
        f'<a href="{href}">x</a>'
        for href in ("file:///etc/passwd", "data:text/html,<p>x", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x")
    )
    yield Case("H12", "/h/12/links", f"links to {len(hosts)} spellings of addresses, file:, data:, ftp:",
               html(anchors + others), STORED)  # fmt: skip
    long_url = "/h/36/" + "x" * 100_000
    bad = "".join(f'<a href="{href}">x</a>' for href in ("http://[::1", "http://[::g]/", "http://%zz/", "http://a:99999/",
                  "//", "///", "http:///x", "\\\\x", "http://exa mple/", "http://xn--\u0080/", long_url))  # fmt: skip
    good = f'<a href="/h/36/found">a good link</a><p>{SENTENCE}</p>'
    yield Case("H36", "/f/209036/1.html", "malformed links, one of 100 kB", html(article(more=bad + good)[38:]),
               r"stored", shows=SENTENCE)  # fmt: skip
    yield Case("H36", "/h/36/found", "the good link among them", html(f"<p>{SENTENCE}</p>"), STORED, named_by="page")
