"""Small collections for everybody who exports, loads or searches."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.made_collection import keep, make_collection, revision_of
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from newsarchive.store.layout import Layout

SITE = Site(name="sample", title="Sample", home="http://sample.newsarchive.test/")

Keep = Callable[..., Layout]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Return a collection of forty articles; only to be read."""
    return make_collection(tmp_path_factory.mktemp("made") / "archive", 40)


@pytest.fixture(scope="session")
def revision() -> Revision:
    """Return one revision, to be changed with `model_copy`."""
    return revision_of(SITE, sample_site(40).articles[4], 0)


@pytest.fixture
def kept(tmp_path: Path) -> Keep:
    """Keep revisions in a collection of one's own: `kept(revision, …)`, again and again."""

    def append(*revisions: Revision) -> Layout:
        return keep(tmp_path / "archive", SITE, revisions)

    return append
