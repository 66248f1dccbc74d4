"""Which columns identify a person, by their name or by what is written in them.

What is recognised here stays in the file: it is never stored, published or logged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_NAMED = {
    "e-mail addresses": r"(e_?)?mail(_?(address|addr|id))?\d*|email\w*address",
    "phone numbers": r"((tele)?phone|tel|mobile|cell|cellphone|fax|msisdn)"
    r"(_?(number|num|no|nr))?\d*",
    "people's names": r"(first|last|given|family|middle|maiden|full|sur|fore|nick|customer|client|"
    r"(card|account_?)?holder|contact|person)_?name|surname|forename",
    "addresses": r"(street|home|postal|mailing|billing|ip)?_?addr(ess)?(_?line)?_?\d*|"
    r"street(_?name)?",
    "dates of birth": r"dob|(date|day)_of_birth|birth_?(date|day|number|dt|day_date)|born(_on)?",
    "identity numbers": r"ssn|social_security(_?(number|num|no))?|passport(_?(number|num|no))?|"
    r"national_?id(_?(number|num|no))?|tax_?id|nino|(driving|drivers?)_?licen[cs]e(_?(number|no))?|"
    r"personal_(number|id)",
    "bank account numbers": r"iban|bban|bank_account(_?(number|num|no))?",
    "card numbers": r"(credit_?|debit_?)?card_?(number|num|no)|pan|credit_?card",
}
_NAME_PATTERNS = {what: re.compile(rf"(.*_)?({names})") for what, names in _NAMED.items()}
_FLAGS = {"", "0", "1", "y", "n", "yes", "no", "true", "false", "t", "f"}

_EMAIL = re.compile(r"[^\s@]@[^\s@]+\.[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(\+|00)\d{1,3}[ .\-/]?\(?\d{1,4}\)?([ .\-/]?\d{2,8}){1,5}"
    r"|\(\d{2,5}\)[ .\-/]?\d{2,5}([ .\-]\d{2,5}){0,3}"
    r"|\d{2,5}([ .\-/]\d{2,5}){2,4}"
)
_DATE = re.compile(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}([ T].*)?")
_GROUPED_NUMBER = re.compile(r"\d{1,3}(([.]\d{3})+|( \d{3})+)")
_IDENTITY = re.compile(r"\d{3}-\d{2}-\d{4}|[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]")
_ADDRESS = re.compile(
    r"\d+\w?,? (\w+\.? ){1,4}(street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|"
    r"ct|way|place|pl|square)\b.*"
    r"|\w[\w .-]*(straße|strasse|str\.|weg|platz|gasse|laan|straat) \d+\w?.*"
    r"|\d* ?(rue|avenue|calle|via|avenida|rua) (\w+[ ,]?){1,5}\d*",
    re.IGNORECASE,
)


def private_by_name(column: str) -> str | None:
    """What a column of this name holds about a person ("e-mail addresses"), or None."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    words = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    if words == "name":
        return "people's names"
    return next((what for what, names in _NAME_PATTERNS.items() if names.fullmatch(words)), None)


def private_by_content(cells: Sequence[str]) -> str | None:
    """What these cells of one column hold about a person, or None.

    One e-mail address in twenty cells is enough, because free text holds them too; card and account
    numbers must pass their checksum in half of the cells, which plain ids do not.
    """
    written = [cell.strip() for cell in cells if cell.strip()]
    for what, looks_so, needed in _LOOKS:
        if written and sum(bool(looks_so(cell)) for cell in written) >= needed * len(written):
            return what
    return None


def private_column(name: str, cells: Sequence[str]) -> str | None:
    """What a column holds about a person, by name or content; a yes/no column holds nothing."""
    flags_only = all(cell.strip().lower() in _FLAGS for cell in cells)
    return None if flags_only else private_by_name(name) or private_by_content(cells)


def masked(value: str) -> str:
    """The value as it may be kept and shown: hidden where it identifies a person."""
    what = private_by_content([value])
    return f"(hidden: looks like {what})" if what else value


def _is_card(cell: str) -> bool:
    digits = re.sub(r"[ -]", "", cell)
    return bool(re.fullmatch(r"[2-6]\d{12,18}", digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 holds."""
    doubled = (2 * int(d) for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 * (d > 9) for d in doubled)) % 10 == 0


def _is_iban(cell: str) -> bool:
    """The check digits of ISO 13616 hold."""
    code = re.sub(r"[ -]", "", cell).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", code):
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def _is_phone(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    international = cell.startswith(("+", "00", "("))
    return (
        bool(_PHONE.fullmatch(cell))
        and (7 if international else 9) <= digits <= 15
        and digits < len(cell)
        and not _DATE.fullmatch(cell)
        and not _GROUPED_NUMBER.fullmatch(cell)
    )


_LOOKS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    ("e-mail addresses", _EMAIL.search, 0.05),
    ("card numbers", _is_card, 0.5),
    ("bank account numbers", _is_iban, 0.5),
    ("identity numbers", _IDENTITY.fullmatch, 0.5),
    ("phone numbers", _is_phone, 0.5),
    ("addresses", _ADDRESS.fullmatch, 0.5),
)
