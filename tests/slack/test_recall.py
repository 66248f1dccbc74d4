"""What was said before survives a restart: it stands with the bot's own messages in Slack."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analytics.model import Query
from bot.listeners import recall
from bot.reply import Reply
from bot.slack.app import SlackSocket
from tests.slack.conftest import Product
from tests.slack.double import Failure, SlackDouble

Start = Callable[[], SlackSocket]
SIZE = Query("segment_size", segments=(2,))


@pytest.fixture(autouse=True)
def with_meta(product: Product) -> None:
    """Every answer is about one query."""
    meta = {"intent": SIZE.intent, "slots": SIZE.slots()}
    product.reply = lambda text: [Reply("answered", text, meta=meta)]


@pytest.mark.usefixtures("bot")
def test_a_thread_remembers_its_newest_query(slack: SlackDouble, product: Product) -> None:
    thread = slack.mention("how big is segment 2?")
    slack.wait_for(slack.posts)
    slack.message("and segment 3?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert product.earlier == [None, SIZE]


@pytest.mark.usefixtures("bot")
def test_a_thread_of_many_pages_remembers_its_newest_query(
    slack: SlackDouble, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "_MESSAGES", 2)
    thread = slack.mention("how big is segment 2?")
    slack.wait_for(slack.posts)
    for number in range(5):
        slack.written(f"chatter {number}", channel="C1", user="U2", thread_ts=thread)
    newest = {"intent": "drift", "slots": {}}
    product.reply = lambda text: [Reply("answered", text, meta=newest)]
    slack.message("and drift?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    slack.message("and segment 3?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 3)
    assert product.earlier == [None, SIZE, Query("drift")]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("threaded", [True, False])
def test_direct_messages_remember_theirs(
    slack: SlackDouble, product: Product, threaded: bool
) -> None:
    first = slack.message("how big is segment 2?")
    slack.wait_for(slack.posts)
    slack.message("and segment 3?", **({"thread_ts": first} if threaded else {}))
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert product.earlier == [None, SIZE]


@pytest.mark.usefixtures("bot")
def test_what_cannot_be_read_is_no_memory_but_an_answer(
    slack: SlackDouble, product: Product
) -> None:
    thread = slack.mention("how big is segment 2?")
    (answer,) = slack.wait_for(slack.posts)
    answer["metadata"]["event_payload"]["slots"] = {"as_of": "some day"}
    slack.message("and segment 3?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    slack.fail("conversations.replies", Failure(error="missing_scope"))
    slack.message("and segment 4?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 3)
    assert product.earlier == [None, None, None]


@pytest.mark.usefixtures("bot")
def test_metadata_of_other_apps_is_not_ours(slack: SlackDouble, product: Product) -> None:
    thread = slack.mention("how big is segment 2?")
    (answer,) = slack.wait_for(slack.posts)
    answer["metadata"]["event_type"] = "their_answer"
    slack.message("and segment 3?", channel="C1", thread_ts=thread)
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert product.earlier == [None, None]
