"""Who is told of the week now, and telling each of them once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from slack_sdk import WebClient

from analytics import digests
from analytics.errors import SegmentryError
from analytics.subscriptions import Subscription
from bot import digest, report
from bot.app import Services
from bot.digest import Digest
from bot.logs import log
from bot.slack.channel import Channel
from bot.subscriptions.subscribers import everyone, schedule_of
from bot.when import last_run, utc


def due(services: Services, waiting: dict[str, Any]) -> list[Subscription]:
    """Whose moment has come since the last week was ready, and who was not told of it."""
    if waiting["ready_at"] is None:
        return []
    told = {(one["target"], one["subscription_id"]) for one in waiting["told"]}
    return [
        to
        for to in everyone(services)
        if (to.target, to.subscription_id) not in told
        and _moment_came(to, waiting["ready_at"], services.now())
    ]


def _moment_came(to: Subscription, ready_at: datetime, now: datetime) -> bool:
    schedule = schedule_of(to)
    moment = last_run(schedule, now)
    quiet = to.quiet_until and moment.astimezone(schedule.zone).date() <= to.quiet_until
    return max(ready_at, to.since or ready_at) <= utc(moment) and not quiet


def tell(services: Services, client: WebClient, to: Subscription) -> bool:
    """Post the latest week to a target unless it is there; True if posted now.

    The digest is claimed before it is sent. Whatever an earlier attempt left, after a crash or a
    broken connection, is looked for in the channel by its key before anything is sent again.

    Raises SegmentryError when Slack takes no message there, and after a digest without its report.
    """
    store = services.store
    with _one_poster(services):
        latest = services.published.latest()
        day: date = latest.rows("digest/week", as_of=None)[0]["as_of"]
        held = digests.posting(store, day, to)
        if held and held.status in ("posted", "skipped"):
            return False
        before = digests.told_before(store, day, to)
        made = _made(services, to, before.as_of if before else None)
        record = partial(
            digests.record, store, day, to, text=made.post.text if made else "",
            now=utc(services.now()),
        )  # fmt: skip
        if made is None:
            record(status="skipped")
            return False
        record(status="claimed")
        try:
            began = held.changed_at.replace(tzinfo=UTC) if held else None
            place = Channel(client, to.target, began)
            _keep_inside(services, place, to)
            told, *details = made.messages
            ts = place.ensure(None, told, _key("digest", day, to))
            for reply in details:
                place.ensure(ts, reply, _key("details", day, to))
            if before and before.message_ts:
                place.link(ts, before.message_ts)
            without = _attach_report(services, place, ts, made, to)
        except SegmentryError:
            record(status="failed")
            raise
        record(status="posted", message_ts=ts)
    log.info("digest of %s posted in %s as %s", day, to.target, ts)
    if without:
        raise without
    return True


def _made(services: Services, to: Subscription, since: date | None) -> Digest | None:
    if to.segments:
        return digest.news(services, to, since=since)
    return digest.make(services, to=to)


def _key(what: str, day: date, to: Subscription) -> str:
    """What a message is known by; a channel may have several subscriptions."""
    return f"{what} {day}" + (f" {to.subscription_id}" if to.subscription_id else "")


def _attach_report(
    services: Services, place: Channel, ts: str, made: Digest, to: Subscription
) -> SegmentryError | None:
    """The page behind a digest, into its thread; the digest stands also where that fails."""
    if to.segments or made.week.verdict == "refused":
        return None
    day, page = report.page(services)
    title = f"The report behind it, {day} (download it, open it in a browser)"
    try:
        place.attach(ts, f"segments-{day}.html", title, page)
    except SegmentryError as failure:
        log.warning("the digest of %s in %s has no report: %s", day, to.target, failure)
        return SegmentryError(
            f"The digest of {day} is in {to.target}, but its report is not: {failure.what}",
            "`segmentry digest --format html --out report.html` makes it.",
        )
    return None


def _keep_inside(services: Services, place: Channel, to: Subscription) -> None:
    """Refuse channels people chose that another company reads too."""
    if to.subscription_id and not services.settings.slack.allow_external and place.is_shared():
        raise SegmentryError(
            f"Nothing was posted to {to.target}: another company reads that channel too.",
            f"End subscription {to.subscription_id}, or set allow_external under [slack].",
        )


@contextmanager
def _one_poster(services: Services) -> Iterator[None]:
    """Hold the right to post; a killed holder loses it by itself."""
    with (services.settings.home / "digest.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
