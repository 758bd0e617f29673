"""Settings: where each comes from, what is said of those that cannot be used, what stays secret."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.configuration import Configuration, configured, read_configuration
from newsarchive.configuration.described import PAGE, template, with_tables
from newsarchive.configuration.model import all_settings
from newsarchive.configuration.values import Proxy, Secrets, Span, Window
from newsarchive.errors import ConfigurationFileError
from tests.conftest import RunNewsarchive

SECRET = "PLANTED-7f3a9"  # noqa: S105 - the point of it

FIVE_FIELDS = 'expected five fields of cron such as "30 3 * * *"'

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write the configuration file of the working folder."""
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        path = tmp_path / "newsarchive.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def wrong() -> tuple[str, ...]:
    with pytest.raises(ConfigurationFileError) as caught:
        read_configuration()
    return caught.value.lines


def test_without_a_file_every_setting_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = configured()
    assert found.configuration == Configuration()
    assert set(found.sources.values()) == {"default"}
    assert set(found.sources) == {setting.key for setting in all_settings()}


def test_the_template_gives_the_defaults(write: Write) -> None:
    path = write(template())
    found = configured()
    moved = {name: path.parent.name and Path(name) for name in ("archive", "exports", "sites")}
    assert found.configuration.model_copy(update={"folders": Configuration().folders}) == Configuration()
    assert found.configuration.folders.model_dump() == moved


def test_every_line_of_the_template_that_is_commented_out_can_be_used(write: Write, tmp_path: Path) -> None:
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in template().splitlines()
    ]
    lines = [line for line in lines if not line.startswith("proxy =")]
    write("\n".join(lines))
    (tmp_path / "proxy.secret").write_text("http://user:word@proxy.example:3128\n", encoding="utf-8")
    (tmp_path / "alarms.secret").write_text("# mine\njson://127.0.0.1/a\n", encoding="utf-8")
    found = read_configuration()
    assert found.site["icas"].schedule is not None
    assert found.proxy_of("icas") == Proxy("proxy.example", 3128, "user", "word")
    assert found.alarms.urls == Secrets(("json://127.0.0.1/a",))


def test_the_page_of_settings_is_what_the_settings_give() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "run `make dictionary`"


def test_the_environment_goes_before_the_file_and_show_says_which_it_was(
    write: Write, monkeypatch: pytest.MonkeyPatch, newsarchive: RunNewsarchive
) -> None:
    write('[crawl]\ncontact = "file@example.org"\nmin_free_mb = 7\n[watch]\nschedule = "6h"\n')
    monkeypatch.setenv("NEWSARCHIVE_CONTACT", "variable@example.org")
    monkeypatch.setenv("NEWSARCHIVE_PROCESSES", "9")
    monkeypatch.setenv("NEWSARCHIVE_JITTER", "")
    ran = newsarchive("config", "show", "--json")
    assert ran.code == 0
    shown = {line["setting"]: (line["value"], line["source"]) for line in map(json.loads, ran.out.splitlines())}
    assert shown["crawl.contact"] == ("variable@example.org", "environment: NEWSARCHIVE_CONTACT")
    assert shown["crawl.min_free_mb"] == ("7", "newsarchive.toml:3")
    assert shown["watch.schedule"] == ("6h", "newsarchive.toml:5")
    assert shown["watch.processes"] == ("9", "environment: NEWSARCHIVE_PROCESSES")
    assert shown["watch.jitter"] == ("5m", "default")


def test_a_file_elsewhere_is_named_by_a_variable_and_its_paths_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    path = tmp_path / "etc" / "news.toml"
    path.write_text('[folders]\narchive = "kept"\n', encoding="utf-8")
    monkeypatch.setenv("NEWSARCHIVE_CONFIG", str(path))
    assert read_configuration().folders.archive == tmp_path / "etc" / "kept"
    monkeypatch.setenv("NEWSARCHIVE_HOME", "elsewhere")
    assert read_configuration().folders.archive == Path("elsewhere")
    monkeypatch.setenv("NEWSARCHIVE_CONFIG", str(tmp_path / "nothing.toml"))
    assert "cannot be read" in wrong()[0]


def test_everything_that_is_wrong_is_told_at_once_each_with_its_line(
    write: Write, monkeypatch: pytest.MonkeyPatch, newsarchive: RunNewsarchive
) -> None:
    write(
        '[crawl]\nmin_free_mb = "100"\nremoval_days = 0.5\n\n[wach]\nschedule = "6h"\n\n[watch]\nschedul = "6h"\n'
        'window = "night"\n\n[site.icas]\nschedule = "61 * * * *"\n\n[output]\nquiet = 1\n'
    )
    monkeypatch.setenv("NEWSARCHIVE_JITTER", "soon")
    ran = newsarchive("config", "show")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"newsarchive: {line}"
        for line in (
            "newsarchive.toml:2: crawl.min_free_mb: expected a valid integer, found '100'",
            "newsarchive.toml:3: crawl.removal_days: expected greater than or equal to 1, found 0.5",
            "newsarchive.toml:5: wach: is no setting; did you mean watch?",
            "newsarchive.toml:9: watch.schedul: is no setting; did you mean schedule?",
            "newsarchive.toml:10: watch.window: expected a part of the day such as 22:00-06:00, found 'night'",
            f"newsarchive.toml:13: site.icas.schedule: {FIVE_FIELDS}: Bad minute, found '61 * * * *'",
            "newsarchive.toml:16: output.quiet: expected a valid boolean, found 1",
            "NEWSARCHIVE_JITTER: expected a length of time such as 90s, 15m, 6h, 1d or 1h30m, found 'soon'",
        )
    ]


def test_a_table_of_a_site_that_is_not_declared_is_told(write: Write, newsarchive: RunNewsarchive) -> None:
    write('[site.icsa]\nschedule = "6h"\n')
    ran = newsarchive("config", "show")
    assert (ran.code, ran.err) == (
        2,
        "newsarchive: [site.icsa]: no site file declares this name; did you mean icas?\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        f'[crawl]\nproxy = "http://user:{SECRET}@proxy.example:3128"\n',
        f'[alarms]\nurls = "mailto://user:{SECRET}@mail.example"\n',
        f'[alarms]\nurls = ["mailto://user:{SECRET}@mail.example"]\n',
        f'[site.icas]\nproxy = "http://user:{SECRET}@proxy.example:3128"\n',
        f'[crawl]\nproxy = "ftp://{SECRET}"\n',
        f'[crawl]\nproxy = ["{SECRET}"]\n',
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(text: str, write: Write, newsarchive: RunNewsarchive) -> None:
    write(text)
    ran = newsarchive("config", "show", "--debug")
    assert ran.code == 2
    assert SECRET not in ran.out + ran.err.replace(text, "")
    assert "newsarchive.toml:2: " in ran.err


@pytest.mark.parametrize("value", [f"http://user:{SECRET}@proxy.example:3128", f"socks5://user:{SECRET}@x:1"])
def test_a_secret_in_a_variable_or_a_file_of_its_own_is_never_shown(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newsarchive: RunNewsarchive
) -> None:
    monkeypatch.setenv("NEWSARCHIVE_PROXY", value)
    monkeypatch.setenv("NEWSARCHIVE_ALARM_URLS", f"json://user:{SECRET}@a.example slack://{SECRET}")
    ran = newsarchive("config", "show", "--debug")
    assert SECRET not in ran.out + ran.err
    if value.startswith("http:"):
        assert "http://***@proxy.example:3128  (environment: NEWSARCHIVE_PROXY)" in ran.out
        assert "*** ***  (environment: NEWSARCHIVE_ALARM_URLS)" in ran.out
        assert SECRET not in repr(read_configuration()) + read_configuration().model_dump_json()
    monkeypatch.delenv("NEWSARCHIVE_PROXY")
    path = tmp_path / "proxy.secret"
    path.write_text(value, encoding="utf-8")
    monkeypatch.setenv("NEWSARCHIVE_PROXY_FILE", str(path))
    ran = newsarchive("config", "show", "--debug")
    assert SECRET not in ran.out + ran.err
    assert ran.code == (0 if value.startswith("http:") else 2)


def test_a_file_that_is_no_toml_is_told_by_line(write: Write) -> None:
    write("[crawl]\ncontact = me\n")
    assert wrong()[0].startswith("newsarchive.toml:2: is not TOML: ")


def test_scrapy_s_own_door_says_it_in_lines_too(tmp_path: Path) -> None:
    environment = {
        "PYTHONPATH": str(PAGE.parents[1]), "SCRAPY_SETTINGS_MODULE": "newsarchive.settings",
        "NEWSARCHIVE_JITTER": "soon", "NEWSARCHIVE_PROCESSES": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "scrapy", "list"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert [line.partition(":")[2].partition(":")[0] for line in ran.stderr.splitlines()] == [
        " NEWSARCHIVE_JITTER",
        " NEWSARCHIVE_PROCESSES",
    ]


@given(st.integers(0, 10**7))
def test_a_span_reads_back_from_what_it_is_written_as(seconds: int) -> None:
    assert Span.read(str(Span(seconds))).seconds == seconds


@given(st.text(max_size=20))
def test_any_text_is_a_span_a_window_a_proxy_or_a_value_error(text: str) -> None:
    for kind in (Span, Window, Proxy):
        try:
            read = kind.read(text)
        except ValueError:
            continue
        assert kind.read(str(read)) == read or kind is Proxy


def test_nothing_in_a_configuration_file_becomes_code(write: Write) -> None:
    hostile = "{__import__('os').system('false')} $(false) `false` %(x)s"
    write(f"[crawl]\ncontact = {json.dumps(hostile)}\n")
    assert read_configuration().crawl.contact == tomllib.loads(f"c = {json.dumps(hostile)}")["c"]
