"""Reads the configuration and remembers where each value comes from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from newsarchive.configuration.model import (
    Configuration,
    Section,
    Setting,
    SiteSettings,
    all_settings,
    sections,
    settings_of,
)
from newsarchive.configuration.values import Proxy, Secrets
from newsarchive.environment import variables
from newsarchive.errors import ConfigurationFileError
from newsarchive.tomlfile import Problem, line_of, nearest, parsed, read_text, told

FILE = Path("newsarchive.toml")
VARIABLE = "NEWSARCHIVE_CONFIG"
EXAMPLE = 'contact = "you@example.org"'
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Configured:
    """The configuration, and where it comes from."""

    configuration: Configuration
    file: Path | None
    """The file that was read; None: there is none."""
    sources: Mapping[str, str]
    """Where the value of each setting comes from, by its key: the default, a line of the file, a variable."""


def read_configuration() -> Configuration:
    """Return what file and environment ask for now. Raises `ConfigurationFileError` with everything that is wrong."""
    return configured().configuration


def configured() -> Configured:
    """Return what file and environment ask for now, and where each value comes from; raises as `read_configuration`."""
    environment = variables()
    path = _path_of(environment)
    wrong: list[str] = []
    text = read_text(path, ConfigurationFileError) if path else ""
    data = parsed(path, text, ConfigurationFileError, EXAMPLE) if path else {}
    sources = {setting.key: DEFAULT for setting in all_settings()}
    configuration = Configuration()
    if path is not None:
        problems = list(_problems_of(data))
        if problems:
            wrong += told(path, text, problems)
        else:
            configuration = _with_paths_below(Configuration.model_validate(_plain(data)), data, path.parent)
            for key in _keys_of(data):
                sources[".".join(key)] = f"{path}:{line_of(text, Problem(key, ''))}"
    updates: dict[str, dict[str, object]] = {}
    for setting in all_settings():
        value = environment.get(setting.variable or "")
        if value is None:
            continue
        try:
            updates.setdefault(setting.section, {})[setting.name] = _read_variable(setting, value)
            sources[setting.key] = f"environment: {setting.variable}"
        except ValueError as error:
            wrong.append(f"{setting.variable}: {_reason(error)}{_shown(setting, value)}")
    merged = _updated(configuration, updates)
    merged = _with_secrets(merged, sources, wrong)
    if wrong:
        raise ConfigurationFileError(*wrong)
    return Configured(merged, path, sources)


def _path_of(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(VARIABLE)
    if named is not None:
        return Path(named)
    return FILE if FILE.exists() else None


def _plain(data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(data, default=str))


def _problems_of(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is wrong in the file's own terms: types are taken as they are written, secrets are not taken at all."""
    secret: set[tuple[str | int, ...]] = set()
    for key, setting, instead in _secret_keys(data):
        value = _value_at(data, key)
        if setting.name == "urls" or (isinstance(value, str) and "@" in value):
            secret.add(key)
            variable = f", or into {setting.variable}" if setting.variable else ""
            text = f"holds what must stay secret; put it into a file of its own that {instead} names{variable}"
            yield Problem(key, text)
    try:
        Configuration.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            place = tuple(details["loc"])
            if not any(place[: len(known)] == known for known in secret):
                yield _problem(place, details)


def _problem(key: tuple[str | int, ...], details: ErrorDetails) -> Problem:
    value = details["input"]
    names = tuple(part for part in key if isinstance(part, str))
    if details["type"] == "extra_forbidden":
        return Problem(names, f"is no setting; {nearest(names[-1], _known_beside(names))}")
    hidden = names[-1].startswith("proxy") or isinstance(value, dict)
    text = _reason_of(details)
    return Problem(names, text, None if hidden else value)


def _reason_of(details: ErrorDetails) -> str:
    text = details["msg"].removeprefix("Value error, ")
    if details["type"] in {"model_type", "dict_type", "model_attributes_type"}:
        return "expected a table"
    return text.replace("Input should be", "expected").replace("String should", "expected to")


def _known_beside(names: tuple[str, ...]) -> list[str]:
    if len(names) == 1:
        return [*Configuration.model_fields]
    if names[0] == "site":
        return [*SiteSettings.model_fields]
    return [*sections()[names[0]].model_fields]


def _secret_keys(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Setting, str]]:
    """Yield the place of every setting in the file that may hold a secret, and what to write instead."""
    for name, section in sections().items():
        for setting in settings_of(name, section):
            if setting.secret and isinstance(data.get(name), dict) and setting.name in data[name]:
                yield (name, setting.name), setting, setting.secret.instead
    tables = data.get("site")
    for site, table in tables.items() if isinstance(tables, dict) else ():
        for setting in settings_of(f"site.{site}", SiteSettings):
            if setting.secret and isinstance(table, dict) and setting.name in table:
                yield ("site", site, setting.name), setting, setting.secret.instead


def _value_at(data: Any, key: tuple[str, ...]) -> Any:  # noqa: ANN401 - TOML
    for part in key:
        data = data[part]
    return data


def _keys_of(data: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, table in data.items():
        for field, value in table.items():
            if name == "site":
                yield from ((name, field, inner) for inner in value)
            else:
                yield name, field


def _with_paths_below(configuration: Configuration, data: Mapping[str, Any], folder: Path) -> Configuration:
    """Return the configuration with the paths that the file gives taken from the file's own folder."""
    updates: dict[str, dict[str, object]] = {}
    for name in sections():
        section = getattr(configuration, name)
        for field in data.get(name, ()):
            if isinstance(value := getattr(section, field), Path):
                updates.setdefault(name, {})[field] = folder / value
    moved = _updated(configuration, updates)
    sites = {
        name: own.model_copy(update={"proxy_file": folder / own.proxy_file}) if own.proxy_file else own
        for name, own in moved.site.items()
    }
    return moved.model_copy(update={"site": sites})


def _updated(configuration: Configuration, updates: Mapping[str, Mapping[str, object]]) -> Configuration:
    changed = {name: getattr(configuration, name).model_copy(update=values) for name, values in updates.items()}
    return configuration.model_copy(update=changed)


def _read_variable(setting: Setting, value: str) -> object:
    """Return a variable's value as its setting has it. Raises ValueError."""
    section: type[Section] = sections()[setting.section]
    info = section.model_fields[setting.name]
    kind: Any = Annotated[info.annotation, info]
    return TypeAdapter(kind).validate_python(value)


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return _reason_of(error.errors(include_url=False)[0])
    return str(error)


def _shown(setting: Setting, value: str) -> str:
    return "" if setting.secret else f", found {value!r}"


def _with_secrets(configuration: Configuration, sources: dict[str, str], wrong: list[str]) -> Configuration:
    """Return the configuration with the secrets that files hold; a variable that holds one goes before a file."""
    crawl, alarms = configuration.crawl, configuration.alarms
    if crawl.proxy_file and not sources["crawl.proxy"].startswith("environment"):
        proxy = _read_secret(crawl.proxy_file, Proxy, wrong)
        crawl = crawl.model_copy(update={"proxy": proxy})
        sources["crawl.proxy"] = str(crawl.proxy_file)
    if alarms.urls_file and not sources["alarms.urls"].startswith("environment"):
        urls = _read_secret(alarms.urls_file, Secrets, wrong) or Secrets()
        alarms = alarms.model_copy(update={"urls": urls})
        sources["alarms.urls"] = str(alarms.urls_file)
    sites = {}
    for name, own in configuration.site.items():
        proxy = _read_secret(own.proxy_file, Proxy, wrong) if own.proxy_file else own.proxy
        sites[name] = own.model_copy(update={"proxy": proxy})
    return configuration.model_copy(update={"crawl": crawl, "alarms": alarms, "site": sites})


def _read_secret(path: Path, kind: Any, wrong: list[str]) -> Any:  # noqa: ANN401 - one of the classes of values
    """Return what a file of secrets holds; what is wrong with it is told without repeating it."""
    try:
        text = read_text(path, ConfigurationFileError)
        return kind.read(text if kind is Secrets else text.strip().partition("\n")[0])
    except (ConfigurationFileError, ValueError) as error:
        wrong.append(str(error) if isinstance(error, ConfigurationFileError) else f"{path}:1: {error}")
        return None
