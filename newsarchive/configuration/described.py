"""The commented template and docs/configuration.md, made from the settings' classes so that they cannot drift.

`python -m newsarchive.configuration.described --write` writes the page; without `--write` it says whether it is
current.
"""

import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

from newsarchive.configuration.model import Configuration, Setting, SiteSettings, sections, settings_of

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
BEGIN = "<!-- settings: made by `make dictionary`, do not edit -->"
END = "<!-- end of settings -->"
WIDTH = 100


def template() -> str:
    """Return a configuration file in which every setting has its default or is commented out."""
    lines = [
        "# Settings of newsarchive. The working folder's newsarchive.toml is read, or the file that NEWSARCHIVE_CONFIG",
        "# names. A variable in the environment goes before a line here, an option of the command line before both.",
    ]
    for name, section in sections().items():
        lines += ["", f"[{name}]", *_comment(section.__doc__ or "")]
        for setting in settings_of(name, section):
            lines += ["", *_comment(setting.help + (f" Variable: {setting.variable}." if setting.variable else ""))]
            lines.append(_line(setting, _default(setting)))
    lines += ["", *_comment(SiteSettings.__doc__ or ""), "# [site.icas]"]
    lines += [_line(setting, None) for setting in settings_of("site.icas", SiteSettings)]
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Return the settings in Markdown, a table for each section."""
    parts = []
    for name, section in sections().items():
        parts.append(f"### `[{name}]`\n\n{_joined(section.__doc__)}\n\n{_table(settings_of(name, section))}")
    parts.append(f"### `[site.NAME]`\n\n{_joined(SiteSettings.__doc__)}\n\n{_table(settings_of('site', SiteSettings))}")
    return "\n\n".join(parts)


def with_tables(page: str) -> str:
    """Return the Markdown `page` with the current tables between its two markers."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"expected the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def _table(settings: Iterable[Setting]) -> str:
    rows = ["| setting | default | variable | meaning |", "| --- | --- | --- | --- |"]
    for setting in settings:
        default = _default(setting) if setting.section != "site" else None
        shown = "none" if default is None else f"`{default}`"
        rows.append(
            f"| `{setting.name}` | {shown} | {f'`{setting.variable}`' if setting.variable else ''} | {setting.help} |"
        )
    return "\n".join(rows)


def _default(setting: Setting) -> str | None:
    """Return the default as TOML spells it; None where there is none, or where the file may not give a value."""
    value = getattr(getattr(Configuration(), setting.section), setting.name)
    if value is None or (setting.secret and setting.name == "urls"):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _line(setting: Setting, default: str | None) -> str:
    if default is not None:
        return f"{setting.name} = {default}"
    if setting.example is None:
        return f"# {setting.name} is not given here"
    quoted = setting.example if setting.example.isdigit() else f'"{setting.example}"'
    return f"# {setting.name} = {quoted}"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(_joined(text), WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _joined(text: str | None) -> str:
    return " ".join((text or "").split())


def main(arguments: list[str]) -> int:
    """Write the page, or return 1 if it is not what the settings give."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = with_tables(page)
    if "--write" in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    return int(page != wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
