"""What marketers type becomes the query they mean, a question back, or an honest no."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.catalogue import Catalogue, card_catalogue
from analytics.model import INTENTS, Condition, Feature, Query
from bot.questions.books import phrase_book
from bot.questions.intents.wording import question
from bot.questions.parse import parse
from bot.questions.reading import Reading
from bot.questions.things.lexicon import Lexicon, SegmentWords
from tests.unit.questions.cases import TODAY, Case, cases, lexicon
from tests.unit.questions.score import styles

LEXICON = lexicon()
TUNED = styles("dev")
HELD_OUT = styles("heldout")


def read(text: str, known: Lexicon = LEXICON, previous: Query | None = None) -> Reading:
    readings = parse(text, known, today=TODAY, previous=previous)
    assert len(readings) == 1, readings
    return readings[0]


def query(text: str, known: Lexicon = LEXICON, previous: Query | None = None) -> Query:
    reading = read(text, known, previous)
    assert reading.status == "understood", reading
    return reading.query


@pytest.mark.parametrize("case", cases("design"), ids=lambda case: case.text)
def test_every_example_of_the_design_is_read_as_it_says(case: Case) -> None:
    assert case.fits(case.read(LEXICON)), case.read(LEXICON)


@cache
def read_style(name: str) -> list[tuple[Case, tuple[Reading, ...]]]:
    """The questions of a style, each with its readings."""
    return [(case, case.read(LEXICON)) for case in cases(name)]


def share(names: list[str], counts: Callable[[Case, tuple[Reading, ...]], bool]) -> float:
    """Of the questions of some styles, the share of which something holds."""
    found = [counts(case, read) for name in names for case, read in read_style(name)]
    return sum(found) / len(found)


@pytest.mark.parametrize("style", TUNED)
def test_styles_used_for_tuning_are_read_right(style: str) -> None:
    assert share([style], Case.fits) >= 0.9


def test_together_they_are_hardly_ever_misread() -> None:
    assert share(TUNED, Case.fits) >= 0.975
    assert share(TUNED, Case.confidently_wrong) <= 0.006


def test_styles_never_used_for_tuning_stay_above_their_floor() -> None:
    assert share(HELD_OUT, Case.fits) >= 0.94
    assert share(HELD_OUT, Case.confidently_wrong) <= 0.022


def test_what_is_out_of_scope_is_declined() -> None:
    styles_read = [one for name in (*TUNED, *HELD_OUT, "design") for one in read_style(name)]
    asked = [readings for case, readings in styles_read if case.is_out_of_scope]
    declined = [all(r.status == "declined" for r in readings) for readings in asked]
    assert len(asked) >= 150
    assert sum(declined) >= 0.98 * len(asked)


def test_every_intent_is_understood_somewhere() -> None:
    asked = [c for name in (*TUNED, "design") for c in cases(name)]
    seen = Counter(either[0].intent for c in asked for either in c.expected)
    assert all(seen[intent] >= 3 for intent in INTENTS), seen


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=4000))
def test_any_text_is_read_without_an_error(text: str) -> None:
    readings = parse(text, LEXICON, today=TODAY, previous=Query("segment_profile", segments=(2,)))
    assert readings
    assert all(0 <= r.confidence <= 1 for r in readings)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([c.text for name in TUNED for c in cases(name)]), max_size=8))
def test_any_mixture_of_questions_is_read_without_an_error(texts: list[str]) -> None:
    for reading in parse(" ".join(texts), LEXICON, today=TODAY):
        assert reading.query.intent in INTENTS
        assert (reading.status == "understood") == (not reading.message)


def typo(text: str, rng: random.Random) -> str:
    """The text with one slip of the thumb in a word of four letters or more."""
    words = text.split(" ")
    places = [n for n, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    at = rng.choice(places)
    word = words[at]
    i = rng.randrange(1, len(word) - 1)
    words[at] = rng.choice(
        [
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
            word[:i] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[i + 1 :],
        ]
    )
    return " ".join(words)


@pytest.mark.parametrize(
    "text",
    [
        "profile of segment 2",
        "compare segment 1 and segment 3 on credit limit",
        "what is the average balance in segment 4",
        "which segment has the highest purchases",
        "how many customers moved from segment 1 to segment 2 last month",
        "why did segment 3 shrink",
        "customers with balance over 5000 in segment 2",
        "what should we offer the dormant customers",
    ],
)
def test_twenty_slips_of_the_thumb_leave_the_query_the_same(text: str) -> None:
    rng = random.Random(text)
    meant = query(text)
    same = [parse(typo(text, rng), LEXICON, today=TODAY)[0].query == meant for _ in range(20)]
    assert sum(same) >= 18


def test_the_same_question_is_always_read_the_same() -> None:
    fresh = lexicon()
    for case in cases("dev_casual"):
        assert case.read(fresh) == case.read(LEXICON)


def test_another_process_reads_every_question_the_same() -> None:
    """The order of a set is another in each process; no reading may hang on it."""
    told = (
        "from tests.unit.questions.cases import cases, lexicon; known = lexicon();"
        "print([[(r.status, r.query, r.confidence) for r in case.read(known)]"
        " for case in cases('dev_texts')])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", told],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


class TestSegments:
    def test_a_name_two_segments_could_have_is_asked_back_with_both(self) -> None:
        known = Lexicon.build(
            [
                SegmentWords(2, "Cash-advance revolvers"),
                SegmentWords(5, "Cash-and-shopping revolvers"),
            ],
            card_catalogue(),
        )
        reading = read("how big are the revolvers", known)
        assert reading.status == "clarify"
        assert [o.query.segments for o in reading.options] == [(2,), (5,)]
        assert "Cash-advance revolvers" in reading.message

    def test_former_names_stay_understood_and_the_live_name_wins(self) -> None:
        known = Lexicon.build(
            [
                SegmentWords(1, "Champions", ("Big spenders",)),
                SegmentWords(2, "Sleepers", ("Champions of old",)),
            ],
            card_catalogue(),
        )
        assert query("profile of big spenders", known).segments == (1,)
        assert query("profile of champions", known).segments == (1,)

    @pytest.mark.parametrize(
        ("text", "segments"),
        [
            ("compare segments 1, 2 and 5", (1, 2, 5)),
            ("compare segs 2-4", (2, 3, 4)),
            ("compare s3 & s1", (3, 1)),
            ("compare cluster #2 with #6", (2, 6)),
            ("compare segment three vs the dormant cards", (3, 5)),
        ],
    )
    def test_segments_come_in_the_order_of_mention(
        self, text: str, segments: tuple[int, ...]
    ) -> None:
        assert query(text).segments == segments


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "as_of"),
        [
            ("size of segment 2 on 14 Sep", date(2026, 9, 14)),
            ("size of segment 2 on 2026-09-16", date(2026, 9, 14)),
            ("size of segment 2 on September 20th, 2026", date(2026, 9, 14)),
            ("size of segment 2 in the first week", date(2026, 8, 3)),
            ("size of segment 2 4 wks ago", date(2026, 9, 7)),
            ("size of segment 2 last week", date(2026, 9, 28)),
            ("size of segment 2 at the end of august", date(2026, 8, 31)),
        ],
    )
    def test_a_time_is_the_stored_snapshot_at_or_before_it_and_said(
        self, text: str, as_of: date
    ) -> None:
        reading = read(text)
        assert reading.query == Query("segment_size", segments=(2,), as_of=as_of)
        assert any(f"{as_of:%b %Y}" in note for note in reading.notes)

    @pytest.mark.parametrize(
        ("text", "weeks"),
        [
            ("trend of segment 2 over the past 8 wks", 8),
            ("trend of segment 2 in the last month", 4),
            ("trend of segment 2 over the last 3 months", 13),
            ("trend of segment 2 over the last quarter", 13),
            ("trend of segment 2 over the past year", 52),
        ],
    )
    def test_a_window_is_counted_in_weeks(self, text: str, weeks: int) -> None:
        assert query(text) == Query("segment_trend", segments=(2,), weeks=weeks)

    def test_ago_counts_from_the_last_snapshot_when_nothing_came_for_long(self) -> None:
        late = parse("size of segment 2 two weeks ago", LEXICON, today=date(2027, 6, 1))[0]
        assert late.query.as_of == date(2026, 9, 21)

    def test_without_snapshots_a_time_is_left_out(self) -> None:
        known = Lexicon.build([SegmentWords(2, "Sleepers")], card_catalogue())
        assert query("size of segment 2 last month", known).as_of is None


class TestConditions:
    @pytest.mark.parametrize(
        ("said", "condition"),
        [
            ("balance over 5k", Condition("BALANCE", ">", 5000)),
            ("balance of at least $1,250.50", Condition("BALANCE", ">=", 1250.5)),
            ("a balance between 1,000 and $2,000", Condition("BALANCE", "between", (1000, 2000))),
            ("a limit of 2-5k", Condition("CREDIT_LIMIT", "between", (2000, 5000))),
            ("10k+ credit limit", Condition("CREDIT_LIMIT", ">=", 10_000)),
            ("payments <= 3", Condition("PAYMENTS", "<=", 3)),
            ("zero purchases", Condition("PURCHASES", "=", 0)),
            ("no cash advances", Condition("CASH_ADVANCE", "=", 0)),
            ("more than 3 cash advances", Condition("CASH_ADVANCE_TRX", ">", 3)),
            ("more than $300 in cash advances", Condition("CASH_ADVANCE", ">", 300)),
            ("utilisation above 50 %", Condition("UTILISATION", ">", 0.5)),
            ("utilisation under 20", Condition("UTILISATION", "<", 0.2)),
            ("tenure 12", Condition("TENURE", "=", 12)),
        ],
    )
    def test_amounts_are_read_in_the_unit_of_the_feature(
        self, said: str, condition: Condition
    ) -> None:
        expected = Query("find_customers", statistic="count", filter=(condition,))
        assert query(f"how many customers with {said}") == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("average rainfall in segment 2", "rainfall"),
        ("how many vegetarians are in segment 4", "vegetarians"),
        ("median shoe size of the full payers", "shoe"),
    ],
)
def test_a_word_nothing_explains_is_never_passed_over(text: str, word: str) -> None:
    reading = read(text)
    assert reading.status == "declined"
    assert word in reading.message


@pytest.mark.parametrize(
    "text",
    [
        "Hi Sam, how big is segment 2? Kind regards, Tom",
        "KPI check: how big is segment 2",
        "I have a meeting on slide 7, how big is segment 2",
        "We are planning the spring. How big is segment 2? Many thanks!",
        "Mark from Finance asked how big segment 2 is",
    ],
)
def test_talk_around_a_question_is_no_part_of_it(text: str) -> None:
    assert query(text) == Query("segment_size", segments=(2,))


def test_each_statistic_asked_for_is_answered() -> None:
    both = parse("mean and median balance of segment 4", LEXICON, today=TODAY)
    assert [r.query.statistic for r in both] == ["mean", "median"]
    each = parse("average balance and median payments in segment 3", LEXICON, today=TODAY)
    assert [(r.query.features, r.query.statistic, r.query.segments) for r in each] == [
        (("BALANCE",), "mean", (3,)),
        (("PAYMENTS",), "median", (3,)),
    ]


def test_a_condition_that_cannot_be_met_is_declined_and_never_left_out() -> None:
    columns = read("customers where payments are below purchases")
    assert columns.status == "declined"
    assert "sql select count(*) from features where payments < purchases" in columns.message
    assert query("how many customers owe more than their limit").filter == (
        Condition("UTILISATION", ">", 1),
    )
    assert read("average credit limit of customers in the north").status == "declined"


@pytest.mark.parametrize(
    "text",
    ["merge segments 2 and 5", "move everyone from segment 2 to segment 4", "delete segment 5",
     "put C10077 into segment 1", "increase the credit limit of segment 1 by 10%"],
)  # fmt: skip
def test_orders_to_change_customers_or_segments_name_what_can_be_changed(text: str) -> None:
    reading = read(text)
    assert reading.status == "declined"


def test_a_whole_question_takes_no_condition_over() -> None:
    previous = Query("find_customers", (2,), filter=(Condition("BALANCE", ">", 5000),))
    assert query("smallest seg?", previous=previous) == Query("rank_segments", order="asc", top=1)
    found = query("how many customers have credit limit > 10k", previous=previous)
    assert found.segments == ()
    assert found.filter == (Condition("CREDIT_LIMIT", ">", 10_000),)


def test_a_stranger_s_name_is_not_the_customer_before() -> None:
    previous = Query("customer_lookup", customer="C10001")
    assert read("John Smith's card", previous=previous).status == "declined"


def test_a_trait_of_offers_leaves_offers_and_never_their_meaning() -> None:
    trait = Feature("OFFER_RESPONSE", "offer response", "text", synonyms=("offers",))
    answers = {"OFFER_RESPONSE": ("never", "sometimes", "often")}
    known = Lexicon.build([SegmentWords(2, "Sleepers")], card_catalogue(), [trait], answers)
    assert query("what offer should we send segment 2", known) == Query("recommend", (2,))
    found = query("avg balance for ppl who never pay in full", known)
    assert found.filter == (Condition("PRC_FULL_PAYMENT", "=", 0),)
    assert query("segment 2 by offer response", known).trait == "OFFER_RESPONSE"


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("whats the silhouette score", "silhouette"),
        ("do u use age or gender??", "inputs"),
        ("is this legal under ecoa / reg b", "inputs"),
        ("are the segments stable", "stability"),
        ("how were these segments made", None),
    ],
)
def test_a_question_about_the_model_says_what_of_it(text: str, aspect: str | None) -> None:
    assert query(text) == Query("model_info", term=aspect)


def test_a_feature_said_by_its_name_is_not_explained() -> None:
    assert read("average balances in segment 2").notes == ()
    assert read("average spending in segment 2").notes == ()
    assert "owe" in str(read("how much do customers in segment 2 owe on average").notes)


def test_yes_confirms_what_waits_for_a_yes_and_nothing_else() -> None:
    export = Query("export_audience", segments=(2,))
    reading = read("yes, go ahead", previous=export)
    assert (reading.query, reading.trace["confirmed"]) == (export, True)
    assert "confirmed" not in read("yes", previous=Query("segment_size", segments=(2,))).trace
    assert read("no", previous=export).query != export


class TestSql:
    @pytest.mark.parametrize(
        "text",
        [
            "select count(*) from customers",
            "/sql select 1",
            "WITH t AS (SELECT 1 AS x) FROM t",
            "from segments select name",
            "SUMMARIZE features",
            "sql describe segments",
        ],
    )
    def test_statements_are_kept_as_written(self, text: str) -> None:
        statement = text.removeprefix("/sql ").removeprefix("sql ")
        assert query(text) == Query("sql", sql=statement)

    @pytest.mark.parametrize(
        ("before", "statement"),
        [
            ("run this for me: ", "select region, count(*) from customers group by region"),
            ("Here it goes:\n", "SELECT max(credit_limit) FROM features WHERE cash_advance > 0"),
            ("can you run ", "select * from segment_sizes order by as_of desc limit 12"),
        ],
    )
    def test_a_statement_may_end_a_message(self, before: str, statement: str) -> None:
        assert query(before + statement) == Query("sql", sql=statement)

    @pytest.mark.parametrize(
        "text",
        [
            "with whom does segment 2 compare",
            "show segment 2",
            "please select the customers from segment 2",
            "select some customers from segments 2 and 3 for a survey",
        ],
    )
    def test_plain_english_is_no_statement(self, text: str) -> None:
        assert parse(text, LEXICON, today=TODAY)[0].query.intent != "sql"

    @pytest.mark.parametrize(
        "text",
        ["drop table customers", "select 1; delete from customers", "copy customers to 'x.csv'"],
    )
    def test_statements_that_write_are_declined(self, text: str) -> None:
        assert read(text).status == "declined"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "which segment loses the most customers",
            Query("migration", order="desc", term="left"),
        ),
        (
            "which segment gained the fewest customers over the last 4 weeks",
            Query("migration", order="asc", weeks=4, term="joined"),
        ),
        (
            "how many joined this month",
            Query("migration", since=date(2026, 9, 28), term="joined"),
        ),
        ("how many new customers last week", Query("migration", weeks=1, term="joined")),
        ("who left segment 2", Query("migration", from_segment=2)),
        ("biggest moves", Query("migration", order="desc")),
    ],
)
def test_who_left_or_joined_is_about_that_side(text: str, expected: Query) -> None:
    assert query(text) == expected
    assert query(question(expected, LEXICON)) == expected


def test_a_movement_goes_on_with_the_other_side_or_with_a_segment() -> None:
    joined = Query("migration", weeks=4, term="joined")
    assert query("and how many left?", previous=joined) == replace(joined, term="left")
    narrowed = query("and segment 2?", previous=joined)
    assert narrowed.term is None
    assert 2 in (narrowed.from_segment, narrowed.to_segment)


def test_what_a_segment_earns_is_declined_with_what_is_held() -> None:
    reading = read("is segment 2 profitable")
    assert reading.status == "declined"
    assert "purchases or balance or payments" in reading.message


def test_protected_grounds_are_declined_and_a_loaded_one_is_shown_as_a_breakdown() -> None:
    assert read("how many pensioners in segment 3").message.endswith("Try: segment 3 by age band.")
    women = read("how many women are in segment 2").message
    assert women.endswith("Try: profile of segment 2.")
    assert "none of it" not in women


class TestAnotherCompany:
    """A company whose columns are not those of a card file."""

    KNOWN = Lexicon.build(
        [
            SegmentWords(1, "High total trans amt, low total revolving bal"),
            SegmentWords(2, "Quiet"),
        ],
        Catalogue([]).extended(
            {
                "Total_Trans_Amt": {"unit": "money", "label": "transaction amount"},
                "Total_Trans_Ct": {"unit": "count", "synonyms": ["swipes"]},
                "Months_Inactive_12_mon": {"unit": "months"},
                "Avg_Utilization_Ratio": {"unit": "share"},
                "Interest_Revenue": {"unit": "money", "synonyms": ["interest income"]},
            }
        ),
        [Feature("Income_Category", "income category", "text", "demographic")],
        {"Income_Category": ("$60K - $80K", "Less than $40K")},
    )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "median transaction amount of segment 1",
                Query("feature_stat", (1,), ("Total_Trans_Amt",), "median"),
            ),
            ("average swipes by segment", Query("feature_stat", (), ("Total_Trans_Ct",), "mean")),
            (
                "which segment has the highest Avg_Utilization_Ratio",
                Query("rank_segments", (), ("Avg_Utilization_Ratio",), order="desc", top=1),
            ),
            (
                "average interest revenue of segment 2",
                Query("feature_stat", (2,), ("Interest_Revenue",), "mean"),
            ),
            (
                "which segment has the highest interest income",
                Query("rank_segments", (), ("Interest_Revenue",), order="desc", top=1),
            ),
            ("segment 2 by income category", Query("breakdown", (2,), trait="Income_Category")),
            (
                "customers with Months_Inactive_12_mon over 3",
                Query("find_customers", filter=(Condition("Months_Inactive_12_mon", ">", 3),)),
            ),
            ("which segment is 768805383 in", Query("customer_lookup", customer="768805383")),
        ],
    )
    def test_its_columns_are_understood(self, text: str, expected: Query) -> None:
        assert query(text, self.KNOWN) == expected


def test_a_button_asks_exactly_its_query() -> None:
    readings = [r for name in (*TUNED, "design") for _, read in read_style(name) for r in read]
    options = {option.question: option for r in readings for option in r.options}
    assert len(options) > 30
    for option in options.values():
        assert len(option.label) <= 60
        asked = parse(option.question, LEXICON, today=TODAY)[0].query
        assert replace(asked, top=option.query.top) == option.query, option


def test_a_query_in_words_is_read_as_that_query() -> None:
    unsaid = ("*", "sql", "schedule", "rename_segment")
    expected = [e for name in (*TUNED, "design") for c in cases(name) for e, *_ in c.expected]
    meant = [e for e in expected if e.status == "understood" and e.intent not in unsaid]
    asked = list(dict.fromkeys(e.query() for e in meant))
    read_again = [parse(question(q, LEXICON), LEXICON, today=TODAY)[0].query for q in asked]
    same = sum(again == meant for again, meant in zip(read_again, asked, strict=True))
    assert same >= 0.97 * len(asked)


def test_what_a_refusal_suggests_works() -> None:
    for case in (*cases("dev_scope"), *cases("dev_economics")):
        for reading in case.read(LEXICON):
            if reading.status == "declined":
                _, suggestion = reading.message.rsplit("Try: ", 1)
                again = parse(suggestion.removesuffix("."), LEXICON, today=TODAY)[0]
                assert again.status == "understood", suggestion


def test_phrases_refer_only_to_intents_and_slots_there_are() -> None:
    book = phrase_book("intents")["intents"]
    assert set(book) | {"out_of_scope"} == set(INTENTS)
    for entry in book.values():
        assert set(entry["slots"]) <= set(Query.__slots__)
