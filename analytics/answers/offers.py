"""Answers about what to offer to whom: offers from a file, eligibility counted on customers."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from analytics import queries
from analytics.answers import facts
from analytics.answers.facts import Comparison
from analytics.answers.reader import Reader, SegmentName, Unanswerable
from analytics.catalogue import Catalogue, normalise
from analytics.errors import WrongUsage
from analytics.model import Condition
from analytics.shipped import shipped

_CONDITION = re.compile(r"\s*(\w+)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*")
_OPPOSITE: dict[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SUGGESTED = 4


@dataclass(frozen=True)
class Offer:
    """One entry of offers.toml; a customer is eligible who meets all ``conditions``."""

    name: str
    also: tuple[str, ...]
    pitch: str
    conditions: tuple[Condition, ...]
    because: tuple[str, ...]
    caution: str


@dataclass(frozen=True)
class OfferFit:
    """How an offer fits a segment: who is eligible there and among everyone, and why."""

    offer: str
    pitch: str
    caution: str
    segment_id: int
    name: str
    customers: int
    eligible: int
    share: float
    share_of_all: float
    reasons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Recommend:
    """Offers for a segment, segments for an offer, one for the other, or the best of every segment.

    ``fits`` come best first: by how much more common eligible customers are than among everyone
    for a segment, by how many there are for an offer.
    """

    as_of: date
    segment: SegmentName | None
    offer: str | None
    fits: tuple[OfferFit, ...]

    @property
    def named(self) -> tuple[int, ...]:
        """The segment an offer suits best."""
        return tuple(fit.segment_id for fit in self.fits[:1]) if self.offer else ()


@dataclass(frozen=True)
class NoOffer:
    """No such offer, or none that the columns held can decide; ``known`` are those that can."""

    asked: str
    known: tuple[str, ...]


@cache
def offers(file: Path | None = None) -> tuple[Offer, ...]:
    """The offers of a file, or those that are shipped.

    Raises WrongUsage when an entry cannot be read.
    """
    file = file or shipped("templates") / "offers.toml"
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["offer"]
        return tuple(_offer(entry) for entry in entries)
    except (KeyError, TypeError, ValueError) as error:
        raise WrongUsage(
            f"{file} cannot be read: {error}.", "Compare it with the offers.toml that is shipped."
        ) from error


def _offer(entry: dict[str, Any]) -> Offer:
    wanted = [_condition(text) for text in entry["eligible"].split(" and ")]
    ruled_out = [_condition(text) for text in entry.get("never_if", ())]
    unless = [Condition(c.feature, _OPPOSITE[c.op], c.value) for c in ruled_out]
    return Offer(
        entry["name"],
        tuple(entry.get("also", ())),
        entry.get("pitch", ""),
        (*wanted, *unless),
        tuple(entry.get("because", ())),
        entry.get("caution", ""),
    )


def _condition(text: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not like "PURCHASES >= 500"')
    operator: Any = match[2]
    return Condition(match[1], operator, float(match[3]))


def recommend(reader: Reader) -> Recommend:
    """What to offer a segment, or which segments an offer is for."""
    query = reader.query
    usable = _usable(reader.copy.features, reader.context.offers)
    asked = _asked(query.offer, usable) if query.offer else None
    if not usable:
        raise Unanswerable(NoOffer(query.offer or "", ()))
    fits = _fits(reader, (asked,) if asked else usable)
    segments = reader.segments() if query.segments else ()
    if segments and not asked:
        chosen = [fit for fit in fits if fit.segment_id == segments[0]]
        chosen.sort(key=lambda fit: (fit.share_of_all - fit.share, -fit.share))
        eligible = [fit for fit in chosen if fit.eligible]
        chosen = eligible[: query.top or SUGGESTED] or chosen[:1]
    elif asked:
        chosen = [fit for fit in fits if not segments or fit.segment_id in segments]
        chosen.sort(key=lambda fit: -fit.eligible)
    else:
        chosen = _best_of_each(fits)
    return Recommend(
        reader.as_of,
        reader.name(segments[0]) if len(segments) == 1 or (segments and not asked) else None,
        asked.name if asked else None,
        tuple(chosen),
    )


def _usable(held: Catalogue, file: Path | None) -> tuple[Offer, ...]:
    return tuple(
        offer for offer in offers(file) if all(c.feature in held for c in offer.conditions)
    )


def _asked(spelling: str, usable: tuple[Offer, ...]) -> Offer:
    key = normalise(spelling)
    for offer in usable:
        if key in {normalise(name) for name in (offer.name, *offer.also)}:
            return offer
    raise Unanswerable(NoOffer(spelling, tuple(offer.name for offer in usable)))


def _best_of_each(fits: list[OfferFit]) -> list[OfferFit]:
    best: dict[int, OfferFit] = {}
    for fit in sorted(fits, key=lambda fit: fit.share_of_all - fit.share):
        best.setdefault(fit.segment_id, fit)
    return [best[segment_id] for segment_id in sorted(best)]


def _fits(reader: Reader, usable: tuple[Offer, ...]) -> list[OfferFit]:
    reader.require_customers()
    columns = {feature.name: feature.column for feature in reader.copy.features}
    counts = {offer.name: queries.where(offer.conditions, columns) for offer in usable}
    rows = reader.rows("offers_eligible", {"eligible": queries.counts(counts)}, as_of=reader.as_of)
    reasons = _reasons(reader, usable, list({row["segment_id"] for row in rows}))
    by_name = {offer.name: offer for offer in usable}
    return [
        OfferFit(
            **row,
            pitch=by_name[row["offer"]].pitch,
            caution=by_name[row["offer"]].caution,
            reasons=tuple(
                reasons[row["segment_id"], feature]
                for feature in by_name[row["offer"]].because
                if (row["segment_id"], feature) in reasons
            ),
        )
        for row in rows
    ]


def _reasons(
    reader: Reader, usable: tuple[Offer, ...], segments: list[int]
) -> dict[tuple[int, str], Comparison]:
    names = list(dict.fromkeys(feature for offer in usable for feature in offer.because))
    rows = facts.profiles(reader, segments, names)
    everyone = {row.feature: row for row in rows if row.segment_id is None}
    return {
        (row.segment_id, row.feature): Comparison(row, everyone[row.feature])
        for row in rows
        if row.segment_id is not None
    }
