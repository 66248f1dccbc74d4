"""Slack's events over signed HTTP requests, for who has a public address instead of a socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import IO, TYPE_CHECKING, Any, cast
from wsgiref.headers import Headers
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from analytics.errors import WrongUsage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/slack/events"
_MAX_BODY = 1_000_000
_MAX_LINE = 65_536


class SlackHttp:
    """A server that listens on one port until ``stop``; TLS is the work of a proxy before it.

    bolt verifies every request's signature and age. Raises WrongUsage for a port that is taken.
    """

    def __init__(self, app: App, host: str, port: int) -> None:
        self._last_event = time.monotonic()
        self._bolt = SlackRequestHandler(app, path=PATH)
        try:
            self._server = _Server((host, port), _Quiet)
        except OSError as taken:
            raise WrongUsage(
                f"Nothing can listen on {host}:{port}: {taken.strerror}.", "Choose another --port."
            ) from taken
        self._server.set_app(self._answer)
        threading.Thread(target=self._server.serve_forever, name="http", daemon=True).start()

    def stop(self) -> None:
        """Stops listening; questions already taken are still answered."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens, which for port 0 the system chose."""
        return self._server.server_port

    @property
    def connected(self) -> bool:
        """Whether events can arrive now, as far as this side knows."""
        return True

    @property
    def seconds_since_event(self) -> float:
        """Seconds since the last request, or since the start."""
        return time.monotonic() - self._last_event

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > _MAX_BODY:
            # Unread bytes would reset the connection before the answer is read.
            environ["wsgi.input"].read(min(length, 2 * _MAX_BODY))
            start_response("413 Content Too Large", [])
            return []
        self._last_event = time.monotonic()
        return self._bolt(environ, start_response)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Closing(ServerHandler):
    """Says that the connection ends with the answer: a client that keeps it loses its next request.

    A WSGI application may not say so itself (PEP 3333, hop-by-hop headers).
    """

    headers: Headers

    def cleanup_headers(self) -> None:
        super().cleanup_headers()
        self.headers["Connection"] = "close"


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def handle(self) -> None:
        """One request, as the parent handles it."""
        self.raw_requestline = self.rfile.readline(_MAX_LINE)
        if not self.parse_request():
            return
        out = cast("IO[bytes]", self.wfile)
        handler = _Closing(self.rfile, out, self.get_stderr(), self.get_environ())
        handler.request_handler = self  # type: ignore[attr-defined]
        assert isinstance(self.server, _Server)
        handler.run(self.server.get_app())  # type: ignore[arg-type]

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the log is for what people asked, not for every request."""
