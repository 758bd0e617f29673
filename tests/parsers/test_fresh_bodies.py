"""Bodies of pages whose layout once let furniture into the text, or lost the text."""
# ruff: noqa: E501 - markup is easier to read unbroken

import pytest

from newsarchive.parsers import parse
from newsarchive.records.article import Article

TITLE = "研究所与大学签署合作协议"
PARAGRAPHS = [f"第{n}段，双方就联合培养和资料共享交换了意见，商定明年春天举行第一次工作会议。" for n in "一二三四五六"]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SHORT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:3])
INFO = "<p>来源：科研处　发布时间：2021-03-05</p>"


def read(html: str) -> Article:
    return parse(f"<meta charset=utf-8><title>{TITLE}</title>{html}", "http://institute.test/info/1/2.html")


def text_of(html: str) -> list[str]:
    return read(html).text.split("\n")


@pytest.mark.parametrize(
    "style", ["visibility: hidden;", "visibility: hidden; opacity: 0;", "color:red;visibility:hidden"]
)
@pytest.mark.parametrize("name", ["div", "span"])
def test_text_that_a_script_makes_visible_is_read(name: str, style: str) -> None:
    page = f'<h1>{TITLE}</h1>{INFO}<{name} id="content" style="{style}">{BODY}</{name}>'
    assert text_of(page) == PARAGRAPHS


def test_what_stays_hidden_in_text_that_a_script_makes_visible_is_not_read() -> None:
    inner = '<div style="display:none">微信号：某研究所，发布研究所的学术动态。</div>'
    assert text_of(f'<h1>{TITLE}</h1>{INFO}<div style="visibility: hidden">{inner}{BODY}</div>') == PARAGRAPHS


@pytest.mark.parametrize("style", ["visibility: hidden; position: absolute", "visibility: hidden; display: none"])
def test_a_window_that_waits_over_the_page_is_not_read(style: str) -> None:
    window = f'<div style="{style}">{"".join(f"<p>请先阅读本站第{n}条使用须知，再继续浏览本站的其他栏目和文章。</p>" for n in "一二三四五六七八九")}</div>'
    assert text_of(f"<h1>{TITLE}</h1>{INFO}{window}<div>{SHORT}</div>") == PARAGRAPHS[:3]


def test_a_hidden_note_is_not_read() -> None:
    note = f'<div style="visibility: hidden">{PARAGRAPHS[5]}</div>'
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{SHORT}{note}</div>") == PARAGRAPHS[:3]


@pytest.mark.parametrize(
    "tail",
    [
        "来源：https://harbour.test/2020/08/hydropower/",
        "文献来源：https://harbour.test/hydropower/",
        "文献来源：《外交学者》2020年8月17日",
    ],
)
@pytest.mark.parametrize("heading", ["<h1>{}</h1>", "<p align=center><font size=5>{}</font></p>"])
def test_text_above_the_only_source_of_a_page_is_its_body(heading: str, tail: str) -> None:
    html = f"<title>某智库</title><div>{heading.format(TITLE)}<div>{BODY}<p>{tail}</p></div></div><div>版权所有 某智库</div>"
    found = parse(html, "http://institute.test/info/1/2.html").text.split("\n")
    assert found[: len(PARAGRAPHS)] == PARAGRAPHS


@pytest.mark.parametrize(
    "text", [f"<div>{BODY}</div>", f"<div>{'<br>'.join(PARAGRAPHS)}</div>", "<br>".join(PARAGRAPHS)]
)
def test_text_above_an_info_line_at_the_end_is_the_body(text: str) -> None:
    page = f"<title>新闻</title><div>{TITLE}</div>{text}<div>时间：2021-03-05 作者：李明</div>"
    assert parse(page, "http://institute.test/info/1/2.html").text.split("\n") == PARAGRAPHS


MENU = "<td width=180><a href=/1>学会简介</a><br><a href=/2>学会章程</a><br><a href=/3>学会动态</a></td>"


@pytest.mark.parametrize("menu", [MENU, MENU.replace("<td width=180>", "<td width=180>栏目<br>")])
@pytest.mark.parametrize("banner", ["", "<tr><td colspan=2>某某学会网站欢迎您</td></tr>"])
def test_text_in_a_cell_beside_a_menu_is_no_table(banner: str, menu: str) -> None:
    row = f"<tr>{menu}<td><h1>{TITLE}</h1>{INFO}{SHORT}</td></tr>"
    found = read(f"<table>{banner}{row}</table><p>您是第 20331 位访客</p>")
    assert found.text.split("\n") == PARAGRAPHS[:3]
    assert {block.kind for block in found.body} == {"paragraph"}


@pytest.mark.parametrize("long", [SHORT, "<br>".join(PARAGRAPHS)])
def test_a_long_text_in_a_table_of_facts_is_a_cell_of_it(long: str) -> None:
    rows = f"<tr><td>项目名称</td><td>联合培养项目</td></tr><tr><td>项目内容</td><td>{long}</td></tr>"
    found = read(f"<h1>{TITLE}</h1>{INFO}<div><table>{rows}</table></div>")
    assert [block.kind for block in found.body] == ["table"]
    assert found.text.startswith("项目名称\t联合培养项目\n项目内容\t第一段")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<div><div>顶一下 (12) 85.71%</div><div>踩一下 (2) 14.29%</div></div><div>------分隔线----------</div>"),
        ("<div>某网客户端扫码阅读</div>", "<div><span>【纠错】 责任编辑： 李明 </span></div><div>010020010270000000000000011100001</div>"),
        ("", "<div>扫码在手机上查看</div>"),
        ("<div><div>0<br>分享至</div></div>", f"<div>特别声明：以上内容为用户上传并发布，本平台仅提供信息存储服务。<br>Notice: {'The content above is uploaded by a user. ' * 3}</div>"),
        ("", "<div>图片1/5 <a>上一张</a> <a>下一张</a></div>"),
        ("<div><div>您的浏览器不支持flash播放，请点击此处下载安装</div></div><div><span>复制代码</span></div>", ""),
        ("<div><a href=/c>专栏</a> ></div>", "<div>某网报料：021-62866<br>某网，未经授权不得转载</div>"),
        ("", "<div>海港市云山区学府大道999号</div><div>国家重点实验室网络组制作</div>"),
        ("", "<div>Версия для печати</div>"),
    ],
)  # fmt: skip
def test_tools_and_notices_are_no_part_of_a_short_text(before: str, after: str) -> None:
    page = f"<div><h1>{TITLE}</h1>{INFO}{before}<div>{SHORT}</div>{after}</div>"
    assert text_of(page) == PARAGRAPHS[:3]


@pytest.mark.parametrize(
    "tool",
    [
        "扫码在手机上查看",
        "图片1/5 <a>上一张</a> <a>下一张</a>",
        "复制代码",
        "------分隔线----------",
        "某网，未经授权不得转载",
        "Версия для печати",
        "国家重点实验室网络组制作",
    ],
)
def test_a_tool_in_the_box_of_a_text_is_no_part_of_it(tool: str) -> None:
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{BODY}<div>{tool}</div></div>") == PARAGRAPHS


def test_an_info_line_of_unlabelled_names_is_no_part_of_a_text() -> None:
    head = (
        "<p><span>http://www.harbour-news.test</span> <span>海港在线网</span> <span>2014年08月27日 13:33:21</span></p>"
    )
    assert text_of(f"<div>{TITLE}</div><div>{head}{BODY}</div>") == PARAGRAPHS


def test_paragraphs_without_boxes_stand_beside_a_box_of_notices() -> None:
    text = "<br><br>".join(PARAGRAPHS)
    page = f"<div><h1>{TITLE}</h1>{INFO}<div>{text}</div><div>某网报料：021-62866<br>更多内容见某网客户端</div></div>"
    assert text_of(page) == PARAGRAPHS


@pytest.mark.parametrize("beside", ["海港研究所联合办公室", "二〇二一年三月十五日", "会议由研究所和大学联合主办。"])
def test_paragraphs_without_boxes_stand_beside_a_box_of_the_text(beside: str) -> None:
    page = f"<div><h1>{TITLE}</h1>{INFO}<div>{'<br>'.join(PARAGRAPHS)}</div><div>{beside}</div></div>"
    assert text_of(page) == [*PARAGRAPHS, beside]


@pytest.mark.parametrize("shown", ["返回某网，查看更多", "返回某网首页>>"])
def test_the_way_back_is_no_part_of_the_last_paragraph(shown: str) -> None:
    page = f'<h1>{TITLE}</h1>{INFO}<div>{SHORT}<p>{PARAGRAPHS[3]}<a href="/">{shown}</a></p></div>'
    assert text_of(page) == PARAGRAPHS[:4]


def test_a_link_that_ends_a_sentence_stays() -> None:
    sentence = '会议讨论了航天器<a href="/x">返回舱回收方案</a>'
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{SHORT}<p>{sentence}</p></div>")[-1] == "会议讨论了航天器返回舱回收方案"


@pytest.mark.parametrize("footer", ["海港市云山区学府大道999号", "某某学院人事处欢迎您来访"])
def test_files_are_the_body_of_a_page_without_text(footer: str) -> None:
    files = "".join(
        f'<p><img src="/res/word.gif"><a href="/__local/{n}.docx">附件{n}：表{n}.docx</a></p>' for n in (1, 2, 3)
    )
    found = read(f"<div><div><h1>{TITLE}</h1>{INFO}<div><div>{files}</div></div></div></div><div>{footer}</div>")
    assert [file.title for file in found.attachments] == ["表1.docx", "表2.docx", "表3.docx"]
    assert footer not in found.text


def test_a_footer_is_no_part_of_a_single_sentence() -> None:
    page = f"<div><h1>{TITLE}</h1>{INFO}<div><p>现将有关材料公布如下。</p></div></div><div>欢迎访问某某学院人事处</div>"
    assert text_of(page) == ["现将有关材料公布如下。"]


def test_a_declaration_is_a_text_of_its_own() -> None:
    declared = (
        "声明：近日有人冒用研究所的名义招收学员，研究所从未委托任何机构或个人办理此事，特此声明，请广大考生注意辨别。"
    )
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div><p>{declared}</p></div>") == [declared]


def test_a_quote_follows_an_image_in_its_box() -> None:
    quote = f'<blockquote><p>{PARAGRAPHS[3]}</p><p><img src="/a.png"></p><p>{PARAGRAPHS[4]}</p></blockquote>'
    kinds = [block.kind for block in read(f"<h1>{TITLE}</h1>{INFO}<div>{SHORT}{quote}</div>").body]
    assert kinds == [*["paragraph"] * 4, "image", "quote"]


def test_what_stands_above_the_title_is_no_part_of_a_short_text() -> None:
    notice = f"<div><p>{PARAGRAPHS[4]}</p><p>{PARAGRAPHS[5]}</p></div>"
    page = f"<div>{notice}<div>{TITLE}</div><div>来源：科研处　发布时间：2021-03-05</div><div><p>{PARAGRAPHS[0]}</p></div></div>"
    assert text_of(page) == PARAGRAPHS[:1]


@pytest.mark.parametrize("fact", ["讲座时间：2021年3月5日 14:30", "2021年3月5日 14:30"])
def test_the_time_of_an_event_begins_a_text(fact: str) -> None:
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div><p>{fact}</p>{SHORT}</div>") == [fact, *PARAGRAPHS[:3]]


def test_the_number_of_an_account_is_a_cell() -> None:
    rows = "<tr><td>户名</td><td>某某研究所</td></tr><tr><td>账号</td><td>6222021234567890123</td></tr>"
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{SHORT}<table>{rows}</table></div>")[-1] == "账号\t6222021234567890123"


@pytest.mark.parametrize(
    "notice",
    [
        "凡本网注明“来源：某网”的所有作品，版权均属于某网，未经本网授权不得转载、摘编或利用其它方式使用上述作品。",
        "请自觉遵守互联网相关的政策法规，严禁发布色情、暴力、反动的言论，文明上网，理性发言。",
        "打开某某客户端 体验更佳",
        "已有 0 人参与评论",
    ],
)
def test_notices_under_a_text_of_two_paragraphs_are_no_part_of_it(notice: str) -> None:
    text = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:2])
    assert text_of(f"<div><h1>{TITLE}</h1>{INFO}<div>{text}</div><div>{notice}</div></div>") == PARAGRAPHS[:2]


def test_a_call_to_follow_is_no_part_of_a_text() -> None:
    calls = "<p>点击上方蓝字关注我们</p>", "<p>长按二维码关注我们</p>"
    assert text_of(f"<h1>{TITLE}</h1>{INFO}<div>{calls[0]}{BODY}{calls[1]}</div>") == PARAGRAPHS


FOOTER = "<div><p>海港大学人事处办公室，位于行政楼二层西侧</p><p>网站由信息中心提供支持，建议使用谷歌浏览器访问本站</p></div>"


def test_a_footer_of_several_lines_does_not_outweigh_files() -> None:
    files = "".join(f'<p><a href="/d/{n}.docx">附件{n}：表{n}.docx</a></p>' for n in (1, 2))
    found = read(f"<div><h1>{TITLE}</h1>{INFO}<div>{files}</div></div>{FOOTER}")
    assert (len(found.attachments), "谷歌" in found.text) == (2, False)


def test_a_footer_of_several_lines_does_not_outweigh_a_paragraph() -> None:
    page = f"<div><h1>{TITLE}</h1>{INFO}<div><p>{PARAGRAPHS[0]}</p></div></div>{FOOTER}"
    assert text_of(page) == PARAGRAPHS[:1]
