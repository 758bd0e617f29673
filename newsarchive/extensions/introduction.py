"""How a crawl introduces itself, to the sites it asks and in the captures it keeps."""

from urllib.parse import urlsplit

import newsarchive
from newsarchive.configuration.values import Proxy
from newsarchive.digests import sha256_hex
from newsarchive.records.site import Site

SOFTWARE = f"newsarchive/{newsarchive.__version__}"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_live(site: Site) -> bool:
    """Tell whether a crawl of `site` would ask any host but this machine."""
    return any(is_live_host(host) for host in site.visited_hosts)


def is_live_host(host: str) -> bool:
    """Tell whether `host`, with or without a port, is any but this machine."""
    return urlsplit(f"//{host}").hostname not in LOOPBACK


def user_agent(contact: str | None) -> str:
    """Return how we introduce ourselves: what we are, and where our operator is reached."""
    return f"{SOFTWARE} (+{contact})" if contact else SOFTWARE


def warcinfo_fields(site: Site, contact: str | None, proxy: Proxy | None = None) -> dict[str, str]:
    """Return the fields of the warcinfo record (WARC 1.1, section 6.2); a `proxy` is named without its password."""
    fields = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "http-header-user-agent": user_agent(contact),
        "isPartOf": site.name,
        "description": f"News of {site.title}, {site.origin}",
        "site-file-digest": f"sha256:{sha256_hex(site.model_dump_json().encode())}",
    }
    if proxy is not None and is_live(site):
        fields["proxy"] = str(proxy)
    return {**fields, "operator": contact} if contact else fields
