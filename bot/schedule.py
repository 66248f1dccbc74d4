"""The clock wakes, the store decides: what is due is done once, whenever that is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from analytics.digests import waiting
from analytics.errors import SegmentryError
from bot.app import Services
from bot.logs import log, unexpected
from bot.replay import dated_files
from bot.when import last_run, next_run, utc

DAY_S = 24 * 3600
Tell = Callable[[str], None]
Post = Callable[[], None]


def refit_due(services: Services) -> bool:
    """Whether a snapshot waits and this week's run has not been made.

    True from the scheduled moment on until the run was made, so that downtime and late files are
    caught up; a snapshot loaded after this week's run waits for the next one.
    """
    held = waiting(services.store)
    if not held["snapshots"] and not _inbox_has_news(services, held["newest"]):
        return False
    this_week = utc(last_run(services.settings.schedule, services.now()))
    return held["judged_at"] is None or held["judged_at"] < this_week


def digest_due(services: Services) -> bool:
    """Whether the published segments were there at the scheduled moment."""
    published_at = waiting(services.store)["published_at"]
    this_week = utc(last_run(services.settings.schedule, services.now()))
    return published_at is not None and published_at <= this_week


def _inbox_has_news(services: Services, newest: Any) -> bool:
    inbox = services.settings.load.inbox
    if inbox is None:
        return False
    try:
        return any(newest is None or day > newest for day, _ in dated_files(inbox))
    except SegmentryError:
        return False


def weekly_run(services: Services, *, post: Post, tell_owner: Tell) -> None:
    """Refit if due, then post the digest; failures go to the log and to the owner."""
    try:
        refitted = refit_due(services)
        if refitted:
            log.info("weekly run: refitting")
            result = refit_in_own_process(services)
            log.info("weekly run: %s as of %s", result["status"], result["as_of"])
            if result["status"] == "refused":
                said = " ".join(event["text"] for event in result["events"])
                tell_owner(
                    f"The data of {result['as_of']} was refused and nothing changed. {said} "
                    "Load a corrected file; the bot goes on answering from the last good week."
                )
                return
        if refitted or digest_due(services):
            post()
    except SegmentryError as error:
        log.error("weekly run failed: %s", error)
        tell_owner(f"The weekly run failed: {error} Next try: {_next_try(services)}.")
    except Exception as error:
        token = unexpected(error, "the weekly run")
        tell_owner(
            f"The weekly run failed for a reason I do not know; the log has it under [{token}]. "
            f"Next try: {_next_try(services)}."
        )


def _next_try(services: Services) -> str:
    at = next_run(services.settings.schedule, services.now())
    return f"within the hour, and {at:%A %d %B at %H:%M} ({services.settings.schedule.timezone})"


def refit_in_own_process(services: Services) -> dict[str, Any]:
    """Take the inbox and refit in another process, so that answers stay quick.

    Its progress goes to the log. Raises SegmentryError with its last words when it fails.
    """
    command = [sys.executable, "-m", "bot.cli", "--home", str(services.settings.home), "weekly"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line.rstrip())
            log.info("weekly run: %s", line.rstrip())
        output = process.stdout.read()
    if process.returncode != 0:
        raise SegmentryError(" ".join(said[-3:]) or f"It ended with code {process.returncode}.")
    result: dict[str, Any] = json.loads(output)
    return result


def start_clock(services: Services, run: Callable[[], None]) -> BackgroundScheduler:
    """Wake at the scheduled moment, once an hour for what came late, and once now.

    A late wake-up counts for a day; several missed ones count as one; two never run at a time.
    """
    schedule = services.settings.schedule
    scheduler = BackgroundScheduler(
        timezone=schedule.zone,
        job_defaults={"misfire_grace_time": DAY_S, "coalesce": True, "max_instances": 1},
    )
    hour, minute = schedule.time.split(":")
    weekly = CronTrigger(
        day_of_week=schedule.weekday[:3], hour=hour, minute=minute, timezone=schedule.zone
    )
    scheduler.add_job(run, weekly, id="weekly")
    scheduler.add_job(run, "interval", hours=1, id="late", next_run_time=services.now())
    scheduler.start()
    return scheduler
