"""CPU time of the parser, bytes in and record out, beside lxml's bare parse of the same pages (and trafilatura).

    python benchmarks/parse_speed.py [--rounds 5] [--crawl] [--trafilatura] [--only articles,lists,made-up,corpora]

With --crawl, newsarchive is asked for the links and the digest of each page as well, which are looked for when they are
asked for. Page by page interleaved, in one process, pages in memory; the minimum of the rounds counts. Articles and
lists are those of the bundled sample site, as served and read with its site file; the made-up pages are articles of
about 17 kB; the corpus pages come from $NEWSARCHIVE_CORPORA.
"""
# ruff: noqa: E501 - markup is easier to read unbroken

import argparse
import gzip
import os
import random
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import lxml.html

from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from newsarchive.sample.lists import list_urls
from newsarchive.sample.replies import reply_to

_SYLLABLES = "研究所中亚地区国家合作发展经济文化交流学术会议报告教授学者论坛历史语言政策社会能源交通贸易边疆丝绸之路人民政府大学讲座出版调查访问签署"


@dataclass(frozen=True)
class Served:
    """A page as a crawl has it."""

    html: bytes
    url: str
    site: Site
    charset: str | None = None


def sample_site_pages() -> tuple[list[Served], list[Served]]:
    """Return the article pages and the list pages of the bundled sample site."""
    file = files("newsarchive.sites") / "sample.toml"
    declared = Site(**tomllib.loads(file.read_text(encoding="utf-8")))
    site = sample_site()

    def served(url: str) -> Served:
        reply = reply_to(site, url.removeprefix(site.origin))
        return Served(reply.content, url, declared, reply.headers["Content-Type"].partition("charset=")[2] or None)

    return [served(site.url(number)) for number in site.numbers], [served(url) for url in list_urls(site)]


def made_up_pages(count: int) -> list[bytes]:
    """Return made-up article pages of about 18 kB: menu, info line, 20 paragraphs, three side lists."""
    chance = random.Random(20261122)  # noqa: S311 - the same pages in every run

    def words(length: int) -> str:
        return "".join(chance.choice(_SYLLABLES) for _ in range(length))

    return [_sample_page(words, number).encode() for number in range(count)]


def _sample_page(words: Callable[[int], str], number: int) -> str:
    menu = "".join(f'<li><a href="/{i}/">{words(4)}</a></li>' for i in range(24))
    paragraphs = "".join(
        f'<p style="text-indent: 2em; line-height: 1.75em"><span style="font-family: 宋体">{words(160)}。</span></p>\n'
        for _ in range(20)
    )
    lists = "".join(
        f'<div class="box"><h3>{name}</h3><ol>'
        + "".join(f'<li><a href="/f/202012/{i}.html" title="{words(18)}">{words(14)}...</a></li>' for i in range(9))
        + "</ol></div>"
        for name in ("图片新闻", "推荐内容", "最近更新")
    )
    title = words(22)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title} - {words(6)}</title></head><body>"
        f'<div class="top"><ul>{menu}</ul></div><div class="main"><div class="path">当前位置：<a href="/">首页</a> > <a href="/x/">{words(4)}</a></div>'
        f'<h1>{title}</h1><div class="info"><span>日期：2020-12-{number % 28 + 1:02d}</span> <span>来源：{words(5)}</span> <span>点击：...</span></div>'
        f'<div class="content">{paragraphs}</div><div class="tags">标签：</div></div><div class="side">{lists}</div>'
        f'<div class="foot">版权所有 {words(10)}</div></body></html>'
    )


def corpus_pages(root: Path) -> list[bytes]:
    """Return every page of the corpora."""
    return [
        gzip.decompress(path.read_bytes())
        for folder in ("institutes", "zh")
        for path in sorted((root / folder / "pages").glob("*.gz"))
    ]


def measure(pages: list[Served], readers: dict[str, Callable[[Served], object]], rounds: int) -> dict[str, float]:
    """Return the CPU seconds of each reader over all pages: the minimum of the rounds, interleaved page by page."""
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(rounds):
        spent = dict.fromkeys(readers, 0.0)
        for page in pages:
            for name, reader in readers.items():
                started = time.process_time()
                reader(page)
                spent[name] += time.process_time() - started
        best = {name: min(best[name], spent[name]) for name in readers}
    return best


def page_sets() -> dict[str, list[Served]]:
    """Return every set of pages by its name."""
    articles, lists = sample_site_pages()
    url = "http://institute.example/f/202012/1.html"
    sets = {
        "articles": articles,
        "lists": lists,
        "made-up": [Served(html, url, GENERIC_SITE) for html in made_up_pages(60)],
    }
    root = os.environ.get("NEWSARCHIVE_CORPORA")
    if root:
        sets["corpora"] = [Served(html, url, GENERIC_SITE) for html in corpus_pages(Path(root))]
    return sets


def record(page: Served) -> Reading:
    """Return what a page gives: its record, or its list, or why it has none."""
    return read_page(page.html, page.url, page.site, charset=page.charset)


def links_and_digest(page: Served) -> object:
    """Return what a crawl asks of a page besides: every link, and the digest by which copies are known."""
    reading = record(page)
    return reading.links, reading.gist


def main() -> int:
    """Print one table for each set of pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--crawl", action="store_true", help="ask for links and digest, too, as a crawl does")
    parser.add_argument("--trafilatura", action="store_true", help="also run trafilatura, if it is installed")
    parser.add_argument("--only", default="", help="sets of pages to run, separated by commas; default: all")
    options = parser.parse_args()
    readers: dict[str, Callable[[Served], object]] = {
        "lxml.html": lambda page: lxml.html.document_fromstring(page.html),
        "newsarchive": links_and_digest if options.crawl else record,
    }
    if options.trafilatura:
        import trafilatura

        readers["trafilatura"] = lambda page: trafilatura.bare_extraction(page.html, url=page.url, with_metadata=True)
    for name, pages in page_sets().items():
        if options.only and name not in options.only.split(","):
            continue
        spent = measure(pages, readers, options.rounds)
        size = sum(len(page.html) for page in pages) / len(pages) / 1000
        print(f"{name}: {len(pages)} pages, mean {size:.1f} kB")
        for reader, seconds in spent.items():
            row = f"  {reader:<12}{1000 * seconds / len(pages):>9.2f} ms a page"
            print(
                f"{row} {seconds / spent['lxml.html']:>7.2f} x lxml.html {seconds / spent['newsarchive']:>7.2f} x newsarchive"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
