"""When the weekly run is due, by the configured weekday, time and zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import get_args

from bot.settings import ScheduleSettings, Weekday

_DAYS = get_args(Weekday)


def _on(schedule: ScheduleSettings, moment: datetime, weeks: int) -> datetime:
    local = moment.astimezone(schedule.zone)
    days = _DAYS.index(schedule.weekday) - local.weekday() + 7 * weeks
    at = time.fromisoformat(schedule.time)
    return datetime.combine(local.date() + timedelta(days=days), at, tzinfo=schedule.zone)


def last_run(schedule: ScheduleSettings, now: datetime) -> datetime:
    """The latest scheduled moment that is not after ``now`` (aware), in UTC."""
    moments = (_on(schedule, now, weeks).astimezone(UTC) for weeks in (0, -1))
    return max(moment for moment in moments if moment <= now)


def next_run(schedule: ScheduleSettings, now: datetime) -> datetime:
    """The first scheduled moment after ``now`` (aware), in the schedule's zone."""
    moments = (_on(schedule, now, weeks) for weeks in (0, 1))
    return min(moment for moment in moments if moment.astimezone(UTC) > now)


def in_words(schedule: ScheduleSettings) -> str:
    """``Mondays at 08:00 (Europe/London)``"""
    return f"{schedule.weekday.capitalize()}s at {schedule.time} ({schedule.timezone})"


def utc(moment: datetime) -> datetime:
    """An aware moment as the store writes it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)
