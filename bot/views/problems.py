"""Views of what cannot be answered: an honest sentence, and what works instead."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.about import NoSuchTerm
from analytics.answers.answer import NotAnswered
from analytics.answers.customers import NoSuchCustomer
from analytics.answers.reader import NoSuchDate, NoSuchSegment, NotHeld, NotKept, RetiredSegment
from bot import formats
from bot.formats import capital, day, people, plain, segment, whole
from bot.reply import Choice
from bot.views.view import View

SHOWN = 8

# What comes nearest to an intent that has no answer here: why not, and a question that works.
NEAREST = {
    "export_audience": (
        "Lists of customers are not handed out in a conversation; whoever runs Segmentry can write "
        "one with `segmentry export`",
        "how many customers are in each segment",
    ),
    "rename_segment": (
        "Segments cannot be renamed in a conversation; whoever runs Segmentry can do it with "
        "`segmentry rename`",
        "list the segments",
    ),
    "refit_now": (
        "A refit cannot be started in a conversation; whoever runs Segmentry can do it with "
        "`segmentry refit`",
        "when is the next refit",
    ),
}


@dataclass(frozen=True, kw_only=True)
class NoSuchSegmentView(View):
    segment_id: int
    known: str


@dataclass(frozen=True, kw_only=True)
class RetiredSegmentView(View):
    segment: str
    date: str
    successors: str


@dataclass(frozen=True, kw_only=True)
class NoSuchDateView(View):
    asked: str
    first: str
    latest: str
    snapshots: str
    segment: str


@dataclass(frozen=True, kw_only=True)
class NotKeptView(View):
    asked: str
    first_kept: str


@dataclass(frozen=True, kw_only=True)
class NotHeldView(View):
    asked: str
    known: str


@dataclass(frozen=True, kw_only=True)
class NotAnsweredView(View):
    why: str
    question: str


@dataclass(frozen=True, kw_only=True)
class NoSuchTermView(View):
    term: str
    known: str


@dataclass(frozen=True, kw_only=True)
class NoSuchCustomerView(View):
    customer: str
    date: str
    last_seen: str
    last_segment: str


def no_such_segment(data: NoSuchSegment, _currency: str) -> NoSuchSegmentView:
    return NoSuchSegmentView(
        segment_id=data.segment_id,
        known=formats.joined([f"{s.segment_id} ({plain(s.name)})" for s in data.known]),
        choices=(Choice("List the segments", "which segments do we have"),),
    )


def retired_segment(data: RetiredSegment, _currency: str) -> RetiredSegmentView:
    parts = [
        f"{whole(s.customers)} left"
        if s.segment_id is None
        else f"{whole(s.customers)} went to {segment(s.segment_id, s.name)}"
        for s in data.successors
    ]
    return RetiredSegmentView(
        segment=capital(segment(data.segment_id, data.name)),
        date=day(data.retired_as_of),
        successors=formats.joined(parts) if parts else "",
        choices=(Choice("List the segments", "which segments do we have"),),
    )


def no_such_date(data: NoSuchDate, _currency: str) -> NoSuchDateView:
    return NoSuchDateView(
        asked=day(data.asked),
        first=day(data.first),
        latest=day(data.latest),
        snapshots=people(data.snapshots, "snapshot"),
        segment=segment(data.segment.segment_id, data.segment.name) if data.segment else "",
    )


def not_kept(data: NotKept, _currency: str) -> NotKeptView:
    return NotKeptView(asked=day(data.asked), first_kept=day(data.first_kept))


def not_held(data: NotHeld, _currency: str) -> NotHeldView:
    known = [plain(label) for label in data.known[:SHOWN]]
    known += [f"{len(data.known) - SHOWN} more"] if len(data.known) > SHOWN else []
    return NotHeldView(asked=plain(data.asked), known=formats.joined(known) if known else "")


def not_answered(data: NotAnswered, _currency: str) -> NotAnsweredView:
    why, question = NEAREST.get(data.intent, ("I cannot answer that", "help"))
    return NotAnsweredView(why=why, question=question, choices=(Choice("Ask that", question),))


def no_such_term(data: NoSuchTerm, _currency: str) -> NoSuchTermView:
    return NoSuchTermView(term=plain(data.term), known=", ".join(data.known))


def no_such_customer(data: NoSuchCustomer, _currency: str) -> NoSuchCustomerView:
    last = data.earlier[-1] if data.earlier else None
    return NoSuchCustomerView(
        customer=plain(data.customer),
        date=day(data.as_of),
        last_seen=day(last.until) if last else "",
        last_segment=segment(last.segment_id, last.name) if last else "",
    )
