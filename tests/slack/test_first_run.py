"""Before there is anything to talk about, every surface says so kindly, and says it once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.errors import SegmentryError
from analytics.publish import publish
from bot.app import Services, build_services
from bot.commands.setup import initialise
from bot.desk import NOTHING_YET, Desk
from bot.slack.app import build_slack, start_socket
from tests.golden.answers_store import build
from tests.slack.double import SlackDouble
from tests.slack.test_surfaces import words


def initialised(home: Path) -> Services:
    initialise(home)
    return build_services(home)


def started(home: Path) -> Services:
    """The service publishes at its start, whatever there is."""
    services = initialised(home)
    publish(services.store)
    return services


def robbed(home: Path) -> Services:
    """Somebody removed the published copies."""
    build(home)
    services = build_services(home)
    assert services.published.latest().refits
    shutil.rmtree(home / "published")
    return services


@pytest.fixture(params=[initialised, started, robbed], ids=lambda make: make.__name__)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(request.param(tmp_path / "home"))


@pytest.fixture
def bot(desk: Desk, slack: SlackDouble, tmp_path: Path) -> Iterator[None]:
    app = build_slack(desk, bot_token="xoxb-1", base_url=slack.base_url, claims=tmp_path / "claims")
    socket = start_socket(app, "xapp-1")
    slack.wait_for(lambda: slack.connections)
    yield
    socket.stop()


@pytest.mark.usefixtures("bot")
def test_every_surface_says_that_there_is_nothing_yet(slack: SlackDouble) -> None:
    slack.open_home()
    slack.open_home(tab="messages")
    (home,) = slack.wait_for(lambda: slack.called("views.publish"))
    assert "Welcome to Segmentry" in words(home["view"])
    assert "I have no segments to show yet." in words(home["view"])
    (suggested,) = slack.wait_for(lambda: slack.called("assistant.threads.setSuggestedPrompts"))
    assert suggested["prompts"] == [{"title": "What can you do?", "message": "help"}]
    slack.settle()
    assert slack.posts() == []  # looking around makes nobody write

    for question in ("help", "hi", "which segments do we have?", "sql select 1"):
        slack.message(question)
        slack.wait_for(slack.posts)
        assert slack.messages.pop("D1")[-1]["text"] == NOTHING_YET
    ts = slack.mention("which segments do we have?")
    (post,) = slack.wait_for(lambda: slack.posts("C1"))
    assert (post["text"], post["thread_ts"]) == (NOTHING_YET, ts)
    url = slack.command("overview")
    (told,) = slack.wait_for(lambda: slack.responses(url))
    assert told["text"] == NOTHING_YET
    slack.command("rename", user="U1")
    (opened,) = slack.wait_for(lambda: slack.called("views.open"))
    assert "is for an admin" in words(opened["view"])


def test_sql_of_nothing_says_so_too(desk: Desk) -> None:
    with pytest.raises(SegmentryError, match="no segments to show yet"):
        desk.select("SELECT 1", "U1", "U1")
