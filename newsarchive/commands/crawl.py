"""`scrapy crawl SITE`: Scrapy's own command, ending as `newsarchive crawl` does."""

import argparse
import sys

from scrapy.commands.crawl import Command as ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newsarchive.errors import NewsarchiveError
from newsarchive.run import run_to_end
from newsarchive.spiders.loader import SiteSpiderLoader


class Command(ScrapyCommand):
    """Scrapy's command with the exit codes of the README, and one line on standard error where something went wrong.

    Scrapy's own ends with 0 however a crawl ended once it ran, and shows a traceback where one could not begin.
    """

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """See whether `args` names one site, before anything is set up."""
        super().process_options(args, opts)
        if len(args) != 1:
            raise UsageError("name one site; `scrapy list` shows them, `newsarchive crawl` takes several")
        try:
            SiteSpiderLoader.from_settings(self.settings or BaseSettings()).load(args[0])
        except KeyError as error:
            raise UsageError(str(error.args[0]), print_help=False) from error
        except NewsarchiveError as error:
            raise UsageError(str(error), print_help=False) from error

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl the site that `args` names, with the spider arguments in `opts`."""
        process = self.crawler_process
        if not isinstance(process, AsyncCrawlerProcess):
            super().run(args, opts)
            return
        (ended,) = run_to_end(process, [(self._create_crawler(args[0]), opts.spargs)])
        self._end(ended.error, ended.exit_code)

    def _end(self, error: NewsarchiveError | None, code: int) -> None:
        if error is not None:
            text = "".join(character if character.isprintable() else " " for character in str(error))
            print(f"newsarchive: {' '.join(text.split())}", file=sys.stderr)  # noqa: T201
        self.exitcode = code
