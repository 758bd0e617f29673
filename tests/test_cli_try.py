"""`newsarchive try`: one answer for every page, in the order given."""

import gzip
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as package
from newsarchive.cli.page_source import made_up_url, read_sources, stated_url
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.urls import canonical_url
from tests.conftest import Ran, RunNewsarchive

ARTICLE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>【学术交流】海港研究所举办读书会</title>{head}</head>
<body><h1>【学术交流】海港研究所举办读书会</h1>
<p>日期:2024-03-05 来源:海港研究所 点击:12</p>
<div><p>三月五日，海港研究所在图书馆举办了本学期的第一次读书会，十余位师生参加了讨论，气氛十分热烈。</p>
<p>与会者认为，港口城市的历史应当放在更长的时段里来看，并约定四月继续阅读同一部著作的后半部分。</p></div>
</body></html>"""

ITEMS = "".join(
    f'<li><a href="/f/202403/{n}.html">海港研究所举办第{n}次学术读书会活动</a><span>2024-03-{n:02}</span></li>'
    for n in range(1, 13)
)
LIST = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>学术交流</title></head><body><h2>学术交流</h2>
<ul>{ITEMS}</ul><div><a href="list.html">首页</a> <a href="list_2.html">下一页</a> <a href="list_9.html">末页</a></div>
</body></html>"""

HARBOUR = """name = "harbour"
title = "Harbour Institute"
home = "http://harbour.test/"
article_url = '^/f/(?P<key>\\d{6}/\\d+)\\.html$'
"""
URL = "http://harbour.test/f/202403/17.html"


def article(head: str = "") -> str:
    return ARTICLE.replace("{head}", head)


def saved(folder: Path, name: str, page: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    return path


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.split("\n")[:-1]]


def test_an_article_gives_its_record_and_nothing_else(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    ran = newsarchive("try", "--json", "--url", URL, saved(tmp_path, "a.html", article()))
    assert ran.code == 0
    assert ran.out == package.parse(article().encode(), URL).to_json() + "\n"
    assert lines(ran)[0]["date"] == "2024-03-05"


def test_a_list_page_gives_its_entries_and_the_way_on(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    path = saved(tmp_path, "list.html", LIST)
    (found,) = lines(newsarchive("try", "--json", "--url", "http://harbour.test/xsjl/list.html", path))
    assert list(found) == ["file", "kind", "entries", "next"]
    assert (found["file"], found["kind"]) == (str(path), "list")
    assert found["next"] == "http://harbour.test/xsjl/list_2.html"
    assert found["entries"][1] == {
        "url": "http://harbour.test/f/202403/2.html",
        "title": "海港研究所举办第2次学术读书会活动",
        "date": "2024-03-02",
    }
    assert len(found["entries"]) == 12


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (b"", "empty-page"),
        (b"%PDF-1.7\n1 0 obj", "not-html"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "not-html"),
        ("<html><title>404</title><h1>404 Not Found</h1><p>您访问的页面不存在</p></html>", "soft-404"),
    ],
    ids=["empty", "pdf", "binary", "not found"],
)
def test_a_page_that_is_no_article_is_named_and_no_failure(
    page: str | bytes, error: str, newsarchive: RunNewsarchive, tmp_path: Path
) -> None:
    path = saved(tmp_path, "page.html", page)
    ran = newsarchive("try", "--json", path)
    assert (ran.code, ran.err) == (0, "")
    (found,) = lines(ran)
    assert list(found) == ["file", "error", "message"]
    assert (found["file"], found["error"]) == (str(path), error)
    assert found["message"]
    assert f"{error}: {found['message']}" in " ".join(newsarchive("try", path).out.split())


def test_a_gzipped_page_reads_like_the_page_whatever_its_name(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    plain = saved(tmp_path, "plain.html", article())
    zipped = saved(tmp_path, "zipped.html", gzip.compress(article().encode()))
    read = [lines(newsarchive("try", "--json", "--url", URL, path)) for path in (plain, zipped)]
    assert read[0] == read[1]


def test_pages_are_answered_in_the_order_given(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    saved(tmp_path, "a.html", article())
    saved(tmp_path, "b.html", b"")
    saved(tmp_path, "c.html", LIST)
    order = "cabbacab"
    found = lines(newsarchive("try", "--json", *(tmp_path / f"{letter}.html" for letter in order)))
    kinds = {"a": "2024-03-05", "b": "empty-page", "c": "list"}
    assert [line.get("kind") or line.get("error") or line["date"] for line in found] == [kinds[c] for c in order]


def test_what_cannot_be_read_is_told_and_the_others_are_read(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    page = saved(tmp_path, "a.html", article())
    cut = saved(tmp_path, "cut.html.gz", gzip.compress(article().encode())[:-20])
    missing = tmp_path / "missing.html"
    ran = newsarchive("try", "--json", missing, page, tmp_path, cut, page)
    assert ran.code == 2
    found = lines(ran)
    assert [line.get("error") for line in found] == [
        "unreadable-file",
        None,
        "unreadable-file",
        "unreadable-file",
        None,
    ]
    assert [line["file"] for line in found if "error" in line] == [str(missing), str(tmp_path), str(cut)]
    told = ran.err.split("\n")
    assert told[0] == f"newsarchive: {missing}: no such file or directory; expected the file of a saved page"
    assert told[1] == f"newsarchive: {tmp_path}: is a directory; expected the file of a saved page"
    assert told[2].startswith(f"newsarchive: {cut}: cannot be unzipped: ")
    assert told[3:] == [""]


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="canonical" href="{URL}">',
        f"<LINK href={URL}#top REL=canonical />",
        f'<meta property="og:url" content="{URL}?utm_source=x"><link rel="stylesheet" href="/s.css">',
        f'<meta content="http://other.test/" property="og:url"><link rel="canonical" href="{URL}">',
    ],
)
def test_the_url_that_a_page_states_chooses_the_site(
    head: str, newsarchive: RunNewsarchive, own_sites: Path, tmp_path: Path
) -> None:
    saved(own_sites, "harbour.toml", HARBOUR)
    (found,) = lines(newsarchive("try", "--json", saved(tmp_path, "a.html", article(head))))
    assert (found["site"], found["id"], found["url"]) == ("harbour", "harbour/202403/17", URL)


def test_the_url_that_is_given_wins_over_the_one_that_is_stated(
    newsarchive: RunNewsarchive, own_sites: Path, tmp_path: Path
) -> None:
    saved(own_sites, "harbour.toml", HARBOUR)
    page = saved(tmp_path, "a.html", article('<link rel="canonical" href="http://other.test/f/202403/1.html">'))
    assert lines(newsarchive("try", "--json", "--url", URL, page))[0]["id"] == "harbour/202403/17"


def test_a_page_of_an_undeclared_host_is_read_without_a_site(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    page = saved(tmp_path, "a.html", article())
    (found,) = lines(newsarchive("try", "--json", "--url", "http://nobody.test/x/1.html", page))
    assert found["site"] == "generic"
    assert found["title"] == "【学术交流】海港研究所举办读书会"


def test_the_site_that_is_named_reads_every_page(newsarchive: RunNewsarchive, own_sites: Path, tmp_path: Path) -> None:
    saved(own_sites, "harbour.toml", HARBOUR)
    (found,) = lines(newsarchive("try", "--json", "--site", "harbour", saved(tmp_path, "a.html", article())))
    assert (found["site"], found["url"]) == ("harbour", "http://harbour.test/a.html")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--site", "icsa"], "no site is called 'icsa'; did you mean icas? (`newsarchive sites` lists them)"),
        (["--url", "ftp://x/"], "--url 'ftp://x/': expected a URL such as http://institute.example/news/1.html"),
        (["--url", URL, "b.html"], "--url: says where one FILE was saved; expected exactly one FILE beside it"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_exit_code_2(
    arguments: list[str], message: str, newsarchive: RunNewsarchive, tmp_path: Path
) -> None:
    ran = newsarchive("try", *arguments, saved(tmp_path, "a.html", article()))
    assert ran == (2, "", f"newsarchive: {message}\n")


def test_a_page_is_read_from_standard_input(newsarchive: RunNewsarchive, monkeypatch: pytest.MonkeyPatch) -> None:
    page = TextIOWrapper(BytesIO(gzip.compress(ARTICLE.format(head="").encode())))
    monkeypatch.setattr(sys, "stdin", page)
    ran = newsarchive("try", "-", "--json", "--url", "http://harbour.example/f/202403/5.html")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["url"] == "http://harbour.example/f/202403/5.html"


def test_a_broken_site_file_is_told_and_pages_are_read(
    newsarchive: RunNewsarchive, own_sites: Path, tmp_path: Path
) -> None:
    broken = saved(own_sites, "broken.toml", "name = ")
    ran = newsarchive("try", "--json", saved(tmp_path, "a.html", article()))
    assert ran.code == 0
    assert len(lines(ran)) == 1
    assert ran.err.startswith(f"newsarchive: {broken}:1: is not TOML")


def test_a_page_that_breaks_the_parser_hides_no_other(
    newsarchive: RunNewsarchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(html: bytes, *arguments: Any, **options: Any) -> Reading:  # noqa: ANN401 - stands for any signature
        if html == b"break":
            raise ZeroDivisionError("by zero")
        return read_page(html, *arguments, **options)

    monkeypatch.setattr("newsarchive.cli.try_pages.read_page", breaking)
    page, bad = saved(tmp_path, "a.html", article()), saved(tmp_path, "bad.html", "break")
    ran = newsarchive("try", "--json", bad, page)
    assert ran.code == 1
    assert [line.get("error") for line in lines(ran)] == ["unexpected", None]
    assert "unexpected ZeroDivisionError at test_cli_try.py:" in ran.err


def test_a_person_sees_what_was_read_and_where(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    page = saved(tmp_path, "a.html", article())
    plain = newsarchive("try", "--url", URL, page)
    assert plain.code == 0
    for shown in ("【学术交流】海港研究所举办读书会", "2024-03-05", "海港研究所", "2 paragraph", "not found"):
        assert shown in plain.out
    explained = newsarchive("try", "--explain", "--url", URL, page).out
    rules = package.parse(article().encode(), URL).provenance
    assert rules
    for name, place in rules.items():
        assert name in explained
        assert place.rule in explained


def test_nothing_of_a_page_commands_the_terminal(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    hostile = article().replace("读书会", "读书\x1b]0;x\x07\x1b[2J\u202e会&#27;[31m&#x9b;2J")
    ran = newsarchive("try", "--explain", saved(tmp_path, "a\x1b[2J.html", hostile))
    assert ran.code == 0
    assert not set(ran.out) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_pages_are_read_one_at_a_time(tmp_path: Path) -> None:
    first, second = saved(tmp_path, "1.html", "first"), tmp_path / "2.html"
    sources = read_sources([str(first), str(second)])
    assert next(sources).data == b"first"
    saved(tmp_path, "2.html", "written after the first was read")
    assert next(sources).data == b"written after the first was read"


@given(st.binary() | st.text().map(lambda text: f'<link rel="canonical" href="{text}">'.encode("utf-8", "replace")))
def test_a_stated_url_is_canonical_or_none(page: bytes) -> None:
    url = stated_url(page)
    assert url is None or canonical_url(url) == url


@given(st.text(st.characters(exclude_characters="\x00"), min_size=1))
def test_a_made_up_url_can_be_kept(name: str) -> None:
    assert canonical_url(made_up_url(name, "http://generic.invalid/")) is not None


@pytest.mark.corpora
def test_every_real_page_gives_one_of_the_three_answers(newsarchive: RunNewsarchive, corpora: Path) -> None:
    files = [str(path) for path in sorted(corpora.glob("*/pages/*"))]
    assert files
    ran = newsarchive("try", "--json", *files)
    assert (ran.code, ran.err) == (0, "")
    found = lines(ran)
    assert len(found) == len(files)
    assert all("record" in line or line.get("kind") == "list" or "error" in line for line in found)


class Harbour(BaseHTTPRequestHandler):
    """A site of one page that allows everything."""

    def do_GET(self) -> None:
        page = article().encode("gb18030", "replace") if self.path == "/f/202403/17.html" else b""
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=gb2312")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def harbour() -> Iterator[str]:
    """Serve the page over loopback and return the origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Harbour) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.crawl
def test_urls_and_files_are_answered_in_the_order_given(harbour: str, tmp_path: Path) -> None:
    url = f"{harbour}/f/202403/17.html"
    page = saved(tmp_path, "list.html", LIST)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refusing = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        command = [sys.executable, "-m", "newsarchive.cli.main", "try", "--json", url, str(page), refusing, url]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    read = [json.loads(line) for line in ran.stdout.split("\n")[:-1]]
    assert [line.get("url") or line.get("kind") or line["error"] for line in read] == [url, "list", "not-fetched", url]
    assert (read[0]["source"], read[0]["encoding"]["used"]) == ("海港研究所", "gb18030")
    assert ran.returncode == 7
    assert ran.stderr.startswith(f"newsarchive: {refusing}: ")
    assert ran.stderr.count("\n") == 1


def test_a_live_page_is_not_fetched_without_a_contact(newsarchive: RunNewsarchive) -> None:
    ran = newsarchive("try", "http://harbour.test/")
    assert (ran.code, ran.out) == (2, "")
    assert "NEWSARCHIVE_CONTACT" in ran.err
