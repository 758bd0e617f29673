"""One owner of a folder of datasets: byte equal, as of an instant, whole whatever happens."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsarchive.datasets import owner
from newsarchive.datasets.articles import articles_are_stale
from newsarchive.datasets.export import FORMATS, export_collection, refresh_articles
from newsarchive.errors import ForeignOriginError
from newsarchive.records.revision import Revision
from newsarchive.store.catalogue import Catalogue
from newsarchive.store.layout import Layout
from tests.conftest import RunNewsarchive
from tests.datasets.conftest import Keep

ROOT = Path(__file__).parents[2]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file that is published in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != ".lock"}


def changed(revision: Revision, number: int, days: float, **fields: object) -> Revision:
    at = revision.recorded_at + dt.timedelta(days=days)
    return revision.model_copy(
        update={"revision": number, "recorded_at": at, "captured_at": at, "content_digest": f"c:{number}", **fields}
    )


def other(revision: Revision, key: str) -> Revision:
    return revision.model_copy(update={"id": f"sample/{key}", "url": f"http://sample.newsarchive.test/f/{key}.html"})


def test_two_exports_are_equal_byte_for_byte(made: Layout, tmp_path: Path) -> None:
    names = ["one", "two"]
    for seed, name in enumerate(names):
        command = [sys.executable, "-m", "newsarchive.cli.main", "export", "sample", "--format", "all",
                   "--archive", str(made.folder.parent), "--exports", name]  # fmt: skip
        elsewhere = {"PYTHONHASHSEED": str(seed), "TZ": ("UTC", "Asia/Shanghai")[seed], "LANG": ("C", "C.UTF-8")[seed]}
        environment = {**os.environ, **elsewhere, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    one, two = (files_of(tmp_path / name / "sample") for name in names)
    assert len(one) == 5 * 3 + 4 + 4 + 5 + 2  # data, documents, schemas, feeds
    assert [name for name in one if one[name] != two[name]] == []
    assert set(one) == set(two)


def test_the_file_of_a_crawl_is_the_one_that_an_export_writes(made: Layout, tmp_path: Path) -> None:
    exported = export_collection(made, tmp_path / "export", ["jsonl"])
    path = refresh_articles(made, tmp_path / "crawl")
    assert path.read_bytes() == (exported.folder / "articles.jsonl").read_bytes()
    name = path.name
    assert owner.read_manifest(path.parent)[name] == owner.read_manifest(exported.folder)[name]


def test_as_of_gives_what_was_recorded_by_then(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    twin = other(revision, "202601/7")
    layout = kept(revision, twin, changed(revision, 2, 1, title="第二天"))
    then = export_collection(layout, tmp_path / "then", FORMATS)
    kept(changed(revision, 3, 2, status="removed"), changed(twin, 2, 3, text="新"), other(revision, "202601/9"))
    kept(changed(other(revision, "202601/10"), 1, 4))
    until = revision.recorded_at + dt.timedelta(days=1.5)
    # What was recorded at the first instant is in it by `recorded_at`, though it was kept later: clocks may go back.
    late = other(revision, "202601/9")
    now = export_collection(layout, tmp_path / "now", FORMATS, as_of=until)
    assert now.folder == tmp_path / "now" / "sample" / "as-of" / "20260102T120000Z"
    rows = [json.loads(line) for line in (now.folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["id"]: row["title"] for row in rows} == {
        revision.id: "第二天", twin.id: twin.title, late.id: late.title,
    }  # fmt: skip
    assert then.rows["revisions"] + 1 == now.rows["revisions"]


def test_an_early_state_is_exported_byte_for_byte_as_it_was(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    twin = other(revision, "202601/7")
    layout = kept(revision, twin)
    kept(changed(twin, 2, 1, title="第二天"))
    then = export_collection(layout, tmp_path / "then", FORMATS)
    kept(changed(revision, 2, 2, status="removed"), changed(other(revision, "202601/9"), 1, 3))
    until = revision.recorded_at + dt.timedelta(days=1)
    now = export_collection(layout, tmp_path / "now", FORMATS, as_of=until)
    before, after = files_of(then.folder), files_of(now.folder)
    differing = {name for name in after if before[name] != after[name]}
    assert differing <= {"manifest.json"}  # it says how long the log was
    assert set(before) - set(after) == {"feed.atom", "feed.json"}  # a feed is of now


def test_a_day_ends_in_the_sites_zone(
    newsarchive: RunNewsarchive, kept: Keep, revision: Revision, tmp_path: Path
) -> None:
    evening = dt.datetime(2026, 1, 1, 15, 59, 59, tzinfo=dt.UTC)  # one second before midnight in Shanghai
    kept(revision, changed(revision, 2, 0, title="前夜", recorded_at=evening))
    kept(changed(revision, 3, 0, title="次日", recorded_at=evening + dt.timedelta(seconds=1)))
    places = ("--archive", tmp_path / "archive", "--exports", tmp_path / "exports")
    ran = newsarchive("export", "sample", "--as-of", "2026-01-01", *places)
    assert ran.code == 0, ran.err
    assert "as of 2026-01-01T23:59:59+08:00 (Asia/Shanghai; 2026-01-01T15:59:59Z)" in ran.out
    (line,) = (tmp_path / "exports/sample/as-of/20260101T155959Z/articles.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == "前夜"
    since = newsarchive("changes", "sample", "--since", "2026-01-02", "--archive", tmp_path / "archive")
    assert since.out.splitlines()[-1] == (
        "1 edited, since 2026-01-02T00:00:00+08:00 (Asia/Shanghai; 2026-01-01T16:00:00Z)"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "xlsx"), "expected one or several of jsonl, csv, parquet, sqlite"),
        (("--as-of", "3026-01-01"), "is not over yet"),
        (("--as-of", "yesterday"), "expected a day such as"),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    options: tuple[str, ...], told: str, made: Layout, newsarchive: RunNewsarchive, tmp_path: Path
) -> None:
    ran = newsarchive("export", "sample", "--archive", made.folder.parent, "--exports", tmp_path / "e", *options)
    assert ran.code == 2
    assert told in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (tmp_path / "e").exists()


def test_neither_a_site_nor_all_is_a_question_not_an_export(newsarchive: RunNewsarchive, tmp_path: Path) -> None:
    assert newsarchive("export", "--archive", tmp_path).code == 2
    assert newsarchive("export", "--all", "--archive", tmp_path).code == 2


def test_an_extra_that_is_missing_is_named_before_anything_is_written(
    made: Layout, newsarchive: RunNewsarchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsarchive.extras.find_spec", lambda _name: None)
    places = ("--archive", made.folder.parent, "--exports", tmp_path / "e")
    ran = newsarchive("export", "sample", "--format", "all", *places)
    assert ran.code == 2
    assert "pyarrow is not installed; type: " in ran.err
    assert "-m pip install 'pyarrow>=" in ran.err
    assert not (tmp_path / "e").exists()
    assert newsarchive("export", "sample", "--format", "jsonl,csv,sqlite", *places).code == 0


def test_a_foreign_folder_is_refused(made: Layout, kept: Keep, revision: Revision, tmp_path: Path) -> None:
    done = export_collection(made, tmp_path / "exports", ["jsonl"])
    before = files_of(done.folder)
    foreign = kept(revision)
    note = json.loads(foreign.identity.read_bytes())
    foreign.identity.write_text(json.dumps({**note, "origin": "http://mirror.test"}), encoding="utf-8")
    for as_of in (None, revision.recorded_at):
        with pytest.raises(ForeignOriginError, match="give another --exports"):
            export_collection(foreign, tmp_path / "exports", FORMATS, as_of=as_of)
    assert files_of(done.folder) == before


def test_an_interrupt_leaves_the_old_export_whole(made: Layout, tmp_path: Path) -> None:
    done = export_collection(made, tmp_path / "exports", FORMATS)
    before = files_of(done.folder)

    def interrupt(name: str, rows: int) -> None:
        raise KeyboardInterrupt(name, rows)

    with pytest.raises(KeyboardInterrupt):
        export_collection(made, tmp_path / "exports", FORMATS, progress=interrupt)
    assert files_of(done.folder) == before
    assert [path.name for path in done.folder.iterdir() if path.is_dir()] == []


def test_what_a_killed_export_left_is_cleared_by_the_next_and_what_a_living_one_writes_is_not(
    made: Layout, tmp_path: Path
) -> None:
    done = export_collection(made, tmp_path / "exports", ["jsonl"])
    dead = done.folder / f"{owner.STAGING}dead"
    dead.mkdir()
    (dead / "articles.jsonl").write_bytes(b"half")
    with owner.staging(done.folder) as living:
        assert not dead.exists()
        export_collection(made, tmp_path / "exports", ["jsonl"])
        assert living.exists()
    assert not living.exists()


def test_of_two_exports_at_once_the_later_state_stays(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    export_collection(layout, tmp_path / "exports", ["jsonl"])
    folder = tmp_path / "exports" / "sample"
    seen = owner.read_manifest(folder)
    with owner.staging(folder) as slow:
        (slow / "articles.jsonl").write_bytes((folder / "articles.jsonl").read_bytes())
        entry = owner.entry_of(slow / "articles.jsonl", 1, layout.revisions.stat().st_size)
        kept(changed(revision, 2, 1, title="后来"))
        refresh_articles(layout, tmp_path / "exports")
        assert not owner.publish(folder, slow, {"articles.jsonl": entry}, seen)
    assert "后来" in (folder / "articles.jsonl").read_text(encoding="utf-8")


def test_the_manifest_says_what_the_files_are(made: Layout, tmp_path: Path) -> None:
    done = export_collection(made, tmp_path / "exports", FORMATS)
    manifest = owner.read_manifest(done.folder)
    assert sorted(manifest) == sorted(set(files_of(done.folder)) - {"manifest.json", "collection.json"})
    for name, entry in manifest.items():
        assert entry == owner.entry_of(done.folder / name, entry["rows"], entry["log_bytes"])
    assert manifest["links.csv"]["rows"] == done.rows["links"]
    assert manifest["sample.sqlite"]["rows"] == done.rows["articles"]
    assert manifest["changes.jsonl"]["log_bytes"] == made.revisions.stat().st_size


def test_an_export_is_stale_as_soon_as_the_log_has_grown(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    layout = kept(revision)
    assert articles_are_stale(layout, exports)
    refresh_articles(layout, exports)
    assert not articles_are_stale(layout, exports)
    kept(changed(revision, 2, 1))
    assert articles_are_stale(layout, exports)
    refresh_articles(layout, exports)
    shutil.rmtree(exports / "sample")
    assert articles_are_stale(layout, exports)


def test_what_is_not_committed_is_not_exported(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    with layout.revisions.open("ab") as log:
        log.write(other(revision, "202601/7").to_json().encode() + b"\n")
    assert export_collection(layout, tmp_path / "exports", ["jsonl"]).rows["articles"] == 1


def test_a_run_that_writes_meanwhile_changes_nothing(kept: Keep, revision: Revision, tmp_path: Path) -> None:
    layout = kept(revision)
    reader = Catalogue(layout.catalogue, readonly=True)
    reader.execute("BEGIN")
    assert reader.count_articles() == 1
    kept(changed(revision, 2, 1))  # while a reader holds its state of the catalogue
    assert reader.count_articles() == 1
    reader.close()
    assert export_collection(layout, tmp_path / "exports", ["jsonl"]).rows["revisions"] == 2
