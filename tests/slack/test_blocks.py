"""Any reply fits Slack, and what does not fit is said to be left out."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.blocks import SHAPES, headline, rich, text_only, with_plain_tables, without_cards
from bot.reply import Card, Cell, Chart, Choice, Column, Deck, Reply, Series, Table
from bot.slack.limits import MAX_CHARACTERS, MAX_TEXT, check, size
from bot.slack.text import clip, escape, inert, unescape
from tests.slack.double import UNMODELLED

anything = st.text(st.characters(), max_size=80) | st.text("&<>*_~`\x00\u202e\n a", max_size=4_000)
numbers = st.floats() | st.integers(-5, 10**12).map(float)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(0, 25))
    texts = draw(st.lists(anything, min_size=1, max_size=5))
    values = draw(st.lists(st.none() | numbers, min_size=1, max_size=5))
    cells = [Cell(text, value) for text in texts for value in values]
    rows = draw(st.integers(0, 130))
    return Table(
        draw(anything),
        tuple(
            Column(texts[n % len(texts)], draw(st.sampled_from(["left", "right"])))
            for n in range(columns)
        ),
        tuple(tuple(cells[(r + c) % len(cells)] for c in range(columns)) for r in range(rows)),
    )


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    categories = draw(st.lists(anything, max_size=30))
    values = st.lists(numbers, min_size=len(categories), max_size=len(categories))
    series = draw(st.lists(st.tuples(anything, values), max_size=9))
    return Chart(
        draw(st.sampled_from(["bar", "line", "pie", "area"])),
        draw(anything),
        tuple(categories),
        tuple(Series(name, tuple(points)) for name, points in series),
        draw(anything),
    )


choices = st.builds(Choice, anything, anything)
cards = st.builds(Card, anything, anything, anything, st.lists(choices, max_size=5).map(tuple))
decks = st.builds(Deck, st.lists(cards, max_size=14).map(tuple), anything)

replies = st.builds(
    Reply,
    status=st.just("answered"),
    text=anything,
    tables=st.lists(tables(), max_size=4).map(tuple),
    charts=st.lists(charts(), max_size=4).map(tuple),
    deck=st.none() | decks,
    footer=anything,
    sql=st.lists(st.text(max_size=3_000), max_size=3).map(tuple),
    choices=st.lists(choices, max_size=30).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_any_reply_is_within_every_limit(reply: Reply) -> None:
    for blocks in (draw(reply) for draw in SHAPES):
        assert check(blocks) == []
        for block in blocks:
            if block["type"] not in UNMODELLED:
                modelled = SdkBlock.parse(block)
                assert modelled
                modelled.validate_json()
    assert 1 <= len(headline(reply)) <= MAX_TEXT
    assert 1 <= len(text_only(reply)) <= MAX_TEXT


@given(st.text(), st.integers(10, 60))
def test_cut_text_is_a_whole_beginning(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert 1 <= len(cut) <= limit
    assert escape(unescape(cut)) == cut  # no entity was cut in two


@given(anything, st.integers(10, 60))
def test_marks_of_mrkdwn_come_out_as_they_are(text: str, limit: int) -> None:
    shown = inert(text, limit)
    assert 1 <= len(shown) <= limit
    assert not re.search(r"[*_~`](?![\u2060…])|^&gt;|:[a-z][\w+'-]*:", shown, re.M)


def test_numbers_sort_as_numbers_and_empty_cells_show_a_dash() -> None:
    table = Table(
        "Sizes", (Column("Segment"), Column("Customers", "right")),
        ((Cell("A"), Cell("1.2k", 1234.0)), (Cell(""), Cell("n/a", math.nan))),
    )  # fmt: skip
    block = next(b for b in rich(Reply("answered", "x", (table,))) if b["type"] == "data_table")
    assert block["rows"] == [
        [{"type": "raw_text", "text": "Segment"}, {"type": "raw_text", "text": "Customers"}],
        [
            {"type": "raw_text", "text": "A"},
            {"type": "raw_number", "value": 1234.0, "text": "1.2k"},
        ],
        [{"type": "raw_text", "text": "–"}, {"type": "raw_text", "text": "n/a"}],
    ]


def test_what_does_not_fit_is_said() -> None:
    columns = tuple(Column(f"c{n}") for n in range(22))
    table = Table("Wide", columns, (tuple(Cell("1") for _ in columns),) * 150)
    texts = [b["elements"][0]["text"] for b in rich(Reply("answered", "x", (table,)))[2:]]
    assert texts == ["Showing the first 100 of 150 rows, 20 of 22 columns."]


def test_a_long_answer_is_cut_into_sections_at_line_ends() -> None:
    lines = [f"Line {number}: " + "word " * 20 for number in range(45)]
    blocks = with_plain_tables(Reply("answered", "\n".join(lines)))
    sections = [b["text"]["text"] for b in blocks]
    assert len(sections) == 2
    assert sections[0].endswith("\n")
    assert "".join(sections) == "\n".join(lines).strip()


def test_lines_become_paragraphs_bullets_and_bold_leads() -> None:
    text = "It grew.\nWhy: more came, at 08:00.\n• R&D: 5\n• <b> 6"
    headline, rest = rich(Reply("answered", text))
    assert headline["text"]["text"] == "It grew."
    paragraph, bullets = rest["elements"]
    assert paragraph["elements"] == [
        {"type": "text", "text": "Why:", "style": {"bold": True}},
        {"type": "text", "text": " more came, at 08:00."},
    ]
    shown = ["".join(run["text"] for run in item["elements"]) for item in bullets["elements"]]
    assert shown == ["R&D: 5", "‹b› 6"]


def test_the_first_screen_answers_and_the_rest_is_folded_under_its_own_heading() -> None:
    apart = ["Apart:", *(f"• point {number} " + "x" * 300 for number in range(4))]
    text = "\n".join(["It grew.", "Short line.", *apart])
    row = (Cell("A"), Cell("1", 1.0))
    table = Table("Sizes", (Column("Segment"), Column("Customers")), (row,))
    blocks = rich(Reply("answered", text, (table,)))
    assert [b["type"] for b in blocks] == ["section", "rich_text", "data_table", "container"]
    folded = str(blocks[-1])
    assert "Short line." in str(blocks[1])
    assert all(line.removeprefix("• ") in folded for line in apart)
    assert blocks[-1]["default_collapsed"]
    digest = rich(Reply("answered", text, (table,), meta={"intent": "digest"}))
    assert "container" not in [b["type"] for b in digest]  # it is written to be read whole


SIZES = Table("Sizes", (Column("Segment"), Column("Customers")), ((Cell("A"), Cell("1", 1.0)),))
BARS = Chart("bar", "Sizes", ("A",), (Series("n", (1.0,)),))


def deck(cards: int, choices: int = 2) -> Deck:
    asked = tuple(Choice(f"Ask {n}", f"question {n}") for n in range(choices))
    return Deck(
        tuple(Card(f"{n} Savers", "5 customers", "They save.", asked) for n in range(cards))
    )


def kinds(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["type"] for block in blocks]


def test_cards_stand_for_the_list_and_beside_a_chart_for_the_table() -> None:
    text = "There are two.\n• One: saves\n• Two: spends\n(I took that as of 5 Oct.)"
    reply = Reply("answered", text, (SIZES,), deck=deck(2))
    drawn = rich(reply)
    assert kinds(drawn) == ["section", "rich_text", "data_table", "carousel"]
    assert "I took that" in str(drawn)
    assert "saves" not in str(drawn)
    charted = rich(replace(reply, charts=(BARS,)))
    assert kinds(charted)[2:] == ["data_visualization", "container", "carousel"]
    assert kinds(charted[3]["child_blocks"]) == ["table"]
    assert kinds(without_cards(reply)) == ["section", "rich_text", "data_table"]
    assert "saves" in str(without_cards(reply))
    assert "saves" in text_only(reply)


def test_a_card_asks_by_action_ids_of_its_own() -> None:
    first, second = rich(Reply("answered", "x", deck=deck(2)))[1]["elements"]
    assert first["title"] == {"type": "mrkdwn", "text": "0 Savers", "verbatim": True}
    ids = [[b["action_id"] for b in card["actions"]] for card in (first, second)]
    assert ids == [["ask_0_0", "ask_0_1"], ["ask_1_0", "ask_1_1"]]
    assert second["actions"][1]["value"] == "question 1"


def test_no_more_than_ten_cards_with_three_buttons() -> None:
    block = rich(Reply("answered", "x", deck=deck(12, choices=5)))[1]
    assert len(block["elements"]) == 10
    assert {len(card["actions"]) for card in block["elements"]} == {3}


def test_cards_too_long_for_the_message_leave_the_list() -> None:
    asked = (Choice("Ask", "q" * 1_900),)
    long = Deck(tuple(Card(f"{n}", choices=asked) for n in range(4)))
    reply = Reply("answered", "Two.\n• One\n• Two", deck=long)
    assert rich(reply) == without_cards(reply)


def test_a_pie_with_many_slices_or_a_zero_becomes_bars() -> None:
    def drawn(*values: float) -> str:
        names = tuple(f"s{number}" for number in range(len(values)))
        chart = Chart("pie", "Sizes", names, (Series("customers", values),))
        (_, block) = rich(Reply("answered", "x", charts=(chart,)))
        return str(block["chart"]["type"])

    assert drawn(3, 2, 1) == "pie"
    assert drawn(3, 2, 0) == "bar"
    assert drawn(*range(1, 9)) == "bar"


def test_a_long_trend_keeps_its_newest_points() -> None:
    weeks = tuple(f"week {number}" for number in range(30))
    chart = Chart("line", "Size", weeks, (Series("A", tuple(map(float, range(30)))),))
    (_, block) = rich(Reply("answered", "x", charts=(chart,)))
    assert block["chart"]["axis_config"]["categories"] == list(weeks[10:])
    assert block["chart"]["series"][0]["data"][-1] == {"label": "week 29", "value": 29.0}


def test_labels_that_become_alike_when_cut_stay_apart() -> None:
    names = ("Customers who pay in instalments", "Customers who pay in one go")
    chart = Chart("bar", "Sizes", names, (Series("n", (1.0, 2.0)),))
    (_, block) = rich(Reply("answered", "x", charts=(chart,)))
    assert block["chart"]["axis_config"]["categories"] == [
        "Customers who pay i…", "Customers who pay… 2"
    ]  # fmt: skip


def test_the_check_refuses_what_slack_would() -> None:
    def plain(text: str) -> dict[str, Any]:
        return {"type": "plain_text", "text": text}

    def refused(*blocks: dict[str, Any]) -> str:
        return "; ".join(check(list(blocks)))

    section: dict[str, Any] = {"type": "section", "text": plain("fine")}
    cell: dict[str, Any] = {"type": "raw_text", "text": "x"}
    point = {"label": "a", "value": 1}
    assert refused(section) == ""
    assert "46 blocks" in refused(*[section] * 46)
    assert "0 blocks" in refused()
    assert "3001 characters" in refused({"type": "section", "text": plain("x" * 3001)})
    assert "in all" in refused(*[{"type": "section", "text": plain("x" * 2900)}] * 4)
    assert "is empty" in refused({"type": "section", "text": plain(" ")})
    assert "unescaped" in refused({"type": "section", "text": plain("<!channel>")})
    assert "unescaped" in refused({"type": "section", "text": plain("R&D")})
    assert "control" in refused({"type": "section", "text": plain("a\x00b")})
    assert "151 characters" in refused({"type": "header", "text": plain("x" * 151)})
    assert "does not send" in refused({"type": "sectoin"})
    button: dict[str, Any] = {"type": "button", "action_id": "a", "text": plain("Go"), "value": "v"}
    assert refused({"type": "actions", "elements": [button]}) == ""
    assert "share an action_id" in refused({"type": "actions", "elements": [button, button]})
    many = [{**button, "action_id": str(n)} for n in range(26)]
    assert "26 elements" in refused({"type": "actions", "elements": many})
    assert "76 characters" in refused(
        {"type": "actions", "elements": [{**button, "text": plain("x" * 76)}]}
    )
    assert "2001 characters" in refused(
        {"type": "actions", "elements": [{**button, "value": "x" * 2001}]}
    )
    assert "neither primary" in refused(
        {"type": "actions", "elements": [{**button, "style": "blue"}]}
    )
    text = {"type": "mrkdwn", "text": "fine"}
    card: dict[str, Any] = {"type": "card", "title": text, "actions": [button]}

    def leaf(*cards: dict[str, Any]) -> str:
        return refused({"type": "carousel", "elements": list(cards)})

    assert leaf(card) == ""
    assert "0 cards" in leaf()
    assert "11 cards" in leaf(*[{"type": "card", "title": text}] * 11)
    assert "an empty one" in leaf({"type": "card"})
    assert "is no card" in leaf(section)
    assert "share an action_id" in leaf(card, card)
    assert "151 characters" in leaf({**card, "title": {**text, "text": "x" * 151}})
    assert "151 characters" in leaf({**card, "subtitle": {**text, "text": "x" * 151}})
    assert "201 characters" in leaf({**card, "body": {**text, "text": "x" * 201}})
    assert "is not mrkdwn" in leaf({**card, "title": plain("fine")})
    assert "4 card buttons" in leaf({**card, "actions": many[:4]})
    assert "unescaped" in leaf({**card, "body": {**text, "text": "<@U1>"}})
    titles: dict[str, Any] = {
        "type": "carousel",
        "elements": [{"type": "card", "title": text}] * 10,
    }
    assert "55 blocks" in refused(*[titles] * 5)  # each card is one
    table: dict[str, Any] = {"type": "data_table", "caption": "c", "rows": [[cell], [cell]]}
    assert refused(table) == ""
    assert "1 rows" in refused({**table, "rows": [[cell]]})
    assert "102 rows" in refused({**table, "rows": [[cell]] * 102})
    assert "differ in length" in refused({**table, "rows": [[cell], [cell, cell]]})
    assert "21 columns" in refused({**table, "rows": [[cell] * 21] * 2})
    assert "is empty" in refused({**table, "rows": [[cell], [{"type": "raw_text", "text": ""}]]})
    assert "caption is empty" in refused({**table, "caption": ""})
    fold: dict[str, Any] = {"type": "container", "title": plain("t"), "is_collapsible": True}
    assert "holds no data_table" in refused({**fold, "child_blocks": [table]})
    long = {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 10_001}]]}
    assert "10001 characters in tables" in refused({**fold, "child_blocks": [long]})
    assert "page size 0" in refused({**table, "page_size": 0})
    number = {"type": "raw_number", "text": "x", "value": math.inf}
    assert "finite" in refused({**table, "rows": [[cell], [number]]})
    assert "raw_number is not sent" in refused({"type": "table", "rows": [[number]]})
    pie: dict[str, Any] = {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [point]},
    }
    assert refused(pie) == ""
    assert "3 charts" in refused(pie, pie, pie)
    assert "51 characters" in refused({**pie, "title": "x" * 51})
    assert "above zero" in refused(
        {**pie, "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}}
    )
    assert "does not exist" in refused({**pie, "chart": {"type": "donut"}})

    def bars(categories: list[str], *series: tuple[str, list[str]]) -> dict[str, Any]:
        drawn = [{"name": n, "data": [{"label": x, "value": 1} for x in xs]} for n, xs in series]
        axis = {"categories": categories}
        return {**pie, "chart": {"type": "bar", "series": drawn, "axis_config": axis}}

    assert refused(bars(["a", "b"], ("s", ["a", "b"]))) == ""
    assert "one per category" in refused(bars(["a", "b"], ("s", ["a"])))
    assert "one per category" in refused(bars(["a", "a"], ("s", ["a", "a"])))
    assert "share a name" in refused(bars(["a"], ("s", ["a"]), ("s", ["a"])))
    assert "21 characters" in refused(bars(["x" * 21], ("s", ["x" * 21])))
    names = [str(n) for n in range(21)]
    assert "21 points" in refused(bars(names, ("s", names)))


def test_size_counts_what_is_sent() -> None:
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "four"}}]
    assert size(blocks) == 4
    assert size(rich(Reply("answered", "x" * 50_000))) <= MAX_CHARACTERS
