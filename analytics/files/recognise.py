"""What each column of a file is: the customer id, a feature, a trait, private, or not used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow.compute as pc

from analytics.catalogue import OWN_COLUMNS, Catalogue
from analytics.errors import DataRefused, WrongUsage
from analytics.files.cells import is_numeric, present, sample
from analytics.files.customer_id import find_customer_id
from analytics.files.phrases import did_you_mean, listed, nearest
from analytics.files.privacy import private_by_content, private_column
from analytics.files.tabular import RawTable
from analytics.files.traits import guessed_trait, is_code
from analytics.model import Feature

Role = Literal["id", "feature", "trait", "private", "unused"]
Kind = Literal["features", "customers"]

_MODEL_OUTPUT = re.compile(r"classifier|predict|probability|(^|_)proba?($|_)", re.IGNORECASE)
_NEVER = "left out by the configuration (use = never)"


@dataclass(frozen=True)
class ColumnUse:
    """What one column of the file is used as, and why in plain words."""

    column: str
    role: Role
    feature: Feature | None = None
    note: str = ""


@dataclass(frozen=True)
class Understood:
    """What the file is: its kind, and one use for each column in the file's order."""

    kind: Kind
    columns: tuple[ColumnUse, ...]

    @property
    def id_column(self) -> str:
        """Name, in the file, of the column that holds the customer id."""
        return next(use.column for use in self.columns if use.role == "id")

    def with_role(self, role: Role) -> tuple[ColumnUse, ...]:
        """The columns of one role, in the file's order."""
        return tuple(use for use in self.columns if use.role == role)


def recognise(
    raw: RawTable,
    catalogue: Catalogue,
    *,
    kind: str | None,
    id_column: str | None,
    mapping: Mapping[str, str],
) -> Understood:
    """Decide what every column is, from its name, the catalogue, ``mapping`` and a sample of cells.

    Parameters
    ----------
    kind : "features", "customers", or None to decide by the features found.
    id_column, mapping : what the user says (``--id``, ``--map``); both win over any guess.

    Raises
    ------
    WrongUsage : the user names a kind, column or feature that does not exist.
    DataRefused : no id column, an id that identifies people elsewhere, or too few features.
    """
    if kind not in (None, "features", "customers"):
        raise WrongUsage(f"--kind {kind} is unknown.", "Say features or customers.")
    named = _named_features(raw, catalogue, mapping)
    id_name = find_customer_id(raw, id_column, set(named))
    named.pop(id_name, None)
    clusterable = [f for f in named.values() if _is_feature(f) and f.use == "cluster"]
    if kind is None:
        traits_only = not clusterable and any(not _is_feature(f) for f in named.values())
        kind = "customers" if traits_only else "features"
    if kind == "features" and len(clusterable) < 2:
        raise _too_few_features(raw, catalogue, id_name, clusterable)

    uses = []
    taken = {feature.column for feature in named.values()} | OWN_COLUMNS
    for column in raw.columns.column_names:
        if column == id_name:
            uses.append(ColumnUse(column, "id"))
        elif kind == "features":
            uses.append(_use_in_features(raw, column, named.get(column), catalogue))
        else:
            uses.append(_use_in_customers(raw, column, named.get(column), taken))
    if kind == "customers" and all(use.role != "trait" for use in uses):
        raise DataRefused(
            f"{raw.name} has no column that describes customers: "
            + "; ".join(f"{use.column} ({use.note})" for use in uses[:6] if use.note)
            + ".",
            "Load features with --kind features.",
        )
    return Understood("customers" if kind == "customers" else "features", tuple(uses))


def _named_features(
    raw: RawTable, catalogue: Catalogue, mapping: Mapping[str, str]
) -> dict[str, Feature]:
    """File column -> catalogue feature, by ``--map`` first and then by name."""
    named: dict[str, Feature] = {}
    for column, name in mapping.items():
        if column not in raw.columns.column_names:
            raise WrongUsage(
                f"--map {column}={name}: {raw.name} has no column '{column}'.",
                did_you_mean(column, raw.columns.column_names),
            )
        feature = catalogue.column_feature(name)
        if feature is None:
            raise WrongUsage(
                f"--map {column}={name}: there is no feature {name}.",
                did_you_mean(name, [f.name for f in catalogue])
                + f" Or add a table [features.{name}] to segmentry.toml.",
            )
        if feature.ratio_of:
            raise WrongUsage(
                f"--map {column}={name}: {name} is computed from {' and '.join(feature.ratio_of)}.",
                "Map those.",
            )
        if feature in named.values():
            raise WrongUsage(f"--map gives {feature.name} two columns.", "Choose one.")
        named[column] = feature
    mapped = set(named)
    for column in raw.columns.column_names:
        feature = catalogue.column_feature(column)
        if column in mapped or feature is None or feature in [named[c] for c in mapped]:
            continue
        other = next((c for c, f in named.items() if f == feature), None)
        if other:
            raise DataRefused(
                f"Columns '{other}' and '{column}' of {raw.name} are both {feature.name}.",
                f"Remove one, or choose with --map '{column}={feature.name}'.",
            )
        named[column] = feature
    return named


def _use_in_features(
    raw: RawTable, column: str, feature: Feature | None, catalogue: Catalogue
) -> ColumnUse:
    if feature and feature.use == "never":
        return ColumnUse(column, "unused", note=_NEVER)
    if feature and feature.ratio_of:
        parts = " and ".join(feature.ratio_of)
        return ColumnUse(column, "unused", note=f"computed from {parts}, never read")
    if feature and _is_feature(feature):
        note = "" if feature.use == "cluster" else "describes segments, does not make them"
        return ColumnUse(column, "feature", feature, note)
    private = _private(raw, column, feature)
    if private:
        return private
    if feature:
        return ColumnUse(column, "trait", feature)
    if _MODEL_OUTPUT.search(column):
        return ColumnUse(column, "unused", note="output of another model")
    if not is_numeric(raw.columns[column]):
        note = "text; load with --kind customers to describe segments with it"
        return ColumnUse(column, "unused", note=note)
    guess = catalogue.find(column)
    if is_code(column):
        note = "a code or another id"
    elif guess and not guess.ratio_of:
        note = f"not in the catalogue; if it is {guess.name}: --map '{column}={guess.name}'"
    else:
        note = f"not in the catalogue; to use it, add [features.{_key(column)}] to segmentry.toml"
    return ColumnUse(column, "unused", note=note)


def _use_in_customers(
    raw: RawTable, column: str, feature: Feature | None, taken: set[str]
) -> ColumnUse:
    private = _private(raw, column, feature)
    if private:
        return private
    if feature and feature.use == "never":
        return ColumnUse(column, "unused", note=_NEVER)
    if feature and _is_feature(feature):
        return ColumnUse(column, "unused", note="a feature; load it with --kind features")
    if feature:
        return ColumnUse(column, "trait", feature)
    if _MODEL_OUTPUT.search(column):
        return ColumnUse(column, "unused", note="output of another model")
    trait = guessed_trait(column, numeric=is_numeric(raw.columns[column]))
    if trait.column in taken:
        return ColumnUse(column, "unused", note=f"the name {trait.column} is taken; rename it")
    if trait.unit == "text":
        cells = present(raw.columns[column])
        if not len(cells):
            return ColumnUse(column, "unused", note="every cell is empty")
        if len(cells) >= 20 and pc.count_distinct(cells).as_py() > len(cells) / 2:
            return ColumnUse(column, "unused", note="nearly every customer has another value")
    taken.add(trait.column)
    return ColumnUse(column, "trait", trait, f"{trait.kind}, guessed from the name")


def _is_feature(feature: Feature) -> bool:
    """A number about behaviour; anything else in the catalogue describes customers (a trait)."""
    return feature.kind == "behavioural" and feature.unit != "text"


def _private(raw: RawTable, column: str, configured: Feature | None) -> ColumnUse | None:
    """The use of a column with personal data; of a configured one the content alone decides."""
    cells = sample(raw.columns[column])
    what = private_by_content(cells) if configured else private_column(column, cells)
    if what is None:
        return None
    return ColumnUse(column, "private", note=f"looks like {what}: left in the file")


def _too_few_features(
    raw: RawTable, catalogue: Catalogue, id_name: str, found: list[Feature]
) -> DataRefused:
    names = [name for name in raw.columns.column_names if name != id_name]
    usable = [
        name
        for name in names
        if is_numeric(raw.columns[name]) and not _private(raw, name, None) and _is_behaviour(name)
    ]
    known = [f for f in catalogue if _is_feature(f) and f.use == "cluster" and not f.ratio_of]
    absent = [f for f in known if f not in found]
    maps = []
    for name in usable:
        guess = catalogue.find(name)
        near = guess.name if guess else nearest(name, [f.name for f in absent])
        if near in [f.name for f in absent]:
            maps.append(f"--map '{name}={near}'")
    has = f"one feature only ({found[0].name})" if found else "none of the known features"
    steps = [f"Perhaps {' '.join(maps[:3])}."] if maps else []
    if usable:
        tables = ", ".join(f"[features.{_key(name)}]" for name in usable[:2])
        steps.append(f"To use its own columns, add tables such as {tables} to segmentry.toml.")
    steps.append("If it describes customers rather than what they do, say --kind customers.")
    return DataRefused(
        f"{raw.name} has {has}, and two are needed. It has {listed(names)}.", " ".join(steps)
    )


def _is_behaviour(column: str) -> bool:
    return guessed_trait(column, numeric=True).kind == "behavioural" and not is_code(column)


def _key(column: str) -> str:
    """The column's name as a key of a TOML table."""
    return column if re.fullmatch(r"[A-Za-z0-9_-]+", column) else f'"{column}"'
