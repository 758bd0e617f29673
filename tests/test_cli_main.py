"""The command line itself: what it prints, what it loads, how it ends."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsarchive as package
from newsarchive import errors
from newsarchive.cli import main as command_line
from newsarchive.cli.main import COMMANDS, Command
from newsarchive.cli.terminal import counted, one_line, printable
from tests.conftest import RunNewsarchive

MODULE = [sys.executable, "-m", "newsarchive.cli.main"]

AddCommand = Callable[[Callable[[], int | None]], None]
Failing = Callable[[BaseException], None]


@pytest.fixture
def add_command(monkeypatch: pytest.MonkeyPatch) -> AddCommand:
    """Make a function a command under its own name."""

    def add(function: Callable[[], int | None]) -> None:
        module = ModuleType("commands_of_a_test")
        setattr(module, function.__name__, function)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        command = Command(f"{module.__name__}:{function.__name__}", "Do what the test needs.")
        monkeypatch.setitem(COMMANDS, function.__name__, command)

    return add


@pytest.fixture
def failing(add_command: AddCommand) -> Failing:
    """Make a command `fail` that raises."""

    def raising(error: BaseException) -> None:
        def fail() -> None:
            raise error

        add_command(fail)

    return raising


def error_classes(
    base: type[errors.NewsarchiveError] = errors.NewsarchiveError,
) -> Iterator[type[errors.NewsarchiveError]]:
    yield base
    for subclass in base.__subclasses__():
        yield from error_classes(subclass)


def test_help_names_every_command(newsarchive: RunNewsarchive) -> None:
    ran = newsarchive("--help")
    assert ran.code == 0
    for name, command in COMMANDS.items():
        assert f"│ {name} " in ran.out
        assert command.summary in ran.out


def test_no_arguments_show_the_help_and_are_a_usage_error(newsarchive: RunNewsarchive) -> None:
    ran = newsarchive()
    assert ran.code == 2
    assert "newsarchive demo" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_page_says_of_a_command_how_its_docstring_begins(name: str, newsarchive: RunNewsarchive) -> None:
    loaded = command_line.load_command(name)
    assert (loaded.__doc__ or "").startswith(COMMANDS[name].summary.removesuffix("."))
    ran = newsarchive(name, "--help")
    assert ran.code == 0
    assert f"newsarchive {name} " in ran.out


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["sites"], ["try", "README.md"]])
def test_scrapy_is_not_loaded_for(arguments: list[str]) -> None:
    program = (
        "import sys; from newsarchive.cli.main import exit_code_of; exit_code_of(sys.argv[1:]); "
        "sys.exit(any(name in sys.modules for name in ('scrapy', 'twisted')))"
    )
    ran = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_version_is_the_package_s(newsarchive: RunNewsarchive) -> None:
    assert newsarchive("--version").out == f"newsarchive {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tri"], "No such command 'tri'. Did you mean 'try'?; see `newsarchive --help`"),
        (["sites", "--yaml"], "No such option: --yaml; see `newsarchive sites --help`"),
        (["try"], "Missing argument 'URL|FILE…'; see `newsarchive try --help`"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], message: str, newsarchive: RunNewsarchive
) -> None:
    ran = newsarchive(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"newsarchive: {message}\n")


@pytest.mark.parametrize("kind", [*error_classes()], ids=lambda kind: kind.__name__)
def test_an_error_is_one_line_and_its_own_exit_code(
    kind: type[errors.NewsarchiveError], newsarchive: RunNewsarchive, failing: Failing
) -> None:
    failing(kind("archive/icas: what is wrong\nand what to do \x1b[2J"))
    ran = newsarchive("fail")
    assert ran.code == kind.exit_code
    assert ran.err == "newsarchive: archive/icas: what is wrong and what to do \\x1b[2J\n"


@pytest.mark.parametrize("arguments", [["--debug", "fail"], ["fail", "--debug"]])
def test_debug_shows_the_traceback_before_the_line(
    arguments: list[str], newsarchive: RunNewsarchive, failing: Failing
) -> None:
    failing(errors.StorageError("disk full"))
    ran = newsarchive(*arguments)
    assert ran.code == 5
    assert ran.err.startswith("Traceback")
    assert ran.err.endswith("\nnewsarchive: disk full\n")


def test_temporary_files_without_room_are_a_full_disk(newsarchive: RunNewsarchive, failing: Failing) -> None:
    with closing(sqlite3.connect("")) as notes:
        notes.executescript("PRAGMA max_page_count = 2; CREATE TABLE notes (text)")
        with pytest.raises(sqlite3.OperationalError) as caught:
            notes.execute("INSERT INTO notes VALUES (zeroblob(100000))")
    failing(caught.value)
    ran = newsarchive("fail")
    assert (ran.code, len(ran.err.splitlines())) == (5, 1)
    assert "database or disk is full; make room" in ran.err


def test_an_unexpected_error_is_one_line_and_exit_code_1(newsarchive: RunNewsarchive, failing: Failing) -> None:
    failing(ZeroDivisionError("division\nby zero"))
    ran = newsarchive("fail")
    assert ran.code == 1
    assert (
        ran.err == "newsarchive: unexpected ZeroDivisionError: division by zero; `newsarchive --debug …` shows where\n"
    )


def test_an_interrupt_is_exit_code_130(newsarchive: RunNewsarchive, failing: Failing) -> None:
    failing(KeyboardInterrupt())
    assert newsarchive("fail").code == 130


def test_what_a_command_returns_is_the_exit_code(newsarchive: RunNewsarchive, add_command: AddCommand) -> None:
    def answer() -> int:
        return 3

    add_command(answer)
    assert newsarchive("answer") == (3, "", "")


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen([*MODULE, "sites", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 130


def test_a_narrow_locale_gets_utf8_into_a_pipe() -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ran = subprocess.run([*MODULE, "sites", "--json"], env=environment, capture_output=True, check=True)
    assert "中亚" in ran.stdout.decode("utf-8")


@given(st.text(st.characters(exclude_categories=())))
def test_printable_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert not any(char in shown for char in map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x202E)))
    assert printable(shown) == shown
    assert "\n" not in one_line(text)
    shown.encode("utf-8")


@pytest.mark.parametrize(("number", "said"), [(0, "0 damages"), (1, "1 damage"), (2, "2 damages")])
def test_one_of_a_kind_is_no_plural(number: int, said: str) -> None:
    assert counted(number, "damages") == said
