"""Descriptive traits of made-up customers: mildly different from archetype to archetype."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analytics.model import Feature, Ints, TraitKind

# Weight of each value in each archetype, in the order of ``synth_archetypes.ARCHETYPES``.
_Weights = Mapping[str, list[float]]


def _trait(name: str, label: str, kind: TraitKind, *synonyms: str) -> Feature:
    return Feature(name, label, "text", kind, use="profile", synonyms=synonyms)


_TRAITS: tuple[tuple[Feature, _Weights], ...] = (
    (
        _trait("AGE_BAND", "age band", "demographic", "age", "age group", "how old"),
        {
            "18-24": [4, 8, 16, 7, 8, 12],
            "25-34": [14, 18, 30, 20, 21, 17],
            "35-44": [26, 22, 25, 27, 25, 16],
            "45-54": [27, 21, 15, 25, 23, 16],
            "55-64": [19, 17, 9, 14, 15, 18],
            "65 and over": [10, 14, 5, 7, 8, 21],
        },
    ),
    (
        _trait("HOUSEHOLD", "household", "demographic", "family", "household type"),
        {
            "single": [20, 30, 28, 25, 34, 40],
            "couple": [36, 36, 27, 28, 31, 33],
            "family with children": [44, 34, 45, 47, 35, 27],
        },
    ),
    (
        _trait("REGION", "region", "geographic", "where they live"),
        {
            "north": [22, 24, 25, 27, 29, 25],
            "south": [30, 27, 25, 25, 23, 25],
            "east": [22, 23, 25, 25, 26, 25],
            "west": [26, 26, 25, 23, 22, 25],
        },
    ),
    (
        _trait("AREA", "area", "geographic", "area type", "town or country"),
        {
            "urban": [52, 42, 46, 44, 40, 30],
            "suburban": [36, 36, 37, 38, 35, 36],
            "rural": [12, 22, 17, 18, 25, 34],
        },
    ),
    (
        _trait("MAIN_CHANNEL", "main channel", "technographic", "channel", "contact channel"),
        {
            "app": [56, 36, 58, 47, 36, 18],
            "web": [30, 31, 27, 28, 25, 27],
            "phone": [8, 13, 8, 13, 17, 18],
            "branch": [6, 20, 7, 12, 22, 37],
        },
    ),
    (
        _trait("WALLET", "mobile wallet", "technographic", "phone wallet", "pays by phone"),
        {"yes": [54, 32, 57, 43, 27, 12], "no": [46, 68, 43, 57, 73, 88]},
    ),
    (
        _trait("E_STATEMENT", "e-statement", "technographic", "electronic statement", "paperless"),
        {"yes": [78, 60, 76, 68, 55, 38], "no": [22, 40, 24, 32, 45, 62]},
    ),
    (
        _trait("ATTITUDE", "attitude to money", "psychographic", "attitude", "money attitude"),
        {
            "planner": [38, 36, 34, 17, 14, 33],
            "deal seeker": [18, 22, 36, 21, 15, 14],
            "convenience first": [36, 30, 20, 32, 27, 30],
            "lives for today": [8, 12, 10, 30, 44, 23],
        },
    ),
    (
        _trait("MAIN_INTEREST", "main interest", "psychographic", "hobby", "hobbies"),
        {
            "travel": [30, 20, 10, 17, 12, 15],
            "home": [18, 26, 20, 20, 23, 28],
            "fashion": [16, 12, 28, 18, 14, 10],
            "electronics": [16, 22, 26, 20, 17, 12],
            "eating out": [20, 20, 16, 25, 34, 35],
        },
    ),
    (
        _trait(
            "OFFER_RESPONSE", "response to offers", "behavioural", "offers", "campaign response"
        ),
        {
            "often": [18, 12, 30, 17, 8, 3],
            "sometimes": [46, 40, 44, 43, 34, 19],
            "never": [36, 48, 26, 40, 58, 78],
        },
    ),
)

TRAIT_KINDS: Mapping[str, Feature] = {trait.name: trait for trait, _ in _TRAITS}


def trait_frame(archetype: Ints, rng: np.random.Generator) -> pd.DataFrame:
    """One trait a column, drawn for customers of these archetypes (indices, one a customer)."""
    columns = {}
    for trait, weights in _TRAITS:
        below = np.cumsum(list(weights.values()), axis=0)
        luck = rng.random(len(archetype)) * below[-1, archetype]
        values = np.array(list(weights), dtype=object)
        columns[trait.name] = values[(luck >= below[:-1, archetype]).sum(axis=0)]
    return pd.DataFrame(columns)
