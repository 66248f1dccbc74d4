"""What people ask for about being told: "subscribe me to segment 4", "mute the digest"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args
from zoneinfo import available_timezones

from analytics.subscriptions import FOREVER, Direction
from bot.questions.text.words import clean, tokens
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.scan import items_of
from bot.settings import Weekday

Kind = Literal["follow", "alert", "move", "mute", "resume", "end", "list"]

_POLITE = re.compile(
    r"^(?:(?:please|pls|hey|hi|hello|can|could|would|will|you|kindly|also|and|ok|okay|i'd|i want|"
    r"i would|i|like to|want to|like|go ahead and|just)\b[ ,]*)*",
    re.IGNORECASE,
)
_YES = re.compile(r"^(?:yes|yep|confirm(?:ed)?)[,:]? +(?=\w)", re.IGNORECASE)
_AGREED = re.compile(
    r"^(?:yes|yep|yeah|y|yes please|sure|ok|okay|do it|confirm|confirmed|go ahead)[.! ]*$",
    re.IGNORECASE,
)
_ID = re.compile(r"[#@]([CGDUW][A-Z0-9]{1,})\b")
_WHOM = r"(?:me|us|myself|here|this channel|[#@]\w+|everyone here)"
_RISES = "rise grow gain increase jump"
_FALLS = "drop fall shrink decline decrease lose"
_TURNS: dict[str, Direction] = {
    **{f"{verb}{s}": "rise" for verb in _RISES.split() for s in ("", "s")},
    **{f"{verb}{s}": "fall" for verb in _FALLS.split() for s in ("", "s")},
    **dict.fromkeys(("change", "changes", "move", "moves"), "any"),
}
_DAY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|"
    "sun(?:day)?"
)
_WHEN = rf"(?:weekly|(?:every|each) week|(?:on |every |each )(?:{_DAY})s?\b)"
# What may follow "stop" or "unmute", so that "stop churn in segment 2" is no wish.
_OURS = (
    r"(?:me|us|from|the|my|our|this|these|all|any|every|weekly|sending|posting|to|in|of|for|it|"
    r"digests?|alerts?|messages?|posts?|subscriptions?|them|everything|here|channel|\d+|segments?|"
    r"and|please|thanks|back|on|[#@]\w+|,)"
)
_THEM = r"(?:digests?|alerts?|subscriptions?)\b"
_SHAPES: tuple[tuple[Kind, str], ...] = (
    (
        "list",
        r"(?:(?:show|list|see|view|what are) )?(?:me )?(?:(?:my|our|all|the) )?subscriptions$",
    ),
    ("list", r"(?:show|list|what are) (?:me )?(?:my|our) alerts$"),
    ("list", r"(?:what am i|what are we|who is) subscribed\b"),
    ("resume", rf"(?:unmute|resume|unpause|unsnooze|turn (?:back )?on)\b(?: {_OURS})*$"),
    ("mute", rf"(?:mute|snooze)\b|(?:pause|silence)\b.* {_THEM}"),
    ("end", rf"(?:unsubscribe|stop)(?: {_OURS})*$"),
    ("end", rf"(?:cancel|end|remove|delete)(?: {_OURS})* {_THEM}(?: {_OURS})*$"),
    (
        "alert",
        rf"(?:alert|notify|tell|warn|ping|message|dm|let) {_WHOM}\b.* (?:if|when(?:ever)?)\b",
    ),
    ("follow", rf"subscribe\b|sign {_WHOM} up\b|follow segments?\b"),
    ("follow", rf"add {_WHOM} to the (?:weekly )?digest"),
    ("follow", rf"(?:send|post|deliver)\b.* digest\b.* {_WHEN}"),
    (
        "move",
        r"(?:move|change|switch|shift) (?:my|the|our|this)?.*\b(?:digest|alerts?|subscription)\b.*"
        rf"\bto (?:{_DAY}|\d|noon)",
    ),
)
_FOREVER = re.compile(r"\b(?:for ever|forever|indefinitely|until further notice)\b")
_SPAN = re.compile(
    r"\bfor (?:the )?(?:next )?(a|an|one|two|three|four|five|six|eight|\d+)? ?(day|week|month)s?\b"
)
_UNTIL = re.compile(r"\b(?:until|till|to|through) (.+)$")
_NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight".split())}
_NUMBERED = re.compile(
    r"\b(?:subscriptions?|alert|stop|end|cancel|remove|mute|unmute|resume) (?:no\.? |#)?(\d+)\b"
)
_DAYS_IN = {"day": 1, "week": 7, "month": 30}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TIME = re.compile(r"\b(?:at|to) (?:(\d{1,2})(?:[:.](\d\d))? ?(am|pm)?\b|(noon))|\b(\d{1,2})[:.](\d\d)\b|\b(\d{1,2}) ?(am|pm)\b")  # fmt: skip  # noqa: E501
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:%|percent\b|per cent\b|pct\b)")


@dataclass(frozen=True)
class Wish:
    """One wish as said; what was not said is None or empty.

    ``target``: "me", "here", a Slack ID, or "" where nobody was named. ``change`` is a share.
    """

    kind: Kind
    target: str = ""
    number: int | None = None
    segments: tuple[int, ...] = ()
    alerts: bool = False
    digest: bool = False
    everything: bool = False
    features: bool = False
    direction: Direction = "any"
    change: float | None = None
    weekday: str = ""
    time: str = ""
    timezone: str = ""
    until: date | None = None


def agreed(text: str) -> bool:
    """Whether a message says yes and nothing else."""
    return bool(_AGREED.match(text.strip()))


def without_yes(text: str) -> tuple[str, bool]:
    """A message without the yes before it, and whether there was one."""
    rest = _YES.sub("", text.strip())
    return rest, rest != text.strip()


def kind_of(text: str) -> Kind | None:
    """What kind of wish a message is; None for what is none, most messages."""
    said = _plain(text)
    kind = next((kind for kind, shape in _SHAPES if re.match(shape, said)), None)
    return None if kind == "alert" and not _turn(said) else kind


def read(text: str, kind: Kind, lexicon: Lexicon, today: date) -> Wish:
    """The wish in a message of that kind."""
    said = _plain(text)
    items = items_of(tokens(clean(said), lexicon.vocabulary), lexicon)
    segments = {s for item in items if item.symbol == "<segment>" for s in item.value}
    numbered = _NUMBERED.search(said)
    named = _ID.search(text)
    whom = re.search(rf"\b{_WHOM}\b", said)
    percent = _PERCENT.search(said)
    weekday = re.search(rf"\b({_DAY})s?\b", said)
    return Wish(
        kind=kind,
        target=named[1] if named else _whom(whom[0]) if whom else "",
        number=int(numbered[1]) if numbered else None,
        segments=tuple(sorted(segments)),
        alerts="alert" in said,
        digest="digest" in said,
        everything=bool(re.search(r"\b(?:all|everything)\b", said)),
        features=any(item.symbol == "<feature>" for item in items),
        direction=_turn(said) or "any",
        change=float(percent[1].replace(",", ".")) / 100 if percent else None,
        weekday=_weekday(weekday[1]) if weekday else "",
        time=_time(said),
        timezone=_zone(text),
        until=_until(said, today) if kind == "mute" else None,
    )


def _plain(text: str) -> str:
    said = " ".join(text.translate(str.maketrans("‘’“”", "''\"\"")).split()).strip(" .!?")
    return _POLITE.sub("", said).lower().replace("-", " ")


def _whom(word: str) -> str:
    return "me" if word in ("me", "myself") else "here"


def _turn(said: str) -> Direction | None:
    """Which change an alert is for, from its first verb in the present."""
    return next((_TURNS[word] for word in re.findall(r"[a-z]+", said) if word in _TURNS), None)


def _weekday(word: str) -> str:
    return next(str(day) for day in get_args(Weekday) if day.startswith(word[:3]))


def _time(said: str) -> str:
    found = _TIME.search(said)
    if not found:
        return ""
    if found[4]:
        return "12:00"
    hour, minute = int(found[1] or found[5] or found[7]), int(found[2] or found[6] or 0)
    half = found[3] or found[8]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02d}:{minute:02d}"


@cache
def _places() -> dict[str, str]:
    """Time zones by the place they are called after."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and "Etc" not in zone)
    return {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in zones}


def _zone(text: str) -> str:
    if named := re.search(r"\b[A-Z]\w+/[A-Z]\w+(?:/[A-Z]\w+)?", text):
        return named[0]
    if re.search(r"\b(?:UTC|GMT)\b", text):
        return "UTC"
    place = re.search(r"\b((?:[a-z]+ )?[a-z]+) time\b", text.lower())
    words = place[1].split() if place else []
    return next((_places()[key] for key in (" ".join(words), *words[-1:]) if key in _places()), "")


def _until(said: str, today: date) -> date | None:
    """The last quiet day: of a span, the day before the one named, else for ever; None where a day
    is named that is none.
    """
    if span := _SPAN.search(said):
        word = span[1] or ""
        count = int(word) if word.isdigit() else _NUMBERS.get(word, 1)
        return today + timedelta(days=max(1, count) * _DAYS_IN[span[2]] - 1)
    until = None if _FOREVER.search(said) else _UNTIL.search(said)
    if until is None:
        return FOREVER
    day = _day_ahead(until[1], today)
    return day - timedelta(days=1) if day else None


def _day_ahead(said: str, today: date) -> date | None:
    """ "Monday", "5 October", "Oct 5th", "2026-10-05" after today."""
    if iso := re.search(r"(\d{4}) (\d{2}) (\d{2})", said):
        return _date(*map(int, iso.groups()))
    if weekday := re.match(rf"(?:next )?({_DAY})\b", said):
        names = [str(day) for day in get_args(Weekday)]
        ahead = (names.index(_weekday(weekday[1])) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    month = re.search(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", said)
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", said)
    if not month or not day:
        return None
    wanted = (_MONTHS.index(month[1]) + 1, int(day[1]))
    found = (_date(year, *wanted) for year in (today.year, today.year + 1))
    return next((day for day in found if day and day > today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
