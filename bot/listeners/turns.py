"""One turn of a conversation: a message that is for the bot, answered once in its thread."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Lock
from typing import Any, Protocol

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import delivery
from bot.blocks import unescape
from bot.claims import Claims
from bot.listeners.outsiders import Outsiders
from bot.reply import Reply

log = logging.getLogger(__name__)

Event = Mapping[str, Any]

STATUS = "is looking at the numbers…"
_STATUS_WAIT_S = 0.5
_FROM_PEOPLE = (None, "file_share", "thread_broadcast")


class Services(Protocol):
    """What the listeners need of the product."""

    def ask(self, text: str, conversation: str, user: str) -> Sequence[Reply]:
        """The replies to a message; none where it calls for none."""


class Turns:
    """Takes turns: drops what is not for the bot, claims, asks, delivers.

    ``claims`` holds the events taken; ``threads`` the threads the bot has answered in, where it
    goes on answering without a mention.
    """

    def __init__(
        self, services: Services, claims: Claims, threads: Claims, outsiders: Outsiders
    ) -> None:
        self._services = services
        self._claims = claims
        self._threads = threads
        self._outsiders = outsiders
        self._statuses = ThreadPoolExecutor(8, thread_name_prefix="status")
        self._conversations = tuple(Lock() for _ in range(256))
        self._newest_in_dm: dict[str, str] = {}

    def take(self, client: WebClient, context: BoltContext, body: Event) -> None:
        """Answers the message of an event in its thread, unless another delivery already did."""
        event = body["event"]
        if event.get("subtype") not in _FROM_PEOPLE or event.get("bot_id"):
            return
        channel, ts = event["channel"], event["ts"]
        if not self._claims.claim(f"message {channel} {ts}", f"event {body.get('event_id', ts)}"):
            log.info("message %s %s came again", channel, ts)
            return
        shared = body.get("is_ext_shared_channel")
        message = {**event, "is_ext_shared_channel": shared}
        if refusal := self._outsiders.refuse(client, context, message):
            log.warning("message %s %s not answered: %s", channel, ts, refusal)
            return
        self._answer(
            client,
            channel,
            event.get("thread_ts") or ts,
            self._conversation(channel, event.get("thread_ts"), ts),
            event.get("user", ""),
            spoken(event.get("text") or "", context.bot_user_id or ""),
        )

    def click(
        self, client: WebClient, context: BoltContext, body: Event, action_ts: str, question: str
    ) -> None:
        """Asks ``question`` for the person who clicked, in the thread of the message clicked on."""
        channel, user, message = body["channel"]["id"], body["user"], body["message"]
        thread = message.get("thread_ts") or message["ts"]
        if not self._claims.claim(f"click {channel} {message['ts']} {action_ts}"):
            return
        clicked = {"channel": channel, "user": user["id"], "team": user.get("team_id")}
        if refusal := self._outsiders.refuse(client, context, {**clicked, "thread_ts": thread}):
            log.warning("click in %s not answered: %s", channel, refusal)
            return
        conversation = self._conversation(channel, thread, thread)
        self._answer(client, channel, thread, conversation, user["id"], question)

    def _answer(
        self,
        client: WebClient,
        channel: str,
        thread: str,
        conversation: str,
        user: str,
        question: str,
    ) -> None:
        """Asks and posts the replies under ``thread``; questions of a conversation one by one."""
        status = self._statuses.submit(delivery.show_status, client, channel, thread, STATUS)
        with self._conversations[hash(conversation) % len(self._conversations)]:
            replies = self._services.ask(question, conversation, user)
            wait([status], timeout=_STATUS_WAIT_S)  # a status set after the answer would stay
            for reply in replies:
                delivery.send(client, channel, thread, reply)
        self._threads.refresh(f"{channel} {thread}")

    def expects(self, event: Event, bot_user: str) -> bool:
        """Whether a message that mentions nobody's name is still for the bot."""
        if _direct(event["channel"]):
            return True
        text = event.get("text") or ""
        if f"<@{bot_user}>" in text or text.startswith("<@"):  # the first comes as app_mention too
            return False
        thread = event.get("thread_ts")
        if thread is None:
            return False
        return event.get("parent_user_id") == bot_user or self._threads.holds(
            f"{event['channel']} {thread}"
        )

    def _conversation(self, channel: str, thread: str | None, ts: str) -> str:
        """One conversation a thread; in a direct message also one outside threads.

        The thread under the newest direct question goes on with that question's conversation.
        """
        if _direct(channel):
            if thread is None:
                self._newest_in_dm[channel] = ts
            if thread is None or self._newest_in_dm.get(channel) == thread:
                return channel
        return f"{channel} {thread or ts}"


def spoken(text: str, bot_user: str) -> str:
    """A message as the person typed it: no mention of the bot, no markup of links, no entities."""
    text = text.replace(f"<@{bot_user}>", " ")
    text = re.sub(r"<[^<>|]*\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<([@#!]?[^<>|]+)>", r"\1", text)
    return unescape(text).strip()


def _direct(channel: str) -> bool:
    return channel.startswith("D")
