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
        "Lists of customers are sent in Slack, to who may see them; here, "
        "`segmentry sql --format csv` writes one",
        "how many customers are in each segment",
    ),
    "rename_segment": (
        "Here, `segmentry rename` gives a segment its name; in Slack an admin only has to ask me",
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
    """A number that is no segment."""

    segment_id: int
    known: str


@dataclass(frozen=True, kw_only=True)
class RetiredSegmentView(View):
    """A segment that had ended."""

    segment: str
    date: str
    successors: str


@dataclass(frozen=True, kw_only=True)
class NoSuchDateView(View):
    """A date too early; ``segment`` is "" where that is so for all of them."""

    asked: str
    first: str
    latest: str
    snapshots: str
    segment: str


@dataclass(frozen=True, kw_only=True)
class NotKeptView(View):
    """A date of which single customers are no longer kept."""

    asked: str
    first_kept: str


@dataclass(frozen=True, kw_only=True)
class NotHeldView(View):
    """A column that is not held; ``asked`` is "" where none was named."""

    asked: str
    known: str


@dataclass(frozen=True, kw_only=True)
class NotAnsweredView(View):
    """Why not, and what works."""

    why: str
    question: str


@dataclass(frozen=True, kw_only=True)
class NoSuchTermView(View):
    """A word the glossary does not have."""

    term: str
    known: str


@dataclass(frozen=True, kw_only=True)
class NoSuchCustomerView(View):
    """An id the snapshot does not have; ``customer`` is "" where none was given."""

    customer: str
    date: str
    last_seen: str
    last_segment: str


def no_such_segment(data: NoSuchSegment, _currency: str) -> NoSuchSegmentView:
    """The segments there are."""
    return NoSuchSegmentView(
        segment_id=data.segment_id,
        known=formats.joined([f"{s.segment_id} ({plain(s.name)})" for s in data.known]),
        choices=(Choice("List the segments", "which segments do we have"),),
    )


def retired_segment(data: RetiredSegment, _currency: str) -> RetiredSegmentView:
    """When it ended and where its customers went."""
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
    """The dates there are, or when the segment began."""
    return NoSuchDateView(
        asked=day(data.asked),
        first=day(data.first),
        latest=day(data.latest),
        snapshots=people(data.snapshots, "snapshot"),
        segment=segment(data.segment.segment_id, data.segment.name) if data.segment else "",
    )


def not_kept(data: NotKept, _currency: str) -> NotKeptView:
    """Since when customers are kept."""
    return NotKeptView(asked=day(data.asked), first_kept=day(data.first_kept))


def not_held(data: NotHeld, _currency: str) -> NotHeldView:
    """The columns there are, the first few by name."""
    known = [plain(label) for label in data.known[:SHOWN]]
    known += [f"{len(data.known) - SHOWN} more"] if len(data.known) > SHOWN else []
    return NotHeldView(asked=plain(data.asked), known=formats.joined(known) if known else "")


def not_answered(data: NotAnswered, _currency: str) -> NotAnsweredView:
    """The nearest question that works."""
    why, question = NEAREST.get(data.intent, ("I cannot answer that", "help"))
    return NotAnsweredView(why=why, question=question, choices=(Choice("Ask that", question),))


def no_such_term(data: NoSuchTerm, _currency: str) -> NoSuchTermView:
    """The terms there are."""
    return NoSuchTermView(term=plain(data.term), known=", ".join(data.known))


def no_such_customer(data: NoSuchCustomer, _currency: str) -> NoSuchCustomerView:
    """When the customer was last seen, if ever."""
    last = data.earlier[-1] if data.earlier else None
    return NoSuchCustomerView(
        customer=plain(data.customer),
        date=day(data.as_of),
        last_seen=day(last.until) if last else "",
        last_segment=segment(last.segment_id, last.name) if last else "",
    )
