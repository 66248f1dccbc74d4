"""The same listeners behind signed HTTP requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from analytics.errors import WrongUsage
from bot.reply import Reply
from bot.slack.app import build_slack
from bot.slack.http import PATH, SlackHttp
from tests.slack.conftest import Product
from tests.slack.double import SlackDouble, signature

SECRET = "s3cret"


@pytest.fixture
def server(slack: SlackDouble, product: Product, tmp_path: Path) -> Iterator[SlackHttp]:
    app = build_slack(
        product,
        bot_token="xoxb-1",
        base_url=slack.base_url,
        claims=tmp_path / "claims",
        signing_secret=SECRET,
    )
    server = SlackHttp(app, "127.0.0.1", 0)
    slack.deliver_to(f"http://127.0.0.1:{server.port}{PATH}", SECRET)
    yield server
    server.stop()


def status_of(server: SlackHttp, body: str, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{server.port}{PATH}"
    request = Request(url, body.encode(), {"Content-Type": "application/json", **headers})
    try:
        return int(urlopen(request, timeout=5).status)
    except HTTPError as refusal:
        return refusal.code


@pytest.mark.usefixtures("server")
def test_mentions_commands_buttons_and_windows_work_as_over_the_socket(
    slack: SlackDouble, product: Product
) -> None:
    ts = slack.mention("segment 2?")
    (answer,) = slack.wait_for(slack.posts)
    assert answer["thread_ts"] == ts
    product.reply = lambda text: [Reply("answered", text, sql=("SELECT 1",))]
    url = slack.command("overview please")
    (note,) = slack.wait_for(lambda: slack.responses(url))
    slack.click(note, "show_sql")
    slack.wait_for(lambda: slack.called("views.open"))
    slack.command("sql")
    slack.wait_for(lambda: len(slack.called("views.open")) == 2)
    view = slack.called("views.open")[1]["view"]
    envelope = slack.submit(view, statement="SELECT * FROM wrong")
    answer = slack.wait_for(lambda: slack.answered.get(envelope))
    assert answer["errors"] == {"statement": "There is no view wrong. Try segments."}


@pytest.mark.usefixtures("server")
def test_an_event_delivered_three_times_is_answered_once(slack: SlackDouble) -> None:
    message = slack.written("<@UBOT> segment 2?", channel="C1", user="U1")
    for _ in range(3):
        slack.send_event({**message, "type": "app_mention"}, event_id="Ev1")
    slack.wait_for(slack.posts)
    slack.settle()
    assert len(slack.posts()) == 1
    assert len(slack.acknowledged) == 3


def test_forged_and_replayed_requests_are_refused(
    server: SlackHttp, slack: SlackDouble, product: Product
) -> None:
    message = slack.written("<@UBOT> segment 2?", channel="C1", user="U1")
    body = json.dumps(slack.event_payload({**message, "type": "app_mention"}, "Ev1"))
    now = int(time.time())
    assert status_of(server, body, {}) == 401
    assert status_of(server, body, signature("guess", body, now)) == 401
    assert status_of(server, body + " ", signature(SECRET, body, now)) == 401
    assert status_of(server, body, signature(SECRET, body, now - 600)) == 401
    slack.settle()
    assert product.asked == []
    assert status_of(server, body, signature(SECRET, body, now)) == 200
    slack.wait_for(slack.posts)


def test_only_one_address_answers_and_bodies_have_a_limit(server: SlackHttp) -> None:
    body = "x" * 1_000_001
    assert status_of(server, body, signature(SECRET, body, int(time.time()))) == 413
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"http://127.0.0.1:{server.port}/", timeout=5)


def test_a_taken_port_is_said(server: SlackHttp, slack: SlackDouble, tmp_path: Path) -> None:
    app = build_slack(
        Product(), bot_token="xoxb-1", base_url=slack.base_url, claims=tmp_path / "more"
    )
    with pytest.raises(WrongUsage, match=f"127.0.0.1:{server.port}.*--port"):
        SlackHttp(app, "127.0.0.1", server.port)


def test_slack_is_answered_when_it_asks_for_the_challenge(server: SlackHttp) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"})
    headers = {"Content-Type": "application/json"}
    headers |= signature(SECRET, body, int(time.time()))
    url = f"http://127.0.0.1:{server.port}{PATH}"
    with urlopen(Request(url, body.encode(), headers), timeout=5) as response:
        assert json.loads(response.read()) == {"challenge": "abc"}
        assert response.headers["Connection"] == "close"
