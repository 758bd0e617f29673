"""What stands around the content of every page: head, banner, columns, footer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsarchive.sample.markups.choices import Frame, Side
from newsarchive.sample.markups.template import Template, text


@dataclass(frozen=True, slots=True)
class PageText:
    """The furniture of a site: the same words and links on every page."""

    site_name: str
    home: str
    sections: Mapping[str, str] = field(default_factory=dict)
    """Names and URLs of the sections, for the menu and the breadcrumb."""
    footer: str = ""
    """HTML at the foot of the page."""
    feed: str | None = None
    """URL of the feed that the head declares."""


def render_frame(template: Template, title: str, main: str, side: str, page_text: PageText) -> str:
    """Return the page; `{charset}` stands where the encoding is declared."""
    match template.markup.frame:
        case Frame.SEMANTIC:
            return _semantic(template, title, main, side, page_text)
        case Frame.TABLE:
            return _table(template, title, main, side, page_text)
        case Frame.SOUP:
            return _soup(template, title, main, side, page_text)


def _semantic(template: Template, title: str, main: str, side: str, page_text: PageText) -> str:
    columns = _columns(template, f"<main>\n{main}</main>\n", f"<aside>\n{side}</aside>\n")
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="{{charset}}">\n'
        f"<title>{text(title)}</title>\n{_feed(template, page_text)}</head>\n<body>\n"
        f"<header>{template.link(page_text.home, page_text.site_name)}\n<nav><ul>"
        + "".join(f"<li>{link}</li>" for link in _menu(template, page_text))
        + f"</ul></nav></header>\n{columns}<footer>{page_text.footer}</footer>\n</body>\n</html>\n"
    )


def _table(template: Template, title: str, main: str, side: str, page_text: PageText) -> str:
    wide, narrow = (f'<TD width="{width}" valign="top">\n' for width in (700, 260))
    columns = _columns(template, f"{wide}{main}</TD>\n", f"{narrow}{side}</TD>\n")
    return (
        '<HTML>\n<HEAD>\n<META http-equiv="Content-Type" content="text/html; charset={charset}">\n'
        f"<TITLE>{text(title)}</TITLE>\n{_feed(template, page_text)}</HEAD>\n"
        '<BODY>\n<TABLE width="980" align="center">\n<TR><TD colspan="2">'
        + " | ".join(_menu(template, page_text))
        + f'</TD></TR>\n<TR>\n{columns}</TR>\n<TR><TD colspan="2" align="center">{page_text.footer}</TD></TR>\n'
        "</TABLE>\n</BODY>\n</HTML>\n"
    )


def _soup(template: Template, title: str, main: str, side: str, page_text: PageText) -> str:
    columns = _columns(template, template.box(main), template.box(side))
    menu = template.box("".join(template.box(link) for link in _menu(template, page_text)))
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html>\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n'
        f"<title>{text(title)}</title>\n{_feed(template, page_text)}</head>\n<body>\n"
        f"{menu}{template.box(columns)}{template.box(page_text.footer)}</body>\n</html>\n"
    )


def _columns(template: Template, main: str, side: str) -> str:
    ordered = main + side if template.markup.side is Side.AFTER else side + main
    return "</body>\n</html>\n" + ordered if template.markup.early_end else ordered


def _menu(template: Template, page_text: PageText) -> list[str]:
    return [
        template.link(page_text.home, "首页"),
        *(template.link(url, name) for name, url in page_text.sections.items()),
    ]


def _feed(template: Template, page_text: PageText) -> str:
    if page_text.feed is None:
        return ""
    address = template.href(page_text.feed)
    return f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{address}">\n'
