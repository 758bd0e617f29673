"""What a draft of a site file says of pages that were seen."""

from collections import Counter
from pathlib import Path

import newsarchive
from newsarchive.operations.new_site import Seen, SeenPage, _opened, _unknown_labels, families
from newsarchive.operations.site_draft import draft_of
from newsarchive.records.site import Site
from newsarchive.sites import read_site_file

HOME = "http://institute.test/"
SITE = Site(name="institute", title="institute", home=HOME)
PAGE = """<html><head><title>绿洲灌溉制度研讨会召开</title></head><body><div>当前位置：首页 &gt; 新闻</div>
<h1>绿洲灌溉制度研讨会召开</h1><div>刊发日：2026-06-30 供稿处：青榆日报 点击：12</div>
<div><p>绿洲灌溉制度研讨会日前在青榆河谷召开，来自各地的学者讨论了渠道、水则和村规的历史。主办方：研究所。</p>
<p>会议收到论文三十篇，将由研究所编成一集，明年与读者见面。</p></div>{}</body></html>"""


def seen(*paths: str, foot: str = "", lists: tuple[str, ...] = ()) -> Seen:
    pages = [SeenPage(HOME.rstrip("/") + path, PAGE.replace("{}", foot).encode(), "utf-8") for path in paths]
    labels = Counter(label for page in pages for label in _unknown_labels(_opened(page, SITE)))
    articles = [(page, newsarchive.parse(page.content, page.url, charset="utf-8")) for page in pages]
    return Seen(
        title='研究所 "北"', articles=articles, lists=[HOME.rstrip("/") + path for path in lists], labels=labels
    )


def drafted(found: Seen, folder: Path) -> tuple[str, Site]:
    text = draft_of(found, SITE)
    path = folder / "institute.toml"
    path.write_text(text, encoding="utf-8")
    return text, read_site_file(path)


def test_labels_that_the_parser_does_not_know_are_listed_and_nothing_else() -> None:
    assert seen("/f/202601/1.html").labels == Counter({"刊发日": 1, "供稿处": 1})


def test_a_draft_is_a_site_file_and_says_what_each_line_rests_on(tmp_path: Path) -> None:
    text, site = drafted(seen("/f/202601/1.html", "/f/202601/2.html", "/f/202512/3.html"), tmp_path)
    assert (site.title, site.article_url) == ('研究所 "北"', r"^/f/(?P<key>\d{6}/\d+)\.html$")
    assert '# "供稿处" = "ignore"  # on 3 of 3 articles' in text
    assert site.labels == {}


def test_a_family_with_urls_of_its_own_is_taken(tmp_path: Path) -> None:
    found = seen("/info/1080/1.htm", "/info/1080/2.htm", "/info/1081/3.htm", lists=("/xwdt.htm", "/xwdt/3.htm"))
    assert drafted(found, tmp_path)[1].family == "vsb"


def test_a_family_with_urls_that_many_have_is_taken_where_the_pages_name_its_system(tmp_path: Path) -> None:
    paths = ("/a/news/2026/0102/12.html", "/a/news/2026/0103/13.html", "/a/news/2026/0104/14.html")
    text, plain = drafted(seen(*paths), tmp_path)
    assert plain.family is None
    assert "URLs could be of the family dedecms; nothing else says so." in text
    marked = seen(*paths, foot="<p>Powered by DedeCMS</p>")
    assert next(families(marked))[1].mark == "DedeCMS"
    assert drafted(marked, tmp_path)[1].family == "dedecms"


def test_a_pattern_that_matches_list_pages_is_left_to_the_reader(tmp_path: Path) -> None:
    found = seen("/n/1.html", "/n/2.html", "/n/3.html", lists=("/n/99.html",))
    text, site = drafted(found, tmp_path)
    assert site.article_url is None
    assert "# It also matches 1 list page:" in text
