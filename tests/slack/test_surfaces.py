"""Slash command, buttons, windows, the bot's own page: what each person sees and may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analytics.model import Condition, Query
from bot.product import DigestWish
from bot.reply import Choice, Reply
from tests.slack.conftest import Product
from tests.slack.double import Failure, SlackDouble

pytestmark = pytest.mark.usefixtures("bot")

PROFILE = Reply(
    "answered",
    "Segment 2 has 1,853 customers.",
    footer="5 Oct 2026",
    sql=("SELECT 1",),
    choices=(Choice("Trend", "trend of segment 2"),),
    meta={"intent": "segment_profile", "slots": {"segments": [2]}},
)


def labels(message: dict[str, Any]) -> list[str]:
    elements = [e for block in message["blocks"] for e in block.get("elements", [])]
    return [e["text"]["text"] for e in elements if e["type"] == "button"]


def words(value: Any) -> str:
    """Every text in blocks, for looking things up in."""
    if isinstance(value, dict):
        return " ".join(words(item) for item in value.values())
    return " ".join(map(words, value)) if isinstance(value, list) else str(value)


def test_a_slash_command_is_answered_to_its_author_only(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [PROFILE]
    url = slack.command("profile of segment 2", user="U5")
    (answer,) = slack.wait_for(lambda: slack.responses(url))
    assert answer["response_type"] == "ephemeral"
    assert answer["text"] == PROFILE.text
    assert labels(answer) == ["Trend", "Show SQL", "Share in channel"]
    assert product.asked == [("profile of segment 2", "C1 U5", "U5")]
    assert slack.posts() == []


def test_a_bare_slash_command_is_the_overview(slack: SlackDouble, product: Product) -> None:
    url = slack.command("")
    slack.wait_for(lambda: slack.responses(url))
    assert product.asked[0][0] == "overview"


def test_what_was_shared_is_a_message_everybody_can_follow_up(
    slack: SlackDouble, product: Product
) -> None:
    condition = Condition("BALANCE", "<", 5_000.0)
    query = Query("segment_profile", segments=(2,), filter=(condition,))
    meta = {"intent": query.intent, "slots": query.slots()}
    product.reply = lambda _: [replace(PROFILE, meta=meta)]
    url = slack.command("profile of segment 2")
    (note,) = slack.wait_for(lambda: slack.responses(url))
    slack.click(note, "share")
    (post,) = slack.wait_for(slack.posts)
    assert post["text"] == "segment_profile (2,)"
    assert "thread_ts" not in post
    payload = post["metadata"]["event_payload"]
    assert Query.from_slots(payload["intent"], payload["slots"]) == query
    slack.settle()
    assert len(slack.responses(url)) == 1


def test_what_is_shared_where_the_bot_is_not_a_member_arrives_all_the_same(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [PROFILE]
    url = slack.command("profile of segment 2")
    (note,) = slack.wait_for(lambda: slack.responses(url))
    slack.fail("chat.postMessage", Failure(error="not_in_channel"))
    slack.click(note, "share")
    slack.wait_for(lambda: len(slack.responses(url)) == 2)
    assert slack.responses(url)[1]["response_type"] == "in_channel"


def test_a_button_under_a_private_answer_is_answered_privately(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [PROFILE]
    url = slack.command("profile of segment 2", user="U5")
    (note,) = slack.wait_for(lambda: slack.responses(url))
    slack.click(note, "ask_0", user="U5")
    slack.wait_for(lambda: len(slack.responses(url)) == 2)
    assert product.asked[1] == ("trend of segment 2", "C1 U5", "U5")
    assert slack.posts() == []


def test_nothing_that_has_no_query_can_be_shared(slack: SlackDouble, product: Product) -> None:
    product.reply = lambda _: [Reply("clarify", "Which one?", choices=(Choice("1", "segment 1"),))]
    url = slack.command("hm")
    (answer,) = slack.wait_for(lambda: slack.responses(url))
    assert labels(answer) == ["1"]


def test_a_failing_command_apologises_to_its_author(slack: SlackDouble, product: Product) -> None:
    def broken(_: str) -> list[Reply]:
        raise ZeroDivisionError

    product.reply = broken
    url = slack.command("profile of segment 2")
    (answer,) = slack.wait_for(lambda: slack.responses(url))
    assert "Give your operator this code" in answer["text"]
    assert slack.posts() == []


def test_home_shows_segments_the_check_the_next_refit_and_what_to_ask(
    slack: SlackDouble, product: Product
) -> None:
    product.refused = {"rename_segment"}
    slack.open_home(user="U5")
    (home,) = slack.wait_for(lambda: slack.called("views.publish"))
    assert home["user_id"] == "U5"
    kinds = [block["type"] for block in home["view"]["blocks"]]
    assert {"data_visualization", "data_table"} <= set(kinds)
    shown = words(home["view"])
    for text in ("1,234 customers fall", "No alarms.", "Next refit: Monday.", "Run SQL"):
        assert text in shown
    assert "Rename" not in shown
    slack.click_home(home["view"], "ask_1", user="U5")
    (answer,) = slack.wait_for(slack.posts)
    assert (answer["channel"], answer["text"]) == ("D1", "You asked: did anything change?")
    slack.message("and in segment 2?", channel="D1", user="U5")
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert [conversation for _, conversation, _ in product.asked] == ["D1", "D1"]


def test_a_card_asks_about_its_segment(slack: SlackDouble, product: Product) -> None:
    slack.open_home(user="U5")
    (home,) = slack.wait_for(lambda: slack.called("views.publish"))
    slack.click_home(home["view"], "ask_0_0", user="U5")
    (answer,) = slack.wait_for(slack.posts)
    assert (answer["channel"], answer["text"]) == ("D1", "You asked: profile of 1")
    product.reply = lambda _: [product.front().replies[0]]
    asked = slack.mention("which segments?")
    slack.wait_for(lambda: slack.posts("C1"))
    product.reply = lambda text: [Reply("answered", f"You asked: {text}")]
    slack.click(slack.posts("C1")[0], "ask_0_0")
    slack.wait_for(lambda: len(slack.posts("C1")) == 2)
    assert slack.posts("C1")[1]["text"] == "You asked: profile of 1"
    assert slack.posts("C1")[1]["thread_ts"] == asked


def test_home_where_cards_are_not_drawn_is_shown_without_and_remembered(
    slack: SlackDouble,
) -> None:
    slack.fail("views.publish", Failure(error="invalid_arguments"))
    slack.open_home()
    slack.wait_for(lambda: len(slack.called("views.publish")) == 2)
    slack.open_home()
    slack.wait_for(lambda: len(slack.called("views.publish")) == 3)
    with_cards = [
        "carousel" in [block["type"] for block in call["view"]["blocks"]]
        for call in slack.called("views.publish")
    ]
    assert with_cards == [True, False, False]


def test_home_of_somebody_who_may_not_ask_says_so(slack: SlackDouble, product: Product) -> None:
    product.refused = {"overview", "sql", "rename_segment"}
    slack.open_home()
    (home,) = slack.wait_for(lambda: slack.called("views.publish"))
    assert "overview is not for you" in words(home["view"])
    assert "1,234" not in words(home["view"])


def test_direct_messages_suggest_what_to_ask(slack: SlackDouble) -> None:
    slack.open_home(tab="messages")
    (suggested,) = slack.wait_for(lambda: slack.called("assistant.threads.setSuggestedPrompts"))
    assert suggested["channel_id"] == "D1"
    assert suggested["prompts"] == [
        {"title": "Overview", "message": "which segments?"},
        {"title": "Drift", "message": "did anything change?"},
    ]


def sql_window(slack: SlackDouble) -> dict[str, Any]:
    slack.command("sql", user="U5")
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    view: dict[str, Any] = opened["view"]
    return view


def test_sql_from_a_window_comes_as_a_direct_message(slack: SlackDouble) -> None:
    envelope = slack.submit(sql_window(slack), user="U5", statement="SELECT 1")
    (answer,) = slack.wait_for(slack.posts)
    assert (answer["channel"], answer["text"]) == ("U5", "3 rows of SELECT 1")
    slack.wait_for(lambda: slack.answered.get(envelope) == {})  # the window closes


def test_a_mistake_in_sql_is_shown_in_the_window(slack: SlackDouble) -> None:
    envelope = slack.submit(sql_window(slack), user="U5", statement="SELECT * FROM wrong")
    answer = slack.wait_for(lambda: slack.answered.get(envelope))
    assert answer["response_action"] == "errors"
    assert answer["errors"] == {"statement": "There is no view wrong. Try segments."}
    assert slack.posts() == []


def test_slow_sql_closes_the_window_in_time_and_arrives_later(
    slack: SlackDouble, product: Product
) -> None:
    envelope = slack.submit(sql_window(slack), user="U5", statement="SELECT wrong slow")
    slack.wait_for(lambda: envelope in slack.answered)
    assert slack.posts() == []
    product.release.set()
    (answer,) = slack.wait_for(slack.posts)
    assert answer["text"] == "There is no view wrong. Try segments."


def test_who_may_not_run_sql_reads_why(slack: SlackDouble, product: Product) -> None:
    product.refused = {"sql"}
    view = sql_window(slack)
    assert "sql is not for you" in words(view)
    assert "submit" not in view


def test_renaming_a_segment(slack: SlackDouble, product: Product) -> None:
    slack.command("rename", user="U5")
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    choice = {"selected_option": {"value": "2"}}
    envelope = slack.submit(opened["view"], user="U5", segment=choice, name="Big spenders")
    answer = slack.wait_for(lambda: slack.answered.get(envelope))
    assert answer["errors"] == {"name": '"Big spenders" is taken.'}
    slack.submit(opened["view"], user="U5", segment=choice, name="Savers")
    (told,) = slack.wait_for(slack.posts)
    assert (told["channel"], told["text"]) == ("U5", "Segment 2 is now Savers.")
    assert product.names[2] == "Savers"


def test_digest_settings_from_the_page_and_the_command(
    slack: SlackDouble, product: Product
) -> None:
    slack.open_home(user="U5")
    (home,) = slack.wait_for(lambda: slack.called("views.publish"))
    assert "on Mondays at 08:00" in words(home["view"])
    slack.click_home(home["view"], "open_digest", user="U5")
    slack.command("digest", user="U5")
    slack.wait_for(lambda: len(slack.called("views.open")) == 2)
    view, again = (opened["view"] for opened in slack.called("views.open"))
    assert view["blocks"] == again["blocks"]
    chosen = view["blocks"][3]["element"]["initial_options"]
    assert [option["value"] for option in chosen] == ["1"]

    def filled(*segments: str) -> dict[str, dict[str, object]]:
        return {
            "sending": {"selected_option": {"value": "send"}},
            "weekday": {"selected_option": {"value": "friday"}},
            "time": {"selected_time": "16:30"},
            "segments": {"selected_options": [{"value": segment} for segment in segments]},
        }

    envelope = slack.submit(view, user="U5", **filled("2"))
    answer = slack.wait_for(lambda: slack.answered.get(envelope))
    assert answer["errors"] == {"segments": "There is no segment 2 now."}
    slack.submit(view, user="U5", **filled())
    (told,) = slack.wait_for(slack.posts)
    assert (told["channel"], told["text"]) == ("U5", "Done: you get it on friday at 16:30.")
    assert product.wish == DigestWish("friday", "16:30")


def test_explain_this_number_reads_the_answers_metadata(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [PROFILE]
    slack.mention("profile of segment 2")
    (answer,) = slack.wait_for(slack.posts)
    slack.explain(answer)
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    shown = words(opened["view"])
    assert "segment_profile (2,)" in shown
    assert "SELECT 1 WHERE 1 &lt; 2" in shown


def test_numbers_of_others_are_not_explained(slack: SlackDouble) -> None:
    message = slack.written("sales are up 5 %", channel="C1", user="U2")
    slack.explain(message)
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    assert "in my own answers" in words(opened["view"])


def test_opinions_are_recorded_and_a_wrong_answer_may_be_explained(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [PROFILE]
    slack.mention("profile of segment 2")
    (answer,) = slack.wait_for(slack.posts)
    slack.click(answer, "feedback", user="U5", value="right")
    slack.click(answer, "feedback", user="U6", value="wrong")
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    slack.submit(opened["view"], user="U6", reason="the total is off")
    slack.wait_for(lambda: len(product.recorded) == 3)
    about = {"channel": "C1", "message_ts": answer["ts"]}
    by_user = sorted(product.recorded, key=lambda line: (line["user"], "reason" in line))
    assert by_user == [
        {"user": "U5", "feedback": "right", "intent": "segment_profile", **about},
        {"user": "U6", "feedback": "wrong", "intent": "segment_profile", **about},
        {"user": "U6", "feedback": "wrong", "reason": "the total is off", **about},
    ]


def test_guests_get_nothing_anywhere(slack: SlackDouble, product: Product) -> None:
    slack.guests = {"UGUEST"}
    slack.mention("segment 2?", user="UGUEST")
    (note,) = slack.wait_for(lambda: slack.called("chat.postEphemeral"))
    assert note["user"] == "UGUEST"
    assert "employees" in note["text"]
    url = slack.command("segment 2?", user="UGUEST")
    slack.open_home(user="UGUEST")
    slack.settle()
    assert product.asked == []
    assert slack.posts() == slack.called("views.publish") == []
    (refusal,) = slack.responses(url)
    assert "employees" in refusal["text"]


def test_somebody_who_cannot_be_looked_up_is_asked_to_try_again(
    slack: SlackDouble, product: Product
) -> None:
    slack.fail("users.info", Failure(error="internal_error"))
    slack.mention("segment 2?")
    (note,) = slack.wait_for(lambda: slack.called("chat.postEphemeral"))
    assert "Ask again" in note["text"]
    slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    assert len(product.asked) == 1
