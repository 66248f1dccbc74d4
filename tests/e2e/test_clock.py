"""The real scheduler under a clock we hold: whatever the clock does, the right digests come out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services
from bot.settings import ScheduleSettings
from bot.when import last_run
from tests.e2e.scheduled import Running, start
from tests.e2e.weekly import Clock, Workspace, load

LONDON = ZoneInfo("Europe/London")


def told(slack: Workspace) -> list[str]:
    """When each digest was posted, in London, and the date it is about."""
    return [
        f"{datetime.fromtimestamp(float(m['ts']), LONDON):%a %d %b %H:%M}: "
        + m["metadata"]["event_payload"]["key"]
        for m in slack.digests()
    ]


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
