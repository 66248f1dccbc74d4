"""Audiences: who is in a segment or meets conditions, as rows with whole ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analytics import queries
from analytics.answers import features
from analytics.answers.reader import AnswerContext, Reader, Unanswerable
from analytics.errors import SegmentryError
from analytics.model import Query
from analytics.published import Copy
from analytics.schema import quote


@dataclass(frozen=True)
class Audience:
    """Customers on a date.

    ``members`` has a row per customer: customer_id, segment_id, segment, as_of and the features the
    question names, in their order; all of it is what the store holds, unmasked.
    """

    as_of: date
    members: pd.DataFrame


def audience(copy: Copy, query: Query, *, context: AnswerContext) -> Audience:
    """The customers a query is about: its segments, conditions, and with ``top`` the first of them.

    Raises SegmentryError where the copy does not hold the segment, the feature or the date.
    """
    try:
        reader = Reader(copy, query, context)
        reader.require_customers()
        named = reader.features(default=())
        wanted = dict.fromkeys((*named, *(c.feature for c in query.filter)))
        matching = features.as_sql(reader, query.filter)
        segments = list(reader.segments())
    except Unanswerable as honest:
        raise SegmentryError(
            "There is no such list of customers in the published copy.",
            "Ask the question again; the answer says what is missing.",
        ) from honest
    columns = [copy.features[name].column for name in wanted]
    members = copy.frame(
        "audience/members",
        {"columns": queries.Fragment(", ".join(map(quote, columns)) or "1"), "matching": matching},
        as_of=reader.as_of,
        segments=segments,
    )
    first = columns[:1] if named else []
    members = members.sort_values(
        [*first, "customer_id"], ascending=[*[query.order == "asc"] * len(first), True]
    )
    kept = members[["customer_id", "segment_id", "segment", "as_of", *columns]]
    return Audience(reader.as_of, kept.head(query.top) if query.top else kept)
