"""Pages of a template that the parser no longer reads well, laid down as drafts of golden cases."""

import json
import shutil
from collections.abc import Sequence
from typing import NamedTuple

from newsarchive.records.article import Article
from newsarchive.store.layout import Layout, write_atomically

MAX_CASES = 12
"""So many cases are in the folder at once; older ones make room."""


class Draft(NamedTuple):
    """A page that was held back, and what was read on it."""

    content: bytes
    """Its bytes, content coding undone."""
    article: Article
    missing: tuple[str, ...]


def write_drafts(layout: Layout, run: str, drafts: Sequence[Draft]) -> list[str]:
    """Write each draft as `drafts/RUN-N/page.html` and `article.json`, and return the names of the cases.

    `article.json` is what was read, with null where the field was missed: whoever makes a golden case of it writes
    there what a reader sees. Raises OSError.
    """
    names = []
    for number, draft in enumerate(drafts, 1):
        name = f"{run}-{number}"
        folder = layout.drafts / name
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "page.html", draft.content)
        record = json.dumps(draft.article.model_dump(mode="json"), ensure_ascii=False, indent=1)
        write_atomically(folder / "article.json", record.encode("utf-8", "replace") + b"\n")
        names.append(name)
    kept = sorted((path for path in layout.drafts.glob("[0-9]*-*") if path.is_dir()), key=lambda path: path.name)
    for old in kept[:-MAX_CASES]:
        shutil.rmtree(old)
    return names
