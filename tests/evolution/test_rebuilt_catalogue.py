"""A catalogue made again is the live one, row by row, with seeds that pages name as well, and after a reparse."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from newsarchive.sample import sample_site
from newsarchive.sample.replies import Reply
from tests.crawl.command import Place
from tests.crawl.conftest import Serve
from tests.crawl.test_requisites import declare, on_day

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = "<html><head><title>石渠站</title></head><body><p>各栏目</p>{}</body></html>"
SEEDS = {
    "/": "list stored",
    "/about.html": "page stored",
    "/news/": "list stored",
    "/old.html": "unknown redirected",
    "/gone.html": "unknown gone",
    "/broken.html": "unknown failed",
    "/forbidden.html": "unknown failed",
    "/internal/": "unknown refused",
    "/rss.xml": "feed stored",
    "/sitemap.xml": "sitemap stored",
    "/apart.html": "page stored",
}
"""Kind and class after a first run. The home page names all of them but the last."""

TABLES = {"urls": "url", "articles": "id", "payloads": "digest", "shapes": "shape", "file_versions": "url"}


@pytest.mark.parametrize("reparsed", [False, True])
def test_a_rebuilt_catalogue_knows_what_was_a_seed(
    place: Place, serve: Serve, monkeypatch: pytest.MonkeyPatch, *, reparsed: bool
) -> None:
    server = serve(sample_site(20))
    links = "".join(f'<p><a href="{path}">{path}</a></p>' for path in list(SEEDS)[:-1])
    server.replies["/"] = Reply(200, PAGE.format(links).encode(), HTML)
    server.replies["/apart.html"] = Reply(200, PAGE.format("").encode(), HTML)
    server.replies["/old.html"] = Reply(301, b"", {"Location": "/about.html"})
    server.replies["/broken.html"] = Reply(500)
    server.replies["/forbidden.html"] = Reply(403)
    declare(place, server.base_url, seeds=list(SEEDS), article_url=r"^/f/(?P<key>\d{6}/\d+)\.html$")
    assert place.run("crawl", "sample").code == 0
    found = {url: f"{row['kind']} {row['class']}" for url, row in rows_of(place)["urls"].items()}
    assert {path: found[server.base_url[:-1] + path] for path in SEEDS} == SEEDS

    if reparsed:
        monkeypatch.setenv("NEWSARCHIVE_TEST_PARSER", "9.9")
        on_day(place, 1, "reparse", "sample", "--publish")
        assert {line["cause"] for line in place.kept().revisions} == {"site", "reparse"}
    on_day(place, 12, "crawl", "sample")
    live = rows_of(place)
    on_day(place, 13, "rebuild", "sample")
    assert differences(live, rows_of(place)) == []
    on_day(place, 13, "verify", "sample")


def rows_of(place: Place) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the tables whole, but for the numbers by which SQLite knows the URLs."""
    with closing(sqlite3.connect(f"file:{place.kept().folder / 'catalogue.sqlite'}?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        return {
            table: {row[key]: {**row, "id": row[key]} for row in map(dict, opened.execute(f"SELECT * FROM {table}"))}  # noqa: S608
            for table, key in TABLES.items()
        }


def differences(live: dict[str, dict[str, Any]], rebuilt: dict[str, dict[str, Any]]) -> list[str]:
    """Say which values are not the same."""
    return [
        f"{table} {key}: {name}: live {old.get(name)!r}, rebuilt {new.get(name)!r}"
        for table, rows in live.items()
        for key in sorted(rows.keys() | rebuilt[table].keys())
        for old, new in [(rows.get(key, {}), rebuilt[table].get(key, {}))]
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
