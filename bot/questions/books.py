"""The phrases this package reads by, as data: TOML files anyone can extend."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def phrase_book(name: str) -> Mapping[str, Any]:
    """A TOML file of phrases that lies beside this module."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
