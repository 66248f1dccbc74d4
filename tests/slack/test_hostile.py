"""Whatever data and people write, no surface formats it, mentions anybody or breaks by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from analytics.errors import SegmentryError
from analytics.model import Query
from analytics.publish import publish
from bot import digest
from bot.app import build_services
from bot.blocks import SHAPES, headline, rich, text_only
from bot.desk import Desk
from bot.listeners.turns import spoken
from bot.product import Asked, DigestWish, Front
from bot.reply import Reply
from bot.slack import surfaces
from bot.slack.app import build_slack, start_socket
from bot.slack.limits import Block, check
from tests.golden.answers_cases import CASES
from tests.golden.digest_store import build_digests
from tests.slack.double import UNMODELLED, SlackDouble
from tests.slack.test_blocks import anything, replies

BROADCAST = "<!channel> <!here> <@U1> <#C1|x> <https://evil.example|click> &lt;!everyone&gt;"
FORMATTED = "*bold* _it_ ~no~ `code` ```fence``` :tada: > quote\n# head {{ 7*7 }} %s {0}"
REORDERED = "\u202egnp.exe\u202c \u2066iso\u2069 שלום \u200f mark\u200b\ufeff"
CONTROL = "nul\x00 bell\x07 escape\x1b[31m delete\x7f c1\x85 tab\t"
LONG = "x" * 10_000
HOSTILE = (BROADCAST, FORMATTED, REORDERED, CONTROL, LONG, "& " * 5_000)
NEVER = re.compile(r"[<>\x00\x07\x1b\x7f\x85\u202a-\u202e\u2066-\u2069\ufeff]")


def harmless(blocks: list[Block], *texts: str) -> None:
    """Within every limit, as ours and the SDK's models see it, and nothing in it acts."""
    assert check(blocks) == []
    for block in blocks:
        if block["type"] not in UNMODELLED:
            modelled = SdkBlock.parse(block)
            assert modelled
            modelled.validate_json()
    for text in (*texts, *strings(blocks)):
        assert not NEVER.search(text)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def harmless_reply(reply: Reply) -> None:
    for blocks in (draw(reply) for draw in SHAPES):
        harmless(blocks, headline(reply), text_only(reply))
    harmless([*rich(reply), *surfaces.share_button(reply)])
    harmless(surfaces.behind(reply)["blocks"])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Segments, traits and a customer called by every hostile value."""
    home = tmp_path_factory.mktemp("hostile")
    names = dict(enumerate(HOSTILE, start=1))
    traits = {"north": BROADCAST, "south": REORDERED + CONTROL}
    build_digests(home, names=names, traits=traits)
    services = build_services(home)
    with services.store.writing("rename a customer") as connection:
        for table in ("features", "segment_history", "current_members", "customers"):
            connection.execute(
                f"UPDATE store.{table} SET customer_id = ? WHERE customer_id = 'C10003'",
                [BROADCAST],
            )
    publish(services.store)
    return Desk(services)


@pytest.mark.parametrize("name", CASES)
def test_every_answer(desk: Desk, name: str) -> None:
    query = CASES[name]
    reply = desk.answer(query, "U1", "C1")
    assert "went wrong on my side" not in reply.text
    harmless_reply(reply)
    harmless_reply(desk.explain(query))


def test_segments_on_cards_are_called_what_they_are_called(desk: Desk) -> None:
    drawn = rich(desk.answer(CASES["overview"], "U1", "C1"))
    (block,) = (block for block in drawn if block["type"] == "carousel")
    titles = {card["title"]["text"] for card in block["elements"]}
    assert any(title.startswith("1 &lt;!channel&gt;") for title in titles)
    assert any(title.startswith("2 *\u2060bold*\u2060 _\u2060it_\u2060") for title in titles)


def test_a_customer(desk: Desk) -> None:
    for intent in ("customer_lookup", "customer_history", "explain_customer"):
        reply = desk.answer(Query(intent, customer=BROADCAST), "U1", "C1")
        assert "There is no customer" not in reply.text
        harmless_reply(reply)
    (file,) = desk.export(Query("export_audience", segments=(1,)), "U1", "C1")
    assert not NEVER.search(file.said)
    assert re.fullmatch(r"[a-z0-9-]+\.csv", file.name)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "question",
    ["{}", "profile of {}", "which segment is customer {} in?", 'rename segment 2 to "{}"',
     "compare {} with segment 1", "what does {} mean?", "customers with {} > 5", "sql select '{}'",
     "sql {}"],
)  # fmt: skip
def test_every_question(desk: Desk, question: str, value: str) -> None:
    asked = Asked(spoken(question.format(value), "UBOT"), "U1", "C1", value)
    for reply in desk.ask(asked):
        assert "went wrong on my side" not in reply.text
        harmless_reply(reply)


def test_the_home_the_windows_and_the_digest(desk: Desk) -> None:
    front, told = desk.front(), desk.subscriptions("U1")
    harmless(surfaces.digest_form(front, desk.digest_wish("U1"))["blocks"])
    for draw in SHAPES:
        harmless(surfaces.home(front, told, may_sql=True, may_rename=True, draw=draw)["blocks"])
    harmless(surfaces.rename_form(front)["blocks"])
    for message in digest.make(desk._services).messages:
        harmless_reply(message)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_query_from_the_window(desk: Desk, value: str) -> None:
    for statement in (value, f"SELECT * FROM {value}", f'SELECT 1 AS "{value[:60]}"'):
        try:
            harmless_reply(desk.select(statement, "U1", "U1"))
        except SegmentryError as refusal:
            harmless(surfaces.note("Run SQL", str(refusal))["blocks"])


def test_over_the_wire(desk: Desk, slack: SlackDouble, tmp_path: Path) -> None:
    """The double refuses what breaks a limit; what is said beside blocks is looked at here."""
    app = build_slack(desk, bot_token="xoxb-1", base_url=slack.base_url, claims=tmp_path)
    bot = start_socket(app, "xapp-1")
    slack.wait_for(lambda: slack.connections)
    slack.open_home()
    slack.open_home(tab="messages")
    url = slack.command(f"which segment is {BROADCAST} in?")
    slack.wait_for(lambda: slack.called("views.publish") and slack.responses(url))
    slack.wait_for(lambda: slack.called("assistant.threads.setSuggestedPrompts"))
    for number, value in enumerate(HOSTILE, start=1):
        slack.mention(f"profile of {value}", channel=f"C{number}")
        slack.wait_for(lambda channel=f"C{number}": slack.posts(channel))
    slack.settle()
    for call in slack.calls:
        said = {key: value for key, value in call.params.items() if key != "metadata"}
        assert not [text for text in strings(said) if NEVER.search(text)], call.method
    bot.stop()


@settings(max_examples=25, deadline=None)
@given(st.tuples(replies, replies, replies), st.lists(st.tuples(st.integers(), anything)))
def test_any_home_and_any_window(
    shown: tuple[Reply, Reply, Reply], segments: list[tuple[int, str]]
) -> None:
    front, told = Front(shown, shown[0].choices, tuple(segments)), shown[1]
    for draw in SHAPES:
        harmless(surfaces.home(front, told, may_sql=True, may_rename=True, draw=draw)["blocks"])
    harmless(surfaces.empty_home(shown[0].text)["blocks"])
    harmless(surfaces.note("Segmentry", shown[0].text)["blocks"])
    harmless(surfaces.sql(shown[0].text)["blocks"] or surfaces.sql_form()["blocks"])
    harmless(surfaces.behind(shown[0])["blocks"])
    if segments:
        harmless(surfaces.rename_form(front)["blocks"])
        wish = DigestWish("monday", "09:30", tuple(number for number, _ in segments[:3]))
        harmless(surfaces.digest_form(front, wish)["blocks"])
