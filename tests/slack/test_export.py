"""Export: the rows of an answer as a file, where only those see it who may."""

from __future__ import annotations

import pytest

from bot.reply import Cell, Column, Reply, Table
from bot.sheets import of_table, sheet
from tests.slack.conftest import Product
from tests.slack.double import Failure, SlackDouble
from tests.slack.test_surfaces import labels

SIZES = Table(
    "Segments on 5 Oct",
    (Column("Segment"), Column("Customers", "right"), Column("Share", "right")),
    (
        (Cell("1 R&D"), Cell("1,234", 1234.0), Cell("86.1 %", 86.1)),
        (Cell("=HYPERLINK(1)"), Cell("n/a"), Cell("under 0.1 %", 0.04)),
    ),
)


def answer(intent: str, status: str = "answered", **slots: object) -> Reply:
    meta = {"intent": intent, "slots": slots}
    return Reply(status, "Here.", tables=(SIZES,), meta=meta)  # type: ignore[arg-type]


@pytest.mark.usefixtures("bot")
def test_the_rows_of_an_answer_come_as_a_file_in_its_thread(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [answer("overview")]
    ts = slack.mention("which segments?")
    (post,) = slack.wait_for(slack.posts)
    assert labels(post) == ["Export CSV"]
    slack.click(post, "export", user="U5")
    (file,) = slack.wait_for(lambda: slack.files)
    assert (file.channel, file.thread_ts) == ("C1", ts)
    assert file.name == "overview-5-oct.csv"
    assert file.content.decode("utf-8-sig").splitlines() == [
        "Segment,Customers", "1 Big spenders,1234", "'=cmd(),5"
    ]  # fmt: skip
    assert file.comment == "2 rows &lt;!here&gt;."


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("intent", ["find_customers", "export_audience", "sql"])
def test_single_customers_go_to_the_one_who_clicked(
    slack: SlackDouble, product: Product, intent: str
) -> None:
    product.reply = lambda _: [answer(intent, "confirm" if "export" in intent else "answered")]
    slack.mention("export segment 2")
    (post,) = slack.wait_for(slack.posts)
    slack.click(post, "export", user="U5")
    (file,) = slack.wait_for(lambda: slack.files)
    assert (file.channel, file.thread_ts) == ("D-U5", None)
    (note,) = slack.wait_for(lambda: slack.called("chat.postEphemeral"))
    assert (note["channel"], note["user"]) == ("C1", "U5")
    assert "direct message" in note["text"]


@pytest.mark.usefixtures("bot")
def test_who_may_not_have_the_rows_reads_why_and_gets_none(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [answer("find_customers")]
    slack.mention("who has a limit above 8000?")
    (post,) = slack.wait_for(slack.posts)
    product.refused = {"find_customers"}
    url = slack.response_url()
    slack.click(post, "export", user="U6", response_url=url)
    (told,) = slack.wait_for(lambda: slack.responses(url))
    assert told["text"] == "find_customers is not for you."
    assert told["response_type"] == "ephemeral"
    assert slack.files == []
    slack.wait_for(lambda: slack.unacknowledged == 0)  # nor does Slack show a warning sign


@pytest.mark.usefixtures("bot")
def test_a_file_slack_refuses_is_an_error_with_the_next_step(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [answer("overview")]
    slack.mention("which segments?")
    (post,) = slack.wait_for(slack.posts)
    slack.fail("files.getUploadURLExternal", Failure(error="missing_scope"))
    url = slack.response_url()
    slack.click(post, "export", response_url=url)
    (told,) = slack.wait_for(lambda: slack.responses(url))
    assert "did not take the file: missing_scope" in told["text"]
    assert "doctor --live" in told["text"]
    slack.fail("files.completeUploadExternal", Failure(status=503))
    slack.click(post, "export")  # and what passes is waited out
    slack.wait_for(lambda: slack.files)
    assert len(slack.files) == 1


@pytest.mark.usefixtures("bot")
def test_a_private_answer_is_exported_privately_and_customers_cannot_be_shared(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda _: [answer("customer_lookup", customer="C10001")]
    url = slack.command("which segment is C10001 in?", user="U5")
    (note,) = slack.wait_for(lambda: slack.responses(url))
    assert labels(note) == ["Export CSV"]
    slack.click(note, "export", user="U5")
    (file,) = slack.wait_for(lambda: slack.files)
    assert file.channel == "D-U5"
    assert slack.posts() == []


@pytest.mark.usefixtures("bot")
def test_a_list_that_was_agreed_to_is_sent_to_who_agreed(
    slack: SlackDouble, product: Product
) -> None:
    product.reply = lambda text: [
        answer("export_audience", "answered" if text == "yes" else "confirm")
    ]
    ts = slack.mention("export segment 2")
    (post,) = slack.wait_for(slack.posts)
    assert labels(post) == ["Send me the file"]
    slack.settle()
    assert slack.files == []
    slack.message("yes", channel="C1", thread_ts=ts, user="U5")
    (file,) = slack.wait_for(lambda: slack.files)
    assert file.channel == "D-U5"
    slack.wait_for(lambda: len(slack.posts()) == 2)


def test_numbers_are_numbers_and_percentages_say_so_in_their_heading() -> None:
    file = of_table(SIZES, "Größe: <Überblick> /../x")
    assert file.name == "groe-uberblick-x.csv"
    assert file.content.decode("utf-8-sig").splitlines() == [
        "Segment,Customers,Share (%)",
        "1 R&D,1234.0,86.1",
        "'=HYPERLINK(1),n/a,0.04",
    ]


@pytest.mark.parametrize("title", ["", "\u202e<!channel>\x00", "../../etc/passwd", "x" * 10_000])
def test_file_names_are_plain_words(title: str) -> None:
    name = sheet(title, ["a"], [[None]], "said").name
    assert name.removesuffix(".csv").replace("-", "").isalnum()
    assert len(name) <= 64
