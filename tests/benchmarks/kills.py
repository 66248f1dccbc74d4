"""The Monday run killed at thirty instants: `python -m tests.benchmarks.kills [--kills 30]`."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from analytics.synthetic.panel import SynthPlan, write
from tests.e2e.kills import kill_and_restart, prepare


def main() -> None:
    """Kill, start again, and say how many had not ended; fails at the first wrong channel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        files = write(SynthPlan(customers=400, weeks=3), folder / "files")
        weeks = sorted(file for file in files if file.name.startswith("cards_"))
        ended = kill_and_restart(prepare(folder / "home", weeks), folder, kills)
    print(json.dumps({"kills": kills, "before_the_end": ended.count(False), "digests_each": 1}))


if __name__ == "__main__":
    main()
