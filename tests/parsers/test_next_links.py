"""Which link of a pager leads to the next page of a list."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from tests.parsers.test_fresh_lists import EXPECTED, HOST, listing, rows, shown

LIST = f"<ul>{rows('<li><a href={u}>{t}</a><span>{d}</span></li>')}</ul>"


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ('<a href="?p=2" rel="next" title="Go to next page"><span>Next page</span><span>›</span></a> <a href="?p=9" title="Go to last page"><span>Last page</span><span>»</span></a>', "?p=2"),
        ('<a href="?p=2" title="Go to next page">›</a> <a href="?p=9" title="Go to last page">»</a>', "?p=2"),
        ('<a href="?p=9" title="Go to last page">»</a>', None),
        ('<a href="?p=2">›</a> <a href="?p=9">»</a>', "?p=2"),
        ('<a href="?p=9">»</a> <a href="?p=2">›</a>', "?p=2"),
        ('<a href="?p=2">&gt;</a> <a href="?p=9">&gt;&gt;</a>', "?p=2"),
        ('<a href="?p=1">«</a> <a href="?p=2">»</a>', "?p=2"),
        ('<a href="?p=2" aria-label="Next"><span>&raquo;</span></a>', "?p=2"),
        ('<a href="?p=0" aria-label="Previous"><span>&rarr;</span></a>', None),
        ("<a href='?p=2'>Next page ›</a>", "?p=2"),
        ("<a href='?p=2'>下一页 →</a>", "?p=2"),
        ('<a href="page/2/">&larr; Older posts</a>', "page/2/"),
        ('<a href="page/2/">Older posts</a> <a href="page/1/">Newer posts →</a>', "page/2/"),
        ('<a href="page/1/">Newer posts &rarr;</a>', None),
        ("<a href='?p=1'>Начало</a> | <a href='?p=1'>Пред.</a> | <a href='?p=2'>2</a> | <a href='?p=3'>След.</a> | <a href='?p=9'>Конец</a>", "?p=3"),
        ("<a href='?p=3'>След</a>", "?p=3"),
        ("<a href='?p=1'>1</a> 2 <a href='?p=3'>Далее</a>", "?p=3"),
        ("<a href='?p=1'>Назад</a> <a href='?p=3'>Далее</a>", "?p=3"),
        ("<a href='/about/'>Далее</a>", None),
        ('<a href="?p=2"><img src="/images/next.gif"></a> <a href="?p=9"><img src="/images/last.gif"></a>', "?p=2"),
        ('<a href="?p=1"><img src="/i/prev.gif"></a> <a href="?p=3"><img src="/i/btn_next_1.png?v=2"></a>', "?p=3"),
        ('<a href="?p=2"><img src="/images/context.gif"></a>', None),
        ('<a href="?p=1" rel="prev">1</a> 2 | 3 | <a href="?p=3" rel="next">3</a>', "?p=3"),
    ],
)  # fmt: skip
def test_the_link_that_leads_on_is_told_by_its_words_name_or_arrow(pager: str, following: str | None) -> None:
    expected = {None: None, "page/2/": f"{HOST}/xw/page/2/"}.get(following, f"{HOST}/xw/index.html{following}")
    found = listing(f"{LIST}<div>{pager}</div>")
    assert found.next == expected
    assert shown(found) == EXPECTED


NUMBERS = "".join(f" <a href=list_{n}.html>{n}</a>" for n in (2, 3, 4))


@pytest.mark.parametrize(
    "pager",
    [
        f"<div><b>1</b>{NUMBERS}</div>",
        f"<div><span>1</span>{NUMBERS} ...</div>",
        f"<div>[1]{NUMBERS.replace('>2<', '>[2]<')}</div>",
        f"<div>1{NUMBERS} 共 20 页</div>",
        f"<div><a class=cur href=index.html>1</a>{NUMBERS}</div>",
        f"<div><a class='page-link active' href='#'>1</a>{NUMBERS}</div>",
        f"<div><a href=#>1</a>{NUMBERS}</div>",
        f"<div><a href=index.html>1</a>{NUMBERS}</div>",
        f"<div><a aria-current=page href=list_1.html>1</a>{NUMBERS}</div>",
        "<ul><li class=on>1</li><li><a href=list_2.html>2</a></li><li><a href=list_3.html>3</a></li></ul>",
        "<table><tr><td>1</td><td><a href=list_2.html>2</a></td></tr></table>",
    ],
)
def test_in_a_pager_of_numbers_the_one_after_the_pages_own_leads_on(pager: str) -> None:
    assert listing(LIST + pager).next == f"{HOST}/xw/list_2.html"


@pytest.mark.parametrize(
    "pager",
    [
        "<div><a href=list_1.html>1</a> <a href=list_2.html>2</a> <b>3</b></div>",
        "<div><a href=list_1.html>1</a> <a href=list_2.html>2</a> <a href=list_3.html>3</a></div>",
        "<div>1 <a href=/x/3.html>2</a></div>",
        "<table><tr><td>1</td><td>2</td><td>3</td></tr><tr><td><a href=/d/4>4</a></td><td>5</td><td><a href=/d/6>6</a></td></tr></table>",
    ],
    ids=["last page", "none marked", "an entry", "calendar"],
)
def test_numbers_that_tell_no_next_page_give_none(pager: str) -> None:
    assert listing(LIST + pager).next is None


def test_the_head_names_the_next_page_where_the_pager_leads_there() -> None:
    head = "<link rel='next' href='/xw/list_2.html'>"
    pager = "<div><a href=list_1.html>1</a> <a href=list_2.html>2</a> <a href=list_3.html>3</a></div>"
    assert listing(LIST + pager, head=head).next == f"{HOST}/xw/list_2.html"
    assert listing(LIST, head=head).next is None


def test_a_word_that_also_tells_to_read_on_leads_to_no_next_page_beside_entries() -> None:
    form = "<p>{d}<br><a href={u}><b>{t}</b></a><br>Краткое сообщение. <a href={u}>Далее</a></p>"
    found = listing(f"{rows(form)}<div>1 <a href='?p=2'>2</a> <a href='?p=2'>След.</a></div>")
    assert found.next == f"{HOST}/xw/index.html?p=2"
    assert listing(rows(form)).next is None
