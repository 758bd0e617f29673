"""Opens a collection as the settings of a crawl say."""

import time
from pathlib import Path

from scrapy import Spider
from scrapy.settings import BaseSettings

from newsarchive.errors import ConfigurationError
from newsarchive.extensions.introduction import warcinfo_fields
from newsarchive.sites.scope import Scope
from newsarchive.store.opening import Opened, open_collection


def open_for_crawl(scope: Scope, spider: Spider | None, settings: BaseSettings) -> Opened:
    """Open the collection that `spider` fills. Raises as `open_collection`, and `ConfigurationError` for a setting."""
    return open_collection(
        Path(settings["NEWSARCHIVE_HOME"]),
        scope,
        warcinfo=warcinfo_fields(scope.site, settings.get("NEWSARCHIVE_CONTACT"), getattr(spider, "proxy", None)),
        clock=time.time,
        min_free_bytes=settings.getint("NEWSARCHIVE_MIN_FREE_MB") * 1024**2,
        recheck_budget=settings.getint("NEWSARCHIVE_RECHECK_BUDGET") or None,
        confirm_days=_confirm_days(settings),
        full=bool(getattr(spider, "full", False)),
    )


def _confirm_days(settings: BaseSettings) -> float:
    value = settings.get("NEWSARCHIVE_REMOVAL_DAYS")
    try:
        days = float(value)
    except (TypeError, ValueError):
        days = 0.0
    if not 1.0 <= days < float("inf"):
        raise ConfigurationError(f"NEWSARCHIVE_REMOVAL_DAYS={value!r}: expected a number of days, 1 or more")
    return days
