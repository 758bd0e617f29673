"""Scrapy's settings where they differ from its defaults, each with its reason.

Every name is a Scrapy setting (https://docs.scrapy.org/en/2.19/topics/settings.html) or begins with NEWSARCHIVE_.
"""

import os
import sys

from newsarchive.configuration import read_configuration
from newsarchive.errors import ConfigurationFileError

try:
    _configuration = read_configuration()
except ConfigurationFileError as error:  # `scrapy` imports this before anything of ours could say it in one line
    for _line in error.lines:
        print(f"newsarchive: {_line}", file=sys.stderr)  # noqa: T201
    raise SystemExit(error.exit_code) from None

BOT_NAME = "newsarchive"
SPIDER_MODULES = ["newsarchive.spiders"]
SPIDER_LOADER_CLASS = "newsarchive.spiders.loader.SiteSpiderLoader"  # one spider for each site file
COMMANDS_MODULE = "newsarchive.commands"  # `scrapy crawl` with exit codes, and one line for what went wrong

NEWSARCHIVE_HOME = str(_configuration.folders.archive)
NEWSARCHIVE_EXPORTS = str(_configuration.folders.exports)
NEWSARCHIVE_SITES = str(_configuration.folders.sites)
NEWSARCHIVE_CONTACT = _configuration.crawl.contact

# The catalogue is the frontier, so nothing else may queue, filter, retry or redirect.
SCHEDULER = "newsarchive.scheduler.CatalogueScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
ROBOTSTXT_OBEY = False  # fetched, captured and judged by us: Scrapy reads a 503 as rules
NEWSARCHIVE_MIN_FREE_MB = _configuration.crawl.min_free_mb
NEWSARCHIVE_RECHECK_BUDGET = _configuration.crawl.recheck_budget
NEWSARCHIVE_REMOVAL_DAYS = _configuration.crawl.removal_days

# Evidence: bytes as on the wire reach us, broken ones too.
DOWNLOAD_HANDLERS = {
    "http": "newsarchive.handler.TeeDownloadHandler",
    "https": "newsarchive.handler.TeeDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_FAIL_ON_DATALOSS = False  # with True nothing arrives that could be kept
COMPRESSION_ENABLED = False  # undone by our strict decoder: Scrapy's takes a cut body for a whole one
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# Budgets
DOWNLOAD_MAXSIZE = 8 * 1024**2  # default 1 GiB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30  # default 180; a total, not an idle, limit
URLLENGTH_LIMIT = 2000

# Doors that stay shut
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # on by default since 2.19: a port whose job is to run Python
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False  # no proxy that a shell happens to name
DOWNLOAD_VERIFY_CERTIFICATES = True
REFERER_ENABLED = False
REFERRER_POLICY = "no-referrer"

# Speed: what these cost, and what they do for us, which is nothing
CONCURRENT_ITEMS = 1  # the default, 100, starts a hundred tasks for every response
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 8
DOWNLOAD_DELAY = 0  # paced by our scheduler, which remembers Crawl-delay
if sys.platform != "win32":
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"
# The parts of Scrapy that run, named one by one. Its lists of what runs by default grow, in 2.19 by a port whose job is
# to run Python, and naming what is not wanted still loads it: a tenth of a start.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}  # status, depth and length are judged where links are found
ITEM_PIPELINES = {
    "newsarchive.pipelines.validation.ValidationPipeline": 100,
    "newsarchive.pipelines.revisions.UnchangedPipeline": 200,
    "newsarchive.pipelines.store.StorePipeline": 300,
}
EXTENSIONS = {
    "newsarchive.extensions.collection.CollectionExtension": 100,
    "newsarchive.extensions.progress.ProgressExtension": 200,
}
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
}
STATS_DUMP = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the spider's source again for each class of callback
FEED_EXPORT_ENCODING = "utf-8"
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1024  # a guard: it polls

# Offline and silent: cookies are off, so no list of public suffixes is ever needed, nor fetched.
os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")
