"""Slack's windows and the bot's own page, as views within Slack's limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot import blocks
from bot.access import PERSONAL
from bot.product import DigestWish, Front
from bot.reply import Reply
from bot.slack.elements import ask_buttons, button, code, context, plain, section
from bot.slack.limits import (
    MAX_BLOCKS,
    MAX_CHARACTERS,
    MAX_TABLE_CHARACTERS,
    Block,
    cells,
    nested,
    size,
)
from bot.slack.text import clip

View = dict[str, Any]

_TITLE = 24  # of a window
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def behind(reply: Reply) -> View:
    """Window on how an answer came about: what it was about, its words, its SQL."""
    return _window(
        "Behind this answer", _within(_text(reply) + statements(";\n\n".join(reply.sql)))
    )


def sql(text: str) -> View:
    """Window with the statements of an answer."""
    return _window("SQL of this answer", _within(statements(text)))


def note(title: str, text: str) -> View:
    """Window with one paragraph."""
    return _window(title, [section(clip(text, 3_000))])


def sql_form() -> View:
    """Window to write a query in."""
    box: Block = {
        "type": "plain_text_input",
        "action_id": "statement",
        "multiline": True,
        "max_length": 3_000,
        "placeholder": plain("SELECT segment_id, name, customers FROM segments"),
    }
    hint = "One SELECT on the published copy. The rows come as a direct message to you."
    return {
        **_window("Run SQL", [_input("statement", "Query", box), context(hint)]),
        "callback_id": "run_sql",
        "submit": plain("Run"),
    }


def rename_form(front: Front) -> View:
    """Window to give a segment its name."""
    options = [_option(f"{number} {name}", str(number)) for number, name in front.segments[:100]]
    choice: Block = {"type": "static_select", "action_id": "segment", "options": options}
    name: Block = {"type": "plain_text_input", "action_id": "name", "max_length": 60}
    hint = "Everyone sees the new name; questions with the old one still work."
    return {
        **_window(
            "Rename a segment",
            [
                _input("segment", "Segment", choice),
                _input("name", "New name", name),
                context(hint),
            ],
        ),
        "callback_id": "rename_segment",
        "submit": plain("Rename"),
    }


def digest_form(front: Front, now: DigestWish) -> View:
    """Window to say when the digest comes as a direct message, and about what."""
    segments = [_option(f"{number} {name}", str(number)) for number, name in front.segments[:100]]
    chosen = [option for option in segments if int(option["value"]) in now.segments]
    about: Block = {
        "type": "multi_static_select",
        "action_id": "segments",
        "options": segments,
        "placeholder": plain("All segments"),
        **({"initial_options": chosen} if chosen else {}),
    }
    time: Block = {"type": "timepicker", "action_id": "time", "initial_time": now.time}
    days = [_option(day.capitalize(), day) for day in WEEKDAYS]
    sending = [
        _option("Send it to me", "send"),
        _option("Pause for two weeks", "pause"),
        _option("Do not send it", "stop"),
    ]
    hint = (
        "It comes as a direct message. For a channel or an alert, write to me: subscribe this "
        "channel, or alert me if segment 2 drops more than 10 %."
    )
    return {
        **_window(
            "Digest settings",
            [
                _input("sending", "Weekly digest", _select("sending", sending, now.sending)),
                _input("weekday", "Day", _select("weekday", days, now.weekday)),
                _input("time", "Time", time),
                {**_input("segments", "Only about these segments", about), "optional": True},
                context(hint),
            ],
        ),
        "callback_id": "digest_settings",
        "submit": plain("Save"),
    }


def feedback_form(place: dict[str, str]) -> View:
    """Window to say what was wrong; ``place`` is where the answer stands."""
    box: Block = {
        "type": "plain_text_input",
        "action_id": "reason",
        "multiline": True,
        "max_length": 1_000,
    }
    return {
        **_window("What was wrong?", [_input("reason", "In a few words", box)]),
        "callback_id": "feedback_reason",
        "private_metadata": json.dumps(place),
        "submit": plain("Send"),
    }


def home(
    front: Front,
    told: Reply,
    *,
    may_sql: bool,
    may_rename: bool,
    draw: Callable[[Reply], list[Block]] = blocks.rich,
) -> View:
    """The bot's own page: the segments now, the last check, the next refit, what to ask, and what
    the person is ``told`` without asking; ``draw`` is one of `blocks.SHAPES`."""
    overview, drift, schedule = front.replies
    first = Reply(
        status=overview.status,
        text=overview.text.partition("\n")[0],
        tables=overview.tables,
        charts=overview.charts,
        deck=overview.deck,
        footer=overview.footer,
    )
    tools = [button("open_sql", "Run SQL", "home")] if may_sql else []
    tools += [button("open_rename", "Rename a segment", "home")] if may_rename else []
    asking = ask_buttons(front.choices)
    page = [
        _header("Segments now"),
        *draw(first),
        _header("This week"),
        section(clip(drift.text, 2_000)),
        section(clip(schedule.text.partition("\n")[0], 500)),
        _header("Ask me"),
        context("The answer comes as a direct message. In a channel, write @Segmentry."),
        *([{"type": "actions", "elements": asking}] if asking else []),
        *([{"type": "actions", "elements": tools}] if tools else []),
        _header("What I tell you"),
        *draw(Reply(told.status, told.text.partition("\n")[0], tables=told.tables)),
        {"type": "actions", "elements": [button("open_digest", "Digest settings", "home")]},
    ]
    return {"type": "home", "blocks": _within(page)}


def empty_home(why: str) -> View:
    """The bot's own page where it has nothing to show this person: why, and what it is for."""
    about = (
        "I answer questions about customer segments: who is in them, how they compare, what "
        "changed since last week. Every number comes with its date and the SQL behind it."
    )
    return {
        "type": "home",
        "blocks": [
            _header("Welcome to Segmentry"),
            section(about),
            section(clip(why, 2_000)),
        ],
    }


def share_button(reply: Reply) -> list[Block]:
    """The button under an answer only one person sees; [] where the question cannot travel.

    What is about single customers stays with who asked.
    """
    value = blocks.asked_again(reply)
    if reply.status != "answered" or not value or reply.meta["intent"] in PERSONAL:
        return []
    share = button("share", "Share in channel", value, "primary")
    return [{"type": "actions", "elements": [share]}]


def statements(text: str) -> list[Block]:
    """SQL as code; [] where there is none."""
    return code(text) if text.strip() else []


def _text(reply: Reply) -> list[Block]:
    return [b for b in blocks.rich(Reply(reply.status, reply.text)) if b["type"] != "actions"]


def _within(parts: list[Block]) -> list[Block]:
    """As many blocks as a window may hold."""
    kept: list[Block] = []
    for part in parts:
        wanted = [*kept, part]
        many = len(nested(wanted)) > MAX_BLOCKS - 1
        if many or size(wanted) > MAX_CHARACTERS - 200 or cells(wanted) > MAX_TABLE_CHARACTERS:
            kept.append(context("The rest is too long to be shown here."))
            break
        kept.append(part)
    return kept


def _window(title: str, content: list[Block]) -> View:
    assert len(title) <= _TITLE
    return {
        "type": "modal",
        "title": plain(title),
        "close": plain("Close"),
        "blocks": content,
    }


def _input(block_id: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
    }


def _option(label: str, value: str) -> Block:
    return {"text": plain(clip(label, 75)), "value": value}


def _select(action_id: str, options: list[Block], value: str) -> Block:
    now = next(option for option in options if option["value"] == value)
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": options,
        "initial_option": now,
    }


def _header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}
