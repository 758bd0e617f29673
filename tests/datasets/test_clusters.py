"""Reprints are found within a site and across sites; the first seen names the cluster."""

import datetime as dt
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.made_collection import keep
from newsarchive.datasets.clusters import export_clusters
from newsarchive.dedupe.near import FEWEST_SHINGLES, NEAR, bands, guessed_likeness, likeness, shingles, signer
from newsarchive.records.revision import Revision
from newsarchive.records.site import Site
from newsarchive.sample import sample_site
from tests.conftest import RunNewsarchive
from tests.datasets.conftest import Keep
from tests.datasets.test_owner import other

OTHER_SITE = Site(name="mirror", title="Mirror", home="http://mirror.newsarchive.test/")
TEXTS = [article.text for article in sample_site(40).articles]


def seen(revision: Revision, key: str, day: int, text: str, site: str = "sample") -> Revision:
    at = revision.first_seen_at + dt.timedelta(days=day)
    return other(revision, key).model_copy(
        update={"id": f"{site}/{key}", "site": site, "first_seen_at": at, "captured_at": at, "text": text}
    )


def test_reprints_within_a_site_and_across_sites_are_one_cluster(
    kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    text = TEXTS[4]
    reprint = text.replace("，", ",").replace("\n", "  ") + "\n来源：海港研究所"
    one = kept(
        seen(revision, "late", 5, reprint), seen(revision, "alone", 0, TEXTS[7]), seen(revision, "again", 9, text)
    )
    two = keep(tmp_path / "archive", OTHER_SITE, [seen(revision, "first", 1, text, "mirror")])
    done = export_clusters([one, two], tmp_path / "exports", ["jsonl", "csv", "parquet", "sqlite"])
    rows = [json.loads(line) for line in (done.folder / "clusters.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["cluster"], row["id"]) for row in rows] == [
        ("mirror/first", "mirror/first"), ("mirror/first", "sample/late"), ("mirror/first", "sample/again"),
    ]  # fmt: skip
    assert rows[0]["likeness"] == 1
    assert NEAR < rows[1]["likeness"] < 1
    again = export_clusters([two, one], tmp_path / "again", ["jsonl", "csv", "parquet", "sqlite"])
    for name in again.files:
        assert (again.folder / name).read_bytes() == (done.folder / name).read_bytes(), name


def test_short_texts_are_compared_with_none(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    short = "会议改期，详见附件。"
    assert len(shingles(short)) < FEWEST_SHINGLES
    layout = kept(seen(revision, "a", 0, short), seen(revision, "b", 1, short))
    assert export_clusters([layout], tmp_path / "exports", ["jsonl"]).rows == {"clusters": 0}


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_of_what_either_has(one: str, two: str) -> None:
    a, b = shingles(one), shingles(two)
    assert likeness(a, b) == likeness(b, a)
    assert likeness(a, a) == (1 if a else 0)
    assert likeness(a, b) == (len(a & b) / len(a | b) if a & b else 0)
    assert shingles(one + "，。 \n") == a


def test_a_signature_tells_the_likeness_and_reprints_share_a_band() -> None:
    sign = signer()
    chance = random.Random(3)  # noqa: S311 - no secret
    for text in TEXTS[:20]:
        lines = text.split("\n")
        chance.shuffle(lines)
        a, b = shingles(text), shingles("\n".join(lines))
        one, two = sign(a), sign(b)
        assert one == sign(frozenset(sorted(a)))
        assert abs(guessed_likeness(one, two) - likeness(a, b)) < 0.15
        assert set(bands(one)) & set(bands(two))


def test_the_command_writes_clusters_of_every_collection(
    newsarchive: RunNewsarchive, kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    kept(seen(revision, "a", 0, TEXTS[4]), seen(revision, "b", 1, TEXTS[4]))
    places = ("--archive", tmp_path / "archive", "--exports", tmp_path / "exports")
    ran = newsarchive("export", "--all", "--clusters", *places)
    assert ran.code == 0, ran.err
    assert "all together: 2 clusters" in ran.out
    assert newsarchive("export", "--all", "--clusters", "--as-of", "2026-01-02", *places).code == 2


def test_without_rensa_the_command_says_what_to_install(
    newsarchive: RunNewsarchive, kept: Keep, revision: Revision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(revision)
    monkeypatch.setattr("newsarchive.extras.find_spec", lambda _name: None)
    ran = newsarchive("export", "--all", "--clusters", "--archive", tmp_path / "archive", "--exports", tmp_path / "e")
    assert ran.code == 2
    assert "-m pip install 'rensa>=" in ran.err
