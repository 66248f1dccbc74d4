"""Text that is safe in Slack: whatever data holds, it formats nothing and mentions nobody."""

from __future__ import annotations

import re
import unicodedata

_EMPTY = "–"
_JOINERS = "\u200c\u200d"
DOTS = "…"
_LOOKALIKES = str.maketrans("<>", "‹›")


def escape(text: str) -> str:
    """``text`` with Slack's three control characters as entities, to be shown literally."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What ``escape`` was given."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clean(text: str) -> str:
    """``text`` without characters that cannot be sent or that reorder what surrounds them."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or character in _JOINERS
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )


def clip(text: str, limit: int) -> str:
    """``text`` cleaned, escaped and cut to ``limit`` characters; never empty or half an entity."""
    safe = escape(clean(text).strip()) or _EMPTY
    if len(safe) <= limit:
        return safe
    return _whole_entities(safe[: limit - 1]) + DOTS


def literal(text: str, limit: int) -> str:
    """``text`` for cells and charts, which Slack shows as they are, so entities would be seen."""
    safe = clean(text).strip().translate(_LOOKALIKES) or _EMPTY
    return safe if len(safe) <= limit else safe[: limit - 1] + DOTS


def typeset(text: str) -> str:
    """``text`` whose numbers keep their unit on the line, and which quotes what is to be typed."""
    return re.sub(r"`([^`\n]+)`", r"“\1”", re.sub(r"(?<=\d) (?=%|pts\b)", "\u00a0", text))


def _whole_entities(text: str) -> str:
    return re.sub(r"&[a-z]*$", "", text)


def pieces(text: str, limit: int) -> list[str]:
    """Escaped ``text`` cut at line ends, else at spaces, else anywhere but inside an entity."""
    pieces = []
    while len(text) > limit:
        head = text[:limit]
        cut = head.rfind("\n") + 1 or head.rfind(" ") + 1 or len(_whole_entities(head))
        pieces.append(text[:cut])
        text = text[cut:]
    return [piece for piece in [*pieces, text] if piece.strip()]


def unformatted(text: str) -> str:
    """Escaped text in which mrkdwn finds nothing to format: no pairs of ``*_~`` and backticks, no
    ``:emoji:``, no quoted lines."""
    return re.sub(r"(?m)([*_~`]|:(?=[a-z][\w+'-]*:)|^(?=&gt;))", "\\1\u2060", text)


def inert(text: str, limit: int) -> str:
    """``text`` as mrkdwn that shows it as it is, within ``limit`` characters; never empty."""
    safe = unformatted(typeset(clip(text, limit)))
    return safe if len(safe) <= limit else _whole_entities(safe[: limit - 1]) + DOTS
