"""Pages of templates that no corpus holds: what each of them once read wrongly."""
# ruff: noqa: E501 - markup is easier to read unbroken

import datetime as dt

import pytest

from newsarchive.parsers import parse
from newsarchive.records.article import Article

TITLE = "研究所与大学签署合作协议"
PARAGRAPHS = [f"第{n}段，双方就联合培养和资料共享交换了意见，商定明年春天举行第一次工作会议。" for n in "一二三四"]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def article(info: str, body: str = BODY, head: str = "", above: str = "") -> Article:
    html = f"<title>{TITLE}</title>{head}{above}<h1>{TITLE}</h1>{info}<div>{body}</div><div>版权所有 某研究所</div>"
    return parse(html, "http://institute.test/1.html")


def test_a_date_stands_after_the_tools_for_letter_sizes() -> None:
    read = article(
        '<div><span>字体：<a href="#">小</a> <a href="#">中</a> <a href="#">大</a></span> 2018年01月23日 浏览量：次 作者：詹小勇</div>'
    )
    assert read.date == dt.date(2018, 1, 23)


def test_a_link_that_is_called_as_a_part_of_a_name_does_not_cut_it() -> None:
    read = article('<div><span>字体：<a href="#">小</a> <a href="#">中</a></span> 日期：2018-01-23 作者：詹小勇</div>')
    assert read.author == "詹小勇"


@pytest.mark.parametrize(
    ("name", "author", "source"),
    [("王小明", "王小明", None), ("教务处", None, "教务处"), ("新华社", None, "新华社"), ("黄冈网", None, "黄冈网")],
)
def test_a_name_beside_the_date_is_the_author_where_it_is_a_person(name: str, author: str, source: str) -> None:
    read = article(f"<div><span>2019-06-18 14:20</span> <span>{name}</span> (点击: 5)</div>")
    assert (read.author, read.source) == (author, source)


def test_a_linked_name_is_the_source_whatever_counts_follow() -> None:
    read = article(
        '<div><span>2021年07月25日 19:40</span><a href="#">某新闻网</a> <span>参与评论<em>12</em>人</span></div>'
    )
    assert read.source == "某新闻网"


@pytest.mark.parametrize("boxes", ["<i>09/12</i><b>2022</b>", "<b>12</b><i>2022-09</i>", "<b>12</b> <i>2022.09</i>"])
def test_a_day_whose_parts_stand_in_inline_boxes_is_read(boxes: str) -> None:
    assert article(f"<div>{boxes}</div><div>来源：科研处</div>").date == dt.date(2022, 9, 12)


def test_a_label_is_glued_to_a_value_of_two_words() -> None:
    read = article("<p><span>作者：记者 周小易</span><span>时间：2023-11-05</span><span>来源：校报</span></p>")
    assert (read.author, read.date, read.source) == ("记者 周小易", dt.date(2023, 11, 5), "校报")


@pytest.mark.parametrize("label", ["讲座时间", "报名时间", "截止日期", "实施日期"])
def test_the_day_of_an_event_is_not_that_of_the_page(label: str) -> None:
    assert article(f"<div>作者：教务处 {label}：2030-01-01</div><div>发布日期：2020-12-02</div>").date == dt.date(
        2020, 12, 2
    )


def test_the_facts_of_a_lecture_are_text() -> None:
    facts = [
        "报告题目：草原上的道路",
        "报告人：李小川 研究员",
        "时间：2025年9月25日 15:00",
        "地 点：二楼报告厅",
        "主讲人简介：",
    ]
    read = article("<div>发布时间：2025-09-23</div>", "".join(f"<p>{fact}</p>" for fact in facts) + BODY)
    assert read.text.split("\n") == facts + PARAGRAPHS
    assert read.date == dt.date(2025, 9, 23)
    last = article("<div>发布时间：2025-09-23</div>", BODY + "".join(f"<p>{fact}</p>" for fact in facts))
    assert last.text.split("\n") == PARAGRAPHS + facts


def test_a_short_link_to_the_paper_is_text() -> None:
    assert article(
        "<div>日期：2020-12-02</div>", BODY + '<p><a href="http://doi.test/1">论文链接</a></p>'
    ).text.endswith("论文链接")


def test_an_original_title_without_brackets_is_no_text_where_it_stands_first() -> None:
    assert "原标题" not in article("<div>日期：2020-12-02</div>", f"<p>原标题：研究所签署协议</p>{BODY}").text


def test_a_table_of_facts_above_the_title_names_the_source() -> None:
    cells = [("索 引 号", "0140/2021-23"), ("信息分类", "农业 / 通知"), ("发布机构", "某市政府办公室"), ("发文日期", "2021-06-03"),
             ("文 号", "某政办发〔2021〕23号"), ("发布日期", "2021-06-05"), ("名 称", TITLE), ("主题词", "防汛 通知")]  # fmt: skip
    rows = "".join(f"<tr><td>{name}：</td><td>{value}</td></tr>" for name, value in cells)
    read = article("<div>字号：大 中 小</div>", above=f"<table>{rows}</table>")
    assert (read.source, read.date) == ("某市政府办公室", dt.date(2021, 6, 5))


def test_the_head_names_the_source_where_a_script_writes_the_info_line() -> None:
    head = '<meta name="ContentSource" content="规划处"><meta name="PubDate" content="2024-01-09 16:30:00">'
    read = article("<div>来源：<script>write()</script></div>", head=head)
    assert (read.source, read.date) == ("规划处", dt.date(2024, 1, 9))
    assert article("<div>来源：教育处</div>", head=head).source == "教育处"


def test_cells_name_their_values_without_colons() -> None:
    cells = [("索 引 号", "0140/2021-23"), ("发布机构", "某市文化局"), ("成文日期", "2020-12-20"), ("文 号", "")]
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in cells)
    read = article("<p>访问次数：7</p>", above=f"<table>{rows}</table>")
    assert (read.title, read.source, read.date) == (TITLE, "某市文化局", dt.date(2020, 12, 20))


def test_the_head_is_believed_before_the_day_on_which_a_document_was_written() -> None:
    above = "<table><tr><td>生成日期：</td><td>2024-06-04</td></tr></table>"
    read = article("", head='<meta name="PubDate" content="2024-06-13 14:54">', above=above)
    assert (read.date, read.warnings[0]) == (
        dt.date(2024, 6, 13),
        "date-disagrees: meta 2024-06-13, info line 2024-06-04",
    )
    assert article("", above=above).date == dt.date(2024, 6, 4)


def test_the_site_s_name_on_the_page_is_no_title() -> None:
    html = f"<title>某县林业局</title><div>某县林业局</div><div>{TITLE}</div><div>时间：2021-05-24 来源：林业站</div><div>{BODY}<p>某县林业局</p><p>2021年5月10日</p></div>"
    read = parse(html, "http://institute.test/1.html")
    assert (read.title, read.date) == (TITLE, dt.date(2021, 5, 24))


def test_a_counter_in_the_head_of_the_page_is_not_the_info_line() -> None:
    html = f"<title>图书馆</title><p>访问量:</p><ul><li><a href='/'>首页</a></li></ul><p>您好</p><p>欢迎</p><div>{TITLE}</div><p>发布时间：2020-05-14点击数：</p>{BODY}"
    assert parse(html, "http://institute.test/1.html").title == TITLE


def test_a_login_box_beside_a_text_is_no_wall() -> None:
    box = '<form>用户登录 <input type="password" name="p"></form>'
    assert article("", above=box).text.split("\n") == PARAGRAPHS


def test_a_subtitle_is_no_source() -> None:
    read = article("<h2>——记一次会议的前前后后</h2><div>2022-11-01</div><div>教务处</div>")
    assert (read.source, read.date) == ("教务处", dt.date(2022, 11, 1))


def test_an_english_byline_has_its_day_and_name() -> None:
    read = article("<div>Posted on March 5, 2021 by Li Hong</div>")
    assert (read.date, read.author, read.source) == (dt.date(2021, 3, 5), "Li Hong", None)


def test_a_short_article_with_links_beside_it_is_no_list() -> None:
    links = "".join(f'<li><a href="/v/{n}.html">某单位组织开展第{n}次主题活动</a></li>' for n in range(9))
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><div><span>2023-04-01 10:00:12</span></div><p>春日校园，樱花盛开。</p></div><h3>更多视频</h3><ul>{links}</ul>"
    assert parse(html, "http://institute.test/1.html").date == dt.date(2023, 4, 1)


SOURCES = ["新华社", "人民网", "央视网", "人民网-文化频道", "《求是》2020年第3期", "编辑部", "图书馆", "团委", "@平安海港", "36氪",
           "21世纪经济报道", "解放日报·上观新闻", "新华社北京12月1日电", "评论部", "记者站", "“学习强国”平台"]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "info",
    [
        "日期：2020-12-02 来源：{} 点击：5",
        "来源：{}发布时间：2020-12-02",
        "[来源：{}] [2020-12-02]",
        "〖2020-12-02〗〖来源：{}〗",
        "2020-12-02 | 来源：{} | 作者：王小明",
        '2020-12-02 来源：<a href="#">{}</a> 字号：大 中 小 打印',
    ],
)
def test_a_source_is_kept_whatever_words_of_pages_it_holds(source: str, info: str) -> None:
    assert article(f"<div>{info.format(source)}</div>").source == source


@pytest.mark.parametrize("source", ["新华社", "人民网", "21世纪经济报道", "解放日报·上观新闻"])
def test_a_source_without_label_may_hold_figures(source: str) -> None:
    assert article(f"<div>2020-12-02 10:20 {source}</div>").source == source


@pytest.mark.parametrize("rest", ["120", "阅读 120", "120次", "第4版", "12月5日起施行"])
def test_counts_and_days_beside_the_date_are_no_source(rest: str) -> None:
    assert article(f"<div>2020-12-02 10:20 {rest}</div>").source is None


def test_a_bracket_around_an_author_is_not_a_part_of_his() -> None:
    assert article("<div>（作者：张三（通讯员）） 2020-12-02</div>").author == "张三（通讯员）"


TEXT = ["推荐单位：某某大学", "编辑出版《草原文献》", "微信公众号：草原研究", "广告学专业", "返回途中的见闻", "分享会现场", "赞美生活的人们",
        "更多信息请访问学校主页", "关闭矿井的治理", "字体设计大赛", "打印机使用须知", "标签的使用方法", "下篇 工作展望", "相关政策解读材料",
        "网站首页改版", "推荐办法", "编辑部地址：某市某路1号", "评论员：王小明"]  # fmt: skip


@pytest.mark.parametrize("line", TEXT)
@pytest.mark.parametrize("at", [2, 4])
def test_a_short_line_that_begins_like_a_tool_is_text(line: str, at: int) -> None:
    lines = [*PARAGRAPHS[:at], line, *PARAGRAPHS[at:]]
    read = article("<div>日期：2020-12-02</div>", "".join(f"<p>{text}</p>" for text in lines))
    assert read.text.split("\n") == lines


@pytest.mark.parametrize(
    "line",
    ["打印本页 关闭窗口", "【打印】【关闭】", "[打印] [收藏] [关闭]", "分享到：微信 微博", "责任编辑：王小明", "扫一扫在手机打开当前页", "字号：大 中 小",
     "返回顶部", "声明：本网站转载文章仅为传播信息。", "微信扫码分享", "相关链接：", "点击查看大图", "评论(12)"],
)  # fmt: skip
def test_a_line_of_tools_is_no_text(line: str) -> None:
    read = article("<div>日期：2020-12-02</div>", f"{BODY}<p>{line}</p>")
    assert read.text.split("\n") == PARAGRAPHS


def test_an_article_that_is_nothing_but_files_has_their_names_for_text() -> None:
    read = article("<div>发布时间：2022-06-01 来源：教务处</div>", '<p><a href="/f/1.xlsx">考试安排表.xlsx</a></p>')
    assert (read.text, read.source, len(read.attachments)) == ("考试安排表.xlsx", "教务处", 1)


def test_the_address_at_the_foot_of_a_page_is_no_body() -> None:
    page = f'<title>{TITLE}</title><h1>{TITLE}</h1><div>发布时间：2022-06-01</div><p><img src="/1.jpg"></p><p>地址：某市某路18号 电话：000 邮编：100000</p>'
    read = parse(page, "http://institute.test/1.html")
    assert ([block.kind for block in read.body], read.text) == (["image"], "")


def test_a_row_of_two_boxes_is_a_label_and_its_value() -> None:
    rows = "<div><div>来源：</div><div>文化局</div></div><div><div>发布时间：</div><div>2021-03-03</div></div>"
    read = article(f"<div>{rows}</div>")
    assert (read.source, read.date) == ("文化局", dt.date(2021, 3, 3))


def test_the_office_that_publishes_is_the_source_where_no_other_is_named() -> None:
    table = "<table><tr><td>发布机构：</td><td>某市文化局</td></tr></table>"
    assert article("<div>来源：海港日报 时间：2020-12-02</div>", above=table).source == "海港日报"
    assert article("<div>时间：2020-12-02</div>", above=table).source == "某市文化局"
    assert article("<div>发布单位：某市文化局 来源：海港日报 时间：2020-12-02</div>").source == "海港日报"


def test_a_text_may_be_signed_with_its_source() -> None:
    read = article("<div>2020-12-02</div>", f"{BODY}<p>来源：海港日报</p>")
    assert (read.source, read.text.split("\n")) == ("海港日报", [*PARAGRAPHS, "来源：海港日报"])
    assert article("<div>2020-12-02 来源：校报</div>", f"{BODY}<p>来源：海港日报</p>").source == "校报"


def test_who_typed_an_article_in_did_not_write_it() -> None:
    read = article("<div>作者：佚名 文章来源：本站原创 点击数：5 更新时间：2010-1-1 文章录入：admin 供图：王小明</div>")
    assert (read.author, read.source, read.roles.photographer) == ("佚名", "本站原创", ("王小明",))


@pytest.mark.parametrize(
    "clock",
    ["今天是：<script>d()</script>", "今天是2024年3月5日 星期二", "现在时间：2024-03-05 10:00", "2024年3月5日 星期二", "您好，今天是 2024年03月05日",
     "当前时间：2024-03-05"],
)  # fmt: skip
@pytest.mark.parametrize("info", ["", "<div>2020-12-02</div>", "<div>发布时间：2020-12-02 来源：校报</div>"])
def test_the_clock_in_the_head_of_a_page_dates_nothing(clock: str, info: str) -> None:
    html = f'<title>{TITLE}</title><div>{clock}</div><ul><li><a href="/">首页</a></li></ul><h1>{TITLE}</h1>{info}<div>{BODY}</div>'
    read = parse(html, "http://institute.test/1.html", captured_at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    assert read.date == (dt.date(2020, 12, 2) if info else None)
    assert read.source == ("校报" if "校报" in info else None)


LISTS = [
    '<li><a href="/{n}.htm">某单位组织开展第{n}次主题活动</a><p>2024-01-{n:02d}</p></li>',
    '<li><a href="/{n}.htm">某单位组织开展第{n}次主题活动</a><span>2024-01-{n:02d}</span></li>',
    '<li><div>[2024-01-{n:02d}]</div><div><a href="/{n}.htm">某单位组织第{n}次活动</a></div></li>',
]


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize("before", [True, False])
def test_the_days_of_a_list_beside_an_article_are_not_its_own(form: str, before: bool) -> None:  # noqa: FBT001
    side = f"<div><h3>最新动态</h3><ul>{''.join(form.format(n=n) for n in range(1, 8))}</ul></div>"
    text = f"<div><h2>{TITLE}</h2><div>{BODY}{BODY}</div></div>"
    page = f"{side}{text}" if before else f"{text}{side}"
    head = f"<title>{TITLE}-某院</title>"
    assert parse(f"{head}{page}", "http://institute.test/1.html").date is None
    declared = f'{head}<meta name="PubDate" content="2020-12-02 10:30">'
    assert parse(f"{declared}{page}", "http://institute.test/1.html").date == dt.date(2020, 12, 2)


@pytest.mark.parametrize(
    ("shown", "author", "source"),
    [
        ("所办 王小明 2020-12-02", "王小明", "所办"),
        ("<span>王小明</span> <span>2020-12-02</span> <span>科研处</span>", "王小明", "科研处"),
        ("文/王小明 图/李小红 2020-12-02", "王小明", None),
    ],
)
def test_an_office_and_a_person_beside_the_date_are_told_apart(shown: str, author: str, source: str | None) -> None:
    read = article(f"<p>{shown}</p>")
    assert (read.author, read.source, read.date) == (author, source, dt.date(2020, 12, 2))


def test_the_day_of_a_meeting_that_begins_a_text_is_text() -> None:
    read = article("<p>2020-12-02 来源：所办</p>", f"<p>日期：2020年12月1日 地点：二楼</p>{BODY}")
    assert (read.date, read.text.split("\n")[0]) == (dt.date(2020, 12, 2), "日期：2020年12月1日 地点：二楼")
    assert article("<p>发布时间：2020-12-02 联系人：王小明</p>").date == dt.date(2020, 12, 2)
