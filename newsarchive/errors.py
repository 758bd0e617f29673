"""Every error newsarchive raises on purpose, arranged by who has to act.

The operator acts on a `ConfigurationError` or a `StoreError`, the maintainer of a site on a
`PageError`. Each class carries the exit code that the command line ends with.
"""

from typing import ClassVar


class NewsarchiveError(Exception):
    """Base of every deliberate error; its text is one line: what is wrong, where, what to do."""

    exit_code: ClassVar[int] = 1


class ConfigurationError(NewsarchiveError):
    """Something the operator typed or wrote down cannot be used."""

    exit_code = 2


class WrittenError(ConfigurationError):
    """What the operator wrote down cannot be used; a line for each thing that is wrong says where it is."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that is wrong, each on one line."""
        return tuple(str(problem) for problem in self.args)

    def __str__(self) -> str:
        """Return everything that is wrong."""
        return "; ".join(self.lines)


class SiteFileError(WrittenError):
    """A site file cannot be used; each line names file, line, field and what was expected."""


class ConfigurationFileError(WrittenError):
    """Settings cannot be used; each line says where one is given, in the file or the environment."""


class UnknownSiteError(ConfigurationError):
    """No site file declares the name."""


class ForeignOriginError(ConfigurationError):
    """A collection holds pages of another origin than the one this run would crawl."""


class MissingExtraError(ConfigurationError):
    """Something was asked for that needs an optional dependency; the text says what to install."""


class ProxyRefusedError(ConfigurationError):
    """The proxy does not take the user and the password that it was given, or none were."""


class UnsafeArchiveError(ConfigurationError):
    """A file that was handed over is no archive, or is made to do harm; nothing of it was read further."""


class StoreError(NewsarchiveError):
    """A collection cannot be read or written; nothing in it was changed by the failed step."""

    exit_code = 5


class CollectionLockedError(StoreError):
    """Another process writes this collection."""

    exit_code = 4


class AlreadyWatchedError(StoreError):
    """Another process watches this archive."""

    exit_code = 4


class StorageError(StoreError):
    """The disk is full, failing or may not be written."""


class DamageError(StoreError):
    """Bytes that were kept are not what they were; the text names file and offset."""

    exit_code = 6


class StaleCatalogueError(StoreError):
    """The catalogue does not fit the files it indexes; `rebuild` makes it again."""

    exit_code = 6


class UnreachableSiteError(NewsarchiveError):
    """No host of the site answered."""

    exit_code = 7


class DegradedSiteError(NewsarchiveError):
    """The site answers, and so oddly that its answers are not believed."""

    exit_code = 7


class ForbiddenAddressError(NewsarchiveError):
    """A host's name leads to an address that no crawl may connect to."""


class UntrustedCertificateError(NewsarchiveError):
    """A host's certificate is vouched for by nobody who is trusted, and is not the one that the operator pinned."""


class PageError(NewsarchiveError):
    """A page does not give an article; the class says what the page is instead.

    `name` is the stable word that is counted, logged and printed by `newsarchive try --json`.
    """

    name: ClassVar[str] = "page-error"


class EmptyPageError(PageError):
    """There are no bytes, or none that show a reader anything."""

    name = "empty-page"


class NotHtmlError(PageError):
    """The bytes are not HTML (a PDF, an image, an archive), whatever their name says."""

    name = "not-html"


class PageTooLargeError(PageError):
    """The page is larger or deeper than a parser may try."""

    name = "page-too-large"


class NotAnArticleError(PageError):
    """A readable page that is no article and none of the kinds named below."""

    name = "not-an-article"


class ListPageError(NotAnArticleError):
    """A list page: many links to articles, a pager, no text of its own."""

    name = "list-page"


class SoftNotFoundError(NotAnArticleError):
    """The server said 200, the page says that there is nothing here."""

    name = "soft-404"


class LoginWallError(NotAnArticleError):
    """The page asks for a login before it shows anything."""

    name = "login-wall"


class ScriptOnlyError(NotAnArticleError):
    """The page holds scripts that would build it, and no text."""

    name = "script-only"


class UnknownTemplateError(PageError):
    """The page looks like an article, and nothing on it says where the article is."""

    name = "unknown-template"


class MissingFieldError(PageError):
    """The page has an info line, and no title or no body: a sign of a changed template."""

    name = "missing-field"


class UnreadableFieldError(PageError):
    """A label has a value that cannot be read, such as a date that is none."""

    name = "unreadable-field"


class ContentCodingError(PageError):
    """The body cannot be decoded as its Content-Encoding says; it is kept as it came."""

    name = "bad-content-coding"


class TruncatedContentError(ContentCodingError):
    """The encoded body ends before its end mark, or its check sum says that bytes are missing."""

    name = "truncated"


class ContentTooLargeError(ContentCodingError):
    """The body decodes to more bytes than may be held; decoding stopped there."""

    name = "too-large"
