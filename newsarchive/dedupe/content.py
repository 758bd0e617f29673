"""The `content-1` digest: two readings of an article with the same digest are one revision."""

import json
import unicodedata
from urllib.parse import urlsplit

from newsarchive.digests import sha256_hex
from newsarchive.records.article import Article

SCHEME = "content-1"


def content_digest(article: Article) -> str:
    """Return `content-1:sha256:` and hex over what an editor of the page can change.

    Title, date, instant, source, author, roles, body and attachments; in NFC, white space collapsed, URLs without
    scheme and host. Never clicks, side lists, tags, section, warnings: they change while the article does not.
    """
    dumped = article.model_dump(mode="json", include={"roles", "body"})
    parts = [
        article.title,
        article.date.isoformat() if article.date else None,
        article.published_at.isoformat() if article.published_at else None,
        article.source,
        article.author,
        dumped["roles"],
        [_block(block) for block in dumped["body"]],
        [[_local(attachment.url), attachment.title] for attachment in article.attachments],
    ]
    encoded = json.dumps(_folded(parts), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{SCHEME}:sha256:{sha256_hex(encoded.encode('utf-8', 'surrogatepass'))}"


def _block(block: dict[str, object]) -> dict[str, object]:
    url = block.get("url")
    return {**block, "url": _local(url)} if isinstance(url, str) else block


def _local(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _folded(value: object) -> object:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    if isinstance(value, dict):
        return {key: _folded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_folded(item) for item in value]
    return value
