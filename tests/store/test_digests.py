"""The digest: its wording, its numbers by hand, and that any week can be made again."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from analytics.names import rename
from analytics.publish import publish
from analytics.store import Home, Store
from analytics.subscriptions import Direction, Subscription
from analytics.weekly_digest import weekly_digest
from bot import digest, report
from bot.app import Services, build_services
from bot.blocks import headline, rich
from bot.slack.limits import check
from bot.terminal import print_reply
from tests.golden.answers_store import LAST, REFUSED
from tests.golden.digest_store import build_digests

GOLDEN = Path(__file__).parent.parent / "golden" / "digest"
QUIET = date(2026, 8, 24)
WEEKS: dict[str, dict[str, object]] = {
    "changed": {},
    "quiet": {"weeks": 5},
    "failed": {"refused_last": True},
    "first": {"weeks": 1},
}
Built = Callable[[str], Services]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A home for each kind of week, made when it is first asked for."""
    homes: dict[str, Services] = {}

    def home(kind: str) -> Services:
        if kind not in homes:
            folder = tmp_path_factory.mktemp(kind)
            build_digests(folder, **WEEKS[kind])
            homes[kind] = build_services(folder, now=lambda: datetime(2026, 10, 5, 8, tzinfo=UTC))
        return homes[kind]

    return home


def text(made: digest.Digest) -> str:
    file = io.StringIO()
    for reply in made.replies:
        print_reply(Console(file=file, width=80, color_system=None), reply, show_sql=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()).strip() + "\n"


def blocks(made: digest.Digest) -> str:
    messages = [{"text": headline(reply), "blocks": rich(reply)} for reply in made.messages]
    return json.dumps(messages, ensure_ascii=False, indent=1) + "\n"


def page(services: Services) -> str:
    """The page without the library, and without the points of the map, which are many."""
    _, html = report.page(services)
    library = (report.shipped("templates") / "report" / "echarts.min.js").read_text("utf-8")
    assert library in html
    short = html.replace(library, "[library]")
    return re.sub(
        r"\[\[-?\d+\.\d+, -?\d+\.\d+\](, \[-?\d+\.\d+, -?\d+\.\d+\])*\]", "[points]", short
    )


def check_golden(name: str, made: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it, to be read before it is kept."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", WEEKS)
def test_golden_week(built: Built, kind: str) -> None:
    made = digest.make(built(kind))
    check_golden(f"{kind}.txt", text(made))
    check_golden(f"{kind}.json", blocks(made))


@pytest.mark.parametrize("kind", WEEKS)
def test_golden_page(built: Built, kind: str) -> None:
    check_golden(f"{kind}.html", page(built(kind)))


@pytest.mark.parametrize("kind", WEEKS)
def test_slack_takes_every_week(built: Built, kind: str) -> None:
    for reply in digest.make(built(kind)).messages:
        assert check(rich(reply)) == []
        assert sum(b["type"] == "data_visualization" for b in rich(reply)) <= 2


FOLLOWED = {"changed": (5, 2), "quiet": (5,), "failed": (5,), "first": (5,)}


@pytest.mark.parametrize("kind", FOLLOWED)
def test_golden_news_of_segments(built: Built, kind: str) -> None:
    to = Subscription("U1", "monday", "08:00", "UTC", segments=FOLLOWED[kind], subscription_id=3)
    made = digest.news(built(kind), to, since=None)
    assert made
    check_golden(f"{kind}_news.txt", text(made))


@pytest.mark.parametrize(
    ("direction", "threshold", "since", "told"),
    [
        ("fall", 0.05, None, True),  # 2 shrank by 6.9 %
        ("fall", 0.07, None, False),
        ("rise", 0.05, None, False),
        ("any", 0.05, None, True),
        ("fall", 0.05, date(2026, 9, 7), False),  # and is larger than a month ago
    ],
)
def test_an_alert_is_told_beyond_its_threshold(
    built: Built, direction: Direction, threshold: float, since: date | None, told: bool
) -> None:
    to = Subscription(
        "U1", "monday", "08:00", "UTC", segments=(2,), direction=direction, threshold=threshold
    )
    made = digest.news(built("changed"), to, since=since)
    assert bool(made) == told
    if made:
        check_golden(f"alert_{direction}.txt", text(made))


def test_a_quiet_week_is_short(built: Built) -> None:
    made = digest.make(built("quiet"))
    assert made.details is None
    assert made.post.text.startswith(
        "Stable: nothing changed beyond the usual in the week to 24 Aug"
    )
    assert len(made.post.text.splitlines()) == 2
    assert made.post.tables == ()


def test_the_first_line_says_what_to_think(built: Built) -> None:
    first = {kind: digest.make(built(kind)).post.text.split()[0] for kind in WEEKS}
    assert first == {"changed": "Changed", "quiet": "Stable:", "failed": "No", "first": "The"}


def test_a_past_week_is_the_same_whenever_it_is_made(built: Built, tmp_path: Path) -> None:
    """The week of 24 Aug, made before and after six more weeks, a rename and a pruning."""
    then = digest.make(built("quiet"))
    build_digests(tmp_path)
    store = Store(Home(tmp_path))
    rename(store, 2, "Payers in parts", since=date(2026, 9, 30))
    with store.writing("prune") as connection:
        connection.execute("DELETE FROM store.features WHERE as_of < DATE '2026-09-28'")
    publish(store)
    later = build_services(tmp_path, now=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    assert text(digest.make(later, QUIET)) == text(then)
    assert blocks(digest.make(later, QUIET)) == blocks(then)
    assert "Payers in parts" in digest.make(later).post.text


def test_the_page_is_the_same_twice(built: Built) -> None:
    services = built("changed")
    again = build_services(services.settings.home, now=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    assert report.page(services) == report.page(again)


def test_what_movers_are_worth_is_their_own_sums(built: Built) -> None:
    copy = built("changed").published.latest()
    made = weekly_digest(copy, LAST)
    flow = made.flows[0]
    with copy._connection.cursor() as cursor:
        expected = cursor.execute(
            """SELECT count(*), sum(b.purchases), sum(n.purchases)
            FROM feature_history b JOIN feature_history n USING (customer_id)
            WHERE b.as_of = $1 AND n.as_of = $2 AND customer_id IN (
                SELECT customer_id FROM segment_history WHERE as_of = $1 AND segment_id = $3
                INTERSECT
                SELECT customer_id FROM segment_history WHERE as_of = $2 AND segment_id = $4)""",
            [made.previous, LAST, flow.from_segment_id, flow.to_segment_id],
        ).fetchone()
    assert (flow.customers, flow.previous, flow.current) == pytest.approx(expected)


def test_amounts_add_up(built: Built) -> None:
    made = weekly_digest(built("changed").published.latest(), LAST)
    for total in made.money:
        assert total.previous + total.population + total.own == pytest.approx(total.current)
    causes = made.causes
    assert causes.behaviour + causes.model == made.moved
    assert causes.population == made.run.customers_entered + made.run.customers_left


def test_every_alarm_has_an_action_and_its_owner(built: Built) -> None:
    lines = digest.make(built("changed")).post.text.splitlines()
    actions = [line for line in lines if line.startswith("→")]
    assert actions == [
        "→ The campaign team: look at what segment 5 (Cash-and-shopping revolvers) does now before "
        "the next campaign to it."
    ]


def test_sizes_within_the_usual_range_show_no_change(built: Built) -> None:
    made = digest.make(built("changed"))
    shown = {row[0].text: row[3].text for row in made.post.tables[0].rows}
    assert shown["3 One-off buyers"] == "usual"
    assert shown["1 Cash-advance revolvers"].startswith("+")


def test_a_refused_week_names_the_segments_that_stay(built: Built) -> None:
    made = digest.make(built("failed"))
    assert made.week.verdict == "refused"
    assert "The segments of 5 Oct stay as they are" in made.post.text
    assert digest.make(built("changed"), REFUSED).week.previous == QUIET


def test_before_the_first_week_there_is_no_digest(built: Built) -> None:
    from analytics.errors import SegmentryError

    with pytest.raises(SegmentryError, match="The first digest is that of 2026-07-27"):
        digest.make(built("changed"), date(2026, 7, 1))


def test_names_from_outside_stay_text_on_the_page(tmp_path: Path) -> None:
    build_digests(tmp_path, weeks=3, names={2: "<script>alert(1)</script> {{ 7*7 }}"})
    html = page(build_services(tmp_path))
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7*7 }}" in html
