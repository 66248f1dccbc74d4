"""The weekly digest: made from the published copy, posted to a channel once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date

from slack_sdk import WebClient

from analytics import digests
from analytics import weekly_digest as weeks
from analytics.errors import SegmentryError
from analytics.weekly_digest import WeeklyDigest
from bot import formats, render
from bot.app import Services
from bot.channel import Channel
from bot.logs import log
from bot.reply import Reply
from bot.settings import ScheduleSettings
from bot.views import digest as views
from bot.when import utc


@dataclass(frozen=True)
class Digest:
    """A week as it is told: the post itself, and the details in its thread.

    ``details`` is None for a week without any; ``invitation`` is how Slack is told to ask.
    """

    week: WeeklyDigest
    post: Reply
    details: Reply | None
    invitation: str

    @property
    def replies(self) -> list[Reply]:
        """The post, and the details where there are any."""
        return [self.post, self.details] if self.details else [self.post]

    @property
    def messages(self) -> list[Reply]:
        """The same as Slack gets them, where one can reply."""
        invited = replace(self.post, text=f"{self.post.text}\n{self.invitation}")
        return [invited, *self.replies[1:]]


def make(services: Services, as_of: date | None = None) -> Digest:
    """The digest of the last week judged at or before a date, the latest without one.

    Raises SegmentryError when nothing had been published by then.
    """
    settings = services.settings
    week = weeks.weekly_digest(
        services.published.latest(),
        as_of,
        measure=settings.digest.money,
        channel=settings.slack.digest_channel,
    )
    owners = views.Owners(
        settings.digest.data_owner, settings.digest.analysis_owner, settings.digest.campaign_owner
    )
    currency = settings.company.currency
    view = views.post(week, currency, owners)
    refused = week.run.status == "refused"
    base = "data refused" if refused else formats.people(week.run.customers)
    post = Reply(
        status="answered",
        text=render.words("digest/post.j2", view),
        tables=view.tables,
        charts=view.charts,
        footer=f"{formats.day(week.as_of)} · fit {week.run.fit_id} · {base}",
        sql=week.sql,
        choices=view.choices,
        meta={"intent": "digest", "slots": {"as_of": week.as_of.isoformat()}},
    )
    invitation = f"Reply in this thread to ask, for example: {view.example}"
    if not week.eventful or (refused and not week.events):
        return Digest(week, post, None, invitation)
    behind = views.details(week, currency, in_words(settings.schedule))
    return Digest(
        week,
        post,
        replace(
            post,
            text=render.words("digest/details.j2", behind),
            tables=behind.tables,
            charts=behind.charts,
            choices=(),
            sql=(),
        ),
        invitation,
    )


def in_words(schedule: ScheduleSettings) -> str:
    """``Mondays at 08:00 (Europe/London)``"""
    return f"{schedule.weekday.capitalize()}s at {schedule.time} ({schedule.timezone})"


def weekly_digest(services: Services, as_of: date | None = None) -> tuple[date, Reply]:
    """The digest of a date, the latest without one, as one reply; and its date."""
    made = make(services, as_of)
    return made.week.as_of, made.post


def post(services: Services, client: WebClient) -> bool:
    """Post the latest digest to the configured channel unless it is there; True if posted now.

    The digest is claimed before it is sent. Whatever an earlier attempt left, after a crash or a
    broken connection, is looked for in the channel by its key before anything is sent again.

    Raises SegmentryError when no channel is configured or Slack takes no message there.
    """
    channel = services.settings.slack.digest_channel
    if not channel:
        raise SegmentryError(
            "No channel is set for the digest.",
            f"Set digest_channel under [slack] in {services.settings.place.config}.",
        )
    store = services.store
    with _one_poster(services):
        made = make(services)
        day, text = made.week.as_of, made.post.text
        held = digests.posting(store, day, channel)
        if held and held.status == "posted":
            return False
        began = held.changed_at.replace(tzinfo=UTC) if held else services.now()
        place = Channel(client, channel, began=began, again=held is not None)
        digests.record(store, day, channel, "claimed", text, now=utc(services.now()))
        try:
            told, *details = made.messages
            ts = place.ensure(None, told, f"digest {day}")
            for reply in details:
                place.ensure(ts, reply, f"details {day}")
            if before := digests.posted_before(store, day, channel):
                place.link(ts, before)
        except SegmentryError:
            digests.record(store, day, channel, "failed", text, now=utc(services.now()))
            raise
        digests.record(store, day, channel, "posted", text, message_ts=ts, now=utc(services.now()))
    log.info("digest of %s posted in %s as %s", day, channel, ts)
    return True


@contextmanager
def _one_poster(services: Services) -> Iterator[None]:
    """Hold the right to post; a killed holder loses it by itself."""
    with (services.settings.home / "digest.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
