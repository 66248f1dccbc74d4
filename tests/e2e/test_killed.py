"""kill -9 at any point of load, refit and publish: nothing is lost, everything can be repeated."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.conftest import Segmentry, command, environment

KILLS = 6


def published(home: Path) -> list[tuple[Any, ...]]:
    """What an analyst sees in the published copy."""
    with duckdb.connect(str(home / "current.duckdb"), read_only=True) as connection:
        return connection.execute(
            "SELECT as_of, segment_id, customers FROM segment_sizes ORDER BY ALL"
        ).fetchall()


def kill_after(home: Path, seconds: float, *arguments: str) -> None:
    process = subprocess.Popen(
        command(home, *arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    time.sleep(seconds)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("killed", ["load", "refit"])
def test_killed_anywhere(
    killed: str, tmp_path: Path, two_weeks: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    third = str(weeks[2])
    reference = tmp_path / "reference"
    shutil.copytree(two_weeks, reference, symlinks=True)
    before = published(reference)
    started = time.monotonic()
    assert segmentry(reference, "load", third).code == 0
    loaded = time.monotonic()
    assert segmentry(reference, "refit").code == 0
    took = loaded - started if killed == "load" else time.monotonic() - loaded
    after = published(reference)
    assert after != before

    for number in range(KILLS):
        home = tmp_path / f"home{number}"
        shutil.copytree(two_weeks, home, symlinks=True)
        if killed == "refit":
            assert segmentry(home, "load", third).code == 0
            kill_after(home, took * (number + 1) / KILLS, "refit")
        else:
            kill_after(home, took * (number + 1) / KILLS, "load", third)
        assert published(home) in (before, after)
        assert segmentry(home, "ask", "which segments do we have?").code == 0
        again = segmentry(home, "load", third)
        assert again.code == 0, again.err
        again = segmentry(home, "refit")
        assert again.code == 0, again.err
        assert published(home) == after
