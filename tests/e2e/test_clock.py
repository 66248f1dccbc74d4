"""The real scheduler under a clock we hold: whatever the clock does, the right digests come out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler

from analytics.synth import SynthPlan, write
from bot.app import Services
from bot.commands.setup import initialise
from bot.schedule import start_clock
from bot.settings import ScheduleSettings
from bot.when import last_run
from tests.e2e.weekly import (
    CONFIG,
    Clock,
    Workspace,
    load,
    open_home,
    refit,
    wake,
    wake_subscribers,
)

LONDON = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)
APSCHEDULER = ("schedulers.base", "executors.base", "triggers.interval")


class Stepped(BaseScheduler):
    """APScheduler with its jobs, triggers and rules for late ones, woken by hand."""

    def wakeup(self) -> None:
        """Nothing sleeps here."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def _create_default_executor(self) -> DebugExecutor:
        return DebugExecutor()

    def step(self) -> None:
        self._process_jobs()


class Running:
    """A service whose scheduler runs on a clock of ours, from start to stop."""

    def __init__(
        self, services: Services, clock: Clock, run: Any, tell: Any = lambda: None
    ) -> None:
        self.clock = clock
        self.scheduler = Stepped()
        start_clock(services, run, tell, self.scheduler)
        self.scheduler.step()

    def until(self, end: datetime, every: timedelta = timedelta(hours=6)) -> None:
        """Let the time pass in steps, the weekly moments among them."""
        while self.clock.at < end:
            moment = self.scheduler.get_job("weekly").next_run_time
            self.clock.at = min(end, self.clock.at + every, max(moment, self.clock.at + SECOND))
            self.scheduler.step()

    def stop(self) -> None:
        self.scheduler.shutdown()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, also as APScheduler reads it."""
    clock = Clock(datetime(2026, 9, 14, 6, tzinfo=UTC))

    class Shown(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.at.astimezone(tz)

    for module in APSCHEDULER:
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


def told(slack: Workspace) -> list[str]:
    """When each digest was posted, in London, and the date it is about."""
    return [
        f"{datetime.fromtimestamp(float(m['ts']), LONDON):%a %d %b %H:%M}: "
        + m["metadata"]["event_payload"]["key"]
        for m in slack.digests()
    ]


def start(services: Services, slack: Workspace, clock: Clock) -> Running:
    return Running(
        services,
        clock,
        lambda: wake(services, slack.base_url),
        lambda: wake_subscribers(services, slack.base_url),
    )


def test_weeks_come_out_on_mondays_at_eight(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 20, tzinfo=UTC))
    load(services, mondays[1])
    running.until(datetime(2026, 9, 28, 12, tzinfo=UTC))
    assert told(slack) == [
        "Mon 14 Sep 08:00: digest 2026-09-14",
        "Mon 21 Sep 08:00: digest 2026-09-21",
    ]


def test_down_for_an_hour_over_the_moment_the_digest_comes_at_the_start(
    services: Services, slack: Workspace, clock: Clock
) -> None:
    running = start(services, slack, clock)
    running.stop()
    clock.at = datetime(2026, 9, 14, 7, 30, tzinfo=UTC)
    assert told(slack) == []
    start(services, slack, clock).until(datetime(2026, 9, 15, tzinfo=UTC))
    assert told(slack) == ["Mon 14 Sep 08:30: digest 2026-09-14"]


def test_down_for_nine_days_one_digest_comes_and_sums_up_the_week_nobody_saw(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 19, tzinfo=UTC))
    running.stop()
    load(services, mondays[1])
    load(services, mondays[2])
    clock.at = datetime(2026, 9, 28, 12, tzinfo=UTC)
    start(services, slack, clock).until(datetime(2026, 9, 30, tzinfo=UTC))
    assert told(slack) == [
        "Mon 14 Sep 08:00: digest 2026-09-14",
        "Mon 28 Sep 13:00: digest 2026-09-28",
    ]
    (line,) = [line for line in slack.digests()[1]["text"].splitlines() if "Not told" in line]
    assert line.startswith("• Not told before, 21 Sep: ")


@pytest.mark.parametrize("change", ["spring", "autumn"])
@pytest.mark.parametrize("time", ["08:00", "01:30", "02:30"])
def test_summer_time_neither_skips_nor_repeats_a_week(
    services: Services, slack: Workspace, clock: Clock, change: str, time: str
) -> None:
    sunday = datetime(2027, 3, 28) if change == "spring" else datetime(2026, 10, 25)
    schedule = ScheduleSettings(weekday="sunday", time=time, timezone="Europe/London")
    settings = services.settings.model_copy(update={"schedule": schedule})
    woken: list[datetime] = []
    clock.at = (sunday - timedelta(days=8)).replace(hour=12, tzinfo=LONDON).astimezone(UTC)
    running = Running(
        Services(**{**vars(services), "settings": settings}),
        clock,
        lambda: woken.append(clock.at.astimezone(LONDON)),
    )
    running.scheduler.remove_job("late")
    woken.clear()
    running.until(clock.at + timedelta(days=16), timedelta(hours=5))
    # 01:30 comes twice in autumn and not at all in spring; a run is due once all the same.
    assert len({last_run(schedule, moment) for moment in woken}) == 3
    assert {moment.date() - sunday.date() for moment in woken} == {
        timedelta(-7), timedelta(0), timedelta(7)
    }  # fmt: skip
    assert {moment.strftime("%H:%M") for moment in (woken[0], woken[-1])} == {time}


def test_a_clock_that_jumps_forth_and_back_repeats_nothing_and_loses_no_week(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 14, 12, tzinfo=UTC))
    clock.at += timedelta(days=20)
    running.scheduler.step()
    clock.at -= timedelta(days=20)
    running.stop()
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 20, tzinfo=UTC))
    load(services, mondays[1])
    running.until(datetime(2026, 9, 22, tzinfo=UTC))
    assert told(slack) == [
        "Mon 14 Sep 08:00: digest 2026-09-14",
        "Mon 21 Sep 08:00: digest 2026-09-21",
    ]
