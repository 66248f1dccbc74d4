"""APScheduler as the service uses it, on a clock of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler

from bot.app import Services
from bot.schedule import start_clock
from tests.e2e.weekly import Clock, Workspace, wake, wake_subscribers

SECOND = timedelta(seconds=1)
# Where APScheduler reads the time.
MODULES = ("schedulers.base", "executors.base", "triggers.interval")


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

    def until(self, end: datetime, every: timedelta = timedelta(hours=12)) -> None:
        """Let the time pass in steps, the weekly moments among them."""
        while self.clock.at < end:
            moment = self.scheduler.get_job("weekly").next_run_time
            self.clock.at = min(end, self.clock.at + every, max(moment, self.clock.at + SECOND))
            self.scheduler.step()

    def stop(self) -> None:
        self.scheduler.shutdown()


def start(services: Services, slack: Workspace, clock: Clock) -> Running:
    return Running(
        services,
        clock,
        lambda: wake(services, slack.base_url),
        lambda: wake_subscribers(services, slack.base_url),
    )
