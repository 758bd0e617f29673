"""The kinds of articles, the sections that list them, and how often each kind comes."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an article is about; the value names its banks in `sentences.toml`."""

    CONFERENCE = "conference"
    VISIT = "visit"
    LECTURE = "lecture"
    NOTICE = "notice"
    PAPERS = "papers"
    REVIEW = "review"
    REPORT = "report"
    REPOST = "repost"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the site with its own list pages."""

    slug: str
    name: str


NEWS = Section("news", "新闻动态")
RESEARCH = Section("research", "学术研究")
REVIEWS = Section("reviews", "书评译介")
SECTIONS = (NEWS, RESEARCH, REVIEWS)

SECTION_OF = {
    Kind.CONFERENCE: NEWS, Kind.VISIT: NEWS, Kind.NOTICE: NEWS, Kind.REPOST: NEWS,
    Kind.LECTURE: RESEARCH, Kind.PAPERS: RESEARCH, Kind.REPORT: RESEARCH, Kind.REVIEW: REVIEWS,
}  # fmt: skip

CYCLE = (
    Kind.REVIEW, Kind.REPOST, Kind.CONFERENCE, Kind.LECTURE, Kind.REVIEW, Kind.VISIT, Kind.REPOST, Kind.NOTICE,
    Kind.REPORT, Kind.REVIEW, Kind.CONFERENCE, Kind.REPOST, Kind.LECTURE, Kind.REVIEW, Kind.VISIT, Kind.PAPERS,
)  # fmt: skip
"""The kinds of sixteen articles in a row; then it starts again."""
