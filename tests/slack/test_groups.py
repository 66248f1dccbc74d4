"""Roles by user group: looked up in Slack, remembered a while, and in doubt nobody's."""

from __future__ import annotations

import pytest

from bot.delivery import make_client
from bot.slack import groups
from bot.slack.groups import Groups
from tests.slack.double import SlackDouble
from tests.slack.wire import Failure


def test_members_are_looked_up_and_remembered(
    slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.groups = {"SCRM": ["U1", "U2"]}
    found = Groups(make_client("xoxb-1", slack.base_url))
    assert [found.members("SCRM") for _ in range(3)] == [{"U1", "U2"}] * 3
    assert len(slack.called("usergroups.users.list")) == 1
    monkeypatch.setattr(groups, "_FRESH_S", 0)
    slack.groups["SCRM"] = ["U2"]
    assert found.members("SCRM") == {"U2"}
    slack.fail("usergroups.users.list", Failure(error="internal_error"), times=2)
    assert found.members("SCRM") == {"U2"}  # known a moment ago
    monkeypatch.setattr(groups, "_USABLE_S", 0)
    assert found.members("SCRM") == set()


def test_a_group_that_is_not_there_has_nobody(slack: SlackDouble) -> None:
    assert Groups(make_client("xoxb-1", slack.base_url)).members("SGONE") == set()
