"""`segmentry doctor --live`: whether Slack lets the bot do what it has to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.shipped import shipped
from bot.access import is_group
from bot.blocks import rich
from bot.delivery import make_client
from bot.reply import Card, Cell, Chart, Choice, Column, Deck, Reply, Series, Table
from bot.settings import Settings, Tokens

Said = tuple[str, str, str]  # ok, note or problem; what was found; what to do

SAMPLE = Reply(
    status="answered",
    text="A sample answer.\nWhy: it shows every block.\n" + "• one of many lines\n" * 80,
    tables=(
        Table("Sizes", (Column("Segment"), Column("Customers")), ((Cell("A"), Cell("1", 1)),)),
    ),
    charts=(Chart("line", "Sizes", ("5 Oct", "12 Oct"), (Series("A", (1.0, 2.0)),)),),
    footer="12 Oct 2026",
    sql=("SELECT 1",),
    choices=(Choice("Why?", "why?"),),
)
CARDS = replace(
    SAMPLE,
    charts=(),
    deck=Deck((Card("1 Savers", "1 customer", "They save.", SAMPLE.choices),), "The largest."),
)


def examine_slack(settings: Settings, secrets: Tokens) -> Iterator[Said]:
    """Tokens, scopes, channel, owner, user groups, an answer's shape, as Slack sees them."""
    client = make_client(secrets.bot_token, secrets.api_url)
    try:
        who = client.auth_test()
    except (SlackApiError, OSError) as error:
        yield "problem", f"Slack did not accept the bot token: {_reason(error)}.", "Copy it again."
        return
    yield "ok", f"Signed in as {who['user']} in {who['team']}.", ""
    yield from _scopes(str(who.headers.get("x-oauth-scopes", "")))
    if secrets.app_token:
        yield from _socket(client, secrets.app_token)
    if settings.slack.digest_channel:
        yield from _channel(client, settings.slack.digest_channel)
    if settings.slack.owner:
        yield from _owner(client, settings.slack.owner)
    roles = settings.slack
    for group in filter(is_group, (*roles.viewers, *roles.analysts, *roles.admins)):
        yield from _group(client, group)
    yield from _shape(client)


def _scopes(header: str) -> Iterator[Said]:
    manifest = json.loads(shipped("manifest.json").read_text(encoding="utf-8"))
    wanted = set(manifest["oauth_config"]["scopes"]["bot"])
    given = set(header.replace(" ", "").split(",")) - {""}
    if missing := ", ".join(sorted(wanted - given)):
        do = "Paste `segmentry manifest` into the app's manifest page, then reinstall the app."
        yield "problem", f"Scopes are missing: {missing}.", do
    else:
        yield "ok", "Every scope of the manifest is granted.", ""
    if more := ", ".join(sorted(given - wanted)):
        yield "note", f"Scopes the bot does not need: {more}.", "Remove them from the app."


def _socket(client: WebClient, app_token: str) -> Iterator[Said]:
    try:
        client.apps_connections_open(app_token=app_token)
    except (SlackApiError, OSError) as error:
        yield (
            "problem",
            f"Slack did not accept the app token: {_reason(error)}.",
            "Make an app-level token with connections:write and set SLACK_APP_TOKEN.",
        )
    else:
        yield "ok", "Socket Mode can connect.", ""


def _channel(client: WebClient, channel: str) -> Iterator[Said]:
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except (SlackApiError, OSError) as error:
        said = f"The digest channel {channel} cannot be read: {_reason(error)}."
        yield "problem", said, "Use the channel's ID and invite the bot to it."
        return
    name = found.get("name", channel)
    if found.get("is_archived"):
        yield "problem", f"#{name} is archived.", "Choose another digest_channel."
    elif not found.get("is_member"):
        yield "problem", f"The bot is not in #{name}.", "Type /invite @Segmentry in it."
    else:
        yield "ok", f"The bot is in #{name}.", ""
    if found.get("is_ext_shared"):
        yield "note", f"#{name} is shared with another company, which reads the digest.", ""


def _owner(client: WebClient, owner: str) -> Iterator[Said]:
    try:
        found = client.users_info(user=owner)["user"]
    except (SlackApiError, OSError) as error:
        said = f"The owner {owner} cannot be looked up: {_reason(error)}."
        yield "problem", said, "Use a member ID, such as U0123456789."
        return
    if found.get("deleted"):
        yield "problem", f"The owner {owner} has left this Slack.", "Name another owner."
    else:
        yield "ok", f"The owner is {found.get('name', owner)}.", ""


def _group(client: WebClient, group: str) -> Iterator[Said]:
    try:
        members = client.usergroups_users_list(usergroup=group)["users"]
    except (SlackApiError, OSError) as error:
        said = f"The user group {group} cannot be looked up: {_reason(error)}."
        yield "problem", said, "Nobody has a role by it; use a group's ID, such as S0123456789."
        return
    yield "ok", f"The user group {group} has {len(members)} members.", ""


def _shape(client: WebClient) -> Iterator[Said]:
    """Slack's own opinion of answers with every block Segmentry sends."""
    try:
        answer = client.blocks_validate(blocks=[*rich(SAMPLE), *rich(CARDS)])
        errors = answer.get("errors") or []
    except SlackApiError as refusal:
        if refusal.response["error"] == "unknown_method":
            yield "note", "This Slack cannot validate blocks; answers fall back where refused.", ""
            return
        errors = refusal.response.get("errors") or [refusal.response["error"]]
    except OSError as error:
        yield "note", f"Blocks could not be validated: {error}.", "Try again."
        return
    if errors:
        said = f"Slack would refuse a full answer: {json.dumps(errors)[:300]}."
        yield "problem", said, "Answers come in a simpler shape; report this to the engineers."
    else:
        yield "ok", "Slack accepts the shape of a full answer.", ""


def _reason(error: SlackApiError | OSError) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else str(error)
