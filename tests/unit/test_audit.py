"""The audit trail: whole lines, in order, for its owner only."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.audit import Audit

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def test_lines_of_many_at_once_stay_whole(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "audit.jsonl"
    audit = Audit(file, lambda: NOON)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: audit.record(f"U{n}", "C1", question="ü" * n), range(200)))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert sorted(len(line["question"]) for line in lines) == list(range(200))
    assert {line["at"] for line in lines} == {"2026-10-05T12:00:00.000+00:00"}
    assert file.stat().st_mode & 0o077 == 0


def test_a_new_process_adds_to_what_is_there(tmp_path: Path) -> None:
    for user in ("U1", "U2"):
        Audit(tmp_path / "audit.jsonl", lambda: NOON).record(user, "", feedback="right\nno")
    users = [json.loads(line)["user"] for line in (tmp_path / "audit.jsonl").open()]
    assert users == ["U1", "U2"]
