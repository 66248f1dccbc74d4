"""Every answer: its wording, where its numbers come from, and what happens at the edges."""

from __future__ import annotations

import dataclasses
import io
import json
import math
import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from analytics.adhoc.gate import tree_of, views_used
from analytics.answers.answer import ANSWERS, NotAnswered, answer
from analytics.model import INTENTS, Answer, Condition, Query
from analytics.published import Copy
from bot import render
from bot.blocks import rich
from bot.conversation import lexicon_of
from bot.questions.parse import parse
from bot.reply import Reply
from bot.slack import limits
from bot.terminal import print_reply
from bot.views.problems import NEAREST
from bot.views.segments import overview
from tests.golden.answers_cases import CASES, CONTEXT
from tests.golden.answers_store import build

GOLDEN = Path(__file__).parent.parent / "golden" / "answers"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return build(tmp_path_factory.mktemp("answers"))


@pytest.fixture(scope="session")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return build(tmp_path_factory.mktemp("first"), weeks=1)


def ask(copy: Copy, query: Query) -> tuple[Answer, Reply]:
    found = answer(copy, query, context=CONTEXT)
    return found, render.reply(found, context=CONTEXT)


def shown(reply: Reply) -> str:
    """A reply as the terminal shows it, 80 columns wide."""
    file = io.StringIO()
    print_reply(Console(file=file, width=80, color_system=None), reply, show_sql=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()).strip() + "\n"


def check_golden(name: str, text: str) -> None:
    """Compare with the golden text; UPDATE_GOLDEN=1 writes it, to be read before it is kept."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_golden_text(copy: Copy, name: str) -> None:
    check_golden(name, shown(ask(copy, CASES[name])[1]))


FIRST_WEEK = ("overview", "drift", "migration", "explain_change", "digest", "segment_trend_all")


@pytest.mark.parametrize("name", FIRST_WEEK)
def test_golden_text_of_the_first_week(first_week: Copy, name: str) -> None:
    check_golden(f"first_week_{name}", shown(ask(first_week, CASES[name])[1]))


def test_a_refused_snapshot_is_said(tmp_path: Path) -> None:
    late = build(tmp_path, refused_last=True)
    for name in ("drift", "digest", "model_info", "schedule"):
        assert "The snapshot of 12 Oct 2026 was refused" in ask(late, CASES[name])[1].text


def test_intent_sql_template_and_golden_hold_together(copy: Copy) -> None:
    goldens = {file.stem for file in GOLDEN.glob("*.txt")}
    assert goldens == {*CASES, *(f"first_week_{name}" for name in FIRST_WEEK)}

    answered = {query.intent for query in CASES.values()}
    elsewhere = {"sql", "out_of_scope"}
    assert answered == set(INTENTS) - elsewhere
    assert set(ANSWERS) | set(NEAREST) >= answered

    templates = {file.stem for file in (ROOT / "templates" / "answers").glob("*.j2")}
    assert templates == set(render.VIEWS)
    assert set(ANSWERS) <= templates

    ran = {name for query in CASES.values() for name in sql_names(copy, query)}
    earlier = dataclasses.replace(CASES["distribution"], as_of=date(2026, 9, 7))
    ran |= sql_names(copy, earlier)
    files = {file.stem for file in (ROOT / "analytics" / "sql").glob("*.sql")}
    facts_of_the_copy = {"all_segments", "catalogue", "published_refits"}
    words_of_the_parser = {"all_segment_names", "trait_values"}
    assert files - ran == facts_of_the_copy | words_of_the_parser


def sql_names(copy: Copy, query: Query) -> set[str]:
    """The named queries an answer ran."""
    names: set[str] = set()
    rows = copy.rows

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(copy, name)

        def rows(self, name: str, /, *args: Any, **values: Any) -> list[dict[str, Any]]:
            names.add(name)
            return rows(name, *args, **values)

    answer(Watched(), query, context=CONTEXT)  # type: ignore[arg-type]
    return names


def numbers(value: Any) -> Iterator[float]:
    """Every number in a value, however nested; numbers inside its texts too."""
    if isinstance(value, bool) or value is None or isinstance(value, date | datetime):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, str):
        yield from (number for number, _ in written(value))
    elif isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from numbers(part)


_SCALE = {"%": 0.01, "k": 1e3, "M": 1e6, "bn": 1e9}
_DATE = re.compile(r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?\b")
_TIME = re.compile(r"\b\d\d:\d\d\b|\b\d\dth percentile")
_NUMBER = re.compile(r"(?<![\w.•-])[-+±]?\$?(\d[\d,]*(?:\.(\d+))?)(?: ?(%|k\b|M\b|bn\b))?")


def written(text: str) -> list[tuple[float, float]]:
    """Numbers as people read them, each with half of its last digit."""
    found = []
    for match in _NUMBER.finditer(_TIME.sub("", _DATE.sub("", text))):
        scale = _SCALE.get(match[3], 1.0)
        digits = len(match[2] or "")
        number = float(match[1].replace(",", "")) * scale
        found.append((number, 0.5000001 * 10**-digits * scale))
    return found


def counts(value: Any) -> Iterator[float]:
    """How many rows there are of anything in a value."""
    if isinstance(value, dict):
        for part in value.values():
            yield from counts(part)
    elif isinstance(value, list | tuple):
        yield from (float(n) for n in range(len(value) + 1))
        for part in value:
            yield from counts(part)


@pytest.mark.parametrize("name", CASES)
def test_every_number_shown_is_in_the_data(copy: Copy, name: str) -> None:
    found, reply = ask(copy, CASES[name])
    if not found.sql:
        return
    data = dataclasses.asdict(found.data)
    held = {*numbers(data), *counts(data), 100.0, 0.0}
    cells = [cell.text for table in reply.tables for row in table.rows for cell in row]
    heads = [text for t in reply.tables for text in (t.caption, *(c.label for c in t.columns))]
    for text in (reply.text, *cells, *heads):
        for number, rounding in written(text):
            near = any(math.isclose(abs(x), number, abs_tol=rounding) for x in held)
            # Shares are shown as percent, and an index or a threshold may be written into a text.
            assert near or number in (10.0, 0.1), f"{number} in {text!r}"


@pytest.mark.parametrize("name", CASES)
def test_the_sql_gives_the_numbers_of_the_data(copy: Copy, name: str) -> None:
    found, _ = ask(copy, CASES[name])
    if not found.sql:
        return
    with duckdb.connect(str(copy.path), read_only=True) as connection:
        rows = [connection.execute(statement).fetchall() for statement in found.sql]
    given = {round(x, 9) for x in numbers(_loaded(rows))}
    asked = numbers(dataclasses.asdict(CASES[name]))
    allowed = {*asked, *counts(dataclasses.asdict(found.data)), float(CONTEXT.review_k_weeks)}
    allowed |= {*numbers(getattr(found.data, "meaning", "")), *getattr(found.data, "edges", ())}
    for number in numbers(dataclasses.asdict(found.data)):
        assert math.isnan(number) or round(number, 9) in given or number in allowed, number


def _loaded(rows: Any) -> Any:
    """Rows with the lists and numbers inside JSON columns."""
    if isinstance(rows, list | tuple):
        return [_loaded(row) for row in rows]
    if isinstance(rows, str) and rows[:1] in "[{" and rows:
        return json.loads(rows)
    return rows


@pytest.mark.parametrize("name", CASES)
def test_the_sql_passes_the_gate_of_ad_hoc_sql(copy: Copy, name: str) -> None:
    with duckdb.connect(str(copy.path), read_only=True) as connection:
        for statement in ask(copy, CASES[name])[0].sql:
            assert views_used(tree_of(connection, statement), statement)


@pytest.mark.parametrize("name", CASES)
def test_data_is_json_ready(copy: Copy, name: str) -> None:
    found, reply = ask(copy, CASES[name])

    def dates(value: Any) -> str:
        assert isinstance(value, date | datetime)
        return value.isoformat()

    json.dumps(dataclasses.asdict(found.data), default=dates, allow_nan=False)
    json.dumps(reply.meta, allow_nan=False)


@pytest.mark.parametrize("name", CASES)
def test_every_cell_and_text_is_filled(copy: Copy, name: str) -> None:
    _, reply = ask(copy, CASES[name])
    assert reply.text.strip()
    for table in reply.tables:
        assert table.rows
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell.text for cell in row)
    assert all(len(choice.label) <= 75 for choice in reply.choices)


def values(copy: Copy, where: str) -> dict[str, Any]:
    """Numbers a person would check by hand, from the customers themselves."""
    with duckdb.connect(str(copy.path), read_only=True) as connection:
        result = connection.execute(
            "SELECT count(*) AS n, avg(balance) AS mean, median(balance) AS median, "
            "sum(balance) AS sum FROM features JOIN current_segments USING (customer_id) "
            f"WHERE {where}"
        )
        names = [column[0] for column in result.description or ()]
        return dict(zip(names, result.fetchall()[0], strict=True))


def test_a_filtered_statistic_counts_the_customers_themselves(copy: Copy) -> None:
    query = Query(
        "feature_stat",
        segments=(4,),
        features=("BALANCE",),
        filter=(
            Condition("CREDIT_LIMIT", ">=", 5000.0),
            Condition("PURCHASES", "between", (1000.0, 5000.0)),
        ),
    )
    data = ask(copy, query)[0].data
    by_hand = values(
        copy, "segment_id = 4 AND credit_limit >= 5000 AND purchases BETWEEN 1000 AND 5000"
    )
    together = data.features[-1]
    assert (together.customers, together.mean) == (by_hand["n"], pytest.approx(by_hand["mean"]))
    assert together.median == pytest.approx(by_hand["median"])
    assert data.matching[-1].matching == by_hand["n"]


def test_a_profile_statistic_equals_the_customers_own(copy: Copy) -> None:
    data = ask(copy, Query("feature_stat", segments=(3,), features=("BALANCE",)))[0].data
    own = next(row for row in data.features if row.segment_id == 3)
    by_hand = values(copy, "segment_id = 3")
    assert own.mean == pytest.approx(by_hand["mean"])
    assert own.median == pytest.approx(by_hand["median"])
    assert own.sum == pytest.approx(by_hand["sum"])


def test_a_change_below_one_per_cent_is_never_outside_the_usual_range(copy: Copy) -> None:
    sizes = ask(copy, Query("segment_size"))[0].data.segments
    known = [size.usual_change for size in sizes if size.usual_change is not None]
    assert known
    assert min(known) >= 0.01


def test_some_segments_together_are_their_customers_pooled(copy: Copy) -> None:
    query = Query("feature_stat", segments=(1, 3), features=("BALANCE",), statistic="mean")
    data = ask(copy, query)[0].data
    own = [row for row in data.features if row.segment_id in (1, 3)]
    (pooled,) = data.together
    assert pooled.customers == sum(row.customers for row in own)
    assert pooled.sum == pytest.approx(sum(row.sum for row in own))
    assert pooled.mean == pytest.approx(pooled.sum / pooled.customers)
    every = ask(copy, dataclasses.replace(query, segments=(1, 2, 3, 4, 5, 6)))[0].data
    assert every.together == ()


def test_flows_of_several_weeks_end_in_the_sizes_of_today(copy: Copy) -> None:
    data = ask(copy, Query("migration", weeks=6))[0].data
    sizes = {s.segment_id: s.customers for s in ask(copy, Query("overview"))[0].data.segments}
    arrived = {flow.to_segment_id: flow.customers for flow in data.arrived if flow.to_segment_id}
    assert arrived == sizes
    everyone = data.everyone
    staying = sum(f.customers for f in data.flows if f.from_segment_id == f.to_segment_id)
    assert everyone.customers == staying + everyone.moved + everyone.entered + everyone.gone


def test_one_week_reads_the_same_from_transitions_and_from_customers(copy: Copy) -> None:
    week = ask(copy, Query("migration"))[0].data
    dated = ask(copy, Query("migration", since=date(2026, 9, 28)))[0].data
    assert week.everyone == dated.everyone
    assert set(week.flows) == set(dated.flows)


def test_the_parts_of_a_change_add_up(copy: Copy) -> None:
    for query in (Query("explain_change"), Query("explain_change", weeks=6)):
        for part in ask(copy, query)[0].data.movements:
            whole = part.previous + part.population + part.behaviour + part.model + part.within
            assert whole == pytest.approx(part.current, abs=0.01)


@pytest.mark.parametrize("feature", ["PURCHASES", "TENURE", "PRC_FULL_PAYMENT", "CASH_ADVANCE_TRX"])
def test_bands_hold_every_customer_once(copy: Copy, feature: str) -> None:
    data = ask(copy, Query("distribution", features=(feature,), segments=(1, 2)))[0].data
    for row in data.features:
        bands = [band for band in data.bands if band.segment_id == row.segment_id]
        assert sum(band.customers for band in bands) == row.customers
        assert sum(band.share for band in bands) == pytest.approx(1)


def test_ranking_by_per_customer_names_who_leads_even_when_one_is_shown(copy: Copy) -> None:
    _, reply = ask(copy, Query("rank_segments", segments=(3, 6), features=("CREDIT_LIMIT",), top=1))
    assert reply.text.startswith("Of these 2 segments, segment 3 ")
    assert "Per customer it is segment 6" in reply.text
    assert [row[0].text[0] for row in reply.tables[0].rows] == ["3", "E"]


def test_a_past_week_is_judged_by_what_was_known_then(copy: Copy) -> None:
    early = ask(copy, Query("segment_size", segments=(1,), as_of=date(2026, 8, 24)))[0]
    assert early.as_of == date(2026, 8, 24)
    assert early.data.segments[0].usual_change is None
    assert early.data.segments[0].previous_customers is not None


def test_a_date_between_snapshots_means_the_one_before(copy: Copy) -> None:
    found, reply = ask(copy, Query("overview", as_of=date(2026, 9, 3)))
    assert found.as_of == date(2026, 8, 24)
    assert reply.footer.startswith("24 Aug 2026 · fit 1 · ")


def test_a_segment_is_answered_about_on_dates_it_lived(copy: Copy) -> None:
    found, _ = ask(copy, Query("segment_profile", segments=(7,), as_of=date(2026, 9, 7)))
    assert found.data.size.segment_id == 7


def test_customers_are_never_listed_by_id(copy: Copy) -> None:
    found, reply = ask(copy, CASES["find_customers_top"])
    assert not re.search(r"C\d{5}", json.dumps(dataclasses.asdict(found.data), default=str))
    assert not re.search(r"C\d{5}", shown(reply))


def test_a_customer_who_left_is_remembered(copy: Copy) -> None:
    with duckdb.connect(str(copy.path), read_only=True) as connection:
        gone = connection.execute(
            "SELECT customer_id FROM segment_history GROUP BY 1 HAVING max(as_of) = '2026-09-21'"
        ).fetchall()[0][0]
    text = ask(copy, Query("customer_lookup", customer=gone))[1].text
    assert f"There is no customer {gone} in the snapshot of 5 Oct 2026." in text
    assert "last seen on 21 Sep 2026" in text


def test_notes_of_the_reading_are_told(copy: Copy) -> None:
    found = answer(copy, CASES["overview"], context=CONTEXT)
    reply = render.reply(found, context=CONTEXT, notes=["'last month' is read as 7 Sep 2026"])
    assert reply.text.endswith("('last month' is read as 7 Sep 2026)")


HOSTILE = "<!channel> *_~`{{ 7*7 }}`\n\x00\u202e [red]x[/red] " + "ß" * 300


def test_hostile_names_and_values_stay_text(tmp_path: Path) -> None:
    hostile = build(tmp_path, names={2: HOSTILE}, traits={"north": HOSTILE})
    for name, query in CASES.items():
        reply = ask(hostile, query)[1]
        text = shown(reply)
        assert "49" not in re.sub(r"[\d,.]*\d", "", text), name
        assert "\x00" not in text
        assert "\u202e" not in text
        cells = [cell.text for table in reply.tables for row in table.rows for cell in row]
        assert all(len(cell) < 200 for cell in cells), name
    assert "{{ 7*7 }}" in ask(hostile, CASES["segment_profile"])[1].text
    unknown = ask(hostile, Query("customer_lookup", customer=HOSTILE))[1]
    assert unknown.text.startswith("There is no customer <!channel> *_~`{{ 7*7 }}`")


def test_an_intent_without_an_answer_is_declined_with_something_that_works(copy: Copy) -> None:
    found, reply = ask(copy, Query("out_of_scope"))
    assert (found.status, type(found.data)) == ("declined", NotAnswered)
    assert reply.choices[0].question in reply.text


def test_every_question_a_reply_suggests_is_understood(copy: Copy) -> None:
    lexicon = lexicon_of(copy)
    for name, query in CASES.items():
        for choice in ask(copy, query)[1].choices:
            readings = parse(choice.question, lexicon, today=date(2026, 10, 7))
            assert [reading.status for reading in readings] == ["understood"], (name, choice)


def test_a_card_for_each_segment_asks_about_that_segment(copy: Copy) -> None:
    reply = ask(copy, CASES["overview"])[1]
    assert reply.deck
    lexicon, asked = lexicon_of(copy), []
    for card in reply.deck.cards:
        for choice in card.choices:
            (reading,) = parse(choice.question, lexicon, today=date(2026, 10, 7))
            assert reading.status == "understood"
            asked.append((int(card.title.split()[0]), reading.query))
    segments = [int(row[0].text.split()[0]) for row in reply.tables[0].rows]
    assert asked == [
        (segment, Query(intent, segments=(segment,)))
        for segment in segments
        for intent in ("segment_profile", "recommend")
    ]
    customers = [int(c.subtitle.split()[0].replace(",", "")) for c in reply.deck.cards]
    assert customers == [row[1].value for row in reply.tables[0].rows]


def test_of_many_segments_the_ten_largest_have_cards(copy: Copy) -> None:
    data = ask(copy, CASES["overview"])[0].data
    sizes = [
        dataclasses.replace(data.segments[0], segment_id=number, customers=100 * number)
        for number in range(1, 13)
    ]
    deck = overview(dataclasses.replace(data, segments=tuple(sizes)), "$").deck
    assert deck
    assert [card.title.split()[0] for card in deck.cards] == [str(n) for n in range(3, 13)]
    assert deck.caption == "Cards for the ten largest of 12 segments; the table has them all."


def test_a_wide_table_is_split_and_no_number_is_cut(copy: Copy) -> None:
    _, reply = ask(copy, CASES["migration"])
    file = io.StringIO()
    print_reply(Console(file=file, width=40, color_system=None), reply, show_sql=False)
    text = file.getvalue()
    assert all(len(line) <= 40 for line in text.splitlines())
    numbers_in_table = [cell.text for row in reply.tables[1].rows for cell in row[1:]]
    assert all(re.search(rf"(?<!\d){number}(?!\d)", text) for number in numbers_in_table)
    assert text.count("Cash-advance") >= 3


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query("feature_stat"), "Which feature do you mean?"),
        (Query("distribution"), "Which feature do you mean?"),
        (Query("customer_lookup"), "Which customer do you mean?"),
        (Query("explain_customer"), "Which customer do you mean?"),
        (Query("breakdown"), "Which"),
        (Query("glossary"), "Which term?"),
    ],
)
def test_a_question_without_its_subject_is_asked_back(copy: Copy, query: Query, text: str) -> None:
    found, reply = ask(copy, query)
    assert reply.text.startswith(text)
    assert found.status == reply.status == "clarify"


@pytest.mark.parametrize("intent", ["feature_stat", "distribution", "rank_segments", "breakdown"])
def test_a_trait_is_broken_down_however_it_was_asked(copy: Copy, intent: str) -> None:
    found, reply = ask(copy, Query(intent, features=("AGE_BAND",), trait="AGE_BAND"))
    assert found.query.intent == intent
    assert reply.text.startswith("Age band “18-24” is most over-represented in segment 2")


def test_a_feature_is_distributed_when_a_breakdown_was_asked(copy: Copy) -> None:
    _, reply = ask(copy, Query("breakdown", trait="TENURE"))
    assert reply.tables[0].caption == "Months on book on 5 Oct 2026"


def test_who_is_borderline_is_told_of_the_latest_date_only(copy: Copy) -> None:
    borders = Query("find_customers", segments=(2,), term="borderline")
    assert "are borderline on 5 Oct 2026" in ask(copy, borders)[1].text
    earlier = ask(copy, dataclasses.replace(borders, as_of=date(2026, 9, 21)))[1].text
    assert earlier.startswith("The values of single customers on 21 Sep 2026 are no longer kept")


def test_customers_of_dates_no_longer_kept_are_not_counted_as_none(tmp_path: Path) -> None:
    pruned = build(tmp_path, kept_weeks=3)
    for name in ("feature_stat_filter", "find_customers", "distribution", "recommend"):
        text = ask(pruned, dataclasses.replace(CASES[name], as_of=date(2026, 8, 24)))[1].text
        assert text.startswith("The values of single customers on 24 Aug 2026 are no longer kept")
        kept = ask(pruned, dataclasses.replace(CASES[name], as_of=date(2026, 9, 21)))[0]
        assert kept.as_of == date(2026, 9, 21)
        assert kept.data.as_of == date(2026, 9, 21)
    profile = ask(pruned, dataclasses.replace(CASES["segment_profile"], as_of=date(2026, 8, 24)))
    assert profile[1].text.startswith("Segment 2 (Instalment shoppers) has 143 customers")


STATISTICS = "mean median sum min max p10 p25 p75 p90 share count zero_share index".split()
SOME_FEATURES = st.sampled_from(["PURCHASES", "TENURE", "UTILISATION", "AGE_BAND", "NOTHING"])
SOME_SEGMENTS = st.sampled_from([0, 1, 2, 5, 6, 7, 8, -1])
SOME_DATES = st.dates(date(2025, 12, 1), date(2027, 1, 31))
CONDITIONS = st.builds(
    Condition,
    SOME_FEATURES,
    st.sampled_from(["<", "<=", "=", ">=", ">"]),
    st.floats(-1e6, 1e6) | st.sampled_from([0.0, 0.5]),
) | st.builds(
    Condition, SOME_FEATURES, st.just("between"), st.tuples(st.floats(-1, 5), st.floats(0, 1e5))
)
QUERIES = st.builds(
    Query,
    st.sampled_from(INTENTS),
    segments=st.lists(SOME_SEGMENTS, max_size=3).map(tuple),
    features=st.lists(SOME_FEATURES, max_size=2).map(tuple),
    statistic=st.none() | st.sampled_from(STATISTICS),
    order=st.sampled_from([None, "asc", "desc"]),
    top=st.none() | st.integers(1, 50),
    weeks=st.none() | st.integers(0, 5000),
    as_of=st.none() | SOME_DATES,
    since=st.none() | SOME_DATES,
    from_segment=st.none() | SOME_SEGMENTS,
    to_segment=st.none() | SOME_SEGMENTS,
    customer=st.none() | st.sampled_from(["C10003", "C99999", "'; DROP", ""]),
    trait=st.none() | st.sampled_from(["AGE_BAND", "region", "TENURE", "no such"]),
    term=st.none() | st.text(max_size=20),
    offer=st.none() | st.sampled_from(["cashback", "autopay", "yacht"]),
    chart=st.booleans(),
    filter=st.lists(CONDITIONS, max_size=2).map(tuple),
)


@settings(max_examples=400, deadline=None)
@given(query=QUERIES)
def test_no_query_breaks_an_answer(copy: Copy, query: Query) -> None:
    found, reply = ask(copy, query)
    assert reply.text
    assert not re.search(r"(?<!^)\bNone\b(?! of the)", reply.text)
    assert "nan" not in re.findall(r"\w+", reply.text)
    assert limits.check(rich(reply)) == []
    json.dumps(dataclasses.asdict(found.data), default=str, allow_nan=False)


@pytest.mark.parametrize("intent", ["segment_profile", "explain_segment"])
def test_no_segment_that_was_named_is_left_out(copy: Copy, intent: str) -> None:
    reply = ask(copy, Query(intent, segments=(2, 3)))[1]
    assert "Segment 2 (Instalment shoppers) and segment 3 (One-off buyers)" in reply.text
