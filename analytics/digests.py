"""What the clock and the poster must remember: runs begun, and digests claimed and posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from analytics import queries
from analytics.store import Store
from analytics.subscriptions import Subscription

Status = Literal["claimed", "posted", "failed", "skipped"]


@dataclass(frozen=True)
class Posting:
    """How the digest of a date stands with a target since ``changed_at``.

    "claimed" and "failed": an attempt was made, and whether it arrived is not known for sure;
    "skipped": an alert had nothing to tell.
    """

    status: Status
    changed_at: datetime
    message_ts: str | None


@dataclass(frozen=True)
class Told:
    """The last date a target was told about; ``message_ts`` is None where it was skipped."""

    as_of: date
    message_ts: str | None


def posting(store: Store, as_of: date, to: Subscription) -> Posting | None:
    """What is known of the digest of a date for a target; None when it was never tried."""
    with store.reading(f"look for the digest of {as_of}") as connection:
        held = queries.rows(connection, "store/digest", as_of=as_of, **_address(to))
    return Posting(**held[0]) if held else None


def told_before(store: Store, as_of: date, to: Subscription) -> Told | None:
    """What a target was last told before the digest of a date."""
    with store.reading(f"look for the digest before {as_of}") as connection:
        held = queries.rows(connection, "store/digest_before", as_of=as_of, **_address(to))
    return Told(**held[0]) if held else None


def record(
    store: Store,
    as_of: date,
    to: Subscription,
    status: Status,
    text: str,
    *,
    message_ts: str | None = None,
    now: datetime,
) -> None:
    """Write how a posting stands: claimed before it is sent, then posted or failed."""
    with store.writing(f"record the digest of {as_of}") as connection:
        queries.run(
            connection,
            "store/put_digest",
            as_of=as_of,
            status=status,
            changed_at=now,
            message_ts=message_ts,
            text=text,
            **_address(to),
        )


def _address(to: Subscription) -> dict[str, Any]:
    return {"channel": to.target, "subscription_id": to.subscription_id}


def start_run(store: Store, due_at: datetime, *, now: datetime) -> None:
    """Record that the weekly run due at a moment has begun; a run begun again is unfinished."""
    with store.writing("begin the weekly run") as connection:
        queries.run(connection, "store/start_run", due_at=due_at, now=now)


def forget_run(store: Store, due_at: datetime) -> None:
    """Take back the beginning of a run that found nothing to judge, so that a late file counts."""
    with store.writing("take back the weekly run") as connection:
        queries.run(connection, "store/forget_run", due_at=due_at)


def finish_runs(store: Store, *, now: datetime) -> None:
    """Record that every run begun has done all it had to do."""
    with store.writing("end the weekly run") as connection:
        queries.run(connection, "store/finish_runs", now=now)


def waiting(store: Store) -> dict[str, Any]:
    """What the clock asks: ``snapshots`` not judged, when the last one was judged and its digest
    was ``ready_at``, whether a run is ``unfinished``, and which targets were ``told``.
    """
    with store.reading("look for what is due") as connection:
        return queries.rows(connection, "store/waiting")[0]


def was_made(store: Store, due_at: datetime, *, now: datetime) -> bool:
    """Whether the weekly run due at a moment has been made."""
    with store.reading("look for the weekly run") as connection:
        made = queries.rows(connection, "store/made_runs", now=now)
    return due_at in [run["due_at"] for run in made]
