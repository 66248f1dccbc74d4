"""Subscriptions by chat: one's own at once, others' after a yes, and nobody else's at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics import subscriptions
from analytics.subscriptions import Subscription
from bot.app import build_services
from bot.desk import Desk
from bot.product import Asked
from bot.reply import Reply
from tests.golden.digest_store import build_digests

ANN, BEN, ADMIN, HERE, DIGESTS = "UANN", "UBEN", "UADM", "CHERE", "CDIG"
CONFIG = f"""
[schedule]
timezone = "Europe/London"
[slack]
digest_channel = "{DIGESTS}"
admins = ["{ADMIN}"]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("subscriptions")
    build_digests(folder, weeks=3)
    (folder / "segmentry.toml").write_text(CONFIG)
    return folder


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    desk = Desk(build_services(home, now=lambda: datetime(2026, 8, 12, 12, tzinfo=UTC)))
    yield desk
    for to in held(desk):
        subscriptions.remove(
            desk._services.store, to.subscription_id, by="test", now=datetime(2026, 8, 13)
        )


def held(desk: Desk) -> list[Subscription]:
    return subscriptions.held(desk._services.store)


def say(desk: Desk, text: str, *, user: str = ANN, channel: str = HERE) -> Reply:
    (reply,) = desk.ask(Asked(text, user, channel, f"{channel} thread"))
    return reply


def test_one_subscribes_oneself_at_once(desk: Desk) -> None:
    reply = say(desk, "subscribe me to segment 4 on Tuesdays at 9:30")
    (made,) = held(desk)
    assert (made.target, made.segments, made.created_by) == (ANN, (4,), ANN)
    assert (made.weekday, made.time, made.timezone) == ("tuesday", "09:30", "Europe/London")
    assert reply.status == "answered"
    assert reply.text.startswith(
        "Done: you get the weekly news of segment 4 (Big spenders), on Tuesdays at 09:30 "
        "(Europe/London); the first on Tuesday 18 Aug 2026."
    )


def test_a_second_wish_adds_to_the_first(desk: Desk) -> None:
    say(desk, "subscribe me to segment 4")
    say(desk, "subscribe me to segment 2")
    assert [to.segments for to in held(desk)] == [(2, 4)]


def test_an_alert_is_for_its_segment_direction_and_size(desk: Desk) -> None:
    reply = say(desk, "alert me if segment 4 drops more than 10 %")
    (made,) = held(desk)
    assert (made.segments, made.direction, made.threshold) == ((4,), "fall", 0.1)
    assert "an alert when segment 4 (Big spenders) falls by more than 10 % in a week" in reply.text
    assert say(desk, "alert me if segment 4 drops more than 10 %").text == (
        "That is subscription 1 already. Change that one."
        if made.subscription_id == 1
        else f"That is subscription {made.subscription_id} already. Change that one."
    )


def test_for_a_channel_nothing_is_made_before_a_yes(desk: Desk) -> None:
    reply = say(desk, "subscribe this channel to the digest")
    assert reply.status == "confirm"
    assert held(desk) == []
    assert say(desk, "yes", user=BEN).status != "answered" or held(desk) == []
    assert say(desk, "yes").text.startswith("Done: this channel gets the weekly digest")
    assert [to.target for to in held(desk)] == [HERE]


def test_the_button_says_yes_even_after_a_restart(desk: Desk, home: Path) -> None:
    (choice,) = say(desk, "subscribe #CSALES to segment 2 on Fridays").choices
    restarted = Desk(build_services(home, now=lambda: datetime(2026, 8, 12, 12, tzinfo=UTC)))
    say(restarted, choice.question)
    assert [(to.target, to.segments, to.weekday) for to in held(desk)] == [
        ("CSALES", (2,), "friday")
    ]


def test_a_yes_to_something_else_makes_nothing(desk: Desk) -> None:
    say(desk, "subscribe this channel to the digest")
    say(desk, "how big is segment 2")
    say(desk, "yes")
    assert held(desk) == []


def test_muting_and_ending_ones_own_needs_no_yes(desk: Desk) -> None:
    say(desk, "subscribe me to the digest")
    assert "muted up to and including 25 Aug 2026" in say(desk, "mute the digest for 2 weeks").text
    assert [str(to.quiet_until) for to in held(desk)] == ["2026-08-25"]
    say(desk, "unmute the digest")
    assert [to.quiet_until for to in held(desk)] == [None]
    assert say(desk, "stop").text == "Done: you no longer get the weekly digest."
    assert held(desk) == []


def test_the_configured_channel_is_muted_by_chat_and_moved_by_the_operator(desk: Desk) -> None:
    assert say(desk, "mute the digest for two weeks", channel=DIGESTS).status == "confirm"
    say(desk, "yes", channel=DIGESTS)
    assert [(to.subscription_id, str(to.quiet_until)) for to in held(desk)] == [(0, "2026-08-25")]
    assert "segmentry.toml" in say(desk, "move the digest to Tuesdays", channel=DIGESTS).text
    assert "segmentry.toml" in say(desk, "subscribe us to the digest", channel=DIGESTS).text


def test_nobody_ends_what_is_anothers_but_an_admin(desk: Desk) -> None:
    say(desk, "alert me if segment 4 drops more than 10 %")
    number = held(desk)[0].subscription_id
    ended = f"stop subscription {number}"
    assert say(desk, ended, user=BEN).text.startswith(f"Subscription {number} is not yours.")
    assert len(held(desk)) == 1
    assert say(desk, ended, user=ADMIN).status == "confirm"
    say(desk, "yes", user=ADMIN)
    assert held(desk) == []


def test_what_several_fit_is_asked_back(desk: Desk) -> None:
    say(desk, "alert me if segment 4 drops more than 10 %")
    say(desk, "alert me if segment 2 grows more than 5 %")
    reply = say(desk, "stop my alerts")
    assert reply.status == "clarify"
    assert len(reply.tables[0].rows) == 2
    say(desk, "stop all alerts")
    assert held(desk) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alert me if segment 44 drops 5 %", "There is no segment 44 now."),
        ("alert me if segment 4 drops", "By how much?"),
        ("alert me if average balance of segment 4 drops 5 %", "I can alert you about the size"),
        ("subscribe me to the digest at 25:99", "is no moment I know"),
        ("mute the digest", "I found no subscription like that"),
        ("my subscriptions", "You have no subscriptions"),
    ],
)
def test_what_cannot_be_is_said_with_the_next_step(desk: Desk, text: str, said: str) -> None:
    assert said in say(desk, text).text
    assert held(desk) == []


def test_who_changed_what_is_kept(desk: Desk) -> None:
    say(desk, "subscribe me to segment 4", user=BEN)
    say(desk, "stop", user=BEN)
    with desk._services.store.reading("test") as connection:
        kept = connection.execute(
            "SELECT changed_by, change FROM store.subscription_changes "
            "WHERE changed_by = 'UBEN' ORDER BY changed_at, change"
        ).fetchall()
    assert kept == [("UBEN", "created"), ("UBEN", "removed")]
