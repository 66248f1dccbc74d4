"""What alarms, what does not, and whether the alarm names what happened."""

import re
from datetime import date

import numpy as np
import pytest

from analytics.model import Feature, Snapshot
from analytics.weekly.step import WeeklySettings, Wishes, step
from tests.unit.small_panel import KINDS, Base, Story, alarms, newcomers, replay

FROM = 10  # week in which things happen


def in_kind(kind: int, column: int, factor: float):
    def change(week: int, base: Base, values):
        if week >= FROM:
            values[base.kind == kind, column] *= factor
            return base.ids, values
        return None

    return change


def segment_of(results, kind: int) -> int:
    """The id the customers of a kind had before anything happened."""
    before = results[FROM - 1]
    sizes = {1: 300, 2: 200, 3: 150}
    wanted = (300, 200, 150)[kind]
    segment = next(s for s, size in sizes.items() if size == wanted)
    assert abs((before.segment_ids == segment).sum() - wanted) < 20
    return segment


@pytest.mark.parametrize("seed", range(3))
def test_nothing_happens_nothing_alarms(seed):
    results = replay(Story(weeks=20, seed=seed))
    assert alarms(results) == []
    assert {r.refit for r in results[1:]} == {"kept"}


@pytest.mark.parametrize(("kind", "column", "factor"), [(0, 0, 1.3), (1, 2, 0.75), (2, 1, 1.3)])
def test_a_jump_of_one_feature_in_one_segment_is_named_at_once(kind, column, factor):
    results = replay(Story(change=in_kind(kind, column, factor)))
    (week, event), *later = alarms(results)
    assert (week, event.kind) == (FROM, "feature")
    assert event.segment == segment_of(results, kind)
    assert event.feature == ("SPEND", "DEBT", "CASH")[column]
    assert event.effect == pytest.approx(factor - 1, abs=0.04)
    assert later == []


def test_the_sentence_says_what_where_how_much_and_for_how_many():
    results = replay(Story(change=in_kind(0, 0, 1.3)))
    text = alarms(results)[0][1].text
    assert re.fullmatch(
        r"Spend of segment 1 rose (27|28|29|30|31) % against its own last \d+ weeks "
        r"\(usual range ±\d+ %\); 300 customers\.",
        text,
    )


def test_before_there_is_enough_history_drift_is_not_judged_and_this_is_said():
    results = replay(Story(weeks=12, change=in_kind(0, 0, 1.3)), WeeklySettings(min_weeks=30))
    assert alarms(results) == []
    assert "Not enough history yet to judge drift: 12 of 30 weeks" in results[-1].why


def test_a_slow_change_is_not_learnt_as_usual():
    def creep(week: int, base: Base, values):
        values[base.kind == 1, 1] *= 1.01 ** max(week - FROM, 0)
        return base.ids, values

    found = alarms(replay(Story(weeks=24, change=creep)))
    assert [(e.kind, e.segment, e.feature) for _, e in found[:1]] == [("feature", 2, "DEBT")]


def test_prices_are_told_from_one_segment_changing():
    def prices(week: int, base: Base, values):
        values[:, :4] *= 1.12 if week >= FROM else 1.0
        return base.ids, values

    found = alarms(replay(Story(change=prices)))
    assert {e.kind for _, e in found} == {"global"}
    assert found[0][1].effect == pytest.approx(0.12, abs=0.03)
    assert found[0][1].segment is None


def test_the_end_of_the_year_is_said_to_be_seasonal_and_does_not_alarm():
    def christmas(week: int, base: Base, values):
        lift = 1 + 0.3 * np.exp(-0.5 * ((week - 14) / 2) ** 2)
        values[:, [0, 4]] *= lift
        return base.ids, values

    results = replay(Story(weeks=20, change=christmas, start=date(2025, 9, 15)))
    watched = [e for r in results for e in r.events]
    assert {(e.kind, e.verdict) for e in watched} == {("global", "watch")}
    assert all("seasonal" in e.text for e in watched)


def test_skewed_noise_does_not_make_levels_creep():
    """Small amounts now and then drag means down and leave middles where they are."""

    def skewed(week: int, base: Base, values):
        small = np.random.default_rng(week).random(len(values)) < 0.08
        values[small, 2] *= 0.05
        return base.ids, values

    last = replay(Story(weeks=26, change=skewed))[-1].state.panel.weeks
    early, late = (
        np.mean([w.level[:, 2] for w in last[a:b]], axis=0) for a, b in ((8, 12), (21, 25))
    )
    assert np.abs(late - early).max() < 0.15


def test_what_never_changes_but_for_a_few_is_not_splitting():
    def steady(week: int, base: Base, values):
        moved = np.random.default_rng(week).random(len(values)) < 0.06
        values[:, 4] = np.round(base.level[:, 4]) * np.where(moved, 2.0, 1.0)
        values[:, 5] = np.where(moved, 1 - base.level[:, 5], base.level[:, 5]).clip(0, 1)
        return base.ids, values

    assert alarms(replay(Story(weeks=26, change=steady))) == []


def test_a_jump_for_everyone_is_no_season():
    def jump(week: int, base: Base, values):
        values[:, 2] *= 1.4 if week >= FROM else 1.0
        return base.ids, values

    found = alarms(replay(Story(change=jump)))
    assert [(w, e.kind, e.feature) for w, e in found] == [(FROM, "global", "CASH")]


def test_customers_moving_over_are_a_transition_not_a_change_of_behaviour():
    def move(week: int, base: Base, rng):
        if week in (FROM, FROM + 1):
            rows = rng.choice(np.flatnonzero(base.kind == 1), 14, replace=False)
            base.kind[rows] = 0
            base.level[rows] = newcomers(base.kind[rows], rng)

    results = replay(Story(grow=move))
    found = alarms(results)
    assert {(e.kind, e.segment, e.other_segment) for _, e in found} == {("transition", 2, 1)}
    assert found[0][0] <= FROM + 1


def arrive(week: int, base: Base, rng, kinds, many: int) -> None:
    base.ids += [f"N{week:02d}{i:04d}" for i in range(many)]
    kind = rng.choice(kinds, many)
    base.kind = np.concatenate([base.kind, kind])
    base.level = np.vstack([base.level, newcomers(kind, rng)])


def test_customers_joining_from_outside_change_a_size():
    def join(week: int, base: Base, rng):
        arrive(week, base, rng, [0, 1, 2], 3)
        if week in (FROM, FROM + 1):
            arrive(100 + week, base, rng, [2], 20)

    found = alarms(replay(Story(grow=join)))
    assert {(e.kind, e.segment) for _, e in found} == {("size", 3)}
    assert found[0][1].effect > 0


def test_a_birth_becomes_a_segment_of_its_own():
    stranger = np.array([2000.0, 5.0, 900.0, 100.0, 1.0, 0.0])

    def born(week: int, base: Base, rng):
        if FROM <= week < FROM + 4:
            first = len(base.kind)
            arrive(week, base, rng, [0], 20)
            base.level[first:] *= stranger / KINDS[0]

    results = replay(Story(weeks=18, grow=born))
    assert [e.kind for _, e in alarms(results)] == ["birth"]
    last = results[-1]
    assert [(s.segment_id, s.parents) for s in last.segments][3:] == [(4, ())]
    strangers = np.char.startswith(last.customer_ids.astype(str), "N")
    assert (last.segment_ids[strangers] == 4).mean() > 0.95
    assert (last.segment_ids[~strangers] == 4).mean() < 0.02


def test_a_birth_that_takes_its_time_becomes_a_segment_too():
    stranger = np.array([2000.0, 5.0, 900.0, 100.0, 1.0, 0.0])

    def born(week: int, base: Base, rng):
        if FROM <= week < FROM + 12:
            first = len(base.kind)
            arrive(week, base, rng, [0], 4)
            base.level[first:] *= stranger / KINDS[0]

    results = replay(Story(weeks=26, grow=born))
    assert [e.kind for _, e in alarms(results)] == ["birth"]
    strangers = np.char.startswith(results[-1].customer_ids.astype(str), "N")
    assert (results[-1].segment_ids[strangers] == 4).mean() > 0.95
    assert (results[-1].segment_ids[~strangers] == 4).mean() < 0.02


def test_customers_on_their_way_to_another_segment_are_neither_a_birth_nor_a_split():
    on_the_way: list[tuple[int, np.ndarray]] = []

    def travel(week: int, base: Base, rng):
        for started, rows in on_the_way:
            if week <= started + 3:
                base.level[rows] *= (KINDS[2] / KINDS[0]) ** (1 / 3)
        if FROM <= week < FROM + 4:
            rows = rng.choice(np.flatnonzero(base.kind == 0), 30, replace=False)
            base.kind[rows] = 2
            on_the_way.append((week, rows))

    results = replay(Story(weeks=20, grow=travel, scale=2))
    assert {(e.kind, e.segment, e.other_segment) for _, e in alarms(results)} == {
        ("transition", 1, 3)
    }
    assert [s.status for s in results[-1].segments] == ["active"] * 3


def test_a_few_members_who_change_far_do_not_split_a_segment():
    def apart(week: int, base: Base, values):
        if week >= FROM:
            for rows, factor in ((slice(0, 35), 3.0), (slice(35, 70), 1 / 3)):
                values[rows, 0] *= factor
                values[rows, 2] /= factor
        return base.ids, values

    assert "split" not in {e.kind for _, e in alarms(replay(Story(weeks=16, change=apart)))}


def test_a_split_keeps_the_id_in_one_half_and_names_the_parent():
    def apart(week: int, base: Base, values):
        if week >= FROM:
            half = np.array([int(i[1:]) % 2 for i in base.ids], dtype=bool)
            a, b = (base.kind == 0) & half, (base.kind == 0) & ~half
            values[a, 0] *= 4
            values[a, 2] /= 4
            values[b, 0] /= 4
            values[b, 2] *= 4
        return base.ids, values

    results = replay(Story(weeks=18, change=apart))
    assert [(e.kind, e.segment) for _, e in alarms(results)] == [("split", 1)]
    assert [(s.segment_id, s.parents) for s in results[-1].segments][-1] == (4, (1,))
    odd = np.array([int(i[1:]) % 2 for i in results[-1].customer_ids], dtype=bool)
    first = np.array([int(i[1:]) < 300 for i in results[-1].customer_ids])
    one, other = (results[-1].segment_ids[first & half] for half in (odd, ~odd))
    assert {int(np.median(one)), int(np.median(other))} == {1, 4}
    assert max((one != np.median(one)).mean(), (other != np.median(other)).mean()) < 0.05


@pytest.mark.parametrize("clear_gain", [0.03, 0.001])
def test_a_merge_retires_the_smaller_segment_even_where_refits_take_over_easily(clear_gain):
    def together(week: int, base: Base, values):
        share = min(max(week - FROM + 1, 0) / 3, 1)
        for kind, other in ((1, 2), (2, 1)):
            pull = (KINDS[other] / KINDS[kind]) ** (share / 2)
            values[base.kind == kind] *= pull
        values[:, 5] = np.clip(values[:, 5], 0, 1)
        return base.ids, values

    easily = WeeklySettings(clear_gain=clear_gain, max_moved=1.0)
    results = replay(Story(weeks=18, change=together), easily)
    found = alarms(results)
    assert [(e.kind, {e.segment, e.other_segment}) for _, e in found] == [("merge", {2, 3})]
    assert found[0][0] <= FROM + 1
    lives = {s.segment_id: s.status for s in results[-1].segments}
    assert sorted(lives.values()) == ["active", "active", "retired"]
    assert lives[1] == "active"


def fault(change):
    """Results of 12 weeks of which week 10 is faulty, and the events of that week."""

    def once(week: int, base: Base, values):
        return change(list(base.ids), values) if week == FROM else None

    results = replay(Story(weeks=12, change=once))
    return results, results[FROM].events


def scaled(factor: float):
    def change(ids, values):
        values[:, 1] *= factor
        return ids, values

    return change


def emptied(share: float):
    def change(ids, values):
        values[: int(share * len(ids)), 2] = np.nan
        return ids, values

    return change


@pytest.mark.parametrize(
    ("change", "what", "feature"),
    [
        (scaled(100), "unit", "DEBT"),
        (scaled(0.5), "unit", "DEBT"),
        (emptied(0.05), "missing values", "CASH"),
        (emptied(1), "missing column", "CASH"),
        (lambda ids, values: (ids[::2], values[::2]), "rows", None),
    ],
)
def test_a_fault_of_the_data_refuses_the_week_and_names_the_column(change, what, feature):
    results, events = fault(change)
    assert {(e.kind, e.verdict, e.feature) for e in events} == {("data_quality", "alarm", feature)}
    assert [e.evidence["fault"] for e in events] == [what]
    good, faulty, next_good = results[FROM - 1], results[FROM], results[FROM + 1]
    assert faulty.status == "refused"
    assert faulty.segment_ids.tolist() == good.segment_ids.tolist()
    assert faulty.moves.customers["total"] == 0
    assert (next_good.status, alarms([next_good])) == ("published", [])


def test_last_weeks_file_again_is_refused():
    kept = {}

    def again(week: int, base: Base, values):
        if week == FROM - 1:
            kept["values"] = values.copy()
        return (base.ids, kept["values"]) if week == FROM else None

    results = replay(Story(weeks=12, change=again))
    assert [e.evidence["fault"] for e in results[FROM].events] == ["stale file"]


def test_one_segment_doubling_a_feature_is_no_fault():
    results = replay(Story(change=in_kind(0, 1, 2.0)))
    assert {r.status for r in results} == {"published"}
    assert [e.kind for _, e in alarms(results)] == ["feature"]


def test_a_new_unit_can_be_accepted_and_is_usual_from_then_on():
    def cents(week: int, base: Base, values):
        values[:, 1] *= 100 if week >= FROM else 1
        return base.ids, values

    state, refused, later = None, 0, []
    for week, snapshot in enumerate(Story(weeks=22, change=cents)):
        result = step(
            state,
            snapshot,
            settings=WeeklySettings(),
            seed=1,
            wishes=Wishes(segments=3, accept=week == FROM + 1),
        )
        state = result.state
        refused += result.status == "refused"
        later += alarms([result]) if week > FROM + 1 else []
    assert (refused, later) == (1, [])
    assert {s.segment_id for s in result.segments if s.status == "active"} == {1, 2, 3}


def test_a_feature_hardly_anyone_uses_does_not_alarm():
    rng = np.random.default_rng(3)
    features = (*(Feature(n, n.lower(), "money", transform="log") for n in "AB"),)
    state, found = None, []
    for snapshot in Story(weeks=14):
        rare = np.where(rng.random(len(snapshot.values)) < 0.02, rng.lognormal(3, 1, 650), 0)
        values = np.column_stack([snapshot.values[:, 0], rare])
        sparse = Snapshot(snapshot.as_of, snapshot.customer_ids, values, features)
        result = step(state, sparse, settings=WeeklySettings(), seed=1, wishes=Wishes(segments=3))
        state, found = result.state, found + alarms([result])
    assert found == []
    assert result.status == "published"
