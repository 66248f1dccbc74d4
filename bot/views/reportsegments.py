"""Sections of the report about the segments: how large, who moved, what they are like."""

from __future__ import annotations

from analytics.weekly_digest import WeeklyDigest
from analytics.weekly_report import WeeklyReport
from bot import formats
from bot.formats import capital, day, people, percent, plain, short_day, whole
from bot.reply import Cell
from bot.views import charts, wording
from bot.views.figure import Figure, Key, Section
from bot.views.view import count_cell, share_cell, table, value_cell
from bot.views.weekpictures import short_name

BOXES, WEEKS = 4, 8
_QUANTILES = [
    "Segment",
    "10 % below",
    "25 % below",
    "Median",
    "75 % below",
    "90 % below",
    "None at all",
]


def _legend(week: WeeklyDigest) -> tuple[Key, ...]:
    return tuple(
        Key(short_name(week, s.segment_id), charts.colour(week, s.segment_id)) for s in week.sizes
    )


def _names(week: WeeklyDigest) -> list[str]:
    return [short_name(week, size.segment_id) for size in week.sizes]


def sizes(data: WeeklyReport) -> Section:
    """How large the segments are, over time."""
    week = data.week
    dates = sorted({point.as_of for point in data.sizes})
    held = {(p.segment_id, p.as_of): p.customers for p in data.sizes}
    largest = max(week.sizes, key=lambda size: size.customers)
    return Section(
        "sizes",
        "How large the segments are",
        (),
        (
            Figure(
                "sizes-over-time",
                f"Customers of each segment in {people(len(dates), 'snapshot')} to "
                f"{day(week.as_of)}; the largest is "
                f"{formats.segment(largest.segment_id, week.names[largest.segment_id])} with "
                f"{wording.of_all(largest)}.",
                charts.lines(week, dates, held),
                _legend(week),
                table(
                    f"Customers, the last {min(WEEKS, len(dates))} snapshots",
                    ["Date", *_names(week)],
                    [
                        [
                            short_day(moment, week.as_of),
                            *(count_cell(held.get((s.segment_id, moment))) for s in week.sizes),
                        ]
                        for moment in dates[-WEEKS:]
                    ],
                ),
            ),
        ),
    )


def flows(data: WeeklyReport, currency: str) -> Section:
    """Who moved in the week."""
    week = data.week
    rows: list[list[Cell | str]] = []
    if not data.flows:
        return Section("flows", "Who moved", ("There is no earlier week to compare with.",), ())
    money = {(f.from_segment_id, f.to_segment_id): f for f in week.flows}

    def end(segment_id: int | None, outside: str) -> str:
        return outside if segment_id is None else short_name(week, segment_id)

    for flow in sorted(data.flows, key=lambda flow: -flow.customers):
        worth = money.get((flow.from_segment_id or 0, flow.to_segment_id or 0))
        rows.append(
            [
                end(flow.from_segment_id, "New customers"),
                end(flow.to_segment_id, "Left"),
                count_cell(flow.customers),
                value_cell(worth.previous if worth else None, "money", currency),
                value_cell(worth.current if worth else None, "money", currency),
            ]
        )
    causes = week.causes
    return Section(
        "flows",
        "Who moved",
        (
            f"Of those who moved, {people(causes.behaviour)} behave differently, "
            f"{whole(causes.model)} were placed elsewhere by a new fit, and "
            f"{whole(causes.population)} came or left. Those who stayed are not drawn.",
        ),
        (
            Figure(
                "flows-of-the-week",
                f"{people(week.moved)} ({percent(week.moved_share)}) changed segment in the week "
                f"to {day(week.as_of)}: on the left where they were, on the right where they are.",
                charts.sankey(week, data.flows),
                (),
                table(
                    "Who moved",
                    [
                        "From",
                        "To",
                        "Customers",
                        f"{capital(plain(week.measure_label))} before",
                        "Now",
                    ],
                    rows,
                    left=2,
                ),
                height=460,
            ),
        ),
    )


def map_(data: WeeklyReport) -> Section:
    """How the segments lie, as a picture."""
    week = data.week
    title = "How the segments lie"
    if data.map is None:
        kept = "The features of that date are kept no longer, so there is no map."
        return Section("map", title, (kept,), ())
    shown = {point.segment_id: point for point in data.map.centres}
    drawn = [point.segment_id for point in data.map.customers]
    return Section(
        "map",
        title,
        (
            f"This is a picture only: it keeps {percent(data.map.shown)} of the spread between "
            "customers, and segments that overlap in it are apart in the features it leaves out. "
            "Nothing is calculated from it.",
        ),
        (
            Figure(
                "segment-map",
                f"{people(len(drawn))} of {whole(week.run.customers)} as points, and the centres "
                "of the segments as numbers, on the two directions in which customers differ most.",
                charts.scatter(week, data.map),
                _legend(week),
                table(
                    "Centres on the map",
                    ["Segment", "Customers drawn", "Across", "Up"],
                    [
                        [
                            short_name(week, size.segment_id),
                            count_cell(drawn.count(size.segment_id)),
                            Cell(f"{shown[size.segment_id].x:.2f}"),
                            Cell(f"{shown[size.segment_id].y:.2f}"),
                        ]
                        for size in week.sizes
                        if size.segment_id in shown
                    ],
                ),
                height=420,
            ),
        ),
    )


def profile(data: WeeklyReport, currency: str) -> Section:
    """What sets each segment apart."""
    week = data.week
    by_feature = wording.by_feature(data.profiles)
    rows: list[list[Cell | str]] = [
        [
            capital(plain(values[None].label)),
            *(
                value_cell(values[s.segment_id].median, values[None].unit, currency)
                for s in week.sizes
            ),
            value_cell(values[None].median, values[None].unit, currency),
        ]
        for values in by_feature.values()
    ]
    return Section(
        "profile",
        "What the segments are like",
        (
            "A cell compares a segment with all other customers: +1 means that every customer of "
            "the segment is above every other one, 0 that they do not differ, -1 the opposite "
            "(Cliff's delta, which a few very large values do not move).",
        ),
        (
            Figure(
                "profile-heat-map",
                f"How {people(len(by_feature), 'feature')} set the segments apart on "
                f"{day(week.as_of)}.",
                charts.heat_map(week, by_feature),
                _legend(week),
                table("Medians", ["Feature", *_names(week), "Everyone"], rows),
                height=60 + 30 * len(by_feature),
            ),
        ),
    )


def distributions(data: WeeklyReport, currency: str) -> Section:
    """Boxes of the features that set segments apart most."""
    week = data.week
    by_feature = wording.by_feature(data.profiles)

    def strength(name: str) -> float:
        return max(abs(row.effect or 0) for s, row in by_feature[name].items() if s is not None)

    chosen = [f for f in by_feature if by_feature[f][None].unit in ("money", "count")]
    chosen = sorted(chosen or by_feature, key=strength, reverse=True)[:BOXES]
    figures = []
    for name in chosen:
        values = by_feature[name]
        unit = values[None].unit
        rows = [values[s.segment_id] for s in week.sizes] + [values[None]]
        figures.append(
            Figure(
                f"box-{name.lower().replace('_', '-')}",
                f"{capital(plain(values[None].label))} in each segment on {day(week.as_of)}.",
                charts.boxes(week, rows),
                (),
                table(
                    capital(plain(values[None].label)),
                    _QUANTILES,
                    [
                        [
                            "Everyone"
                            if row.segment_id is None
                            else short_name(week, row.segment_id),
                            *(
                                value_cell(number, unit, currency)
                                for number in (row.p10, row.p25, row.median, row.p75, row.p90)
                            ),
                            share_cell(row.zero_share),
                        ]
                        for row in rows
                    ],
                ),
                unit=unit,
                height=300,
            )
        )  # fmt: skip
    return Section(
        "distributions",
        "How much customers differ inside a segment",
        (
            "Averages hide that many customers do nothing and a few do much. A box holds the "
            "middle half of a segment, its line is the median, and the whiskers leave out the "
            "lowest and the highest tenth.",
        ),
        tuple(figures),
    )
