"""A small company on a Monday: its home, its clock, and the Slack its digest goes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_sdk import WebClient

from analytics.publish import publish
from bot import intake
from bot.app import Services, build_services
from bot.delivery import make_client
from bot.refitting import take_and_refit
from bot.service import run_weekly, tell_subscribers
from tests.slack.double import BOT_USER, Call, Failure, SharedFile, SlackDouble

CHANNEL, OWNER = "C9", "U9"
CONFIG = f"""
[schedule]
weekday = "monday"
time = "08:00"
timezone = "Europe/London"

[slack]
digest_channel = "{CHANNEL}"
owner = "{OWNER}"
"""


class Workspace(SlackDouble):
    """A Slack that keeps history, loses answers after taking a message, and closes channels."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.clock = clock
        self.lose_answers = 0
        self.closed: set[str] = set()

    def digests(self) -> list[dict[str, Any]]:
        """Digests in the channel itself, oldest first."""
        return [m for m in self.posts(CHANNEL) if not m.get("thread_ts")]

    def told(self) -> list[str]:
        """What the owner was told."""
        return [message["text"] for message in self.posts(OWNER)]

    def answer(self, method: str, params: dict[str, Any], token: str) -> Failure | dict[str, Any]:
        if params.get("channel") in self.closed:
            self.calls.append(Call(method, params, token))
            return Failure(error="not_in_channel")
        answer = super().answer(method, params, token)
        if method == "chat.postMessage" and self.lose_answers:
            self.lose_answers -= 1
            return Failure(reset=True)
        return answer

    def _chat_getPermalink(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"permalink": f"https://team.example/{params['channel']}/{params['message_ts']}"}

    def _files_completeUploadExternal(self, params: dict[str, Any]) -> dict[str, Any]:
        """A file comes as a message that holds it."""
        done = super()._files_completeUploadExternal(params)
        file = self.files[-1]
        message = {"user": BOT_USER, "channel": file.channel, "text": file.comment}
        self.messages[file.channel].append(
            {
                **message,
                "ts": self._now(),
                "thread_ts": file.thread_ts,
                "files": [{"name": file.name}],
            }
        )
        return done

    def reports(self) -> list[SharedFile]:
        """Reports sent."""
        return [file for file in self.files if file.name.endswith(".html")]

    def _now(self) -> str:
        return f"{int(self.clock())}.{next(self._clock):06d}"


@dataclass
class Clock:
    """A clock that stands where it is put."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def timestamp(self) -> float:
        return self.at.timestamp()


def open_home(home: Path, clock: Callable[[], datetime]) -> Services:
    return build_services(home, now=clock)


def load(services: Services, file: Path) -> None:
    intake.commit(services, intake.plan(services, file))


def refit(services: Services) -> dict[str, Any]:
    return take_and_refit(services, lambda _: None)


def wake(services: Services, slack_url: str) -> None:
    """What the clock does when it wakes, with the refit in this process."""
    run_weekly(services, client(slack_url), refit=lambda: refit(services))


def wake_subscribers(services: Services, slack_url: str) -> None:
    """What the clock does every five minutes."""
    tell_subscribers(services, client(slack_url))


def client(slack_url: str) -> WebClient:
    return make_client("xoxb-1", slack_url)


def wake_in_another_process(home: str, at: float, slack_url: str) -> None:
    """The same after a start: what a crash left is published first."""
    services = open_home(Path(home), lambda: datetime.fromtimestamp(at, UTC))
    publish(services.store)
    wake(services, slack_url)
