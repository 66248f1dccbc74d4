"""Replies about who is told what and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.subscriptions import FOREVER, Subscription
from bot.formats import capital, day, joined, percent, segment
from bot.reply import Choice, Reply, Table
from bot.views.segmentnews import DIRECTIONS
from bot.views.view import table

SIZES_ONLY = (
    "I can alert you about the size of a segment, not about its features. The digest tells every "
    'unusual change of those: "subscribe me to segment 2", for example.'
)
WHICH_SEGMENT = 'Which segment? For example: "alert me if segment 2 drops more than 10 %".'
NONE_MEANT = (
    'I found no subscription like that. Say "subscriptions" to see yours and this channel\'s, or '
    '"subscribe me to the digest".'
)
UNTIL_WHEN = 'Until when? For example: "mute the digest for two weeks", or "until 5 October".'


@dataclass(frozen=True)
class Setting:
    """What the sentences need to know beside the subscriptions.

    ``names`` of segments; ``user`` and ``channel`` who asks where; ``place`` names a Slack target;
    ``moment`` is when a subscription is told next; ``weekly`` when the numbers are made.
    """

    names: Mapping[int, str]
    user: str
    channel: str
    place: Callable[[str], str]
    moment: Callable[[Subscription], datetime]
    weekly: str


def how_much(segments: Sequence[int], direction: str) -> str:
    """The question back to an alert without a threshold."""
    which = f"segment {segments[0]}" if segments else "the segment"
    turned = DIRECTIONS[direction]
    return f'By how much? For example: "alert me if {which} {turned} by more than 10 %".'


def configured(to: Subscription) -> str:
    """Why chat does not change when the configured channel gets its digest."""
    return (
        f"This channel gets the whole digest, {when(to)}. Your operator sets that under [schedule] "
        'and [slack] in segmentry.toml. You can say "mute the digest for two weeks", or '
        '"subscribe me to the digest" for yourself.'
    )


def what(to: Subscription, names: Mapping[int, str]) -> str:
    """``the weekly digest``, ``news of segment 4 (Big spenders)``, ``an alert when ...``"""
    called = joined([segment(s, names.get(s)) for s in to.segments] or [""])
    if to.threshold is not None:
        turned = DIRECTIONS[to.direction]
        return f"an alert when {called} {turned} by more than {percent(to.threshold)} in a week"
    if to.segments:
        return f"the weekly news of {called}"
    return "the weekly digest"


def when(to: Subscription) -> str:
    """``on Mondays at 08:00 (Europe/London)``"""
    return f"on {to.weekday.capitalize()}s at {to.time} ({to.timezone})"


def confirmation(changes: Sequence[tuple[str, Subscription]], setting: Setting) -> Reply:
    """What would change for others, to be agreed to."""
    lines = [_would(verb, to, setting) for verb, to in changes]
    return Reply(
        "confirm",
        "\n".join([*lines, 'Nothing has changed yet: press the button or say "yes".']),
    )


def done(changes: Sequence[tuple[str, Subscription]], setting: Setting) -> Reply:
    """What was changed."""
    return Reply("answered", "\n".join(_did(verb, to, setting) for verb, to in changes))


def listed(held: Sequence[Subscription], setting: Setting) -> Reply:
    """What a person and the place they ask in get."""
    if not held:
        text = "You have no subscriptions, and this channel has none."
        return Reply("answered", text, choices=(_SUBSCRIBE,))
    text = 'Here is what you and this channel get. "mute 2", "stop 2": by number, or by name.'
    return Reply("answered", text, tables=(overview(held, setting),))


def which(held: Sequence[Subscription], setting: Setting) -> Reply:
    """The question back where several may be meant."""
    text = 'Which one? Say its number, for example "stop subscription '
    text += f'{held[-1].subscription_id}", or "stop all".'
    return Reply("clarify", text, tables=(overview(held, setting),))


def overview(held: Sequence[Subscription], setting: Setting) -> Table:
    """One subscription a line."""
    return table(
        "Subscriptions",
        ["No.", "Who", "What", "When"],
        [
            [
                str(to.subscription_id or "-"),
                _who(to, setting),
                capital(what(to, setting.names)),
                _state(to),
            ]
            for to in held
        ],
        left=4,
    )


_SUBSCRIBE = Choice("Subscribe me", "subscribe me to the digest")


def _who(to: Subscription, setting: Setting) -> str:
    if to.target == setting.user:
        return "you"
    return "this channel" if to.target == setting.channel else setting.place(to.target)


def _state(to: Subscription) -> str:
    if to.quiet_until is None:
        return when(to)[3:]
    if to.quiet_until == FOREVER:
        return "muted until you unmute it"
    return f"muted up to {day(to.quiet_until)}"


def _would(verb: str, to: Subscription, setting: Setting) -> str:
    who, about = _who(to, setting), what(to, setting.names)
    match verb:
        case "make" | "change":
            return f"From {_moment(to, setting)} {who} would get {about}, {when(to)}."
        case "mute":
            return f"{capital(who)} would not get {about} {_span(to)}."
        case "resume":
            return f"{capital(who)} would get {about} again, {when(to)}."
    return f"{capital(who)} would no longer get {about}."


def _did(verb: str, to: Subscription, setting: Setting) -> str:
    who, about = _who(to, setting), what(to, setting.names)
    gets = "get" if who == "you" else "gets"
    match verb:
        case "make" | "change":
            return (
                f"Done: {who} {gets} {about}, {when(to)}; the first on {_moment(to, setting)}. "
                f'The numbers are made {setting.weekly}. Say "mute" or "stop" to end it.'
            )
        case "mute":
            return f'Done: {about} for {who} is muted {_span(to)}. Say "unmute" to end that.'
        case "resume":
            return f"Done: {who} {gets} {about} again; the next on {_moment(to, setting)}."
    if to.subscription_id == 0:
        return f'Done: {about} for {who} is muted until somebody says "unmute".'
    return f"Done: {who} no longer {gets} {about}."


def _span(to: Subscription) -> str:
    if to.quiet_until is None or to.quiet_until == FOREVER:
        return "until further notice"
    return f"up to and including {day(to.quiet_until)}"


def _moment(to: Subscription, setting: Setting) -> str:
    at = setting.moment(to)
    return f"{at:%A} {day(at)}"
