"""A week's segments as they were called then: their names, their table, their charts."""

from __future__ import annotations

from analytics.answers.facts import Size
from analytics.weekly_digest import WeeklyDigest, unusual
from bot import formats
from bot.formats import day, plain, short_day
from bot.reply import Cell, Chart, Series, Table
from bot.views.view import change_cell, count_cell, share_cell, table


def name(week: WeeklyDigest, segment_id: int) -> str:
    """``segment 2 (Instalment shoppers)`` as it was called then."""
    return formats.segment(segment_id, week.names.get(segment_id, ""))


def short_name(week: WeeklyDigest, segment_id: int) -> str:
    """``2 Instalment shoppers`` as it was called then."""
    return formats.short_segment(segment_id, week.names.get(segment_id, ""))


def sizes(week: WeeklyDigest) -> Table:
    """Sizes; a change is shown only where it is beyond the usual weekly range."""

    def change(size: Size) -> Cell:
        quiet = size.usual_change is not None and not unusual(size)
        return Cell("usual", 0) if quiet else change_cell(size.relative_change)

    headings = ["Segment", "Customers", "Share"]
    if week.previous:
        headings.append(f"Since {short_day(week.previous, week.as_of)}")
    return table(
        f"Segments on {day(week.as_of)}",
        headings,
        [
            [
                short_name(week, size.segment_id),
                count_cell(size.customers),
                share_cell(size.share),
                *([change(size)] if week.previous else []),
            ]
            for size in week.sizes
        ],
    )


def charts(week: WeeklyDigest) -> tuple[Chart, ...]:
    """The averages behind the first alarm about a feature, and sizes over time."""
    charts = []
    if week.alarm and week.alarm.segment_id and len(week.alarm_trend) > 1:
        points = week.alarm_trend
        charts.append(
            Chart(
                "line",
                f"Average {plain(week.alarm_label)} of segment {week.alarm.segment_id}",
                tuple(short_day(point.as_of, week.as_of) for point in points),
                (Series(plain(week.alarm_label), tuple(p.value or 0.0 for p in points)),),
            )
        )
    dates = sorted({point.as_of for point in week.trend})
    if len(dates) > 1:
        held = {(point.segment_id, point.as_of): point.customers for point in week.trend}
        charts.append(
            Chart(
                "line",
                "Customers by segment",
                tuple(short_day(moment, week.as_of) for moment in dates),
                tuple(
                    Series(
                        short_name(week, size.segment_id),
                        tuple(float(held.get((size.segment_id, d), 0)) for d in dates),
                    )
                    for size in week.sizes
                ),
            )
        )
    return tuple(charts)
