"""Bad input: one clear sentence with what, where and the next step, and nothing changes."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.e2e.conftest import Segmentry


def _duplicate_ids(good: list[str]) -> str:
    return "\n".join([*good, *(line.replace(",", ",9", 1) for line in good[1:400])]) + "\n"


def _text_in_numbers(good: list[str]) -> str:
    head, *rows = good
    spoilt = [row.split(",", 2) for row in rows]
    return "\n".join([head, *(f"{first},none at all,{rest}" for first, _, rest in spoilt)]) + "\n"


def _none_of_the_features(good: list[str]) -> str:
    ids = [line.split(",", 1)[0] for line in good]
    return "\n".join(["CUST_ID,COLOUR,SHOE", *(f"{one},blue,left" for one in ids[1:])]) + "\n"


SPOILERS: dict[str, tuple[Callable[[list[str]], str], int, str]] = {
    "html": (lambda _: "<!DOCTYPE html><html><body>Sign in</body></html>", 3, "web page"),
    "truncated": (lambda good: "\n".join(good)[: -len(good[-1]) // 2], 3, "cut|truncated|ends"),
    "duplicate ids": (_duplicate_ids, 3, "C1"),
    "text in a number column": (_text_in_numbers, 3, "none at all"),
    "empty": (lambda _: "", 3, "empty"),
    "header only": (lambda good: good[0] + "\n", 3, "no rows|header"),
    "none of the features": (_none_of_the_features, 3, "COLOUR"),
}


def state(home: Path) -> tuple[object, ...]:
    with duckdb.connect(str(home / "live.duckdb"), read_only=True) as live:
        return (
            live.execute("SELECT * FROM store.snapshots ORDER BY ALL").fetchall(),
            live.execute("SELECT count(*) FROM store.quarantine").fetchall(),
            live.execute("SELECT count(*), count(DISTINCT as_of) FROM store.features").fetchall(),
            (home / "current.duckdb").resolve().name,
        )


@pytest.fixture(scope="module")
def home(two_weeks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("bad") / "home"
    shutil.copytree(two_weeks, copy, symlinks=True)
    return copy


@pytest.mark.parametrize("spoilt", SPOILERS)
def test_a_spoilt_file_is_refused_and_changes_nothing(
    spoilt: str, home: Path, weeks: list[Path], tmp_path: Path, segmentry: Segmentry
) -> None:
    make, code, named = SPOILERS[spoilt]
    file = tmp_path / "cards_2026-12-07.csv"
    file.write_text(make(weeks[2].read_text().splitlines()))
    before = state(home)
    refused = segmentry(home, "load", str(file))
    assert refused.code == code, refused.err
    assert "Traceback" not in refused.err
    assert file.name in refused.err
    assert any(word in refused.err for word in named.split("|")), refused.err
    assert state(home) == before


def test_a_missing_file_is_named_with_what_to_do(home: Path, segmentry: Segmentry) -> None:
    before = state(home)
    refused = segmentry(home, "load", "nowhere/cards_2026-12-07.csv")
    assert refused.code == 1
    assert "cards_2026-12-07.csv" in refused.err
    assert "Traceback" not in refused.err
    assert state(home) == before


def test_a_wrong_kind_of_file_is_refused(home: Path, tmp_path: Path, segmentry: Segmentry) -> None:
    file = tmp_path / "cards_2026-12-07.csv"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    before = state(home)
    refused = segmentry(home, "load", str(file))
    assert refused.code == 3
    assert "PDF" in refused.err
    assert state(home) == before


def test_a_cut_gzip_is_refused(
    home: Path, weeks: list[Path], tmp_path: Path, segmentry: Segmentry
) -> None:
    file = tmp_path / "cards_2026-12-07.csv.gz"
    file.write_bytes(gzip.compress(weeks[2].read_bytes())[:-2000])
    before = state(home)
    refused = segmentry(home, "load", str(file))
    assert refused.code == 3
    assert "Traceback" not in refused.err
    assert state(home) == before


def test_a_setting_that_does_not_exist_names_the_nearest(
    home: Path, tmp_path: Path, segmentry: Segmentry
) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "segmentry.toml").write_text('[schedule]\nwekday = "monday"\n')
    refused = segmentry(folder, "refit")
    assert refused.code == 2
    assert 'unknown key "schedule.wekday"' in refused.err
    assert '"schedule.weekday"' in refused.err
