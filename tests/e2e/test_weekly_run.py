"""The Monday run: whatever is interrupted or broken, the channel ends with one digest a week."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import SegmentryError
from analytics.synthetic.panel import SynthPlan, write
from bot.schedule import refit_due
from bot.service import run_weekly
from bot.subscriptions import subscribers, telling
from tests.e2e.kills import MONDAY, SUNDAY, kill_and_restart, prepare
from tests.e2e.weekly import (
    CHANNEL,
    Clock,
    Workspace,
    client,
    load,
    open_home,
    refit,
    wake,
)
from tests.slack.double import Failure

# `python -m tests.benchmarks.kills` does it thirty times.
KILLS = 6


@pytest.fixture(scope="session")
def small_weeks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("small")
    plan = SynthPlan(customers=400, weeks=5)
    return sorted(file for file in write(plan, folder) if file.name.startswith("cards_"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, small_weeks: list[Path]) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared") / "home", small_weeks)


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    return shutil.copytree(prepared, tmp_path / "home", symlinks=True)


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def slack(clock: Clock) -> Iterator[Workspace]:
    with Workspace(clock.timestamp) as double:
        yield double
    assert double.problems == []


def test_a_refit_by_hand_is_told_at_the_moment_and_not_before(
    home: Path, slack: Workspace, clock: Clock
) -> None:
    services = open_home(home, clock)
    clock.at = SUNDAY
    refit(services)
    wake(services, slack.base_url)
    assert slack.digests() == []
    clock.at = MONDAY
    wake(services, slack.base_url)
    assert ["28 Sep 2026" in m["text"] for m in slack.digests()] == [True]


def test_the_digest_is_posted_once_with_its_details_below_it(
    home: Path, slack: Workspace, clock: Clock
) -> None:
    services = open_home(home, clock)
    for _ in range(3):
        wake(services, slack.base_url)
    (posted,) = slack.digests()
    assert "28 Sep 2026" in posted["text"]
    assert posted["metadata"]["event_payload"]["key"] == "digest 2026-09-28"
    assert {m["thread_ts"] for m in slack.posts(CHANNEL) if m is not posted} <= {posted["ts"]}
    copy = services.published.latest()
    held = copy.rows("digest/week", as_of=None)[0]
    assert held["as_of"].isoformat() == "2026-09-28"
    assert copy.rows("last_digest")[0]["channel"] == CHANNEL
    assert slack.told() == []


def test_an_answer_lost_after_slack_took_the_message_is_not_sent_again(
    home: Path, slack: Workspace, clock: Clock
) -> None:
    slack.lose_answers = 2
    wake(open_home(home, clock), slack.base_url)
    assert len(slack.digests()) == 1
    assert len(slack.called("chat.postMessage")) == len(
        [m for m in slack.posts() if "files" not in m]
    )


def test_slack_answering_500_after_taking_the_message_is_not_asked_again(
    home: Path, slack: Workspace, clock: Clock
) -> None:
    slack.fail("chat.postMessage", Failure(status=500))
    wake(open_home(home, clock), slack.base_url)
    assert len(slack.digests()) == 1


def test_a_digest_that_was_sent_and_not_recorded_is_found_in_a_busy_channel(
    home: Path, slack: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = open_home(home, clock)
    record = telling.digests.record

    def dies(*arguments: object, **named: object) -> None:
        if named["status"] == "posted":
            raise SystemExit("killed between post and record")
        record(*arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(telling.digests, "record", dies)
        with pytest.raises(SystemExit):
            wake(services, slack.base_url)
    for number in range(450):
        slack.written(f"chatter {number}", channel=CHANNEL, user="U1")
    wake(open_home(home, clock), slack.base_url)
    assert len(slack.digests()) == 1


def test_a_bot_that_was_not_invited_tells_the_owner_once_and_posts_when_it_is(
    home: Path, slack: Workspace, clock: Clock
) -> None:
    slack.closed.add(CHANNEL)
    services = open_home(home, clock)
    for _ in range(3):
        wake(services, slack.base_url)
    (told,) = slack.told()
    assert "not_in_channel" in told
    assert "Next try: within the hour, and Monday 05 October at 08:00 (Europe/London)" in told
    assert slack.digests() == []
    slack.closed.clear()
    wake(services, slack.base_url)
    wake(services, slack.base_url)
    assert len(slack.digests()) == 1


def test_slack_being_away_leaves_the_digest_for_the_next_wake_up(
    home: Path, slack: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.posting._RETRIES", 0)
    services = open_home(home, clock)
    slack.stop()
    wake(services, slack.base_url)
    assert services.published.latest().as_of.isoformat() == "2026-09-28"
    slack.start()
    wake(services, slack.base_url)
    assert len(slack.digests()) == 1


def test_two_posters_at_once_post_one_digest(home: Path, slack: Workspace, clock: Clock) -> None:
    services = open_home(home, clock)
    refit(services)
    results: list[bool] = []
    to = subscribers.configured(services)
    assert to
    posters = [
        threading.Thread(
            target=lambda: results.append(telling.tell(services, client(slack.base_url), to))
        )
        for _ in range(4)
    ]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    assert sorted(results) == [False, False, False, True]
    assert len(slack.digests()) == 1


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (SegmentryError("The disk is full.", "Free some space."), "The disk is full. Free some"),
        (ZeroDivisionError("division by zero"), "for a reason I do not know; the log has it under"),
    ],
)
def test_a_refit_that_fails_is_told_to_the_owner_once_and_made_up_for(
    home: Path, slack: Workspace, clock: Clock, failure: Exception, said: str
) -> None:
    services = open_home(home, clock)

    def fails() -> dict[str, Any]:
        raise failure

    for _ in range(3):
        run_weekly(services, client(slack.base_url), refit=fails)
    (told,) = slack.told()
    assert told.startswith("The weekly refit failed")
    assert said in told
    assert "Next try: within the hour, and Monday 05 October at 08:00 (Europe/London)." in told
    assert slack.digests() == []
    wake(services, slack.base_url)
    assert ["28 Sep 2026" in m["text"] for m in slack.digests()] == [True]


def test_a_refused_week_is_said_in_the_channel_and_to_the_owner(
    home: Path, slack: Workspace, clock: Clock, small_weeks: list[Path], tmp_path: Path
) -> None:
    stale = tmp_path / small_weeks[3].name
    shutil.copyfile(small_weeks[2], stale)
    services = open_home(home, clock)
    wake(services, slack.base_url)
    load(services, stale)
    clock.at = datetime(2026, 10, 5, 7, 0, 1, tzinfo=UTC)
    for _ in range(2):
        wake(services, slack.base_url)
    _, refused = slack.digests()
    assert refused["text"].startswith("No new numbers: the data of 5 Oct 2026 was refused. ")
    (told,) = slack.told()
    assert told.startswith("The data of 2026-10-05 was refused and nothing changed.")


def test_a_bad_file_in_the_inbox_keeps_no_good_one_and_the_owner_hears_of_it_once(
    home: Path, slack: Workspace, clock: Clock, small_weeks: list[Path], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    bad = inbox / small_weeks[3].name
    bad.write_text("CUST_ID,PURCHASES\n1,not a number\n2,nor this\n")
    shutil.copyfile(small_weeks[4], inbox / small_weeks[4].name)
    with (home / "segmentry.toml").open("a") as file:
        file.write(f'[load]\ninbox = "{inbox}"\n')
    services = open_home(home, clock)
    clock.at = datetime(2026, 10, 12, 7, 0, 1, tzinfo=UTC)
    for _ in range(3):
        wake(services, slack.base_url)
        clock.at += timedelta(days=3)
    assert "12 Oct 2026" in slack.digests()[-1]["text"]
    (told,) = slack.told()
    assert told.startswith(f"{bad.name} in the inbox was refused and left out. ")
    bad.unlink()


def test_an_inbox_with_nothing_but_a_bad_file_keeps_nobody_waiting(
    home: Path, slack: Workspace, clock: Clock, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with (home / "segmentry.toml").open("a") as file:
        file.write(f'[load]\ninbox = "{inbox}"\n')
    services = open_home(home, clock)
    wake(services, slack.base_url)
    bad = inbox / "cards_2026-10-05.csv"
    bad.write_text("nothing\n")
    clock.at = datetime(2026, 10, 5, 7, 0, 1, tzinfo=UTC)
    for _ in range(2):
        wake(services, slack.base_url)
    assert not refit_due(services)
    assert len(slack.told()) == 1
    bad.write_text("another, but no better\n")
    assert refit_due(services)


def test_each_digest_points_to_the_one_before(
    home: Path, slack: Workspace, clock: Clock, small_weeks: list[Path]
) -> None:
    services = open_home(home, clock)
    wake(services, slack.base_url)
    load(services, small_weeks[3])
    clock.at = datetime(2026, 10, 5, 7, 0, 1, tzinfo=UTC)
    wake(services, slack.base_url)
    first, second = slack.digests()
    (link,) = [m for m in slack.posts(CHANNEL) if "digest before" in m["text"]]
    assert link["thread_ts"] == second["ts"]
    assert first["ts"] in link["text"]


def test_killed_at_any_instant_the_channel_ends_with_one_digest(
    prepared: Path, tmp_path: Path
) -> None:
    ended = kill_and_restart(prepared, tmp_path, KILLS)
    assert not all(ended), "nothing was killed in time"
