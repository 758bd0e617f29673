"""The institute's name, from the titles of its pages."""

import pytest

from newsarchive.operations.site_title import institute_name

MENU = ("首页", "新闻", "通知公告", "学术动态")


@pytest.mark.parametrize(
    ("home", "others", "name"),
    [
        ("首页-沙洲历史研究所", ["新闻-沙洲历史研究所", "渠道札记-沙洲历史研究所"], "沙洲历史研究所"),
        ("首页-沙洲历史研究所", [], "沙洲历史研究所"),
        ("沙洲历史研究所_网站首页", [], "沙洲历史研究所"),
        ("首页 沙洲历史研究所", [], "沙洲历史研究所"),
        ("新闻-大河研究所", [], "大河研究所"),
        ("新闻-大河研究所", ["通知-大河研究所", "一-新闻-大河研究所", "二-新闻-大河研究所"], "大河研究所"),
        ("要闻 | 大河研究所", ["通知公告 | 大河研究所", "来访 | 大河研究所"], "大河研究所"),
        ("首页 - 大河研究所 - 大河大学", ["新闻 - 大河研究所 - 大河大学"] * 2, "大河研究所 - 大河大学"),
        ("大河研究所", ["新闻", "通知公告"], "大河研究所"),
        ("Home-Al-Farabi Institute", [], "Al-Farabi Institute"),
        ("Al-Farabi Institute | Home", ["News | Al-Farabi Institute"] * 2, "Al-Farabi Institute"),
        ("首页", ["新闻-沙洲历史研究所", "通知-沙洲历史研究所"], "沙洲历史研究所"),
        ("", ["新闻-沙洲历史研究所", "通知-沙洲历史研究所"], "沙洲历史研究所"),
        ("新闻", [], "新闻"),
        ("主页", ["新闻", "通知公告"], ""),
        ("首页", [], ""),
        ("", [], ""),
    ],
)
def test_the_name_is_what_is_left_without_the_names_of_pages(home: str, others: list[str], name: str) -> None:
    assert institute_name(home, others, MENU) == name
