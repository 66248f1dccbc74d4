"""Channels and people with a moment of their own, on the real scheduler under a clock we hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics import digests, subscriptions
from analytics.subscriptions import Subscription
from bot.app import Services
from bot.subscriptions import telling
from bot.when import utc
from tests.e2e.scheduled import start
from tests.e2e.weekly import CHANNEL, Clock, Workspace, load, wake_subscribers

ANN, SALES = "UANN", "C7"
LONDON = ZoneInfo("Europe/London")
FIVE, DAY = timedelta(minutes=5), timedelta(days=1)


def subscribe(services: Services, target: str, **wanted: Any) -> Subscription:
    given = {"weekday": "monday", "time": "08:00", "timezone": "Europe/London"} | wanted
    return subscriptions.create(
        services.store,
        Subscription(target, **given),
        by="U1",
        now=utc(services.now()),
    )


def told(slack: Workspace, target: str) -> list[str]:
    """When each message was posted to a target itself, in London, and its first words."""
    place = f"D-{target}" if target.startswith("U") else target
    return [
        f"{datetime.fromtimestamp(float(m['ts']), LONDON):%a %d %b %H:%M}: {m['text'][:9]}"
        for m in slack.posts(place)
        if not m.get("thread_ts")
    ]


def test_each_is_told_once_at_its_own_moment(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    subscribe(services, ANN, weekday="tuesday", time="09:30", timezone="Asia/Tokyo")
    subscribe(services, SALES, time="08:10", segments=(1,))
    running = start(services, slack, clock)
    for monday, file in ((14, mondays[1]), (21, mondays[2])):
        for moment in (
            datetime(2026, 9, monday, 8, 9, tzinfo=LONDON),
            datetime(2026, 9, monday + 1, 1, 29, tzinfo=LONDON),  # 09:29 in Tokyo
        ):
            running.until(moment, DAY)
            running.until(moment + 3 * FIVE, FIVE)
        running.until(datetime(2026, 9, monday + 4, tzinfo=UTC), DAY)
        load(services, file)
    assert [line[:16] for line in told(slack, CHANNEL)] == ["Mon 14 Sep 08:00", "Mon 21 Sep 08:00"]
    # A wake-up comes within five minutes.
    assert [line[:15] for line in told(slack, ANN)] == ["Tue 15 Sep 01:3", "Tue 22 Sep 01:3"]
    assert [line[:15] for line in told(slack, SALES)] == ["Mon 14 Sep 08:1", "Mon 21 Sep 08:1"]
    news = [m["text"] for m in slack.posts(SALES) if not m.get("thread_ts")]
    assert all("segment 1" in text for text in news)


def test_what_begins_today_waits_for_its_next_moment(
    services: Services, slack: Workspace, clock: Clock
) -> None:
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 16, tzinfo=UTC))
    subscribe(services, ANN)
    running.until(datetime(2026, 9, 18, tzinfo=UTC))
    assert told(slack, ANN) == []


def test_quiet_weeks_are_not_told_and_then_summed_up(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    made = subscribe(services, ANN)
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 15, tzinfo=UTC), DAY)
    subscriptions.mute(services.store, made, date(2026, 9, 27), by=ANN, now=utc(clock.at))
    for monday, file in ((21, mondays[1]), (28, mondays[2])):
        load(services, file)
        running.until(datetime(2026, 9, monday + 1, tzinfo=UTC), DAY)
    assert [line[:10] for line in told(slack, ANN)] == ["Mon 14 Sep", "Mon 28 Sep"]
    assert any("Not told before, 21 Sep" in m["text"] for m in slack.posts(f"D-{ANN}"))


def test_an_alert_comes_only_beyond_its_threshold(
    services: Services, slack: Workspace, clock: Clock, mondays: list[Path]
) -> None:
    quiet = subscribe(services, ANN, segments=(1,), threshold=0.9)
    loud = subscribe(services, SALES, segments=(1, 2, 3), threshold=0.0001)
    running = start(services, slack, clock)
    load(services, mondays[1])
    running.until(datetime(2026, 9, 22, tzinfo=UTC), DAY)
    assert told(slack, ANN) == []
    (alert,) = [m for m in slack.posts(SALES) if not m.get("thread_ts")]
    assert alert["text"].startswith("Alert: segment ")
    for to, status in ((quiet, "skipped"), (loud, "posted")):
        posting = digests.posting(services.store, date(2026, 9, 21), to)
        assert posting
        assert posting.status == status


def test_one_that_fails_does_not_keep_the_others_and_the_owner_hears_of_it(
    services: Services, slack: Workspace, clock: Clock
) -> None:
    first = subscribe(services, SALES)
    subscribe(services, ANN)
    slack.closed.add(SALES)
    running = start(services, slack, clock)
    running.until(datetime(2026, 9, 15, tzinfo=UTC))
    assert len(told(slack, ANN)) == len(told(slack, CHANNEL)) == 1
    (line,) = slack.told()
    assert line.startswith(f"The digest for {SALES} failed: ")
    assert "Next try: within the hour" in line
    slack.closed.clear()
    running.until(datetime(2026, 9, 15, 3, tzinfo=UTC))
    assert len(told(slack, SALES)) == 1
    assert first.subscription_id


def test_a_channel_others_read_too_gets_nothing(
    services: Services, slack: Workspace, clock: Clock
) -> None:
    subscribe(services, SALES)
    slack.shared_channels.add(SALES)
    start(services, slack, clock).until(datetime(2026, 9, 15, tzinfo=UTC))
    assert slack.posts(SALES) == []
    assert "another company reads that channel too" in slack.told()[0]


def test_a_message_sent_and_not_recorded_is_found_in_direct_messages(
    services: Services, slack: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(services, ANN)
    clock.at = datetime(2026, 9, 14, 7, 5, tzinfo=UTC)
    record = telling.digests.record

    def dies(*arguments: object, **named: object) -> None:
        if named["status"] == "posted":
            raise SystemExit("killed between post and record")
        record(*arguments, **named)  # type: ignore[arg-type]

    for _ in range(2):  # after the channel, and after the person
        with monkeypatch.context() as patched:
            patched.setattr(telling.digests, "record", dies)
            with pytest.raises(SystemExit):
                wake_subscribers(services, slack.base_url)
    wake_subscribers(services, slack.base_url)
    assert len(told(slack, ANN)) == len(told(slack, CHANNEL)) == 1
