"""Segmentry as its users start it: a process, a home, files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from analytics.synthetic.panel import SynthPlan, write
from bot.app import Services
from bot.commands.setup import initialise
from tests.e2e.scheduled import MODULES
from tests.e2e.weekly import CONFIG, Clock, Workspace, load, open_home, refit

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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, also as APScheduler reads it."""
    clock = Clock(datetime(2026, 9, 14, 6, tzinfo=UTC))

    class Shown(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.at.astimezone(tz)

    for module in MODULES:
        monkeypatch.setattr(f"apscheduler.{module}.datetime", Shown)
    return clock


@pytest.fixture
def slack(clock: Clock) -> Iterator[Workspace]:
    with Workspace(clock.timestamp) as double:
        yield double
    assert double.problems == []


@pytest.fixture(scope="session")
def mondays(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    plan = SynthPlan(customers=400, weeks=5)
    folder = tmp_path_factory.mktemp("mondays")
    return sorted(file for file in write(plan, folder) if file.name.startswith("cards_"))


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory, mondays: list[Path]) -> Path:
    """A home whose first week, 14 Sep 2026, was refitted by hand on the Sunday before."""
    home = tmp_path_factory.mktemp("first") / "home"
    initialise(home)
    (home / "segmentry.toml").write_text(CONFIG)
    services = open_home(home, Clock(datetime(2026, 9, 13, 12, tzinfo=UTC)))
    load(services, mondays[0])
    refit(services)
    return home


@pytest.fixture
def services(first_week: Path, tmp_path: Path, clock: Clock) -> Services:
    return open_home(shutil.copytree(first_week, tmp_path / "home", symlinks=True), clock)
