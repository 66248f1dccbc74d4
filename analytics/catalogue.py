"""The feature catalogue: the 17 card features, and any company's own columns beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from analytics.errors import WrongUsage
from analytics.model import Feature

OWN_COLUMNS = {"customer_id", "first_seen", "last_seen", "as_of", "segment_id"}

_MONTHS_WITH = "Share of the months on book with"

CARD_FEATURES: tuple[Feature, ...] = (
    Feature(
        "BALANCE", "balance", "money", transform="log",
        synonyms=("owed", "outstanding", "debt", "revolving balance"),
        description="Average amount owed on the card over the period.",
    ),
    Feature(
        "BALANCE_FREQUENCY", "months with a balance", "share",
        synonyms=("balance frequency", "balance update frequency"),
        description=f"{_MONTHS_WITH} a balance on the card.",
    ),
    Feature(
        "PURCHASES", "purchases", "money", transform="log",
        synonyms=("spend", "spending", "spent", "purchase amount", "card spend", "$$"),
        description="Total spent on the card over the period: one-off plus instalment purchases.",
    ),
    Feature(
        "ONEOFF_PURCHASES", "one-off purchases", "money", transform="log",
        synonyms=("one off", "oneoff", "one-off spend", "single purchases"),
        description="Spent in purchases paid in one go.",
    ),
    Feature(
        "INSTALLMENTS_PURCHASES", "instalment purchases", "money", transform="log",
        synonyms=("instalments", "installments", "installment purchases", "bnpl"),
        description="Spent in purchases paid in instalments.",
    ),
    Feature(
        "CASH_ADVANCE", "cash advances", "money", transform="log",
        synonyms=("cash advance", "cash adv", "cash", "cash withdrawals", "atm withdrawals"),
        description="Cash drawn on the card.",
    ),
    Feature(
        "PURCHASES_FREQUENCY", "months with a purchase", "share",
        synonyms=("purchase frequency", "purchases frequency", "how often they buy"),
        description=f"{_MONTHS_WITH} at least one purchase.",
    ),
    Feature(
        "ONEOFF_PURCHASES_FREQUENCY", "months with a one-off purchase", "share",
        synonyms=("one-off frequency", "oneoff frequency"),
        description=f"{_MONTHS_WITH} at least one one-off purchase.",
    ),
    Feature(
        "PURCHASES_INSTALLMENTS_FREQUENCY", "months with an instalment purchase", "share",
        synonyms=("instalment frequency", "installment frequency"),
        description=f"{_MONTHS_WITH} at least one instalment purchase.",
    ),
    Feature(
        "CASH_ADVANCE_FREQUENCY", "months with a cash advance", "share",
        synonyms=("cash advance frequency", "cash frequency"),
        description=f"{_MONTHS_WITH} at least one cash advance.",
    ),
    Feature(
        "CASH_ADVANCE_TRX", "number of cash advances", "count", transform="log",
        synonyms=("cash advance transactions", "cash advance count", "cash advance trx"),
        description="How many times cash was drawn on the card.",
    ),
    Feature(
        "PURCHASES_TRX", "number of purchases", "count", transform="log",
        synonyms=("purchase transactions", "transactions", "purchase count", "purchases trx"),
        description="How many purchases were made.",
    ),
    Feature(
        "CREDIT_LIMIT", "credit limit", "money", transform="log",
        synonyms=("limit", "credit line", "line of credit"),
        description="The most that may be owed on the card.",
    ),
    Feature(
        "PAYMENTS", "payments", "money", transform="log",
        synonyms=("paid", "repayments", "payment amount"),
        description="Paid back to the card over the period.",
    ),
    Feature(
        "MINIMUM_PAYMENTS", "minimum payments", "money", transform="log",
        synonyms=("minimum payment", "min payment", "min pay", "minimum due"),
        description="Minimum payments due over the period.",
    ),
    Feature(
        "PRC_FULL_PAYMENT", "months paid in full", "share",
        synonyms=("full payment", "pays in full", "paid in full", "full payment share", "pif"),
        description="Share of statements paid in full.",
    ),
    Feature(
        "TENURE", "months on book", "months", use="profile",
        synonyms=("tenure", "account age", "months as customer"),
        description="Months the account has been open, counted to 12. Nearly constant, so it "
        "describes segments and does not make them.",
    ),
    Feature(
        "UTILISATION", "utilisation", "share", use="profile", ratio_of=("BALANCE", "CREDIT_LIMIT"),
        synonyms=("utilization", "util", "credit utilisation", "balance to limit"),
        description="Balance divided by credit limit.",
    ),
)  # fmt: skip


def normalise(name: str) -> str:
    """A name reduced to what people mean by it: its letters and digits in lower case."""
    return re.sub(r"[^0-9a-z]+", "", name.lower())


class Catalogue:
    """The features a company knows, in order, found by name, column or synonym."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._features = {feature.name: feature for feature in features}
        self._by_spelling: dict[str, Feature] = {}
        for feature in self:
            for spelling in (*feature.synonyms, feature.label):
                self._by_spelling.setdefault(normalise(spelling), feature)
        for feature in self:
            self._by_spelling[normalise(feature.name)] = feature

    def __iter__(self) -> Iterator[Feature]:
        return iter(self._features.values())

    def __len__(self) -> int:
        return len(self._features)

    def __contains__(self, name: str) -> bool:
        return name in self._features

    def __getitem__(self, name: str) -> Feature:
        return self._features[name]

    def get(self, name: str, default: Feature) -> Feature:
        """The feature of that name, or ``default``."""
        return self._features.get(name, default)

    def find(self, spelling: str) -> Feature | None:
        """The feature whose name, label or synonym is written so, in any case and punctuation."""
        key = normalise(spelling)
        return self._by_spelling.get(key) if key else None

    def column_feature(self, column: str) -> Feature | None:
        """The feature a file's column holds: by its name only, in any case and punctuation."""
        feature = self.find(column)
        matches = feature is not None and normalise(feature.name) == normalise(column)
        return feature if matches else None

    def extended(self, tables: Mapping[str, Mapping[str, Any]]) -> Catalogue:
        """This catalogue with ``[features.NAME]`` tables of the configuration added or replacing.

        A table without ``label`` is labelled by its name in words. A money or count feature that
        says nothing of ``transform`` is logged, because amounts have long tails.

        Raises WrongUsage for a name that a column of Segmentry's own tables has.
        """
        features = dict(self._features)
        for name, table in tables.items():
            if name.lower() in OWN_COLUMNS:
                raise WrongUsage(
                    f"[features.{name}]: {name.lower()} is a column of Segmentry's own.",
                    f"Call the feature something else and load it with --map {name}=NEWNAME.",
                )
            known = self.column_feature(name)
            options: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in table.items()
            }
            if known:
                features[known.name] = replace(known, **options)
                continue
            label = re.sub(r"[\s_.\-]+", " ", name).strip().lower()
            feature = Feature(**{"name": name, "label": label, **options})
            if "transform" not in options and feature.unit in ("money", "count"):
                feature = replace(feature, transform="log")
            features[name] = feature
        return Catalogue(features.values())


def card_catalogue() -> Catalogue:
    """The catalogue of the 17 card features (and utilisation, derived from two of them)."""
    return Catalogue(CARD_FEATURES)
