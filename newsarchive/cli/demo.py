"""`newsarchive demo`: the main job on the bundled sample site, with no network."""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsarchive.cli.summary import print_summary
from newsarchive.cli.terminal import complain, printable
from newsarchive.errors import ConfigurationError
from newsarchive.records.site import Site
from newsarchive.sites import BUILT_IN, read_site_file
from newsarchive.store.layout import Layout

if TYPE_CHECKING:
    from newsarchive.run import CrawlOptions

MARKER = "made-by-newsarchive-demo"
LONGEST_VALUE = 100


def demo(
    folder: Annotated[Path, typer.Option(help="Folder to write into; an earlier demo there is replaced.")] = Path(
        "demo"
    ),
) -> int:
    """Crawl a bundled sample site on this machine, end to end.

    A fictional institute's site is served on loopback, crawled by the real spider, preserved and published below
    ./demo. Nothing is asked of any other machine.
    """
    from newsarchive.run import CrawlOptions, crawl  # noqa: PLC0415 - Scrapy loads when a crawl begins
    from newsarchive.sample import SampleServer, sample_site  # noqa: PLC0415 - as above

    _clear(folder)
    site = read_site_file(BUILT_IN / "sample.toml")
    with SampleServer(sample_site(), record=False) as server:
        typer.echo(f"Serving the sample site at {server.base_url} and crawling it …")
        options = CrawlOptions(archive=folder / "archive", exports=folder / "exports", base_url=server.base_url)
        (ended,) = crawl([site], options)
    if ended.error is not None:
        complain(str(ended.error))
    if ended.report is None:
        return ended.exit_code
    typer.echo("")
    print_summary(ended.report, options.archive, options.exports)
    _export(options, site)
    cited = _show_record(options.exports / site.name / "articles.jsonl")
    command = _as_typed()
    typer.echo(
        "\nNext:\n"
        f"  {command} search 研究 --archive {options.archive} --exports {options.exports}    full text\n"
        f"  {command} try PAGE.html    what the parser reads on a page that you saved\n"
        f"  {command} cite {cited} --archive {options.archive}    in GB/T 7714, APA, BibTeX and CSL-JSON\n"
        f"  {command} snapshot {site.name} --archive {options.archive} --exports {options.exports}    a release\n"
        f"  {command} sites            the sites that can be crawled, and where your own are looked for\n"
        f"  NEWSARCHIVE_CONTACT=you@example.org {command} crawl icas --limit 20    the institute itself"
    )
    return ended.exit_code


def _export(options: "CrawlOptions", site: Site) -> None:
    """Write the datasets in every format that needs nothing to be installed, and Parquet where pyarrow is."""
    from newsarchive.datasets.export import FORMATS, export_collection  # noqa: PLC0415 - when it is needed

    formats = [known for known in FORMATS if known != "parquet" or find_spec("pyarrow") is not None]
    done = export_collection(Layout(options.archive, site.name), options.exports, formats, site=site)
    typer.echo(f"  datasets: {', '.join(f'{rows} {table}' for table, rows in done.rows.items())}")
    typer.echo(f"  as {', '.join(formats)} in {done.folder}")
    for name, holds in (
        ("README.md", "what it covers and lacks; whose the texts are (also datapackage.json, croissant.json)"),
        ("CITATION.cff", "how to cite the dataset"),
        ("feed.atom", "new, changed and removed articles (also feed.json)"),
    ):
        typer.echo(f"  {done.folder / name}  {holds}")


def _as_typed() -> str:
    """Return how this command was started, so that what is suggested can be typed."""
    started = Path(sys.argv[0])
    if shutil.which("newsarchive") is not None or started.name != "newsarchive":
        return "newsarchive"
    here = Path.cwd()
    return str(started.relative_to(here)) if started.is_relative_to(here) else str(started)


def _clear(folder: Path) -> None:
    """Make room for the demo: only a folder that a demo made is ever removed."""
    if folder.exists():
        if not (folder / MARKER).is_file() and any(folder.iterdir()):
            raise ConfigurationError(f"{folder}: holds something that no demo made; give another --folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).write_text("This folder is replaced by each `newsarchive demo`.\n", encoding="utf-8")


def _show_record(path: Path) -> str:
    """Show one record, and return its id."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    if not records:
        return "ID"
    record = max(records, key=lambda item: (bool(item["series"]), len(item["attachments"]), item["id"]))
    typer.echo(f"\nOne record of {len(records)}:")
    for name, value in record.items():
        text = json.dumps(value, ensure_ascii=False)
        typer.echo(f"  {name}: {printable(text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + ' …')}")
    return str(record["id"])
