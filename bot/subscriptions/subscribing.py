"""Wishes carried out: each person for themselves at once, for anyone else after a yes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from analytics.errors import SegmentryError
from analytics.subscriptions import Subscription
from bot.app import Services
from bot.conversation import lexicon_of
from bot.product import Asked
from bot.reply import Choice, Reply
from bot.slack.directory import Directory
from bot.subscriptions import wishes
from bot.subscriptions.subscribers import Subscribers, everyone
from bot.subscriptions.wishes import Wish
from bot.views import subscriptions as views
from bot.when import in_words

_REMEMBERED = 1_000

# What is to happen to a subscription, the subscription as it will be, and how.
Step = tuple[str, Subscription, Callable[[], object]]


class Subscribing:
    """Hears wishes and grants them; without a ``directory`` people and channels are their IDs."""

    def __init__(
        self,
        services: Services,
        book: Subscribers,
        directory: Directory | None = None,
    ) -> None:
        self._services = services
        self._book = book
        self._zone = directory.zone if directory else lambda _: ""
        self._place = directory.name if directory else str
        self._waiting: OrderedDict[tuple[str, str], str] = OrderedDict()

    def hear(self, asked: Asked) -> Reply | None:
        """The reply to a wish; None where the message is none."""
        text, confirmed = wishes.without_yes(asked.text)
        if wishes.agreed(asked.text):
            text, confirmed = self._waiting.pop((asked.conversation, asked.user), ""), True
        else:
            self._waiting.pop((asked.conversation, asked.user), None)
        kind = wishes.kind_of(text)
        if kind is None:
            return None
        try:
            reply = self._grant(self._read(text, kind), asked, confirmed)
        except SegmentryError as error:
            return Reply("error", str(error))
        if reply.status != "confirm":
            return reply
        self._waiting[asked.conversation, asked.user] = text
        while len(self._waiting) > _REMEMBERED:
            self._waiting.popitem(last=False)
        return replace(reply, choices=(Choice("Yes, do it", f"yes, {text}"),))

    def _read(self, text: str, kind: wishes.Kind) -> Wish:
        copy = self._services.published.latest()
        today = self._services.now().astimezone(self._services.settings.schedule.zone).date()
        return wishes.read(text, kind, lexicon_of(copy), today)

    def _grant(self, wish: Wish, asked: Asked, confirmed: bool) -> Reply:
        if wish.kind == "list":
            return self._listed(asked)
        if wish.kind in ("follow", "alert"):
            return self._made(wish, asked, confirmed)
        return self._changed(wish, asked, confirmed)

    def _listed(self, asked: Asked) -> Reply:
        return views.listed(self._book.of(asked.user, asked.channel), self._setting(asked))

    def _made(self, wish: Wish, asked: Asked, confirmed: bool) -> Reply:
        if wish.features:
            return Reply("clarify", views.SIZES_ONLY)
        if wish.kind == "alert" and not wish.segments:
            return Reply("clarify", views.WHICH_SEGMENT)
        if wish.kind == "alert" and wish.change is None:
            return Reply("clarify", views.how_much(wish.segments, wish.direction))
        wanted = self._wanted(wish, asked)
        held = self._book.digest_of(wanted.target) if not wanted.is_alert else None
        if held and held.subscription_id == 0:
            return Reply("declined", views.configured(held))
        if held:
            wanted = _joined(held, wanted, wish)
            do = partial(self._book.change, wanted, asked.user, asked.channel)
            return self._ask_or_do([("change", wanted, do)], asked, confirmed)
        do = partial(self._book.create, wanted, asked.user)
        return self._ask_or_do([("make", wanted, do)], asked, confirmed)

    def _wanted(self, wish: Wish, asked: Asked) -> Subscription:
        weekly = self._services.settings.schedule
        target = self._target(wish.target or "me", asked)
        zone = wish.timezone or (
            (self._zone(asked.user) or weekly.timezone) if wish.time else weekly.timezone
        )
        return Subscription(
            target=target,
            weekday=wish.weekday or weekly.weekday,
            time=wish.time or weekly.time,
            timezone=zone,
            segments=wish.segments,
            direction=wish.direction if wish.kind == "alert" else "any",
            threshold=wish.change if wish.kind == "alert" else None,
        )

    def _target(self, said: str, asked: Asked) -> str:
        if said == "me" or (said == "here" and asked.channel.startswith("D")):
            return asked.user
        return asked.channel if said == "here" else said

    def _changed(self, wish: Wish, asked: Asked, confirmed: bool) -> Reply:
        meant = self._meant(wish, asked)
        if not meant:
            return Reply("clarify", views.NONE_MEANT)
        if len(meant) > 1 and wish.kind in ("end", "move") and not wish.everything:
            return views.which(meant, self._setting(asked))
        if wish.kind == "mute" and wish.until is None:
            return Reply("clarify", views.UNTIL_WHEN)
        steps = [self._step(wish, to, asked) for to in meant]
        return self._ask_or_do(steps, asked, confirmed)

    def _step(self, wish: Wish, to: Subscription, asked: Asked) -> Step:
        by = (asked.user, asked.channel)
        if wish.kind == "end":
            return "end", to, partial(self._book.end, to, *by)
        if wish.kind in ("mute", "resume"):
            until = wish.until if wish.kind == "mute" else None
            muted = replace(to, quiet_until=until)
            return wish.kind, muted, partial(self._book.mute, to, until, *by)
        if to.subscription_id == 0:
            raise SegmentryError(views.configured(to))
        moved = replace(
            to,
            weekday=wish.weekday or to.weekday,
            time=wish.time or to.time,
            timezone=wish.timezone or to.timezone,
        )
        return "change", moved, partial(self._book.change, moved, *by)

    def _meant(self, wish: Wish, asked: Asked) -> list[Subscription]:
        """By number; else those of the place named; else those of this place, or the person's."""
        held = everyone(self._services)
        if wish.number is not None:
            return [s for s in held if s.subscription_id == wish.number]

        def fitting(target: str) -> list[Subscription]:
            return [
                s
                for s in held
                if s.target == target
                and (not wish.segments or set(wish.segments) & set(s.segments))
                and (wish.digest == wish.alerts or s.is_alert == wish.alerts)
            ]

        if wish.target:
            return fitting(self._target(wish.target, asked))
        return fitting(asked.channel) or fitting(asked.user)

    def _ask_or_do(self, steps: list[Step], asked: Asked, confirmed: bool) -> Reply:
        steps_said = [(verb, to) for verb, to, _ in steps]
        for verb, to in steps_said:
            if verb in ("make", "change"):
                self._book.check(to)
            if verb != "make":
                self._book.require_own(to, asked.user, asked.channel)
        if not confirmed and any(to.target != asked.user for _, to in steps_said):
            return views.confirmation(steps_said, self._setting(asked))
        for _, _, do in steps:
            do()
        return views.done(steps_said, self._setting(asked))

    def _setting(self, asked: Asked) -> views.Setting:
        schedule = self._services.settings.schedule
        return views.Setting(
            names=self._book.names(),
            user=asked.user,
            channel=asked.channel,
            place=self._place,
            moment=self._book.first_moment,
            weekly=f"on {in_words(schedule)}",
        )


def _joined(held: Subscription, wanted: Subscription, wish: Wish) -> Subscription:
    """A digest with the segments asked for added, at the moment asked for."""
    return replace(
        held,
        segments=tuple(sorted({*held.segments, *wanted.segments})) if wish.segments else (),
        weekday=wish.weekday or held.weekday,
        time=wish.time or held.time,
        timezone=wish.timezone or (wanted.timezone if wish.time else held.timezone),
    )
