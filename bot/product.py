"""What Slack needs of the product, and the values that go between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from analytics.model import Query
from bot.reply import Choice, Reply
from bot.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Asked:
    """A message somebody wrote.

    Attributes
    ----------
    conversation : messages with the same one follow up on each other.
    earlier : looks up the query before this message, for when this process does not remember it.
    """

    text: str
    user: str
    channel: str
    conversation: str
    earlier: Callable[[], Query | None] = lambda: None


@dataclass(frozen=True, slots=True)
class Front:
    """The bot's own page: what there is now, and what to ask."""

    replies: tuple[Reply, ...]
    choices: tuple[Choice, ...]
    segments: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class DigestWish:
    """How a person gets the digest as a direct message.

    Attributes
    ----------
    weekday, time : "tuesday", "09:30", in the person's time zone.
    segments : those of interest; () for all.
    sending : "pause" is two weeks without.
    """

    weekday: str
    time: str
    segments: tuple[int, ...] = ()
    sending: Literal["send", "pause", "stop"] = "send"


class Product(Protocol):
    """The questions, and the few things a person may do besides asking."""

    def ask(self, asked: Asked) -> Sequence[Reply]:
        """The replies to a message; none where it calls for none."""

    def answer(self, query: Query, user: str, channel: str) -> Reply:
        """The reply to a question that was understood before."""

    def front(self) -> Front:
        """What the bot's own page shows."""

    def explain(self, query: Query) -> Reply:
        """How a question was understood, what its words mean, and its SQL."""

    def export(self, query: Query, user: str, channel: str) -> Sequence[Sheet]:
        """The rows behind a question as files. Raises SegmentryError where there are none to be had
        or the person may not have them."""

    def select(self, statement: str, user: str, channel: str) -> Reply:
        """The rows of an ad-hoc query. Raises SegmentryError with what is wrong with it."""

    def rename(self, segment: int, name: str, user: str) -> Reply:
        """Gives a segment a name. Raises SegmentryError where it cannot be one."""

    def subscriptions(self, user: str) -> Reply:
        """What a person is told and when."""

    def digest_wish(self, user: str) -> DigestWish:
        """How a person gets the digest now, or would at first."""

    def set_digest(self, wish: DigestWish, user: str) -> Reply:
        """Sends the digest as wished. Raises SegmentryError where that cannot be."""

    def refusal(self, user: str, intent: str) -> str | None:
        """Why this person may not do that; None where they may."""

    def record(self, user: str, channel: str, **what: object) -> None:
        """Adds a line to the audit trail."""
