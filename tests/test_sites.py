"""Site files: found, checked, and told apart by file, line and field."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsarchive.errors import ConfigurationError, SiteFileError, UnknownSiteError
from newsarchive.records.site import Expectations, Pager, Rewrite, Site
from newsarchive.sites import all_sites, generic_site, load_site, read_site_file, site_for_host, survey
from newsarchive.sites.file import FAMILIES
from newsarchive.sites.scope import Scope
from tests.conftest import RunNewsarchive

if TYPE_CHECKING:
    from pydantic import BaseModel

ROOT = Path(__file__).parents[1]

MINIMAL = """name = "harbour"
title = "Harbour Institute"
home = "https://harbour.test/"
"""


def written(folder: Path, text: str, name: str = "harbour.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def error_of(path: Path) -> str:
    with pytest.raises(SiteFileError) as raised:
        read_site_file(path)
    return str(raised.value)


def test_the_example_of_the_contributing_page_is_a_site_of_at_most_30_lines(own_sites: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example.count("\n") <= 30
    written(own_sites, example)
    site = load_site("harbour")
    assert site.hosts == ("harbour.test", "www.harbour.test")
    assert site.labels["刊发时间"] == "date"
    assert Scope(site).kind("https://harbour.test/f/202403/17.html") == "article"
    assert Scope(site).kind("https://harbour.test/news/index_2.html") == "list"


def test_three_lines_are_a_site(own_sites: Path) -> None:
    written(own_sites, MINIMAL)
    site = load_site("harbour")
    assert (site.hosts, site.seeds, site.zone, site.language) == (("harbour.test",), ("/",), "Asia/Shanghai", "zh")


def test_every_built_in_site_and_family_can_be_used(own_sites: Path) -> None:
    assert "icas" in {declared.site.name for declared in all_sites() if declared.built_in}
    presets = sorted(FAMILIES.glob("*.toml"))
    assert presets
    for preset in presets:
        written(own_sites, f'{MINIMAL}family = "{preset.stem}"\n')
        assert load_site("harbour").article_url


@pytest.mark.parametrize(
    ("family", "url", "key"),
    [
        ("vsb", "/info/1080/5526.htm", "1080/5526"),
        ("webplus", "/2025/1021/c438a583508/page.htm", "438a583508"),
        ("webplus", "/_t720/43/2f/c5320a213807/page.psp", "5320a213807"),
        ("trs", "/kycg/lw/201910/t20191028_5022190.shtml", "5022190"),
    ],
)
def test_a_family_brings_the_pattern_of_its_articles(family: str, url: str, key: str, own_sites: Path) -> None:
    site = read_site_file(written(own_sites, f'{MINIMAL}family = "{family}"\n'))
    assert Scope(site).kind(f"https://harbour.test{url}") == "article"
    match = re.search(site.article_url or "", url)
    assert match
    assert match["key"] == key


def test_what_a_site_says_wins_over_its_family(own_sites: Path) -> None:
    pattern = "^/own/(?P<key>\\\\d+)$"
    site = read_site_file(written(own_sites, f'{MINIMAL}family = "webplus"\narticle_url = "{pattern}"\n'))
    assert site.article_url == "^/own/(?P<key>\\d+)$"
    assert site.list_url


def test_a_site_of_the_user_takes_the_place_of_a_built_in_one(own_sites: Path) -> None:
    path = written(own_sites, MINIMAL.replace("harbour", "icas", 1), "ours.toml")
    assert load_site("icas").title == "Harbour Institute"
    (declared,) = (declared for declared in all_sites() if declared.site.name == "icas")
    assert (declared.path, declared.built_in) == (path, False)
    assert declared.replaces is not None


def test_a_site_is_found_by_any_of_its_hosts(own_sites: Path) -> None:
    written(own_sites, f'{MINIMAL}hosts = ["harbour.test", "old.harbour.test:8080"]\n')
    for host in ("harbour.test", "OLD.harbour.test:8080"):
        found = site_for_host(host)
        assert found
        assert found.name == "harbour"
    assert site_for_host("old.harbour.test") is None


def test_the_generic_site_takes_the_host_of_a_page() -> None:
    assert generic_site("http://nobody.test:81/x/1.html?a=b").hosts == ("nobody.test:81",)
    assert generic_site().article_url is None


@pytest.mark.parametrize(
    ("extra", "line", "message"),
    [
        ("articel_url = 'x'", 4, "articel_url: is no field of a site file; did you mean article_url?, found 'x'"),
        (
            "delay_seconds = 'soon'",
            4,
            "delay_seconds: expected a number such as 1.5, found 'soon'",
        ),
        ("\n\nzone = 'Mars/X'", 6, "zone: expected an IANA time zone such as Asia/Shanghai, found 'Mars/X'"),
        (
            "article_url = '^/f/\\d+$'",
            4,
            "article_url: expected a named group key, such as (?P<key>\\d+), found '^/f/\\\\d+$'",
        ),
        (
            "ignore_url = ['ok', '(']",
            4,
            "ignore_url: expected a regular expression: missing ), unterminated subpattern",
        ),
        ("hosts = ['harbour.test', 'http://harbour.test']", 4, "hosts[2]: expected a host in lower case such as www."),
        (
            "seeds = [\n  '/',\n  'http://other.test/',\n]",
            6,
            "seeds[2]: would never be visited (offsite); expected a page",
        ),
        ("family = 'wordpress'", 4, "family: is no known family; expected one of dedecms, "),
        (
            "[[rewrite_url]]\npattern = 'x'\nto = '\\g<y>'",
            4,
            "rewrite_url[1]: expected groups of the pattern, as \\g<name>",
        ),
        ("[[pagers]]\npage = '/(\\d+)'\nwrite = 'x'", 4, "pagers[1]: expected a group number in page, such as (?P<num"),
        ("[[pagers]]\npaeg = 'x'\npage = '(?P<number>1)'\nwrite = '{number}'", 5, "pagers[1].paeg: is no field of a "),
        ("[labels]\n'来源' = 'source'\n'刊发' = 'day'", 6, "labels.刊发: expected 'date', 'source', 'author', "),
        ("labels = {'刊发' = 'day'}", 4, "labels.刊发: expected 'date', 'source', 'author', "),
    ],
)
def test_an_error_names_file_line_field_and_what_was_expected(
    extra: str, line: int, message: str, own_sites: Path
) -> None:
    path = written(own_sites, f"{MINIMAL}{extra}\n")
    assert error_of(path).startswith(f"{path}:{line}: {message}")


def test_a_missing_field_is_told_with_its_meaning(own_sites: Path) -> None:
    path = written(own_sites, 'name = "harbour"\ntitle = "Harbour Institute"\n')
    assert error_of(path) == (
        f"{path}:1: home: is missing; expected: URL of the home page, `http://` or `https://`; add the line"
    )


def test_several_errors_are_a_line_each(own_sites: Path, newsarchive: RunNewsarchive) -> None:
    path = written(own_sites, f"{MINIMAL}zone = 'Mars/X'\nlanguage = 'Chinese'\nsurprise = 1\n")
    for arguments in (("sites",), ("crawl", "harbour", "--dry-run")):
        lines = newsarchive(*arguments).err.splitlines()
        places = [line.split(": ")[1:3] for line in lines]
        assert places == [[f"{path}:4", "zone"], [f"{path}:5", "language"], [f"{path}:6", "surprise"]]


def test_no_value_of_a_wrong_kind_is_told_in_the_words_of_a_library(own_sites: Path) -> None:
    """Give each field, and each of its tables, every kind of value that TOML has."""
    fields = [(name, "", "") for name in Site.model_fields]
    tables: dict[str, type[BaseModel]] = {"[expect]": Expectations, "[[pagers]]": Pager, "[[rewrite_url]]": Rewrite}
    fields += [(name, header, f"{header}\n") for header, model in tables.items() for name in model.model_fields]
    values = ("''", "'大河'", "-1", "1.5", "true", "[1]", "[[]]", "['(']", "{x = 1}", "1999-01-01", "[{x = 1}]")
    for name, _, header in fields:
        for value in values:
            lines = [line for line in MINIMAL.splitlines() if header or not line.startswith(f"{name} =")]
            path = written(own_sites, "\n".join([*lines, f"{header}{name} = {value}", ""]))
            try:
                read_site_file(path)
            except SiteFileError as error:
                for line in error.lines:
                    assert re.search(r": (?:expected |is |would never )", line), line
                    assert not re.search(r"valid |Input|should|match|another kind|pydantic", line), line


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ("seeds = '/x'", """seeds: expected a list of texts, such as ["/"], found '/x'"""),
        ("language = 'Chinese'", "language: expected a language code of two or three letters such as zh, found 'Chi"),
        ("labels = 'x'", "labels: expected a line [labels], and below it lines such as "),
        ("delay_seconds = -1", "delay_seconds: expected a number, 0 or more, found -1"),
    ],
)
def test_what_is_expected_is_told_in_plain_words(extra: str, message: str, own_sites: Path) -> None:
    path = written(own_sites, f"{MINIMAL}{extra}\n")
    assert error_of(path).startswith(f"{path}:4: {message}")


def test_a_table_that_goes_to_no_terminal_is_whole(own_sites: Path, newsarchive: RunNewsarchive) -> None:
    home = f"https://harbour.test/{'long/' * 60}"
    written(own_sites, MINIMAL.replace("https://harbour.test/", home))
    ran = newsarchive("sites")
    assert f" {home} " in ran.out
    assert str(own_sites / "harbour.toml") in ran.out
    assert "…" not in ran.out


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"name = \n", 1, "is not TOML: Invalid value; expected lines such as: title = "),
        (b'name = "harbour"\ntitle = "Harbour\n', 2, "is not TOML: "),
        (b'name = "harbour"\nzone = """', 2, "is not TOML: "),
        ('name = "x"\ntitle = "海港"\n'.encode("gbk"), 2, "is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_line(data: bytes, line: int, message: str, own_sites: Path) -> None:
    path = own_sites / "harbour.toml"
    path.write_bytes(data)
    assert error_of(path).startswith(f"{path}:{line}: {message}")


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_error(own_sites: Path) -> None:
    path = own_sites / "harbour.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert read_site_file(path).name == "harbour"


def test_a_file_that_is_missing_is_told(own_sites: Path) -> None:
    assert "cannot be read: No such file or directory" in error_of(own_sites / "harbour.toml")


def test_two_files_of_one_name_are_told_and_neither_is_used(own_sites: Path) -> None:
    first, second = written(own_sites, MINIMAL, "a.toml"), written(own_sites, MINIMAL, "b.toml")
    with pytest.raises(SiteFileError, match="is declared in") as raised:
        load_site("harbour")
    assert str(first) in str(raised.value)
    assert str(second) in str(raised.value)


def test_the_name_of_undeclared_sites_is_taken(own_sites: Path) -> None:
    written(own_sites, MINIMAL.replace("harbour", "generic", 1))
    with pytest.raises(SiteFileError, match="choose another name"):
        load_site("generic")


def test_a_broken_file_breaks_no_other_site(own_sites: Path) -> None:
    written(own_sites, MINIMAL)
    broken = written(own_sites, "name = ", "broken.toml")
    assert load_site("harbour").name == "harbour"
    found = survey()
    assert {"harbour", "icas"} <= {declared.site.name for declared in found.sites}
    assert [str(error).partition(":")[0] for error in found.errors] == [str(broken)]
    with pytest.raises(SiteFileError):
        all_sites()


def test_an_unknown_site_is_told_with_near_names(own_sites: Path) -> None:
    written(own_sites, MINIMAL)
    with pytest.raises(UnknownSiteError, match=re.escape("'harbor'; did you mean harbour?")):
        load_site("harbor")
    with pytest.raises(UnknownSiteError, match=r"expected one of .*harbour.*icas"):
        load_site("zzz")


def test_a_named_folder_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSARCHIVE_SITES", str(tmp_path / "missing"))
    with pytest.raises(ConfigurationError, match="no such file or directory; expected a folder of site files"):
        all_sites()


def test_the_folder_sites_is_looked_into_and_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert all(declared.built_in for declared in all_sites())
    (tmp_path / "sites").mkdir()
    written(tmp_path / "sites", MINIMAL)
    assert load_site("harbour").name == "harbour"


def test_the_command_lists_sites_and_tells_broken_files(newsarchive: RunNewsarchive, own_sites: Path) -> None:
    path = written(own_sites, MINIMAL)
    ran = newsarchive("sites")
    assert (ran.code, ran.err) == (0, "")
    for shown in ("harbour", "Harbour Institute", "https://harbour.test/", "icas", "built in"):
        assert shown in ran.out
    told = [json.loads(line) for line in newsarchive("sites", "--json").out.split("\n")[:-1]]
    (harbour,) = (fields for fields in told if fields["name"] == "harbour")
    assert (harbour["file"], harbour["built_in"], harbour["hosts"]) == (str(path), False, ["harbour.test"])
    written(own_sites, "name = ", "broken.toml")
    ran = newsarchive("sites")
    assert ran.code == 2
    assert "harbour" in ran.out
    assert ran.err.count("\n") == 1
