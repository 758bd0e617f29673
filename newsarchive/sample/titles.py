"""The title of every article, and the names in it that the text has to repeat.

No two articles of a site share a title, however many there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd, prod

from newsarchive.sample.kinds import Kind
from newsarchive.sample.numerals import chinese_numeral
from newsarchive.sample.vocabulary import Scholar, Topic, institute, sentences, topics


@dataclass(frozen=True, slots=True)
class Title:
    """A title and the names in it that the text has to repeat."""

    text: str
    column: str | None
    topic: Topic
    place: str
    scholar: Scholar
    names: Mapping[str, str]


def compose_title(kind: Kind, ordinal: int, seed: int) -> Title:
    """Return the title of the article of `kind` that has `ordinal` others of its kind before it."""
    return _TITLES[kind](ordinal, seed)


def _spread(ordinal: int, seed: int, *sizes: int) -> tuple[tuple[int, ...], int]:
    """Return one index below each size, different for each `ordinal` below their product, and the round.

    Steps of about the golden ratio of the product visit every combination once before any comes again, and
    neighbours differ in every index.
    """
    total = prod(sizes)
    turn, rest = divmod(ordinal, total)
    step = total * 1000 // 1618 + seed % 11
    while gcd(step, total) != 1:
        step += 1
    rest = (rest * step + seed) % total
    indexes = []
    for size in sizes:
        rest, index = divmod(rest, size)
        indexes.append(index)
    return tuple(indexes), turn


def _conference(ordinal: int, seed: int) -> Title:
    words = institute()
    (topic_at, place_at, form), turn = _spread(ordinal, seed, len(topics()), len(words.places), 3)
    topic, place = topics()[topic_at], words.places[place_at]
    edition = chinese_numeral(2 + topic_at % 7 + turn)
    event = f"第{edition}届“{topic.name}”学术研讨会"
    text = (
        f"{event}在{place}举行",
        f"{words.short}主办的{event}在{place}落下帷幕",
        f"材料、方法与对话：{event}在{place}召开",
    )[form]
    return Title(text, "会议回顾", topic, place, _scholar(ordinal), {"title_event": event})


def _visit(ordinal: int, seed: int) -> Title:
    words = institute()
    (partner_at, scholar_at, topic_at, form), turn = _spread(
        ordinal, seed, len(words.partners), len(words.scholars), len(topics()), 3
    )
    partner, scholar, topic = words.partners[partner_at], words.scholars[scholar_at], topics()[topic_at]
    text = (
        f"{partner.name}{scholar.name}教授一行来访 与我所座谈{topic.name}研究",
        f"我所代表团出访{partner.country} 与{partner.name}{scholar.name}教授团队商定“{topic.name}”联合调查的初步计划",
        (
            f"{words.short}与{partner.name}{scholar.name}教授团队签署{topic.name}研究合作备忘录 "
            "——双方将互派研究生并共建资料目录"
        ),
    )[form]
    text += f"（{chinese_numeral(turn + 1)}）" if turn else ""
    occasion = ("received", "abroad", "signing")[form]
    names = {"partner": partner.name, "partner_english": partner.english, "occasion": occasion}
    return Title(text, "对外交流", topic, _place(ordinal), scholar, names)


def _lecture(ordinal: int, seed: int) -> Title:
    words = institute()
    (topic_at, scholar_at, partner_at), _ = _spread(
        ordinal, seed, len(topics()), len(words.scholars), len(words.partners)
    )
    topic, scholar, partner = topics()[topic_at], words.scholars[scholar_at], words.partners[partner_at]
    place = _place(ordinal)
    pattern = sentences("lecture")["titles"][ordinal % 4]
    subject = topic.subjects[ordinal % len(topic.subjects)]
    subject_of_talk = pattern.format(subject=subject, topic=topic.name, place=place)
    number = chinese_numeral(ordinal + 1)
    text = (
        f"{scholar.name}教授做客“{words.lecture_series}”第{number}讲"
        if ordinal % 3
        else f"“{words.lecture_series}”第{number}讲：{subject_of_talk}"
    )
    names = {
        "partner": partner.name,
        "partner_english": partner.english,
        "number": number,
        "lecture_title": subject_of_talk,
    }
    return Title(text, "学术交流", topic, place, scholar, names)


def _notice(ordinal: int, seed: int) -> Title:
    (topic_at, form), _ = _spread(ordinal, seed, len(topics()), 2)
    topic = topics()[topic_at]
    call = ("举办{}专题工作坊", "征集{}研究成果")[form].format(f"“{topic.name}”")
    column = "活动公告" if ordinal % 4 else None
    names = {"occasion": ("workshop", "call")[form]}
    return Title(f"关于{call}的通知（第{ordinal + 1}号）", column, topic, _place(ordinal), _scholar(ordinal), names)


def _papers(ordinal: int, _seed: int) -> Title:
    topic = topics()[ordinal * 5 % len(topics())]
    ending = "（持续更新中）" if ordinal % 3 == 0 else ""
    text = f"{institute().short}论文发表情况（总第{ordinal + 1}期）{ending}"
    return Title(text, None, topic, _place(ordinal), _scholar(ordinal), {})


def _review(ordinal: int, seed: int) -> Title:
    words = institute()
    books = words.books
    (head, tail, scholar_at), _ = _spread(ordinal, seed, len(books["heads"]), len(books["tails"]), len(words.scholars))
    scholar = words.scholars[scholar_at]
    book = f"{books['heads'][head]}：{books['tails'][tail]}"
    text = f"《{book}》" if ordinal % 4 else book
    names = {
        "book": book,
        "book_english": f"{books['english_heads'][head]}: {books['english_tails'][tail]}",
    }
    column = f"{words.review_series}之{chinese_numeral(ordinal + 1)}"
    return Title(text, column, topics()[tail % len(topics())], _place(ordinal), scholar, names)


def _report(ordinal: int, seed: int) -> Title:
    words = institute()
    (place_at, topic_at, form), turn = _spread(ordinal, seed, len(words.places), len(topics()), 2)
    place, topic = words.places[place_at], topics()[topic_at]
    text = (
        f"{place}{topic.name}考察取得阶段性成果",
        f"从账册到河滩：{words.short}考察队完成{place}“{topic.name}”田野调查",
    )[form]
    text += f"（{chinese_numeral(turn + 1)}）" if turn else ""
    column = "科学动态" if form else "研究报告"
    return Title(text, column, topic, place, _scholar(ordinal), {})


def _repost(ordinal: int, seed: int) -> Title:
    words = institute()
    jobs = sentences("repost")["work"]
    (place_at, job_at, station_at), turn = _spread(ordinal, seed, len(words.places), len(jobs), len(words.stations))
    place, job, station = words.places[place_at], jobs[job_at], words.stations[station_at]
    text = f"{station}：{place}{job}进展顺利"
    text += f"（{chinese_numeral(turn + 1)}）" if turn else ""
    column = None if ordinal % 3 else "媒体报道"
    names = {"work": job, "station": station}
    return Title(text, column, topics()[(place_at + job_at) % len(topics())], place, _scholar(ordinal), names)


_TITLES = {
    Kind.CONFERENCE: _conference,
    Kind.VISIT: _visit,
    Kind.LECTURE: _lecture,
    Kind.NOTICE: _notice,
    Kind.PAPERS: _papers,
    Kind.REVIEW: _review,
    Kind.REPORT: _report,
    Kind.REPOST: _repost,
}


def _place(ordinal: int) -> str:
    places = institute().places
    return places[ordinal * 7 % len(places)]


def _scholar(ordinal: int) -> Scholar:
    scholars = institute().scholars
    return scholars[ordinal * 3 % len(scholars)]
