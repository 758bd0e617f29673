"""A made-up article page with one part of it to choose."""

from newsarchive.parsers import parse
from newsarchive.records.article import Article

TITLE = "海港研究所举行灯塔与航道学术会议"
BODY = "".join(
    f"<p>第{n}段，会议讨论了地区合作与发展的若干问题，与会学者交换了意见，并商定明年春天再次举行会议。</p>"
    for n in range(4)
)


def article(info: str, *, body: str = BODY, before: str = "", after: str = "") -> Article:
    """Return what is read of an article with this info line and this text, and with what stands around it."""
    html = f"<title>{TITLE}</title>{before}<h1>{TITLE}</h1><div>{info}</div><div>{body}</div>{after}"
    return parse(html, "http://institute.test/2.html")
