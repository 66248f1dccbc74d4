"""The Slack surface against an independent double, npm's `local-slack`: socket and signed HTTP."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "local-slack-linux-x64"
VERSION = "0.1.8"
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.npm


def skip(reason: str) -> None:
    """Loudly, and in CI not at all: there, npm is part of the job."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def binary(request: pytest.FixtureRequest) -> Path:
    """The double, fetched once into pytest's cache."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip(f"{PACKAGE} runs on 64-bit Linux only: Slack was NOT tested independently")
    if shutil.which("npm") is None:
        skip("npm is missing: the bot was NOT tested against an independent Slack double")
    assert request.config.cache
    folder = request.config.cache.mkdir("local-slack")
    found = folder / "node_modules" / PACKAGE / "bin" / "local-slack"
    if not found.exists():
        fetched = subprocess.run(
            [
                "npm",
                "install",
                "--loglevel=error",
                "--no-save",
                "--prefix",
                folder,
                f"{PACKAGE}@{VERSION}",
            ],
            capture_output=True,
            text=True,
        )
        if fetched.returncode != 0:
            skip(f"npm could not fetch {PACKAGE}; NO independent test of Slack: {fetched.stderr}")
    return found


@pytest.fixture(scope="module", params=["socket", "events"])
def seen(
    request: pytest.FixtureRequest, binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What a channel, a direct message and the double's log held after one session."""
    folder = tmp_path_factory.mktemp("local-slack")
    session = [sys.executable, "-m", "tests.slack.local_slack_session"]
    session += [str(binary), str(folder), request.param]
    # The double listens on every interface; a namespace of its own keeps it off the network.
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        alone = []
    done = subprocess.run(
        [*alone, *session], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_mention_thread_follow_up_and_button_are_answered_once_each_in_the_thread(
    seen: dict[str, Any],
) -> None:
    texts = [message for message in seen["channel"] if not message.get("files")]
    assert [(message["thread_ts"], message["text"]) for message in texts] == [
        (seen["asked"], "You asked: segment 2?"),
        (seen["asked"], "You asked: and 3?"),
        (seen["asked"], "You asked: compare 1 and 2"),
    ]


def test_an_export_is_a_file_in_the_thread(seen: dict[str, Any]) -> None:
    (file,) = seen["files"]
    assert (file["name"], file["filetype"], file["size"]) == ("overview-5-oct.csv", "csv", 54)
    (share,) = file["shares"]["public"]["C01"]
    assert share["thread_ts"] == seen["asked"]


def test_a_direct_message_is_answered_under_it(seen: dict[str, Any]) -> None:
    answer, _ = seen["direct"]
    assert (answer["thread_ts"], answer["text"]) == (seen["direct_asked"], "You asked: how many?")


def test_what_was_filled_into_a_window_is_answered_in_a_direct_message(
    seen: dict[str, Any],
) -> None:
    assert seen["direct"][1]["text"] == "3 rows of SELECT 1"


def test_a_slash_command_is_answered_to_its_author_only(seen: dict[str, Any]) -> None:
    (note,) = seen["whispered"]
    assert (note["ephemeral_to"], note["text"]) == ("U01", "You asked: how many?")


def test_who_opens_the_bots_page_gets_it(seen: dict[str, Any]) -> None:
    (page,) = seen["pages"]
    assert page["user_id"] == "U01"
    kinds = [block["type"] for block in page["view"]["blocks"]]
    assert {"header", "data_visualization", "data_table", "actions"} <= set(kinds)


def test_answers_arrive_with_everything_drawn_by_slack(seen: dict[str, Any]) -> None:
    texts = [message for message in seen["channel"] if not message.get("files")]
    for message in [*texts, seen["direct"][0]]:
        assert [block["type"] for block in message["blocks"]] == [
            "section", "data_visualization", "data_table", "context", "actions", "context_actions",
        ]  # fmt: skip


def test_the_double_refused_no_call_it_knows(seen: dict[str, Any]) -> None:
    assert seen["refused"] == []
