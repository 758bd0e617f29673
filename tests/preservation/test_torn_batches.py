"""A batch that a power loss tore anywhere: whole captures are taken in, and an answer without its request is none."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from newsarchive.warc.reader import iterate
from tests.preservation.keeper import URLS, Keeper, answer, page


@pytest.mark.parametrize("torn", ["request", "response"])
def test_a_capture_whose_request_is_torn_is_set_aside_whole(torn: str, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    collection = keeper.open().collection
    layout, before = keeper.layout, tmp_path / "catalogue-before"
    for url in URLS[:2]:
        collection.submit(keeper.visit(collection.catalogue, url, answer(page(url))))
        while collection.uncommitted:
            time.sleep(0.001)
        if not before.exists():
            with closing(sqlite3.connect(layout.catalogue)) as source, closing(sqlite3.connect(before)) as copy:
                source.backup(copy)
    collection.close()

    # What a power loss before the second commit can leave.
    (segment,) = keeper.segments
    shutil.copyfile(before, layout.catalogue)
    layout.seal.unlink()
    layout.manifest.unlink()
    layout.index.unlink()
    last = next(record for record in reversed(list(iterate(segment))) if record.type == torn)
    with segment.open("r+b") as file:
        file.truncate(last.offset + last.length - 3)
    segment = segment.rename(layout.open_segment(segment.name))

    opened = keeper.open()
    opened.collection.close()
    assert opened.recovered.salvaged_bytes > 0
    assert keeper.damages() == []
    assert keeper.query("SELECT url FROM urls WHERE class = 'stored'") == [(URLS[0],)]
    assert [record.type for record in iterate(keeper.segments[0])][-1] == "metadata"
    keeper.run([(URLS[1], answer(page(URLS[1])))])
    assert keeper.damages() == []
    assert len(keeper.query("SELECT url FROM urls WHERE class = 'stored'")) == 2
