"""A bot in a double of Slack, with a stand-in for the product behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from slack_sdk.socket_mode import websocket_client
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from bot.reply import Reply
from bot.slackapp import SlackSocket, build_slack, start_socket
from tests.slack.double import SlackDouble


class Product:
    """Echoes every question; `reply` replaces the echo. Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.reply: Callable[[str], Sequence[Reply]] = lambda text: [
            Reply(status="answered", text=f"You asked: {text}", footer="5 Oct, 8,950 customers")
        ]

    def ask(self, text: str, conversation: str, user: str) -> Sequence[Reply]:
        self.asked.append((text, conversation, user))
        return self.reply(text)


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    """Everything the bot sends is held against the limits; a test fails on any breach."""
    with SlackDouble() as double:
        yield double
    assert double.problems == []


@pytest.fixture
def product() -> Product:
    return Product()


@pytest.fixture
def start_bot(
    slack: SlackDouble, product: Product, tmp_path: Path
) -> Iterator[Callable[[], SlackSocket]]:
    """Starts a bot process' worth of Slack surface on one shared home; stopped after the test."""
    started: list[SlackSocket] = []

    def start() -> SlackSocket:
        app = build_slack(
            product, bot_token="xoxb-1", base_url=slack.base_url, claims=tmp_path / "claims"
        )
        connected = slack.connections
        started.append(start_socket(app, "xapp-1"))
        slack.wait_for(lambda: slack.connections > connected)
        return started[-1]

    yield start
    for one in started:  # it takes a second, which the next test need not wait for
        threading.Thread(target=one.stop).start()


@pytest.fixture
def bot(start_bot: Callable[[], SlackSocket], monkeypatch: pytest.MonkeyPatch) -> SlackSocket:
    """A connected bot, without the half second the SDK waits before it first connects."""

    def runner(target: Callable[[], None], interval: float) -> IntervalRunner:
        return IntervalRunner(target, 0.02 if interval == 0.5 else interval)

    monkeypatch.setattr(websocket_client, "IntervalRunner", runner)
    return start_bot()
