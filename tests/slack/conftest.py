"""A bot in a double of Slack, with a stand-in for the product behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode import websocket_client
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from analytics.errors import SegmentryError, WrongUsage
from analytics.model import Query
from bot import delivery
from bot.product import Asked, DigestWish, Front
from bot.reply import Card, Cell, Chart, Choice, Column, Deck, Reply, Series, Table
from bot.sheets import Sheet, sheet
from bot.slack.app import SlackSocket, build_slack, start_socket
from bot.slack.ladder import Ladder
from tests.slack.double import SlackDouble


class Product:
    """Echoes every question; `reply` replaces the echo. Keeps what it was asked and told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.earlier: list[Query | None] = []
        self.recorded: list[dict[str, Any]] = []
        self.refused: set[str] = set()
        self.names = {1: "Big spenders", 2: "R&D <b>"}
        self.release = threading.Event()
        self.wish = DigestWish("monday", "08:00", segments=(1,))
        self.reply: Callable[[str], Sequence[Reply]] = lambda text: [
            Reply(status="answered", text=f"You asked: {text}", footer="5 Oct, 8,950 customers")
        ]

    def ask(self, asked: Asked) -> Sequence[Reply]:
        self.asked.append((asked.text, asked.conversation, asked.user))
        self.earlier.append(asked.earlier())
        return self.reply(asked.text)

    def answer(self, query: Query, user: str, channel: str) -> Reply:
        meta = {"intent": query.intent, "slots": query.slots()}
        return Reply("answered", f"{query.intent} {query.segments}", meta=meta)

    def front(self) -> Front:
        row = (Cell("Big spenders"), Cell("1,234", 1234))
        overview = Reply(
            "answered",
            "1,234 customers fall into 2 segments.\n• Segment 1: rich",
            tables=(Table("Sizes", (Column("Segment"), Column("Customers")), (row,)),),
            charts=(Chart("bar", "Sizes", ("1 Big",), (Series("all", (1234,)),)),),
            deck=Deck((Card("1 Big", "1,234", "rich", (Choice("Profile", "profile of 1"),)),)),
            sql=("SELECT 1",),
        )
        drift, schedule = Reply("answered", "No alarms."), Reply("answered", "Next refit: Monday.")
        return Front(
            (overview, drift, schedule),
            (Choice("Overview", "which segments?"), Choice("Drift", "did anything change?")),
            tuple(self.names.items()),
        )

    def explain(self, query: Query) -> Reply:
        text = f"Understood as: {query.intent} {query.segments}."
        return Reply("answered", text, sql=("SELECT 1 WHERE 1 < 2",))

    def export(self, query: Query, user: str, channel: str) -> Sequence[Sheet]:
        if refused := self.refusal(user, query.intent):
            raise SegmentryError(refused)
        rows = [["1 Big spenders", 1234], ["=cmd()", 5]]
        return [sheet(f"{query.intent} 5 Oct", ["Segment", "Customers"], rows, "2 rows <!here>.")]

    def select(self, statement: str, user: str, channel: str) -> Reply:
        if "slow" in statement:
            self.release.wait(10)
        if "wrong" in statement:
            raise WrongUsage("There is no view wrong.", "Try segments.")
        return Reply("answered", f"3 rows of {statement}")

    def rename(self, segment: int, name: str, user: str) -> Reply:
        if name in self.names.values():
            raise SegmentryError(f'"{name}" is taken.')
        self.names[segment] = name
        return Reply("answered", f"Segment {segment} is now {name}.")

    def subscriptions(self, user: str) -> Reply:
        row = (Cell("the weekly digest"), Cell("on Mondays at 08:00"))
        table = Table("Subscriptions", (Column("What"), Column("When")), (row,))
        return Reply("answered", "You are told this.", tables=(table,))

    def digest_wish(self, user: str) -> DigestWish:
        return self.wish

    def set_digest(self, wish: DigestWish, user: str) -> Reply:
        if wish.segments == (2,):
            raise SegmentryError("There is no segment 2 now.")
        self.wish = wish
        return Reply("answered", f"Done: you get it on {wish.weekday} at {wish.time}.")

    def refusal(self, user: str, intent: str) -> str | None:
        return f"{intent} is not for you." if intent in self.refused else None

    def record(self, user: str, channel: str, **what: object) -> None:
        self.recorded.append({"user": user, "channel": channel, **what})


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's Slack refused is not held against another's."""
    monkeypatch.setattr(delivery, "_messages", Ladder())
    monkeypatch.setattr(delivery, "_homes", Ladder())


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
