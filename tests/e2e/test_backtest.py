"""Thresholds tried on stored weeks, held refits released, earlier fits restored."""

import json
import shutil
from pathlib import Path

import pytest

from analytics.synthetic.panel import SynthPlan, write
from tests.e2e.conftest import Segmentry


@pytest.fixture(scope="module")
def twelve_weeks(tmp_path_factory: pytest.TempPathFactory, segmentry: Segmentry) -> Path:
    """A home with twelve weeks judged, and the changes the made-up customers go through."""
    folder = tmp_path_factory.mktemp("twelve")
    write(SynthPlan(customers=900, weeks=12), folder / "files")
    home = folder / "home"
    done = segmentry(home, "replay", str(folder / "files"), "--segments", "5", "--json")
    assert done.code == 0, done.err
    return home


def recorded(home: Path, segmentry: Segmentry) -> list[tuple[str, str, str]]:
    """Date, kind and text of every alarm that was given."""
    query = "select as_of, kind, text from drift_events where verdict = 'alarm' order by all"
    rows = segmentry(home, "sql", query, "--format", "json").json()
    return [(row["as_of"], row["kind"], row["text"]) for row in rows]


def test_the_thresholds_in_force_give_the_alarms_that_were_given(
    twelve_weeks: Path, segmentry: Segmentry
) -> None:
    before = (twelve_weeks / "live.duckdb").read_bytes()
    done = segmentry(twelve_weeks, "backtest", "--min-effect", "0.02,0.5", "--json")
    assert done.code == 0, done.err
    result = done.json()
    told = sorted(
        (week["as_of"], event["kind"], event["text"])
        for week in result["weeks"]
        for event in week["alarms"][0]
    )
    assert told == recorded(twelve_weeks, segmentry) != []
    assert (twelve_weeks / "live.duckdb").read_bytes() == before


def test_a_smaller_effect_expects_more_false_alarms_and_a_larger_one_alarms_less(
    twelve_weeks: Path, segmentry: Segmentry
) -> None:
    result = segmentry(twelve_weeks, "backtest", "--min-effect", "0.02,0.5", "--json").json()
    current, eager, patient = result["thresholds"]
    assert [t["in_force"] for t in (current, eager, patient)] == [True, False, False]
    assert [t["feature_effect"] for t in (eager, patient)] == [0.02, 0.5]
    assert patient["size_effect"] == pytest.approx(current["size_effect"] * 0.5 / 0.055)
    expected = [t["false_alarms_per_year"] for t in (eager, current, patient)]
    assert expected == sorted(expected, reverse=True)
    assert patient["alarm_weeks"] < current["alarm_weeks"] <= eager["alarm_weeks"]
    assert [week["judged"] for week in result["weeks"]] == 6 * [False] + 5 * [True]


def test_the_table_names_the_weeks_and_who_alarms(twelve_weeks: Path, segmentry: Segmentry) -> None:
    done = segmentry(twelve_weeks, "backtest", "--min-effect", "0.5")
    assert done.code == 0
    assert "11 weeks replayed" in done.out
    assert "A, in force" in done.out
    assert "feature, CASH_ADVANCE, segment 5: A" in done.out


@pytest.mark.parametrize("effects", ["abc", "0.05,-1", "0"])
def test_effects_that_are_no_numbers_are_wrong_usage(
    effects: str, twelve_weeks: Path, segmentry: Segmentry
) -> None:
    done = segmentry(twelve_weeks, "backtest", "--min-effect", effects)
    assert done.code == 2
    assert effects in done.err


def test_one_week_is_no_history(tmp_path: Path, weeks: list[Path], segmentry: Segmentry) -> None:
    home = tmp_path / "home"
    segmentry(home, "load", str(weeks[0]))
    segmentry(home, "refit", "--segments", "4")
    done = segmentry(home, "backtest")
    assert done.code == 1
    assert "no history to replay" in done.err


def test_the_result_says_which_thresholds_were_in_force(
    tmp_path: Path, twelve_weeks: Path, segmentry: Segmentry
) -> None:
    home = tmp_path / "home"
    shutil.copytree(twelve_weeks, home, symlinks=True)
    (home / "segmentry.toml").write_text("[drift]\nfeature_effect = 0.07\n")
    result = segmentry(home, "refit", "--seed", "3", "--json").json()
    assert result["thresholds"]["feature_effect"] == 0.07
    assert result["thresholds"]["alarm_z"] == 4.5


def test_a_held_refit_is_released_and_an_earlier_fit_restored_with_the_same_ids(
    tmp_path: Path, two_weeks: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    home = tmp_path / "home"
    shutil.copytree(two_weeks, home, symlinks=True)
    config = home / "segmentry.toml"
    held = "[drift]\nclear_gain = 1e-9\nmax_moved = 1e-9\n"
    config.write_text(held)
    segmentry(home, "load", str(weeks[2]))
    waiting = segmentry(home, "refit", "--json").json()
    assert (waiting["refit"], waiting["fit_id"]) == ("held", 1)
    assert "waits for your yes" in waiting["why"]
    released = segmentry(home, "refit", "--accept", "--json").json()
    assert released["refit"] == "promoted"
    assert released["fit_id"] > 1
    assert "held refit was accepted" in released["why"]
    back = segmentry(home, "refit", "--restore", "1", "--json").json()
    assert back["refit"] == "promoted"
    assert back["why"].startswith(f"The fit of {weeks[0].stem[-10:]} was restored")
    size = {s["id"]: (s["name"], s["customers"]) for s in waiting["segments"]}
    assert {s["id"]: (s["name"], s["customers"]) for s in back["segments"]} == size
    unknown = segmentry(home, "refit", "--restore", "99")
    assert unknown.code == 1
    assert "no fit 99" in unknown.err


def test_a_fit_with_other_segments_brings_back_the_retired(
    tmp_path: Path, two_weeks: Path, segmentry: Segmentry
) -> None:
    home = tmp_path / "home"
    shutil.copytree(two_weeks, home, symlinks=True)
    segments = "select segment_id, status from segments order by 1"
    first = segmentry(home, "sql", segments, "--format", "json").json()
    fewer = segmentry(home, "refit", "--segments", "3", "--json").json()
    kept = {s["id"] for s in fewer["segments"] if s["status"] == "active"}
    assert kept < {s["segment_id"] for s in first}
    segmentry(home, "refit", "--restore", "1")
    assert segmentry(home, "sql", segments, "--format", "json").json() == first
    assert json.dumps(first).count("active") == len(first)
