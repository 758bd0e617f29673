"""What a hostile page says: charsets, nesting, links, fields, sitemaps."""

import json
from collections.abc import Iterator

from tests.hostile.bombs import MIB
from tests.hostile.cases import LIMITED, SENTENCE, STORED, TOO_LARGE, Case, article
from tests.hostile.wire import Message, html


def page_cases(canary: int) -> Iterator[Case]:
    """Yield every case of a page; `canary` is the port of a server that nobody may connect to."""
    yield from _charsets()
    yield from _parsing()
    yield from _sitemaps(canary)
    yield from _fields()
    yield from _links(canary)


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
        "good.example@127.0.0.1", "127.0.0.1#@good.example", "0", "0.0.0.0", "169.254.169.254", "[fe80::1]",  # noqa: S104 - a link, no socket
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
    yield Case(
        "H36",
        "/f/209036/1.html",
        "malformed links, one of 100 kB",
        html(article(more=bad + good)[38:]),
        r"stored",
        shows=SENTENCE,
    )
    yield Case("H36", "/h/36/found", "the good link among them", html(f"<p>{SENTENCE}</p>"), STORED, named_by="page")
