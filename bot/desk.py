"""The product as people in Slack meet it: roles hold here, and the audit trail is complete."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from analytics import names
from analytics.errors import NotPublished, SegmentryError
from analytics.model import Query
from analytics.publish import publish
from bot import export
from bot.access import Access
from bot.app import Services
from bot.audit import Audit
from bot.conversation import Exchange
from bot.logs import log
from bot.product import Asked, DigestWish, Front
from bot.renaming import Renaming
from bot.reply import Reply, meta_of
from bot.sheets import Sheet
from bot.slack.directory import Directory
from bot.subscriptions.digestwishes import DigestWishes
from bot.subscriptions.subscribers import Subscribers
from bot.subscriptions.subscribing import Subscribing

NOTHING_YET = (
    "I have no segments to show yet. Whoever runs Segmentry loads the first customers and starts "
    "a refit; `segmentry doctor` says what is missing. Ask me again after that."
)
SENT = "I sent you the file as a direct message."
_WORDS = 8


class Desk:
    """Implements bot.product.Product.

    ``members`` looks up who is in a Slack user group, ``directory`` names and time zones.
    """

    def __init__(
        self,
        services: Services,
        members: Callable[[str], Collection[str]] = lambda _: (),
        directory: Directory | None = None,
    ) -> None:
        self._services = services
        self._conversations = services.conversations
        slack = services.settings.slack
        admins = {*slack.admins, *filter(None, [slack.owner])}
        self._access = Access(slack.viewers, slack.analysts, admins, members)
        self._audit = Audit(services.settings.place.logs / "audit.jsonl", services.now)
        self.subscribers = Subscribers(services, lambda user: self._access.role(user) == "admin")
        self._subscribing = Subscribing(services, self.subscribers, directory)
        self._wishes = DigestWishes(services, self.subscribers, directory)
        self._renaming = Renaming(services.published, self.rename)

    def ask(self, asked: Asked) -> Sequence[Reply]:
        """The replies to a message, one for each question in it."""
        if missing := self._missing():
            self.record(asked.user, asked.channel, question=asked.text, status="error")
            return [Reply("error", missing)]
        if not self.refusal(asked.user, "digest") and (heard := self._subscribing.hear(asked)):
            said = {"question": asked.text, "intent": "subscribe", "status": heard.status}
            self.record(asked.user, asked.channel, **said)
            return [heard]
        exchanges = self._conversations.ask(
            asked.text,
            asked.conversation,
            earlier=asked.earlier,
            refusal=lambda intent: self.refusal(asked.user, intent),
        )
        exchanges = [self._export_offered(exchange) for exchange in exchanges]
        exchanges = [self._renaming.hear(exchange, asked) for exchange in exchanges]
        for exchange in exchanges:
            self._asked(asked.user, asked.channel, exchange)
        return [exchange.reply for exchange in exchanges]

    def answer(self, query: Query, user: str, channel: str) -> Reply:
        """The reply to a question that was understood before, where the person may ask it."""
        if refused := self.refusal(user, query.intent):
            return Reply(status="denied", text=refused)
        if missing := self._missing():
            return Reply("error", missing)
        exchange = self._conversations.answer(query)
        self._asked(user, channel, exchange)
        return exchange.reply

    def front(self) -> Front:
        """The segments, the last check and the schedule; and what to ask.

        Raises SegmentryError where there is nothing yet.
        """
        if missing := self._missing():
            raise SegmentryError(missing)
        overview, drift, schedule, help_ = (
            self._conversations.answer(query).reply
            for query in (
                Query("overview", chart=True),
                Query("drift"),
                Query("schedule"),
                Query("help"),
            )
        )
        copy = self._services.published.latest()
        active = [s for s in copy.segments if s["status"] == "active"]
        return Front(
            replies=(overview, drift, schedule),
            choices=help_.choices,
            segments=tuple((int(s["segment_id"]), str(s["name"])) for s in active),
        )

    def explain(self, query: Query) -> Reply:
        """How a question was understood, the words in its answer, and the SQL behind it."""
        if missing := self._missing():
            return Reply("error", missing)
        reply = self._conversations.answer(query).reply
        slots = [f"{key} {_shown(value)}" for key, value in query.slots().items() if key != "chart"]
        text = reply.text.lower()
        catalogue = self._services.published.latest().features
        words = [f for f in catalogue if re.search(rf"\b{re.escape(f.label)}\b", text)]
        lines = [
            f"Understood as: {', '.join([query.intent.replace('_', ' '), *slots])}.",
            f"About: {reply.footer}." if reply.footer else "",
            *(f"• {_capital(word.label)}: {word.description}" for word in words[:_WORDS]),
        ]
        return Reply(status=reply.status, text="\n".join(filter(None, lines)), sql=reply.sql)

    def select(self, statement: str, user: str, channel: str) -> Reply:
        """The rows of an ad-hoc query. Raises SegmentryError with what is wrong with it."""
        started, status = time.perf_counter(), "denied"
        try:
            if refused := self.refusal(user, "sql") or self._missing():
                raise SegmentryError(refused)
            status = "error"
            reply = self._conversations.select(statement)
            reply = replace(reply, meta=meta_of(Query("sql", sql=statement)))
            status = reply.status
        finally:
            self._audit.record(
                user, channel, question=statement, intent="sql", status=status, ms=_since(started)
            )
        return reply

    def export(self, query: Query, user: str, channel: str) -> Sequence[Sheet]:
        """The rows behind a question, for who may ask it; who took them stands in the trail."""
        if refused := self.refusal(user, query.intent):
            raise SegmentryError(refused)
        if missing := self._missing():
            raise SegmentryError(missing)
        sheets = self._conversations.export(query)
        self._audit.record(
            user, channel, intent="export", of=query.intent, files=[s.name for s in sheets]
        )
        return sheets

    def rename(self, segment: int, name: str, user: str) -> Reply:
        """Names a segment and publishes; the former name stays understood."""
        if refused := self.refusal(user, "rename_segment"):
            raise SegmentryError(refused)
        former = names.rename(
            self._services.store, segment, name, since=self._services.now().date()
        )
        publish(self._services.store)
        self._audit.record(
            user, "", intent="rename_segment", segment=segment, name=name, former=former
        )
        said = f'Segment {segment} is now "{" ".join(name.split())}"; "{former}" stays understood.'
        return Reply(status="answered", text=said)

    def subscriptions(self, user: str) -> Reply:
        """What a person is told and when."""
        return self._wishes.told(user)

    def digest_wish(self, user: str) -> DigestWish:
        """How a person gets the digest now."""
        return self._wishes.now(user)

    def set_digest(self, wish: DigestWish, user: str) -> Reply:
        """Sends the digest as wished; raises SegmentryError where that cannot be."""
        if refused := self.refusal(user, "digest") or self._missing():
            raise SegmentryError(refused)
        reply = self._wishes.grant(wish, user)
        self.record(user, "", intent="subscribe", digest=wish.sending, segments=wish.segments)
        return reply

    def refusal(self, user: str, intent: str) -> str | None:
        """Why this person may not do that; None where they may."""
        return self._access.refusal(user, intent)

    def record(self, user: str, channel: str, **what: object) -> None:
        """Adds a line to the audit trail."""
        self._audit.record(user, channel, **what)

    def _export_offered(self, exchange: Exchange) -> Exchange:
        """A list of customers is offered before it is sent, and sent once that is agreed to."""
        reading = exchange.reading
        if exchange.reply.status != "declined" or not reading or reading.status != "understood":
            return exchange
        query = reading.query
        if query.intent != "export_audience":
            return exchange
        counting = Query("find_customers", query.segments, as_of=query.as_of, filter=query.filter)
        counted = self._conversations.answer(counting)
        found = getattr(counted.answer and counted.answer.data, "matching", ())
        many = next((m.matching for m in found if m.segment_id is None), 0)
        if reading.trace.get("confirmed") and many:
            return replace(exchange, reply=Reply("answered", SENT, meta=meta_of(query)))
        return replace(exchange, reply=export.offered(query, counted.reply, many))

    def _missing(self) -> str:
        """Why there is nothing to talk about; "" where there is."""
        try:
            return "" if self._services.published.latest().refits else NOTHING_YET
        except NotPublished:
            return NOTHING_YET

    def _asked(self, user: str, channel: str, exchange: Exchange) -> None:
        reading = exchange.reading
        question = exchange.question
        if reading and reading.query.customer:
            question = re.sub(re.escape(reading.query.customer), "[customer]", question, flags=re.I)
        intent = reading.query.intent if reading else None
        status, ms = exchange.reply.status, round(exchange.elapsed_ms, 1)
        log.info("%s in %s: %s, %s in %.0f ms", user, channel, intent, status, ms)
        self._audit.record(user, channel, question=question, intent=intent, status=status, ms=ms)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(map(_shown, value))
    if isinstance(value, dict):
        return f"{value['feature']} {value['op']} {value['value']}"
    return str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
