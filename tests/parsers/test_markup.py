"""Pages as browsers nest them: what is seen, what is not, and where on the page it stands."""

import pytest
from lxml import etree

from newsarchive.parsers.markup import attribute, read_markup, seen
from newsarchive.parsers.walk import read_lines
from newsarchive.sample import sample_site
from newsarchive.sample.replies import reply_to


def texts(html: str, *, hidden: bool = False) -> list[str]:
    """Return the lines that a reader sees, or those that the page hides."""
    lines = read_lines(read_markup(html.encode()).seen).lines
    return [line.text for line in lines if line.text and line.hidden == hidden]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>one<!-- <p>two</p> --> three</p>", ["one three"]),
        ("<p>one</p><script>if (a < b) document.write('<p>two</p>')</script><p>three</p>", ["one", "three"]),
        ("<p>one</p><noscript><p>two <noscript>x</noscript></p></noscript><p>three</p>", ["one", "three"]),
        ("<div>one<object><object><p>two</p></object>x</object></div><p>three</p>", ["one", "three"]),
        ("<p>one<select><option>two</select>three</p>", ["onethree"]),
        ("<iframe src=/x><p>two</p></iframe><p>three</p>", ["three"]),
        ("<p title='a > b \"c\"'>one &lt;p&gt; &amp;amp; two</p>", ["one <p> &amp; two"]),
        ("<p>one<p>two<div>three</div>four", ["one", "two", "three", "four"]),
        ("<table><tr><td>one<td>two<tr><td>three</table>four", ["one", "two", "three", "four"]),
        ("<xmp><p>one</div></xmp><p>two</p>", ["one", "two"]),
        ("<body><p>one</body></html><p>two</p>", ["one", "two"]),
        ("<svg><text>one</text></svg><p>two</p>", ["two"]),
    ],
)
def test_what_a_reader_sees(html: str, shown: list[str]) -> None:
    assert texts(html) == shown


@pytest.mark.parametrize(
    "name",
    [
        "script", "style", "textarea", "title", "noembed", "noframes", "select", "button", "datalist", "noscript",
        "object", "svg", "template", "video", "audio", "canvas", "map", "math", "applet",
    ],
)  # fmt: skip
def test_what_no_browser_shows_as_text_is_left_out(name: str) -> None:
    assert seen(f"<p>one<{name}>two</{name}>three</p>") == "<p>onethree</p>"


@pytest.mark.parametrize(
    ("html", "shown", "hidden"),
    [
        ('<p>a<span style="display: none">b <span>c</span></span><span>d</span></p>', ["a", "d"], ["b c"]),
        ('<div style="DISPLAY:none"><p>b</p><p>c</p></div><p>d</p>', ["d"], ["b", "c"]),
        ("<p>a <em hidden>b</em> c</p>", ["a", "c"], ["b"]),
        ('<p style="overflow:hidden">a</p>', ["a"], []),
        ('<p><i style="visibility:hidden">a</i></p><p>b</p>', ["b"], ["a"]),
    ],
)
def test_what_the_page_hides(html: str, shown: list[str], hidden: list[str]) -> None:
    assert texts(html) == shown
    assert texts(html, hidden=True) == hidden


def test_attributes_are_what_was_written() -> None:
    tag = "<p><img alt='a \"b\" &lt; c' DATA-SRC=/x?a=1&amp;b=2 hidden></p>"
    body = read_markup(tag.encode()).body
    written = body[body.index("<img") : body.index(">", body.index("<img"))]
    assert attribute(written, "alt") == 'a "b" < c'
    assert attribute(written, "data-src") == "/x?a=1&b=2"
    assert attribute(written, "src") is None
    assert attribute(written, "hidden") == ""


def test_an_xpath_leads_to_its_box() -> None:
    site = sample_site(12)
    checked = 0
    for number in site.numbers:
        markup = read_markup(reply_to(site, site.path(number)).content.decode("gb18030", "ignore").encode())
        lines = read_lines(markup.seen)
        document = etree.fromstring(f"<html>{markup.seen}</html>", etree.HTMLParser(huge_tree=True))
        for line in lines.lines:
            found = document.xpath(lines.xpath(line.box))
            assert isinstance(found, list)
            assert len(found) == 1, lines.xpath(line.box)
            assert isinstance(found[0], etree._Element)  # noqa: SLF001 - it has no public name
            shown = etree.tostring(found[0], method="text", encoding="utf-8").decode()
            assert "".join(line.text.split()) in "".join(shown.split())
            checked += 1
    assert checked > 300


def test_nothing_is_left_of_what_is_not_seen() -> None:
    assert seen("<p>a</p><style>b</style><template><p>c</p></template><!-- d --><p>e</p>") == "<p>a</p><p>e</p>"
