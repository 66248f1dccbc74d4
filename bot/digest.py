"""The weekly digest: made from the published copy, posted to a channel once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from slack_sdk import WebClient

from analytics import digests
from analytics.answers.answer import answer
from analytics.errors import SegmentryError
from analytics.model import Query
from bot import delivery, render
from bot.app import Services, answer_context
from bot.logs import log
from bot.reply import Reply
from bot.when import utc

_HISTORY = 200


def weekly_digest(services: Services, as_of: date | None = None) -> tuple[date, Reply]:
    """The digest of a published date, the latest without one, and that date."""
    copy = services.published.latest()
    context = answer_context(services.settings, services.now())
    day = as_of or copy.as_of
    found = answer(copy, Query("digest", as_of=as_of), context=context)
    return day, render.reply(found, context=context)


def post(services: Services, client: WebClient) -> bool:
    """Post the latest digest to the configured channel unless it is there; True if posted now.

    The digest is claimed before it is sent. A claim that never ended, after a crash, is looked
    for in the channel by its key before anything is posted again.

    Raises SegmentryError when no channel is configured or Slack takes no message there.
    """
    channel = services.settings.slack.digest_channel
    if not channel:
        raise SegmentryError(
            "No channel is set for the digest.",
            f"Set digest_channel under [slack] in {services.settings.place.config}.",
        )
    day, reply = weekly_digest(services)
    key = f"digest {day}"
    state = digests.claim(services.store, day, channel, reply.text, now=utc(services.now()))
    if state == "posted":
        return False
    ts = find_posted(client, channel, key) if state == "claimed" else None
    found = ts is not None
    try:
        ts = ts or delivery.send(client, channel, None, _keyed(reply, key))
    finally:
        digests.settle(
            services.store, day, channel, reply.text, message_ts=ts, now=utc(services.now())
        )
    log.info("digest of %s %s in %s", day, "found" if found else "posted", channel)
    return not found


def _keyed(reply: Reply, key: str) -> Reply:
    return replace(reply, meta={**reply.meta, "key": key})


def find_posted(client: WebClient, channel: str, key: str) -> str | None:
    """The ``ts`` of our message with that key among the channel's latest, if it is there."""
    history = client.conversations_history(
        channel=channel, limit=_HISTORY, include_all_metadata=True
    )
    for message in history["messages"]:
        payload = message.get("metadata", {}).get("event_payload", {})
        if payload.get("key") == key:
            return str(message["ts"])
    return None
