"""A segment renamed in a conversation: said first, done after a yes, by admins; on a real store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.app import build_services
from bot.desk import Desk
from bot.product import Asked
from bot.reply import Reply
from tests.golden.answers_store import build


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build(tmp_path)
    (tmp_path / "segmentry.toml").write_text('[slack]\nadmins = ["UA", "UB"]\n')
    return tmp_path


@pytest.fixture
def desk(home: Path) -> Desk:
    return Desk(build_services(home))


def say(desk: Desk, text: str, user: str = "UA", thread: str = "T1") -> Reply:
    (reply,) = desk.ask(Asked(text, user, "C1", thread))
    return reply


def name_of(desk: Desk, segment: int) -> str:
    return dict(desk.front().segments)[segment]


def test_nothing_changes_before_the_yes_and_the_trail_tells(desk: Desk, home: Path) -> None:
    offer = say(desk, "rename segment 6 to Occasionals")
    assert offer.status == "confirm"
    assert offer.text.startswith("Segment 6 (Little-used cards) would be called “Occasionals”")
    assert name_of(desk, 6) == "Little-used cards"
    done = say(desk, "yes")
    assert done.status == "answered"
    assert name_of(desk, 6) == "Occasionals"
    assert "Occasionals" in say(desk, "how big are the little-used cards").text
    trail = [json.loads(line) for line in (home / "logs" / "audit.jsonl").open()]
    renamed = [line for line in trail if "former" in line]
    assert [(r["user"], r["segment"], r["name"]) for r in renamed] == [("UA", 6, "Occasionals")]


@pytest.mark.parametrize("name", ["Occasionals", "R&D <b>", "One more time", "Spends 5k+"])
def test_the_button_gives_exactly_the_name_offered_and_may_be_pressed_twice(
    desk: Desk, name: str
) -> None:
    (button,) = say(desk, f'rename segment 6 to "{name}"').choices
    for _ in range(2):
        assert say(desk, button.question, thread="T2").status == "answered"
        assert name_of(desk, 6) == name


def test_a_yes_to_another_s_offer_or_to_an_old_one_only_offers(desk: Desk) -> None:
    say(desk, "rename segment 6 to Occasionals")
    assert say(desk, "yes", user="UB").status == "confirm"
    say(desk, "rename segment 6 to Occasionals")
    say(desk, "how big is segment 2")
    say(desk, "yes")
    assert name_of(desk, 6) == "Little-used cards"


def test_only_an_admin_is_offered_it_or_has_it_done(desk: Desk) -> None:
    assert say(desk, "rename segment 6 to Occasionals", user="U1").status == "denied"
    assert say(desk, 'yes, rename segment 6 to "Occasionals"', user="U1").status == "denied"
    say(desk, "rename segment 6 to Occasionals")
    assert say(desk, "yes", user="U1").status != "answered"
    assert name_of(desk, 6) == "Little-used cards"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rename segment 99 to Occasionals", "There is no segment 99"),
        ('rename segment 6 to "big spenders"', "is or was the name of segment 4"),
        ('yes, rename segment 6 to "Big spenders"', "is or was the name of segment 4"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(desk: Desk, text: str, said: str) -> None:
    reply = say(desk, text)
    assert said in reply.text
    assert name_of(desk, 6) == "Little-used cards"
