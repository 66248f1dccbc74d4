"""One question after another: parse, answer, render, with what was said before."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.adhoc.sandbox import SqlLimits, run_select
from analytics.answers.answer import AnswerContext, answer
from analytics.answers.offers import offers
from analytics.errors import SegmentryError
from analytics.model import Answer, Query
from analytics.published import Copy, Published
from bot import export, render
from bot.logs import log, unexpected
from bot.questions.parse import parse
from bot.questions.reading import Reading
from bot.questions.things.lexicon import Lexicon, SegmentWords
from bot.reply import Choice, Reply, meta_of
from bot.sheets import Sheet
from bot.sqlreply import sql_reply

REMEMBERED = 10_000
_TALK = ("help", "smalltalk", "out_of_scope")
_OF_ONE_FEATURE = frozenset(
    {"rank_segments", "segment_trend", "distribution", "find_customers", "glossary"}
)


@dataclass(frozen=True)
class Exchange:
    """One question as read, answered and rendered; ``elapsed_ms`` from text to Reply."""

    question: str
    reading: Reading | None
    answer: Answer | None
    reply: Reply
    elapsed_ms: float
    data: Any = None


class Conversations:
    """Answers questions and remembers, for each conversation, the last query."""

    def __init__(
        self,
        published: Published,
        *,
        context: Callable[[], AnswerContext],
        sql_limits: SqlLimits,
        now: Callable[[], datetime],
    ) -> None:
        self._published = published
        self._context = context
        self._sql_limits = sql_limits
        self._now = now
        self._last: OrderedDict[str, Query] = OrderedDict()
        self._aside: dict[str, Query] = {}  # what was answered before a question back
        self._lexicon: tuple[Copy, Lexicon] | None = None

    def ask(
        self,
        question: str,
        conversation: str = "",
        *,
        earlier: Callable[[], Query | None] = lambda: None,
        refusal: Callable[[str], str | None] = lambda _: None,
    ) -> list[Exchange]:
        """Every question in a message, answered in order; never raises.

        Parameters
        ----------
        earlier : the query before this message, asked for where none is remembered.
        refusal : why an intent may not be answered here; None where it may.
        """
        started = time.perf_counter()
        try:
            copy = self._published.latest()
            lexicon = self._words(copy)
            previous = self._last.get(conversation) or earlier()
            readings = parse(question, lexicon, today=self._now().date(), previous=previous)
            before = self._aside.get(conversation)
            if before and not _is_understood(readings):  # it may take up what was answered instead
                again = parse(question, lexicon, today=self._now().date(), previous=before)
                if _is_understood(again):
                    previous, readings = before, again
        except SegmentryError as error:
            return [self._failed(question, error, started)]
        except Exception as error:
            return [self._broken(question, error, started)]
        exchanges: list[Exchange] = []
        for reading in readings:
            if reading.status == "understood" and reading.query == Query("sql") and previous:
                exchanges.append(self._behind(previous, question, reading, refusal))
                continue
            denied = refusal(reading.query.intent) if reading.status == "understood" else None
            for one in _each_feature(reading):
                exchanges.append(
                    Exchange(question, one, None, Reply("denied", denied), _since(started))
                    if denied
                    else self._exchange(copy, question, one, started)
                )
                started = time.perf_counter()
            self._remember(conversation, reading, exchanges[-1].answer)
        return exchanges

    def prepare(self) -> None:
        """Get the words of the newest copy ready, so that its first question is as fast as any."""
        with suppress(SegmentryError):  # nothing is published yet
            parse("help", self._words(self._published.latest()), today=self._now().date())

    def answer(self, query: Query) -> Exchange:
        """The answer to a query that needs no reading; never raises."""
        started = time.perf_counter()
        reading = Reading("understood", query, 1.0)
        try:
            return self._exchange(self._published.latest(), "", reading, started)
        except SegmentryError as error:
            return self._failed("", error, started, reading)

    def select(self, statement: str) -> Reply:
        """The rows of an ad-hoc query. Raises SegmentryError with what is wrong with it."""
        copy = self._published.latest()
        return sql_reply(run_select(copy.path, statement, limits=self._sql_limits), copy)

    def export(self, query: Query) -> list[Sheet]:
        """The rows behind a query as files. Raises SegmentryError where there are none."""
        copy = self._published.latest()
        if query.intent == "sql":
            return [export.selected(copy, query.sql or "", self._sql_limits)]
        if query.intent in export.CUSTOMERS:
            return [export.customers(copy, query, self._context())]
        return export.tables(self.answer(query).reply, query, copy)

    def _exchange(self, copy: Copy, question: str, reading: Reading, started: float) -> Exchange:
        try:
            if reading.status != "understood":
                reply, found = reply_to_reading(reading), None
            elif reading.query.intent == "sql":
                result = run_select(copy.path, reading.query.sql or "", limits=self._sql_limits)
                reply = sql_reply(result, copy)
                return Exchange(question, reading, None, reply, _since(started), data=result)
            else:
                context = self._context()
                found = answer(copy, reading.query, context=context)
                reply = render.reply(found, context=context, notes=reading.notes)
        except SegmentryError as error:
            return self._failed(question, error, started, reading)
        except Exception as error:
            return self._broken(question, error, started, reading)
        return Exchange(question, reading, found, reply, _since(started))

    def _behind(
        self,
        previous: Query,
        question: str,
        reading: Reading,
        refusal: Callable[[str], str | None],
    ) -> Exchange:
        """The statements that gave the answer before, as the answer, for who may ask for that."""
        if denied := refusal(previous.intent):
            return Exchange(question, reading, None, Reply("denied", denied), 0.0)
        again = self.answer(previous)
        sql = again.reply.sql or ((previous.sql,) if previous.sql else ())
        said, them = (
            ("This statement", "it") if len(sql) == 1 else (f"These {len(sql)} statements", "them")
        )
        text = f"{said} gave that answer; try {them} out in the SQL window or `segmentry sql`."
        if not sql:
            text = "There is no statement behind that answer."
        lines = (text, "\n\n".join(sql)) if sql else (text,)
        reply = Reply("answered", "\n".join(lines), sql=sql, footer=again.reply.footer)
        return Exchange(question, reading, again.answer, reply, again.elapsed_ms)

    def _words(self, copy: Copy) -> Lexicon:
        if self._lexicon is None or self._lexicon[0] is not copy:
            self._lexicon = (copy, lexicon_of(copy, self._context().offers))
        return self._lexicon[1]

    def _remember(self, conversation: str, reading: Reading, found: Answer | None) -> None:
        talk = reading.query.intent in _TALK or reading.query == Query("sql")
        if reading.status == "declined" or talk:
            return
        if reading.status == "understood":
            self._aside.pop(conversation, None)
        elif conversation in self._last:
            self._aside.setdefault(conversation, self._last[conversation])
        self._last[conversation] = replace(reading.query, named=found.named if found else ())
        self._last.move_to_end(conversation)
        while len(self._last) > REMEMBERED:
            self._aside.pop(self._last.popitem(last=False)[0], None)

    def forget(self, conversation: str) -> None:
        """Start a conversation anew."""
        self._last.pop(conversation, None)
        self._aside.pop(conversation, None)

    def _failed(
        self,
        question: str,
        error: SegmentryError,
        started: float,
        reading: Reading | None = None,
    ) -> Exchange:
        log.info("declined: %s", error)
        reply = Reply(status="error", text=str(error))
        return Exchange(question, reading, None, reply, _since(started))

    def _broken(
        self, question: str, error: Exception, started: float, reading: Reading | None = None
    ) -> Exchange:
        token = unexpected(error, f"answering {question!r}")
        reply = Reply(
            status="error",
            text="Sorry, I could not answer that: something went wrong on my side. "
            f"Ask again, or give your operator this code: {token}.",
        )
        return Exchange(question, reading, None, reply, _since(started))


def _is_understood(readings: Sequence[Reading]) -> bool:
    return any(reading.status == "understood" for reading in readings)


def _each_feature(reading: Reading) -> list[Reading]:
    """The reading, or one for each feature of a query whose answer is about one of them."""
    query = reading.query
    several = reading.status == "understood" and len(query.features) > 1
    if not several or query.intent not in _OF_ONE_FEATURE:
        return [reading]
    return [replace(reading, query=replace(query, features=(name,))) for name in query.features]


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def reply_to_reading(reading: Reading) -> Reply:
    """The question back, or why there is no answer, with what may have been meant as buttons."""
    return Reply(
        status="clarify" if reading.status == "clarify" else "declined",
        text=reading.message,
        choices=tuple(Choice(option.label, option.question) for option in reading.options),
        meta=meta_of(reading.query),
    )


def lexicon_of(copy: Copy, offers_file: Path | None = None) -> Lexicon:
    """The words people may use now: segments and their names, features, traits, dates, offers."""
    names: dict[int, list[str]] = {}
    for row in copy.rows("all_segment_names"):
        names.setdefault(row["segment_id"], []).append(row["name"])
    return Lexicon.build(
        segments=[
            SegmentWords(
                segment_id=segment["segment_id"],
                name=segment["name"],
                former_names=tuple(
                    name for name in names.get(segment["segment_id"], []) if name != segment["name"]
                ),
                active=segment["status"] == "active",
            )
            for segment in copy.segments
        ],
        features=copy.features,
        traits=list(copy.traits),
        values={row["trait"]: row["values"] for row in copy.rows("trait_values", as_of=copy.as_of)},
        snapshots=[refit["as_of"] for refit in copy.refits],
        offers=[word for offer in offers(offers_file) for word in (offer.name, *offer.also)],
    )
