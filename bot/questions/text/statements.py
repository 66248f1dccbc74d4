"""Messages that are SQL and not a question in words."""

from __future__ import annotations

import re

_SQL = re.compile(
    r"^\s*(?:/sql|sql\s*:?|run sql\s*:?|query\s*:)?\s*"
    r"((?:select|with|from|show|describe|desc|summarize|pivot|values|explain)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_SQL = re.compile(r"^\s*(?:/sql|sql\b|run sql\b|query\s*:)", re.IGNORECASE)
# A table, and what may stand after it in a statement: not "from segments 2 and 3".
_TABLE = (
    r"\bfrom\s+(?:\(|[\w.\"]+\s*(?:$|[;,)(]|(?:as\s+)?(?:\w+\s+)?(?:where|join|left|right|full|"
    r"inner|cross|natural|asof|group|order|limit|having|union|qualify|window|using|offset|except|"
    r"intersect|pivot|unpivot)\b|(?:as\s+)?\w+\s*[;,]?\s*$))"
)
_LOOKS_SQL = re.compile(
    rf"^\s*(?:select\s+(?:.+{_TABLE}|\d|count\(|distinct\b|\*|'|\w+\()|"
    r"with\s+\w+(?:\s*\([^)]*\))?\s+as\b|"
    r"from\s+\w+\s*(?:;|$|select|where|join|limit|group|order|pivot)|"
    r"show\s+(?:all\s+)?tables\s*;?\s*$|(?:describe|summarize)\s+(?:select\b.*|\w+\s*;?\s*)$)",
    re.IGNORECASE | re.DOTALL,
)
_SELECT = re.compile(r"(\S?)\s*\bselect\b", re.IGNORECASE)
_FROM = re.compile(_TABLE, re.IGNORECASE)
VIEWS = frozenset(
    "customers features feature_history segments current_segments segment_history segment_sizes "
    "segment_profiles transitions drift_events fits digests feature_catalogue base_profiles "
    "trait_profiles segment_facts segment_features segment_names snapshots refits loads "
    "quarantine".split()
)
_WRITES = re.compile(
    r"\b(?:insert\s+into|update\s+\w+\s+set|delete\s+from|drop\s+(?:table|view|schema|database)|"
    r"alter\s+table|create\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:table|view|macro)|attach\s+'|"
    r"copy\s+.*\bto\b|copy\s+\w+\s+from|truncate\s+\w+|install\s+\w+|load\s+'|pragma\s+\w+|"
    r"export\s+database|import\s+database|vacuum|checkpoint)\b",
    re.IGNORECASE | re.DOTALL,
)


def sql_of(text: str) -> str | None:
    """The statement when a message is SQL; None for a question in words."""
    said = _SAYS_SQL.match(text)
    found = _SQL.match(text)
    if found and (said or _LOOKS_SQL.match(text)):
        statement = found[1].strip()
        first, *rest = statement.split()
        named = first.lower() in ("describe", "summarize", "from") and rest
        if not said and named and len(rest) == 1 and rest[0].strip(";").lower() not in VIEWS:
            return None
        return statement
    return _inside(text)


def _inside(text: str) -> str | None:
    """The statement that ends a message: "please run this: select max(balance) from features"."""
    found = _SELECT.search(text)
    if found is None:
        return None
    statement = text[found.end() - len("select") :].strip("` ")
    if not set(re.findall(r"\w+", statement.lower())) & VIEWS or not _FROM.search(statement):
        return None
    introduced = found[1] in (":", "`")
    return statement if introduced or re.search(r"[*()_=]", statement) else None


def writes(statement: str) -> bool:
    """Whether a statement changes something or holds a second one that does."""
    return bool(_WRITES.search(re.sub(r"'[^']*'", "''", statement)))
