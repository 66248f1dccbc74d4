"""Views of answers about features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.answers.facts import FeatureProfile
from analytics.answers.features import FeatureStat, Filter, Matching
from analytics.answers.reader import SegmentName
from bot import formats
from bot.formats import capital, day, people, percent, plain, segment, value
from bot.reply import Cell, Chart, Choice, Series, Table
from bot.views import wording
from bot.views.view import View, count_cell, share_cell, table

_LISTED = 3  # segments whose numbers are told one by one
_OPERATORS = {"<": "below", "<=": "of at most", "=": "of", ">=": "of at least", ">": "above"}


@dataclass(frozen=True, kw_only=True)
class FeatureStatView(View):
    """``matching``, ``share`` and ``condition`` are "" without a filter."""

    lines: tuple[str, ...]
    condition: str
    matching: str
    of: str
    share: str
    date: str


def feature_stat(data: FeatureStat, currency: str) -> FeatureStatView:
    """Statistics of features in a sentence, beside every segment in a table."""
    profiles = wording.by_feature(data.features)
    statistics = (data.statistic,) if data.statistic else ("mean", "median")
    total = next((m for m in data.matching if m.segment_id is None), None)
    if total and not total.matching:
        profiles = {}
    tables = [_stat_table(data, rows, statistics, currency) for rows in profiles.values()]
    return FeatureStatView(
        lines=tuple(_stat_line(data, rows, statistics, currency) for rows in profiles.values()),
        condition=conditions(data.conditions, currency),
        matching=people(total.matching) if total else "",
        of=wording.segments(data.asked),
        share=percent(total.share) if total else "",
        date=day(data.as_of),
        tables=(matching_table(f"Customers on {day(data.as_of)}", data.matching),)
        if data.statistic == "count"
        else tuple(tables),
        charts=(_matching_chart(data),)
        if data.statistic == "count"
        else tuple(_stat_chart(data, rows, statistics[0]) for rows in profiles.values()),
        choices=tuple(
            Choice("Over time", f"trend of {rows[None].label}") for rows in profiles.values()
        )[:1]
        if not data.conditions
        else (),
    )


def conditions(filters: tuple[Filter, ...], currency: str) -> str:
    """Conditions in words: ``credit limit above $10k and balance at most $500``"""
    parts = []
    for f in filters:
        if isinstance(f.value, tuple):
            low, high = (value(bound, f.unit, currency) for bound in f.value)
            parts.append(f"{plain(f.label)} between {low} and {high}")
        elif f.value == 0 and f.op in ("=", "<="):
            parts.append(f"no {plain(f.label)}")
        elif f.value == 0 and f.op == ">":
            parts.append(plain(f.label))
        else:
            bound = value(f.value, f.unit, currency)
            parts.append(f"{plain(f.label)} {_OPERATORS[f.op]} {bound}")
    return formats.joined(parts) if parts else ""


def _stat_line(
    data: FeatureStat,
    rows: dict[int | None, FeatureProfile],
    statistics: tuple[str, ...],
    currency: str,
) -> str:
    """``For purchases, segment 3 (...) has an average of $2,640 and a median of $1,980``"""

    def stats(row: FeatureProfile) -> str:
        return formats.joined(
            [
                f"{wording.ARTICLES[s]} {wording.statistic_value(row, s, currency)}"
                for s in statistics
            ]
        )

    label = plain(rows[None].label)
    if statistics in (("share",), ("zero_share",)):
        return _share_line(data, rows, statistics[0])
    whose = "those customers" if data.conditions else "everyone"
    parts = [
        f"{segment(s.segment_id, s.name)} has {stats(rows[s.segment_id])}"
        for s in data.asked
        if s.segment_id in rows and not data.conditions
    ]
    base = " and ".join(wording.statistic_value(rows[None], s, currency) for s in statistics)
    together = _together(data, rows)
    if together and len(parts) > _LISTED:
        ids = wording.ids(data.asked)
        line = f"For {label}, segments {ids} together have {stats(together)}, "
        among = _range(data.asked, rows, statistics, currency)
        return f"{line}against {base} for everyone{among}"
    if parts:
        line = f"For {label}, {formats.joined(parts)}, against {base} for everyone"
        return f"{line}; together they have {stats(together)}" if together else line
    have = "have" if data.conditions else "has"
    line = f"For {label}, {whose} {have} {stats(rows[None])}"
    if data.conditions:
        return line
    return line + _range(data.segments, rows, statistics, currency)


def _together(data: FeatureStat, rows: dict[int | None, FeatureProfile]) -> FeatureProfile | None:
    return next((row for row in data.together if row.feature == rows[None].feature), None)


def _range(
    among: Sequence[SegmentName],
    rows: dict[int | None, FeatureProfile],
    statistics: tuple[str, ...],
    currency: str,
) -> str:
    """``; segments go from $77 (6 Little-used cards) to $3,942 (5 ...)``, of one statistic."""
    shown = [s for s in among if s.segment_id in rows]
    if len(statistics) != 1 or len(shown) < 2 or statistics[0] == "count":
        return ""
    [one] = statistics
    ordered = sorted(shown, key=lambda s: rows[s.segment_id].statistic(one) or 0.0)
    low, high = (
        f"{wording.statistic_value(rows[s.segment_id], one, currency)} in "
        f"{segment(s.segment_id, s.name)}"
        for s in (ordered[0], ordered[-1])
    )
    return f"; it goes from {low} to {high}"


def _share_line(data: FeatureStat, rows: dict[int | None, FeatureProfile], statistic: str) -> str:
    """``segment 2 (...) accounts for 14.8 % of all purchases``, or has so many without any."""
    label = plain(rows[None].label)
    if statistic == "share":
        asked = data.asked or data.segments
        shares = [(rows[s.segment_id].share_of_total or 0.0, s) for s in asked]
        if not data.asked:
            share, top = max(shares, key=lambda pair: pair[0])
            who = capital(segment(top.segment_id, top.name))
            return f"{who} accounts for the largest part of all {label}, {percent(share)}"
        parts = [
            f"{segment(s.segment_id, s.name)} accounts for {percent(share)}" for share, s in shares
        ]
        return f"{capital(formats.joined(parts))} of all {label}"
    parts = [
        f"{percent(rows[s.segment_id].zero_share)} of {segment(s.segment_id, s.name)}"
        for s in data.asked
    ]
    everyone = f"{percent(rows[None].zero_share)} of everyone"
    if not parts:
        return f"{everyone} have no {label} at all"
    line = f"{formats.joined(parts)} have no {label} at all, against {everyone}"
    together = _together(data, rows)
    return f"{line}; together it is {percent(together.zero_share)}" if together else line


def _stat_table(
    data: FeatureStat,
    rows: dict[int | None, FeatureProfile],
    statistics: tuple[str, ...],
    currency: str,
) -> Table:
    shown = [s for s in data.segments if s.segment_id in rows]
    together = _together(data, rows)
    named = [(formats.short_segment(s.segment_id, s.name), rows[s.segment_id]) for s in shown]
    if together:
        ids = wording.ids(data.asked)
        named.append((f"{ids} together", together))
    lines = [
        [
            Cell(name),
            count_cell(row.customers),
            *(wording.statistic_cell(row, s, currency) for s in statistics),
            *([] if "zero_share" in statistics else [share_cell(row.zero_share)]),
        ]
        for name, row in [*named, (formats.short_segment(None, None), rows[None])]
    ]
    headings = [capital(wording.STATISTICS[s]) for s in statistics]
    caption = f"{capital(plain(rows[None].label))} on {day(data.as_of)}"
    if data.conditions:
        caption += f", customers with {conditions(data.conditions, currency)}"
    headings += [] if "zero_share" in statistics else ["Have none"]
    return table(caption, ["Segment", "Customers", *headings], lines)


def matching_table(caption: str, rows: Sequence[Matching]) -> Table:
    """Customers who meet the conditions, by segment; all of them as "Together"."""
    return table(
        caption,
        ["Segment", "Matching", "Of", "Share"],
        [
            [
                Cell(formats.short_segment(m.segment_id, m.name) if m.segment_id else "Together"),
                count_cell(m.matching),
                count_cell(m.customers),
                share_cell(m.share),
            ]
            for m in rows
        ],
    )


def _matching_chart(data: FeatureStat) -> Chart:
    shown = [m for m in data.matching if m.segment_id is not None]
    return Chart(
        "bar",
        "Matching customers by segment",
        tuple(formats.short_segment(m.segment_id, m.name) for m in shown),
        (Series("Customers", tuple(float(m.matching) for m in shown)),),
        "customers",
    )


def _stat_chart(data: FeatureStat, rows: dict[int | None, FeatureProfile], statistic: str) -> Chart:
    shown = [s for s in data.segments if s.segment_id in rows]
    label = f"{capital(wording.STATISTICS[statistic])} {plain(rows[None].label)}"
    return Chart(
        "bar",
        label,
        tuple(formats.short_segment(s.segment_id, s.name) for s in shown),
        (
            Series(
                label,
                tuple(rows[s.segment_id].statistic(statistic) or 0.0 for s in shown),
            ),
        ),
    )
