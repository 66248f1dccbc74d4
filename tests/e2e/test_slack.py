"""The service as an operator runs it, against a Slack at the wire."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from bot.slack.http import PATH
from tests.e2e.conftest import Segmentry, command, environment
from tests.slack.double import SlackDouble


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        yield double
    assert double.problems == []


@pytest.fixture
def home(two_weeks: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(two_weeks, home, symlinks=True)
    with (home / "segmentry.toml").open("a") as file:
        file.write('\n[slack]\ndigest_channel = "C9"\nowner = "U9"\n')
    text = (home / "segmentry.toml").read_text()
    (home / "segmentry.toml").write_text(text.replace("[slack]\n# digest", "# digest", 1))
    return home


@contextmanager
def running(home: Path, slack: SlackDouble, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The service; it ends in order when the test is done, and in any case with it."""
    process = subprocess.Popen(
        command(home, "run", *options),
        env=environment(
            SLACK_BOT_TOKEN="xoxb-1",
            SLACK_APP_TOKEN="xapp-1",
            SLACK_SIGNING_SECRET="s",
            SLACK_API_URL=slack.base_url,
        ),
        stderr=subprocess.PIPE if options else subprocess.DEVNULL,
        text=True,
    )
    connected = slack.connections
    try:
        if not options:
            slack.wait_for(lambda: slack.connections > connected, timeout=60)
        yield process
        process.terminate()
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def service(home: Path, slack: SlackDouble) -> Iterator[subprocess.Popen[str]]:
    with running(home, slack) as process:
        yield process


def answers(slack: SlackDouble, channel: str) -> list[dict[str, object]]:
    return slack.posts(channel)


def digests(slack: SlackDouble) -> list[dict[str, object]]:
    """Digests in the channel itself, without what stands in their threads."""
    return [post for post in slack.posts("C9") if not post.get("thread_ts")]


def test_a_mention_is_answered_once_in_its_thread_and_dms_too(
    service: subprocess.Popen[str], slack: SlackDouble
) -> None:
    ts = slack.mention("<@UBOT> profile of segment 2")
    (post,) = slack.wait_for(lambda: slack.posts("C1"), timeout=30)
    assert post["thread_ts"] == ts
    assert post["text"].startswith("Segment 2 (")
    slack.message("how big is segment 1?")
    slack.wait_for(lambda: slack.posts("D1"), timeout=30)
    slack.settle()
    assert len(slack.posts("C1")) == 1
    assert len(slack.posts("D1")) == 1


def test_files_and_the_digests_settings_reach_the_one_who_asked(
    service: subprocess.Popen[bytes], slack: SlackDouble
) -> None:
    slack.mention("which segments do we have?", user="U9")
    (post,) = slack.wait_for(lambda: slack.posts("C1"), timeout=30)
    slack.click(post, "export", user="U9")
    (file,) = slack.wait_for(lambda: slack.files, timeout=30)
    assert (file.channel, file.thread_ts) == ("C1", post["thread_ts"])
    assert file.content.decode("utf-8-sig").startswith("Segment,Customers,Share (%)")

    asked = slack.message("export segment 1", user="U9")
    slack.wait_for(lambda: slack.posts("D1"), timeout=30)
    slack.message("yes", user="U9", thread_ts=asked)
    _, customers = slack.wait_for(lambda: len(slack.files) == 2 and slack.files, timeout=30)
    assert customers.channel == "D-U9"
    assert customers.content.decode("utf-8-sig").startswith("customer_id,segment_id,segment,as_of")

    slack.command("digest", user="U9")
    (opened,) = slack.wait_for(lambda: slack.called("views.open"), timeout=30)
    slack.submit(
        opened["view"],
        user="U9",
        sending={"selected_option": {"value": "send"}},
        weekday={"selected_option": {"value": "friday"}},
        time={"selected_time": "16:30"},
        segments={"selected_options": [{"value": "1"}]},
    )
    (told,) = slack.wait_for(lambda: slack.posts("U9"), timeout=30)
    assert "Done: you get the weekly news of segment 1" in told["text"]
    slack.open_home(user="U9")
    (home,) = slack.wait_for(lambda: slack.called("views.publish"), timeout=30)
    assert "Fridays at 16:30" in str(home["view"])


def test_over_http_the_same_question_gets_the_same_answer(home: Path, slack: SlackDouble) -> None:
    with running(home, slack, "--http", "--port", "0") as process:
        assert process.stderr
        line = next(line for line in process.stderr if "listening on port" in line)
        port = line.split("port ")[1].split(",")[0]
        slack.deliver_to(f"http://127.0.0.1:{port}{PATH}", "s")
        ts = slack.mention("profile of segment 2")
        (post,) = slack.wait_for(lambda: slack.posts("C1"), timeout=30)
    assert post["thread_ts"] == ts
    assert post["text"].startswith("Segment 2 (")
    trail = [json.loads(line) for line in (home / "logs" / "audit.jsonl").read_text().splitlines()]
    assert [(line["user"], line["intent"], line["status"]) for line in trail] == [
        ("U1", "segment_profile", "answered")
    ]


def test_a_thread_goes_on_after_a_restart_with_what_was_said(
    home: Path, slack: SlackDouble
) -> None:
    ts = ""
    for number, question in enumerate(("how big is segment 2?", "and segment 3?"), 1):
        with running(home, slack):
            if ts:
                slack.message(question, channel="C1", thread_ts=ts)
            else:
                ts = slack.mention(question)
            slack.wait_for(lambda count=number: len(slack.posts("C1")) == count, timeout=30)
    payload = slack.posts("C1")[1]["metadata"]["event_payload"]
    assert (payload["intent"], payload["slots"]["segments"]) == ("segment_size", [3])


def test_from_another_terminal_everything_works_while_the_service_runs(
    service: subprocess.Popen[str],
    slack: SlackDouble,
    home: Path,
    weeks: list[Path],
    segmentry: Segmentry,
) -> None:
    assert segmentry(home, "load", str(weeks[2])).code == 0
    refitted = segmentry(home, "refit", "--json")
    assert refitted.code == 0
    as_of = refitted.json()["as_of"]
    rows = segmentry(home, "sql", "SELECT max(as_of) AS d FROM segments", "--format", "json").json()
    assert rows == [{"d": as_of}]
    with duckdb.connect(str(home / "current.duckdb"), read_only=True) as notebook:
        assert str(notebook.execute("SELECT max(as_of) FROM segments").fetchall()[0][0]) == as_of
    slack.mention("<@UBOT> how many segments do we have?")
    (post,) = slack.wait_for(lambda: slack.posts("C1"), timeout=30)
    day = int(as_of[-2:])
    assert f"{day} " in post["text"]


def test_the_weekly_run_posts_the_digest_once_and_a_restart_does_not_repeat_it(
    home: Path, slack: SlackDouble, weeks: list[Path], segmentry: Segmentry
) -> None:
    with duckdb.connect(str(home / "live.duckdb")) as live:
        live.execute("UPDATE store.refits SET judged_at = judged_at - INTERVAL 8 DAY")
    assert segmentry(home, "load", str(weeks[2])).code == 0
    for _ in range(2):
        with running(home, slack):
            slack.wait_for(lambda: len(digests(slack)) == 1, timeout=90)
            slack.settle(1)
    assert len(digests(slack)) == 1
