"""Slack at the wire: a Web API over HTTP and a Socket Mode server, both on one loopback port.

Slack's documented behaviour as far as the bot can notice it: mentions come as two events, an
envelope nobody acknowledged is delivered again, messages keep their metadata, and blocks that break
a limit are refused. Failures are scripted with `fail`. Every call is kept in order.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.models.blocks import Block as SdkBlock

from bot.limits import check

UNMODELLED = ("data_table", "data_visualization")  # by the SDK

TEAM, BOT_USER, BOT_ID, APP = "T1", "UBOT", "BBOT", "A1"


@dataclass(frozen=True)
class Call:
    """One request to the Web API, as parsed."""

    method: str
    params: dict[str, Any]
    token: str


@dataclass
class Failure:
    """What a method answers instead of working; `reset` closes the connection unanswered."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    messages: list[str] = field(default_factory=list)
    reset: bool = False


class SlackDouble:
    """A workspace of one team; used as a context manager, it listens while inside."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.problems: list[str] = []
        self.shared_channels: set[str] = set()
        self.acknowledged: list[str] = []
        self.connections = 0
        self.seconds_between_posts = 0.0
        self._last_post: dict[str, float] = defaultdict(float)
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._waiting: dict[str, dict[str, Any]] = {}
        self._sockets: list[_Socket] = []
        self._clock = itertools.count(1)
        self._lock = threading.RLock()
        self._server: _Server | None = None
        self._port = 0

    # ---- running

    def __enter__(self) -> SlackDouble:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listens; after `stop`, on the same port again."""
        self._server = _Server(("127.0.0.1", self._port), self)
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

    def cut_sockets(self) -> None:
        """Every socket is cut as if the server had been killed."""
        with self._lock:
            for connection in self._sockets:
                connection.cut()
            self._sockets.clear()

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
        self, message: dict[str, Any], action_id: str, *, user: str = "U1", team: str = TEAM
    ) -> None:
        """Somebody presses the button `action_id` under a message of the bot."""
        buttons = [b for block in message["blocks"] for b in block.get("elements", [])]
        button = next(b for b in buttons if b.get("action_id") == action_id)
        self._send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": user, "team_id": team},
                "channel": {"id": message["channel"]},
                "container": {"type": "message", "message_ts": message["ts"]},
                "message": message,
                "trigger_id": "trigger",
                "actions": [{**button, "block_id": "b", "action_ts": self._now()}],
            },
        )

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
            "is_ext_shared_channel": event["channel"] in self.shared_channels,
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            **outer,
        }

    # ---- the Web API

    def answer(self, method: str, params: dict[str, Any], token: str) -> Failure | dict[str, Any]:
        with self._lock:
            self.calls.append(Call(method, params, token))
            if self._failures[method]:
                return self._failures[method].popleft()
            handler = getattr(self, "_" + method.replace(".", "_"), None)
            answer = handler(params) if handler else {}
        return answer if isinstance(answer, Failure) else {"ok": True, **answer}

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "user": "segmentry"}

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

    def _conversations_info(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = params["channel"]
        return {"channel": {"id": channel, "is_ext_shared": channel in self.shared_channels}}

    def _conversations_replies(self, params: dict[str, Any]) -> dict[str, Any]:
        thread = params["ts"]
        found = [
            message
            for message in self.messages[params["channel"]]
            if thread in (message["ts"], message.get("thread_ts"))
        ]
        return {"messages": found[: int(params.get("limit", 100))]}

    def _users_info(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"user": {"id": params["user"], "team_id": TEAM, "is_restricted": False}}

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

    def attach(self, connection: _Socket) -> None:
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
            envelope_id = json.loads(text).get("envelope_id", "")
            if self._waiting.pop(envelope_id, None):
                self.acknowledged.append(envelope_id)

    def _send(self, kind: str, payload: dict[str, Any]) -> None:
        envelope_id = f"env{next(self._clock)}"
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

    def _now(self) -> str:
        return f"1790000000.{next(self._clock):06d}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], slack: SlackDouble) -> None:
        super().__init__(address, _Handler)
        self.slack = slack


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        kind = self.headers.get("Content-Type", "")
        params = json.loads(body or "{}") if "json" in kind else dict(parse_qsl(body))
        for name, value in params.items():
            if name in ("blocks", "metadata", "view", "prompts") and isinstance(value, str):
                params[name] = json.loads(value)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        method = self.path.removeprefix("/api/").partition("?")[0]
        answer = self.server.slack.answer(method, params, token)
        status, headers = 200, {}
        if isinstance(answer, Failure):
            if answer.reset:
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.connection.close()
                self.close_connection = True
                return
            status = answer.status
            if answer.retry_after is not None:
                headers["Retry-After"] = str(answer.retry_after)
            answer = {
                "ok": False,
                "error": answer.error or {429: "ratelimited"}.get(status, "internal_error"),
                "response_metadata": {"messages": answer.messages},
            }
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """The WebSocket handshake of RFC 6455, section 4.2.2, and then its frames."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_response(101)
        for name, value in (
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", accept),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        connection = _Socket(self.connection)
        self.server.slack.attach(connection)
        while (text := connection.receive_text()) is not None:
            self.server.slack.received(text)


class _Socket:
    """The server's side of one WebSocket: text frames, pongs, close."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.frozen = False

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def send_text(self, text: str) -> None:
        self._send(0x1, text.encode())

    def receive_text(self) -> str | None:
        """The next text; None when the connection ended."""
        while True:
            try:
                first, second = self._exactly(2)
                length = second & 0x7F
                if length > 125:
                    length = int.from_bytes(self._exactly(2 if length == 126 else 8), "big")
                mask = self._exactly(4)
                data = bytes(b ^ m for b, m in zip(self._exactly(length), itertools.cycle(mask)))
            except OSError:
                return None
            opcode = first & 0x0F
            if opcode == 0x1 and not self.frozen:
                return data.decode()
            if opcode == 0x9:
                self._send(0xA, data)
            if opcode == 0x8:
                self._send(0x8, data)
                return None

    def _send(self, opcode: int, data: bytes) -> None:
        if self.frozen:
            return
        size = len(data)
        if size < 126:
            head = bytes([0x80 | opcode, size])
        elif size < 1 << 16:
            head = bytes([0x80 | opcode, 126]) + size.to_bytes(2, "big")
        else:
            head = bytes([0x80 | opcode, 127]) + size.to_bytes(8, "big")
        with contextlib.suppress(OSError), self._lock:
            self._connection.sendall(head + data)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._connection.recv(size - len(data))
            if not part:
                raise ConnectionError("closed")
            data += part
        return data
