"""Many people asking at once, their events doubled and shuffled, and a count of what came back."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.slack.double import BOT_USER, SlackDouble


@dataclass
class Crowd:
    """People who each ask, wait for the answer in their thread, think, and ask again.

    Attributes
    ----------
    questions : what is asked, each of which has one answer.
    think_s : mean of the exponential pause between an answer and the next question.
    """

    slack: SlackDouble
    questions: Sequence[str]
    channels: int = 5
    threads: int = 20
    users: int = 50
    think_s: float = 1.0
    patience_s: float = 60.0
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._roots: list[tuple[str, str]] = []

    def run(self, questions: int) -> None:
        """Opens the threads with a mention each, then everybody asks until all is asked."""
        for number in range(self.threads):
            root = self._ask(random.Random(number), f"C{number % self.channels}", "U0", None)
            self._roots.append(root)
        remaining = iter(range(questions - self.threads))
        people = [
            threading.Thread(target=self._person, args=(n, remaining)) for n in range(self.users)
        ]
        for person in people:
            person.start()
        for person in people:
            person.join()

    def problems(self) -> list[str]:
        """Questions lost, answered twice, or answered elsewhere; [] when every one was answered."""
        came = Counter(
            (str(post["channel"]), str(post.get("thread_ts")), _about(post))
            for post in self.slack.posts()
            if (post["channel"], post.get("thread_ts")) in self._roots
        )
        missing, extra = self.asked - came, came - self.asked
        return [f"missing {key}" for key in missing] + [f"too many {key}" for key in extra]

    def _person(self, number: int, remaining: Any) -> None:
        chance = random.Random(1_000 + number)
        while True:
            time.sleep(chance.expovariate(1 / self.think_s) if self.think_s else 0)
            with self._lock:
                if next(remaining, None) is None:
                    return
            channel, root = chance.choice(self._roots)
            self._ask(chance, channel, f"U{number}", root)

    def _ask(
        self, chance: random.Random, channel: str, user: str, root: str | None
    ) -> tuple[str, str]:
        question = chance.choice(self.questions)
        mentions = root is None or chance.random() < 0.5
        text = f"<@{BOT_USER}> {question}" if mentions else question
        where = {"thread_ts": root} if root else {}
        message = self.slack.written(text, channel=channel, user=user, **where)
        key = (channel, str(root or message["ts"]), f"{message['ts']} 0")
        with self._lock:
            self.asked[key] += 1
        events = [(f"Ev{message['ts']}m", message)] * 2
        if mentions:
            events += [(f"Ev{message['ts']}", {**message, "type": "app_mention"})] * 2
        chance.shuffle(events)
        started = time.monotonic()
        for event_id, event in events:
            self.slack.send_event(event, event_id=event_id)
        self._wait(key, started, question)
        return channel, message["ts"]

    def _wait(self, key: tuple[str, str, str], started: float, question: str) -> None:
        while time.monotonic() - started < self.patience_s:
            for post in reversed(self.slack.posts(key[0])):
                if _about(post) == key[2]:
                    self.latencies.append(self.slack.arrived[post["ts"]] - started)
                    return
            time.sleep(0.02)
        self.lost.append(question)


def _about(post: dict[str, Any]) -> str:
    """Which message it answers."""
    payload = (post.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key"))
