"""The weekly digest and what is told of a few segments: made from the published copy alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analytics import weekly_digest as weeks
from analytics.answers.checks import only_segment
from analytics.model import Query
from analytics.subscriptions import Subscription
from analytics.weekly_digest import WeeklyDigest
from bot import formats, render
from bot.app import Services
from bot.reply import Reply, meta_of
from bot.views import digest as views
from bot.views import digestdetails, segmentnews
from bot.when import in_words


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


def make(services: Services, as_of: date | None = None, to: Subscription | None = None) -> Digest:
    """The digest of the last week judged at or before a date, the latest without one.

    ``to`` decides which weeks count as not told before; by default the configured channel does.
    Raises SegmentryError when nothing had been published by then.
    """
    settings = services.settings
    week = _week(services, as_of, to)
    owners = _owners(services)
    currency = settings.company.currency
    view = views.post(week, currency, owners)
    post = Reply(
        status="answered",
        text=render.words("digest/post.j2", view),
        tables=view.tables,
        charts=view.charts,
        footer=_footer(week),
        sql=week.sql,
        choices=view.choices,
        meta=_meta(week, only_segment(week.events)),
    )
    invitation = f"Reply in this thread to ask, for example: {view.example}"
    if not week.eventful or (week.verdict == "refused" and not week.events):
        return Digest(week, post, None, invitation)
    behind = digestdetails.details(week, currency, in_words(settings.schedule))
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


def news(
    services: Services, to: Subscription, *, since: date | None, as_of: date | None = None
) -> Digest | None:
    """What a subscription to some segments is told; None where that is nothing.

    ``since``: the date an alert was last looked at, which its change is counted from.
    """
    week = _week(services, as_of, to)
    changes = {
        segment: change
        for segment in to.segments
        if (change := weeks.change_since(week, segment, since)) is not None
    }
    beyond = [segment for segment, change in changes.items() if _is_beyond(to, change)]
    if to.is_alert and not beyond:
        return None
    view = segmentnews.news(
        weeks.about(week, to.segments), to, beyond, changes, since or week.previous,
        _owners(services),
    )  # fmt: skip
    post = Reply(
        status="answered",
        text=render.words("digest/news.j2", view),
        footer=_footer(week),
        sql=week.sql,
        choices=view.choices,
        meta=_meta(week, beyond or to.segments),
    )
    return Digest(week, post, None, 'Reply in this thread to ask; "mute" or "stop" ends these.')


def _is_beyond(to: Subscription, change: float) -> bool:
    turned = {"fall": -change, "rise": change, "any": abs(change)}[to.direction]
    return to.threshold is not None and turned > to.threshold


def _meta(week: WeeklyDigest, segments: Iterable[int]) -> dict[str, Any]:
    """What the post answers, for those who ask in its thread; the one segment it names."""
    named = set(segments)
    return meta_of(Query("digest", as_of=week.as_of), named if len(named) == 1 else ())


def _week(services: Services, as_of: date | None, to: Subscription | None) -> WeeklyDigest:
    settings = services.settings
    return weeks.weekly_digest(
        services.published.latest(),
        as_of,
        measure=settings.digest.money,
        channel=to.target if to else settings.slack.digest_channel,
        subscription_id=to.subscription_id if to else 0,
    )


def _owners(services: Services) -> views.Owners:
    named = services.settings.digest
    return views.Owners(named.data_owner, named.analysis_owner, named.campaign_owner)


def _footer(week: WeeklyDigest) -> str:
    refused = week.verdict == "refused"
    base = "data refused" if refused else formats.people(week.run.customers)
    return f"{formats.day(week.as_of)} · fit {week.run.fit_id} · {base}"


def weekly_digest(services: Services, as_of: date | None = None) -> tuple[date, Reply]:
    """The digest of a date, the latest without one, as one reply; and its date."""
    made = make(services, as_of)
    return made.week.as_of, made.post
