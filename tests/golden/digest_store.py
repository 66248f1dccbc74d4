"""The store of the answers' goldens, with the files behind its weeks and what movers are worth."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from analytics.flows import write_transition_money
from analytics.publish import publish
from analytics.published import Copy
from analytics.store import Home, Store
from tests.golden.answers_store import DATES, FEATURES, build


def build_digests(folder: Path, **options: Any) -> Copy:
    """As `build`; every file came on the day after its date and had a row set aside."""
    build(folder, **options)
    store = Store(Home(folder))
    dates = DATES[: options.get("weeks")]
    with store.writing("complete the weeks") as connection:
        for previous, as_of in pairwise(dates):
            write_transition_money(connection, as_of, previous, FEATURES)
        for number, as_of in enumerate(dates, start=1):
            connection.execute(
                "INSERT INTO store.loads VALUES (?, ?, 'features', ?, ?, 'sha', "
                "(SELECT customers FROM store.snapshots WHERE as_of = $3), 1, '[]', [])",
                [
                    number,
                    datetime.combine(as_of + timedelta(days=1), time(9)),
                    as_of,
                    f"cards_{as_of}.csv",
                ],
            )
            connection.execute(
                "UPDATE store.snapshots SET load_id = ? WHERE as_of = ?", [number, as_of]
            )
    return Copy(publish(store))
