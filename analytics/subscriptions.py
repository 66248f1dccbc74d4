"""Who gets the digest or is told of a change: kept in the live file, with who changed what."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from analytics import queries
from analytics.errors import SegmentryError, WrongUsage
from analytics.store import Connection, Store

FOREVER = date.max
Direction = Literal["any", "fall", "rise"]


@dataclass(frozen=True)
class Subscription:
    """A digest or an alert for one target.

    Attributes
    ----------
    subscription_id : 0 is the configured channel's, 1 and up those people made.
    target : Slack ID of a channel or a person.
    weekday, time, timezone : its own moment; ``time`` is HH:MM.
    segments : those of interest, ascending; () for all.
    threshold : None for the digest; else only a change of a segment's size by more than this share
        (0.1 = 10 %) in this ``direction`` is told.
    quiet_until : muted up to that day, in its own zone; None when it is not.
    created_by : Slack ID of the person.
    since : UTC; moments before it are not caught up. None: all are.
    """

    target: str
    weekday: str
    time: str
    timezone: str
    segments: tuple[int, ...] = ()
    direction: Direction = "any"
    threshold: float | None = None
    quiet_until: date | None = None
    created_by: str = ""
    since: datetime | None = None
    subscription_id: int = 0

    @property
    def is_alert(self) -> bool:
        """Whether it is only for changes beyond a threshold."""
        return self.threshold is not None


def held(store: Store) -> list[Subscription]:
    """Every subscription, oldest first."""
    with store.reading("look for subscriptions") as connection:
        return _held(connection)


def create(store: Store, wanted: Subscription, *, by: str, now: datetime) -> Subscription:
    """Store a subscription, which begins with its first moment after ``now`` (UTC).

    Raises WrongUsage for an alert without a segment or with a threshold that is no share, and
    SegmentryError where the target has one like it.
    """
    if wanted.threshold is not None and not (wanted.segments and 0 < wanted.threshold <= 10):
        raise WrongUsage(
            f"An alert for {list(wanted.segments)} beyond {wanted.threshold} cannot be made.",
            "Name a segment and a change between 0 and 1,000 %.",
        )
    with store.writing("subscribe") as connection:
        known = _held(connection)
        for other in known:
            if other.subscription_id and _same(other, wanted):
                raise SegmentryError(
                    f"That is subscription {other.subscription_id} already.", "Change that one."
                )
        number = 1 + max((s.subscription_id for s in known), default=0)
        number = max(number, _last_number(connection) + 1)
        made = replace(wanted, subscription_id=number, created_by=by, since=now)
        _put(connection, made, "created", by, now)
    return made


def change(store: Store, changed: Subscription, *, by: str, now: datetime) -> Subscription:
    """Store a subscription as it is now wanted; moments before ``now`` (UTC) are not caught up.

    ``subscription_id`` 0 keeps what was said about the configured channel. Raises SegmentryError
    where there is no such subscription.
    """
    changed = replace(changed, since=now)
    with store.writing(f"change subscription {changed.subscription_id}") as connection:
        if changed.subscription_id:
            _one(connection, changed.subscription_id)
        _put(connection, changed, "changed", by, now)
    return changed


def mute(
    store: Store, muted: Subscription, until: date | None, *, by: str, now: datetime
) -> Subscription:
    """Keep a subscription quiet up to a day (`FOREVER`: until it is asked for), or end that."""
    return change(store, replace(muted, quiet_until=until), by=by, now=now)


def remove(store: Store, subscription_id: int, *, by: str, now: datetime) -> None:
    """End a subscription. Raises SegmentryError where there is none."""
    with store.writing(f"end subscription {subscription_id}") as connection:
        ended = _one(connection, subscription_id)
        queries.run(connection, "store/delete_subscription", subscription_id=subscription_id)
        _note(connection, ended, "removed", by, now)


def _held(connection: Connection) -> list[Subscription]:
    return [
        Subscription(**{**row, "segments": tuple(row["segments"])})
        for row in queries.rows(connection, "store/subscriptions")
    ]


def _one(connection: Connection, subscription_id: int) -> Subscription:
    for found in _held(connection):
        if found.subscription_id == subscription_id:
            return found
    raise SegmentryError(
        f"There is no subscription {subscription_id}.", 'Say "subscriptions" to see them.'
    )


def _same(one: Subscription, other: Subscription) -> bool:
    """Whether both tell one target the same kind of thing: it has one digest, and many alerts."""
    if one.target != other.target or one.is_alert != other.is_alert:
        return False
    return not one.is_alert or (one.segments, one.direction, one.threshold) == (
        other.segments,
        other.direction,
        other.threshold,
    )


def _last_number(connection: Connection) -> int:
    """The highest number ever given; one that ended is not given again."""
    return int(queries.rows(connection, "store/last_subscription")[0]["number"])


def _put(connection: Connection, made: Subscription, change: str, by: str, now: datetime) -> None:
    values: dict[str, Any] = {**asdict(made), "segments": list(made.segments)}
    queries.run(connection, "store/put_subscription", **values)
    _note(connection, made, change, by, now)


def _note(connection: Connection, made: Subscription, change: str, by: str, now: datetime) -> None:
    queries.run(
        connection,
        "store/note_subscription",
        changed_at=now,
        changed_by=by,
        subscription_id=made.subscription_id,
        change=change,
        subscription=json.dumps(asdict(made), default=str),
    )
