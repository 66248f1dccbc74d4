"""The digest's window, on a real store: made, changed, paused and ended for oneself alone."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.errors import SegmentryError
from bot.desk import Desk
from bot.product import DigestWish
from tests.slack.test_subscriptions import ANN, BEN, desk, held, home, say

__all__ = ["desk", "home"]


def test_a_wish_is_made_changed_paused_and_ended(desk: Desk) -> None:
    assert desk.subscriptions(ANN).tables == ()
    assert desk.digest_wish(ANN) == DigestWish("monday", "08:00")

    first = desk.set_digest(DigestWish("friday", "16:30", (2, 4)), ANN)
    assert first.text.startswith("Done: you get the weekly news of segment 2")
    (made,) = held(desk)
    assert (made.target, made.weekday, made.time, made.segments, made.created_by) == (
        ANN, "friday", "16:30", (2, 4), ANN
    )  # fmt: skip
    assert desk.digest_wish(ANN) == DigestWish("friday", "16:30", (2, 4))
    (line,) = desk.subscriptions(ANN).tables[0].rows
    assert [cell.text for cell in line][1:2] == ["you"]

    desk.set_digest(DigestWish("tuesday", "09:00"), ANN)
    assert desk.digest_wish(ANN) == DigestWish("tuesday", "09:00")
    desk.set_digest(DigestWish("tuesday", "09:00", sending="pause"), ANN)
    assert held(desk)[0].quiet_until == date(2026, 8, 25)  # two weeks, from 12 August on
    assert desk.digest_wish(ANN).sending == "pause"
    desk.set_digest(DigestWish("tuesday", "09:00"), ANN)
    assert held(desk)[0].quiet_until is None
    assert "no longer" in desk.set_digest(DigestWish("tuesday", "09:00", sending="stop"), ANN).text
    assert held(desk) == []


def test_chat_and_window_speak_of_the_same_digest_and_others_keep_theirs(desk: Desk) -> None:
    say(desk, "subscribe me to segment 4 on Tuesdays at 9:30")
    assert desk.digest_wish(ANN) == DigestWish("tuesday", "09:30", (4,))
    desk.set_digest(DigestWish("friday", "10:00"), BEN)
    assert desk.digest_wish(ANN) == DigestWish("tuesday", "09:30", (4,))


def test_what_cannot_be_is_said(desk: Desk) -> None:
    for wish in (
        DigestWish("friday", "10:00", sending="stop"),
        DigestWish("friday", "10:00", (77,)),
        DigestWish("friday", "25:00"),
    ):
        with pytest.raises(SegmentryError):
            desk.set_digest(wish, ANN)
    assert held(desk) == []
