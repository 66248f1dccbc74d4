"""One person's own business: what only they see, in a window, as a note or as a direct message."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from typing import Any

from slack_bolt import Ack, BoltContext
from slack_sdk import WebClient

from analytics.errors import SegmentryError
from bot import delivery
from bot.blocks import SHAPES
from bot.listeners import files
from bot.listeners.door import Door
from bot.logs import unexpected
from bot.product import Asked, Product
from bot.reply import Choice, Reply
from bot.slack import surfaces
from bot.slack.limits import MAX_BUTTON, MAX_VALUE
from bot.slack.text import literal

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

_PROMPTS = 4  # Slack takes no more
_INLINE_S = 2.0  # Slack closes a window that was not answered within 3 s


class Personal:
    """Answers commands, opens windows and takes what was filled in."""

    def __init__(self, product: Product, door: Door) -> None:
        self._product = product
        self._door = door
        self._work = ThreadPoolExecutor(4, thread_name_prefix="window")

    def admits(
        self,
        client: WebClient,
        context: BoltContext,
        user: str,
        team: str | None,
        response_url: str = "",
    ) -> bool:
        """Whether this person is served at all; who is not reads why, where there is a place."""

        def tell(text: str) -> None:
            if response_url:
                delivery.respond(response_url, Reply("denied", text), replace_original=False)

        return self._door.admits(client, context, user, "", teams={team}, tell=tell)

    def ask(self, client: WebClient, response_url: str, user: str, channel: str, text: str) -> None:
        """Answers a question in notes that only this person sees."""
        conversation = f"{channel} {user}"
        for reply in self._product.ask(Asked(text, user, channel, conversation)):
            files.send_agreed(client, self._product, reply, user, channel)
            delivery.respond(
                response_url, reply, extra=surfaces.share_button(reply), replace_original=False
            )

    def open_sql(self, client: WebClient, user: str, trigger: str) -> None:
        """Opens the window for a query, or one that says why not."""
        refused = self._product.refusal(user, "sql")
        view = surfaces.note("Run SQL", refused) if refused else surfaces.sql_form()
        client.views_open(trigger_id=trigger, view=view)

    def open_rename(self, client: WebClient, user: str, trigger: str) -> None:
        """Opens the window for a segment's name, or one that says why not."""
        refused = self._product.refusal(user, "rename_segment")
        title = "Rename a segment"
        try:
            form = surfaces.rename_form(self._product.front())
        except SegmentryError as error:
            refused = refused or str(error)
        client.views_open(
            trigger_id=trigger, view=surfaces.note(title, refused) if refused else form
        )

    def open_digest(self, client: WebClient, user: str, trigger: str) -> None:
        """Opens the window for when the digest comes, or one that says why not."""
        title = "Digest settings"
        try:
            if refused := self._product.refusal(user, "digest"):
                raise SegmentryError(refused)
            view = surfaces.digest_form(self._product.front(), self._product.digest_wish(user))
        except SegmentryError as error:
            view = surfaces.note(title, str(error))
        client.views_open(trigger_id=trigger, view=view)

    def take(
        self, ack: Ack, client: WebClient, user: str, field: str, work: Callable[[], Reply]
    ) -> None:
        """Does what a window asked for: quick mistakes show in it, all else comes as a message.

        ``field`` is the input that a mistake is written under.
        """
        done: Future[Reply] = self._work.submit(work)
        try:
            reply = done.result(timeout=_INLINE_S)
            ack()
        except TooSlow:
            ack()
            reply = _in_the_end(done)
        except SegmentryError as mistake:
            ack(response_action="errors", errors={field: literal(str(mistake), MAX_VALUE)})
            return
        delivery.send(client, user, None, reply)

    def suggest(self, client: WebClient, channel: str) -> None:
        """Suggests in direct messages what to ask; before there are segments, help."""
        try:
            choices = self._product.front().choices
        except SegmentryError:
            choices = (Choice("What can you do?", "help"),)
        client.assistant_threads_setSuggestedPrompts(
            channel_id=channel,
            prompts=[
                {"title": literal(c.label, MAX_BUTTON), "message": literal(c.question, MAX_VALUE)}
                for c in choices[:_PROMPTS]
            ],
        )

    def show_home(self, client: WebClient, user: str, channel: str) -> None:
        """Publishes this person's page; ``channel`` is their direct messages with the bot."""
        try:
            may = {n: not self._product.refusal(user, n) for n in ("sql", "rename_segment")}
            if refused := self._product.refusal(user, "overview"):
                raise SegmentryError(refused)
            front, told = self._product.front(), self._product.subscriptions(user)
            views = [
                surfaces.home(
                    front, told, may_sql=may["sql"], may_rename=may["rename_segment"], draw=draw
                )
                for draw in SHAPES
            ]
        except SegmentryError as error:
            views = [surfaces.empty_home(str(error))]
        placed = [{**view, "private_metadata": channel} for view in views]
        delivery.publish_home(client, user, placed)


def _in_the_end(done: Future[Reply]) -> Reply:
    """The reply of work that took longer than its window was open."""
    try:
        return done.result()
    except SegmentryError as mistake:
        return Reply(status="error", text=str(mistake))
    except Exception as error:
        token = unexpected(error, "working for a window")
        return Reply(
            status="error",
            text=f"Sorry, something went wrong on my side. Give your operator this code: {token}.",
        )
