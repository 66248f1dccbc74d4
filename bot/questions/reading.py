"""What a question was understood to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analytics.model import Query


@dataclass(frozen=True)
class Option:
    """One way a question may be meant; ``label`` fits a button (at most 60 characters)."""

    label: str
    query: Query
    question: str


@dataclass(frozen=True)
class Reading:
    """One question as read.

    Attributes
    ----------
    query : the best guess, even when it is not certain enough to answer.
    confidence : in [0, 1]; how likely ``query`` is what was meant.
    message : the question back (clarify) or why not and what works (declined); "" when understood.
    also : queries the same question asks besides, such as the median beside the mean.
    notes : how something ambiguous was read, for people.
    trace : how the reading came about, for whoever tunes it.
    """

    status: Literal["understood", "clarify", "declined"]
    query: Query
    confidence: float
    message: str = ""
    options: tuple[Option, ...] = ()
    notes: tuple[str, ...] = ()
    also: tuple[Query, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
