"""Where on the page each field of an article was read, and by which rule."""

from collections.abc import Mapping

from newsarchive.parsers.body import Body
from newsarchive.parsers.construct import made
from newsarchive.parsers.page import Page
from newsarchive.parsers.surroundings import Surroundings
from newsarchive.parsers.titles import Title
from newsarchive.parsers.values import Info, Value
from newsarchive.records.article import Article, Provenance, Roles


class Places:
    """Rules and places of fields by name; XPaths are made only here."""

    def __init__(self, page: Page) -> None:
        self.found: dict[str, Provenance] = {}
        self._page = page

    def declared(self, name: str, rule: str) -> None:
        """Add a field that was read elsewhere than in an element: in the head, the URL, the whole text."""
        self.found[name] = made(Provenance, rule=rule)

    def box(self, name: str, rule: str, box: int) -> None:
        """Add a field that was read in a box."""
        self.found[name] = made(Provenance, rule=rule, xpath=self._page.lines.xpath(box))

    def line(self, name: str, rule: str, index: int, span: tuple[int, int] | None = None) -> None:
        """Add a field that was read on a line, with its span there."""
        lines = self._page.lines
        box = lines.lines[index].box
        # A span counts in the text of the element: it is known where the line is all of it.
        sole = span if lines.boxes.ends[box] - lines.boxes.starts[box] == 1 else None
        self.found[name] = made(Provenance, rule=rule, xpath=lines.xpath(box), span=sole)

    def value(self, name: str, value: Value | None) -> None:
        """Add a field that an info line gives; nothing for None."""
        if value is not None:
            self.line(name, value.rule, value.line, (value.start, value.end))


def add_title(places: Places, title: Title, column: str | None, *, numbered: bool) -> None:
    """Add title, column and series."""
    if title.first < 0:
        places.declared("title", title.rule)
        return
    one = title.first == title.last
    places.line("title", title.rule, title.first, (0, len(title.text)) if one else None)
    if column is not None:
        start = title.text.index(column)
        places.line("column", "title-prefix", title.first, (start, start + len(column)))
    if numbered:
        places.found["series"] = places.found["column"]


def add_info(places: Places, article: Article, info: Info, values: Mapping[str, Value | None]) -> None:
    """Add what the info lines gave: the `values` by field, date, roles, and the tags and section that stand there."""
    evidence = article.date_evidence
    if evidence is not None and evidence.place == "info line":
        places.value("date", info.date_at)
    elif evidence is not None:
        places.declared("date", evidence.place)
    if article.published_at is not None:
        places.found["published_at"] = places.found["date"]
    for name, value in values.items():
        places.value(name, value)
    if article.source is not None and "source" not in places.found:
        places.declared("source", "meta-contentsource")
    for name in Roles.model_fields:
        if getattr(article.roles, name):
            named = info.first(name)
            places.value(f"roles.{name}", named)
            if named is None:
                places.declared(f"roles.{name}", "first-lines-of-text")


def add_surroundings(places: Places, article: Article, around: Surroundings, info: Info) -> None:
    """Add what stands around the article: path, tags, neighbours, lists."""
    if around.breadcrumb:
        places.line("breadcrumb", "path", around.lines["breadcrumb"])
    if around.section is not None:
        places.found["section"] = places.found["breadcrumb"]
    elif article.section is not None:
        places.value("section", info.first("section"))
    if around.tags:
        places.line("tags", "tag-line", around.lines["tags"])
    elif article.tags:
        places.value("tags", info.first("tags"))
    if article.related:
        places.line("related", "lists-under-headings", around.lines["related"])
    for name in ("previous", "next"):
        if getattr(article, name) is not None:
            places.line(name, "neighbour-line", around.lines[name])


def add_text(places: Places, article: Article, body: Body, files_line: int) -> None:
    """Add the body and what was read in it: language, references, attachments."""
    if body.lines:
        places.box("body", "prose-box", body.box)
    else:
        places.declared("body", "file-players")
    if article.language is not None:
        places.declared("language", "scripts-and-words")
    if article.references:
        places.box("references", "reference-lines", body.box)
    if article.attachments and files_line >= 0:
        places.line("attachments", "file-links", files_line)
    elif article.attachments:
        places.declared("attachments", "file-players")
