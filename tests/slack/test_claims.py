"""Claims: once, whoever asks, however often it restarts."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.claims import Claims


def test_a_key_is_claimed_once_also_after_a_restart(tmp_path: Path) -> None:
    assert Claims(tmp_path).claim("Ev1")
    assert not Claims(tmp_path).claim("Ev1")
    assert Claims(tmp_path).holds("Ev1")
    assert Claims(tmp_path).claim("Ev2")


def test_all_keys_of_one_claim_must_be_new(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    assert claims.claim("message C1 1", "event A")
    assert not claims.claim("message C1 1", "event B")  # the same message in another event
    assert not claims.claim("message C1 2", "event A")  # the same event with another message


def test_somebody_wins_when_several_claim_the_same_keys_at_once(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            keys = (f"message {number}", f"event {number}")
            assert sum(pool.map(lambda keys: claims.claim(*keys), [keys] * 8)) == 1


def test_one_of_many_threads_wins(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda number: claims.claim(f"Ev{number % 20}"), range(400)))
    assert sum(won) == 20


def _claim_all(folder: Path, keys: list[str]) -> int:
    claims = Claims(folder)
    return sum(claims.claim(key) for key in keys)


def test_one_of_several_processes_wins(tmp_path: Path) -> None:
    keys = [f"Ev{number}" for number in range(300)]
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        won = pool.starmap(_claim_all, [(tmp_path, keys)] * 3)
    assert sum(won) == 300


def test_keys_are_forgotten_after_their_time_unless_refreshed(tmp_path: Path) -> None:
    claims = Claims(tmp_path, keep_days=2)
    claims.claim("old")
    claims.claim("kept")
    for path in tmp_path.iterdir():
        os.utime(path, (time.time() - 3 * 86_400,) * 2)
    claims.refresh("kept")
    reopened = Claims(tmp_path, keep_days=2)
    assert not reopened.holds("old")
    assert reopened.holds("kept")


def test_any_text_is_a_key(tmp_path: Path) -> None:
    claims = Claims(tmp_path)
    for key in ("../../etc/passwd", "a/b\x00c", "x" * 5_000, "\ud800"):
        assert claims.claim(key)
        assert not claims.claim(key)
