"""The composition root: settings in, a working bot out. Nothing else builds anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analytics import schema
from analytics.adhoc.sandbox import SqlLimits
from analytics.answers.answer import AnswerContext
from analytics.published import Published
from analytics.store import Store
from bot.console import talk
from bot.conversation import Conversations
from bot.settings import Settings, load_settings
from bot.when import next_run


@dataclass(frozen=True)
class Services:
    """What every surface and the clock work with."""

    settings: Settings
    store: Store
    published: Published
    conversations: Conversations
    now: Callable[[], datetime]


def build_services(folder: Path, *, now: Callable[[], datetime] | None = None) -> Services:
    """Everything a command or the service needs, from the home's settings."""
    settings = load_settings(folder)
    clock = now or (lambda: datetime.now(UTC))
    store = Store(
        settings.place, on_wait=lambda text: talk.print(text, markup=False), check=schema.check
    )
    published = Published(settings.place)
    return Services(
        settings=settings,
        store=store,
        published=published,
        now=clock,
        conversations=Conversations(
            published,
            context=lambda: answer_context(settings, clock()),
            sql_limits=sql_limits(settings),
            now=lambda: clock().astimezone(settings.schedule.zone),
        ),
    )


def answer_context(settings: Settings, now: datetime) -> AnswerContext:
    """What answers need to know of the clock and the configuration."""
    schedule = settings.schedule
    return AnswerContext(
        next_refit=next_run(schedule, now),
        timezone=schedule.timezone,
        digest_channel=settings.slack.digest_channel,
        currency=settings.company.currency,
        offers=settings.place.offers if settings.place.offers.exists() else None,
        company=settings.company.name,
        review_k_weeks=settings.segments.review_k_weeks,
    )


def sql_limits(settings: Settings, rows: int | None = None) -> SqlLimits:
    """The limits of one ad-hoc query; ``rows`` overrides the configured number."""
    return SqlLimits(
        seconds=settings.sql.seconds,
        memory_mb=settings.sql.memory_mb,
        rows=settings.sql.rows if rows is None else rows,
    )
