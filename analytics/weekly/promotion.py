"""Which fit owns the segments from this week on: the anchor, or one that contends with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.identity import Assignment, assign, nearest
from analytics.model import DriftEvent, Ints
from analytics.weekly import challenger
from analytics.weekly.lives import Succession, Verdict, inherit, restored
from analytics.weekly.panel import Noted, Panel, handed_over
from analytics.weekly.state import Fit, SegmentRecord, ThisWeek, WeeklySettings
from analytics.weekly.succession import follow, unsettled

_RENEWED = 0.03  # share of a segment a new fit may change before it learns its usual anew


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person, or the calendar, asks of one refit.

    Attributes
    ----------
    segments : number of segments; another number than now takes over at once.
    accept : take data that looks faulty, and let a held fit take over.
    restore : an earlier fit that is to own the segments again.
    review_k : see whether this number of segments still holds; another is held until accepted.
    """

    segments: int | None = None
    accept: bool = False
    restore: Fit | None = None
    review_k: bool = False


def contend(
    week: ThisWeek,
    events: Sequence[DriftEvent],
    wishes: Wishes,
    settings: WeeklySettings,
    *,
    anew: bool,
    seed: int,
    progress: Callable[[str], None],
) -> Succession:
    """The fit that contends with the anchor this week, and what becomes of it.

    Parameters
    ----------
    events : of this week.
    anew : the data are not what the anchor was made of, so a whole new fit takes over.
    """
    k = len(week.anchor.centroids)
    if wishes.restore:
        fit, records = restored(week, wishes.restore)
        return _taking_over(
            week, fit, records, f"The fit of {fit.as_of} was restored", settings, seed
        )
    if anew or wishes.segments not in (None, k):
        return _whole(week, settings, wishes.segments or k, seed, progress)
    follower = follow(week)
    if follower:
        fit, _ = challenger.measured(follower.fit, week, seed=seed)
        return replace(follower, fit=fit)
    new = _reviewed(week, settings, seed, progress) if wishes.review_k else None
    if new is None:
        fit, labels = challenger.weekly_fit(week, seed=seed)
        verdict = challenger.judge(fit, labels, week, settings, unsettled(week.panel, events))
        if wishes.review_k:
            why = f"{verdict.why} The number of segments was reviewed and stays {k}."
            verdict = replace(verdict, why=why)
        new = Succession(fit, week.before.segments, frozenset(), verdict)
    return _accepted(week, new, settings, seed) if wishes.accept else new


def _whole(
    week: ThisWeek,
    settings: WeeklySettings,
    segments: int | None,
    seed: int,
    progress: Callable[[str], None],
) -> Succession:
    """A fit from nothing that takes over, with ``segments`` segments or as many as hold up."""
    fit, labels = challenger.first_fit(
        week.values,
        week.panel.features,
        as_of=week.as_of,
        settings=settings,
        seed=seed,
        segments=segments,
        progress=progress,
    )
    fit, records = inherit(week, fit, labels)
    why = f"A new fit takes over; {_moved(week, fit, settings)}. {fit.why_k}"
    return Succession(fit, records, frozenset(), Verdict("promoted", why))


def _reviewed(
    week: ThisWeek, settings: WeeklySettings, seed: int, progress: Callable[[str], None]
) -> Succession | None:
    """What a review of the number of segments found; None where nothing speaks against it."""
    fault = challenger.unstable(week, settings, seed=seed)
    if not fault:
        return None
    new, k = _whole(week, settings, None, seed, progress), len(week.anchor.centroids)
    best = len(new.fit.centroids)
    if best == k:
        why = f"In a review {fault}; still, {k} segments are best. {new.fit.why_k}"
        return replace(new, verdict=Verdict("kept", why))
    why = (
        f"In a review {fault}. {best} segments instead of {k} wait for your yes; "
        f"{_moved(week, new.fit, settings)}."
    )
    return replace(new, verdict=Verdict("held", why))


def _accepted(week: ThisWeek, new: Succession, settings: WeeklySettings, seed: int) -> Succession:
    """The fit that is held, taking over: this week's, else the one held before."""
    if new.verdict.refit == "held":
        why = f"The held refit was accepted; {_moved(week, new.fit, settings)}."
        return replace(new, verdict=Verdict("promoted", why))
    held = week.before.held
    if held is None or new.verdict.refit == "promoted":
        return new
    labels, _ = nearest(week.scaled_by(held), held.centroids)
    fit, records = inherit(week, held, labels)
    why = f"The refit held since {held.as_of} was accepted"
    return _taking_over(week, fit, records, why, settings, seed)


def _taking_over(
    week: ThisWeek,
    fit: Fit,
    records: tuple[SegmentRecord, ...],
    why: str,
    settings: WeeklySettings,
    seed: int,
) -> Succession:
    verdict = Verdict("promoted", f"{why}; {_moved(week, fit, settings)}.")
    measured, _ = challenger.measured(fit, week, seed=seed)
    return Succession(measured, records, frozenset(), verdict)


def measured_owner(fit: Fit, week: ThisWeek, *, seed: int) -> Fit:
    """A fit that takes over, with the stability of its segments."""
    if fit.jaccards is None:
        fit = replace(fit, jaccards=challenger.resampled(fit, week, seed=seed))
    return replace(fit, role="anchor")


def hand_over(
    week: ThisWeek, owner: Fit, fresh: Collection[int], settings: WeeklySettings
) -> tuple[Assignment, Panel, list[Noted]]:
    """Who is where under a new owner of the segments, the panel as it was under it, and a note for
    each segment whose history starts anew: ``fresh`` ones, and those it changed much.
    """
    panel, placed = week.panel, _under(week, owner, settings)
    renewed = {*fresh, *_renewed(week.placed.segment_ids, placed.segment_ids)}
    if owner.scaler.to_dict() != week.anchor.scaler.to_dict():
        renewed |= set(owner.segment_ids.tolist())
    notes = [Noted(panel.number - 1, "settled", "settled", s) for s in sorted(renewed)]
    return placed, handed_over(panel, placed.segment_ids, owner.segment_ids, renewed), notes


def _renewed(frozen: Ints, placed: Ints) -> set[int]:
    """Segments of which a new fit changed so many members that their past is another's."""
    moved = frozen != placed
    touched = np.concatenate([frozen[moved], placed[moved]])
    ids, changes = np.unique(touched, return_counts=True)
    sizes = np.array([(placed == s).sum() for s in ids])
    return set(ids[changes > _RENEWED * sizes].tolist())


def _under(week: ThisWeek, fit: Fit, settings: WeeklySettings) -> Assignment:
    """Where a fit puts this week's customers, who stay where they were last week if they can."""
    before = week.before.panel
    rows = before.find(week.panel.customer_ids)
    previous = np.where(rows >= 0, before.segment_ids[rows], 0)
    return assign(
        week.scaled_by(fit),
        fit.centroids,
        fit.segment_ids,
        previous,
        hysteresis=settings.hysteresis,
    )


def _moved(week: ThisWeek, fit: Fit, settings: WeeklySettings) -> str:
    moved = _under(week, fit, settings).segment_ids != week.placed.segment_ids
    return f"{100 * float(moved.mean()):.1f} % of customers change segment"
