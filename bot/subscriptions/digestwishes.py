"""The digest as a direct message: how a person gets it now, and as they wish it in a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from analytics.errors import SegmentryError
from analytics.subscriptions import FOREVER, Subscription
from bot.app import Services
from bot.product import DigestWish
from bot.reply import Reply
from bot.slack.directory import Directory
from bot.subscriptions.subscribers import Subscribers
from bot.views import subscriptions as views
from bot.when import in_words

_PAUSE = timedelta(weeks=2)


class DigestWishes:
    """Reads and grants them; without a ``directory`` people and channels are their IDs."""

    def __init__(
        self, services: Services, book: Subscribers, directory: Directory | None = None
    ) -> None:
        self._services = services
        self._book = book
        self._zone = directory.zone if directory else lambda _: ""
        self._place = directory.name if directory else str

    def told(self, user: str) -> Reply:
        """What a person is told, and what the person has others told."""
        held = self._book.of(user)
        if not held:
            return Reply("answered", "Nothing yet. Have the weekly digest sent to you:")
        listed = views.overview(held, self._setting(user))
        return Reply("answered", "Without being asked, I tell:", tables=(listed,))

    def now(self, user: str) -> DigestWish:
        """How a person gets it, or would: at the weekly run's moment."""
        schedule, held = self._services.settings.schedule, self._book.digest_of(user)
        if held is None:
            return DigestWish(schedule.weekday, schedule.time)
        sending = {None: "send", FOREVER: "stop"}.get(held.quiet_until, "pause")
        return DigestWish(held.weekday, held.time, held.segments, sending)  # type: ignore[arg-type]

    def grant(self, wish: DigestWish, user: str) -> Reply:
        """Makes it so at once. Raises SegmentryError where that cannot be."""
        held = self._book.digest_of(user)
        if held is None and wish.sending != "send":
            raise SegmentryError("You do not get the digest now.", "Choose to have it sent.")
        if held is None:
            return self._done("make", self._book.create(self._wanted(wish, user), user), user)
        if wish.sending == "stop":
            self._book.end(held, user)
            return self._done("end", held, user)
        if wish.sending == "pause":
            today = self._services.now().astimezone(self._services.settings.schedule.zone).date()
            until = today + _PAUSE - timedelta(days=1)
            self._book.mute(held, until, user)
            return self._done("mute", replace(held, quiet_until=until), user)
        wanted = replace(
            held,
            weekday=wish.weekday,
            time=wish.time,
            segments=wish.segments,
            quiet_until=None,
        )
        return self._done("change", self._book.change(wanted, user), user)

    def _wanted(self, wish: DigestWish, user: str) -> Subscription:
        zone = self._zone(user) or self._services.settings.schedule.timezone
        return Subscription(user, wish.weekday, wish.time, zone, wish.segments)

    def _done(self, verb: str, to: Subscription, user: str) -> Reply:
        return views.done([(verb, to)], self._setting(user))

    def _setting(self, user: str) -> views.Setting:
        return views.Setting(
            names=self._book.names(),
            user=user,
            channel="",
            place=self._place,
            moment=self._book.first_moment,
            weekly=f"on {in_words(self._services.settings.schedule)}",
        )
