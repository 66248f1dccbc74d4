"""The manifest asks for what the bot uses, and the bot listens to what the manifest asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from analytics.shipped import shipped
from bot.slack.app import build_slack
from tests.slack.conftest import Product
from tests.slack.double import SlackDouble


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shipped("manifest.json").read_text(encoding="utf-8"))
    return loaded


def test_every_event_asked_for_has_a_listener(
    manifest: dict[str, Any], slack: SlackDouble, tmp_path: Path
) -> None:
    app = build_slack(
        Product(), bot_token="xoxb-1", base_url=slack.base_url, claims=tmp_path / "claims"
    )
    for name in manifest["settings"]["event_subscriptions"]["bot_events"]:
        kind, _, channel_type = name.partition(".")
        event = {"type": kind, "channel": "C1", "channel_type": channel_type, "user": "U1"}
        notice = {**event, "subtype": "channel_topic", "ts": "1.1"}
        request = BoltRequest(body=slack.event_payload(notice, name), mode="socket_mode")
        assert app.dispatch(request).status == 200, name


def test_texts_are_within_what_slack_accepts(manifest: dict[str, Any]) -> None:
    about = manifest["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4_000
    agent = manifest["features"]["agent_view"]
    assert len(agent["agent_description"]) <= 300
    assert 1 <= len(agent["suggested_prompts"]) <= 4


def test_the_bot_may_do_nothing_that_it_does_not_need(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}  # never acts as a person
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        "app_mentions:read",  # hears its name
        "assistant:write",  # shows that it is at work
        "channels:history",  # thread replies without a mention, in public
        "groups:history",  # and in private channels
        "im:history",  # direct messages
        "channels:read",  # whether a channel is shared with another company, public
        "groups:read",  # and private
        "chat:write",  # answers
        "commands",  # the slash command and the message shortcut
        "files:write",  # exports
        "im:write",  # those that are for one person alone
        "usergroups:read",  # who is in a user group that has a role
        "users:read",  # who is a guest, and whose time zone
    }
    assert manifest["settings"]["socket_mode_enabled"]
