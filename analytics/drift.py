"""What changed this week beyond what is usual: everyone, one segment, flows, sizes.

Every comparison is with the panel's own earlier weeks; an alarm needs an effect worth telling and
one far outside the noise of those weeks. Each explanation takes away what it explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import nbinom

from analytics.model import DriftEvent, Feature, Floats
from analytics.panel import TRAIL, Flags, Noted, Panel
from analytics.structure import STRUCTURAL
from analytics.weekstate import WeeklySettings

EXPLAINED_WEEKS = 8  # for so long a structural or feature alarm explains flows and sizes
REFERENCE_WEEKS = 26
LAG = 2  # newest weeks kept out of the reference: a slow change must not become usual
AT_ONCE = 1.6  # bounds an effect must exceed to alarm without a second week
SEASON_STARTS = 0.05  # a common move from which on segments may differ in their season
ABRUPT = 0.25  # a common move this large within two weeks is no season, log units
_RARE = 3e-6  # chance of a count as large in one test
_LEAST_NOISE = 0.003


@dataclass(frozen=True, eq=False)
class Series:
    """History of one measure against its reference; arrays (k, d).

    ``change`` is this week minus the mean of the reference weeks, ``common`` (d,) the part all
    segments share, ``noise`` the standard error of the remainder, ``weeks`` reference weeks used,
    ``past_common`` (T - 1, d) the common part of the weeks before. What everyone did at this time
    last year is taken out of ``change`` and ``common``.
    """

    change: Floats
    common: Floats
    noise: Floats
    weeks: Floats
    past_common: Floats


def seasonal(day: date) -> bool:
    """The weeks in which spending moves for everyone: late November to the end of January."""
    return (day.month, day.day) >= (11, 20) or day.month == 1


def judge(
    panel: Panel, settings: WeeklySettings, structural: set[int]
) -> tuple[list[DriftEvent], list[Noted]]:
    """Events of the panel's newest week, most telling first, and suspicions to confirm next week.

    Nothing is judged before ``settings.min_weeks``; ``structural`` segments, and those with
    a structural event in the last weeks, are left to it.
    """
    if len(panel.weeks) < settings.min_weeks - 1:
        return [], []
    level = _compare(panel, "level")
    events, suspicions = _everyone(panel, level, settings)
    structural = structural | _explained(panel, {*STRUCTURAL, "settled"})
    found, suspected = _features(panel, level, structural, settings)
    events += found
    suspicions += suspected
    explained = structural | _explained(panel, {"feature", "settled"})
    explained |= {e.segment for e in found if e.segment and e.verdict == "alarm"}
    if any(
        n.kind == "birth" and n.week >= panel.number - EXPLAINED_WEEKS
        for n in panel.noted
        if n.verdict == "alarm"
    ):
        return events, suspicions
    past = level.past_common[-4] if len(level.past_common) > 4 else np.zeros(len(level.common))
    strain = 1 + float(np.nanmax(np.abs(np.nan_to_num(level.common - past)))) / 0.1
    events += [
        e
        for e in _flows(panel, settings, strain)
        if e.segment not in explained and e.other_segment not in explained
    ]
    events += [e for e in _sizes(panel, settings) if e.segment not in structural]
    return events, suspicions


def _explained(panel: Panel, kinds: set[str]) -> set[int]:
    recent = panel.number - EXPLAINED_WEEKS
    return {
        s
        for n in panel.noted
        if n.verdict in ("alarm", "settled") and n.kind in kinds and n.week >= recent
        for s in (n.segment, n.other)
        if s
    }


def _compare(panel: Panel, measure: str) -> Series:
    """Put this week's ``measure`` beside its reference weeks."""
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    history = np.stack([getattr(w, measure) for w in weeks])
    errors = np.stack([getattr(w, f"{measure}_se") for w in weeks])
    T, k, d = history.shape
    first = panel.number - T
    since = np.zeros((k, d))
    place = {int(s): i for i, s in enumerate(weeks[-1].segment_ids)}
    column = {f.name: j for j, f in enumerate(panel.features)}
    for n in panel.noted:
        if n.verdict == "alarm" and n.kind in STRUCTURAL:
            for s in (place[x] for x in (n.segment, n.other) if x in place):
                since[s] = np.maximum(since[s], n.week + EXPLAINED_WEEKS - LAG - first)
        if n.verdict == "alarm" and n.feature in column and n.kind in ("feature", "global"):
            rows = [place[n.segment]] if n.segment in place else range(k) if not n.segment else []
            for s in rows:
                since[s, column[n.feature]] = max(since[s, column[n.feature]], n.week - first)
    number = np.arange(T)[:, None, None]
    usable = np.isfinite(history) & (number < max(T - 1 - LAG, 5)) & (number < T - 1)
    usable &= number >= since
    count = usable.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        reference = np.where(usable, history, 0).sum(axis=0) / count
        change = np.where(count >= 3, history[-1] - reference, np.nan)
        moved = np.where(number >= since, history - reference, np.nan)
    past_common = np.array([_common(moved[t]) for t in range(T - 1)]).reshape(-1, d)
    common = _common(change)
    remainder = np.where(usable, moved, np.nan)[:-1] - past_common[:, None, :]
    noise2 = _pooled(remainder**2, count)
    sampling = _pooled(np.where(usable, errors**2, np.nan)[:-1], count)
    extra = np.maximum(noise2 - sampling, _LEAST_NOISE**2)
    widen = 1 + 1 / np.maximum(count, 1)
    noise = np.sqrt((np.nan_to_num(errors[-1], nan=1.0) ** 2 + extra) * widen)
    season = _last_year(panel, measure)
    return Series(change - season, common - season, noise, count.astype(float), past_common)


def _last_year(panel: Panel, measure: str) -> Floats:
    """What everyone did at this time last year, against the weeks before it; 0 where unknown."""
    day = panel.weeks[-1].as_of - timedelta(days=364)
    then = [t for t, w in enumerate(panel.weeks) if abs((w.as_of - day).days) <= 10]
    nothing = np.zeros(len(panel.features))
    if not then or then[0] < 8:
        return nothing
    history = np.stack([getattr(w, measure) for w in panel.weeks[: then[-1] + 1]])
    before = history[max(then[0] - REFERENCE_WEEKS, 0) : then[0]]
    known = np.isfinite(history[then]).any(axis=0) & np.isfinite(before).any(axis=0)
    change = np.full(known.shape, np.nan)
    change[known] = (np.nanmean(history[then], axis=0) - np.nanmean(before, axis=0))[known]
    return _common(change)


def _common(change: Floats) -> Floats:
    """What the segments share, per feature: the median; of two only what both did."""
    shared = np.zeros(change.shape[1])
    for j in range(change.shape[1]):
        known = change[np.isfinite(change[:, j]), j]
        if len(known) > 2:
            shared[j] = np.median(known)
        elif len(known) == 2 and known[0] * known[1] > 0:
            shared[j] = known[np.abs(known).argmin()]
    return shared


def _pooled(squares: Floats, count: Floats) -> Floats:
    """Mean square per feature over weeks and segments, without the wildest segment, (d,)."""
    freedom = np.maximum(count - 1, 1) / np.maximum(count, 1)
    with np.errstate(invalid="ignore"):
        means = np.where(
            count > 1,
            np.nanmean(np.where(np.isfinite(squares), squares, np.nan), axis=0) / freedom,
            np.nan,
        )
    ordered = np.sort(means, axis=0)
    known = np.isfinite(ordered).sum(axis=0)
    kept = np.arange(len(ordered))[:, None] < np.maximum(known - 1, 1)
    result = np.where(kept & np.isfinite(ordered), ordered, 0).sum(axis=0) / np.maximum(
        (kept & np.isfinite(ordered)).sum(axis=0), 1
    )
    fallback = float(np.median(result[known > 0])) if (known > 0).any() else 1.0
    return np.where(known > 0, np.maximum(result, 0.25 * fallback), fallback)


def least_effect(feature: Feature, settings: WeeklySettings) -> float:
    """The smallest change of a feature worth telling, in the units of `analytics.panel.Week`."""
    if feature.transform == "log":
        return float(np.log1p(settings.feature_effect))
    return settings.share_effect


def _everyone(
    panel: Panel, level: Series, settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    """A move of amounts in every segment: of all amounts alike, or of some of them.

    Prices lift every amount and no count. A season lifts some amounts, and counts with them; so a
    move of some is an alarm only where no season can be the reason: too abrupt or too long.
    """
    customers = int(panel.weeks[-1].customers.sum())
    logged = np.array([f.transform == "log" for f in panel.features])
    known = logged & np.isfinite(level.change).any(axis=0)
    money = known & [f.unit == "money" for f in panel.features]
    counts = known & [f.unit == "count" for f in panel.features]
    week, suspicions = panel.number - 1, []
    before = {(n.feature, n.sign) for n in panel.noted if n.kind == "global" and n.week == week - 1}

    if money.sum() >= 4:
        moves = level.common[money]
        middle, sign = _middle(moves), int(np.sign(_middle(moves)))
        noise = 1.5 * float(np.median(np.abs([_middle(past[money]) for past in level.past_common])))
        bound = max(float(np.log1p(settings.global_effect)), settings.alarm_z * noise)
        shared = float(np.quantile(sign * moves, 0.3))
        activity = float((sign * level.common[counts]).max(initial=0.0))
        if abs(middle) > bound and shared > 0.5 * abs(middle) > activity:
            suspicions.append(Noted(week, "global", "suspected", sign=sign))
            if ("", sign) in before:
                effect = float(np.expm1(middle))
                moved = np.flatnonzero(money)[sign * moves > 0.5 * abs(middle)]
                most = moved[np.argmax(np.abs(level.common[moved]))]
                text = (
                    f"Amounts {_moved(effect)} for everyone, by about {_percent(effect)} in every "
                    f"segment against the last {_weeks(level)} weeks (usual range "
                    f"±{_percent(np.expm1(bound))}), and customers do not do more or less: "
                    f"prices, not one segment; {customers:,} customers."
                )
                names = [panel.features[j].name for j in moved]
                return [
                    DriftEvent(
                        "global",
                        "alarm",
                        text,
                        feature=panel.features[most].name,
                        effect=effect,
                        threshold=float(np.expm1(bound)),
                        evidence={"customers": customers, "features": names},
                    )
                ], suspicions
            return [], suspicions
    return _season(panel, level, known, settings), suspicions


def _season(
    panel: Panel, level: Series, known: Flags, settings: WeeklySettings
) -> list[DriftEvent]:
    """The feature that moved most for everyone: to watch, or an alarm if too abrupt for a season."""
    noise = 1.5 * np.median(np.abs(level.past_common), axis=0)
    least = np.log1p(settings.season_effect)
    moved = np.where(known, np.abs(level.common), 0.0) / np.maximum(least, settings.alarm_z * noise)
    j = int(moved.argmax())
    if moved[j] <= 1:
        return []
    feature, week = panel.features[j], panel.weeks[-1]
    sign = int(np.sign(level.common[j]))
    told = any(
        n.kind == "global" and n.feature == feature.name and n.sign == sign
        for n in panel.noted
        if n.week >= panel.number - EXPLAINED_WEEKS and n.verdict != "suspected"
    )
    if told:
        return []
    abrupt = abs(level.common[j] - level.past_common[-2:, j].mean()) > ABRUPT
    alarm = bool(abrupt and not seasonal(week.as_of))
    if alarm:
        reason = "too abrupt for a season"
    elif seasonal(week.as_of):
        reason = "which is seasonal from late November to January"
    elif (week.as_of - panel.weeks[0].as_of).days < 364:
        reason = "which may be seasonal: there is less than a year of history to tell"
    else:
        reason = "more than at this time last year"
    effect, customers = float(np.expm1(level.common[j])), int(week.customers.sum())
    return [
        DriftEvent(
            "global",
            "alarm" if alarm else "watch",
            f"{feature.label.capitalize()} {_moved(effect)} {_percent(effect)} in all segments "
            f"alike against the last {_weeks(level)} weeks, {reason}; {customers:,} customers.",
            feature=feature.name,
            effect=effect,
            threshold=settings.season_effect,
            evidence={"customers": customers},
        )
    ]


def _middle(moves: Floats) -> float:
    """Mean without the lowest and the highest."""
    return float(np.sort(moves)[1:-1].mean())


def _features(
    panel: Panel, level: Series, structural: set[int], settings: WeeklySettings
) -> tuple[list[DriftEvent], list[Noted]]:
    ids = panel.weeks[-1].segment_ids
    customers = panel.weeks[-1].customers
    before = {
        (n.segment, n.feature, n.sign)
        for n in panel.noted
        if n.week == panel.number - 2 and n.verdict == "suspected" and n.kind == "feature"
    }
    season = max(float(np.abs(level.common).max()) - SEASON_STARTS, 0.0)
    events: list[DriftEvent] = []
    suspicions: list[Noted] = []
    for s, segment in enumerate(ids):
        if int(segment) in structural:
            continue
        for j, feature in enumerate(panel.features):
            excess = level.change[s, j] - level.common[j]
            if not np.isfinite(excess):
                continue
            bound = max(least_effect(feature, settings), settings.alarm_z * level.noise[s, j])
            bound += 0.5 * abs(level.common[j])
            if feature.transform == "log" and feature.unit != "money":
                bound += 0.5 * season
            own = level.change[s, j] * np.sign(excess)
            if abs(excess) <= bound or own <= 0.4 * bound:
                continue
            sign = int(np.sign(excess))
            suspicions.append(
                Noted(panel.number - 1, "feature", "suspected", int(segment), 0, feature.name, sign)
            )
            if abs(excess) > AT_ONCE * bound or (int(segment), feature.name, sign) in before:
                events.append(
                    _feature_event(
                        feature,
                        int(segment),
                        float(excess),
                        float(bound),
                        int(level.weeks[s, j]),
                        int(customers[s]),
                    )
                )
    events.sort(key=lambda e: -abs(e.effect / e.threshold))
    return events, suspicions


def _feature_event(
    feature: Feature, segment: int, excess: float, bound: float, weeks: int, customers: int
) -> DriftEvent:
    label = feature.label.capitalize()
    if feature.transform == "log":
        effect, threshold = float(np.expm1(excess)), float(np.expm1(bound))
        size, usual = _percent(effect), f"{100 * threshold:.0f} %"
    else:
        effect, threshold = excess, bound
        size, usual = f"{abs(100 * effect):.1f} points", f"{100 * threshold:.1f} points"
    return DriftEvent(
        "feature",
        "alarm",
        f"{label} of segment {segment} {_moved(effect)} {size} against its own last {weeks} weeks "
        f"(usual range ±{usual}); {customers:,} customers.",
        segment=segment,
        feature=feature.name,
        effect=effect,
        threshold=threshold,
        evidence={"customers": customers, "reference_weeks": weeks},
    )


def _moved(change: float) -> str:
    return "rose" if change > 0 else "fell"


def _percent(change: float) -> str:
    return f"{abs(100 * change):.0f} %"


def _weeks(series: Series) -> int:
    return int(np.median(series.weeks[series.weeks > 0])) if (series.weeks > 0).any() else 0


def _overdispersion(counts: Floats, known: Flags) -> float:
    """Variance over mean of weekly counts (T, ...) where known, pooled; at least 1 (Poisson)."""
    T = known.sum(axis=0)
    mean = np.where(known, counts, 0).sum(axis=0) / np.maximum(T, 1)
    variance = np.where(known, (counts - mean) ** 2, 0).sum(axis=0) / np.maximum(T - 1, 1)
    busy = (mean >= 1) & (T > 2)
    return max(1.0, float(variance[busy].sum() / mean[busy].sum())) if busy.any() else 1.0


def _excess(history: Floats, known: Flags, window: int) -> tuple[Floats, Floats, Floats]:
    """Counts of the last ``window`` weeks, what the weeks before lead to expect, and the chance of
    as many (a Poisson rate learnt from counts: negative binomial).

    Parameters
    ----------
    history : (T, ...) counts; known : (T, ...) weeks in which they could be counted.
    """
    past, now = history[:-window], history[-window:].sum(axis=0)
    scale = _overdispersion(past, known[:-window])
    total, T = past.sum(axis=0), np.maximum(known[:-window].sum(axis=0), 1)
    chance = nbinom.sf(now / scale - 1, total / scale + 0.5, T / (T + window))
    return now, total * window / T, chance


def _excess_far(history: Floats, known: Flags) -> tuple[Floats, Floats, Floats]:
    """As `_excess`, for counts over `TRAIL` weeks each, which overlap from week to week."""
    usable = known[:-TRAIL]
    usable &= history[:-TRAIL].any(axis=(1, 2), keepdims=True)
    past, now = np.where(usable, history[:-TRAIL], 0), history[-1]
    scale = _overdispersion(past, usable)
    T = np.maximum(usable.sum(axis=0), 1) / TRAIL
    total = past.sum(axis=0) / TRAIL
    return now, total / T, nbinom.sf(now / scale - 1, total / scale + 0.5, T / (T + 1))


def _settled(panel: Panel, T: int) -> Flags:
    """Whether each segment existed as it is now, in each of the last T weeks, (T, k)."""
    ids = panel.weeks[-1].segment_ids
    since = {n.segment: n.week + 1 for n in panel.noted if n.kind == "settled"}
    first = np.array([since.get(int(s), 0) for s in ids])
    flags: Flags = np.arange(panel.number - T, panel.number)[:, None] >= first
    return flags


def _windows(panel: Panel) -> Iterator[int]:
    return (w for w in (1, 2) if len(panel.weeks) - w >= 4)


def _flows(panel: Panel, settings: WeeklySettings, strain: float) -> list[DriftEvent]:
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    ids, k = weeks[-1].segment_ids, len(weeks[-1].segment_ids)
    known = _settled(panel, len(weeks))
    known = known[:, :, None] & known[:, None, :] & ~np.eye(k, dtype=bool)
    near = np.stack([w.flows for w in weeks]).astype(float)
    far = np.stack([w.far_flows for w in weeks]).astype(float)
    told = {
        (n.segment, n.other)
        for n in panel.noted
        if n.kind == "transition" and n.week >= panel.number - EXPLAINED_WEEKS
    }
    best: dict[tuple[int, int], DriftEvent] = {}
    for window in (*_windows(panel), TRAIL):
        if window == TRAIL and len(weeks) < 2 * TRAIL + 2:
            continue
        if window == TRAIL:  # each customer counted from where they were then to where they are now
            now, usual, chance = _excess_far(far, known)
            size = far[-1].sum(axis=1)
        else:
            now, usual, chance = _excess(near, known, window)
            size = near[-window].sum(axis=1)
        net = ((now - usual) - (now - usual).T) / np.maximum(size, 1)[:, None]
        for a in range(k):
            for b in range(k):
                pair = (int(ids[a]), int(ids[b]))
                if a == b or pair in told or chance[a, b] > _RARE:
                    continue
                bound = settings.transition_effect * strain
                if net[a, b] > bound and (pair not in best or net[a, b] > best[pair].effect):
                    best[pair] = DriftEvent(
                        "transition",
                        "alarm",
                        f"{int(now[a, b]):,} customers moved from segment {ids[a]} to segment {ids[b]} "
                        f"in {_span(window)}, where about {usual[a, b]:.0f} are usual: net "
                        f"{100 * net[a, b]:.1f} % of segment {ids[a]}.",
                        segment=pair[0],
                        other_segment=pair[1],
                        effect=float(net[a, b]),
                        threshold=bound,
                        p_value=float(chance[a, b]),
                        evidence={
                            "customers": int(now[a, b]),
                            "usual": float(usual[a, b]),
                            "weeks": window,
                        },
                    )
    return sorted(best.values(), key=lambda e: -e.effect)


def _sizes(panel: Panel, settings: WeeklySettings) -> list[DriftEvent]:
    weeks = panel.weeks[-REFERENCE_WEEKS:]
    known = _settled(panel, len(weeks))
    entered = np.stack([w.entered for w in weeks]).astype(float)
    left = np.stack([w.left for w in weeks]).astype(float)
    told = {
        n.segment
        for n in panel.noted
        if n.kind == "size" and n.week >= panel.number - EXPLAINED_WEEKS
    }
    best: dict[int, DriftEvent] = {}
    for window in (*_windows(panel), *((4,) if len(weeks) >= 8 else ())):
        came, came_usual, came_chance = _excess(entered, known, window)
        went, went_usual, went_chance = _excess(left, known, window)
        net = ((came - came_usual) - (went - went_usual)) / np.maximum(weeks[-window].customers, 1)
        for s, segment in enumerate(weeks[-1].segment_ids):
            chance = float(came_chance[s] if net[s] > 0 else went_chance[s])
            if int(segment) in told or chance > _RARE or abs(net[s]) <= settings.size_effect:
                continue
            if int(segment) in best and abs(best[int(segment)].effect) >= abs(net[s]):
                continue
            word, count, usual = (
                ("joined", came[s], came_usual[s])
                if net[s] > 0
                else ("left", went[s], went_usual[s])
            )
            best[int(segment)] = DriftEvent(
                "size",
                "alarm",
                f"{int(count):,} customers {word} segment {segment} from outside in {_span(window)}, "
                f"where about {usual:.0f} are usual: its size {_moved(net[s])} {_percent(net[s])}."
                if word == "joined"
                else f"{int(count):,} customers of segment {segment} left the base in {_span(window)}, "
                f"where about {usual:.0f} are usual: its size {_moved(net[s])} {_percent(net[s])}.",
                segment=int(segment),
                effect=float(net[s]),
                threshold=settings.size_effect,
                p_value=chance,
                evidence={"customers": int(count), "usual": float(usual), "weeks": window},
            )
    return sorted(best.values(), key=lambda e: -abs(e.effect))


def _span(window: int) -> str:
    return "one week" if window == 1 else f"{window} weeks"
