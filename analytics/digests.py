"""The record of what was posted: a digest is claimed before it is sent, so that it is sent once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from analytics import queries
from analytics.store import Store


def claim(store: Store, as_of: date, channel: str, text: str, *, now: datetime) -> str:
    """Claim the digest of a date for a channel.

    Returns "new" when it is ours to post, "posted" when it was posted, and "claimed" when an
    earlier run claimed it and never said how that ended.
    """
    with store.writing(f"claim the digest of {as_of}") as connection:
        held = queries.rows(connection, "store/digest", as_of=as_of, channel=channel)
        if held and held[0]["status"] != "failed":
            status: str = held[0]["status"]
            return status
        queries.run(
            connection,
            "store/put_digest",
            as_of=as_of,
            channel=channel,
            status="claimed",
            changed_at=now,
            message_ts=None,
            text=text,
        )
    return "new"


def settle(
    store: Store,
    as_of: date,
    channel: str,
    text: str,
    *,
    message_ts: str | None,
    now: datetime,
) -> None:
    """Record how a claimed digest ended: posted as ``message_ts``, or failed when that is None."""
    with store.writing(f"record the digest of {as_of}") as connection:
        queries.run(
            connection,
            "store/put_digest",
            as_of=as_of,
            channel=channel,
            status="posted" if message_ts else "failed",
            changed_at=now,
            message_ts=message_ts,
            text=text,
        )


def waiting(store: Store) -> dict[str, Any]:
    """What the clock asks: snapshots not judged, and when the last one was judged."""
    with store.reading("look for what is due") as connection:
        return queries.rows(connection, "store/waiting")[0]
