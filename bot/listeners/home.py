"""Somebody opened the bot's own page, or its direct messages."""

from __future__ import annotations

from slack_bolt import App


def register(app: App) -> None:
    """Takes the event that Slack's agent view sends; the manifest holds the suggested prompts."""

    @app.event("app_home_opened")
    def on_opened() -> None:
        """Acknowledged by bolt; unacknowledged, Slack would send it again."""
