"""Reading one site file: what is wrong in it is told by file, line and field."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newsarchive.errors import SiteFileError
from newsarchive.records.site import Expectations, Pager, Rewrite, Site
from newsarchive.sites.scope import Scope
from newsarchive.sites.wording import expected, meaning
from newsarchive.tomlfile import FieldPath, Problem, nearest, parsed, read_text, told
from newsarchive.urls import canonical_url

FAMILIES = Path(__file__).parent / "families"
"""The folder of the presets: site files without name, title and home."""

EXAMPLE = 'title = "Harbour Institute"'
_TABLES: Mapping[str, type[BaseModel]] = {"expect": Expectations, "pagers": Pager, "rewrite_url": Rewrite}


def read_site_file(path: Path) -> Site:
    """Return the site that the file at `path` declares.

    Raises `SiteFileError` with file, line and field of everything that is wrong.
    """
    text = read_text(path, SiteFileError)
    data = parsed(path, text, SiteFileError, EXAMPLE)
    problems = list(_family_problems(data))
    if not problems:
        try:
            site = Site.model_validate(_with_family(data))
        except ValidationError as error:
            problems = [_problem(details) for details in error.errors(include_url=False)]
        else:
            problems = list(_further_problems(site))
            if not problems:
                return site
    raise SiteFileError(*told(path, text, problems))


def declared_name(path: Path) -> str:
    """Return the name that the site file at `path` gives, or the file's own name where that cannot be read."""
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("name")
    except (OSError, ValueError):
        name = None
    return name if isinstance(name, str) else path.stem


def _family_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    family = data.get("family")
    known = sorted(preset.stem for preset in FAMILIES.glob("*.toml"))
    if family is not None and family not in known:
        yield Problem(("family",), f"is no known family; expected one of {', '.join(known)}, or leave it out", family)


def _with_family(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return `data` over the values of its family: the site's own values win, tables are merged."""
    if data.get("family") is None:
        return dict(data)
    preset = tomllib.loads((FAMILIES / f"{data['family']}.toml").read_text(encoding="utf-8"))
    tables = {
        name: {**value, **data[name]}
        for name, value in preset.items()
        if isinstance(value, dict) and isinstance(data.get(name), dict)
    }
    return {**preset, **data, **tables}


def _problem(details: ErrorDetails) -> Problem:
    field: FieldPath = tuple(part for part in details["loc"] if part != "[key]")
    value = details["input"]
    match details["type"]:
        case "missing":
            return Problem(field, f"is missing; expected: {meaning(str(field[0]))}; add the line")
        case "extra_forbidden":
            return Problem(field, f"is no field of a site file; {_known_fields(field)}", value)
        case _:
            return Problem(field, expected(details), value)


def _known_fields(field: FieldPath) -> str:
    model = _TABLES.get(str(field[0]), Site) if len(field) > 1 else Site
    return nearest(str(field[-1]), model.model_fields)


def _further_problems(site: Site) -> Iterator[Problem]:
    """Find what is well-formed and cannot work: it would show as a crawl that finds nothing."""
    for field, hosts in (("hosts", site.hosts), ("requisite_hosts", site.requisite_hosts)):
        for position, host in enumerate(hosts):
            if canonical_url(f"http://{host}/") not in {f"http://{host}/", f"http://{host.removesuffix(':80')}/"}:
                yield Problem((field, position), "expected a host in lower case such as www.institute.example", host)
    scope = Scope(site)
    for position, seed in enumerate(site.seeds):
        url = scope.canonical(urljoin(site.home, seed))
        reason = scope.refusal(url, scope.seed_kind(url)) if url else "no URL"
        if reason:
            yield Problem(("seeds", position), f"would never be visited ({reason}); expected a page of the hosts", seed)
