"""The bot in Slack: a bolt app with every listener, and the socket its events come through."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analytics.errors import SegmentryError, WrongUsage
from bot.claims import Claims
from bot.delivery import make_client
from bot.listeners import (
    actions,
    commands,
    failures,
    home,
    mentions,
    messages,
    shortcuts,
    windows,
)
from bot.listeners.door import Door
from bot.listeners.person import Personal
from bot.listeners.turns import Turns
from bot.product import Product

log = logging.getLogger(__name__)

_WORKERS = 20
_PING_S = 3.0
_STALE_S = 8.0
_THREAD_DAYS = 30


def build_slack(
    product: Product,
    *,
    bot_token: str,
    claims: Path,
    base_url: str = WebClient.BASE_URL,
    signing_secret: str | None = None,
    allow_external: bool = False,
) -> App:
    """A bolt app that answers in Slack.

    Parameters
    ----------
    claims : folder in which events taken and threads joined are remembered across restarts.
    base_url : where the Web API is.
    allow_external : answer people and channels of other companies (Slack Connect) too.

    Raises
    ------
    WrongUsage : Slack does not accept the bot token.
    SegmentryError : Slack cannot be reached.
    """
    client = make_client(bot_token, base_url)
    try:
        me = client.auth_test()["user_id"]
        app = App(
            name="segmentry",
            client=client,
            signing_secret=signing_secret,
            listener_executor=ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer"),
        )
    except (BoltError, SlackApiError) as refusal:
        raise WrongUsage(
            f"Slack did not accept the bot token: {refusal}.",
            "Set SLACK_BOT_TOKEN to the Bot User OAuth Token (xoxb-...) of the app's OAuth page.",
        ) from refusal
    except OSError as broken:
        raise _unreachable(base_url, broken) from broken
    door = Door(open_to_all=allow_external)
    personal = Personal(product, door)
    turns = Turns(
        product,
        me,
        Claims(claims / "events"),
        Claims(claims / "threads", keep_days=_THREAD_DAYS),
        door,
    )
    mentions.register(app, turns)
    messages.register(app, turns)
    actions.register(app, product, turns, personal)
    commands.register(app, personal)
    shortcuts.register(app, product, personal)
    windows.register(app, product, personal)
    home.register(app, personal)
    failures.register(app)
    return app


def _unreachable(base_url: str, broken: OSError) -> SegmentryError:
    return SegmentryError(
        f"Slack cannot be reached at {base_url}: {broken}.", "Check the network, then start again."
    )


class _OncePerMinute(logging.Filter):
    """Lets a line of code log once a minute: while Slack is away, the client tries all the time."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place = (record.pathname, record.lineno)
        due = record.created - self._last.get(place, 0.0) >= 60
        if due:
            self._last[place] = record.created
        return due


class SlackSocket:
    """The Socket Mode connection: reconnects by itself, and says how it is.

    The client reconnects at once when the server closes, and tries again every few seconds while
    it is away. It does not notice a connection that went silent; the watch here closes those.
    """

    def __init__(self, app: App, app_token: str) -> None:
        for name in (__name__, "websocket"):
            logging.getLogger(name).addFilter(_OncePerMinute())
        self._base_url = app.client.base_url
        self._handler = SocketModeHandler(
            app,
            app_token,
            logger=log,
            # The client asks for a new connection every half second by itself: no retries here.
            web_client=WebClient(base_url=self._base_url, timeout=5, retry_handlers=[], logger=log),
            ping_interval=_PING_S,
            concurrency=_WORKERS,
        )
        self._client = self._handler.client
        self._client.message_listeners.append(self._on_message)
        self._last_event = time.monotonic()
        self._stopped = threading.Event()
        self._watch = threading.Thread(target=self._watching, name="socket-watch", daemon=True)

    def start(self) -> None:
        """Connects, and keeps connected until ``stop``.

        Raises WrongUsage where Slack does not accept the app token, SegmentryError where it cannot
        be reached.
        """
        try:
            self._client.connect()
        except SlackApiError as refusal:
            raise WrongUsage(
                f"Slack did not accept the app token: {refusal.response['error']}.",
                "Set SLACK_APP_TOKEN to an app-level token (xapp-...) with connections:write.",
            ) from refusal
        except OSError as broken:
            raise _unreachable(self._base_url, broken) from broken
        self._watch.start()

    def stop(self) -> None:
        """Closes the connection; questions already taken are still answered."""
        self._stopped.set()
        self._client.auto_reconnect_enabled = False
        # close() would wait 10 s for a reader that has not noticed the end of its connection yet.
        for _ in range(100):
            self._cut()
            if not self.connected:
                break
            time.sleep(0.02)
        self._client.close()

    @property
    def connected(self) -> bool:
        """Whether events can arrive now."""
        return bool(self._client.is_connected())

    @property
    def seconds_since_event(self) -> float:
        """Seconds since Slack last sent anything but a pong, or since the start."""
        return time.monotonic() - self._last_event

    def _on_message(self, *_: Any) -> None:
        self._last_event = time.monotonic()

    def _watching(self) -> None:
        while not self._stopped.wait(1.0):
            session = self._client.current_session
            if session is None or session.sock is None or not session.last_pong_tm:
                continue
            if session.last_ping_tm - session.last_pong_tm > _STALE_S:
                log.warning("the connection to Slack went silent; making a new one")
                self._cut()

    def _cut(self) -> None:
        """Ends the TCP connection so that whoever reads from it notices."""
        session = self._client.current_session
        connection = session.sock.sock if session and session.sock else None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def start_socket(app: App, app_token: str) -> SlackSocket:
    """Starts receiving events through Socket Mode."""
    slack = SlackSocket(app, app_token)
    slack.start()
    return slack
