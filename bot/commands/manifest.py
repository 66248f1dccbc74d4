"""`segmentry manifest`: what to paste into Slack to create the app."""

from __future__ import annotations

import json

from analytics.shipped import shipped
from bot.slack.http import PATH


def manifest(public_url: str = "") -> str:
    """The app's manifest for Socket Mode, or for HTTP events at ``https://HOST``."""
    text = shipped("manifest.json").read_text(encoding="utf-8")
    if not public_url:
        return text.rstrip()
    content = json.loads(text)
    address = public_url.rstrip("/") + PATH
    settings = content["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address
    settings["interactivity"]["request_url"] = address
    for command in content["features"]["slash_commands"]:
        command["url"] = address
    return json.dumps(content, indent=2)
