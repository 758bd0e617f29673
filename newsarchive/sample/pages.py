"""The pages of the sample site that are no articles: home, lists, calendar, and what a crawl stumbles over."""

import calendar
from collections.abc import Sequence

from newsarchive.records.listing import Entry
from newsarchive.sample.kinds import NEWS, RESEARCH, SECTIONS, Section
from newsarchive.sample.lists import list_path, listing
from newsarchive.sample.markups.choices import Frame, Hrefs, Markup, SideLists
from newsarchive.sample.markups.frame import PageText, render_frame
from newsarchive.sample.markups.page import cut
from newsarchive.sample.markups.template import Template, text
from newsarchive.sample.site import SampleSite
from newsarchive.sample.traps import LIBRARY, WEIXIN
from newsarchive.sample.vocabulary import institute

_LIST_MARKUPS = {
    "news": Markup(noise=21),
    "research": Markup(frame=Frame.SOUP, hrefs=Hrefs.RELATIVE, cut_titles=True, noise=22),
    "reviews": Markup(frame=Frame.TABLE, lists=SideLists.TABLE, noise=23),
}
_PAGER_REACH = 2


def furniture(site: SampleSite) -> PageText:
    """Return what stands around every page of the site, with links of the kinds that are no pages."""
    footer = (
        f'<p>版权所有：{institute().name} <a href="mailto:oasis@qingyu.test">联系我们</a> '
        f'<a href="javascript:void(0)" onclick="window.print()">打印</a> <a href="{LIBRARY}">馆藏目录</a> '
        f'<a href="{WEIXIN}">微信</a> <a href="/internal/">内部网</a></p>'
    )
    sections = {section.name: site.origin + list_path(site, section, 1) for section in SECTIONS}
    return PageText(institute().name, f"{site.origin}/", sections, footer, f"{site.origin}/rss.xml")


def home_page(site: SampleSite) -> str:
    """Return the home page: the newest of each section, hot articles under session URLs, and stray links."""
    template = Template(Markup(noise=20), f"{site.origin}/")
    parts = [f"<h1>{institute().name}</h1>\n<p>{institute().english}</p>\n"]
    for section in SECTIONS:
        entries = site.newest(section)
        more = template.link(site.origin + list_path(site, section, 1), "更多")
        parts.append(f"<h2>{section.name} {more}</h2>\n{_entries(template, entries, shape='ul')}")
    hot = "".join(
        f'<li><a href="{url.removeprefix(site.origin)}">{text(site.title(number))}</a></li>\n'
        for url, number in zip(site.traps.session_urls, reversed(site.numbers), strict=False)
    )
    parts.append(f"<h2>热点文章</h2>\n<ul>{hot}</ul>\n")
    return _framed(template, institute().name, "".join(parts), _strays(site), site)


def _strays(site: SampleSite) -> str:
    disallowed = " ".join(f'<a href="{url}">内部资料</a>' for url in sorted(site.disallowed))
    offsite = " ".join(f'<a href="{url}">友情链接</a>' for url in sorted(site.offsite))
    redirects = " ".join(f'<a href="{url}">旧版链接</a>' for url in site.traps.redirects)
    return (
        f'<h3>快速入口</h3>\n<p><a href="{site.traps.calendar}">学术日历</a> <a href="/about.html">机构简介</a> '
        f'<a href="{site.traps.missing}">旧版网站</a> <a href="{site.traps.soft_missing}">建所纪念专题</a> '
        f'<a href="http://[::1">镜像</a></p>\n<p>{redirects}</p>\n<p>{disallowed}</p>\n<p>{offsite}</p>\n'
    )


def list_page(site: SampleSite, section: Section, page: int) -> str:
    """Return a section's list page with its pager."""
    url = site.origin + list_path(site, section, page)
    template = Template(_LIST_MARKUPS[section.slug], url)
    shape = {"news": "ul", "research": "dl", "reviews": "table"}[section.slug]
    main = (
        f"<h2>{section.name}</h2>\n{_entries(template, listing(site, section, page).entries, shape)}"
        f"{_pager(template, site, section, page)}"
    )
    return _framed(template, f"{section.name}-{institute().name}", main, "", site)


def _entries(template: Template, entries: Sequence[Entry], shape: str) -> str:
    lines = [_entry(template, entry) for entry in entries]
    match shape:
        case "table":
            rows = "".join(f"<tr><td>{link}</td><td>[{date}]</td></tr>\n" for link, date in lines)
            return f'<table width="100%">\n{rows}</table>\n'
        case "dl":
            return template.box("".join(f"<dl><dt>{link}</dt><dd>{date}</dd></dl>\n" for link, date in lines))
        case _:
            return "<ul>\n" + "".join(f"<li>{link}<span>{date}</span></li>\n" for link, date in lines) + "</ul>\n"


def _entry(template: Template, entry: Entry) -> tuple[str, str]:
    date = entry.date.isoformat() if entry.date else ""
    if template.markup.cut_titles:
        return template.link(entry.url, cut(entry.title), full=entry.title), date
    return template.link(entry.url, entry.title), date


def _pager(template: Template, site: SampleSite, section: Section, page: int) -> str:
    total = site.pages_of(section)
    near = range(max(1, page - _PAGER_REACH), min(total, page + _PAGER_REACH) + 1)

    def to(number: int, label: str) -> str:
        return template.link(site.origin + list_path(site, section, number), label)

    parts = [to(1, "首页")]
    if page > 1:
        parts.append(to(page - 1, "上一页"))
    if section is NEWS or section is RESEARCH:
        parts += [str(number) if number == page else to(number, str(number)) for number in near]
    if page < total:
        parts.append(to(page + 1, "下一页"))
    parts.append(to(total, "尾页"))
    return template.box(f"共{total}页 {' '.join(parts)}", "pager")


def calendar_page(site: SampleSite, year: int, month: int) -> str:
    """Return a month of the calendar; it links to the next month, and that to the next, for ever."""
    template = Template(Markup(noise=24), f"{site.origin}/calendar/{year}/{month:02}")
    weeks = calendar.Calendar().monthdayscalendar(year, month)
    rows = "".join("<tr>" + "".join(f"<td>{day or ''}</td>" for day in week) + "</tr>\n" for week in weeks)
    before, after = (year - (month == 1), (month - 2) % 12 + 1), (year + (month == 12), month % 12 + 1)  # noqa: PLR2004
    links = " ".join(
        template.link(f"{site.origin}/calendar/{of_year}/{of_month:02}", label)
        for (of_year, of_month), label in ((before, "上个月"), (after, "下个月"))
    )
    main = f"<h2>学术日历 {year}年{month}月</h2>\n<table>\n{rows}</table>\n<p>{links}</p>\n"
    return _framed(template, f"学术日历-{institute().name}", main, "", site)


def about_page(site: SampleSite) -> str:
    """Return a page of prose that is no article."""
    words = institute()
    template = Template(Markup(noise=25), f"{site.origin}/about.html")
    main = (
        f"<h2>机构简介</h2>\n<p>{words.name}（{words.english}）从事绿洲与内陆河流域的历史、社会和环境研究，"
        f"编有“{words.review_series}”，主办“{words.lecture_series}”。</p>\n<p>地址：青榆市榆下路7号逸榆楼</p>\n"
    )
    return _framed(template, f"机构简介-{words.name}", main, "", site)


def internal_page(site: SampleSite) -> str:
    """Return a page that robots.txt forbids."""
    template = Template(Markup(noise=27), f"{site.origin}/internal/")
    main = "<h2>内部资料</h2>\n<p>仅供所内人员使用。</p>\n"
    return _framed(template, f"内部资料-{institute().name}", main, "", site)


def missing_page(site: SampleSite) -> str:
    """Return what the site says where there is nothing."""
    template = Template(Markup(noise=26), f"{site.origin}/missing")
    main = "<h2>页面不存在</h2>\n<p>抱歉，您访问的页面不存在或已被删除。</p>\n"
    return _framed(template, f"页面不存在-{institute().name}", main, "", site)


def _framed(template: Template, title: str, main: str, side: str, site: SampleSite) -> str:
    return render_frame(template, title, main, side, furniture(site))
