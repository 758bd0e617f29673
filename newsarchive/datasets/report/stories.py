"""Stories in a report: the clusters of one collection, the largest first."""

from dataclasses import dataclass
from pathlib import Path

from newsarchive.datasets.clusters import Stories
from newsarchive.datasets.tables import Row
from newsarchive.store.layout import Layout

MOST_STORIES, MOST_MEMBERS = 25, 12


@dataclass(frozen=True, slots=True)
class Story:
    """Articles whose texts nearly agree."""

    members: int
    shown: tuple[Row, ...]
    """The first members, as rows of `clusters`, in the order of first sight."""


@dataclass(frozen=True, slots=True)
class StoriesFound:
    """All stories of a collection, of which the largest are shown."""

    stories: int
    articles: int
    shown: tuple[Story, ...]


def stories_of(layout: Layout, folder: Path) -> StoriesFound:
    """Return the stories of a collection, with a temporary file in `folder`. Memory: a row for each member."""
    stories = Stories(folder / ".stories.sqlite")
    try:
        stories.add(layout, folder)
        stories.compare()
        clusters: dict[str, list[Row]] = {}
        for row in stories.rows():
            clusters.setdefault(row["cluster"], []).append(row)
    finally:
        stories.close()
    largest = sorted(clusters.values(), key=lambda rows: (-len(rows), rows[0]["id"]))
    shown = tuple(Story(len(rows), tuple(rows[:MOST_MEMBERS])) for rows in largest[:MOST_STORIES])
    return StoriesFound(len(clusters), sum(map(len, clusters.values())), shown)
