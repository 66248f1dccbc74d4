"""What the customers who changed segment are worth, kept for every week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analytics import queries
from analytics.model import Feature
from analytics.store import Connection, append

_KEY = ["from_segment_id", "to_segment_id", "measure"]


def write_transition_money(
    connection: Connection, as_of: date, previous: date, features: Sequence[Feature]
) -> None:
    """Store the amounts, then and now, of those who changed segment since ``previous``.

    One row for each pair of segments and money feature; a missing amount counts as nothing.
    """
    money = {feature.column: feature.name for feature in features if feature.unit == "money"}
    movers = queries.frame(connection, "store/movers", as_of=as_of, previous=previous)
    amounts = movers.rename(columns=money).melt(
        [*_KEY[:2], "moved"], list(money.values()), var_name="measure"
    )
    sums = amounts.pivot_table("value", _KEY, "moved", aggfunc="sum", fill_value=0.0)
    rows = sums.rename(columns={False: "previous", True: "current"}).reset_index()
    append(connection, "transition_money", rows.assign(as_of=as_of))
