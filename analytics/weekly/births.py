"""A segment being born: newcomers who gather where nobody was, and stay there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.identity import nearest, squared_distances
from analytics.model import DriftEvent, Floats, Ints
from analytics.weekly.panel import Noted, earlier_positions
from analytics.weekly.sample import NOWHERE, Flags, Float32s
from analytics.weekly.state import ThisWeek

WINDOW = 8
NEWCOMERS = 0.35  # birth: share of a group that came, beyond those who come into its segment anyhow
APART = 0.8  # birth: squared distance to the group, against that to the nearest centre
ELSEWHERE = 2.0  # the same of a customer who clearly does not belong to the group
SMALLEST = 0.008  # birth: newcomers gathered, share of all customers
_ARRIVED = 0.3  # birth: share of a group that lately came into its segment
_STAYED = 0.7  # share of last week's newcomers still there, where they may be passing by
_SURE = (3.0, 5.0)  # growth of a newborn group in standard errors: in two weeks, in one
_BETWEEN = 0.5  # squared distance from the line between two centres, against the nearer centre's
_FEW = 6


@dataclass(frozen=True, eq=False)
class Crowd:
    """Where newcomers gather, and what became of it since 4 to 8 weeks ago, in a sample.

    Attributes
    ----------
    centre : (d,) scaled.
    total : customers clearly nearer to it than to any segment's centre; before : the same then.
    came : members who then stood clearly elsewhere, or were no customers; went : the reverse.
    usual : as many as would have come had the group grown as the rest of its segment did.
    home : the segment most of its members are in.
    arrived : share of the members who came into their segment in the last `WINDOW` weeks.
    between : whether it stands about where one passes from one segment to another.
    stayed : then, the share of the newcomers of a week ago who are still there; NaN if they were
        too few, or the group did not grow by `NEWCOMERS`.
    """

    centre: Floats
    total: int
    before: int
    came: int
    went: int
    usual: float
    home: int
    arrived: float
    between: bool
    stayed: float

    @property
    def growth(self) -> float:
        """Newcomers beyond the usual, share of the group."""
        return (self.came - self.went - self.usual) / self.total

    @property
    def sure(self) -> float:
        """The same in standard errors: of those who were there both times nothing is known
        (McNemar 1947).
        """
        excess = self.came - self.went - self.usual
        return float(excess / np.sqrt(max(self.came + self.went, 1)))


def newborn(week: ThisWeek) -> Crowd | None:
    """The group away from every centre that newcomers made grow most; None where there is none."""
    panel, centroids = week.panel, week.anchor.centroids
    rows = panel.sample.rows
    Z, segments = week.Z[rows], panel.segment_ids[rows]
    lately = panel.arrived[rows] >= panel.number - WINDOW
    centres = gathered(Z, lately, centroids)
    if not len(centres):
        return None
    now = nearness(Z, centres, centroids)
    then = np.full(now.shape, np.inf, dtype=np.float32)
    then[panel.sample.past[1][:, 0] != NOWHERE] = nearness(
        earlier_positions(panel), centres, centroids
    )
    members, new = now < APART, then > ELSEWHERE
    came = (members & new).sum(axis=0)
    went = ((then < APART) & (now > ELSEWHERE)).sum(axis=0)
    gain = np.maximum(came - went, 0)
    best = int((gain**2 / np.maximum(members.sum(axis=0), 1)).argmax())
    if not gain[best]:
        return None
    mine = members[:, best]
    homes, counts = np.unique(segments[mine], return_counts=True)
    home = int(homes[counts.argmax()])
    rest = (segments == home) & ~mine
    between = _between(centres[best], centroids)
    return Crowd(
        centre=centres[best],
        total=int(mine.sum()),
        before=int((then[:, best] < APART).sum()),
        came=int(came[best]),
        went=int(went[best]),
        usual=float(mine.sum() * lately[rest].mean()) if rest.any() else 0.0,
        home=home,
        arrived=float(lately[mine].mean()),
        between=between,
        stayed=_stayed(week, centres[best], new[:, best], now[:, best])
        if between and gain[best] > NEWCOMERS * mine.sum()
        else np.nan,
    )


def gathered(Z: Float32s, lately: Flags, centroids: Floats) -> Floats:
    """Centres (c, d) of the crowds that customers who came ``lately`` may form.

    Starts from those who came into their segment and stand far from its centre, and gathers
    whoever is clearly nearer to them than to any centre.
    """
    recent = Z[lately]
    label, distance = nearest(recent, centroids)
    centres = _crowds(recent, distance, label, len(centroids))
    return np.array(centres, dtype=np.float64).reshape(-1, Z.shape[1])


def _crowds(Z: Float32s, distance: Float32s, label: Ints, k: int) -> list[Float32s]:
    """Where those who came lately gather: one centre for each segment that enough came into."""
    centres = []
    for j in range(k):
        rows = np.flatnonzero(label == j)
        if len(rows) < _FEW:
            continue
        far = rows[distance[rows] >= np.quantile(distance[rows], 0.6)]
        centre = Z[far].mean(axis=0)
        for _ in range(8):
            mine = _within(Z, centre, distance)
            if mine.sum() < _FEW:
                break
            centre = Z[mine].mean(axis=0)
        centres.append(centre)
    return centres


def _within(Z: Float32s, centre: Float32s, distance: Float32s) -> Flags:
    flags: Flags = squared_distances(Z, centre[None, :].astype(np.float64))[:, 0] < APART * distance
    return flags


def nearness(Z: Float32s, crowds: Floats, centroids: Floats) -> Float32s:
    """Squared distance to each crowd against that to the nearest centre, (n, c)."""
    _, distance = nearest(Z, centroids)
    ratio: Float32s = squared_distances(Z, crowds)
    ratio /= np.maximum(distance, 1e-12)[:, None]
    return ratio


def _between(centre: Floats, centroids: Floats) -> bool:
    """Whether a place is nearer to the line from one centre to another than to any centre."""
    away = centre - centroids
    line = centroids[None, :, :] - centroids[:, None, :]
    length = np.maximum((line**2).sum(axis=-1), 1e-12)
    share = (np.einsum("ad,abd->ab", away, line) / length).clip(0, 1)
    off = away[:, None, :] - share[:, :, None] * line
    return bool((off**2).sum(axis=-1).min() < _BETWEEN * (away**2).sum(axis=-1).min())


def _stayed(week: ThisWeek, centre: Floats, new: Flags, now: Float32s) -> float:
    """Share still there of the newcomers a week ago; NaN if they were too few to tell.

    Those who pass by on their way from one segment to another gather too, but do not stay.
    """
    before = week.before.panel
    rows = before.find(week.panel.customer_ids)[week.panel.sample.rows]
    known = np.flatnonzero(new & (rows >= 0))
    last = np.column_stack([column[rows[known]] for column in before.last])
    Z = week.anchor.scaler.transform(last)
    there = nearness(Z, centre[None, :], week.anchor.centroids)[:, 0] < APART
    return float((now[known[there]] < 1).mean()) if there.sum() >= _FEW else np.nan


def find_births(week: ThisWeek) -> tuple[list[DriftEvent], list[Noted]]:
    """A crowd of newcomers where few stood 4 to 8 weeks ago: the alarm, and what to remember.

    A weaker finding is confirmed by a second week. Between two segments so is every finding, and
    newcomers must be seen to stay in both; half as many raise a suspicion.

    Returns
    -------
    At most one event of kind birth, and at most one suspicion.
    """
    found, panel = newborn(week), week.panel
    if found is None:
        return [], []
    excess, least = found.growth * found.total, max(12, SMALLEST * len(panel.sample.rows))
    passing = found.between and found.stayed <= _STAYED
    if excess < least / 2 or found.growth <= NEWCOMERS or found.arrived <= _ARRIVED or passing:
        return [], []
    settled = int(not found.between or found.stayed > _STAYED)
    suspected = [Noted(panel.number - 1, "birth", "suspected", other=found.home, sign=settled)]
    again = any(
        n.kind == "birth" and n.verdict == "suspected" and n.sign and n.week == panel.number - 2
        for n in panel.noted
    )
    enough = _SURE[0] if again else np.inf if found.between else _SURE[1]
    if excess < least or not settled or found.sure < enough:
        return [], suspected
    one_in = panel.sample.one_in
    about, total, before = (
        "about " if one_in > 1 else "",
        found.total * one_in,
        found.before * one_in,
    )
    return [
        DriftEvent(
            "birth",
            "alarm",
            f"A new group is forming on the far side of segment {found.home}: {about}{total:,} "
            f"customers stand together where {before:,} stood 4 to 8 weeks ago.",
            other_segment=found.home,
            effect=found.growth,
            threshold=NEWCOMERS,
            evidence={"customers": total, "before": before},
        )
    ], suspected
