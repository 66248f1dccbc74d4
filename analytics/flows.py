"""What the customers who changed segment are worth, kept for every week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

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

    def sums(on: date) -> pd.Series[float]:
        movers = queries.frame(connection, "store/movers", as_of=as_of, previous=previous, on=on)
        amounts = movers.rename(columns=money).melt(
            _KEY[:2], list(money.values()), var_name="measure"
        )
        return amounts.groupby(_KEY)["value"].sum()

    rows = pd.DataFrame({"previous": sums(previous), "current": sums(as_of)}).fillna(0.0)
    append(connection, "transition_money", rows.reset_index().assign(as_of=as_of))
