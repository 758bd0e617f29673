"""Info lines, bylines and titles in the forms that templates give them: what each of them once read wrongly."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.parsers import parse
from tests.parsers.made_up import BODY, TITLE, article


@pytest.mark.parametrize(
    "info",
    [
        "<dl><dt>日期</dt><dd>2020-12-02</dd><dt>来源</dt><dd>海港通讯</dd><dt>作者</dt><dd>王小明</dd></dl>",
        "<dl><dt>日期 / Date</dt><dd>2020.12.02</dd><dt>来源 / Source</dt><dd>海港通讯</dd><dt>作者 / Author</dt><dd>王小明</dd></dl>",
        "<span>发布时间</span><span>2020-12-02 09:05</span><span>来源</span><span>海港通讯</span> <span>作者：王小明</span>",
        "<div><div>发布日期</div><div>2020-12-02</div></div><div><div>稿件来源</div><div>海港通讯</div></div><div><div>作者</div><div>王小明</div></div>",
        "日期(Date)：2020/12/02 来源(From)：海港通讯 作者（Author）：王小明",
        "日期 Date：2020/12/02 来源 From：海港通讯 作者 / Author：王小明",
        "添加时间：2020/12/2 17:22:09　来源：海港通讯　添加人：李小红　作者：王小明",
        "添加时间：2020/12/2　来源：海港通讯　经办人：李小红　作者：王小明",
        "作者单位：海港大学　作者：王小明　来源：海港通讯　2020-12-02",
        "2020-12-02 | 王小明 | 海港通讯",
        "2020-12-02　来源：海港通讯</div><div>□ 王小明",
        "2020-12-02　来源：海港通讯</div><div>本报记者&nbsp;&nbsp;王小明",
        "2020-12-02　来源：海港通讯</div><div>文/王小明",
        "<table><tr><td>王小明</td></tr><tr><td>来源：海港通讯　发布时间：2020-12-02</td></tr></table>",
    ],
)
def test_date_source_and_author_are_read(info: str) -> None:
    read = article(info)
    assert (str(read.date), read.source, read.author) == ("2020-12-02", "海港通讯", "王小明")


@pytest.mark.parametrize(
    ("info", "source"),
    [
        ("《海港日报》（ 2020年12月02日 12版）", "《海港日报》"),
        ("《海港研究》2020年第4期　发布时间：2020-12-02", "《海港研究》2020年第4期"),
        ("<p>2020-12-02</p><p>原载《海港研究》2020年第4期，第78—101页</p>", "《海港研究》2020年第4期"),
        ('来源：<img src="/logo.png" alt="海港日报"> 2020-12-02', "海港日报"),
        ('来源：<img src="/logo.png"> 2020-12-02', None),
        ("（2020年12月2日　院办供稿）", "院办"),
        ("<a>海港观察</a><span>海港观察</span> 2020-12-02", "海港观察"),
        ("[发布日期]2020-12-02[来源]海港日报[作者]王小明[阅读]212", "海港日报"),
        ("来源 | 海港日报 2020-12-02", "海港日报"),
        ("来源 海港日报 2020-12-02", "海港日报"),
        ("<div>2020-12-02</div><div><div>来源:&nbsp;</div><div><div>海港日报</div></div></div>", "海港日报"),
        ("<p>2020-12-02</p><p>[俄] 伊万·彼得罗夫 著 尉迟静 译</p>", None),
        ("发布于 2020-12-02 08:30", None),
        ("Last updated on 2020-12-02", None),
        ("2020-12-02 本网记者 王小明", None),
        ("<p>王小明　李小红</p><p>2020-12-02</p>", None),
        ('<ul><li><a href="/category/news">实验室新闻</a></li><li>2020-12-02</li></ul>', None),
        ('<a href="/xw" rel="category tag">实验室新闻</a> 2020-12-02', None),
        ('<a href="/xw">海港日报</a> 2020-12-02', "海港日报"),
        ("【作者】：王小明 【来源】：海港日报 【时间】：2020-12-02", "海港日报"),
        ("Source: Harbour Daily By Rebecca Holloway December 2, 2020", "Harbour Daily"),
        ("来源：海港日报 | 王小明　2020年12月02日07:25", "海港日报"),
        ("王小明 / 2020-12-02 / 学术", None),
        ("<p>本刊记者 王小明  《海港研究》2020年第4期  2020-12-02</p>", "《海港研究》2020年第4期"),
        ("2020年12月02日 星期三　<a>海港日报</a>　记者 王小明", "海港日报"),
        ("[2020-12-02] &nbsp; 本所办公室", "本所办公室"),
        ("公告日期：2020/12/02　　公告單位：史語所秘書室", "史語所秘書室"),
        ("<dl><dt>Details</dt><dd>Published: 02 December 2020</dd></dl>", None),
        ("published Dec 02, 2020 09:05 AM, last modified Feb 01, 2021 11:40 AM", None),
        ("Опубликовано 02.12.2020", None),
        ("<p>王小明<sup>1</sup></p><p>（1. 江南水利大学；2. 国家河湖中心）</p><p>2020-12-02</p>", None),
    ],
)
def test_a_source_is_what_a_reader_takes_for_it(info: str, source: str | None) -> None:
    read = article(info)
    assert (str(read.date), read.source) == ("2020-12-02", source)


@pytest.mark.parametrize(
    ("info", "author"),
    [
        ("<p>王小明　李小红</p><p>2020-12-02</p>", "王小明 李小红"),
        ("由 王小明 于 2020年12月2日 发布在 海港手记", "王小明"),
        ("<p>2020-12-02</p><p>By Rebecca Holloway and Dilshod Karimov</p>", "Rebecca Holloway and Dilshod Karimov"),
        ("<p>2020-12-02</p><p>文/记者 王小明 通讯员 李小红</p>", "记者 王小明 通讯员 李小红"),
        ("2020-12-02 作者：王小明（海港大学航道研究所研究员）", "王小明"),
        ("2020-12-02 作者：王小明_NF4425", "王小明"),
        ('<span>原创</span><span>王小明</span><span><a href="#">海港观察</a></span> <em>2020-12-02</em>', "王小明"),
        ("由 王小明 提交于 周三, 2020-12-02 14:33", "王小明"),
        ("<p>2020-12-02</p><p>本报记者 王小明 文/图</p>", "王小明"),
        ("<p>2020-12-02</p><p>王小明 摄影报道</p>", "王小明"),
        ("<p>2020-12-02</p><p>文 | 王小明</p>", "王小明"),
        ("<p>2020-12-02</p><p>文/王小明 图/李小红</p>", "王小明"),
        ("<p>2020-12-02</p><p>欧阳若兰</p>", "欧阳若兰"),
        ("<p>2020-12-02</p><p>阿依努尔·买买提</p>", "阿依努尔·买买提"),
        ("<p>2020-12-02</p><p>[俄] 伊万·彼得罗夫 著 尉迟静 译</p>", "伊万·彼得罗夫"),
        ("作者 王小明 2020-12-02", "王小明"),
        ("作者 Author 王小明 日期 Date 2020-12-02", "王小明"),
        ("[作者]王小明 [日期]2020-12-02", "王小明"),
        ("<p>2020-12-02</p><p>● 王小明</p>", "王小明"),
        ("<p>2020-12-02</p><p>● 会议纪要</p>", None),
        ("2020-12-02 作者：文/王小明　图/李小红", "王小明"),
        ("2020-12-02 作者：王小明 图/李小红", "王小明"),
        ("2020-12-02 作者：王小明/文 李小红/图", "王小明"),
        ("2020-12-02 作者：文｜王小明 图｜李小红", "王小明"),
        ("2020-12-02 作者：图/文 王小明", "王小明"),
        ("<span>作者：文/王小明 图/李小红</span><span>审核：邓平</span> 2020-12-02", "王小明"),
        ("【作者】：王小明 【来源】：海港通讯 【时间】：2020-12-02", "王小明"),
        ("[作者]：王小明 [来源]：海港通讯 [时间]：2020-12-02", "王小明"),
        ("【作者：】王小明 【来源：】海港通讯 【时间：】2020-12-02", "王小明"),
        ("来源：海港通讯 | 王小明　2020年12月02日07:25", "王小明"),
        ('By <a href="/z">Rebecca Holloway</a> | December 2, 2020 | Source: Harbour Daily', "Rebecca Holloway"),
        ("Source: Harbour Daily By Rebecca Holloway December 2, 2020", "Rebecca Holloway"),
        ("Author: Rebecca Holloway &nbsp; Click: 762 &nbsp; Date: 2020-12-02", "Rebecca Holloway"),
        ("发布于 <a>2020年12月2日</a> 由 <a>王小明</a>", "王小明"),
        ("2020年12月2日 由王小明发布", "王小明"),
        ("发布于 2020年12月2日 由 <a>海港编辑</a>", "海港编辑"),
        ("会议于2020年12月2日由海港大学主办", None),
        ("Posted on December 2, 2020 by Rebecca Holloway", "Rebecca Holloway"),
        ("<p>作者：王小明　设置</p><p>2020-12-02</p>", "王小明"),
        ("<p>作者中心</p><p>2020-12-02</p>", None),
        ("<p>王小明/海港大学航道研究所</p><p>2020-12-02 来源：海港通讯</p>", "王小明"),
        ("<p>图片/海港通讯社</p><p>2020-12-02</p>", None),
        ("王小明 / 2020-12-02 / 学术", "王小明"),
        ("<p>本刊记者 王小明  《海港研究》2020年第4期  2020-12-02</p>", "王小明"),
        ("2020年12月02日 星期三　<a>海港日报</a>　记者 王小明", "王小明"),
        ("<span>王小明</span><span>2020年12月02日</span><span>来源：海港日报</span>", "王小明"),
        ("<p>[乌兹别克斯坦] 阿克巴罗夫 著　　王小明 译</p><p>2020-12-02</p>", "阿克巴罗夫"),
        ("December 2, 2020&nbsp;·&nbsp;2 min&nbsp;·&nbsp;Rebecca Holloway", "Rebecca Holloway"),
        ("<span>Опубликовано 02.12.2020</span> <span>автором <a>Доржиев Д.</a></span>", "Доржиев Д."),
        ("<p>● 宗政伟</p><p>2020-12-02</p>", "宗政伟"),
        ("<span>2020-12-02</span><span>海港通讯</span><span>文字 | 王小明</span><span>图片 | 李小红</span>", "王小明"),
        ("<span>发布于 2020年12月2日</span><span> 由 <a>王小明</a></span><span><a>3 条评论</a></span>", "王小明"),
        ("2020-12-02 教务处", None),
        ("<p>2020-12-02</p><p>解放日报·上观新闻</p>", None),
        ("<p>2020-12-02</p><p>王小明 编译</p>", None),
        ("<p>2020-12-02</p><p>新华社</p>", None),
    ],
)
def test_an_author_is_who_wrote(info: str, author: str | None) -> None:
    assert article(info).author == author


def test_the_first_line_of_the_text_may_name_who_wrote_it() -> None:
    assert article("2020-12-02", body=f"<p>□ 王小明</p>{BODY}").author == "王小明"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("民國109年12月2日", "2020-12-02"),
        ("中華民國一百零九年十二月二日", "2020-12-02"),
        ("發布日期：109-12-02", "2020-12-02"),
        ("發布日期：112-05-17", "2023-05-17"),
        ("12月 2, 2020", "2020-12-02"),
        ("2020·12·02", "2020-12-02"),
        ("12/22/2020", "2020-12-22"),
        ("周四, 05/06/2021 - 14:33", "2021-05-06"),
        ("Thu, 05/06/2021", "2021-05-06"),
        ("02/12/2020", "2020-12-02"),
    ],
)
def test_days_are_read_in_the_forms_that_sites_give_them(text: str, day: str) -> None:
    assert str(article(text).date) == day


@pytest.mark.parametrize("beside", ["<span>2020-12-02</span>", "来源：海港日报 2020-12-02"])
def test_a_day_beside_the_title_in_its_own_heading_is_no_part_of_it(beside: str) -> None:
    html = f"<title>石桥的重生 - 海港研究所</title><h1>石桥的重生 {beside}</h1><div>{BODY}</div>"
    read = parse(html, "http://institute.test/1.html")
    assert (read.title, str(read.date)) == ("石桥的重生", "2020-12-02")


@pytest.mark.parametrize(
    ("info", "editors"),
    [
        ("责任编辑：宋　歌", ("宋歌",)),
        ("Editor: Mu Xuequan", ("Mu Xuequan",)),
        ("责任编辑：宋歌 李小红、王小明", ("宋歌", "李小红", "王小明")),
    ],
)
def test_a_name_is_kept_whole(info: str, editors: tuple[str, ...]) -> None:
    assert article(f"2020-12-02 {info}").roles.editor == editors


def test_an_info_line_that_is_all_links_is_read() -> None:
    info = 'Posted on <a href="/1"><time>2020年12月2日</time></a> by <a href="/author/admin">admin</a>'
    assert (str(article(info).date), article(info).source) == ("2020-12-02", None)


def test_photographers_are_told_apart_from_who_wrote() -> None:
    read = article("<span>作者：文/王小明 图/李小红</span><span>审核：邓平</span> 2020-12-02")
    assert (read.author, read.roles.photographer) == ("王小明", ("李小红",))


def test_an_office_that_supplied_a_text_is_its_supplier_and_where_no_other_is_named_its_source() -> None:
    alone, other = article("2020-12-02 供稿单位：林学院"), article("2020-12-02 供稿单位：林学院 来源：海港日报")
    assert (alone.source, alone.roles.supplier) == ("林学院", ("林学院",))
    assert (other.source, other.roles.supplier) == ("海港日报", ("林学院",))


def test_where_the_authors_work_is_a_line_of_the_text() -> None:
    assert "海港大学" in article("2020-12-02", body=f"{BODY}<p>（作者单位：海港大学）</p>").text


@pytest.mark.parametrize(
    "path",
    ["2020/12/2020-12-02_78231.htm", "2020-12/2020-12-02_1.htm", "2020/1202/c1.html", "2020/12-02/1.html"],
)
def test_the_day_in_a_url_is_read_whole(path: str) -> None:
    html = f"<title>{TITLE}</title><h1>{TITLE}</h1><div>发布时间：2020-12-02</div><div>{BODY}</div>"
    evidence = parse(html, f"http://institute.test/{path}").date_evidence
    assert evidence is not None
    assert [(other.place, str(other.date)) for other in evidence.others] == [("url", "2020-12-02")]


def test_a_reference_with_an_address_is_no_source() -> None:
    read = article("2020-12-02", body=f"{BODY}<p>文献来源：https://journal.test/hydropower/</p>")
    assert read.source is None
    assert read.references == ("https://journal.test/hydropower/",)


@pytest.mark.parametrize(
    ("script", "date"),
    [
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2020-12-02T08:00:00+08:00"}</script>',
            "2020-12-02",
        ),
        ('<script>var ct = "1606867200"; var biz = "";</script>', "2020-12-02"),
        ('<script>var publish_time = "2020-12-02";</script>', "2020-12-02"),
        ('<script>var year = "2020-12-02";</script>', "None"),
    ],
)
def test_a_date_that_only_a_script_holds_is_read(script: str, date: str) -> None:
    read = parse(f"<title>{TITLE}</title>{script}<h1>{TITLE}</h1><div>{BODY}</div>", "http://institute.test/1.html")
    assert str(read.date) == date
    assert read.date_evidence is None or read.date_evidence.place == "script"


HEADINGS = [
    ("海港学院", '<div class="name">海港学院</div><h2>{}</h2>'),
    ("海港学院", "<header><h1>海港学院</h1></header><nav><a>首页</a> <a>新闻</a></nav><h2>{}</h2>"),
    ("海港学院", '<div>{}</div><div class="line"></div>'),
    ("海港学院_学院新闻", "<h3>学院新闻</h3><h4>{}</h4>"),
    ("研究简报", "<h2>研究简报</h2><h3>{}</h3>"),
    ("海港学院 - School of Ports", "<p>海港学院</p><div>{}</div>"),
]


@pytest.mark.parametrize(("head", "above"), HEADINGS)
@pytest.mark.parametrize("info", ["", "<p>发布时间：2020-12-02</p>"])
def test_a_title_is_not_the_name_of_the_site_or_of_a_column(head: str, above: str, info: str) -> None:
    html = f"<title>{head}</title>{above.format('实验教学中心新添两台椭偏仪')}{info}<div>{BODY}</div>"
    assert parse(html, "http://institute.test/1.html").title == "实验教学中心新添两台椭偏仪"


def test_a_paragraph_above_an_info_line_is_no_title() -> None:
    html = f"<title>海港学院</title><div>学院完成年度安全检查</div><div>{BODY}</div><div>发布时间：2020-12-02 来源：实验室</div>"
    read = parse(html, "http://institute.test/1.html")
    assert (read.title, str(read.date), read.source, len(read.body)) == (
        "学院完成年度安全检查",
        "2020-12-02",
        "实验室",
        4,
    )


def test_the_title_of_an_obituary_is_short() -> None:
    html = f"<title>讣 告-海港学院</title><span>海港学院</span><ul><li><a>首页</a></li></ul><h2>讣 告</h2><p>发布时间：2020-12-02</p><div>{BODY}</div>"
    assert parse(html, "http://institute.test/1.html").title == "讣 告"


LISTED = '<div><ul><li><a href="/a">外教座谈会举行</a> 2019-10-29</li><li><a href="/b">我院举办运动会</a> 2019-10-30</li></ul></div>'


def test_entries_of_a_list_above_the_article_give_it_no_source() -> None:
    html = f"<title>{TITLE}</title>{LISTED}<h1>{TITLE}</h1><div>时间：2020-12-02</div><div>{BODY}</div>"
    read = parse(html, "http://institute.test/1.html")
    assert (str(read.date), read.source) == ("2020-12-02", None)


def test_words_of_tools_after_a_counter_are_no_source() -> None:
    assert article("2020-12-02 <span>评论 12</span><span>分享</span>").source is None


def test_a_notice_on_reprints_at_the_end_is_no_text() -> None:
    read = article(
        "2020-12-02", body=f'{BODY}<p>未经允许不得转载：<a href="/">海港实验室</a> » <a href="/1">{TITLE}</a></p>'
    )
    assert "转载" not in read.text
