"""Views of answers about offers."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.offers import NoOffer, OfferFit, Recommend
from bot import formats
from bot.formats import day, people, percent, plain, segment, value
from bot.reply import Cell, Choice
from bot.views.view import View, count_cell, share_cell, table


@dataclass(frozen=True, kw_only=True)
class RecommendView(View):
    """``segment`` or ``offer`` is what was asked about; ``best`` is the other of the two.

    ``rarer``: fewer are eligible than among everyone.
    """

    segment: str
    offer: str
    best: str
    eligible: str
    share: str
    share_of_all: str
    rarer: bool
    pitch: str
    caution: str
    reasons: tuple[str, ...]
    date: str


@dataclass(frozen=True, kw_only=True)
class NoOfferView(View):
    """``known`` is "" where no offer can be decided."""

    asked: str
    known: str


def recommend(data: Recommend, currency: str) -> RecommendView:
    """The best fit in words and all of them as a table."""
    best = data.fits[0]
    return RecommendView(
        segment=segment(data.segment.segment_id, data.segment.name) if data.segment else "",
        offer=plain(data.offer or ""),
        best=segment(best.segment_id, best.name) if data.offer else plain(best.offer),
        eligible=people(best.eligible),
        share=percent(best.share),
        share_of_all=percent(best.share_of_all),
        rarer=best.share < best.share_of_all,
        pitch=plain(best.pitch, 300),
        caution=plain(best.caution, 300),
        reasons=_reasons(best, currency),
        date=day(data.as_of),
        tables=(
            table(
                f"Eligible customers on {day(data.as_of)}",
                ["Segment" if data.offer else "Offer", "Eligible", "Share", "Everyone"]
                if data.offer or data.segment
                else ["Segment", "Best offer", "Eligible", "Share", "Everyone"],
                [_row(fit, data) for fit in data.fits],
                left=1 if data.offer or data.segment else 2,
            ),
        ),
        choices=(Choice("Profile", f"profile of segment {best.segment_id}"),),
    )


def _row(fit: OfferFit, data: Recommend) -> list[Cell | str]:
    who = formats.short_segment(fit.segment_id, fit.name)
    what = plain(fit.offer)
    first = [who] if data.offer else [what] if data.segment else [who, what]
    return [*first, count_cell(fit.eligible), share_cell(fit.share), share_cell(fit.share_of_all)]


def _reasons(fit: OfferFit, currency: str) -> tuple[str, ...]:
    return tuple(
        f"{plain(c.own.label)} {value(c.own.mean, c.own.unit, currency)} on average "
        f"(everyone {value(c.everyone.mean, c.own.unit, currency)})"
        for c in fit.reasons
    )


def no_offer(data: NoOffer, _currency: str) -> NoOfferView:
    """Which offers there are."""
    return NoOfferView(
        asked=plain(data.asked), known=formats.joined(list(data.known)) if data.known else ""
    )
