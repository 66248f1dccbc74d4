"""The wire of the Slack double: an HTTP server whose GET is a WebSocket handshake."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl


@dataclass
class Failure:
    """What a method answers instead of working.

    `reset` closes the connection unanswered; `after` fails only once the work has been done.
    """

    status: int = 200
    error: str = ""
    retry_after: int | None = None
    messages: list[str] = field(default_factory=list)
    reset: bool = False
    after: bool = False


class Slack(Protocol):
    """What the wire needs of the double."""

    def answer(self, method: str, params: dict[str, Any], token: str) -> Failure | dict[str, Any]:
        """The answer of a Web API method."""

    def uploaded(self, file_id: str, content: bytes) -> None:
        """The bytes of a file arrived at its upload address."""

    def attach(self, connection: Socket) -> None:
        """A client connected to the socket."""

    def received(self, text: str) -> None:
        """A client sent a text."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], slack: Slack) -> None:
        super().__init__(address, Handler)
        self.slack = slack


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/upload/"):
            self.server.slack.uploaded(self.path.rpartition("/")[2], raw)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = raw.decode()
        kind = self.headers.get("Content-Type", "")
        params = json.loads(body or "{}") if "json" in kind else dict(parse_qsl(body))
        for name, value in params.items():
            if name in ("blocks", "metadata", "view", "prompts", "files") and isinstance(
                value, str
            ):
                params[name] = json.loads(value)
        if self.path.startswith("/response/"):
            params["url"] = self.path
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        method = self.path.removeprefix("/api/").partition("?")[0]
        answer = self.server.slack.answer(method, params, token)
        status, headers = 200, answer.pop("headers", {}) if isinstance(answer, dict) else {}
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
        connection = Socket(self.connection)
        self.server.slack.attach(connection)
        while (text := connection.receive_text()) is not None:
            self.server.slack.received(text)


class Socket:
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
