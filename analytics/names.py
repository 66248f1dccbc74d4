"""Names people give to segments."""

from __future__ import annotations

from datetime import date

from analytics import queries
from analytics.errors import SegmentryError, WrongUsage
from analytics.store import Store

MAX_LENGTH = 60


def rename(store: Store, segment: int, name: str, *, since: date) -> str:
    """Give a segment a name of 1 to 60 characters; returns the former one, which is kept.

    Raises SegmentryError for an unknown segment and WrongUsage for a name that is empty, too long,
    a bare number, or already another segment's, now or formerly.
    """
    name = checked(name)
    with store.writing(f"rename segment {segment}") as connection:
        current = {
            row["segment_id"]: row["name"]
            for row in queries.rows(connection, "store/current_names")
        }
        if segment not in current:
            known = ", ".join(str(known) for known in sorted(current)) or "none yet"
            raise SegmentryError(
                f"There is no segment {segment}; the segments are: {known}.",
                "Use one of these numbers.",
            )
        taken = queries.rows(connection, "store/name_owner", name=name, segment_id=segment)
        if taken:
            raise taken_by(name, taken[0]["segment_id"])
        queries.run(connection, "store/rename_segment", name=name, segment_id=segment)
        queries.run(
            connection,
            "store/insert_segment_name",
            segment_id=segment,
            name=name,
            since=since,
            named_by="person",
        )
    return str(current[segment])


def checked(name: str) -> str:
    """A name with single blanks; raises WrongUsage for one no segment can have."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_LENGTH or not name.isprintable() or name.isdigit():
        raise WrongUsage(
            f'"{name[:80]}" cannot be a segment\'s name.',
            f"Use 1 to {MAX_LENGTH} printable characters with at least one letter.",
        )
    return name


def taken_by(name: str, segment: int) -> WrongUsage:
    """What is wrong with a name that is, or was, another segment's."""
    return WrongUsage(
        f'"{name}" is or was the name of segment {segment}.',
        "Choose another name, so that questions stay clear.",
    )
