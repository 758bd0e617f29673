"""CITATION.cff: how to cite a dataset (Citation File Format 1.2.0)."""

import yaml

from newsarchive.datasets.release import Release

CITATION_FILE = "CITATION.cff"


def citation_file(release: Release) -> str:
    """Return the file's text; without an article there is no day of release.

    It names no licence: the texts are not this dataset's to license.
    """
    found: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, cite it as below, and each article as `newsarchive cite` gives it.",
        "type": "dataset",
        "title": release.title,
        "abstract": f"{release.summary} {release.rights}",
        "authors": [{"name": release.author}],
        "version": release.version,
        "url": release.about.home,
        "keywords": ["news archive", "web archive", release.about.title],
    }
    if released_on := release.coverage.released_on:
        found["date-released"] = released_on.isoformat()
    return yaml_text(found)


def yaml_text(values: dict[str, object]) -> str:
    """Return a mapping as YAML, in its order; texts that YAML would take for something else are quoted."""
    text: str = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=110)
    return text
