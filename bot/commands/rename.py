"""`segmentry rename`."""

from __future__ import annotations

from analytics import names
from analytics.publish import publish
from bot.app import Services


def rename_segment(services: Services, segment: int, name: str) -> str:
    """Give a segment its name in the store and publish; the old name stays understood."""
    today = services.now().date()
    old = names.rename(services.store, segment, name, since=today)
    publish(services.store)
    return f'Segment {segment} is now "{name.strip()}"; "{old}" stays understood.'
