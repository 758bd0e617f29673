"""An article at two addresses: the second is an alias while the first is there, and takes over when it is removed."""

import dataclasses
from pathlib import Path

from newsarchive.sites.scope import Scope
from newsarchive.store.ingest import read_revisions
from tests.preservation.keeper import URLS, Keeper, answer, page

HERE = URLS[0]
THERE = HERE.replace("127.0.0.1:9", "127.0.0.1:10")
GONE = answer(b"no such page", status="404 Not Found")


def test_an_article_whose_first_address_is_removed_lives_on_at_the_second(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    site = keeper.scope.site.model_copy(update={"hosts": ("127.0.0.1:9", "127.0.0.1:10")})
    keeper.scope = Scope(site)
    keeper.held = dataclasses.replace(keeper.held, scope=keeper.scope)
    body = page(HERE)
    keeper.run([(HERE, answer(body))])
    (alias,) = keeper.run([(THERE, answer(body))])
    assert (alias.outcome, alias.target) == ("alias", HERE)
    keeper.run([(HERE, GONE)])
    keeper.run([(HERE, GONE)])
    keeper.run([(THERE, answer(body))])
    revisions = [revision for revision, _, _ in read_revisions(keeper.layout.revisions)]
    assert [(line.status, line.revision, line.url) for line in revisions] == [
        ("published", 1, HERE), ("removed", 2, HERE), ("published", 3, THERE),
    ]  # fmt: skip
    assert len({revision.id for revision in revisions}) == 1
    assert keeper.damages() == []
    before = keeper.query("SELECT id, url, revision, status FROM articles")
    keeper.rebuild()
    assert (
        keeper.query("SELECT id, url, revision, status FROM articles")
        == before
        == [(revisions[0].id, THERE, 3, "published")]
    )
