"""People and the bot in channels and direct messages: who gets an answer, where, and how often."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest

from bot.listeners.turns import spoken
from bot.reply import Choice, Reply
from bot.slack.app import SlackSocket
from tests.slack.conftest import Product
from tests.slack.double import BOT_ID, BOT_USER, Failure, SlackDouble

Start = Callable[[], SlackSocket]


def questions(product: Product) -> list[str]:
    return [text for text, _, _ in product.asked]


@pytest.mark.usefixtures("bot")
def test_a_mention_gets_one_answer_in_its_thread(slack: SlackDouble, product: Product) -> None:
    ts = slack.mention("who is in segment 2?")
    slack.wait_for(slack.posts)
    slack.settle()
    (answer,) = slack.posts()
    assert (answer["channel"], answer["thread_ts"]) == ("C1", ts)
    assert answer["text"] == "You asked: who is in segment 2?"
    assert answer["metadata"]["event_type"] == "segmentry_answer"
    assert product.asked == [("who is in segment 2?", f"C1 {ts}", "U1")]


@pytest.mark.usefixtures("bot")
def test_the_status_line_comes_before_the_answer(slack: SlackDouble) -> None:
    ts = slack.mention("hello")
    slack.wait_for(slack.posts)
    methods = [call.method for call in slack.calls]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.postMessage")
    (status,) = slack.called("assistant.threads.setStatus")
    assert (status["channel_id"], status["thread_ts"]) == ("C1", ts)


@pytest.mark.usefixtures("bot")
def test_a_direct_message_is_answered_under_it(slack: SlackDouble, product: Product) -> None:
    ts = slack.message("how many customers?", channel="D7")
    slack.wait_for(slack.posts)
    assert [(post["channel"], post["thread_ts"]) for post in slack.posts()] == [("D7", ts)]
    assert product.asked == [("how many customers?", "D7", "U1")]


@pytest.mark.usefixtures("bot")
def test_direct_messages_go_on_with_what_was_said(slack: SlackDouble, product: Product) -> None:
    first = slack.message("tell me about segment 2", channel="D7")
    slack.wait_for(slack.posts)
    slack.message("its size?", channel="D7", thread_ts=first)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    slack.message("and segment 3?", channel="D7")
    slack.wait_for(lambda: len(slack.posts()) == 3)
    slack.message("its size?", channel="D7", thread_ts=first)
    slack.wait_for(lambda: len(slack.posts()) == 4)
    # Under the newest question: the same conversation. Under an older one, not the newest's.
    assert [key for _, key, _ in product.asked] == ["D7", "D7", "D7", f"D7 {first}"]


@pytest.mark.usefixtures("bot")
def test_a_thread_goes_on_without_a_mention(slack: SlackDouble, product: Product) -> None:
    ts = slack.mention("tell me about segment 2")
    slack.wait_for(slack.posts)
    slack.message("and segment 3?", channel="C1", user="U2", thread_ts=ts)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert product.asked[1] == ("and segment 3?", f"C1 {ts}", "U2")
    assert slack.posts()[1]["thread_ts"] == ts


@pytest.mark.usefixtures("bot")
def test_a_follow_up_that_overtakes_its_mention_is_answered(
    slack: SlackDouble, product: Product
) -> None:
    root = slack.written(f"<@{BOT_USER}> segment 2?", channel="C1", user="U1")
    slack.message("and segment 3?", channel="C1", thread_ts=root["ts"])
    slack.wait_for(slack.posts)
    slack.send_event({**root, "type": "app_mention"})
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert sorted(questions(product)) == ["and segment 3?", "segment 2?"]


@pytest.mark.usefixtures("bot")
def test_a_reply_under_the_bots_own_post_is_a_question(slack: SlackDouble) -> None:
    slack.message("why?", channel="C1", thread_ts="1700000000.000001", parent_user_id=BOT_USER)
    slack.wait_for(slack.posts)


@pytest.mark.usefixtures("bot")
def test_what_is_not_for_the_bot_stays_unanswered(slack: SlackDouble, product: Product) -> None:
    thread = slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    strangers = slack.written("lunch?", channel="C1", user="U2")["ts"]
    slack.message("good morning", channel="C1")
    slack.message("yes, at noon", channel="C1", thread_ts=strangers)
    slack.message("<@U9> can you look?", channel="C1", thread_ts=thread)
    slack.message("beep", channel="D1", bot_id="BOTHER", subtype="bot_message")
    slack.message("beep", channel="C1", bot_id="BOTHER", thread_ts=thread)
    slack.mention("beep", bot_id="BOTHER", user="UOTHER")
    slack.message("my own", channel="D1", user=BOT_USER, bot_id=BOT_ID)
    for subtype in ("message_changed", "message_deleted", "channel_join", "channel_topic"):
        slack.message("notice", channel="D1", subtype=subtype)
    slack.settle()
    assert questions(product) == ["segment 2?"]
    assert len(slack.called("chat.postMessage")) == 1


@pytest.mark.usefixtures("bot")
def test_messages_with_a_file_or_also_sent_to_the_channel_are_answered(
    slack: SlackDouble, product: Product
) -> None:
    slack.message("what is this?", channel="D1", subtype="file_share")
    thread = slack.mention("segment 2?")
    slack.wait_for(lambda: len(slack.posts()) == 2)
    slack.message("and 3?", channel="C1", thread_ts=thread, subtype="thread_broadcast")
    slack.wait_for(lambda: len(slack.posts()) == 3)
    assert "and 3?" in questions(product)


@pytest.mark.usefixtures("bot")
def test_events_doubled_and_shuffled_are_answered_once_each(
    slack: SlackDouble, product: Product
) -> None:
    events = []
    for number in range(40):
        message = slack.written(f"<@{BOT_USER}> q{number}", channel=f"C{number % 5}", user="U1")
        event_id = f"EvX{number}"
        events += [(event_id, {**message, "type": "app_mention"})] * 2
        events += [(f"{event_id}m", message)]
    random.Random(7).shuffle(events)
    for event_id, event in events:
        slack.send_event(event, event_id=event_id)
    slack.wait_for(lambda: len(slack.posts()) == 40)
    slack.settle()
    assert sorted(questions(product)) == sorted(f"q{number}" for number in range(40))
    for post in slack.posts():
        root = next(m for m in slack.messages[post["channel"]] if m["ts"] == post["thread_ts"])
        assert root["text"].split()[-1] == post["text"].split()[-1]


def test_a_restart_neither_repeats_an_answer_nor_forgets_a_thread(
    slack: SlackDouble, product: Product, start_bot: Start
) -> None:
    first = start_bot()
    root = slack.written(f"<@{BOT_USER}> segment 2?", channel="C1", user="U1")
    event_id = slack.send_event({**root, "type": "app_mention"})
    slack.wait_for(slack.posts)
    first.stop()
    start_bot()
    slack.send_event({**root, "type": "app_mention"}, event_id=event_id)
    slack.message("and 3?", channel="C1", thread_ts=root["ts"])
    slack.wait_for(lambda: len(slack.posts()) == 2)
    slack.settle()
    assert questions(product) == ["segment 2?", "and 3?"]


@pytest.mark.usefixtures("bot")
def test_a_choice_asks_its_question_in_the_same_thread(
    slack: SlackDouble, product: Product
) -> None:
    choice = Choice("Compare with R&D", "compare 1 & <2>")
    product.reply = lambda text: [Reply(status="answered", text=text, choices=(choice,))]
    ts = slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    slack.click(slack.posts()[0], "ask_0", user="U5")
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert product.asked[1] == ("compare 1 & <2>", f"C1 {ts}", "U5")
    assert slack.posts()[1]["thread_ts"] == ts


@pytest.mark.usefixtures("bot")
def test_show_sql_opens_every_statement_in_a_window(slack: SlackDouble, product: Product) -> None:
    wide = ",\n".join(f"       avg(feature_{number}) AS mean_{number}" for number in range(150))
    sql = ("SELECT 1 WHERE 2 < 3 AND name = 'R&D'", f"SELECT {wide}\nFROM features")
    product.reply = lambda text: [Reply(status="answered", text=text, sql=sql)]
    slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    slack.click(slack.posts()[0], "show_sql")
    slack.wait_for(lambda: slack.called("views.open"))
    (opened,) = slack.called("views.open")
    shown = "".join(
        block["text"]["text"].removeprefix("```").removesuffix("```")
        for block in opened["view"]["blocks"]
    )
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    assert shown == ";\n\n".join(sql)


@pytest.mark.usefixtures("bot")
def test_other_companies_get_nothing(slack: SlackDouble, product: Product) -> None:
    slack.mention("segment 2?", user_team="T666")
    slack.message("segment 2?", channel="D1", source_team="T666")
    slack.shared_channels.add("CSHARED")
    slack.mention("segment 2?", channel="CSHARED", user="U3")
    slack.wait_for(lambda: slack.called("chat.postEphemeral"))
    slack.settle()
    assert product.asked == []
    assert slack.posts() == []
    (note,) = slack.called("chat.postEphemeral")
    assert note["user"] == "U3"
    assert "shared with another company" in note["text"]


@pytest.mark.usefixtures("bot")
def test_other_companies_cannot_ask_by_button(slack: SlackDouble, product: Product) -> None:
    choice = Choice("Compare", "compare 1 and 2")
    product.reply = lambda text: [Reply(status="answered", text=text, choices=(choice,))]
    slack.mention("segment 2?")
    (answer,) = slack.wait_for(slack.posts)
    slack.click(answer, "ask_0", user="U6", team="T666")
    slack.shared_channels.add("C1")  # since the answer was posted
    slack.click(answer, "ask_0")
    slack.wait_for(lambda: slack.called("chat.postEphemeral"))
    slack.settle()
    assert questions(product) == ["segment 2?"]


@pytest.mark.usefixtures("bot")
def test_questions_of_a_thread_are_answered_in_their_order(
    slack: SlackDouble, product: Product
) -> None:
    first_may_end = threading.Event()

    def reply(text: str) -> list[Reply]:
        if text == "first":
            first_may_end.wait(10)
        return [Reply(status="answered", text=text)]

    product.reply = reply
    thread = slack.mention("first")
    slack.wait_for(lambda: product.asked)
    slack.message("second", channel="C1", thread_ts=thread)
    slack.mention("elsewhere", channel="C2")
    slack.wait_for(lambda: slack.posts("C2"))  # another conversation does not wait
    assert slack.posts("C1") == []
    first_may_end.set()
    slack.wait_for(lambda: len(slack.posts("C1")) == 2)
    assert [post["text"] for post in slack.posts("C1")] == ["first", "second"]


@pytest.mark.usefixtures("bot")
def test_where_nothing_needs_saying_the_status_line_goes_away(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: []
    slack.mention("thanks")
    slack.wait_for(lambda: len(slack.called("assistant.threads.setStatus")) == 2)
    assert slack.called("assistant.threads.setStatus")[-1]["status"] == ""
    assert slack.called("chat.postMessage") == []


@pytest.mark.usefixtures("bot")
def test_where_sharing_is_unknown_slack_is_asked_and_doubt_is_a_no(
    slack: SlackDouble, product: Product
) -> None:
    def ask_in(channel: str) -> None:
        message = slack.written(f"<@{BOT_USER}> q", channel=channel, user="U1")
        slack.send_event({**message, "type": "app_mention"}, is_ext_shared_channel=None)

    slack.shared_channels.add("CSHARED")
    ask_in("CSHARED")
    ask_in("CFINE")
    slack.wait_for(slack.posts)
    slack.fail("conversations.info", Failure(error="missing_scope"))
    ask_in("CUNKNOWN")
    slack.settle()
    assert [post["channel"] for post in slack.posts()] == ["CFINE"]


def test_what_people_type_reaches_the_product_as_they_see_it() -> None:
    typed = (
        "<@UBOT> compare <https://x.io|R&amp;D> in <#C2|sales> with &lt;5k and <mailto:a@b.c|a@b.c>"
    )
    assert spoken(typed, "UBOT") == "compare R&D in #C2 with <5k and a@b.c"
    assert spoken("ask <@U2> about <https://x.io>", "UBOT") == "ask @U2 about https://x.io"
    assert spoken("<@UBOT>", "UBOT") == ""
