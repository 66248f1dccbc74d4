"""What to make up: how many customers, over which weeks, and the changes planted among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analytics.catalogue import card_catalogue
from analytics.errors import WrongUsage
from analytics.synthetic.archetypes import ARCHETYPES

# The latents that carry a feature a planted change may move: the feature is proportional to them.
MOVABLE = {
    "PURCHASES": ("oneoff_amount", "instalment_amount"),
    "ONEOFF_PURCHASES": ("oneoff_amount",),
    "INSTALLMENTS_PURCHASES": ("instalment_amount",),
    "CASH_ADVANCE": ("cash_amount",),
    "PAYMENTS": ("payments",),
}


@dataclass(frozen=True, slots=True)
class PlantedChange:
    """One known change, in the first week it shows (weeks count from 1).

    ``transition``: ``size`` is the share of ``segment`` that becomes ``other_segment``.
    ``feature``: from then on ``feature`` of ``segment`` is higher by ``size`` (0.3 is 30 %).
    ``data_quality``: in that week's file alone ``feature`` of everyone is ``size`` times too large.
    """

    week: int
    kind: Literal["transition", "feature", "data_quality"]
    segment: str | None
    size: float
    other_segment: str | None = None
    feature: str | None = None

    def __post_init__(self) -> None:
        segments = {
            "transition": (self.segment, self.other_segment),
            "feature": (self.segment,),
            "data_quality": (),
        }[self.kind]
        for name in segments:
            if name not in ARCHETYPES:
                raise WrongUsage(
                    f"There is no made-up segment {name!r}.", f"Use one of {', '.join(ARCHETYPES)}."
                )
        if self.kind != "transition" and self.feature not in MOVABLE:
            raise WrongUsage(
                f"A planted change cannot move {self.feature!r}.",
                f"Use one of {', '.join(MOVABLE)}.",
            )

    @property
    def what(self) -> str:
        """The truth in one plain sentence."""
        if self.kind == "transition":
            return (
                f"In week {self.week}, {self.size:.0%} of the {self.segment} become "
                f"{self.other_segment}."
            ).replace("%", " %")
        label = card_catalogue()[str(self.feature)].label
        if self.kind == "feature":
            return (
                f"From week {self.week} on, {label} of the {self.segment} are "
                f"{abs(self.size):.0%} {'higher' if self.size > 0 else 'lower'}."
            ).replace("%", " %")
        return (
            f"In week {self.week}, the file gives everyone's {label} {self.size:g} times too large."
        )


DEFAULT_STORY = (
    PlantedChange(9, "transition", "instalment shoppers", 0.06, "cash-advance revolvers"),
    PlantedChange(10, "feature", "mixed revolvers", 0.30, feature="CASH_ADVANCE"),
)


@dataclass(frozen=True, slots=True)
class SynthPlan:
    """How many customers at the start, how many weekly files from ``start``, and what changes."""

    customers: int = 9_000
    weeks: int = 10
    start: date = date(2026, 9, 14)
    seed: int = 11
    changes: tuple[PlantedChange, ...] = DEFAULT_STORY

    def __post_init__(self) -> None:
        if self.customers < 1 or self.weeks < 1:
            raise WrongUsage(
                f"A plan needs at least one customer and one week, not {self.customers} and "
                f"{self.weeks}."
            )

    def as_of(self, week: int) -> date:
        """Date of a week's file; weeks count from 1."""
        return self.start + timedelta(weeks=week - 1)
