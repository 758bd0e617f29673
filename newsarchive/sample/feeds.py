"""What the sample site says to machines: robots.txt, sitemap, feed."""

import datetime as dt
from email.utils import format_datetime
from html import escape

from newsarchive.sample.articles import ZONE
from newsarchive.sample.site import SampleSite
from newsarchive.sample.vocabulary import institute

_SITEMAP_STEP = 3
_FEED_ENTRIES = 20


def robots(site: SampleSite, crawl_delay_seconds: float) -> str:
    """Return robots.txt."""
    return (
        "User-agent: *\nDisallow: /internal/\nDisallow: /search\n"
        f"Crawl-delay: {crawl_delay_seconds:g}\n\nSitemap: {site.origin}/sitemap.xml\n"
    )


def sitemap(site: SampleSite) -> str:
    """Return a sitemap that knows every third article, as forgotten sitemaps do."""
    entries = "".join(
        f"<url><loc>{escape(site.url(number))}</loc><lastmod>{site.headline(number).entered}</lastmod></url>\n"
        for number in site.numbers[::_SITEMAP_STEP]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def feed(site: SampleSite) -> str:
    """Return an RSS feed of the newest articles."""
    items = "".join(_item(site, number) for number in site.numbers[: -_FEED_ENTRIES - 1 : -1])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{institute().name}</title><link>{site.origin}/</link><description>最近更新</description>\n"
        f"{items}</channel></rss>\n"
    )


def _item(site: SampleSite, number: int) -> str:
    entered = dt.datetime.combine(site.headline(number).entered, dt.time(9), ZONE)
    return (
        f"<item><title>{escape(site.title(number))}</title><link>{escape(site.url(number))}</link>"
        f"<pubDate>{format_datetime(entered)}</pubDate></item>\n"
    )
