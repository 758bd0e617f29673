"""`newsarchive cite`: how to refer to an article as it was captured."""

from typing import Annotated

import typer

from newsarchive.cli.instants import past_instant
from newsarchive.cli.options import Archive, archive_folder
from newsarchive.cli.terminal import printable
from newsarchive.datasets.citation import Citation
from newsarchive.datasets.citation_styles import STYLES
from newsarchive.errors import ConfigurationError
from newsarchive.operations.access import collection_of
from newsarchive.operations.citable import cited_revision
from newsarchive.records.description import Description


def cite(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article, as SITE/KEY.")],
    *,
    style: Annotated[
        str, typer.Option("--format", help="gbt7714 (GB/T 7714—2015), apa, bibtex or csl-json; or all.")
    ] = "all",
    at: Annotated[
        str | None,
        typer.Option(help="As it was captured by then: a day (to its end, in the site's zone) or an instant."),
    ] = None,
    revision: Annotated[int | None, typer.Option(help="Number of the revision. Default: the latest.")] = None,
    archive: Archive = None,
) -> None:
    """Cite an article: GB/T 7714, APA, BibTeX, CSL-JSON.

    As it was captured: each citation names the instant of the capture and the digest of its bytes, by which the record
    is found in the archive and proved to be the one. Of a page that the site has removed it is the last revision that
    was seen, and says so; a page that was withdrawn from the archive has no citation.
    """
    site, slash, _ = article_id.partition("/")
    if not slash:
        raise ConfigurationError(f"{article_id}: expected an article's id, SITE/KEY, such as icas/202012/1044")
    if style not in {*STYLES, "all"}:
        raise ConfigurationError(f"--format {style!r}: expected one of {', '.join(STYLES)}, or all")
    if at is not None and revision is not None:
        raise ConfigurationError("--at and --revision: name one of them")
    held = collection_of(archive_folder(archive), site)
    until = past_instant("--at", at, held.scope.site.zone) if at else None
    found = cited_revision(held, article_id, at=until, number=revision)
    cited = Citation.of(found.revision, Description.of(held.scope.site), found.removed_at)
    if style != "all":
        typer.echo(printable(STYLES[style](cited)))
        return
    typer.echo("\n\n".join(f"{name}:\n{printable(write(cited))}" for name, write in STYLES.items()))
