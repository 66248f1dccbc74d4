"""What each column of a file is: the customer id, a feature, a trait, private, or not used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from analytics.catalogue import Catalogue, normalise
from analytics.errors import DataRefused, WrongUsage
from analytics.model import Feature, TraitKind, Unit
from analytics.numerals import missing, read_numbers
from analytics.privacy import private_by_content, private_column
from analytics.tabular import RawTable

Role = Literal["id", "feature", "trait", "private", "unused"]
Kind = Literal["features", "customers"]

ID_NAMES = (
    "customerid custid clientid clientnum clientnumber clientno customernumber customernum "
    "customerno custnum custno customerkey custkey cardholderid memberid householdid userid "
    "partyid personid contactid accountid accountnumber accountnum accountno acctid acctno "
    "customer client id"
).split()
SAMPLE = 1000

_TRAIT_KINDS: tuple[tuple[TraitKind, str], ...] = (
    ("demographic", r"age|gender|sex|education|income|salary|marital|married|depend[ea]nts?|kids?|"
     r"children|household|occupation|job|employment|home|ownership|nationality|language|birth"),
    ("geographic", r"city|town|state|zip|zipcode|postal|postcode|region|country|county|district|"
     r"province|area|suburb|location|branch|urban|latitude|longitude"),
    ("technographic", r"device|os|app|apps|browser|channel|estatement|statement|wallet|mobile|"
     r"online|digital|web|login|logins|platform|phone|contactless"),
    ("psychographic", r"interests?|lifestyle|attitudes?|preferences?|values|personality|hobby|"
     r"hobbies|opinion|motivation|risk"),
)  # fmt: skip
_CODES = re.compile(r"zip|postal|postcode|plz|code$|id$", re.IGNORECASE)
_MONEY = re.compile(r"income|salary|amount|amt|balance|spend|price|revenue", re.IGNORECASE)
_MODEL_OUTPUT = re.compile(r"classifier|predict|probability|(^|_)proba?($|_)", re.IGNORECASE)
_RESERVED = {"customer_id", "first_seen", "last_seen", "as_of"}


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
    id_name = _id_column(raw, id_column, named)
    named.pop(id_name, None)
    clusterable = [f for f in named.values() if _is_feature(f) and f.use == "cluster"]
    if kind is None:
        traits_only = not clusterable and any(not _is_feature(f) for f in named.values())
        kind = "customers" if traits_only else "features"
    if kind == "features" and len(clusterable) < 2:
        raise _too_few_features(raw, catalogue, id_name, clusterable)

    uses = []
    taken = {feature.column for feature in named.values()} | _RESERVED
    for column in raw.columns.column_names:
        if column == id_name:
            uses.append(ColumnUse(column, "id"))
        elif kind == "features":
            uses.append(_use_in_features(raw, column, named.get(column), catalogue))
        else:
            uses.append(_use_in_customers(raw, column, named.get(column), taken))
    return Understood("customers" if kind == "customers" else "features", tuple(uses))


def texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells of a column as trimmed text; whole numbers without ".0", dates as 2026-01-05."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(column, pc.round(column))).as_py()
        column = column.cast(pa.int64()) if whole else column
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.chunked_array([pa.array([str(cell) for cell in column.to_pylist()])])
    cells = pc.utf8_trim_whitespace(column.cast(pa.string()))
    if pa.types.is_temporal(column.type):
        cells = pc.replace_substring_regex(cells, r"[ T]00:00:00(\.0+)?Z?$", "")
    return cells


def _named_features(
    raw: RawTable, catalogue: Catalogue, mapping: Mapping[str, str]
) -> dict[str, Feature]:
    """File column -> catalogue feature, by ``--map`` first and then by name."""
    named: dict[str, Feature] = {}
    for column, name in mapping.items():
        if column not in raw.columns.column_names:
            raise WrongUsage(
                f"--map {column}={name}: {raw.name} has no column '{column}'.",
                _nearest(column, raw.columns.column_names),
            )
        feature = catalogue.column_feature(name)
        if feature is None:
            raise WrongUsage(
                f"--map {column}={name}: there is no feature {name}.",
                _nearest(name, [f.name for f in catalogue])
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


def _id_column(raw: RawTable, wanted: str | None, named: Mapping[str, Feature]) -> str:
    names: list[str] = raw.columns.column_names
    if wanted is not None:
        exact = [c for c in names if c == wanted] or [
            c for c in names if normalise(c) == normalise(wanted)
        ]
        if not exact:
            raise WrongUsage(
                f"--id {wanted}: {raw.name} has no such column.", _nearest(wanted, names)
            )
        _refuse_private_id(raw, exact[0])
        return exact[0]
    by_name = sorted(
        (c for c in names if normalise(c) in ID_NAMES and c not in named),
        key=lambda c: ID_NAMES.index(normalise(c)),
    )
    if by_name:
        chosen = next((c for c in by_name if _distinct_share(raw, c) == 1), by_name[0])
        _refuse_private_id(raw, chosen)
        share = _distinct_share(raw, chosen)
        if share < 0.5:
            rows = raw.columns.num_rows
            raise DataRefused(
                f"{raw.name} has several rows a customer: {rows:,} rows, but only "
                f"{round(share * rows):,} different values of {chosen}.",
                "Segmentry loads one row a customer; sum up transactions first.",
            )
        return chosen
    candidates = [
        c
        for c in names
        if c not in named and not _is_private(raw, c) and _distinct_share(raw, c) == 1
    ]
    raise DataRefused(
        f"{raw.name} has no column named like a customer id.",
        f"Its columns without a repeated value are {_listed(candidates)}: say which, with --id."
        if candidates
        else f"No column ({_listed(names)}) is without repeated or missing values; add an id.",
    )


def _refuse_private_id(raw: RawTable, column: str) -> None:
    what = private_by_content(_sample(raw, column))
    if what:
        raise DataRefused(
            f"The customer id {column} of {raw.name} holds {what}, which Segmentry never stores.",
            "Replace them by a customer number and load again, or name another column with --id.",
        )


def _use_in_features(
    raw: RawTable, column: str, feature: Feature | None, catalogue: Catalogue
) -> ColumnUse:
    if feature and _is_feature(feature):
        if feature.ratio_of:
            parts = " and ".join(feature.ratio_of)
            return ColumnUse(column, "unused", note=f"computed from {parts}, never read")
        if feature.use == "never":
            return ColumnUse(column, "unused", note="left out by the configuration (use = never)")
        return ColumnUse(column, "feature", feature)
    what = private_column(column, _sample(raw, column))
    if what:
        return ColumnUse(column, "private", note=f"looks like {what}: left in the file")
    if feature:
        return ColumnUse(column, "trait", feature)
    if _MODEL_OUTPUT.search(column):
        return ColumnUse(column, "unused", note="output of another model")
    if not _is_numeric(raw, column):
        note = "text; load with --kind customers to describe segments with it"
        return ColumnUse(column, "unused", note=note)
    guess = catalogue.find(column)
    if guess and not guess.ratio_of:
        note = f"not in the catalogue; is it {guess.name}? Then --map '{column}={guess.name}'"
    else:
        note = f"not in the catalogue; to use it, add [features.{_key(column)}] to segmentry.toml"
    return ColumnUse(column, "unused", note=note)


def _use_in_customers(
    raw: RawTable, column: str, feature: Feature | None, taken: set[str]
) -> ColumnUse:
    what = private_column(column, _sample(raw, column))
    if what:
        return ColumnUse(column, "private", note=f"looks like {what}: left in the file")
    if feature and feature.use == "never":
        return ColumnUse(column, "unused", note="left out by the configuration (use = never)")
    if feature and _is_feature(feature):
        return ColumnUse(column, "unused", note="a feature; load it with --kind features")
    if _MODEL_OUTPUT.search(column):
        return ColumnUse(column, "unused", note="output of another model")
    if feature:
        return ColumnUse(column, "trait", feature)
    trait = _guessed_trait(raw, column)
    if trait.column in taken:
        return ColumnUse(column, "unused", note=f"the name {trait.column} is taken; rename it")
    if trait.unit == "text" and raw.columns.num_rows >= 20 and _distinct_share(raw, column) > 0.5:
        return ColumnUse(column, "unused", note="nearly every customer has another value")
    taken.add(trait.column)
    return ColumnUse(column, "trait", trait, f"guessed from the name: {trait.kind}")


def _guessed_trait(raw: RawTable, column: str) -> Feature:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    words = " ".join(re.findall(r"[^\W_]+", words)).lower()
    kind: TraitKind = "behavioural"
    for candidate, pattern in _TRAIT_KINDS:
        if re.search(rf"\b({pattern})\b", words):
            kind = candidate
            break
    unit: Unit = "text"
    if _is_numeric(raw, column) and not _CODES.search(column):
        unit = "money" if _MONEY.search(column) else "number"
    return Feature(words.replace(" ", "_") or "trait", words, unit, kind, use="profile")


def _is_feature(feature: Feature) -> bool:
    """A number about behaviour; anything else in the catalogue describes customers (a trait)."""
    return feature.kind == "behavioural" and feature.unit != "text"


def _sample(raw: RawTable, column: str) -> list[str]:
    """Up to ``SAMPLE`` written cells, spread over the whole file."""
    step = max(1, raw.columns.num_rows // SAMPLE)
    cells = texts(raw.columns[column].take(np.arange(0, raw.columns.num_rows, step)))
    return [cell for cell in cells.to_pylist() if cell]


def _is_private(raw: RawTable, column: str) -> bool:
    return private_column(column, _sample(raw, column)) is not None


def _is_numeric(raw: RawTable, column: str) -> bool:
    cells = pa.chunked_array([pa.array(_sample(raw, column), pa.string())])
    written = len(cells) - (pc.sum(missing(cells)).as_py() or 0)
    wrong = read_numbers({column: cells})[column].wrong.sum()
    leading_zeros = pc.any(pc.match_substring_regex(cells, r"^0\d+$")).as_py()
    return bool(written and wrong <= 0.02 * written and not leading_zeros)


def _distinct_share(raw: RawTable, column: str) -> float:
    """Different written values over rows: 1 where every row has its own."""
    cells = texts(raw.columns[column])
    distinct = pc.count_distinct(pc.if_else(missing(cells), None, cells)).as_py()
    return float(distinct / raw.columns.num_rows)


def _too_few_features(
    raw: RawTable, catalogue: Catalogue, id_name: str, found: list[Feature]
) -> DataRefused:
    names = [name for name in raw.columns.column_names if name != id_name]
    has = f"only one ({found[0].name})" if found else "none"
    numeric = [name for name in names if not _is_private(raw, name) and _is_numeric(raw, name)]
    known = [f.name for f in catalogue if _is_feature(f) and f.use == "cluster" and not f.ratio_of]
    pairs = []
    for name in numeric:
        guess = catalogue.find(name)
        near = guess.name if guess else _best(name, known, 75)
        if near and near not in [f.name for f in found]:
            pairs.append(f"--map '{name}={near}'")
    hints = [f"Perhaps {' '.join(pairs[:3])}."] if pairs else []
    if numeric:
        hints.append(f"Or add [features.{_key(numeric[0])}] to segmentry.toml, one per column.")
    hints.append("If it describes customers, use --kind customers.")
    return DataRefused(
        f"{raw.name} has {has} of the features Segmentry knows, and two are needed. "
        f"Its columns: {_listed(names)}.",
        " ".join(hints),
    )


def _nearest(wanted: str, names: list[str]) -> str:
    best = _best(wanted, names, 60)
    return f"Did you mean '{best}'?" if best else f"There are {_listed(names)}."


def _best(wanted: str, names: list[str], cutoff: float) -> str | None:
    scorer: Callable[..., float] = fuzz.ratio
    match = process.extractOne(
        wanted, names, scorer=scorer, processor=normalise, score_cutoff=cutoff
    )
    return match[0] if match else None


def _listed(names: list[str], most: int = 12) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _key(column: str) -> str:
    """The column's name as a key of a TOML table."""
    return column if re.fullmatch(r"[A-Za-z0-9_-]+", column) else f'"{column}"'
