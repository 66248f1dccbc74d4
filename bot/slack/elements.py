"""The small parts that blocks are made of: texts, buttons, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reply import Choice
from bot.slack.limits import MAX_BUTTON, MAX_SECTION, MAX_VALUE, Block
from bot.slack.text import clean, clip, escape, inert, pieces, typeset

_BUTTONS = 10


def plain(text: str) -> Block:
    """A text object of escaped text."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str, limit: int) -> Block:
    """A text object for where Slack documents no plain text; nothing in it formats or mentions."""
    return {"type": "mrkdwn", "text": inert(text, limit), "verbatim": True}


def section(text: str) -> Block:
    """A paragraph of escaped text."""
    return {"type": "section", "text": plain(typeset(text)), "expand": True}


def context(text: str) -> Block:
    """A small grey line of escaped text."""
    return {"type": "context", "elements": [plain(text)]}


def button(action_id: str, label: str, value: str, style: str = "") -> Block:
    """A button of escaped texts; ``style`` is "", "primary" or "danger"."""
    made = {"type": "button", "action_id": action_id, "text": plain(label), "value": value}
    return {**made, "style": style} if style else made


def ask_buttons(choices: Sequence[Choice], prefix: str = "ask") -> list[Block]:
    """A button for each choice; what cannot be put into a button is left out.

    ``prefix`` sets the action ids of one group of buttons apart from those of another.
    """
    buttons = []
    for number, choice in enumerate(choices[:_BUTTONS]):
        question = escape(clean(choice.question))
        if question.strip() and len(question) <= MAX_VALUE:
            buttons.append(button(f"{prefix}_{number}", clip(choice.label, MAX_BUTTON), question))
    return buttons


def code(text: str) -> list[Block]:
    """Statements as code, in as many sections as they need."""
    safe = escape(clean(text).replace("```", "'''"))
    fences = [f"```{piece}```" for piece in pieces(safe, MAX_SECTION - 6)]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": fence}} for fence in fences]
