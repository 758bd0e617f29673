"""Bytes to characters: what is declared, what the bytes say, and what is kept as evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.parsers import parse
from newsarchive.parsers.encoding import decode

TEXT = "国务院总理在会议上发表讲话，强调要坚持合作发展，维护地区和平稳定，促进经济社会发展。" * 4


def page(text: str, charset: str | None = None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>标题</title></head><body><p>{text}</p></body></html>"


def shown(html: bytes, charset: str | None = None) -> str:
    return decode(html, charset).utf8.decode()


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030", "x-gbk"])
def test_every_gb_label_means_gb18030(label: str) -> None:
    text = TEXT + "朱镕基 㐀 𠀀"
    decoded = decode(page(text, label).encode("gb18030"))
    assert decoded.used == "gb18030"
    assert decoded.declared == label.lower()
    assert decoded.undecoded == 0
    assert text in decoded.utf8.decode()


@pytest.mark.parametrize("header", [None, "utf-8", "iso-8859-1", "windows-1252"])
def test_gbk_bytes_are_read_as_gb18030_whatever_the_header_says(header: str | None) -> None:
    decoded = decode(page(TEXT).encode("gbk"), header)
    assert decoded.used == "gb18030"
    assert TEXT in decoded.utf8.decode()
    assert bool(decoded.warnings) == (header is not None)


@pytest.mark.parametrize("label", ["gbk", "gb2312", "iso-8859-1", None, "no-such-charset"])
def test_utf8_bytes_are_read_as_utf8_whatever_is_declared(label: str | None) -> None:
    decoded = decode(page(TEXT, label).encode())
    assert decoded.used == "utf-8"
    assert TEXT in decoded.utf8.decode()


def test_the_header_is_declared_before_the_meta() -> None:
    decoded = decode(page(TEXT, "gb2312").encode(), "UTF-8")
    assert (decoded.declared, decoded.used, decoded.warnings) == ("utf-8", "utf-8", ())


def test_a_byte_order_mark_wins() -> None:
    assert decode(b"\xef\xbb\xbf" + page(TEXT, "gbk").encode(), "gbk").used == "utf-8"
    assert TEXT in shown(page(TEXT).encode("utf-16"))


def test_cyrillic_is_read_by_its_declared_charset() -> None:
    text = "Институт исследований Центральной Азии провёл конференцию."
    decoded = decode(page(text, "windows-1251").replace("标题", "Новости").encode("cp1251"))
    assert (decoded.used, decoded.undecoded) == ("cp1251", 0)
    assert text in decoded.utf8.decode()


def test_bytes_that_cannot_be_decoded_are_counted_and_not_dropped() -> None:
    decoded = decode(page(TEXT, "utf-8").encode().replace("发展".encode(), b"\xff\xfe", 1))
    assert decoded.undecoded == 2
    assert decoded.utf8.decode().count("\ufffd") == 2
    assert "undecoded: 2 characters" in decoded.warnings


def test_replacement_characters_that_were_served_are_not_counted() -> None:
    assert decode(page("\ufffd" + TEXT).encode()).undecoded == 0


def test_gb18030_that_is_cut_in_a_character_keeps_all_whole_ones() -> None:
    decoded = decode((page(TEXT, "gb2312") + TEXT).encode("gb18030")[:-1])
    assert decoded.utf8.decode().count("国务院总理") == 8
    assert decoded.undecoded == 1


def test_control_characters_and_lone_surrogates_never_reach_a_record() -> None:
    text = "正文\x00里有\x07控制字符\ud800和孤立代理" + TEXT
    html = f"<h1>标题在这里</h1><div>日期：2020-12-02 来源：某报</div><p>{text}</p><p>&#1;&#x9f;&#xd800;{TEXT}</p>"
    for given_html in (html, html.encode("utf-8", "surrogatepass")):
        record = parse(given_html, "http://institute.test/1.html").to_json()
        assert record.encode("utf-8")
        assert not any(c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff" for c in record)
        assert "控制字符" in record


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "big5", "utf-16", "x", "latin-1"]))
def test_any_bytes_decode_to_valid_utf8(data: bytes, charset: str | None) -> None:
    decoded = decode(data, charset)
    assert decoded.utf8.decode("utf-8") is not None
    assert decoded.undecoded >= 0


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "gbk", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("by_header", [True, False])
def test_an_article_reads_the_same_in_every_encoding(codec: str, *, by_header: bool) -> None:
    text = "中国与各国学者在会议上讨论合作，强调发展与和平。" * 6
    label = "utf-8" if codec == "utf-8-sig" else codec
    html = (
        f'<html><head><meta charset="{label}"><title>学者讨论合作发展</title></head><body><h1>学者讨论合作发展</h1>'
        f"<p>日期：2020-12-02 来源：大公报</p><div><p>{text}</p><p>{text}</p></div></body></html>"
    ).encode(codec)
    article = parse(html, "http://institute.test/1.html", charset=label if by_header else None)
    assert (article.title, article.source, str(article.date)) == ("学者讨论合作发展", "大公报", "2020-12-02")
    assert article.text == f"{text}\n{text}"


def test_big5_is_read_where_it_is_declared() -> None:
    text = "國務院總理在會議上發表講話，強調要堅持合作發展。" * 4
    decoded = decode(page(text, "big5").replace("标题", "標題").encode("big5"))
    assert text in decoded.utf8.decode()
    assert decoded.undecoded == 0
