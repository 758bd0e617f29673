"""No page takes more than 2 seconds or 512 MB, whatever its shape: each is read in a process with these limits."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
MEGABYTES = 512

SHAPES = {
    "100,000 nested boxes": 'b"<div>" * 100_000 + b"x"',
    "1,000,000 nested boxes": 'b"<div>" * 1_000_000 + b"x"',
    "1,000,000 links": '"".join(f"<a href=/x/{n}.html>{n}</a>" for n in range(1_000_000)).encode()',
    "50 MB of text": 'b"<p>" + b"x" * 50_000_000',
    "24 MB in an attribute": 'b"<p title=\\"" + b"x" * 24_000_000 + b"\\">x"',
    "just under the limit: text": 'b"<h1>harbour lights</h1>2024-03-01<p>" + "海港 ".encode() * 560_000',
    "just under the limit: attribute": 'b"<p title=\\"" + b"x" * 4_000_000 + b"\\">x"',
    "just under the limit: links": '"".join(f"<li><a href=/x/{n}.html>no. {n}</a>" for n in range(25_000)).encode()',
    "just under the limit: boxes": 'b"<div>" * 45_000 + b"x"',
    "a quote of 40,000 lines and an image": (
        '("<h1>harbour</h1>2024-03-01<blockquote>" + "海港灯光<br>" * 40_000 + "<img src=/a>").encode()'
    ),
    "1,500 nested tables of facts": (
        '("<h1>harbour</h1>2024-03-01" + "<table><tr><td>a<td>b<tr><td>c<td>" * 1_500 + "海港<br>" * 20_000).encode()'
    ),
    "hidden by visibility": (
        '("<h1>harbour</h1>2024-03-01<div style=visibility:hidden>" + "<p>海港灯光。" * 28_000).encode()'
    ),
    "packed lists without an end": 'b"<script><datastore><record><![CDATA[" * 55_000',
    "scripts within scripts": 'b"<script " * 50_000 + b"<datastore" * 50_000 + b"</script>" * 9_000',
    "bylines": (
        '("<h1>harbour lights</h1>2024-03-01" + "<p>□ 王小明 文/王小明 图/李小红（记者 王小明" * 28_000).encode()'
    ),
    "labels in cells": '("<h1>harbour</h1><dl>" + "<dt>来源 / Source<dd>海港通讯" * 14_000).encode()',
    "days beside links": '("<h1>harbour</h1>" + "<li><a href=/1>海港灯光与航道</a> 2024-03-01" * 14_000).encode()',
    "days in headings": '("<h1>海港灯光 2024-03-01</h1>" * 28_000 + "海港" * 60).encode()',
    "neighbours": '("<h1>harbour</h1>2024-03-01" + "<p><a href=/1>上一篇</a><a href=/2>下一篇</a>" * 9_000).encode()',
    "30,000 pager words": '("<a href=/1>下一页</a><a href=/2>2</a>" * 12_000).encode()',
}

READ = """
import resource, sys, time
from newsarchive.parsers import GENERIC_SITE
from newsarchive.parsers.reading import read_page
read_page(b"<h1>warm</h1>", "http://harbour.test/", GENERIC_SITE)
page = {shape}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
reading = read_page(page, "http://harbour.test/x/1.html", GENERIC_SITE)
seconds = time.process_time() - started
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = reading.error.name if reading.error else "article" if reading.article else "list"
print(seconds, (after - before) / 1024 + len(page) / 1e6, len(reading.links), told)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
@pytest.mark.parametrize("shape", SHAPES)
def test_no_shape_takes_more_than_two_seconds_or_512_megabytes(shape: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", READ.format(shape=SHAPES[shape])],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    seconds, megabytes, links, told = ran.stdout.split()
    assert float(seconds) < SECONDS, ran.stdout
    assert float(megabytes) < MEGABYTES, ran.stdout
    assert int(links) <= 5000
    assert told in {"article", "list", "page-too-large", "not-an-article", "empty-page"}, told
