"""The published copy: what every answer, query and notebook reads."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analytics import queries, schema
from analytics.catalogue import Catalogue
from analytics.errors import NotPublished
from analytics.model import Feature
from analytics.store import Home


class Copy:
    """One published copy, open read-only; it never changes, so its facts are read once.

    Calls from several threads are safe: each runs on a cursor of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = duckdb.connect(str(path), read_only=True)
        self._connection.execute("SET enable_progress_bar = false")

    def check(self) -> None:
        """Raise SegmentryError when another version of Segmentry made this copy."""
        with self._connection.cursor() as cursor:
            schema.check(cursor)

    def rows(
        self, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
    ) -> list[dict[str, Any]]:
        """The rows of a named query as dicts."""
        with self._connection.cursor() as cursor:
            return queries.rows(cursor, name, identifiers, **values)

    def frame(
        self, name: str, /, identifiers: Mapping[str, str] = {}, **values: Any
    ) -> pd.DataFrame:
        """The rows of a named query as a DataFrame."""
        with self._connection.cursor() as cursor:
            return queries.frame(cursor, name, identifiers, **values)

    @cached_property
    def refits(self) -> list[dict[str, Any]]:
        """Every published refit, oldest first: as_of, refit, fit_id, customers, why, ..."""
        return self.rows("published_refits")

    @property
    def as_of(self) -> date:
        """Date of the latest published snapshot."""
        latest: date = self._last_refit["as_of"]
        return latest

    @property
    def fit_id(self) -> int:
        """The fit whose centres decide the segments now."""
        return int(self._last_refit["fit_id"])

    @property
    def customers(self) -> int:
        """Customers of the latest published snapshot."""
        return int(self._last_refit["customers"])

    @property
    def _last_refit(self) -> dict[str, Any]:
        """Raises NotPublished before the first refit."""
        if not self.refits:
            raise NotPublished(
                "No segments have been published yet.",
                "Load a file with `segmentry load FILE`, then run `segmentry refit`.",
            )
        return self.refits[-1]

    @cached_property
    def segments(self) -> list[dict[str, Any]]:
        """Every segment, active and retired, with its size, in order of its id."""
        return self.rows("all_segments")

    @cached_property
    def features(self) -> Catalogue:
        """The numeric features the store holds."""
        return Catalogue(self._catalogue("feature"))

    @cached_property
    def traits(self) -> Catalogue:
        """The traits the store holds."""
        return Catalogue(self._catalogue("trait"))

    def _catalogue(self, role: str) -> list[Feature]:
        return [
            Feature(**{**row, "synonyms": tuple(row["synonyms"])})
            for row in self.rows("catalogue", role=role)
        ]


class Published:
    """The newest published copy of a home, reopened when a newer one appears."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._copy: Copy | None = None
        self._lock = threading.Lock()

    def latest(self) -> Copy:
        """The newest copy; an answer takes it once and reads only from it.

        Raises NotPublished when there is none, SegmentryError when it is another version's.
        """
        with self._lock:
            path = self.home.current.resolve()
            if not path.exists():
                raise NotPublished(
                    f"No segments have been published in {self.home.folder} yet.",
                    "Load a file with `segmentry load FILE`, then run `segmentry refit`.",
                )
            if self._copy is None or self._copy.path != path:
                copy = Copy(path)
                copy.check()
                self._copy = copy
            return self._copy
