"""The command line as outside programs rely on it: shapes, exit codes, data on stdout only."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import Segmentry

REFIT_KEYS = {
    "as_of", "fit_id", "status", "refit", "customers", "entered", "left", "segments_count",
    "inertia", "silhouette", "min_jaccard", "segments", "events", "movement", "transitions",
    "elapsed_s",
}  # fmt: skip
VIEWS = {
    "customers": {"customer_id", "first_seen", "last_seen"},
    "features": {"as_of", "customer_id", "balance", "purchases", "credit_limit", "tenure"},
    "feature_history": {"as_of", "customer_id", "balance"},
    "segments": {
        "segment_id", "name", "description", "status", "born_as_of", "retired_as_of", "customers",
        "share", "as_of",
    },
    "current_segments": {
        "customer_id", "segment_id", "segment_name", "as_of", "distance", "margin", "borderline",
    },
    "segment_history": {"as_of", "customer_id", "segment_id"},
    "segment_sizes": {"as_of", "segment_id", "customers", "share"},
    "segment_profiles": {
        "as_of", "segment_id", "feature", "mean", "median", "p10", "p25", "p75", "p90",
        "zero_share", "sum", "share_of_total", "index_vs_all",
    },
    "transitions": {
        "from_as_of", "as_of", "from_segment_id", "to_segment_id", "cause", "customers",
    },
    "drift_events": {"as_of", "kind", "verdict"},
    "fits": {"fit_id", "as_of"},
    "digests": {"as_of", "channel"},
    "feature_catalogue": {"name", "unit", "kind", "transform"},
}  # fmt: skip


@pytest.fixture
def home(two_weeks: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(two_weeks, copy, symlinks=True)
    return copy


def test_refit_prints_its_whole_result_and_repeating_it_changes_nothing(
    home: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    segmentry(home, "load", str(weeks[2]))
    done = segmentry(home, "refit", "--json")
    result = done.json()
    assert done.code == 0
    assert result.keys() >= REFIT_KEYS
    assert (result["status"], result["refit"]) == ("published", "kept")
    assert result["customers"] == sum(segment["customers"] for segment in result["segments"])
    moved = result["movement"]
    assert moved["total"] == moved["behaviour"] + moved["model"] + moved["population"]
    assert moved["total"] == sum(flow["customers"] for flow in result["transitions"])
    assert moved["population"] == result["entered"] + result["left"]
    again = segmentry(home, "refit", "--json")
    assert again.code == 0
    assert again.json() == result | {"status": "unchanged"}


def test_loading_the_same_file_again_changes_nothing(
    home: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    first = segmentry(home, "load", str(weeks[2]), "--json")
    assert first.json()["status"] == "loaded"
    assert segmentry(home, "load", str(weeks[2]), "--json").json()["status"] == "unchanged"


def test_a_dry_run_says_everything_and_changes_nothing(
    home: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    dry = segmentry(home, "load", str(weeks[2]), "--dry-run", "--json")
    assert dry.json()["status"] == "dry_run"
    assert segmentry(home, "refit", "--json").json()["as_of"] == "2026-09-21"


def test_replay_prints_one_line_per_snapshot_and_goes_on_after_a_refused_one(
    tmp_path: Path, weeks: list[Path], segmentry: Segmentry
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    names = ["week_000.csv", "week_001.csv", "week_002.csv"]
    for name, file in zip(names, weeks, strict=True):
        shutil.copy(file, folder / name)
    (folder / "week_001.csv").write_text("<html></html>")
    dates = ["2026-01-05", "2026-01-12", "2026-01-19"]
    (folder / "manifest.json").write_text(json.dumps({"dates": dates}))
    done = segmentry(tmp_path / "home", "replay", str(folder), "--segments", "6", "--json")
    assert done.code == 0, done.err
    results = [json.loads(line) for line in done.out.splitlines()]
    assert [(r["as_of"], r["status"]) for r in results] == [
        ("2026-01-05", "published"),
        ("2026-01-12", "refused"),
        ("2026-01-19", "published"),
    ]
    assert all(result.keys() >= REFIT_KEYS for result in results)
    assert results[0]["segments_count"] == 6
    assert results[1]["events"][0]["kind"] == "data_quality"


def test_questions_from_stdin_are_answered_in_order_and_a_blank_line_forgets(
    home: Path, segmentry: Segmentry
) -> None:
    asked = "how big is segment 2?\nand segment 3?\n\nand segment 3?\n"
    done = segmentry(home, "ask", "--json", "-", stdin=asked)
    first, second, fresh = [json.loads(line) for line in done.out.splitlines()]
    assert (first["intent"], first["slots"]) == ("segment_size", {"segments": [2]})
    assert (second["intent"], second["slots"]) == ("segment_size", {"segments": [3]})
    assert fresh["intent"] != "segment_size" or fresh["status"] == "clarify"
    assert {"question", "status", "text", "data", "blocks", "sql", "as_of", "fit_id",
            "elapsed_ms"} <= first.keys()  # fmt: skip


def test_the_query_behind_an_answer_can_be_asked_for(segmentry: Segmentry, home: Path) -> None:
    asked = "how many in segment 2 have a balance over 1000\nshow me the query\nand in segment 3?\n"
    done = segmentry(home, "ask", "--json", "-", stdin=asked)
    first, query, third = [json.loads(line) for line in done.out.splitlines()]
    assert query["intent"] == "sql"
    assert query["sql"] == first["sql"]
    assert first["sql"][0] in query["text"]
    assert third["slots"]["filter"] == first["slots"]["filter"]
    assert third["slots"]["segments"] == [3]


def test_the_query_behind_rows_is_their_own_and_behind_no_numbers_is_none(
    segmentry: Segmentry, home: Path
) -> None:
    asked = (
        "sql select 40 + 2 as n\nshow me the query\n\nprofile of segment 99\nshow me the query\n"
    )
    done = segmentry(home, "ask", "--json", "-", stdin=asked)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert answers[1]["sql"] == ["select 40 + 2 as n"]
    assert "select 40 + 2 as n" in answers[1]["text"]
    assert "There is no segment 99" in answers[2]["text"]
    assert answers[3]["sql"] == []
    assert answers[3]["text"] == "There is no statement behind that answer."


def test_the_sql_of_an_answer_reruns_to_its_numbers(home: Path, segmentry: Segmentry) -> None:
    answer = segmentry(home, "ask", "--json", "how big is segment 2?").json()
    rerun = [segmentry(home, "sql", query, "--format", "json") for query in answer["sql"]]
    assert all(done.code == 0 for done in rerun), [done.err for done in rerun]
    numbers = [row.get("customers") for done in rerun for row in done.json()]
    (size,) = answer["data"]["segments"]
    assert size["customers"] in numbers


@pytest.mark.parametrize("view", VIEWS)
def test_every_promised_view_has_its_columns(view: str, home: Path, segmentry: Segmentry) -> None:
    rows = segmentry(home, "sql", f"DESCRIBE {view}", "--format", "json").json()
    assert {row["column_name"] for row in rows} >= VIEWS[view]


def test_a_new_name_is_used_and_the_old_one_stays_understood(
    home: Path, segmentry: Segmentry
) -> None:
    old = segmentry(home, "ask", "--json", "how big is segment 2?").json()
    renamed = segmentry(home, "rename", "2", "Cash Crunchers")
    assert renamed.code == 0
    new = segmentry(home, "ask", "--json", "how big are the cash crunchers?").json()
    assert "Cash Crunchers" in new["text"]
    assert new["slots"]["segments"] == old["slots"]["segments"] == [2]
    taken = segmentry(home, "rename", "3", "cash crunchers")
    assert taken.code == 2
    assert "segment 2" in taken.err


def test_doctor_finds_a_healthy_home_healthy(home: Path, segmentry: Segmentry) -> None:
    done = segmentry(home, "doctor", "--json")
    assert done.code == 0
    assert {finding["check"] for finding in done.json()} >= {
        "packages", "config", "store", "published", "schedule", "slack",
    }  # fmt: skip


def test_run_without_tokens_says_which_are_missing(home: Path, segmentry: Segmentry) -> None:
    done = segmentry(home, "run")
    assert done.code == 2
    assert "SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in done.err


def test_refit_before_any_load_names_the_next_step(tmp_path: Path, segmentry: Segmentry) -> None:
    assert segmentry(tmp_path / "home", "init").code == 0
    done = segmentry(tmp_path / "home", "refit")
    assert done.code == 1
    assert "segmentry load" in done.err


def test_an_unknown_table_in_sql_names_the_nearest(home: Path, segmentry: Segmentry) -> None:
    done = segmentry(home, "sql", "SELECT * FROM segmnets")
    assert done.code == 1
    assert "segments" in done.err
