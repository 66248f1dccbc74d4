"""Of very many customers a sample is compared with its own past; all of them are counted."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.weekly.remember import packed, unpacked
from analytics.weekly.sample import drawn
from analytics.weekly.step import WeeklySettings, WeekState, Wishes, decode, encode, step
from tests.unit.small_panel import KINDS, Base, Story, alarms, fingerprint, newcomers, replay

FROM = 10  # week in which things happen
SCALE = 6  # 3,900 customers
FEW = WeeklySettings(measured=1_000)  # so one in 4 of them
ALL = WeeklySettings()


def ids(numbers) -> np.ndarray:
    return np.array([f"C{n:07d}" for n in numbers], dtype=object)


def sampled(state: WeekState) -> set[str]:
    return set(state.panel.customer_ids[state.panel.sample.rows])


@given(st.lists(st.text(min_size=1), unique=True, min_size=1), st.integers(0, 6), st.randoms())
def test_who_is_drawn_depends_on_nothing_but_the_customer(names, halvings, random):
    who = np.array(names, dtype=object)
    chosen = set(who[drawn(who, 2**halvings)])
    assert set(who[drawn(who, 2 ** (halvings + 1))]) <= chosen <= set(names)
    random.shuffle(names)
    some = np.array(names[: len(names) // 2 + 1], dtype=object)
    assert set(some[drawn(some, 2**halvings)]) == chosen & set(some)


@pytest.mark.parametrize("one_in", [2, 8, 64])
def test_as_many_are_drawn_as_wanted_whatever_their_numbers_look_like(one_in):
    for numbers in (range(64_000), range(0, 640_000, 10)):
        expected = 64_000 / one_in
        assert abs(drawn(ids(numbers), one_in).sum() - expected) < 4 * np.sqrt(expected)


def test_the_same_customers_are_drawn_by_every_version():
    assert [n for n in range(60) if drawn(ids([n]), 8)[0]] == [6, 15, 20, 23, 25, 30, 49]


def test_up_to_the_limit_everybody_is_measured():
    state = replay(Story(weeks=2, scale=SCALE), WeeklySettings(measured=3_900))[-1].state
    assert (state.panel.sample.one_in, len(sampled(state))) == (1, 3_900)


def change(week: int, base: Base, values):
    """Debt of the second kind rises; some amounts are missing, some customers away."""
    rng = np.random.default_rng(week)
    values[base.kind == 1, 1] *= 1.2 if week >= FROM else 1.0
    values[rng.random(values.shape) < 0.02] = np.nan
    here = rng.random(len(base.ids)) > 0.01
    return [c for c, h in zip(base.ids, here, strict=True) if h], values[here]


CHANGING = Story(weeks=13, change=change, scale=SCALE)


@pytest.fixture(scope="module")
def few():
    return replay(CHANGING, FEW)


def test_what_is_counted_is_counted_of_all(few):
    for one, other in zip(few, replay(CHANGING, ALL), strict=True):
        assert (one.entered, one.left, one.refit) == (other.entered, other.left, other.refit)
        assert one.customer_ids.tolist() == other.customer_ids.tolist()
        assert one.segment_ids.tolist() == other.segment_ids.tolist()
        assert one.moves.customers == other.moves.customers
        assert one.moves.money == other.moves.money
        pd.testing.assert_frame_equal(one.moves.transitions, other.moves.transitions)
        pd.testing.assert_frame_equal(one.moves.by_segment, other.moves.by_segment)
        for week, same in zip(one.state.panel.weeks, other.state.panel.weeks, strict=True):
            for name in ("customers", "entered", "left", "flows", "far_flows"):
                assert np.array_equal(getattr(week, name), getattr(same, name))


def test_a_change_is_found_in_its_segment_and_feature_and_says_on_how_many_it_was_measured(few):
    assert [(w, e.kind, e.segment, e.feature) for w, e in alarms(few)][:1] == [
        (FROM, "feature", 2, "DEBT")
    ]
    assert {e.segment for _, e in alarms(few)} == {2}
    event = alarms(few)[0][1]
    assert event.effect == pytest.approx(0.2, abs=0.04)
    assert event.evidence["measured_on"] == len(sampled(few[FROM].state))
    assert event.evidence["customers"] == (few[FROM].segment_ids == 2).sum()
    (same,) = [e for r in replay(CHANGING, ALL)[: FROM + 1] for e in r.events]
    assert "measured_on" not in same.evidence


def test_the_sample_is_those_drawn_of_everyone(few):
    for result in few:
        everyone = result.customer_ids
        assert sampled(result.state) == set(everyone[drawn(everyone, 4)])


def test_row_order_changes_nothing(few):
    rng, state = np.random.default_rng(5), None
    for expected, snapshot in zip(few, CHANGING, strict=True):
        order = rng.permutation(len(snapshot.customer_ids))
        shuffled = type(snapshot)(
            snapshot.as_of,
            snapshot.customer_ids[order],
            snapshot.values[order],
            snapshot.features,
        )
        result = step(state, shuffled, settings=FEW, seed=1, wishes=Wishes(segments=3))
        assert fingerprint(result) == fingerprint(expected)
        state = result.state


def test_the_state_survives_packing_to_the_last_bit(few):
    for result in few[-2:]:
        tables = encode(result.state)
        again = encode(decode({n: unpacked(pa.py_buffer(packed(t))) for n, t in tables.items()}))
        for name, table in tables.items():
            pd.testing.assert_frame_equal(
                table.to_pandas(), again[name].to_pandas(), check_exact=True
            )


@pytest.mark.parametrize("seed", range(2))
def test_nothing_happens_nothing_alarms(seed):
    results = replay(Story(weeks=20, seed=seed, scale=SCALE), FEW)
    assert alarms(results) == []
    assert {r.refit for r in results[1:]} == {"kept"}


def grow(week: int, base: Base, rng) -> None:
    """One customer in 25 more every week, of all kinds."""
    kind = rng.permutation(base.kind)[: len(base.kind) // 25]
    base.ids += [f"N{week:02d}{i:06d}" for i in range(len(kind))]
    base.kind = np.concatenate([base.kind, kind])
    base.level = np.vstack([base.level, newcomers(kind, rng)])


def test_a_base_that_outgrows_the_limit_goes_on_with_half_of_those_it_knows():
    results = replay(Story(weeks=14, grow=grow, scale=2), WeeklySettings(measured=1_500))
    assert alarms(results) == []
    halved = 0
    for before, now in pairwise(r.state for r in results):
        new, old = now.panel.sample, before.panel.sample
        assert len(new.rows) <= 1_500
        if new.one_in == old.one_in:
            continue
        halved += 1
        assert new.one_in == 2 * old.one_in
        known = sampled(before) & sampled(now)
        assert known == set(ids_of(before)[drawn(ids_of(before), new.one_in)])
        paired = pd.Series(new.seen[:, 0], index=now.panel.customer_ids[new.rows])
        assert (paired[sorted(known)] > 1).mean() > 0.9
    assert halved == 1


def ids_of(state: WeekState) -> np.ndarray:
    return state.panel.customer_ids


def test_a_split_is_told_from_a_sample_and_follows_in_all_customers():
    def apart(week: int, base: Base, values):
        if week >= FROM:
            half = np.array([int(i[1:]) % 2 for i in base.ids], dtype=bool)
            a, b = (base.kind == 0) & half, (base.kind == 0) & ~half
            values[a, 0], values[a, 2] = 4 * values[a, 0], values[a, 2] / 4
            values[b, 0], values[b, 2] = values[b, 0] / 4, 4 * values[b, 2]
        return base.ids, values

    results = replay(Story(weeks=15, change=apart, scale=SCALE), FEW)
    assert [(e.kind, e.segment) for _, e in alarms(results)] == [("split", 1)]
    last = results[-1]
    assert [(s.segment_id, s.parents) for s in last.segments][-1] == (4, (1,))
    sizes = [(last.segment_ids == s).sum() for s in (1, 4)]
    assert sizes == pytest.approx([900, 900], abs=60)
    (notice,) = [e for r in results for e in r.events if e.kind == "split" and e.verdict == "watch"]
    assert notice.evidence["customers"] == min(sizes)


def test_a_birth_is_told_in_numbers_of_all_customers():
    stranger = np.array([2000.0, 5.0, 900.0, 100.0, 1.0, 0.0])

    def born(week: int, base: Base, rng):
        if FROM <= week < FROM + 4:
            base.ids += [f"N{week:02d}{i:04d}" for i in range(120)]
            base.kind = np.concatenate([base.kind, np.zeros(120, dtype=int)])
            base.level = np.vstack(
                [base.level, newcomers(np.zeros(120, dtype=int), rng) * stranger / KINDS[0]]
            )

    results = replay(Story(weeks=18, grow=born, scale=SCALE), FEW)
    ((week, event),) = alarms(results)
    assert event.kind == "birth"
    arrived = 120 * (week - FROM + 1)
    assert event.evidence["customers"] == pytest.approx(arrived, rel=0.35)
    assert f"about {event.evidence['customers']:,} customers" in event.text
    last = results[-1]
    strangers = np.char.startswith(last.customer_ids.astype(str), "N")
    assert (last.segment_ids[strangers] == 4).mean() > 0.95
    assert (last.segment_ids[~strangers] == 4).mean() < 0.02


@pytest.mark.parametrize("fault", ["unit", "missing values", "rows", "stale file"])
def test_faults_of_the_data_are_told_from_a_sample(fault):
    kept = {}

    def once(week: int, base: Base, values):
        if week == FROM - 1:
            kept["values"] = values.copy()
        if week != FROM:
            return None
        if fault == "rows":
            return base.ids[::2], values[::2]
        if fault == "stale file":
            return base.ids, kept["values"]
        values[:, 1] *= 100 if fault == "unit" else 1
        values[: len(values) // 10 * (fault == "missing values"), 1] = np.nan
        return base.ids, values

    results = replay(Story(weeks=12, change=once, scale=SCALE), FEW)
    assert [r.status for r in results[FROM:]] == ["refused", "published"]
    (event,) = results[FROM].events
    assert event.evidence["fault"] == fault
    assert event.effect == pytest.approx(
        {"unit": 99, "missing values": 0.1, "rows": 0.5, "stale file": 1.0}[fault], rel=0.25
    )
    assert alarms(results[FROM + 1 :]) == []


def in_the_old_form(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """As versions wrote it that kept own levels of all customers in one table."""
    customers, sample = tables["customers"].drop(["sampled"]), tables["sample"]
    for name in sample.column_names[1:]:
        customers = customers.append_column(name, sample[name])
    facts = tables["state"].to_pandas()
    facts = facts[facts.key != "one_in"].reset_index(drop=True)
    rest = {n: t for n, t in tables.items() if n != "sample"}
    return rest | {"customers": customers, "state": pa.Table.from_pandas(facts)}


def test_a_state_of_the_old_form_is_read_and_goes_on_as_a_sample():
    weeks = list(Story(weeks=12, scale=SCALE))
    whole = replay(Story(weeks=10, scale=SCALE), ALL)[-1].state
    old = in_the_old_form(encode(whole))
    assert "one_in" not in [row["key"] for row in old["state"].to_pylist()]
    assert "sample" not in old
    read = decode(old)
    assert json.dumps(encode(read)["state"].to_pylist()) == json.dumps(
        encode(whole)["state"].to_pylist()
    )
    expected = step(whole, weeks[10], settings=ALL, seed=1)
    assert fingerprint(step(read, weeks[10], settings=ALL, seed=1)) == fingerprint(expected)
    thinner = step(read, weeks[10], settings=FEW, seed=1)
    assert (thinner.state.panel.sample.one_in, thinner.events) == (4, ())
    assert thinner.segment_ids.tolist() == expected.segment_ids.tolist()
    assert sampled(thinner.state) == set(thinner.customer_ids[drawn(thinner.customer_ids, 4)])
