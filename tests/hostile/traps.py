"""Sites without end: every path below is answered, and every answer names more of them.

Their names are made up for each server, so that no list of known names helps against them.
"""

import datetime as dt
import hashlib
import random
import string
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from tests.hostile.cases import SENTENCE, article
from tests.hostile.wire import Message, html, page

Page = Callable[[str], Message]


def _word(seed: str, length: int = 8, letters: str = string.ascii_lowercase) -> str:
    rng = random.Random(seed)  # noqa: S311 - no secret
    return "".join(rng.choice(letters) for _ in range(length))


def calendar(path: str) -> Message:
    """Give months without end, each with its days; the text of a day has nothing but its date."""
    parts = path.partition("?")[0].strip("/").split("/")[1:]
    numbers = [int(part) for part in parts if part.isdigit()] or [2026, 1]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else 1
    later = f"/calendar-x/{year + month // 12}/{month % 12 + 1}"
    days = "".join(f'<a href="/calendar-x/{year}/{month}/{day}">{day}日</a> ' for day in range(1, 29))
    if len(numbers) > 2:
        return html(f"<h1>{year}年{month}月{numbers[2]}日</h1><p>这一天没有活动。</p><a href='{later}'>下月</a>")
    return html(f"<h1>{year}年{month}月</h1>{days}<a href='{later}'>下月</a>")


def repetition(path: str) -> Message:
    """Give relative links that go one folder deeper each time."""
    del path
    return html(f'<p>{SENTENCE}</p><a href="news/">新闻</a> <a href="list/">列表</a> <a href="../news/list/">全部</a>')


def session_query(path: str) -> Message:
    """Give a parameter with a new value in every link; the pages are five."""
    number = dict(parse_qsl(path.partition("?")[2])).get("page", "0")
    fresh = _word(path)
    links = "".join(f'<a href="/qs/?page={at}&zq={fresh}{at}">第{at}页</a> ' for at in range(5))
    return html(f"<h1>栏目{number}</h1><p>{number} {SENTENCE}</p>{links}")


def session_path(path: str) -> Message:
    """Give a folder with a new name in every link, letters only; the pages are five."""
    number = path.rpartition("/")[2].removesuffix(".html")
    fresh = _word(path)
    links = "".join(f'<a href="/ps/{fresh}{_word(f"{path}{at}", 4)}/{name}.html">{name}</a> '
                    for at, name in enumerate(("one", "two", "three", "four", "five")))  # fmt: skip
    return html(f"<h1>{number}</h1><p>{number} {SENTENCE}</p>{links}")


def permutations(path: str) -> Message:
    """Give filters that every link adds to or takes away from, in any order."""
    chosen = parse_qsl(path.partition("?")[2])
    names = ("year", "kind", "sort", "view", "lang", "size")
    links = []
    for at, name in enumerate(names):
        for value in range(3):
            pairs = [*chosen[-5:], (name, str(value))]
            random.Random(f"{path}{at}{value}").shuffle(pairs)  # noqa: S311 - no secret
            links.append(f'<a href="/pf/?{"&".join(f"{key}={given}" for key, given in pairs)}">{name} {value}</a>')
    return html(f"<h1>筛选</h1><p>{SENTENCE}</p>" + " ".join(links))


def stories(path: str) -> Message:
    """Give article after article, each with a date and the same text about another number."""
    tail = path.rstrip("/").rpartition("/")[2].removesuffix(".html")
    number = int(tail) if tail.isdigit() else 0
    day = dt.date(2020, 1, 1) + dt.timedelta(days=number % 2000)
    following = f'<p>下一篇：<a href="/story-x/{number + 1}.html">第{number + 1}号记录</a></p>'
    return Message(article(f"第{number}号记录", f"<p>{number} {SENTENCE}</p>" * 4, str(day), following).encode())


def maze(path: str) -> Message:
    """Give a page of made-up text, that names two more."""
    rng = random.Random(path)  # noqa: S311 - no secret
    text = "".join(rng.choice("绿洲水渠商队城墙风向记录清晨闸门守望山谷雪线驼铃") for _ in range(200))
    links = "".join(f'<a href="/maze-x/{hashlib.sha1(f"{path}{at}".encode(), usedforsecurity=False).hexdigest()[:12]}">'
                    f'{at}</a> ' for at in range(2))  # fmt: skip
    return html(f"<h1>{text[:12]}</h1><p>{text}</p>{links}")


TRAPS: Mapping[str, tuple[str, str, Page]] = {
    "/calendar-x/": ("H34", "an endless calendar with a page for each day", calendar),
    "/rep/": ("H34", "path repetition by relative links", repetition),
    "/qs/": ("H35", "a session in a query parameter", session_query),
    "/ps/": ("H35", "a session in the path", session_path),
    "/pf/": ("H34", "filters in every combination and order", permutations),
    "/story-x/": ("H34", "articles without end, each naming the next", stories),
    "/maze-x/": ("H34", "pages of made-up text, each naming two more", maze),
}
"""By the start of the path: row, what it is, and the page."""

ENTRY = page("".join(f'<p><a href="{start}">{what}</a></p>' for start, (_, what, _) in TRAPS.items()), "入口")
