"""The weekly check as its caller sees it: published, refused, remembered, the same every time."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from threadpoolctl import threadpool_limits

from analytics.catalogue import card_catalogue
from analytics.errors import DataRefused
from analytics.model import Feature, Snapshot
from analytics.weekly.remember import packed, unpacked
from analytics.weekly.step import (
    Fit,
    WeeklySettings,
    WeekResult,
    WeekState,
    Wishes,
    decode,
    encode,
    step,
)
from tests.unit.small_panel import SETTINGS, Base, Story, fingerprint, replay


def busy(week: int, base: Base, values):
    """A change of one segment in week 9 and a faulty file in week 11."""
    values[base.kind == 0, 0] *= 1.3 if week >= 9 else 1.0
    values[:, 1] *= 100 if week == 11 else 1.0
    return base.ids, values


BUSY = Story(weeks=14, change=busy)


@pytest.fixture(scope="module")
def published() -> list[WeekResult]:
    return replay(BUSY)


def test_the_first_week_numbers_segments_by_size():
    first = replay(Story(weeks=1))[0]
    sizes = np.bincount(first.segment_ids)[1:]
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert first.refit is None
    assert (first.entered, first.left) == (650, 0)
    assert first.moves.customers == {"total": 650, "behaviour": 0, "model": 0, "population": 650}
    assert [(s.segment_id, s.status) for s in first.segments] == [(i, "active") for i in (1, 2, 3)]
    assert first.why.startswith("The first fit:")


def test_without_a_number_of_segments_k_is_chosen_with_its_evidence():
    snapshot = next(iter(Story(weeks=1)))
    first = step(None, snapshot, settings=WeeklySettings(candidates=(2, 3, 4)), seed=1)
    passing = [e.k for e in first.anchor.k_evidence if e.passes]
    assert len(first.anchor.centroids) == max(passing)
    assert [e.k for e in first.anchor.k_evidence] == [2, 3, 4]


def test_only_features_to_cluster_are_clustered():
    snapshot = next(iter(Story(weeks=1)))
    profile = Feature("AGE", "age", "number", use="profile")
    wider = replace(
        snapshot,
        values=np.column_stack([np.arange(650.0), snapshot.values]),
        features=(profile, *snapshot.features),
    )
    one, other = (
        step(None, s, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
        for s in (snapshot, wider)
    )
    assert other.anchor.scaler.features == one.anchor.scaler.features
    assert fingerprint(one) == fingerprint(other)


def test_nothing_to_cluster_is_refused_with_the_next_step():
    snapshot = next(iter(Story(weeks=1)))
    features = tuple(replace(f, use="never") for f in snapshot.features)
    with pytest.raises(DataRefused, match=r"no column to cluster.*at least one feature"):
        step(None, replace(snapshot, features=features), settings=SETTINGS, seed=1)


def test_row_order_changes_nothing(published):
    rng = np.random.default_rng(5)
    state = None
    for expected, snapshot in zip(published, BUSY, strict=True):
        order = rng.permutation(len(snapshot.customer_ids))
        shuffled = replace(
            snapshot, customer_ids=snapshot.customer_ids[order], values=snapshot.values[order]
        )
        result = step(state, shuffled, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
        assert fingerprint(result) == fingerprint(expected)
        state = result.state


def test_the_order_of_columns_changes_nothing(published):
    state = None
    for week, (expected, snapshot) in enumerate(zip(published, BUSY, strict=True)):
        order = np.roll(np.arange(len(snapshot.features)), week)
        turned = replace(
            snapshot,
            values=snapshot.values[:, order],
            features=tuple(snapshot.features[j] for j in order),
        )
        result = step(state, turned, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
        assert fingerprint(result) == fingerprint(expected)
        state = result.state


def test_the_order_of_cluster_labels_changes_nothing(published):
    order = [2, 0, 1]
    before = published[7].state
    fit = before.anchor
    anchor = replace(
        fit,
        centroids=fit.centroids[order],
        segment_ids=fit.segment_ids[order],
        jaccards=fit.jaccards[order],
    )
    weeks = tuple(week.under(anchor.segment_ids, ()) for week in before.panel.weeks)
    state = replace(before, anchor=anchor, panel=replace(before.panel, weeks=weeks))
    for expected, snapshot in list(zip(published, BUSY, strict=True))[8:]:
        result = step(state, snapshot, settings=SETTINGS, seed=1)
        assert fingerprint(result)[3:] == fingerprint(expected)[3:]
        state = result.state


def test_other_customer_numbers_raise_no_alarm():
    state, rng = None, np.random.default_rng(3)
    numbers = {f"C{i:05d}": f"N{j:05d}" for i, j in enumerate(rng.permutation(1000))}
    for snapshot in Story(weeks=14):
        renamed = np.array([numbers[c] for c in snapshot.customer_ids], dtype=object)
        other = replace(snapshot, customer_ids=renamed)
        result = step(state, other, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
        assert result.events == ()
        state = result.state


def test_threads_change_nothing(published):
    with threadpool_limits(limits=1):
        assert [fingerprint(r) for r in replay(BUSY)] == [fingerprint(r) for r in published]


def test_the_state_survives_packing_to_the_last_bit(published):
    state = None
    for expected, snapshot in zip(published, BUSY, strict=True):
        result = step(state, snapshot, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
        assert fingerprint(result) == fingerprint(expected)
        tables = encode(result.state)
        state = decode({n: unpacked(pa.py_buffer(packed(t))) for n, t in tables.items()})
        again = encode(state)
        for name, table in tables.items():
            pd.testing.assert_frame_equal(
                table.to_pandas(), again[name].to_pandas(), check_exact=True
            )


def test_a_fit_survives_json_to_the_last_bit(published):
    fit = published[0].anchor
    again = Fit.from_dict(json.loads(json.dumps(fit.to_dict())))
    assert again.to_dict() == fit.to_dict()
    assert np.array_equal(again.centroids, fit.centroids)


def test_a_refused_week_leaves_everything_as_it_was(published):
    assert [w for w, r in enumerate(published) if r.status == "refused"] == [11]
    before, refused, after = published[10:13]
    assert refused.segment_ids.tolist() == before.segment_ids.tolist()
    assert refused.state is before.state
    assert refused.why.startswith("Nothing was published: Debt of the middle customer is ")
    assert (after.status, after.refit) == ("published", "kept")


def test_every_customer_of_both_weeks_is_in_the_transitions(published):
    for before, now in pairwise(published):
        if now.status == "refused":
            continue
        moves = now.moves.transitions
        here = moves.dropna(subset="to_segment_id").groupby("to_segment_id")["customers"].sum()
        sizes = pd.Series(now.segment_ids).value_counts()
        assert here.to_dict() == sizes.to_dict()
        there = moves.dropna(subset="from_segment_id").groupby("from_segment_id")["customers"].sum()
        assert there.to_dict() == pd.Series(before.segment_ids).value_counts().to_dict()


def test_the_money_of_a_segment_is_what_its_members_have(published):
    last, snapshot = published[-1], list(BUSY)[-1]
    spend = pd.Series(snapshot.values[:, 0], index=snapshot.customer_ids)[last.customer_ids]
    expected = spend.groupby(last.segment_ids).sum()
    table = last.moves.by_segment.query("measure == 'SPEND'").set_index("segment_id")["current"]
    assert table.to_dict() == pytest.approx(expected.to_dict())


def holes(week: int, base: Base, values):
    """Amounts missing at random, customers who come and go, one segment changing."""
    rng = np.random.default_rng(week)
    values[rng.random(values.shape) < 0.05] = np.nan
    values[base.kind == 1, 2] *= 1.4 if week >= 9 else 1.0
    here = rng.random(len(base.ids)) > 0.03
    return [c for c, h in zip(base.ids, here, strict=True) if h], values[here]


@pytest.mark.parametrize("identity", ["anchor", "refit"])
def test_every_week_begins_with_what_the_week_before_ended_with(identity):
    story = Story(weeks=12, change=holes)
    results = replay(story, WeeklySettings(identity=identity))
    assert {r.status for r in results} == {"published"}
    for before, now in pairwise(results[1:]):
        table = now.moves.by_segment.set_index(["measure", "segment_id"])
        causes = table[["population", "behaviour", "model", "within"]].sum(axis=1)
        assert (table["previous"] + causes).to_numpy() == pytest.approx(table["current"].to_numpy())
        ended = before.moves.by_segment.set_index(["measure", "segment_id"])["current"]
        begun = table["previous"].reindex(ended.index)
        assert begun.to_numpy() == pytest.approx(ended.to_numpy())
        moved = now.moves.customers
        assert moved["population"] == now.entered + now.left
        assert moved["total"] == moved["behaviour"] + moved["model"] + moved["population"]


def test_a_file_with_holes_is_not_refused_and_a_burst_of_them_is():
    def burst(week: int, base: Base, values):
        ids, values = holes(week, base, values)
        values[: len(values) // 5 * (week == 11), 0] = np.nan
        return ids, values

    *calm, last = replay(Story(weeks=12, change=burst))
    assert {r.status for r in calm} == {"published"}
    assert (last.status, last.events[0].feature) == ("refused", "SPEND")


def test_every_refit_takes_over_where_configured_and_keeps_the_ids():
    results = replay(Story(weeks=6), WeeklySettings(identity="refit"))
    assert {r.refit for r in results[1:]} == {"promoted"}
    for before, now in pairwise(results):
        assert (before.segment_ids == now.segment_ids).mean() > 0.99
        assert now.anchor.as_of == now.as_of


def test_a_refit_that_would_move_too_many_waits_for_a_yes():
    eager = WeeklySettings(clear_gain=-1.0, max_moved=-1.0)
    *_, last = replay(Story(weeks=3), eager)
    assert last.refit == "held"
    assert "waits for your yes" in last.why
    assert last.state.held is not None
    assert last.anchor.as_of < last.as_of
    snapshot = list(Story(weeks=4))[-1]
    released = step(last.state, snapshot, settings=eager, seed=1, wishes=Wishes(accept=True))
    assert (released.refit, released.state.held) == ("promoted", None)
    assert (released.segment_ids == last.segment_ids).mean() > 0.99


def test_more_segments_can_be_asked_for_and_ids_are_never_used_again():
    *_, snapshot = Story(weeks=4)
    *_, last = replay(Story(weeks=3))

    def ask(state: WeekState, k: int, snapshot: Snapshot) -> WeekResult:
        return step(
            state, snapshot, settings=SETTINGS, seed=1, wishes=Wishes(segments=k, accept=True)
        )

    four = ask(last.state, 4, snapshot)
    assert [s.segment_id for s in four.segments] == [1, 2, 3, 4]
    assert four.segments[-1].parents != ()
    two = ask(four.state, 2, snapshot_again(snapshot))
    assert sum(s.status == "active" for s in two.segments) == 2
    five = ask(two.state, 5, snapshot_again(snapshot, 2))
    active = [s.segment_id for s in five.segments if s.status == "active"]
    retired = {s.segment_id for s in five.segments if s.status == "retired"}
    assert len(active) == 5
    assert retired == {s.segment_id for s in two.segments if s.status == "retired"}
    assert set(five.segment_ids) == set(active)


def test_an_earlier_fit_brings_its_segments_back_with_their_ids():
    first, second, third, fourth = Story(weeks=4)
    start = step(None, first, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))

    def ask(state: WeekState, snapshot: Snapshot, **wishes) -> WeekResult:
        return step(state, snapshot, settings=SETTINGS, seed=1, wishes=Wishes(**wishes))

    two = ask(start.state, second, segments=2)
    four = ask(two.state, third, segments=4)
    back = ask(four.state, fourth, restore=start.anchor)
    assert back.refit == "promoted"
    assert back.why.startswith(f"The fit of {first.as_of} was restored")
    assert sorted(back.anchor.segment_ids) == [1, 2, 3]
    assert (back.segment_ids == start.segment_ids).mean() > 0.99
    status = {s.segment_id: s.status for s in back.segments}
    assert {s for s, status in status.items() if status == "active"} == {1, 2, 3}
    assert set(status) == {s.segment_id for s in four.segments}


def test_a_fit_that_never_took_over_gets_ids_of_its_own_when_restored():
    first, second, third = Story(weeks=3)
    start = step(None, first, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
    never = replace(start.anchor, segment_ids=np.array([1, 2, 9]))
    four = step(start.state, second, settings=SETTINGS, seed=1, wishes=Wishes(segments=4))
    back = step(four.state, third, settings=SETTINGS, seed=1, wishes=Wishes(restore=never))
    assert sorted(back.anchor.segment_ids) == [1, 2, 5]
    assert {s.segment_id: s.status for s in back.segments}[4] == "retired"


def test_what_a_review_holds_waits_until_it_is_accepted():
    weeks = list(Story(weeks=4))
    chosen = step(None, weeks[0], settings=WeeklySettings(candidates=(7,)), seed=1)
    strict = WeeklySettings(candidates=(3,), min_jaccard=0.999)
    held = step(chosen.state, weeks[1], settings=strict, seed=1, wishes=Wishes(review_k=True))
    kept = step(held.state, weeks[2], settings=strict, seed=1)
    assert (held.refit, kept.refit) == ("held", "kept")
    taken = step(kept.state, weeks[3], settings=strict, seed=1, wishes=Wishes(accept=True))
    assert taken.refit == "promoted"
    assert taken.why.startswith(f"The refit held since {weeks[1].as_of} was accepted")
    assert len(taken.anchor.centroids) == 3
    assert taken.state.held is None


def test_nothing_waits_and_nothing_is_taken():
    first, second = Story(weeks=2)
    start = step(None, first, settings=SETTINGS, seed=1, wishes=Wishes(segments=3))
    after = step(start.state, second, settings=SETTINGS, seed=1, wishes=Wishes(accept=True))
    assert (after.refit, after.anchor.as_of) == ("kept", first.as_of)


def snapshot_again(snapshot: Snapshot, weeks: int = 1) -> Snapshot:
    """The next week, with values a little different."""
    values = snapshot.values * (1 + 0.001 * weeks)
    values[:, 5] = np.clip(values[:, 5], 0, 1)
    return replace(snapshot, values=values)


def test_a_review_keeps_segments_that_hold_and_says_so():
    first, second = list(Story(weeks=2))
    chosen = step(None, first, settings=SETTINGS, seed=1)
    reviewed = step(chosen.state, second, settings=SETTINGS, seed=1, wishes=Wishes(review_k=True))
    assert reviewed.refit == "kept"
    assert "was reviewed and stays" in reviewed.why


def test_a_review_that_finds_another_number_is_held():
    first, second = list(Story(weeks=2))
    shaky = WeeklySettings(candidates=(7,))
    chosen = step(None, first, settings=shaky, seed=1)
    strict = WeeklySettings(candidates=(3,), min_jaccard=0.999)
    reviewed = step(chosen.state, second, settings=strict, seed=1, wishes=Wishes(review_k=True))
    assert reviewed.refit == "held"
    assert "3 segments instead of 7" in reviewed.why
    assert set(reviewed.segment_ids) == set(range(1, 8))


@pytest.mark.shared
def test_real_card_customers_keep_their_segments(shared):
    table = pd.read_csv(shared / "data" / "CC GENERAL.csv")
    catalogue = card_catalogue()
    names = [c for c in table.columns if c in catalogue]
    rng = np.random.default_rng(0)
    state, previous = None, None
    for week, day in enumerate(pd.date_range("2026-01-05", periods=4, freq="7D")):
        values = table[names].to_numpy(dtype=float)
        money = [j for j, n in enumerate(names) if catalogue[n].unit == "money"]
        values[:, money] *= np.exp(rng.normal(0, 0.08, (len(values), len(money))))
        snapshot = Snapshot(
            day.date(),
            table["CUST_ID"].to_numpy(dtype=object),
            values,
            tuple(catalogue[n] for n in names),
        )
        result = step(state, snapshot, settings=SETTINGS, seed=1, wishes=Wishes(segments=6))
        state = result.state
        assert result.events == ()
        if previous is not None:
            assert (result.segment_ids == previous).mean() > 0.985
            assert week > 0
        previous = result.segment_ids
