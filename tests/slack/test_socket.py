"""The connection to Slack ends in every way it can, and no question is lost or answered twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from analytics.errors import WrongUsage
from bot.slack import app as slackapp
from bot.slack.app import SlackSocket
from tests.slack.conftest import Product
from tests.slack.double import Failure, SlackDouble

Start = Callable[[], SlackSocket]


def _connected_again(slack: SlackDouble, times: int) -> bool:
    return slack.connections == times


def test_a_killed_socket_is_back_and_nothing_is_lost_or_doubled(
    slack: SlackDouble, start_bot: Start, product: Product
) -> None:
    bot = start_bot()
    for number in range(6):
        slack.mention(f"before {number}")
        slack.cut_sockets()
        slack.mention(f"during {number}")  # waits in Slack until somebody connects
        slack.wait_for(partial(_connected_again, slack, number + 2), timeout=10)
    slack.wait_for(lambda: len(slack.posts()) == 12)
    slack.settle()
    expected = [f"{when} {number}" for when in ("before", "during") for number in range(6)]
    assert sorted(text for text, _, _ in product.asked) == sorted(expected)
    assert len(slack.posts()) == 12
    assert bot.connected


def test_it_comes_back_after_slack_was_away(slack: SlackDouble, start_bot: Start) -> None:
    bot = start_bot()
    slack.stop()
    slack.wait_for(lambda: not bot.connected)
    slack.mention("are you there?")
    slack.settle(2.0)
    slack.start()
    slack.wait_for(slack.posts, timeout=10)
    assert bot.connected


def test_a_connection_that_went_silent_is_replaced(
    slack: SlackDouble, start_bot: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slackapp, "_PING_S", 0.3)
    monkeypatch.setattr(slackapp, "_STALE_S", 1.0)
    bot = start_bot()
    slack.settle(1.0)  # until it has seen a pong
    slack.freeze_sockets()
    slack.wait_for(lambda: slack.connections == 2, timeout=10)
    slack.mention("are you there?")
    slack.wait_for(slack.posts)
    assert bot.connected


def test_health_says_when_slack_last_spoke(slack: SlackDouble, bot: SlackSocket) -> None:
    slack.settle(0.5)
    silent = bot.seconds_since_event
    assert silent > 0
    slack.mention("hello")
    slack.wait_for(slack.posts)
    assert bot.seconds_since_event < silent + 0.3
    bot.stop()
    assert not bot.connected


def test_wrong_tokens_say_which_and_where_to_find_the_right_one(
    slack: SlackDouble, product: Product, start_bot: Start
) -> None:
    slack.fail("auth.test", Failure(error="invalid_auth"))
    with pytest.raises(WrongUsage, match="SLACK_BOT_TOKEN"):
        start_bot()
    slack.fail("apps.connections.open", Failure(error="not_allowed_token_type"))
    with pytest.raises(WrongUsage, match="SLACK_APP_TOKEN"):
        start_bot()
