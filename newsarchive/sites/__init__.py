"""Sites: finds the site files, the built-in ones beside this module and the user's own.

A user's own folder is `NEWSARCHIVE_SITES`, by default `./sites`. A site declared there takes the place of a
built-in one of the same name.
"""

import difflib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from newsarchive.configuration import read_configuration
from newsarchive.configuration.model import Folders
from newsarchive.errors import ConfigurationError, SiteFileError, UnknownSiteError
from newsarchive.records.site import Site
from newsarchive.sites.file import declared_name, read_site_file

__all__ = [
    "DeclaredSite",
    "Survey",
    "all_sites",
    "generic_site",
    "load_site",
    "read_site_file",
    "site_for_host",
    "survey",
]

BUILT_IN = Path(__file__).parent
GENERIC = "generic"
"""Name of the site that pages of undeclared hosts are read with."""


class DeclaredSite(NamedTuple):
    """A site and where it is declared."""

    site: Site
    path: Path
    built_in: bool
    """False for the user's own."""
    replaces: Path | None
    """The built-in file whose place this one takes; None: of none."""


class Survey(NamedTuple):
    """Every site file that could be found: the sites by name, and what is wrong with the others."""

    sites: tuple[DeclaredSite, ...]
    errors: tuple[SiteFileError, ...]


def load_site(name: str, own: Path | None = None) -> Site:
    """Return the site called `name`; other site files may be broken.

    `own` is the user's folder; default: what the environment asks for. Raises `UnknownSiteError` if no file declares
    it, `SiteFileError` if its file cannot be used.
    """
    files = _files(own)
    if name not in files:
        near = difflib.get_close_matches(name, files, n=3)
        known = f"did you mean {' or '.join(near)}?" if near else f"expected one of {', '.join(sorted(files))}"
        raise UnknownSiteError(f"no site is called {name!r}; {known} (`newsarchive sites` lists them)")
    return _read(name, files[name]).site


def all_sites(own: Path | None = None) -> tuple[DeclaredSite, ...]:
    """Return every declared site, by name. Raises `SiteFileError` if one of the files cannot be used."""
    found = survey(own)
    if found.errors:
        raise found.errors[0]
    return found.sites


def survey(own: Path | None = None) -> Survey:
    """Return every declared site that can be used, by name, and an error for every file that cannot."""
    sites: list[DeclaredSite] = []
    errors: list[SiteFileError] = []
    for name, paths in sorted(_files(own).items()):
        try:
            sites.append(_read(name, paths))
        except SiteFileError as error:
            errors.append(error)
    return Survey(tuple(sites), tuple(errors))


def site_for_host(host: str, own: Path | None = None) -> Site | None:
    """Return the first site by name that names `host` (with its port, if it is not the scheme's own) as its own."""
    return next((declared.site for declared in survey(own).sites if host.lower() in declared.site.hosts), None)


def generic_site(url: str = "http://generic.invalid/") -> Site:
    """Return the site that a page of an undeclared host is read with: no patterns, no labels, the usual zone.

    `url` is any URL of the host, where it is known.
    """
    return Site(name=GENERIC, title="Any site", home=urljoin(url, "/"))


def _files(own: Path | None) -> dict[str, list[Path]]:
    """Return the site files by declared name, the user's before the built-in one."""
    files: dict[str, list[Path]] = {}
    for folder in (own or read_configuration().folders.sites, BUILT_IN):
        for path in _site_files(folder):
            files.setdefault(declared_name(path), []).append(path)
    return files


def _site_files(folder: Path) -> list[Path]:
    if folder == Folders().sites and not folder.exists():
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith("."))
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise ConfigurationError(f"{folder}: {reason}; expected a folder of site files (NEWSARCHIVE_SITES)") from error


def _read(name: str, paths: list[Path]) -> DeclaredSite:
    own = [path for path in paths if path.parent != BUILT_IN]
    if len(own) > 1:
        raise SiteFileError(
            f"{own[1]}: name: {name!r} is declared in {own[0]} too; expected one file a site, rename one"
        )
    if name == GENERIC:
        raise SiteFileError(f"{paths[0]}: name: {GENERIC!r} is what undeclared sites are called; choose another name")
    built_in = next((path for path in paths if path.parent == BUILT_IN), None)
    path = paths[0]
    return DeclaredSite(read_site_file(path), path, built_in=path == built_in, replaces=built_in if own else None)
