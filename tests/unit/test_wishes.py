"""What people say about being told, read as they mean it; and what is none of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analytics.catalogue import card_catalogue
from analytics.subscriptions import FOREVER
from bot.questions.things.lexicon import Lexicon, SegmentWords
from bot.subscriptions import wishes

MONDAY = date(2026, 10, 5)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    names = {1: "Cash-advance revolvers", 2: "Instalment shoppers", 4: "Big spenders"}
    return Lexicon.build([SegmentWords(i, name) for i, name in names.items()], card_catalogue())


SAID: dict[str, dict[str, Any]] = {
    "subscribe me to segment 4": {"kind": "follow", "target": "me", "segments": (4,)},
    "Please subscribe me to the Big Spenders": {"kind": "follow", "segments": (4,)},
    "can you subscribe us to the digest on Tuesdays at 9:30?": {
        "kind": "follow", "target": "here", "weekday": "tuesday", "time": "09:30"},
    "subscribe #C0SALES to segments 1 and 4": {
        "kind": "follow", "target": "C0SALES", "segments": (1, 4)},
    "send me the digest every Friday at 4pm, Berlin time": {
        "kind": "follow", "weekday": "friday", "time": "16:00", "timezone": "Europe/Berlin"},
    "sign me up for the digest": {"kind": "follow", "target": "me"},
    "alert me if segment 4 drops more than 10 %": {
        "kind": "alert", "target": "me", "segments": (4,), "direction": "fall", "change": 0.1},
    "let us know when big spenders grow by over 2.5 percent": {
        "kind": "alert", "target": "here", "segments": (4,), "direction": "rise", "change": 0.025},
    "tell me if segment 2 changes by 5%": {"kind": "alert", "direction": "any", "change": 0.05},
    "alert me if the average balance of segment 4 rises 5%": {"kind": "alert", "features": True},
    "warn me when segment 1 shrinks": {"kind": "alert", "change": None, "direction": "fall"},
    "mute the digest for two weeks": {
        "kind": "mute", "digest": True, "until": date(2026, 10, 18)},
    "snooze my alerts until 20 October": {
        "kind": "mute", "alerts": True, "until": date(2026, 10, 19)},
    "pause the digest until Monday": {"kind": "mute", "until": date(2026, 10, 11)},
    "mute the digest": {"kind": "mute", "until": FOREVER},
    "mute the digest until the cows come home": {"kind": "mute", "until": None},
    "unmute the digest": {"kind": "resume", "digest": True},
    "stop": {"kind": "end"},
    "stop sending me the digest": {"kind": "end", "digest": True, "target": "me"},
    "unsubscribe me from segment 4": {"kind": "end", "segments": (4,)},
    "stop subscription 3": {"kind": "end", "number": 3},
    "cancel my subscription to segment 4": {"kind": "end", "segments": (4,)},
    "stop all alerts": {"kind": "end", "alerts": True, "everything": True},
    "move my digest to Wednesdays at noon": {
        "kind": "move", "weekday": "wednesday", "time": "12:00"},
    "my subscriptions": {"kind": "list"},
    "what am I subscribed to?": {"kind": "list"},
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_a_wish_is_read_as_meant(text: str, lexicon: Lexicon) -> None:
    kind = wishes.kind_of(text)
    assert kind
    wish = wishes.read(text, kind, lexicon, MONDAY)
    assert {name: getattr(wish, name) for name in SAID[text]} == SAID[text]


@pytest.mark.parametrize(
    "text",
    [
        "how big is segment 4",
        "did segment 4 drop more than 10 %?",
        "tell me about segment 4",
        "tell me when segment 4 was born",
        "send me the digest",
        "what time is the digest",
        "what would stop churn in segment 2",
        "stop churn in segment 2",
        "who changed segment this week",
        "change the name of segment 4 to Friends",
        "move customers from segment 1 to 2",
        "show alerts",
        "delete segment 5",
        "delete from segments",
        "pause the campaign to segment 2",
        "which segments grew by 10 %",
        "yes",
        "",
    ],
)
def test_a_question_is_no_wish(text: str) -> None:
    assert wishes.kind_of(text) is None


def test_yes_is_told_from_what_follows_it() -> None:
    assert wishes.agreed("Yes please!")
    assert not wishes.agreed("yes, but which segment grew?")
    assert wishes.without_yes("yes, subscribe #C1 to the digest") == (
        "subscribe #C1 to the digest",
        True,
    )
    assert wishes.without_yes("yesterday's digest") == ("yesterday's digest", False)
