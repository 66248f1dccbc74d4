"""`segmentry run`: Slack and the weekly schedule in one process, until stopped."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_sdk import WebClient

from analytics.errors import WrongUsage
from analytics.publish import publish
from analytics.schema import require_current
from bot import delivery
from bot.app import Services
from bot.claims import Claims
from bot.desk import Desk
from bot.logs import log
from bot.schedule import (
    TellOwner,
    refit_in_own_process,
    start_clock,
    tell_due,
    weekly_run,
)
from bot.settings import Tokens, tokens
from bot.slack.app import build_slack, start_socket
from bot.slack.directory import Directory
from bot.slack.groups import Groups
from bot.slack.http import SlackHttp
from bot.subscriptions import telling

HEALTH_S = 300


def serve(services: Services, *, http: tuple[str, int] | None = None) -> None:
    """Finish what a crash left, connect to Slack, start the clock, wait for a signal to stop.

    ``http``: listen there for signed events instead of opening a socket to Slack.

    Raises SegmentryError for pending migrations and WrongUsage for missing or refused tokens.
    """
    secrets = tokens()
    _require_tokens(secrets, "SLACK_SIGNING_SECRET" if http else "SLACK_APP_TOKEN")
    require_current(services.store)
    publish(services.store)
    services.conversations.prepare()
    client = delivery.make_client(secrets.bot_token, secrets.api_url)
    app = build_slack(
        Desk(services, Groups(client).members, Directory(client)),
        bot_token=secrets.bot_token,
        base_url=secrets.api_url,
        claims=services.settings.place.claims,
        signing_secret=secrets.signing_secret or None,
        allow_external=services.settings.slack.allow_external,
    )
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    slack = SlackHttp(app, *http) if http else start_socket(app, secrets.app_token)
    clock = start_clock(
        services,
        lambda: run_weekly(services, app.client),
        lambda: tell_subscribers(services, app.client),
    )
    how = f"listening on port {slack.port}" if isinstance(slack, SlackHttp) else "Slack connected"
    log.info("running: %s, next weekly run by the clock", how)
    try:
        while not stopped.wait(HEALTH_S):
            log.info(
                "health: %s, last event %.0f s ago",
                "connected" if slack.connected else "NOT connected",
                slack.seconds_since_event,
            )
    finally:
        clock.shutdown(wait=False)
        slack.stop()
        log.info("stopped")


def run_weekly(
    services: Services, client: WebClient, refit: Callable[[], dict[str, Any]] | None = None
) -> None:
    """One wake-up for the weekly run; the owner is told of each trouble once in two days."""
    weekly_run(
        services,
        refit=refit or (lambda: refit_in_own_process(services)),
        tell=partial(telling.tell, services, client),
        tell_owner=_owner(services, client),
    )
    services.conversations.prepare()


def tell_subscribers(services: Services, client: WebClient) -> None:
    """One wake-up for those with a moment of their own."""
    tell_due(services, partial(telling.tell, services, client), _owner(services, client))


def _owner(services: Services, client: WebClient) -> TellOwner:
    """Tells the owner of a trouble, once in two days."""
    told = Claims(services.settings.place.claims)
    owner = services.settings.slack.owner

    def tell(trouble: str, text: str) -> bool:
        key = f"owner told: {trouble}"
        if not owner or told.holds(key):
            return True
        if delivery.tell_owner(client, owner, text):
            told.refresh(key)
            return True
        return False

    return tell


def _require_tokens(secrets: Tokens, also: str) -> None:
    held = {
        "SLACK_BOT_TOKEN": secrets.bot_token,
        "SLACK_APP_TOKEN": secrets.app_token,
        "SLACK_SIGNING_SECRET": secrets.signing_secret,
    }
    missing = [name for name in ("SLACK_BOT_TOKEN", also) if not held[name]]
    if missing:
        raise WrongUsage(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set in the "
            "environment.",
            "The README's section on Slack says where to copy them from; `segmentry ask` and "
            "`segmentry refit` work without.",
        )
