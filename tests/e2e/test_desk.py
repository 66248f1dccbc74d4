"""What people in Slack may do, on a real store: roles, the audit trail, renaming, SQL, the page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from analytics.answers.offers import offers
from analytics.errors import SegmentryError
from analytics.model import Query
from bot.app import build_services
from bot.delivery import EVENT_TYPE
from bot.desk import Desk
from bot.listeners.recall import query_of
from bot.product import Asked
from bot.reply import Reply
from bot.slack.limits import check
from bot.slack.surfaces import behind, home


@pytest.fixture
def folder(two_weeks: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(two_weeks, folder, symlinks=True)
    text = (folder / "segmentry.toml").read_text()
    roles = '[slack]\nanalysts = ["UA"]\nadmins = ["UX"]\n'
    (folder / "segmentry.toml").write_text(text.replace("[slack]\n", roles, 1))
    return folder


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(build_services(folder))


def ask(desk: Desk, text: str, user: str) -> Reply:
    (reply,) = desk.ask(Asked(text, user, "C1", f"C1 {user}"))
    return reply


def trail(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "logs" / "audit.jsonl").read_text().splitlines()]


def test_a_viewer_reads_segments_but_no_single_customer(desk: Desk) -> None:
    assert ask(desk, "profile of segment 2", "U1").status == "answered"
    refused = ask(desk, "sql select count(*) from customers", "U1")
    assert refused.status == "denied"
    assert "an analyst" in refused.text
    assert refused.tables == ()
    assert ask(desk, "sql select count(*) from customers", "UA").status == "answered"
    with pytest.raises(SegmentryError, match="an analyst"):
        desk.select("select 1", "U1", "U1")
    table = desk.select("select min(customer_id) from customers", "UA", "UA").tables[0]
    customer = table.rows[0][0].text
    assert ask(desk, f"which segment is {customer} in?", "U1").status == "denied"
    assert customer in ask(desk, f"which segment is {customer} in?", "UA").text


def test_a_viewer_does_not_see_the_query_of_what_an_analyst_asked(desk: Desk) -> None:
    def say(text: str, user: str) -> Reply:
        return desk.ask(Asked(text, user, "C1", "one thread"))[0]

    customer = (
        desk.select("select min(customer_id) from customers", "UA", "UA").tables[0].rows[0][0]
    )
    assert say(f"which segment is {customer.text} in?", "UA").status == "answered"
    refused = say("show me the query", "U1")
    assert refused.status == "denied"
    assert customer.text not in refused.text
    assert refused.sql == ()
    assert customer.text in say("show me the query", "UA").text


def test_what_an_answer_named_can_be_spoken_of_also_after_a_restart(folder: Path) -> None:
    question = "which segment has the highest balance?"
    desk = Desk(build_services(folder))
    first = ask(desk, question, "U1")
    (named,) = first.meta["named"]
    assert f"Segment {named}" in first.text
    assert ask(desk, "how big is it?", "U1").meta["slots"] == {"segments": [named]}
    posted = {"event_type": EVENT_TYPE, "event_payload": json.loads(json.dumps(first.meta))}
    restarted = Desk(build_services(folder))
    asked = Asked("and why?", "U1", "C1", "again", lambda: query_of({"metadata": posted}))
    (why,) = restarted.ask(asked)
    assert (why.meta["intent"], why.meta["slots"]) == ("explain_segment", {"segments": [named]})


def test_getting_ready_needs_nothing_published_yet(folder: Path) -> None:
    services = build_services(folder)
    shutil.rmtree(folder / "published")
    services.conversations.prepare()
    (exchange,) = services.conversations.ask("size of segment 2")
    assert exchange.reply.status == "error"


def test_each_measure_asked_for_is_answered(desk: Desk) -> None:
    asked = Asked("rank segments by balance and by credit limit", "U1", "C1", "two")
    by_balance, by_limit = desk.ask(asked)
    assert by_balance.meta["slots"]["features"] == ["BALANCE"]
    assert by_limit.meta["slots"]["features"] == ["CREDIT_LIMIT"]
    assert "balance" in by_balance.text
    assert "credit limit" in by_limit.text


def test_every_offer_is_known_by_each_of_its_names(desk: Desk) -> None:
    for offer in offers():
        for name in (offer.name, *offer.also):
            reply = ask(desk, f"who should get the {name} offer?", "U1")
            assert reply.text.startswith(f"{offer.name} suits"), name


def test_what_answers_a_question_back_is_taken_up(desk: Desk) -> None:
    assert ask(desk, "which segment is the most valuable?", "U1").status == "clarify"
    ranked = ask(desk, "by purchases", "U1")
    assert (ranked.status, ranked.meta["intent"]) == ("answered", "rank_segments")
    assert ranked.meta["slots"]["features"] == ["PURCHASES"]


def test_what_is_no_answer_to_a_question_back_is_about_the_answer_before(desk: Desk) -> None:
    assert ask(desk, "size of segment 2", "U1").status == "answered"
    assert ask(desk, "which segment is the most valuable?", "U1").status == "clarify"
    why = ask(desk, "and why did it change?", "U1")
    assert why.meta["intent"] == "explain_change"
    assert why.meta["slots"]["segments"] == [2]


def test_a_word_left_out_of_a_reading_is_told(desk: Desk) -> None:
    assert (
        "(read without 'students')"
        in ask(desk, "among students, which segment spends most", "U1").text
    )


def test_everything_asked_is_in_the_trail_without_answers_or_customers(
    desk: Desk, folder: Path
) -> None:
    table = desk.select("select min(customer_id) from customers", "UA", "DA").tables[0]
    customer = table.rows[0][0].text
    ask(desk, "how big is segment 2?", "U1")
    ask(desk, f"which segment is {customer} in?", "U1")
    with pytest.raises(SegmentryError):
        desk.select("select * from nothing", "UA", "DA")
    desk.record("U1", "C1", feedback="wrong", message_ts="1.1")
    lines = trail(folder)
    assert [(n["user"], n.get("intent"), n.get("status")) for n in lines] == [
        ("UA", "sql", "answered"),
        ("U1", "segment_size", "answered"),
        ("U1", "customer_lookup", "denied"),
        ("UA", "sql", "error"),
        ("U1", None, None),
    ]
    assert lines[1]["question"] == "how big is segment 2?"
    assert lines[1]["channel"] == "C1"
    assert lines[1]["ms"] > 0
    assert lines[2]["question"] == "which segment is [customer] in?"
    assert customer not in (folder / "logs" / "audit.jsonl").read_text()


def test_only_an_admin_renames_and_the_old_name_stays_understood(desk: Desk, folder: Path) -> None:
    former = dict(desk.front().segments)[2]
    with pytest.raises(SegmentryError, match="an admin"):
        desk.rename(2, "Gold", "UA")
    with pytest.raises(SegmentryError, match="cannot be a segment's name"):
        desk.rename(2, "12", "UX")
    desk.rename(2, "Gold", "UX")
    assert dict(desk.front().segments)[2] == "Gold"
    assert ask(desk, f"how big is {former}?", "U1").meta["slots"]["segments"] == [2]
    assert trail(folder)[0]["former"] == former


def test_the_page_and_the_window_fit_slack_and_name_their_numbers(desk: Desk) -> None:
    front = desk.front()
    page = home(front, desk.subscriptions("U1"), may_sql=True, may_rename=True)
    assert check(page["blocks"]) == []
    assert "customers fall into" in str(page)
    explained = desk.explain(Query("segment_profile", segments=(2,)))
    assert "segment profile, segments 2" in explained.text
    assert check(behind(explained)["blocks"]) == []
    assert "segment_profiles" in str(behind(explained))


def test_a_question_understood_before_is_answered_within_the_role(desk: Desk) -> None:
    assert desk.answer(Query("segment_size", segments=(2,)), "U1", "C1").status == "answered"
    refused = desk.answer(Query("customer_lookup", customer="C10001"), "U1", "C1")
    assert refused.status == "denied"
