"""Whose pages a collection holds, as the descriptions of its datasets and its citations say it."""

from typing import Self

from newsarchive.records.model import Record
from newsarchive.records.site import Site


class Description(Record):
    """What a site file says of the institute; a snapshot keeps it, so that it can be made again when that changes."""

    site: str
    """Name of the site."""
    title: str
    """The institute's name as people know it."""
    title_en: str | None = None
    """The same in English; null where the site file has none."""
    home: str
    """URL of the home page at the origin that the collection was crawled from."""
    language: str
    """Main language of the pages, as in the site file."""
    rights: str | None = None
    """What the institute says of the use of its pages; null where the site file says nothing."""
    curator: str | None = None
    """Who keeps the archive; null: nobody is named."""

    @classmethod
    def of(cls, site: Site) -> Self:
        """Return what the file of `site` says."""
        return cls(
            site=site.name, title=site.title, title_en=site.title_en, home=site.home, language=site.language,
            rights=site.rights, curator=site.curator,
        )  # fmt: skip

    @classmethod
    def of_origin(cls, name: str, origin: str) -> Self:
        """Return what is known where there is no site file: name and origin, and no language."""
        return cls(site=name, title=name, home=f"{origin}/", language="und")

    @property
    def names(self) -> str:
        """The institute's name, with the English one in parentheses where there is one."""
        return f"{self.title} ({self.title_en})" if self.title_en else self.title
