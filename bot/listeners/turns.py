"""One turn of a conversation: a message that is for the bot, answered once in its thread."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Lock
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.model import Query
from bot import delivery
from bot.claims import Claims
from bot.listeners import files, recall
from bot.listeners.door import Door
from bot.product import Asked, Product
from bot.slack.text import clean, unescape

log = logging.getLogger(__name__)

Event = Mapping[str, Any]

STATUS = "is looking at the numbers…"
_STATUS_WAIT_S = 0.5
_REMEMBERED = 10_000
_FROM_PEOPLE = (None, "file_share", "thread_broadcast")


class Turns:
    """Takes turns: drops what is not for the bot, claims, asks, delivers.

    ``me`` is the bot's user ID; ``claims`` holds the events taken; ``threads`` the threads the bot
    has answered in, where it goes on answering without a mention.
    """

    def __init__(
        self, product: Product, me: str, claims: Claims, threads: Claims, door: Door
    ) -> None:
        self._product = product
        self._me = me
        self._claims = claims
        self._threads = threads
        self._door = door
        self._statuses = ThreadPoolExecutor(8, thread_name_prefix="status")
        self._conversations = tuple(Lock() for _ in range(256))
        self._newest_in_dm: dict[str, str] = {}
        self._others_threads: set[tuple[str, str]] = set()

    def overhear(self, client: WebClient, context: BoltContext, body: Event) -> None:
        """Takes a message that does not mention the bot where it is for the bot all the same."""
        event = body["event"]
        if _from_person(event) and self._meant(client, event):
            self.take(client, context, body)

    def take(self, client: WebClient, context: BoltContext, body: Event) -> None:
        """Answers the message of an event in its thread, unless another delivery already did."""
        event = body["event"]
        if not _from_person(event):
            return
        channel, ts, thread = event["channel"], event["ts"], event.get("thread_ts")
        if not self._claims.claim(f"message {channel} {ts}", f"event {body.get('event_id', ts)}"):
            log.info("message %s %s came again", channel, ts)
            return
        teams = {event.get(key) for key in ("user_team", "source_team", "team")}
        shared = body.get("is_ext_shared_channel")
        user = event["user"]
        tell = partial(delivery.whisper, client, channel, thread, user)
        if not self._door.admits(
            client, context, user, channel, teams=teams, shared=shared, tell=tell
        ):
            return
        text = spoken(event.get("text") or "", self._me)
        self._answer(client, channel, thread or ts, ts, text, user, thread)

    def click(
        self, client: WebClient, context: BoltContext, body: Event, action_ts: str, question: str
    ) -> None:
        """Asks ``question`` for the person who clicked, in the thread of the message clicked on."""
        channel, user, message = body["channel"]["id"], body["user"], body["message"]
        thread = message.get("thread_ts") or message["ts"]
        if not self.first(f"click {channel} {message['ts']} {action_ts}"):
            return
        if self.admits(client, context, user["id"], user.get("team_id"), channel, thread):
            self._answer(client, channel, thread, action_ts, question, user["id"], thread)

    def ask_privately(
        self, client: WebClient, user: str, channel: str, action_ts: str, question: str
    ) -> None:
        """Asks for a person who clicked on the bot's page; answers in their direct messages."""
        if self.first(f"click {user} {action_ts}"):
            for reply in self._product.ask(Asked(question, user, channel, channel)):
                files.send_agreed(client, self._product, reply, user, channel)
                delivery.send(client, channel, None, reply)

    def first(self, key: str) -> bool:
        """Whether nothing of that key was taken before; it is now."""
        return self._claims.claim(key)

    def admits(
        self,
        client: WebClient,
        context: BoltContext,
        user: str,
        team: str | None,
        channel: str,
        thread: str | None = None,
    ) -> bool:
        """Whether this person may make the bot speak in that channel."""
        tell = partial(delivery.whisper, client, channel, thread, user)
        return self._door.admits(client, context, user, channel, teams={team}, tell=tell)

    def _answer(
        self,
        client: WebClient,
        channel: str,
        root: str,
        ts: str,
        question: str,
        user: str,
        thread: str | None,
    ) -> None:
        """Asks and posts the replies under ``root``; questions of a conversation one by one."""
        conversation = self._conversation(channel, thread, root)
        status = self._statuses.submit(delivery.show_status, client, channel, root, STATUS)
        self._threads.refresh(f"{channel} {root}")
        earlier = self._earlier(client, channel, thread, ts)
        with self._conversations[hash(conversation) % len(self._conversations)]:
            replies = self._product.ask(Asked(question, user, channel, conversation, earlier))
            wait([status], timeout=_STATUS_WAIT_S)  # a status set after the answer would stay
            if not replies:
                delivery.show_status(client, channel, root, "")
            for number, reply in enumerate(replies):
                files.send_agreed(client, self._product, reply, user, channel)
                delivery.send(client, channel, root, reply, key=f"{ts} {number}")

    def _earlier(
        self, client: WebClient, channel: str, thread: str | None, ts: str
    ) -> Callable[[], Query | None]:
        """Looks in Slack for what was asked before, after a restart."""
        if thread:
            return lambda: recall.last_in_thread(client, channel, thread)
        if _direct(channel):
            return lambda: recall.last_in_direct_messages(client, channel, before=ts)
        return lambda: None

    def _meant(self, client: WebClient, event: Event) -> bool:
        """Direct messages are, and replies in the bot's threads unless they address somebody."""
        channel, text, thread = event["channel"], event.get("text") or "", event.get("thread_ts")
        if _direct(channel):
            return True
        if thread is None or f"<@{self._me}>" in text or text.startswith("<@"):
            return False  # a mention of the bot comes as app_mention too
        if event.get("parent_user_id") == self._me or self._threads.holds(f"{channel} {thread}"):
            return True
        return self._takes_part(client, channel, thread)

    def _takes_part(self, client: WebClient, channel: str, thread: str) -> bool:
        """Whether the thread holds a mention of the bot whose event is late or was forgotten."""
        if (channel, thread) in self._others_threads:
            return False
        try:
            found = client.conversations_replies(channel=channel, ts=thread, limit=100)["messages"]
        except (SlackApiError, OSError) as failure:
            log.warning("thread %s %s could not be read: %s", channel, thread, failure)
            return False
        if any(f"<@{self._me}>" in (message.get("text") or "") for message in found):
            return True
        if len(self._others_threads) >= _REMEMBERED:
            self._others_threads.clear()
        self._others_threads.add((channel, thread))
        return False

    def _conversation(self, channel: str, thread: str | None, root: str) -> str:
        """One conversation a thread; in a direct message also one outside threads.

        The thread under the newest direct question goes on with that question's conversation.
        """
        if _direct(channel):
            if thread is None:
                self._newest_in_dm[channel] = root
            if thread is None or self._newest_in_dm.get(channel) == thread:
                return channel
        return f"{channel} {root}"


def spoken(text: str, bot_user: str) -> str:
    """A message as the person sees it: no mention of the bot, no markup of links, no entities.

    Channels and people stay their IDs, ``#C2`` and ``@U2``.
    """
    text = text.replace(f"<@{bot_user}>", " ")
    text = re.sub(r"<([@#]\w+)\|[^<>]*>", r"\1", text)
    text = re.sub(r"<[^<>|]*\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<([@#!]?[^<>|]+)>", r"\1", text)
    return clean(unescape(text)).strip()


def _from_person(event: Event) -> bool:
    """Not a bot's message, and no edit, unfurl, join or other notice."""
    return (
        event.get("subtype") in _FROM_PEOPLE and not event.get("bot_id") and bool(event.get("user"))
    )


def _direct(channel: str) -> bool:
    return channel.startswith("D")
