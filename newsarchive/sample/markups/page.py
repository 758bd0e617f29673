"""A whole article page in one markup, as bytes."""

from dataclasses import dataclass

from newsarchive.records.article import Neighbour, RelatedLink
from newsarchive.sample.markups.blocks import render_body
from newsarchive.sample.markups.choices import Charset, Frame, Markup, SideLists
from newsarchive.sample.markups.frame import PageText, render_frame
from newsarchive.sample.markups.info import render_info
from newsarchive.sample.markups.template import Template, text
from newsarchive.sample.shown import ShownArticle

CUT_AT = 18
"""Characters of a title that a narrow column shows."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as a server sends it."""

    content: bytes
    declared: str
    """The encoding that its meta element names."""


def render_article(article: ShownArticle, markup: Markup, page_text: PageText) -> RenderedPage:
    """Render `article` so that a reader sees every one of its fields; `page_text` is the site's own furniture."""
    template = Template(markup, article.url)
    main = _crumbs(template, article.breadcrumb, page_text) + _article(template, article)
    side = _side(template, article.related, article.section or "新闻动态")
    title = page_text.site_name if markup.site_title else f"{article.title}-{page_text.site_name}"
    return encode(render_frame(template, title, main, side, page_text), markup.charset)


def encode(html: str, charset: Charset) -> RenderedPage:
    """Return the page as bytes; a GB18030 page says gb2312, as pages do."""
    declared = "gb2312" if charset is Charset.GB18030 else "utf-8"
    return RenderedPage(html.replace("{charset}", declared).encode(charset), declared)


def cut(title: str) -> str:
    """Return a title as a narrow column shows it."""
    return title if len(title) <= CUT_AT else title[: CUT_AT - 1] + "…"


def _crumbs(template: Template, breadcrumb: tuple[str, ...], page_text: PageText) -> str:
    if not breadcrumb:
        return ""
    paths = (f"{page_text.home}channel/{depth}/" for depth in range(1, len(breadcrumb)))
    deeper = (page_text.sections.get(name, path) for name, path in zip(breadcrumb[1:], paths, strict=True))
    targets = (page_text.home, *deeper)
    links = " &gt; ".join(template.link(url, name) for name, url in zip(breadcrumb, targets, strict=True))
    return template.box(f"当前位置：{links} &gt; 正文", "crumbs")


def _article(template: Template, article: ShownArticle) -> str:
    body = render_body(template, article.body, article.attachments)
    semantic = template.markup.frame is Frame.SEMANTIC
    parts = [
        _title(template, article.title),
        template.clutter(),
        render_info(template, article),
        template.clutter(),
        f"<section>\n{body}\n</section>\n" if semantic else template.box(body, "content"),
        template.clutter(),
        _tags(template, article.tags),
        _neighbour(template, "上一篇", article.previous),
        _neighbour(template, "下一篇", article.next),
    ]
    shown = "".join(parts)
    return f"<article>\n{shown}</article>\n" if semantic else shown


def _title(template: Template, title: str) -> str:
    match template.markup.frame:
        case Frame.SEMANTIC:
            return f"<h1>{text(title)}</h1>\n"
        case Frame.TABLE:
            shown = f'<font size="5"><b>{text(title)}</b></font>'
            return f'<table width="100%"><tr><td align="center">{shown}</td></tr></table>\n'
        case Frame.SOUP:
            return template.box(text(title))


def _tags(template: Template, tags: tuple[str, ...]) -> str:
    return template.box(f"标签{template.markup.colon}" + " ".join(f"<span>{text(tag)}</span>" for tag in tags), "tags")


def _neighbour(template: Template, label: str, neighbour: Neighbour | None) -> str:
    if neighbour is None:
        return ""
    shown = text(neighbour.title) if neighbour.url is None else template.link(neighbour.url, neighbour.title)
    return template.box(f"{label}：{shown}", "neighbour")


def _side(template: Template, related: tuple[RelatedLink, ...], section: str) -> str:
    names = list(dict.fromkeys(link.list for link in related))
    heading = template.box(f"<h3>{text(section)}</h3>", "menu")
    lists = (_side_list(template, name, [link for link in related if link.list == name]) for name in names)
    return heading + "".join(lists)


def _side_list(template: Template, name: str, links: list[RelatedLink]) -> str:
    entries = [_entry(template, link) for link in links]
    heading = f"<h3>{text(name)}</h3>" if template.markup.frame is Frame.SEMANTIC else template.box(text(name), "head")
    match template.markup.lists:
        case SideLists.OL | SideLists.UL as tag:
            shown = f"<{tag}>\n" + "\n".join(f"<li>{entry}</li>" for entry in entries) + f"\n</{tag}>"
        case SideLists.DL:
            return f"<dl><dt>{text(name)}</dt>" + "".join(f"<dd>{entry}</dd>\n" for entry in entries) + "</dl>\n"
        case SideLists.TABLE:
            shown = "<table>" + "".join(f"<tr><td>{entry}</td></tr>\n" for entry in entries) + "</table>"
        case SideLists.BREAKS:
            shown = "<br>\n".join(entries)
    return template.box(heading + shown, "list")


def _entry(template: Template, link: RelatedLink) -> str:
    if link.url is None:
        return text(link.title)
    if template.markup.cut_titles:
        return template.link(link.url, cut(link.title), full=link.title)
    return template.link(link.url, link.title)
