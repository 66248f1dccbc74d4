"""Segmentry as its users start it: a process, a home, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analytics.synth import SynthPlan, write

CUSTOMERS = 1_500


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Segmentry = Callable[..., Ran]


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", "--home", str(home), *arguments]


def environment(**more: str) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("SEGMENTRY_", "SLACK_"))
    }
    return kept | {"COLUMNS": "100"} | more


@pytest.fixture(scope="session")
def segmentry() -> Segmentry:
    """Run one command to its end."""

    def run(home: Path, *arguments: str, stdin: str = "", **env: str) -> Ran:
        done = subprocess.run(
            command(home, *arguments),
            input=stdin,
            capture_output=True,
            text=True,
            env=environment(**env),
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three weekly snapshots and a customer file, oldest first."""
    folder = tmp_path_factory.mktemp("files")
    return write(SynthPlan(customers=CUSTOMERS, weeks=3), folder)


@pytest.fixture(scope="session")
def weeks(files: list[Path]) -> list[Path]:
    return sorted(file for file in files if file.name.startswith("cards_"))


@pytest.fixture(scope="session")
def two_weeks(
    tmp_path_factory: pytest.TempPathFactory, segmentry: Segmentry, weeks: list[Path]
) -> Path:
    """A home with two weeks loaded, refitted and published; tests copy it before they write."""
    home = tmp_path_factory.mktemp("home") / "home"
    for file in weeks[:2]:
        assert segmentry(home, "load", str(file)).code == 0
        assert segmentry(home, "refit").code == 0
    return home
