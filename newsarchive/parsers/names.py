"""Names without a label beside a date: a person's, or that of an office or a paper."""

import re

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石韦贾夏付方白邹孟熊秦"
    "邱侯江尹薛闫阎段雷龙黎史陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤詹颜"
)
_PERSON = re.compile(rf"[{_SURNAMES}]\s?[\u3400-\u9fff]{{1,2}}").fullmatch
_OFFICES = frozenset("社网报办处部委院校会局厅所科系组室站台刊厂馆队团班级镇县市省区乡村街课司署库府")
"""Last characters of the names of offices and papers."""
_LONGEST = 24
_NO_NAME = re.compile(
    r"[:：，。>]|(?:时间|日期|编号|电话|地址|标题|名称)$"
    r"|\d+\s*(?:[次人条个赞楼页号版:：]|$|阅读|浏览|点击|评论|月\s*\d)|\d[\d\-/.]{3}|^\D*\s\d"
)
"""What no name holds: the marks of a sentence, a label, a count or a date; 21世纪经济报道 is a name."""


def is_name(text: str) -> bool:
    """Tell whether `text` can be a name at all."""
    return 2 <= len(text) <= _LONGEST and not _NO_NAME.search(text)  # noqa: PLR2004


def is_person(text: str) -> bool:
    """Tell whether a name is a person's (王小明), and not that of an office or a paper (教务处, 新华社)."""
    return _PERSON(text) is not None and text[-1] not in _OFFICES
