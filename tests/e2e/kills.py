"""The Monday run killed at random instants, and started again."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from datetime import UTC, datetime
from multiprocessing.pool import ThreadPool
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.commands.setup import initialise
from tests.e2e.weekly import (
    CHANNEL,
    CONFIG,
    Clock,
    Workspace,
    load,
    open_home,
    refit,
    wake_in_another_process,
)

SUNDAY = datetime(2026, 9, 27, 12, tzinfo=UTC)
# British summer time: 08:00 in London is 07:00 UTC.
MONDAY = datetime(2026, 9, 28, 7, 0, 1, tzinfo=UTC)


def prepare(home: Path, weeks: list[Path]) -> Path:
    """A home with two weeks refitted and posted nowhere, and a third loaded."""
    initialise(home)
    (home / "segmentry.toml").write_text(CONFIG)
    for day, file in zip((14, 21), weeks, strict=False):
        services = open_home(home, Clock(datetime(2026, 9, day, 7, 1, tzinfo=UTC)))
        load(services, file)
        refit(services)
    load(open_home(home, Clock(SUNDAY)), weeks[2])
    return home


def kill_and_restart(prepared: Path, folder: Path, kills: int, seed: int = 6) -> list[bool]:
    """Kill the run that many times, each at a random instant of its length, and start it again.

    Whether each had ended before it was killed. Fails unless the channel holds one digest, with its
    details and its report once, and the owner heard of nothing.
    """
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.e2e.weekly"])
    instants = random.Random(seed)

    def start(home: Path, slack: Workspace) -> BaseProcess:
        process = processes.Process(
            target=wake_in_another_process, args=(str(home), MONDAY.timestamp(), slack.base_url)
        )
        process.start()
        return process

    def run(number: int, seconds: float | None) -> bool:
        home = shutil.copytree(prepared, folder / str(number), symlinks=True)
        with Workspace(MONDAY.timestamp) as slack:
            process = start(home, slack)
            if seconds is not None:
                time.sleep(seconds)
                process.kill()
            process.join()
            ended = process.exitcode == 0
            again = start(home, slack)
            again.join()
            assert again.exitcode == 0
            _one_digest(slack)
        shutil.rmtree(home)
        return ended

    run(-2, None)
    started = time.monotonic()
    run(-1, None)
    took = (time.monotonic() - started) * 0.8
    with ThreadPool(2) as two:
        return two.starmap(run, [(n, instants.uniform(0, took)) for n in range(kills)])


def _one_digest(slack: Workspace) -> None:
    (digest,) = slack.digests()
    assert "28 Sep 2026" in digest["text"]
    assert slack.told() == []
    posts = [m for m in slack.posts(CHANNEL) if "metadata" in m]
    keys = [m["metadata"]["event_payload"]["key"] for m in posts]
    assert len(keys) == len(set(keys))
    assert len(slack.reports()) == 1
