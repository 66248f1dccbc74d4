"""The report's charts, as what ECharts draws; names and numbers, no wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analytics.answers.facts import FeatureProfile
from analytics.weekly_digest import WeeklyDigest
from analytics.weekly_report import Check, Flow, LoadedFile, SegmentMap, Stability
from bot.formats import capital, day, plain, short_day
from bot.views.weekpictures import short_name

Option = dict[str, Any]

# Okabe and Ito, 2008; grey stands in for their black, which a dark page swallows.
ALARM, WATCH, NEUTRAL = "#D55E00", "#E69F00", "#8a8a8a"
_DIVERGING = ["#5aa9dc", "#f5f5f5", "#ee9a5f"]
_WRAPPED = {"width": 120, "overflow": "break", "lineHeight": 13}


def colour(week: WeeklyDigest, segment_id: int | None) -> str:
    """The colour of a segment; grey outside the base."""
    found = week.colours.get(segment_id or 0, NEUTRAL)
    return NEUTRAL if found == "#000000" else found


def lines(
    week: WeeklyDigest, dates: Sequence[date], held: Mapping[tuple[int, date], int]
) -> Option:
    """Customers of each segment over dates."""
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 28, "top": 16, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": [short_day(moment, week.as_of) for moment in dates],
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "line",
                "name": short_name(week, size.segment_id),
                "data": [held.get((size.segment_id, moment)) for moment in dates],
                "color": colour(week, size.segment_id),
                "symbolSize": 5,
                "endLabel": {"show": True, "formatter": str(size.segment_id)},
            }
            for size in week.sizes
        ],
    }


def sankey(week: WeeklyDigest, flows: Sequence[Flow]) -> Option:
    """From where customers were to where they are."""

    def name(segment_id: int | None, side: str) -> str:
        outside = "New" if side == "before" else "Left"
        return outside if segment_id is None else f"{short_name(week, segment_id)} {side}"

    def nodes(side: str) -> list[Option]:
        ends = {f.from_segment_id if side == "before" else f.to_segment_id for f in flows}
        return [
            {
                "name": name(segment_id, side),
                "itemStyle": {"color": colour(week, segment_id)},
                "depth": 0 if side == "before" else 1,
                "label": {
                    "position": "right" if side == "before" else "left",
                    "formatter": name(segment_id, side).removesuffix(f" {side}"),
                },
            }
            for segment_id in sorted(ends, key=lambda s: s or 10**9)
        ]

    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "left": 8,
                "right": 8,
                "top": 12,
                "bottom": 12,
                "nodeGap": 14,
                "layoutIterations": 0,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.45},
                "label": _WRAPPED,
                "data": nodes("before") + nodes("now"),
                "links": [
                    {
                        "source": name(f.from_segment_id, "before"),
                        "target": name(f.to_segment_id, "now"),
                        "value": f.customers,
                    }
                    for f in flows
                ],
            }
        ],
    }


def scatter(week: WeeklyDigest, places: SegmentMap) -> Option:
    """Customers as points, and the number of each segment at its centre."""
    axis = {"type": "value", "scale": True, "show": False}
    points = [
        {
            "type": "scatter",
            "name": short_name(week, size.segment_id),
            "symbolSize": 4,
            "silent": True,
            "itemStyle": {"color": colour(week, size.segment_id), "opacity": 0.6},
            "data": [[p.x, p.y] for p in places.customers if p.segment_id == size.segment_id],
        }
        for size in week.sizes
    ]
    centres = {
        "type": "scatter",
        "name": "Centres",
        "symbolSize": 26,
        "itemStyle": {"color": "#1b1b1b", "borderColor": "#ffffff", "borderWidth": 1},
        "label": {"show": True, "color": "#ffffff", "fontWeight": "bold", "formatter": "{b}"},
        "data": [
            {"name": str(centre.segment_id), "value": [centre.x, centre.y]}
            for centre in places.centres
            if centre.segment_id in {size.segment_id for size in week.sizes}
        ],
    }
    return {
        "grid": {"left": 8, "right": 8, "top": 16, "bottom": 8},
        "xAxis": axis,
        "yAxis": axis,
        "series": [*points, centres],
    }


def heat_map(
    week: WeeklyDigest, by_feature: Mapping[str, Mapping[int | None, FeatureProfile]]
) -> Option:
    """Cliff's delta of every feature in every segment."""
    features = list(by_feature)
    cells = [
        [x, y, round(by_feature[feature][size.segment_id].effect or 0.0, 2)]
        for y, feature in enumerate(features)
        for x, size in enumerate(week.sizes)
    ]
    return {
        "tooltip": {"trigger": "item"},
        "grid": {"left": 8, "right": 8, "top": 30, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "category",
            "position": "top",
            "data": [str(size.segment_id) for size in week.sizes],
            "splitArea": {"show": True},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [capital(plain(by_feature[feature][None].label)) for feature in features],
            "axisLabel": {**_WRAPPED, "interval": 0},
        },
        "visualMap": {"min": -1, "max": 1, "show": False, "inRange": {"color": _DIVERGING}},
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "label": {"show": True, "color": "#1b1b1b", "fontSize": 11},
            }
        ],
    }


def boxes(week: WeeklyDigest, rows: Sequence[FeatureProfile]) -> Option:
    """Lowest tenth, quarters, median and highest tenth of a feature, everyone last."""
    numbers = [
        [round(n or 0.0, 2) for n in (row.p10, row.p25, row.median, row.p75, row.p90)]
        for row in rows
    ]
    names = ["All" if row.segment_id is None else str(row.segment_id) for row in rows]
    return {
        "tooltip": {"trigger": "item"},
        "grid": {"left": 8, "right": 12, "top": 12, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "boxplot",
                "data": [
                    {
                        "value": values,
                        "itemStyle": {
                            "color": f"{colour(week, row.segment_id)}66",
                            "borderColor": colour(week, row.segment_id),
                        },
                    }
                    for row, values in zip(rows, numbers, strict=True)
                ],
            }
        ],
    }


def bars_over_time(checks: Sequence[Check]) -> Option:
    """Alarms and findings to watch of each check."""
    last = checks[-1].as_of
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 12, "top": 12, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": [short_day(check.as_of, last) for check in checks],
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "type": "bar",
                "stack": "found",
                "name": name,
                "color": shade,
                "data": [getattr(check, field) for check in checks],
            }
            for name, field, shade in (("Alarms", "alarms", ALARM), ("To watch", "watches", WATCH))
        ],
    }


def stability(week: WeeklyDigest, segments: Sequence[Stability]) -> Option:
    """How much of each segment comes back, with the least that is usable."""
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 52, "top": 24, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": 100,
            "interval": 25,
            "axisLabel": {"formatter": "{value} %"},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [short_name(week, s.segment_id) for s in segments],
            "axisLabel": {**_WRAPPED, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "name": "Stability",
                "barMaxWidth": 18,
                "label": {"show": True, "position": "right", "formatter": "{c} %"},
                "data": [
                    {
                        "value": None if s.jaccard is None else round(100 * s.jaccard, 1),
                        "itemStyle": {"color": colour(week, s.segment_id)},
                    }
                    for s in segments
                ],
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "lineStyle": {"color": NEUTRAL},
                    "label": {"formatter": "usable", "position": "start"},
                    "data": [{"xAxis": 75}],
                },
            }
        ],
    }


def rows(loads: Sequence[LoadedFile]) -> Option:
    """Rows of each file, oldest first."""
    shown = [load for load in reversed(loads) if load.rows is not None]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 12, "top": 12, "bottom": 8, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": [day(load.as_of) for load in shown],
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "name": "Rows",
                "color": "#0072B2",
                "barMaxWidth": 48,
                "data": [load.rows for load in shown],
            }
        ],
    }
