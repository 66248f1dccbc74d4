"""`doctor --live` says what Slack allows, and what to do where it does not."""

from __future__ import annotations

import json

from analytics.shipped import shipped
from bot.commands.slackcheck import examine_slack
from bot.settings import Settings, SlackSettings, Tokens
from tests.slack.double import Failure, SlackDouble

SETTINGS = Settings(slack=SlackSettings(digest_channel="C9", owner="U9", analysts=["SCRM"]))


def findings(slack: SlackDouble) -> dict[str, str]:
    """What was said, by status."""
    secrets = Tokens(bot_token="xoxb-1", app_token="xapp-1", api_url=slack.base_url)
    said: dict[str, str] = {"ok": "", "note": "", "problem": ""}
    for status, text, do in examine_slack(SETTINGS, secrets):
        assert status == "ok" or do or status == "note"
        said[status] += f"{text} {do}\n"
    return said


def granted() -> list[str]:
    manifest = json.loads(shipped("manifest.json").read_text(encoding="utf-8"))
    scopes: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    return scopes


def test_where_all_is_well_every_line_says_so(slack: SlackDouble) -> None:
    slack.scopes = ",".join(granted())
    slack.groups = {"SCRM": ["U1", "U2"]}
    said = findings(slack)
    assert said["problem"] == said["note"] == ""
    for text in (
        "Signed in as segmentry in Test",
        "Every scope",
        "Socket Mode can connect",
        "The bot is in #C9",
        "The owner is U9",
        "SCRM has 2 members",
        "accepts the shape",
    ):
        assert text in said["ok"]
    assert slack.posts() == []  # nothing was sent to anybody


def test_scopes_too_few_and_too_many_are_named(slack: SlackDouble) -> None:
    slack.scopes = ",".join([*granted()[1:], "channels:join"])
    said = findings(slack)
    assert f"missing: {granted()[0]}." in said["problem"]
    assert "segmentry manifest" in said["problem"]
    assert "does not need: channels:join." in said["note"]


def test_a_channel_without_the_bot_a_wrong_owner_and_tokens_are_problems(
    slack: SlackDouble,
) -> None:
    slack.scopes = ",".join(granted())
    slack.not_a_member = {"C9"}
    slack.fail("users.info", Failure(error="user_not_found"))
    slack.fail("apps.connections.open", Failure(error="invalid_auth"))
    problems = findings(slack)["problem"]
    assert "/invite @Segmentry" in problems
    assert "user group SCRM cannot be looked up: no_such_subteam" in problems
    assert "owner U9 cannot be looked up: user_not_found" in problems
    assert "app token: invalid_auth" in problems
    slack.fail("auth.test", Failure(error="invalid_auth"))
    assert "bot token: invalid_auth. Copy it again." in findings(slack)["problem"]


def test_an_answer_slack_would_refuse_is_a_problem_and_an_old_slack_a_note(
    slack: SlackDouble,
) -> None:
    slack.fail("blocks.validate", Failure(error="invalid_blocks"))
    assert "would refuse a full answer" in findings(slack)["problem"]
    slack.fail("blocks.validate", Failure(error="unknown_method"))
    assert "cannot validate blocks" in findings(slack)["note"]
