"""Many people at once, Slack failing now and then, the socket dying: one answer each."""

from __future__ import annotations

import threading

import pytest

from tests.slack.crowd import Crowd
from tests.slack.double import SlackDouble


@pytest.fixture
def crowd(slack: SlackDouble) -> Crowd:
    slack.failing_share = 0.05
    return Crowd(slack, ["one?", "two?", "three?"], threads=8, users=12, think_s=0.05)


@pytest.mark.usefixtures("bot")
def test_every_question_is_answered_once_in_its_thread(slack: SlackDouble, crowd: Crowd) -> None:
    crowd.run(200)
    slack.settle()
    assert crowd.lost == []
    assert crowd.problems() == []


@pytest.mark.usefixtures("bot")
def test_no_question_is_lost_or_doubled_while_the_socket_dies(
    slack: SlackDouble, crowd: Crowd
) -> None:
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.4):
            slack.cut_sockets()

    killer = threading.Thread(target=kill)
    killer.start()
    crowd.run(60)
    over.set()
    killer.join()
    slack.settle()
    assert crowd.lost == []
    assert crowd.problems() == []
