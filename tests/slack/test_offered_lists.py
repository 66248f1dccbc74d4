"""A list of customers is offered, agreed to and made, for who may have it; on a real store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.errors import SegmentryError
from analytics.model import Query
from bot.app import build_services
from bot.blocks import export_button, query_in
from bot.desk import SENT, Desk
from bot.product import Asked
from bot.reply import Reply
from tests.golden.answers_store import build


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    build(folder)
    (folder / "segmentry.toml").write_text('[slack]\nanalysts = ["UA"]\n')
    return folder


@pytest.fixture
def desk(home: Path) -> Desk:
    return Desk(build_services(home))


def say(desk: Desk, text: str, user: str = "UA") -> Reply:
    (reply,) = desk.ask(Asked(text, user, "C1", f"C1 {user}"))
    return reply


def test_what_is_offered_is_what_is_sent(desk: Desk, home: Path) -> None:
    offer = say(desk, "export segment 4")
    assert offer.status == "confirm"
    assert offer.text.startswith("Segment 4 (Big spenders) has 96 customers on 5 Oct 2026.")
    (button,) = export_button(offer)
    (file,) = desk.export(query_in(button["value"]), "UA", "C1")
    assert len(file.content.splitlines()) == 1 + 96
    agreed = say(desk, "yes")
    assert (agreed.status, agreed.text) == ("answered", SENT)
    (again,) = desk.export(Query.from_slots("export_audience", agreed.meta["slots"]), "UA", "C1")
    assert again.content == file.content
    trail = [json.loads(line) for line in (home / "logs" / "audit.jsonl").open()]
    assert [line["files"] for line in trail if line["intent"] == "export"] == [[file.name]] * 2


def test_what_was_found_can_be_exported(desk: Desk) -> None:
    found = say(desk, "how many customers in segment 4 have a credit limit over 8000")
    offer = say(desk, "export those")
    assert offer.text.partition("\n")[0] == found.text.partition("\n")[0]
    assert offer.meta["slots"]["filter"]


def test_where_nobody_is_meant_nothing_is_offered(desk: Desk) -> None:
    offer = say(desk, "export customers in segment 6 with a balance above 900000")
    assert (offer.status, export_button(offer)) == ("declined", [])


def test_a_viewer_gets_no_list(desk: Desk) -> None:
    assert say(desk, "export segment 4", "U1").status == "denied"
    assert say(desk, "yes", "U1").status != "answered"
    for intent in ("export_audience", "find_customers", "sql"):
        with pytest.raises(SegmentryError, match="is for an analyst"):
            desk.export(Query(intent, segments=(4,)), "U1", "C1")
    (file,) = desk.export(Query("overview"), "U1", "C1")
    assert b"C10" not in file.content
