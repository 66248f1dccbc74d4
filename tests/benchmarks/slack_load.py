"""The service under a crowd: `python -m tests.benchmarks.slack_load [--customers N] [--home DIR]`.

With `--during-refit`, the same crowd asks before a weekly refit and while one runs.

The real service in its own process, Slack's double in this one, 50 people in 20 threads. Events
come doubled and shuffled, 5 % of Web API calls fail, and in a second round the socket is killed 20
times. Seconds include the double's own work, which shares the processors with the service.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from analytics.synthetic.panel import SynthPlan, weeks
from bot import intake, refitting
from bot.app import build_services
from bot.commands.setup import initialise
from bot.schedule import refit_in_own_process
from tests.benchmarks.__main__ import NOW, QUESTIONS, make_home
from tests.e2e.conftest import command, environment
from tests.slack.crowd import Crowd
from tests.slack.double import SlackDouble


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Resident memory now."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(
    slack: SlackDouble, process: subprocess.Popen[bytes], crowd: Crowd, questions: int, kills: int
) -> dict[str, object]:
    """One round: what was asked, how it was answered, how long that took."""
    over = threading.Event()
    memory: list[float] = []

    def watch() -> None:
        while not over.wait(1.0):
            memory.append(memory_mb(process))

    killed = 0

    def kill() -> None:
        nonlocal killed
        while killed < kills and not over.wait(1.5):
            killed += bool(slack.cut_sockets())

    helpers = [threading.Thread(target=watch), threading.Thread(target=kill)]
    connections, started = slack.connections, time.monotonic()
    for helper in helpers:
        helper.start()
    crowd.run(questions)
    seconds = time.monotonic() - started
    over.set()
    for helper in helpers:
        helper.join()
    slack.settle(1.0)
    p50, p95, p99 = np.percentile(crowd.latencies, [50, 95, 99]).round(3)
    third = max(1, len(memory) // 3)
    return {
        "questions": sum(crowd.asked.values()),
        "per_second": round(questions / seconds, 1),
        "lost": crowd.lost,
        "problems": crowd.problems(),
        "p50_s": float(p50),
        "p95_s": float(p95),
        "p99_s": float(p99),
        "killed": killed,
        "reconnections": slack.connections - connections,
        "memory_mb": [round(float(np.mean(memory[a:][:third])), 1) for a in (0, -third)],
        "calls": len(slack.calls),
    }


def crowded(
    slack: SlackDouble, process: subprocess.Popen[bytes], count: int, think_s: float
) -> None:
    """A round in which calls fail and one in which sockets are killed, a line each."""
    for failing, kills, questions in ((0.05, 0, count), (0.0, 20, 600)):
        slack.failing_share = failing
        crowd = Crowd(slack, QUESTIONS, think_s=think_s)
        found = measure(slack, process, crowd, questions, kills)
        print(json.dumps({"failing": failing, "kills": kills, **found}), flush=True)


def home_with_a_week_waiting(folder: Path, customers: int) -> Path:
    """A home with one published week, and the next one loaded."""
    home = folder / "home"
    initialise(home)
    services = build_services(home, now=lambda: NOW)
    file = folder / "cards.csv"
    for number, (day, frame) in enumerate(weeks(SynthPlan(customers=customers, weeks=2))):
        frame.to_csv(file, index=False)
        intake.commit(services, intake.plan(services, file, as_of=day))
        if number == 0:
            refitting.run_refit(services, progress=lambda _: None)
    return home


def before_and_during_a_refit(slack: SlackDouble, home: Path, crowd: Crowd, count: int) -> None:
    """Two rounds with one line each; the second lasts as long as the refit does."""
    services = build_services(home, now=lambda: NOW)
    crowd.run(count)
    before = list(crowd.latencies)
    crowd.latencies.clear()
    ended: list[float] = []
    during: list[float] = []
    result: dict[str, object] = {}

    def refit() -> None:
        started = time.monotonic()
        result.update(refit_in_own_process(services))
        ended.append(time.monotonic() - started)
        during.extend(crowd.latencies)

    running = threading.Thread(target=refit)
    running.start()
    while running.is_alive():
        crowd.run(crowd.threads + 4 * crowd.users)
    running.join()
    slack.settle(1.0)
    medians = [float(np.median(times)) for times in (before, during)]
    print(
        json.dumps(
            {
                "refit": result.get("refit"),
                "refit_s": round(ended[0], 1) if ended else None,
                "questions": [len(before), len(during)],
                "median_s": [round(median, 3) for median in medians],
                "p95_s": [round(float(np.percentile(times, 95)), 3) for times in (before, during)],
                "slower": round(medians[1] / medians[0], 2),
                "problems": crowd.problems(),
            }
        ),
        flush=True,
    )


def main() -> None:
    """Measure and print one JSON line a round."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=100_000)
    options.add_argument("--questions", type=int, default=1_000)
    options.add_argument("--think", type=float, default=2.0, help="mean seconds between questions")
    options.add_argument("--during-refit", action="store_true")
    options.add_argument("--home", type=Path, help="a home of an earlier run, kept")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.home or Path(temporary) / "home"
        if not home.exists() and given.during_refit:
            home = home_with_a_week_waiting(home.parent, given.customers)
        elif not home.exists():
            made = make_home(home.parent, given.customers)[0].settings.home
            if made != home:
                made.rename(home)
        with SlackDouble() as slack:
            tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
            service = subprocess.Popen(
                command(home, "run"),
                env=environment(SLACK_API_URL=slack.base_url, **tokens),
                stderr=subprocess.DEVNULL,
            )
            try:
                slack.wait_for(lambda: slack.connections, timeout=60)
                if given.during_refit:
                    crowd = Crowd(slack, QUESTIONS, think_s=given.think)
                    before_and_during_a_refit(slack, home, crowd, given.questions)
                else:
                    crowded(slack, service, given.questions, given.think)
                service.terminate()
                service.wait(30)
            finally:
                service.kill()


if __name__ == "__main__":
    main()
