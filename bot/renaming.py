"""Segments renamed in a conversation: what would change is said first, and done after a yes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from analytics import names
from analytics.errors import SegmentryError
from analytics.model import Query
from analytics.published import Copy, Published
from bot import formats
from bot.conversation import Exchange
from bot.product import Asked
from bot.reply import Choice, Reply, meta_of
from bot.subscriptions import wishes

_REMEMBERED = 1_000


class Renaming:
    """Offers the new name a message asks for, and gives it once that person agrees.

    ``rename`` gives a segment a name for a person; it raises SegmentryError where that cannot be.
    """

    def __init__(self, published: Published, rename: Callable[[int, str, str], Reply]) -> None:
        self._published = published
        self._rename = rename
        self._offered: OrderedDict[tuple[str, str], Query] = OrderedDict()

    def hear(self, exchange: Exchange, asked: Asked) -> Exchange:
        """The exchange with what became of a new name in it; any other as it is."""
        reading = exchange.reading
        waiting = self._offered.pop((asked.conversation, asked.user), None)
        asks = reading is not None and reading.query.intent == "rename_segment"
        if not reading or not asks or exchange.reply.status != "declined":
            return exchange
        query = reading.query
        _, agreed = wishes.without_yes(asked.text)
        agreed = agreed or (bool(reading.trace.get("confirmed")) and waiting == query)
        try:
            reply = self._done(query, asked.user) if agreed else self._offer(query, asked)
        except SegmentryError as error:
            reply = Reply("error", str(error))
        return replace(exchange, reply=reply)

    def _done(self, query: Query, user: str) -> Reply:
        return self._rename(query.segments[0], query.name or "", user)

    def _offer(self, query: Query, asked: Asked) -> Reply:
        reply = offer(query, self._published.latest())
        self._offered[asked.conversation, asked.user] = query
        while len(self._offered) > _REMEMBERED:
            self._offered.popitem(last=False)
        return reply


def offer(query: Query, copy: Copy) -> Reply:
    """What a new name would change; raises SegmentryError where it cannot be given."""
    segment, name = query.segments[0], names.checked(query.name or "")
    former = next((s["name"] for s in copy.segments if s["segment_id"] == segment), None)
    if former is None:
        raise SegmentryError(f"There is no segment {segment}.", 'Ask "list the segments".')
    for row in copy.rows("all_segment_names"):
        if row["name"].lower() == name.lower() and row["segment_id"] != segment:
            raise names.taken_by(name, row["segment_id"])
    return Reply(
        "confirm",
        f"Segment {segment} ({formats.plain(former)}) would be called “{formats.plain(name)}” "
        "everywhere and for everyone; its present name stays understood. Nothing has changed yet. "
        'Press the button or say "yes".',
        choices=(Choice("Yes, rename it", f'yes, rename segment {segment} to "{name}"'),),
        meta=meta_of(query),
    )
