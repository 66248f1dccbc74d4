"""Answers arrive: through rate limits, outages and refusals, or with a reason in the log."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot import delivery
from bot.reply import Card, Cell, Chart, Column, Deck, Reply, Series, Table
from bot.slack.app import SlackSocket
from tests.slack.conftest import Product
from tests.slack.double import Failure, SlackDouble

SIZES = Reply(
    status="answered",
    text="Segment 2 is the largest.",
    tables=(
        Table(
            "Customers by segment",
            (Column("Segment"), Column("Customers", "right")),
            ((Cell("Big spenders"), Cell("1,234", 1234)), (Cell("Savers"), Cell("56", 56))),
        ),
    ),
    charts=(Chart("bar", "Sizes", ("Big spenders", "Savers"), (Series("all", (1234, 56)),)),),
    footer="5 Oct 2026, 1,290 customers",
)


def kinds(post: dict[str, object]) -> list[str]:
    blocks = post.get("blocks") or []
    assert isinstance(blocks, list)
    return [block["type"] for block in blocks]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "failure",
    [
        Failure(status=429, retry_after=1),
        Failure(status=500),
        Failure(status=503),
        Failure(status=504),
        Failure(reset=True),
    ],
    ids=["rate limit", "500", "503", "504", "connection reset"],
)
def test_a_passing_failure_delays_the_answer(slack: SlackDouble, failure: Failure) -> None:
    slack.fail("users.info", failure)
    slack.fail("chat.postMessage", failure)
    ts = slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    slack.settle()
    assert [post["thread_ts"] for post in slack.posts()] == [ts]
    assert len(slack.called("chat.postMessage")) == 2


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("channel", ["C1", "D1"])
@pytest.mark.parametrize(
    "failure",
    [Failure(status=502, after=True), Failure(reset=True, after=True)],
    ids=["502", "connection reset"],
)
def test_a_post_that_slack_took_before_it_failed_is_not_sent_twice(
    slack: SlackDouble, failure: Failure, channel: str
) -> None:
    slack.fail("chat.postMessage", failure)
    slack.fail("conversations.replies", Failure(status=500))
    slack.message("segment 2?", channel=channel) if channel == "D1" else slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    slack.settle(1.0)
    assert len(slack.posts()) == 1
    assert len(slack.called("chat.postMessage")) == 1


def test_a_note_to_somebody_that_slack_took_before_it_failed_is_not_sent_twice(
    slack: SlackDouble,
) -> None:
    slack.fail("chat.postMessage", Failure(reset=True, after=True))
    assert delivery.tell_owner(delivery.make_client("xoxb-1", slack.base_url), "UOWNER", "failed")
    assert len(slack.posts("UOWNER")) == 1


@pytest.mark.usefixtures("bot")
def test_more_answers_than_slack_lets_through_at_once_all_arrive(slack: SlackDouble) -> None:
    slack.seconds_between_posts = 0.3
    asked = [slack.mention(f"q{number}") for number in range(12)]
    slack.wait_for(lambda: len(slack.posts()) == 12, timeout=30)
    assert sorted(post["thread_ts"] for post in slack.posts()) == asked


@pytest.mark.usefixtures("bot")
def test_a_failing_status_line_does_not_hold_up_the_answer(slack: SlackDouble) -> None:
    slack.fail("assistant.threads.setStatus", Failure(status=429, retry_after=30))
    slack.mention("segment 2?")
    slack.wait_for(slack.posts, timeout=3)


def test_refused_blocks_fall_back_to_a_plain_table_and_then_to_text(
    slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    client = delivery.make_client("xoxb-1", slack.base_url)
    delivery.send(client, "C1", None, SIZES)
    assert kinds(slack.posts()[-1]) == ["section", "data_visualization", "data_table", "context"]

    refusal = Failure(error="invalid_blocks", messages=["[ERROR] unsupported type: data_table"])
    slack.fail("chat.postMessage", refusal)
    delivery.send(client, "C1", None, SIZES)
    assert kinds(slack.posts()[-1]) == ["section", "context", "table", "context"]
    assert "unsupported type: data_table" in caplog.text

    slack.fail("chat.postMessage", refusal, times=2)
    delivery.send(client, "C1", None, SIZES)
    assert kinds(slack.posts()[-1]) == []
    assert slack.posts()[-1]["text"] == (
        "Segment 2 is the largest.\n"
        "```\n"
        "Segment       Customers\n"
        "Big spenders      1,234\n"
        "Savers               56\n"
        "```\n"
        "5 Oct 2026, 1,290 customers"
    )


CARDS = replace(SIZES, deck=Deck((Card("1 Big spenders", "1,234 customers"),)), charts=())
WITHOUT = ["section", "data_table", "context"]


def test_a_slack_that_draws_no_cards_is_asked_once(
    slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    client = delivery.make_client("xoxb-1", slack.base_url)
    slack.fail("chat.postMessage", Failure(error="invalid_blocks"))
    for _ in range(3):
        delivery.send(client, "C1", None, CARDS)
    assert [kinds(post) for post in slack.posts()] == [WITHOUT] * 3
    assert len(slack.called("chat.postMessage")) == 4
    assert "not sent again until a restart: card, carousel" in caplog.text
    url = slack.response_url()
    delivery.respond(url, CARDS)
    assert [kinds(note) for note in slack.responses(url)] == [WITHOUT]


def test_a_slack_that_drew_cards_before_is_given_them_again(slack: SlackDouble) -> None:
    """One answer's blocks may be refused for another reason, and that says nothing of the next."""
    client = delivery.make_client("xoxb-1", slack.base_url)
    delivery.send(client, "C1", None, CARDS)
    for error in ("invalid_blocks", "msg_blocks_too_long"):
        slack.fail("chat.postMessage", Failure(error=error))
        delivery.send(client, "C1", None, CARDS)
        delivery.send(client, "C1", None, CARDS)
    drawn = [*WITHOUT[:2], "carousel", "context"]
    assert [kinds(post) for post in slack.posts()] == [drawn, WITHOUT, drawn, WITHOUT, drawn]


def test_a_slack_that_refuses_every_shape_once_is_given_all_of_them_again(
    slack: SlackDouble,
) -> None:
    client = delivery.make_client("xoxb-1", slack.base_url)
    slack.fail("chat.postMessage", Failure(error="invalid_blocks"), times=3)
    delivery.send(client, "C1", None, CARDS)
    delivery.send(client, "C1", None, CARDS)
    assert [kinds(post) for post in slack.posts()] == [[], [*WITHOUT[:2], "carousel", "context"]]


def test_the_last_resort_names_a_token_that_is_in_the_log(
    slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("chat.postMessage", Failure(error="msg_blocks_too_long"), times=3)
    delivery.send(delivery.make_client("xoxb-1", slack.base_url), "C1", None, SIZES)
    found = re.search(r"\(([0-9a-f]{8})\)", slack.posts()[-1]["text"])
    assert found
    assert found[1] in caplog.text


def test_a_channel_that_takes_nothing_is_an_error_with_the_next_step(slack: SlackDouble) -> None:
    slack.fail("chat.postMessage", Failure(error="not_in_channel"))
    client = delivery.make_client("xoxb-1", slack.base_url)
    with pytest.raises(delivery.NotDelivered, match=r"C1: not_in_channel .* doctor --live"):
        delivery.send(client, "C1", None, SIZES)
    assert len(slack.called("chat.postMessage")) == 1


def test_the_owner_is_told_in_a_direct_message(slack: SlackDouble) -> None:
    client = delivery.make_client("xoxb-1", slack.base_url)
    assert delivery.tell_owner(client, "UOWNER", "The refit of 5 Oct failed: <!channel>")
    (post,) = slack.posts("UOWNER")
    assert post["text"] == "The refit of 5 Oct failed: &lt;!channel&gt;"
    slack.fail("chat.postMessage", Failure(error="user_not_found"))
    assert not delivery.tell_owner(client, "UOWNER", "again")


def test_an_unknown_failure_is_an_apology_with_a_token_that_is_in_the_log(
    slack: SlackDouble, bot: SlackSocket, product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: str) -> list[Reply]:
        raise ZeroDivisionError("no customers")

    product.reply = broken
    ts = slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    (apology,) = slack.posts()
    assert apology["thread_ts"] == ts
    found = re.search(r"code: ([0-9a-f]{8})", apology["text"])
    assert found
    assert f"[{found[1]}]" in caplog.text
    assert "no customers" in caplog.text
    assert "no customers" not in apology["text"]
    product.reply = lambda text: [Reply(status="answered", text=text)]
    slack.mention("still there?")
    slack.wait_for(lambda: len(slack.posts()) == 2)
    assert bot.connected


HOSTILE = [
    "<!channel> <!here> <@U1> <#C1|x> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```fence``` :tada: > quote\n# head",
    "\u202egnp.exe\u202c \u2066iso\u2069 שלום \u200f mark",
    "nul\x00 bell\x07 escape\x1b[31m delete\x7f \ud800 lone",
    "x" * 10_000,
    "& " * 5_000,
    " \n\t \u200b",
    "",
    "e\u0301" * 3_000 + "👩‍👩‍👧" * 100,
]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_arrive_harmless(slack: SlackDouble, product: Product, value: str) -> None:
    row = (Cell(value), Cell(value, 1.0))
    product.reply = lambda _: [
        Reply(
            status="answered",
            text=f"Segment {value} is fine.",
            tables=(Table(value, (Column(value), Column(value)), (row,) * 30),),
            charts=(Chart("bar", value, (value, value), (Series(value, (1, 2)),), unit=value),),
            footer=value,
            sql=(value,),
            meta={"intent": "overview", "name": value.encode(errors="replace").decode()},
        )
    ]
    slack.mention("segment 2?")
    slack.wait_for(slack.posts)
    slack.settle()
    (post,) = slack.posts()  # in the first shape: nothing in it was refused
    assert len(slack.called("chat.postMessage")) == 1
    assert "data_table" in kinds(post)
    assert not re.search(r"[<>\x00\x07\x1b\u202e]", str((post["text"], post["blocks"])))
