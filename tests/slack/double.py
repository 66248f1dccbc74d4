"""Slack at the wire: a Web API over HTTP and a Socket Mode server, both on one loopback port.

Slack's documented behaviour as far as the bot can notice it: mentions come as two events, an
envelope nobody acknowledged is delivered again, messages keep their metadata, and blocks that break
a limit are refused. Failures are scripted with `fail`. Every call is kept in order.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import random
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from slack_sdk.models.blocks import Block as SdkBlock

from bot.slack.limits import check
from tests.slack.wire import Failure, Server, Socket

UNMODELLED = ("data_table", "data_visualization")  # by the SDK

TEAM, BOT_USER, BOT_ID, APP = "T1", "UBOT", "BBOT", "A1"


ACCIDENTS = (
    Failure(status=429, retry_after=1),
    Failure(status=500),
    Failure(status=503),
    Failure(status=502, after=True),
)


@dataclass(frozen=True)
class Call:
    """One request to the Web API, as parsed."""

    method: str
    params: dict[str, Any]
    token: str


@dataclass(frozen=True)
class SharedFile:
    """A file as people see it; ``comment`` is the message it came with."""

    name: str
    content: bytes
    channel: str
    thread_ts: str | None
    comment: str


class SlackDouble:
    """A workspace of one team; used as a context manager, it listens while inside."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.problems: list[str] = []
        self.shared_channels: set[str] = set()
        self.not_a_member: set[str] = set()
        self.guests: set[str] = set()
        self.groups: dict[str, list[str]] = {}
        self.files: list[SharedFile] = []
        self._uploads: dict[str, tuple[str, bytes]] = {}
        self.scopes = ""
        self.failing_share = 0.0
        self.arrived: dict[str, float] = {}
        self._events_url = ""
        self._signing_secret = ""
        self._chance = random.Random(11)
        self.acknowledged: list[str] = []
        self.answered: dict[str, dict[str, Any]] = {}
        self.connections = 0
        self.seconds_between_posts = 0.0
        self._last_post: dict[str, float] = defaultdict(float)
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._waiting: dict[str, dict[str, Any]] = {}
        self._sockets: list[Socket] = []
        self._clock = itertools.count(1)
        self._started = int(time.time())
        self._lock = threading.RLock()
        self._server: Server | None = None
        self._port = 0

    # ---- running

    def __enter__(self) -> SlackDouble:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens; after `stop`, on the same port again."""
        self._server = Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stops listening and cuts every connection."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        self.cut_sockets()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/"

    # ---- what a test scripts and asks

    def fail(self, method: str, failure: Failure, times: int = 1) -> None:
        """The next `times` calls of `method` answer with `failure`."""
        self._failures[method].extend([failure] * times)

    def deliver_to(self, url: str, signing_secret: str) -> None:
        """Events go to an address, signed, instead of through sockets."""
        self._events_url, self._signing_secret = url, signing_secret

    def cut_sockets(self) -> int:
        """Every socket is cut as if the server had been killed; how many there were."""
        with self._lock:
            cut = len(self._sockets)
            for connection in self._sockets:
                connection.cut()
            self._sockets.clear()
        return cut

    def freeze_sockets(self) -> None:
        """Sockets stay open but nothing comes out of them any more, pongs included."""
        with self._lock:
            for connection in self._sockets:
                connection.frozen = True
            self._sockets.clear()

    def wait_for(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        """The first true value of `predicate`, looked at every few milliseconds."""
        end = time.monotonic() + timeout
        while not (value := predicate()):
            called = [call.method for call in self.calls]
            assert time.monotonic() < end, f"not within {timeout} s; calls: {called}"
            time.sleep(0.01)
        return value

    def settle(self, quiet: float = 0.15) -> None:
        """Returns when nothing was called for `quiet` seconds."""
        seen = -1
        while seen != len(self.calls):
            seen = len(self.calls)
            time.sleep(quiet)

    @property
    def unacknowledged(self) -> int:
        """Envelopes the bot has not answered yet."""
        return len(self._waiting)

    def called(self, method: str) -> list[dict[str, Any]]:
        return [call.params for call in self.calls if call.method == method]

    def posts(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The bot's messages that Slack took, oldest first."""
        with self._lock:
            return [
                message
                for name, messages in self.messages.items()
                for message in messages
                if message["user"] == BOT_USER and channel in (None, name)
            ]

    # ---- what people do

    def mention(self, text: str, *, channel: str = "C1", user: str = "U1", **extra: Any) -> str:
        """Somebody mentions the bot; Slack sends app_mention and, for the same text, message."""
        message = self.written(f"<@{BOT_USER}> {text}", channel=channel, user=user, **extra)
        self.send_event({**message, "type": "app_mention"})
        self.send_event(message)
        return str(message["ts"])

    def message(self, text: str, *, channel: str = "D1", user: str = "U1", **extra: Any) -> str:
        """Somebody writes without a mention: a direct message, or a reply with `thread_ts`."""
        message = self.written(text, channel=channel, user=user, **extra)
        self.send_event(message)
        return str(message["ts"])

    def written(self, text: str, *, channel: str, user: str, **extra: Any) -> dict[str, Any]:
        """A message event as Slack would send it; kept in the channel, not yet sent to the bot."""
        message = {
            "type": "message",
            "channel": channel,
            "channel_type": "im" if channel.startswith("D") else "channel",
            "user": user,
            "team": TEAM,
            "text": text,
            "ts": self._now(),
            **extra,
        }
        message["event_ts"] = message["ts"]
        with self._lock:
            self.messages[channel].append(message)
        return message

    def click(
        self,
        message: dict[str, Any],
        action_id: str,
        *,
        user: str = "U1",
        team: str = TEAM,
        value: str = "",
        response_url: str = "",
    ) -> None:
        """Somebody presses a button under a message, or one of two opinions (`value`)."""
        button = _element(message["blocks"], action_id)
        where: dict[str, Any] = {
            "channel": {"id": message["channel"]},
            "container": {"type": "message", "message_ts": message["ts"]},
            "message": message,
        }
        if response_url:
            where["response_url"] = response_url
        if "url" in message:  # a note only one person sees comes without its content
            del where["message"]
            where["container"]["is_ephemeral"] = True
            where["response_url"] = message["url"]
        self._act({**button, **({"value": value} if value else {})}, user, team, **where)

    def click_home(self, view: dict[str, Any], action_id: str, *, user: str = "U1") -> None:
        """Somebody presses a button on the bot's own page."""
        where = {"container": {"type": "view"}, "view": view}
        self._act(_element(view["blocks"], action_id), user, TEAM, **where)

    def _act(self, button: dict[str, Any], user: str, team: str, **where: Any) -> None:
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": team},
            "trigger_id": "trigger",
            "actions": [{**button, "block_id": "b", "action_ts": self._now()}],
        }
        self._send("interactive", {**payload, **where})

    def command(self, text: str, *, channel: str = "C1", user: str = "U1") -> str:
        """Somebody types `/segments text`; returns the address of its responses."""
        url = self.response_url()
        self._send(
            "slash_commands",
            {
                "command": "/segments", "text": text, "user_id": user, "channel_id": channel,
                "team_id": TEAM, "response_url": url, "trigger_id": "trigger",
            },
        )  # fmt: skip
        return url

    def response_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/response/{next(self._clock)}"

    def responses(self, url: str) -> list[dict[str, Any]]:
        """What was sent to the address of a command or click, as messages that can be clicked."""
        found = [c.params for c in self.calls if url.endswith(c.params.get("url", "nowhere"))]
        return [{**params, "url": url, "channel": "C1", "ts": "1.1"} for params in found]

    def explain(self, message: dict[str, Any], *, user: str = "U1") -> None:
        """Somebody chooses the message shortcut; Slack leaves the metadata out."""
        shown = {key: value for key, value in message.items() if key != "metadata"}
        self._send(
            "interactive",
            {
                "type": "message_action", "callback_id": "explain_number", "trigger_id": "trigger",
                "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM},
                "channel": {"id": message["channel"]}, "message": shown,
                "response_url": self.response_url(),
            },
        )  # fmt: skip

    def submit(self, view: dict[str, Any], *, user: str = "U1", **filled: Any) -> str:
        """Somebody fills a window in; returns the envelope whose answer closes or corrects it."""
        values = {
            name: {name: value if isinstance(value, dict) else {"value": value}}
            for name, value in filled.items()
        }
        return self._send(
            "interactive",
            {
                "type": "view_submission", "team": {"id": TEAM},
                "user": {"id": user, "team_id": TEAM},
                "view": {**view, "id": "V1", "state": {"values": values}},
            },
        )  # fmt: skip

    def open_home(self, *, tab: str = "home", user: str = "U1") -> None:
        """Somebody opens the bot's own page, or its direct messages."""
        event = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab}
        self.send_event({**event, "event_ts": self._now()})

    def send_event(self, event: dict[str, Any], *, event_id: str = "", **outer: Any) -> str:
        """Delivers an event through a socket; returns its id, to deliver it again with."""
        event_id = event_id or f"Ev{next(self._clock)}"
        self._send("events_api", self.event_payload(event, event_id, **outer))
        return event_id

    def event_payload(self, event: dict[str, Any], event_id: str, **outer: Any) -> dict[str, Any]:
        """An event in the envelope Slack puts around it."""
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": event_id,
            "event": event,
            "is_ext_shared_channel": event.get("channel") in self.shared_channels,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            **outer,
        }

    # ---- the Web API

    def answer(self, method: str, params: dict[str, Any], token: str) -> Failure | dict[str, Any]:
        with self._lock:
            self.calls.append(Call(method, params, token))
            failure = self._failures[method].popleft() if self._failures[method] else None
            if failure is None and self._chance.random() < self.failing_share:
                failure = self._chance.choice(ACCIDENTS)
            if failure and not failure.after:
                return failure
            name = "response" if method.startswith("/response/") else method.replace(".", "_")
            handler = getattr(self, f"_{name}", None)
            answer = handler(params) if handler else {}
        return failure or (answer if isinstance(answer, Failure) else {"ok": True, **answer})

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        who = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "user": "segmentry"}
        return {**who, "team": "Test", "headers": {"x-oauth-scopes": self.scopes}}

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"ws://127.0.0.1:{self._port}/socket"}

    def _chat_postMessage(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        now = time.monotonic()
        if now - self._last_post[params["channel"]] < self.seconds_between_posts:
            return Failure(status=429, retry_after=0)
        self._last_post[params["channel"]] = now
        problems = self._look_at(params.get("blocks"))
        if problems:
            return Failure(error="invalid_blocks", messages=problems)
        if not params.get("text"):
            return Failure(error="no_text")
        message = {
            **params,
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT_ID,
            "ts": self._now(),
        }
        self.messages[params["channel"]].append(message)
        self.arrived[str(message["ts"])] = time.monotonic()
        return {"channel": params["channel"], "ts": message["ts"], "message": message}

    def _chat_postEphemeral(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        problems = self._look_at(params.get("blocks"))
        return Failure(error="invalid_blocks") if problems else {"message_ts": self._now()}

    def _chat_update(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        if self._look_at(params.get("blocks")):
            return Failure(error="invalid_blocks")
        for message in self.messages[params["channel"]]:
            if message["ts"] == params["ts"]:
                message.update(params)
                return {"channel": params["channel"], "ts": params["ts"]}
        return Failure(error="message_not_found")

    def _views_open(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        problems = self._look_at(params["view"]["blocks"])
        return Failure(error="invalid_arguments", messages=problems) if problems else {"view": {}}

    _views_publish = _views_open

    def _conversations_open(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D-{params['users']}"}}

    def _usergroups_users_list(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        if params["usergroup"] not in self.groups:
            return Failure(error="no_such_subteam")
        return {"users": self.groups[params["usergroup"]]}

    def _files_getUploadURLExternal(self, params: dict[str, Any]) -> dict[str, Any]:
        file_id = f"F{next(self._clock)}"
        self._uploads[file_id] = (params["filename"], b"")
        return {"file_id": file_id, "upload_url": f"http://127.0.0.1:{self._port}/upload/{file_id}"}

    def uploaded(self, file_id: str, content: bytes) -> None:
        with self._lock:
            self._uploads[file_id] = (self._uploads[file_id][0], content)

    def _files_completeUploadExternal(self, params: dict[str, Any]) -> dict[str, Any]:
        for file in params["files"]:
            name, content = self._uploads[file["id"]]
            self.files.append(
                SharedFile(
                    name, content, params["channel_id"], params.get("thread_ts"),
                    params.get("initial_comment", ""),
                )
            )  # fmt: skip
        return {"files": params["files"]}

    def _conversations_info(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = params["channel"]
        shared, member = channel in self.shared_channels, channel not in self.not_a_member
        return {"channel": {"id": channel, "is_ext_shared": shared, "is_member": member}}

    def _blocks_validate(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"errors": self._look_at(params["blocks"])}

    def _conversations_replies(self, params: dict[str, Any]) -> dict[str, Any]:
        thread = params["ts"]
        found = [
            message
            for message in self.messages[params["channel"]]
            if thread in (message["ts"], message.get("thread_ts"))
        ]
        return self._read(found, params)

    def _conversations_history(self, params: dict[str, Any]) -> dict[str, Any]:
        messages = self.messages[params["channel"]]
        threads = {message.get("thread_ts") for message in messages}
        found = [
            {**message, **({"reply_count": 1} if message["ts"] in threads else {})}
            for message in messages
            if not message.get("thread_ts") and message["ts"] < params.get("latest", "9")
        ]
        return self._read(found[::-1], params)

    def _read(self, found: list[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
        """One page in the order given; metadata only for who asks for it."""
        found = [message for message in found if message["ts"] >= params.get("oldest", "")]
        if not params.get("include_all_metadata"):
            found = [{k: v for k, v in message.items() if k != "metadata"} for message in found]
        start, limit = int(params.get("cursor") or 0), int(params.get("limit", 100))
        more = str(start + limit) if start + limit < len(found) else ""
        page = found[start : start + limit]
        return {"messages": page, "response_metadata": {"next_cursor": more}}

    def _users_info(self, params: dict[str, Any]) -> dict[str, Any]:
        user = params["user"]
        return {"user": {"id": user, "team_id": TEAM, "is_restricted": user in self.guests}}

    def _response(self, params: dict[str, Any]) -> Failure | dict[str, Any]:
        return Failure(status=500) if self._look_at(params.get("blocks")) else {}

    def _look_at(self, blocks: list[dict[str, Any]] | None) -> list[str]:
        """Problems by our own limits and by the SDK's model, where it knows the block type."""
        if not blocks:
            return []
        problems = check(blocks)
        for block in blocks:
            if block["type"] in UNMODELLED:
                continue
            try:
                modelled = SdkBlock.parse(block)
                assert modelled, "no block the SDK knows"
                modelled.validate_json()
            except Exception as refusal:
                problems.append(f"{block['type']}: {refusal}")
        self.problems += problems
        return problems

    # ---- the socket

    def attach(self, connection: Socket) -> None:
        """A client connected: what it has not acknowledged so far comes again, as a retry."""
        connection.send_text(json.dumps({"type": "hello", "num_connections": 1}))
        with self._lock:
            self.connections += 1
            self._sockets.append(connection)
            for envelope in self._waiting.values():
                envelope["retry_attempt"] = envelope.get("retry_attempt", 0) + 1
                connection.send_text(json.dumps(envelope))

    def received(self, text: str) -> None:
        with self._lock:
            answer = json.loads(text)
            envelope_id = answer.get("envelope_id", "")
            if self._waiting.pop(envelope_id, None):
                self.acknowledged.append(envelope_id)
                self.answered[envelope_id] = answer.get("payload") or {}

    def _send(self, kind: str, payload: dict[str, Any]) -> str:
        envelope_id = f"env{next(self._clock)}"
        if self._events_url:
            threading.Thread(
                target=self._post, args=(kind, payload, envelope_id), daemon=True
            ).start()
            return envelope_id
        envelope = {
            "type": kind,
            "envelope_id": envelope_id,
            "accepts_response_payload": False,
            "payload": payload,
        }
        with self._lock:
            self._waiting[envelope_id] = envelope
            if self._sockets:
                self._sockets[-1].send_text(json.dumps(envelope))
        return envelope_id

    def _post(self, kind: str, payload: dict[str, Any], envelope_id: str) -> None:
        """Delivers over HTTP instead, signed as Slack signs."""
        forms = {"interactive": {"payload": json.dumps(payload)}, "slash_commands": payload}
        body = urlencode(forms[kind]) if kind in forms else json.dumps(payload)
        kind_of_body = "x-www-form-urlencoded" if kind in forms else "json"
        request = Request(
            self._events_url,
            body.encode(),
            {
                "Content-Type": f"application/{kind_of_body}",
                **signature(self._signing_secret, body, int(time.time())),
            },
        )
        with urlopen(request, timeout=5) as response:
            content = response.read().decode()
        with self._lock:
            self.acknowledged.append(envelope_id)
            self.answered[envelope_id] = json.loads(content) if content.startswith("{") else {}

    def _now(self) -> str:
        return f"{self._started}.{next(self._clock):06d}"


def signature(secret: str, body: str, timestamp: int) -> dict[str, str]:
    """The headers by which Slack's requests are known (docs.slack.dev, verifying requests)."""
    base = f"v0:{timestamp}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _element(blocks: list[dict[str, Any]], action_id: str) -> dict[str, Any]:
    parts = [part for block in blocks for part in block.get("elements", [])]
    elements = [element for part in parts for element in part.get("actions", [part])]
    return next(element for element in elements if element.get("action_id") == action_id)
