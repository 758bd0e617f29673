"""Families: what is an article, what is a list, and one spelling for each page of the systems that institutes use."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.records.site import Site
from newsarchive.sites import read_site_file
from newsarchive.sites.file import FAMILIES
from newsarchive.sites.scope import Scope

NAMES = sorted(preset.stem for preset in FAMILIES.glob("*.toml"))


def family_site(family: str, folder: Path, home: str = "https://harbour.test/") -> Site:
    path = folder / "harbour.toml"
    path.write_text(
        f'name = "harbour"\ntitle = "Harbour Institute"\nhome = "{home}"\nfamily = "{family}"\n', encoding="utf-8"
    )
    return read_site_file(path)


@pytest.fixture(scope="module")
def scopes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scope]:
    return {name: Scope(family_site(name, tmp_path_factory.mktemp(name))) for name in NAMES}


def test_there_are_seven_families() -> None:
    assert NAMES == ["dedecms", "empirecms", "phpcms", "siteserver", "trs", "vsb", "webplus"]


@pytest.mark.parametrize("family", NAMES)
def test_every_family_says_what_is_observed_and_what_is_assumed(family: str) -> None:
    text = (FAMILIES / f"{family}.toml").read_text(encoding="utf-8")
    assert "# Assumed" in text
    assert "Observed" in text or "Read in its source" in text


@pytest.mark.parametrize(
    ("family", "local", "key"),
    [
        ("vsb", "/info/1080/5526.htm", "1080/5526"),
        ("vsb", "/en/info/1080/5526.htm", "1080/5526"),
        ("webplus", "/2025/1021/c438a583508/page.htm", "438a583508"),
        ("webplus", "/43/2f/c5320a213807/page.htm", "5320a213807"),
        ("trs", "/kycg/lw/201910/t20191028_5022190.shtml", "5022190"),
        ("trs", "/a/200906/t20090608_600647.html", "600647"),
        ("dedecms", "/a/xinwen/2020/1202/12.html", "12"),
        ("dedecms", "/plus/view.php?aid=12", "12"),
        ("phpcms", "/2020/xinwen_1202/345.html", "345"),
        ("phpcms", "/html/xinwen/2020/1202/345.html", "345"),
        ("phpcms", "/show-12-345-1.html", "345"),
        ("phpcms", "/index.php?m=content&c=index&a=show&catid=12&id=345", "345"),
        ("empirecms", "/news/2020-12-02/77.html", "77"),
        ("empirecms", "/news/202012/77.html", "77"),
        ("empirecms", "/e/action/ShowInfo.php?classid=3&id=77", "77"),
        ("siteserver", "/contents/596/4411.html", "596/4411"),
    ],
)
def test_an_article_is_known_by_its_url_and_gives_its_key(
    family: str, local: str, key: str, scopes: dict[str, Scope]
) -> None:
    scope = scopes[family]
    assert scope.kind(f"https://harbour.test{local}") == "article"
    match = re.search(scope.site.article_url or "", local)
    assert match
    assert match["key"] == key


@pytest.mark.parametrize(
    ("family", "local", "kind"),
    [
        ("vsb", "/xwzx/12.htm", "list"),
        ("vsb", "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1001", "list"),
        ("vsb", "/xwzx.htm", "unknown"),
        ("vsb", "/", "unknown"),
        ("webplus", "/xwzx/list.htm", "list"),
        ("webplus", "/xwzx/list12.htm", "list"),
        ("webplus", "/438/list2.htm", "list"),
        ("webplus", "/en/p4628c4601/list.htm", "unknown"),
        ("trs", "/kycg/lw/index_3.shtml", "list"),
        ("trs", "/kycg/lw/", "list"),
        ("trs", "/", "unknown"),
        ("dedecms", "/a/xinwen/list_15_2.html", "list"),
        ("dedecms", "/plus/list.php?tid=15", "list"),
        ("phpcms", "/list-12-2.html", "list"),
        ("phpcms", "/html/xinwen/2.html", "list"),
        ("phpcms", "/index.php?m=content&c=index&a=lists&catid=12&page=2", "list"),
        ("empirecms", "/news/index_2.html", "list"),
        ("siteserver", "/channels/596_2.html", "list"),
    ],
)
def test_a_list_is_known_by_its_url(family: str, local: str, kind: str, scopes: dict[str, Scope]) -> None:
    assert scopes[family].kind(f"https://harbour.test{local}") == kind


@pytest.mark.parametrize(
    ("family", "spelled", "kept"),
    [
        ("vsb", "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1080&wbnewsid=5526", "/info/1080/5526.htm"),
        ("vsb", "/content.jsp?wbnewsid=5526&urltype=news.NewsContentUrl&wbtreeid=1080", "/info/1080/5526.htm"),
        ("vsb", "/en/content.jsp?wbtreeid=7&wbnewsid=8", "/en/info/7/8.htm"),
        ("vsb", "/content.jsp?xwbtreeid=7&wbnewsid=8", "/content.jsp?xwbtreeid=7&wbnewsid=8"),
        ("vsb", "/list.jsp?wbtreeid=7&wbnewsid=8", "/list.jsp?wbtreeid=7&wbnewsid=8"),
        ("webplus", "/_t720/2025/1021/c438a583508/page.htm", "/2025/1021/c438a583508/page.htm"),
        ("webplus", "/_t720/_t5/xwzx/list1.psp", "/xwzx/list.htm"),
        ("webplus", "/xwzx/list12.psp", "/xwzx/list12.htm"),
        ("webplus", "/2025/1021/c438a583508/page.psp", "/2025/1021/c438a583508/page.htm"),
        ("webplus", "/_t720", "/_t720"),
        ("dedecms", "/plus/list.php?tid=15&TotalResult=80&PageNo=2", "/plus/list.php?tid=15&PageNo=2"),
    ],
)
def test_twins_of_a_page_are_kept_under_one_spelling(
    family: str, spelled: str, kept: str, scopes: dict[str, Scope]
) -> None:
    assert scopes[family].canonical(f"http://harbour.test{spelled}") == f"https://harbour.test{kept}"


def test_twins_on_other_hosts_and_ports_are_left_alone(scopes: dict[str, Scope]) -> None:
    for url in ("http://other.test/content.jsp?wbtreeid=7&wbnewsid=8", "http://harbour.test:8080/_t720/a/list.psp"):
        assert scopes["vsb"].canonical(url) == url
        assert scopes["webplus"].canonical(url) == url


def test_an_http_home_keeps_https_as_it_is(tmp_path: Path) -> None:
    scope = Scope(family_site("vsb", tmp_path, "http://harbour.test/"))
    assert scope.canonical("https://harbour.test/info/1/2.htm") == "https://harbour.test/info/1/2.htm"
    assert scope.canonical("http://harbour.test/info/1/2.htm") == "http://harbour.test/info/1/2.htm"


def test_a_site_may_undo_what_its_family_rewrites(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text(
        'name = "harbour"\ntitle = "H"\nhome = "http://harbour.test/"\nfamily = "vsb"\nrewrite_url = []\n',
        encoding="utf-8",
    )
    url = "http://harbour.test/content.jsp?wbtreeid=7&wbnewsid=8"
    assert Scope(read_site_file(path)).canonical(url) == url


PIECES = st.lists(
    st.sampled_from([
        "/", "_t720", "_t", "list", "list1", "page", ".psp", ".htm", "content.jsp", "?", "wbtreeid=", "wbnewsid=", "7",
        "&", "index", "info", "_2", "p1c2", ";jsessionid=1", "TotalResult=1", "..", "%2e",
    ]),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("family", NAMES)
@given(local=PIECES)
def test_a_spelling_that_is_kept_is_kept_again(family: str, scopes: dict[str, Scope], local: str) -> None:
    kept = scopes[family].canonical(f"http://harbour.test/{local}")
    assert kept is None or scopes[family].canonical(kept) == kept
