"""One hostile answer, and what has to become of its URL.

The numbers of the rows are those of the project's table in docs/hostile.md, which the suite writes.
"""

from dataclasses import dataclass

from tests.hostile.wire import Answer, page

TOO_LARGE = r"refused too-large.*"
ENDLESS = TOO_LARGE + r"|failed truncated: time"
"""An answer without end meets the limit of its size, or on a machine that is very busy the one of its time."""
TRUNCATED = r"failed truncated.*"
NOT_HTTP = r"refused not-http.*"
LIMITED = r"failed parse-limited.*"
STORED = r"stored.*"

SENTENCE = "绿洲的水渠沿着旧城墙向北延伸，守渠的人每天清晨打开闸门，记下水位、风向和过路商队的数目。"


@dataclass(frozen=True)
class Case:
    """One hostile URL."""

    row: str
    """Row of the table, such as `H4`."""
    path: str
    """Path, and query, on the server."""
    what: str
    """What the answer is, for the table."""
    answer: Answer
    wanted: str
    """Regular expression for the whole of class and reason, such as `failed truncated.*`."""
    shows: str | None = None
    """Text that the article's record must have; None where it is not looked at."""
    tries: int | None = None
    """How often at most it may be asked for in one run; None: three times, as every URL."""
    where: str = "main"
    """On which of the servers it is: `main`, or a host of its own that harms only itself."""
    named_by: str = "list"
    """What names it: the list of all cases, `robots` (as a sitemap), or `page` (another case's page)."""


def article(
    title: str = "守渠人的日志", body: str = f"<p>{SENTENCE}</p>" * 4, date: str = "2020-03-04", more: str = ""
) -> str:
    """Return an article's page with an info line."""
    return page(f"<h1>{title}</h1><div>发布时间：{date} 来源：绿洲研究所</div><div>{body}</div>{more}", title)
