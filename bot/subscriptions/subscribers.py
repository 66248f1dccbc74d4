"""Subscriptions as people may see and change them: the same for chat, windows and the Home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from analytics import subscriptions
from analytics.errors import SegmentryError
from analytics.subscriptions import FOREVER, Subscription
from bot.app import Services
from bot.settings import ScheduleSettings
from bot.when import next_run, utc


def configured(services: Services) -> Subscription | None:
    """The subscription of the channel in segmentry.toml, which follows the weekly run."""
    schedule, channel = services.settings.schedule, services.settings.slack.digest_channel
    if not channel:
        return None
    return Subscription(channel, schedule.weekday, schedule.time, schedule.timezone)


def everyone(services: Services) -> list[Subscription]:
    """Every subscription, that of the configured channel first, muted ones too."""
    held = subscriptions.held(services.store)
    first = configured(services)
    if first is None:
        return [s for s in held if s.subscription_id]
    for said in held:
        if said.subscription_id == 0 and said.target == first.target:
            first = replace(first, quiet_until=said.quiet_until, since=said.since)
    return [first, *(s for s in held if s.subscription_id)]


def schedule_of(to: Subscription) -> ScheduleSettings:
    """The moments of a subscription."""
    return ScheduleSettings.model_validate(
        {"weekday": to.weekday, "time": to.time, "timezone": to.timezone}
    )


class Subscribers:
    """Lists, makes and changes subscriptions for a person.

    ``is_admin``: whether a Slack user may change everybody's.
    """

    def __init__(
        self, services: Services, is_admin: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._services = services
        self._is_admin = is_admin

    def of(self, user: str, channel: str = "") -> list[Subscription]:
        """What a person and a channel get, and what the person made for others."""
        held = everyone(self._services)
        return [s for s in held if user in (s.target, s.created_by) or s.target == channel]

    def digest_of(self, target: str) -> Subscription | None:
        """The one digest of a target, whole or of some segments."""
        held = everyone(self._services)
        return next((s for s in held if s.target == target and not s.is_alert), None)

    def create(self, wanted: Subscription, user: str) -> Subscription:
        """Store a subscription a person made. Raises SegmentryError where it cannot be."""
        self.check(wanted)
        return subscriptions.create(self._services.store, wanted, by=user, now=self._now())

    def change(self, changed: Subscription, user: str, channel: str = "") -> Subscription:
        """Store what a person changed. Raises SegmentryError where they may not."""
        self.require_own(changed, user, channel)
        self.check(changed)
        return subscriptions.change(self._services.store, changed, by=user, now=self._now())

    def mute(self, to: Subscription, until: date | None, user: str, channel: str = "") -> None:
        """Keep a subscription quiet up to a day, or (None) no longer."""
        self.require_own(to, user, channel)
        subscriptions.mute(self._services.store, to, until, by=user, now=self._now())

    def end(self, to: Subscription, user: str, channel: str = "") -> None:
        """End a subscription; that of the configured channel is muted for ever instead."""
        self.require_own(to, user, channel)
        if to.subscription_id == 0:
            self.mute(to, FOREVER, user, channel)
        else:
            store = self._services.store
            subscriptions.remove(store, to.subscription_id, by=user, now=self._now())

    def first_moment(self, to: Subscription) -> datetime:
        """When a subscription is told next, in its own zone."""
        schedule = schedule_of(to)
        moment = next_run(schedule, self._services.now())
        while to.quiet_until not in (None, FOREVER):
            if moment.date() > (to.quiet_until or moment.date()):
                break
            moment = next_run(schedule, moment)
        return moment

    def require_own(self, to: Subscription, user: str, channel: str) -> None:
        """People change their own, their channel's where that is asked, and admins everybody's."""
        if user in (to.target, to.created_by) or to.target == channel or self._is_admin(user):
            return
        raise SegmentryError(
            f"Subscription {to.subscription_id} is not yours.",
            "Ask in the channel it is for, or ask an admin.",
        )

    def check(self, to: Subscription) -> None:
        """Raise SegmentryError where a weekday, time or zone is none, or a segment is not there."""
        try:
            ScheduleSettings.model_validate(
                {"weekday": to.weekday, "time": to.time, "timezone": to.timezone}
            )
        except ValueError as error:
            raise SegmentryError(
                f"{to.weekday.capitalize()} at {to.time} ({to.timezone}) is no moment I know.",
                'Say, for example, "on Tuesdays at 9:30 London time".',
            ) from error
        known = self.names()
        for segment in to.segments:
            if segment not in known:
                raise SegmentryError(
                    f"There is no segment {segment} now.",
                    f"The segments are {', '.join(map(str, sorted(known)))}.",
                )

    def names(self) -> dict[int, str]:
        """The segments there are, by id."""
        segments = self._services.published.latest().segments
        return {s["segment_id"]: s["name"] for s in segments if s["status"] == "active"}

    def _now(self) -> datetime:
        return utc(self._services.now())
