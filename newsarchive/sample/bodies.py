"""The body of every kind of article, as blocks."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from newsarchive.records.article import (
    Block,
    Footnote,
    Heading,
    Image,
    ItemList,
    Paragraph,
    Quote,
    Table,
)
from newsarchive.sample.headlines import Headline, article_random
from newsarchive.sample.kinds import Kind
from newsarchive.sample.numerals import chinese_numeral
from newsarchive.sample.pen import Pen
from newsarchive.sample.vocabulary import institute, sentences


@dataclass(frozen=True, slots=True)
class Body:
    """An article's blocks and what is named in them."""

    blocks: tuple[Block, ...]
    references: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()


def compose_body(headline: Headline, seed: int, origin: str) -> Body:
    """Write the body that belongs to `headline`; image URLs are on `origin`."""
    rng = article_random(headline.number, seed, "body")
    people = rng.sample(range(len(institute().surnames) * len(institute().given_names)), 9)
    pen = _pen(headline, rng, [institute().person(number) for number in people])
    pictures = _Pictures(headline, rng, origin)
    return _WRITERS[headline.kind](headline, rng, pen, pictures)


def _pen(headline: Headline, rng: Random, people: list[str]) -> Pen:
    words = institute()
    eve = headline.shown - dt.timedelta(days=rng.randint(1, 4))
    later = headline.shown + dt.timedelta(days=rng.randint(6, 40))
    if headline.kind in {Kind.CONFERENCE, Kind.VISIT}:
        later = eve + dt.timedelta(days=1)
    submitted = rng.randint(60, 140)
    fixed = {
        "institute_english": words.english, "short": words.short, "lecture_series": words.lecture_series,
        "topic": headline.topic.name, "topic_english": headline.topic.english, "topic_russian": headline.topic.russian,
        "guest": headline.scholar.name, "latin": headline.scholar.latin, "dean": people[0], "host": people[1],
        "day": f"{eve.month}月{eve.day}日", "later_day": f"{later.month}月{later.day}日",
        "count": str(rng.randint(30, 120)), "few": str(rng.randint(4, 15)), "papers": str(submitted),
        "percent": str(rng.randint(35, 95)), "chosen": str(submitted // 2 - rng.randint(0, 12)),
        "season": "冬春夏秋"[eve.month % 12 // 3], "money": str(rng.randint(12, 96) * 10),
        "households": str(rng.randint(120, 2400)),
    }  # fmt: skip
    banks = {
        **sentences(headline.kind),
        "speaker": people[2:5], "second": people[5:7], "elder": people[7:],
        "subject": headline.topic.subjects, "material": headline.topic.materials,
        "place": (headline.place, *(place for place in words.places if place != headline.place)),
        "university": words.universities, "room": words.rooms, "supporter": words.supporters,
        "station": words.stations, "place_near": [place for place in words.places if place != headline.place],
    }  # fmt: skip
    if headline.kind in {Kind.CONFERENCE, Kind.REPORT, Kind.REPOST}:
        fixed["place"] = headline.place
    return Pen(rng, fixed | dict(headline.names), banks)


class _Pictures:
    """Hands out the images of one article."""

    def __init__(self, headline: Headline, rng: Random, origin: str) -> None:
        self._left = rng.randint(1, 2) if headline.has_images else 0
        self._path = f"{origin}/upload/{headline.entered:%Y/%m}/{headline.number}"
        self._count = 0

    def blocks(self, caption: str | None) -> list[Block]:
        """Return the next image as a block, or nothing where the article has no more."""
        if self._count >= self._left:
            return []
        self._count += 1
        return [Image(url=f"{self._path}_{self._count}.png", text=caption)]


def _paragraphs(texts: list[str]) -> list[Block]:
    return [Paragraph(text=text) for text in texts]


def _conference(_: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence("lead")])
    blocks += pictures.blocks("会议现场")
    blocks += _paragraphs([pen.sentence("opening")])
    blocks += _paragraphs(pen.sentences("session", rng.randint(3, 5)))
    blocks += pictures.blocks("与会学者合影")
    blocks += _paragraphs(pen.sentences("discussion", rng.randint(1, 2)))
    return Body((*blocks, *_paragraphs(pen.sentences("closing", rng.randint(1, 2)))))


def _visit(headline: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence(f"lead_{headline.names['occasion']}")])
    blocks += pictures.blocks("会谈现场")
    blocks += _paragraphs(pen.sentences("talk", rng.randint(3, 5)))
    if headline.ordinal % 2 == 0:
        blocks += _paragraphs([pen.sentence("english")])
    if headline.ordinal % 3 == 0:
        blocks += _paragraphs([pen.sentence("russian")])
    blocks += pictures.blocks("双方代表互赠图书")
    return Body((*blocks, *_paragraphs(pen.sentences("closing", rng.randint(1, 2)))))


def _lecture(headline: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence("lead")])
    blocks += pictures.blocks(None)
    blocks += _paragraphs(pen.sentences("body", rng.randint(3, 5)))
    if headline.ordinal % 3 == 1:
        blocks += _paragraphs([pen.sentence("english")])
    return Body((*blocks, *_paragraphs(pen.sentences("question", rng.randint(1, 2)))))


def _notice(headline: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence(f"lead_{headline.names['occasion']}")])
    blocks += [ItemList(ordered=True, items=tuple(pen.ordered("items", rng.randint(4, 6))))]
    blocks += pictures.blocks("往期活动照片")
    return Body((*blocks, *_paragraphs(pen.sentences("closing", rng.randint(1, 2)))))


def _papers(headline: Headline, rng: Random, pen: Pen, _: _Pictures) -> Body:
    journals = institute().books["chinese_journals"]
    rows = [("序号", "题目", "作者", "刊物")]
    for number in range(1, rng.randint(5, 9)):
        title = pen.sentence("titles")
        issue = f"《{rng.choice(journals)}》{headline.shown.year}年第{rng.randint(1, 6)}期"
        rows.append((str(number), title, pen.fill("{speaker}"), issue))
    lead = _paragraphs([pen.sentence("lead")])
    comments = _paragraphs(pen.sentences("comment", rng.randint(1, 3)))
    return Body((*lead, Table(rows=tuple(rows)), *comments))


def _review(headline: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    translator = pen.fill("{elder}")
    blocks = _paragraphs([f"{translator} 编译" if headline.ordinal % 2 else f"{translator}编译"])
    reference = _reference(headline, rng)
    label = "【文献来源】" if headline.ordinal % 3 else "文献来源："
    if headline.ordinal % 2:
        blocks += _paragraphs([label + reference])
    blocks += _paragraphs([pen.sentence("lead")])
    for number, heading in enumerate(pen.ordered("headings", rng.randint(2, 4)), 1):
        blocks.append(Heading(level=2, text=f"{chinese_numeral(number)}、{heading}"))
        if number == rng.randint(1, 3):
            blocks.append(Heading(level=3, text=f"（一）{pen.sentence('subheadings')}"))
        blocks += _paragraphs(pen.sentences("argument", rng.randint(1, 3)))
        if number == 1 and headline.ordinal % 4 in {0, 1}:
            blocks.append(Quote(text=pen.sentence("quotes")))
    blocks += pictures.blocks("原书封面")
    blocks += _paragraphs([pen.sentence("closing")])
    if not headline.ordinal % 2:
        blocks += _paragraphs([label + reference])
    return Body(tuple(blocks), (reference,), (translator,))


def _reference(headline: Headline, rng: Random) -> str:
    books, book = institute().books, headline.names["book_english"]
    year = headline.shown.year - rng.randint(1, 6)
    if headline.ordinal % 2:
        return (
            f"{headline.scholar.latin}, {book}, {rng.choice(books['publishers'])}, {year}, {rng.randint(180, 420)} pp."
        )
    first = rng.randint(11, 190)
    return (
        f"{headline.scholar.latin}, “{book}”, {rng.choice(books['journals'])}, "
        f"Vol. {rng.randint(4, 38)}, No. {rng.randint(1, 4)}, {year}, pp. {first}–{first + rng.randint(9, 28)}."
    )


def _report(headline: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence("lead")])
    blocks += pictures.blocks(f"考察队在{headline.place}")
    for number, heading in enumerate(pen.ordered("headings", 3), 1):
        blocks.append(Heading(level=2, text=f"{chinese_numeral(number)}、{heading}"))
        blocks += _paragraphs(pen.sentences("body", rng.randint(1, 2)))
    blocks += pictures.blocks("调查使用的旧水簿")
    blocks += _paragraphs([pen.sentence("closing")])
    notes = pen.sentences("notes", rng.randint(1, 3))
    return Body((*blocks, *(Footnote(text=f"[{at}] {note}") for at, note in enumerate(notes, 1))))


def _repost(_: Headline, rng: Random, pen: Pen, pictures: _Pictures) -> Body:
    blocks = _paragraphs([pen.sentence("lead"), *pen.sentences("body", 2)])
    blocks += pictures.blocks(None)
    blocks += _paragraphs(pen.sentences("body", rng.randint(2, 4)))
    return Body((*blocks, *_paragraphs([pen.sentence("closing")])))


_WRITERS = {
    Kind.CONFERENCE: _conference,
    Kind.VISIT: _visit,
    Kind.LECTURE: _lecture,
    Kind.NOTICE: _notice,
    Kind.PAPERS: _papers,
    Kind.REVIEW: _review,
    Kind.REPORT: _report,
    Kind.REPOST: _repost,
}
