"""Which segments an answer names, so that the next question can speak of them."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.answers.checks import Event, only_segment


def event(segment: int | None, verdict: str) -> Event:
    return Event(
        date(2026, 10, 5), "feature", verdict, segment, None, None, "BALANCE", 0.3, 0.1, "rose"
    )


@pytest.mark.parametrize(
    ("events", "named"),
    [
        ([], ()),
        ([event(5, "alarm")], (5,)),
        ([event(5, "alarm"), event(5, "alarm")], (5,)),
        ([event(5, "alarm"), event(3, "alarm")], ()),
        ([event(5, "alarm"), event(3, "watch")], (5,)),
        ([event(3, "watch")], (3,)),
        ([event(None, "alarm")], ()),
        ([event(None, "alarm"), event(2, "alarm")], (2,)),
    ],
)
def test_a_check_names_the_one_segment_that_alarmed_or_is_watched(
    events: list[Event], named: tuple[int, ...]
) -> None:
    assert only_segment(events) == named
