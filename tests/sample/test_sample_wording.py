"""The articles read like articles: no leftovers of templates, no repetition, nothing out of step with the title."""

import re

import pytest

from newsarchive.records.article import Footnote, Heading, Image, ItemList, Paragraph, Quote, Table
from newsarchive.sample import SampleSite, ShownArticle, sample_site
from newsarchive.sample.numerals import chinese_numeral

LEFTOVERS = re.compile(r"[{}]|None|__|  |。。|，，|、、|，。|的的|《《|》》|““|””|\s[，。；]")


@pytest.fixture(scope="module")
def site() -> SampleSite:
    return sample_site()


@pytest.fixture(scope="module")
def articles(site: SampleSite) -> list[ShownArticle]:
    return list(site.articles)


def test_no_text_holds_what_a_template_left(articles: list[ShownArticle]) -> None:
    leftovers = [(article.url, found[0]) for article in articles if (found := LEFTOVERS.search(_all_text(article)))]
    assert leftovers == []


def test_no_article_says_the_same_sentence_twice(articles: list[ShownArticle]) -> None:
    for article in articles:
        lines = article.text.split("\n")
        assert len(lines) == len(set(lines)), article.url


def test_all_articles_differ(articles: list[ShownArticle]) -> None:
    assert len({article.title for article in articles}) == 120
    assert len({article.text for article in articles}) == 120
    assert len({article.url for article in articles}) == 120


def test_articles_share_few_lines_with_one_another(articles: list[ShownArticle]) -> None:
    texts = [set(article.text.split("\n")) for article in articles]
    for at, one in enumerate(texts):
        for other in texts[at + 1 :]:
            assert len(one & other) <= min(len(one), len(other)) / 2


def test_titles_stay_distinct_in_a_hundred_thousand_articles() -> None:
    large = sample_site(100_000)
    assert len({large.title(number) for number in large.numbers}) == 100_000


def test_the_site_has_every_kind_of_block(articles: list[ShownArticle]) -> None:
    kinds = {type(block) for article in articles for block in article.body}
    assert kinds == {Paragraph, Heading, Image, ItemList, Table, Quote, Footnote}


def test_the_site_has_what_institutes_have(articles: list[ShownArticle]) -> None:
    assert {article.source for article in articles} >= {"原创", "互联网", None}
    assert len({article.column for article in articles if article.series is None}) >= 6
    for present in ("tags", "attachments", "references", "clicks", "published_at", "author", "images"):
        with_it = sum(bool(getattr(article, present)) for article in articles)
        assert 5 < with_it < 115, present


def test_some_articles_are_dated_long_before_their_folder(articles: list[ShownArticle]) -> None:
    back_dated = [a for a in articles if a.date is not None and f"/{a.date:%Y%m}/" not in a.url]
    assert 5 <= len(back_dated) <= 30


def test_some_articles_quote_english_and_russian(articles: list[ShownArticle]) -> None:
    assert sum(bool(re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", article.text)) for article in articles) >= 10
    assert sum(bool(re.search(r"[а-я]{4,}", article.text)) for article in articles) >= 3


def test_reviews_are_numbered_in_words_without_gaps(articles: list[ShownArticle]) -> None:
    reviews = [article for article in articles if article.series is not None]
    assert [review.series.number for review in reviews if review.series] == list(range(1, len(reviews) + 1))
    for number, review in enumerate(reviews, 1):
        assert review.title.startswith(f"【绿洲书评系列之{chinese_numeral(number)}】")
        assert review.roles.translator
        assert review.references[0] in review.text


def test_the_text_keeps_to_the_occasion_of_the_title(articles: list[ShownArticle]) -> None:
    for article in articles:
        if "来访" in article.title:
            assert "来访" in article.text.split("\n")[0]
        if "通知" in article.title:
            assert ("工作坊" in article.title) == ("工作坊" in article.text.split("\n")[0])
        if "代表团出访" in article.title:
            assert "代表团" in article.text.split("\n")[0]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (88, "八十八"), (100, "一百"), (101, "一百零一"),
        (109, "一百零九"), (110, "一百一十"), (157, "一百五十七"), (1001, "一千零一"), (1010, "一千零一十"),
        (10_000, "一万"), (10_001, "一万零一"), (12_345, "一万二千三百四十五"), (20_300, "二万零三百"),
        (100_000, "十万"),
    ],
)  # fmt: skip
def test_numerals_are_those_that_people_write(number: int, words: str) -> None:
    assert chinese_numeral(number) == words


def _all_text(article: ShownArticle) -> str:
    captions = [block.text or "" for block in article.body if isinstance(block, Image)]
    return "\n".join([article.title.replace(" ——", "——"), *article.text.split("\n"), *captions, *article.tags])
