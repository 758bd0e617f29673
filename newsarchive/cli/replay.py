"""`newsarchive replay`: starts the replay tool that the user has, on this machine only. None is part of newsarchive."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from newsarchive.cli.options import SOFTWARE, Archive, archive_folder
from newsarchive.cli.player import serve_player
from newsarchive.cli.terminal import one_line
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import Held, collection_of, reading
from newsarchive.operations.package import Range, write_package

PORT = 8090
HOW_TO_GET_ONE = (
    "there is no replay tool here; get pywb with `pipx install pywb` (its command is `wayback`), or ReplayWeb.page "
    "with `npm pack replaywebpage@2.4.6 && tar -xzf replaywebpage-2.4.6.tgz` and name its folder: --player package; or "
    "open a file that `newsarchive package` made at https://replayweb.page/ or in its desktop program"
)


def replay(  # noqa: PLR0913 - the command's options
    name: Annotated[str, typer.Argument(metavar="SITE", help="The collection.")],
    article_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The article to open, as SITE/KEY. Default: the home page.")
    ] = None,
    *,
    player: Annotated[
        Path | None, typer.Option(help="Folder with ReplayWeb.page's ui.js and sw.js. Default: pywb, if installed.")
    ] = None,
    package: Annotated[
        Path | None, typer.Option(help="With --player: the package to show. Default: one made of everything.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = PORT,
    archive: Archive = None,
) -> int:
    """Look at what was captured, as it looked then.

    In the replay tool that you have: pywb (its command `wayback`) reads the collection itself; ReplayWeb.page a
    package of it. Either is reached from this machine only, and stays until Ctrl-C. Captures of a run that goes on
    are shown once it has ended.
    """
    held = collection_of(archive_folder(archive), name)
    url = _url_of(held, article_id) if article_id else held.scope.site.home
    if player is not None:
        return _show_package(held, player, package, url, port)
    wayback = shutil.which("wayback")
    if wayback is None:
        raise ConfigurationError(HOW_TO_GET_ONE)
    return _start_pywb(held, wayback, url, port)


def _url_of(held: Held, article_id: str) -> str:
    with reading(held.layout) as catalogue:
        known = catalogue.article(article_id)
    if known is None:
        raise ConfigurationError(f"{article_id}: no such article in {held.layout.folder}; its id is SITE/KEY")
    return known.url


def _start_pywb(held: Held, wayback: str, url: str, port: int) -> int:
    layout = held.layout
    if not layout.index.exists():
        raise ConfigurationError(
            f"{layout.index}: missing; crawl first, or run `newsarchive rebuild {layout.folder.name}`"
        )
    with tempfile.TemporaryDirectory(prefix="newsarchive-replay-") as folder:
        collection = Path(folder) / "collections" / layout.folder.name
        for part in ("archive", "indexes"):
            (collection / part).mkdir(parents=True)
        (collection / "indexes" / "index.cdxj").symlink_to(layout.index.absolute())
        for segment in layout.captures.glob("*.warc.gz"):
            (collection / "archive" / segment.name).symlink_to(segment.absolute())
        typer.echo(one_line(f"pywb shows it at http://127.0.0.1:{port}/{layout.folder.name}/{url}"))
        return subprocess.call([wayback, "--bind", "127.0.0.1", "--port", str(port)], cwd=folder)  # noqa: S603 - the user's own program


def _show_package(held: Held, player: Path, package: Path | None, url: str, port: int) -> int:
    if package is not None:
        serve_player(player, package, url, port)
        return 0
    with tempfile.TemporaryDirectory(prefix="newsarchive-replay-") as folder:
        made = Path(folder) / f"{held.layout.folder.name}.wacz"
        with made.open("w+b") as file:
            write_package(held, file, Range(None, None), software=SOFTWARE)
        serve_player(player, made, url, port)
    return 0
