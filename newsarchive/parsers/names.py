"""Names without a label beside a date: a person's, or that of an office or a paper."""

import re

from newsarchive.parsers.labels import words

_SURNAME = "|".join((f"[{''.join(words('names', 'surnames'))}]", *words("names", "double_surnames")))
_FOREIGN_NAME = r"[\u3400-\u9fff]{1,8}(?:·[\u3400-\u9fff]{1,8}){1,2}"
_PERSON = re.compile(rf"(?:{_SURNAME})\s?[\u3400-\u9fff]{{1,2}}|(?!.*[报网社台刊闻讯](?:·|$)){_FOREIGN_NAME}").fullmatch
_OFFICES = frozenset("社网报办处部委院校会局厅所科系组室站台刊厂馆队团班级镇县市省区乡村街课司署库府")
"""Last characters of the names of offices and papers."""
_LONGEST = 24
_NO_NAME = re.compile(
    r"[:：，。；;>]|(?:时间|日期|编号|电话|地址|标题|名称)$"
    r"|\d+\s*(?:[次人条个赞楼页号版:：]|$|阅读|浏览|点击|评论|月\s*\d)|\d[\d\-/.]{3}|^\D*\s\d"
)
"""What no name holds: the marks of a sentence, a label, a count or a date; 21世纪经济报道 is a name."""


_ROLE = r"(?:特约|见习|实习)?(?:记者|通讯员|评论员|撰稿人|实习生)"
_PAPERS = r"(?:本[报网刊台社站]|[\u3400-\u9fff]{1,8}?[报网刊台社站])?"
_LEAD = re.compile(
    rf"(?:[□■○●◎]\s*|(?:图?文|文字|作者)\s?[/／|｜丨]\s?(?:图\s?[/／]\s?)?(?=\S)|由\s+(?=.*于$)|(?={_PAPERS}\s?{_ROLE}))"
)
_TITLED = re.compile(rf"{_PAPERS}\s?{_ROLE}\s?[:：]?\s*")
_GAP = re.compile(r"[\s、,，]+")
_SHORT_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}|[\u3400-\u9fff]{1,6}(?:·[\u3400-\u9fff]{1,6}){1,2}").fullmatch
_MOST_NAMES = 6
_DEEDS = frozenset(words("names", "deeds"))
"""What stands where a name does, and tells what somebody did."""
_BULLETS = frozenset("■○●◎")
"""Marks that stand before other things, too; □ is a newspaper's for who wrote."""
_DONE = re.compile(r"\s?(?:文\s?[/／]\s?图|图\s?[/／]\s?文|摄影报道|图文报道|报道|提交|整理)$")
"""What somebody did, after the name."""


def byline(text: str) -> str | None:
    """Return the persons that a line names as those who wrote, as they are shown; None where it names nobody.

    □ 王小明; 文/王小明; 本报记者 王小明; or nothing but persons. What one person is (记者) is left out, and kept where
    several are told apart by it.
    """
    text = _DONE.sub("", text)
    lead = _LEAD.match(text)
    shown = text[lead.end() :].removesuffix("于").strip() if lead is not None else text
    titled = _TITLED.match(shown)
    rest = shown[titled.end() :] if titled is not None else shown
    parts = _GAP.split(_TITLED.sub(" ", rest).strip())
    if len(parts) > _MOST_NAMES or not all(map(_SHORT_NAME, parts)) or not _DEEDS.isdisjoint(parts):
        return None
    unsure = lead is None or lead.group()[:1] in _BULLETS
    if unsure and (not any(map(is_person, parts)) or any(part[-1] in _OFFICES for part in parts)):
        return None
    return rest if _TITLED.search(rest) is None else shown


def credited(text: str) -> str | None:
    """Return the persons of a line that begins with what they did (文/王小明, 通讯员 王小明), else None."""
    return byline(text) if _LEAD.match(text) is not None else None


def with_office(text: str) -> str | None:
    """Return the person of 王小明/海港大学航道研究所, else None."""
    person, slash, office = text.replace("／", "/").partition("/")
    person, office = person.strip(), office.strip()
    if not slash or not is_person(person) or not _OFFICE(office):
        return None
    return person


_OFFICE = re.compile(
    r"[\u3400-\u9fff·（）()]{4,40}(?:[社网报部院校会局所科系站台馆队]|中心|大学|教授|研究员|学者|专家|记者)"
).fullmatch


def are_names(text: str) -> bool:
    """Tell whether `text` can be the names of some persons, parted by white space or commas."""
    parts = _GAP.split(text)
    return len(parts) <= _MOST_NAMES and all(map(_SHORT_NAME, parts))


def is_name(text: str) -> bool:
    """Tell whether `text` can be a name at all."""
    return 2 <= len(text) <= _LONGEST and not _NO_NAME.search(text)  # noqa: PLR2004


def is_person(text: str) -> bool:
    """Tell whether a name is a person's (王小明), and not that of an office or a paper (教务处, 新华社)."""
    return _PERSON(text) is not None and text[-1] not in _OFFICES
