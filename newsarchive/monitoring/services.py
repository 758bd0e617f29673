"""The services that carry a message to people; Apprise speaks to each."""

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from newsarchive.configuration.values import Secrets
from newsarchive.errors import ConfigurationError, MissingExtraError
from newsarchive.extras import install_line


class Message(NamedTuple):
    """What people are told: plain text."""

    title: str
    body: str
    over: bool = False
    """Good news: something is over."""


def send(message: Message, addresses: Secrets) -> list[str]:
    """Send `message` to every service, and return which did not take it: number and kind, never the address.

    Raises `MissingExtraError` where Apprise is not installed, `ConfigurationError` for an address of no service.
    """
    apprise = _apprise()
    kind = apprise.NotifyType.SUCCESS if message.over else apprise.NotifyType.WARNING
    failed = []
    for name, service in _services(addresses.values):
        sender = apprise.Apprise()
        sender.add(service)
        if not sender.notify(
            body=message.body, title=message.title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
        ):
            failed.append(name)
    return failed


def send_test_notification(addresses: Secrets) -> int:
    """Send a test message to every service, and return how many took it.

    Raises `ConfigurationError` where there is no service, or where one did not take it; else as `send`.
    """
    if not addresses.values:
        raise ConfigurationError(
            "no notification service is known; put its address into NEWSARCHIVE_ALARM_URLS, or into a file that "
            "alarms.urls_file names"
        )
    failed = send(Message("newsarchive: a test", "This is how newsarchive tells of a site that broke."), addresses)
    if failed:
        raise ConfigurationError(
            f"{len(failed)} of {len(addresses.values)} notification services did not take the test message: "
            f"{', '.join(failed)}; are the addresses right, the services up?"
        )
    return len(addresses.values)


def _services(addresses: Sequence[str]) -> list[tuple[str, Any]]:
    apprise = _apprise()
    services = []
    for number, address in enumerate(addresses, start=1):
        service = apprise.Apprise.instantiate(address)
        if service is None:
            raise ConfigurationError(
                f"notification address {number} is none that Apprise knows; see the list of services in its manual"
            )
        services.append((f"{number} ({service.service_name})", service))
    return services


def _apprise() -> Any:  # noqa: ANN401 - it has no types
    try:
        import apprise  # noqa: PLC0415 - an extra, and a quarter of a second
    except ImportError as error:
        raise MissingExtraError(f"notifications need Apprise; type: {install_line('monitor')}") from error
    # What it logs of a failure holds addresses, and so passwords.
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return apprise
