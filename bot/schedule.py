"""The clock wakes, the store decides: what is due is done once, whenever that is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger

from analytics.digests import finish_runs, forget_run, start_run, waiting, was_made
from analytics.errors import SegmentryError, WrongUsage
from analytics.publish import publish
from analytics.subscriptions import Subscription
from bot.app import Services
from bot.intake import new_files, set_aside
from bot.logs import log, unexpected
from bot.subscriptions import telling
from bot.when import last_run, next_run, utc

DAY_S = 24 * 3600
Refit = Callable[[], dict[str, Any]]
Tell = Callable[[Subscription], object]
TellOwner = Callable[[str, str], bool]


def refit_due(services: Services) -> bool:
    """Whether a snapshot waits and this week's run has not been made.

    True from the scheduled moment on until the run was made, so that downtime and late files are
    caught up; a snapshot loaded after this week's run waits for the next one.
    """
    held = waiting(services.store)
    if not held["snapshots"] and not _inbox_has_news(services):
        return False
    due_at = this_week(services)
    if held["judged_at"] is not None and held["judged_at"] >= due_at:
        return False
    return not was_made(services.store, due_at, now=utc(services.now()))


def this_week(services: Services) -> datetime:
    """The latest scheduled moment, as the store writes it."""
    return utc(last_run(services.settings.schedule, services.now()))


def _inbox_has_news(services: Services) -> bool:
    """Whether a file waits; two for one date are news too, so that the run says it."""
    try:
        return bool(new_files(services))
    except WrongUsage:
        return True


def weekly_run(services: Services, *, refit: Refit, tell: Tell, tell_owner: TellOwner) -> None:
    """Refit if due, then tell who is due; whatever fails is tried again at a later wake-up.

    ``tell_owner`` is given a word for what went wrong that stays the same from try to try, and the
    text; it says whether that is known now.
    """
    with _reported(services, "The weekly refit", "refit", tell_owner):
        if refit_due(services):
            log.info("weekly run: refitting")
            start_run(services.store, this_week(services), now=utc(services.now()))
            result = refit()
            if result["status"] == "unchanged":
                forget_run(services.store, this_week(services))
            _report_result(services, result, tell_owner)
    tell_due(services, tell, tell_owner)


def _report_result(services: Services, result: dict[str, Any], tell_owner: TellOwner) -> None:
    log.info("weekly run: %s as of %s", result["status"], result["as_of"])
    for refused in result.get("inbox_refused", []):
        text = (
            f"{refused['file']} in the inbox was refused and left out. {refused['why']} "
            "Put a corrected file in its place, or remove it; newer files are taken all the same."
        )
        if tell_owner(f"inbox {refused}", text):
            set_aside(services, refused["file"])
    if result["status"] == "refused":
        said = " ".join(event["text"] for event in result["events"])
        tell_owner(
            f"refused {result['as_of']}",
            f"The data of {result['as_of']} was refused and nothing changed. {said} "
            "Load a corrected file; the bot goes on answering from the last good week.",
        )


def tell_due(services: Services, tell: Tell, tell_owner: TellOwner) -> None:
    """Tell everyone whose moment came of the last week; nobody while a newer one is to come."""
    with _reported(services, "The weekly digest", "digest", tell_owner):
        if refit_due(services):
            return
        held = waiting(services.store)
        due = telling.due(services, held)
        if not due and not held["unfinished"]:
            return
        if any(to.subscription_id == 0 for to in due):
            start_run(services.store, this_week(services), now=utc(services.now()))
        publish(services.store)
        for to in due:
            what = f"The digest for {to.target}" if to.subscription_id else "The weekly digest"
            trouble = f"digest {to.subscription_id}"
            with _reported(services, what, trouble, tell_owner):
                tell(to)
        finish_runs(services.store, now=utc(services.now()))
        publish(services.store)


@contextmanager
def _reported(services: Services, what: str, trouble: str, tell_owner: TellOwner) -> Iterator[None]:
    """Log a failure and tell the owner of it, with the reason and the next try."""
    try:
        yield
    except SegmentryError as error:
        log.error("%s failed: %s", what, error)
        tell_owner(trouble, f"{what} failed: {error} Next try: {_next_try(services)}.")
    except Exception as error:
        token = unexpected(error, what)
        tell_owner(
            trouble,
            f"{what} failed for a reason I do not know; the log has it under [{token}]. "
            f"Next try: {_next_try(services)}.",
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


def start_clock(
    services: Services,
    run: Callable[[], None],
    tell: Callable[[], None],
    scheduler: BaseScheduler | None = None,
) -> BaseScheduler:
    """Wake for the weekly run at its moment, once an hour for what came late, and once now; and
    every five minutes for those with a moment of their own.

    A late wake-up counts for a day; several missed ones count as one; two never run at a time.
    """
    schedule = services.settings.schedule
    scheduler = scheduler or BackgroundScheduler()
    scheduler.configure(
        timezone=schedule.zone,
        job_defaults={"misfire_grace_time": DAY_S, "coalesce": True, "max_instances": 1},
    )
    hour, minute = schedule.time.split(":")
    weekly = CronTrigger(
        day_of_week=schedule.weekday[:3], hour=hour, minute=minute, timezone=schedule.zone
    )
    scheduler.add_job(run, weekly, id="weekly")
    scheduler.add_job(run, "interval", hours=1, id="late", next_run_time=services.now())
    scheduler.add_job(tell, CronTrigger(minute="*/5", timezone="UTC"), id="subscribers")
    scheduler.start()
    return scheduler
