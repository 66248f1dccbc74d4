"""A session with the npm double: starts it and the bot, lets people talk, prints what was seen.

Run in a network namespace of its own (the double listens on every interface it finds):
`unshare -rn python -m tests.slack.local_slack_session BINARY FOLDER socket|events`.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from websocket import create_connection

from bot.product import Asked
from bot.reply import Cell, Chart, Choice, Column, Reply, Series, Table
from bot.slack.app import build_slack, start_socket
from bot.slack.http import PATH, SlackHttp
from tests.slack.conftest import Product

WORKSPACE = """
workspace: {{ name: Test, domain: test, teamId: T01 }}
app: {{ appId: A01, botUserId: U0BOT, botName: segmentry, botToken: xoxb-1, appToken: xapp-1,
       signingSecret: s, {delivery} }}
users:
  - {{ id: U01, name: maria, real_name: Maria }}
  - {{ id: U02, name: tom, real_name: Tom }}
channels:
  - {{ id: C01, name: marketing, members: [U01, U02, U0BOT] }}
"""


class Everything(Product):
    """Answers everything with all that an answer can hold."""

    def ask(self, asked: Asked) -> Sequence[Reply]:
        row = (Cell("Big spenders"), Cell("1,234", 1234))
        return [
            Reply(
                status="answered",
                text=f"You asked: {asked.text}",
                tables=(Table("Sizes", (Column("Segment"), Column("Customers", "right")), (row,)),),
                charts=(Chart("bar", "Sizes", ("Big spenders",), (Series("all", (1234,)),)),),
                footer="5 Oct 2026, 1,234 customers",
                sql=("SELECT 1",),
                choices=(Choice("Compare", "compare 1 and 2"),),
                meta={"intent": "overview", "slots": {}},
            )
        ]


def main(binary: Path, folder: Path, delivery: str) -> dict[str, Any]:
    loopback_up()
    port, own = free_port(), free_port()
    events = f'mode: events, requestUrl: "http://127.0.0.1:{own}{PATH}"'
    workspace = WORKSPACE.format(delivery=events if delivery == "events" else "mode: socket")
    (folder / "workspace.yaml").write_text(workspace)
    options = {
        "--config": str(folder / "workspace.yaml"),
        "--files-dir": str(folder),
        "--base-host": "127.0.0.1",
        "--port": str(port),
    }
    double = subprocess.Popen(
        [str(binary), *(word for option in options.items() for word in option)],
        stdout=subprocess.DEVNULL,
    )
    try:
        return converse(f"http://127.0.0.1:{port}", folder, own if delivery == "events" else None)
    finally:
        double.terminate()
        double.wait(10)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def converse(url: str, folder: Path, events_port: int | None) -> dict[str, Any]:
    def control(path: str, **body: Any) -> dict[str, Any]:
        data = json.dumps(body).encode() if body else None
        request = Request(f"{url}/_control/{path}", data, {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.load(urlopen(request, timeout=5))
        return answer

    def answers(channel: str) -> list[dict[str, Any]]:
        found = control(f"messages/{channel}")["messages"]
        return [message for message in found if message["user"] == "U0BOT"]

    until(lambda: reachable(f"{url}/_control/state"))
    app = build_slack(
        Everything(),
        bot_token="xoxb-1",
        base_url=f"{url}/api/",
        claims=folder / "claims",
        signing_secret="s",
    )
    bot = SlackHttp(app, "127.0.0.1", events_port) if events_port else start_socket(app, "xapp-1")
    until(lambda: bot.connected)
    time.sleep(1.0)  # the double drops events until its side of the socket is ready

    started = time.monotonic()
    asked = control("message", channel="C01", user="U01", text="<@U0BOT> segment 2?")["message"]
    until(lambda: answers("C01"))
    seconds = time.monotonic() - started
    control("message", channel="C01", user="U02", text="and 3?", thread_ts=asked["ts"])
    until(lambda: len(answers("C01")) == 2)
    control("edit-message", channel="C01", ts=asked["ts"], user="U01", text="<@U0BOT> segment 9?")
    direct = control("message", channel="U01", user="U01", text="how many?")["message"]
    until(lambda: answers(direct["channel"]))
    first = answers("C01")[0]
    for action_id in ("ask_0", "show_sql", "export"):
        button = next(
            element
            for block in first["blocks"]
            for element in block.get("elements", [])
            if element.get("action_id") == action_id
        )
        control("interact", channel="C01", messageTs=first["ts"], user="U01", action=button)
    until(lambda: len(answers("C01")) == 4)
    until(lambda: "views.open" in json.dumps(control("log")))
    control("command", channel="C01", user="U01", command="/segments", text="how many?")
    control("command", channel="C01", user="U01", command="/segments", text="sql")
    until(lambda: json.dumps(control("log")).count("views.open") == 2)
    people = create_connection(f"{url.replace('http', 'ws')}/ui")
    filled = {"statement": {"statement": {"type": "plain_text_input", "value": "SELECT 1"}}}
    people.send(json.dumps({"t": "view_submit", "user": "U01", "values": filled}))
    until(lambda: len(answers(direct["channel"])) == 2)
    control("open-home", user="U01")
    until(lambda: "views.publish" in json.dumps(control("log")))
    time.sleep(0.5)
    posted = answers("C01")
    log = control("log")["log"]
    seen = {
        "asked": asked["ts"],
        "channel": [message for message in posted if not message.get("ephemeral_to")],
        "whispered": [message for message in posted if message.get("ephemeral_to")],
        "files": [file for message in posted for file in message.get("files") or []],
        "pages": [entry["detail"] for entry in log if entry["summary"] == "views.publish"],
        "direct": answers(direct["channel"]),
        "direct_asked": direct["ts"],
        "seconds": seconds,
        "refused": [entry for entry in log if " -> " in json.dumps(entry)],
    }
    bot.stop()
    return seen


def until(predicate: Callable[[], Any], timeout: float = 20.0) -> None:
    end = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {timeout} s")
        time.sleep(0.02)


def reachable(url: str) -> bool:
    try:
        return bool(urlopen(url, timeout=1).status == 200)
    except OSError:
        return False


def loopback_up() -> None:
    """A new network namespace has its loopback interface down; elsewhere nothing changes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14s", b"lo", 0x1 | 0x40, b""))
        except PermissionError:
            return


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
