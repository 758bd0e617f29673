"""A new parser compares with the capture of the last revision: what the old one did not see may have changed since."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsarchive.parsers import parse
from newsarchive.parsers.reading import Reading, read_page
from newsarchive.records.article import Article
from newsarchive.records.site import Site
from newsarchive.store.ingest import read_revisions
from tests.preservation.keeper import URLS, Keeper, answer, page


def parse_anew(content: bytes, url: str, **how: Any) -> Article:  # noqa: ANN401 - passes on what it is given
    """Read as today, and take for the source what a comment of the page says: no parser of ours reads comments."""
    seen = re.search(rb"<!-- source (\w+) -->", content)
    return parse(content, url, **how).model_copy(
        update={"parser": "9.9", "source": seen[1].decode() if seen else "none"}
    )


def test_what_only_a_new_parser_sees_is_an_edit_where_the_page_had_it_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper(tmp_path)
    changed, same = URLS[0], URLS[1]
    before, after = b"<!-- source one -->", b"<!-- source two -->"
    keeper.run([(changed, answer(page(changed) + before)), (same, answer(page(same) + before))])
    keeper.run([(changed, answer(page(changed) + after)), (same, answer(page(same) + before + b"\n"))])
    assert len(list(read_revisions(keeper.layout.revisions))) == 2, "the parser of today sees no difference"

    def read_page_anew(content: bytes, url: str, site: Site, **how: Any) -> Reading:  # noqa: ANN401 - as above
        return replace(read_page(content, url, site, **how), article=parse_anew(content, url, site=site, **how))

    monkeypatch.setattr("newsarchive.store.opening.parse", parse_anew)
    monkeypatch.setattr("newsarchive.store.interpret.read_page", read_page_anew)
    keeper.run([(changed, answer(page(changed) + after)), (same, answer(page(same) + before))])
    revisions = [revision for revision, _, _ in read_revisions(keeper.layout.revisions)]
    assert [(revision.url, revision.revision, revision.source) for revision in revisions[2:]] == [(changed, 2, "two")]
    assert revisions[2].cause == "site"
    assert keeper.damages() == []
