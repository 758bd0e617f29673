"""What follows a run, whoever started it: alarms and figures. What goes wrong here changes nothing of the run."""

import time
from pathlib import Path

import typer

from newsarchive.configuration import Configuration, read_configuration
from newsarchive.errors import NewsarchiveError
from newsarchive.loglines import LogLines
from newsarchive.monitoring.alarms import Alarms
from newsarchive.monitoring.judgement import judged
from newsarchive.monitoring.metrics import write_metrics
from newsarchive.monitoring.services import send_test_notification
from newsarchive.records.run import RunReport
from newsarchive.records.site import Site
from newsarchive.timestamps import utc


class Aftermath:
    """Tells people and programs how runs of one archive ended."""

    def __init__(self, configuration: Configuration, archive: Path, lines: LogLines) -> None:
        self._archive = archive
        self._metrics = configuration.metrics.file
        self._lines = lines
        self._alarms = Alarms(archive, configuration.alarms.urls, self._complain)

    def settle(self, site: Site, code: int, report: RunReport | None, error: str | None) -> None:
        """Take note of how a run of `site` ended: its exit code, its report and its error, if it had them."""
        judgement = judged(code, report, error)
        if judgement is not None and self._archive.is_dir():
            self._alarms.settle(site, judgement, utc(time.time()))

    def publish(self) -> None:
        """Write the figures, where that is wanted."""
        if self._metrics is None or not self._archive.is_dir():
            return
        try:
            write_metrics(self._archive, self._metrics)
        except NewsarchiveError as error:
            self._complain(str(error))

    def _complain(self, text: str) -> None:
        self._lines.tell("error", None, f"newsarchive: {text}")


def test_notification() -> None:
    """Send a test message to every notification service; raises as `send_test_notification`."""
    count = send_test_notification(read_configuration().alarms.urls)
    typer.echo(f"{count} notification service{'s' if count > 1 else ''} took the test message")
