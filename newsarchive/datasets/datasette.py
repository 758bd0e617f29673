"""What Datasette is told of a site's SQLite file: facets, the meaning of columns, and a search that finds Chinese."""

import json

from newsarchive.datasets.database import database_columns
from newsarchive.datasets.tables import TABLES

METADATA = "datasette.json"

FACETS = {
    "articles": ["section", "source", "column", "language", "status"],
    "links": ["list", "in_archive"],
    "attachments": ["type"],
    "changes": ["change"],
    "revisions": ["cause", "status"],
}

SEARCH_SQL = """\
WITH RECURSIVE pairs (at) AS (
  SELECT 1 UNION ALL SELECT at + 1 FROM pairs WHERE at < length(:word) - 1
)
SELECT id, date, section, source, title, url
FROM articles
WHERE rowid IN (
  SELECT rowid FROM search
  WHERE search MATCH (
    SELECT CASE WHEN length(:word) > 1
      THEN '"' || group_concat(substr(lower(:word), at, 2), ' ') || '"'
      ELSE '"' || :word || '" *' END
    FROM pairs))
ORDER BY date DESC, id
LIMIT 100"""
"""Finds a Chinese word in plain SQL: its pairs of characters as a phrase, or one character as a prefix."""


def metadata_text(site: str) -> str:
    """Return the metadata file for the database of a site: `datasette SITE.sqlite -m datasette.json`."""
    tables = {
        name: {
            "description": table.summary,
            "facets": FACETS[name],
            "size": 50,
            "columns": {column.name: column.description for column in database_columns(name, table.row)},
        }
        for name, table in TABLES.items()
    }
    tables["articles"] |= {"sort_desc": "date", "label_column": "title"}
    database = {
        "tables": tables,
        "queries": {"search": {"title": "Articles that hold a Chinese word", "sql": SEARCH_SQL}},
    }
    return json.dumps({"databases": {site: database}}, ensure_ascii=False, indent=2) + "\n"
