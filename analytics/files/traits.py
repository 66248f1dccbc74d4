"""What a descriptive column probably is, by its name: kind, unit and a name of its own."""

from __future__ import annotations

import re

from analytics.model import Feature, TraitKind, Unit

_KINDS: tuple[tuple[TraitKind, str], ...] = (
    (
        "demographic",
        "age|gender|sex|education|income|salary|marital|married|dependents?|dependants?|kids?|"
        "children|household|occupation|job|employment|home|ownership|nationality|language|birth",
    ),
    (
        "geographic",
        "city|town|state|zip|zipcode|postal|postcode|region|country|county|district|province|area|"
        "suburb|location|branch|urban|latitude|longitude",
    ),
    (
        "technographic",
        "device|os|apps?|browser|channel|estatement|statement|wallet|mobile|online|digital|web|"
        "logins?|platform|phone|contactless",
    ),
    (
        "psychographic",
        "interests?|lifestyle|attitudes?|preferences?|preferred|values|personality|hobby|hobbies|"
        "opinion|motivation|risk",
    ),
)
_CODES = r"\b(zip|zipcode|postal|postcode|plz|code|id|key)\b|\b(number|num|no|nr)$"
_RATIO = r"\b(change|chng|ratio|rate|share|pct|percent)\b"
_MONEY = r"\b(income|salary|amount|amt|balance|bal|spend|price|revenue)\b"


def words_of(column: str) -> str:
    """A column's name as words in lower case: "eStatement_optIn" is "e statement opt in"."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    return " ".join(re.findall(r"[^\W_]+", parted)).lower()


def is_code(column: str) -> bool:
    """Whether the name says that numbers in it are names of things: ZIP codes, keys, other ids."""
    return re.search(_CODES, words_of(column)) is not None


def guessed_trait(column: str, *, numeric: bool) -> Feature:
    """A trait for a column nobody has configured; codes such as ZIP stay text."""
    words = words_of(column)
    kinds = (kind for kind, names in _KINDS if re.search(rf"\b({names})\b", words))
    unit: Unit = "text"
    if numeric and not is_code(column):
        unit = "money" if re.search(_MONEY, words) and not re.search(_RATIO, words) else "number"
    return Feature(
        name=words.replace(" ", "_") or "trait",
        label=words or column,
        unit=unit,
        kind=next(kinds, "behavioural"),
        use="profile",
    )
