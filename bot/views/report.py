"""The view of the report: sections in reading order, each with pictures and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.weekly_digest import WeeklyDigest
from analytics.weekly_report import WeeklyReport
from bot import formats
from bot.formats import capital, day, joined, people, percent, plain, short_day, whole
from bot.reply import Cell, Table
from bot.views import charts, wording
from bot.views.digest import short_name
from bot.views.view import View, count_cell, share_cell, table, value_cell

BOXES, FINDINGS, WEEKS = 4, 12, 8
_QUANTILES = [
    "Segment",
    "10 % below",
    "25 % below",
    "Median",
    "75 % below",
    "90 % below",
    "None at all",
]


@dataclass(frozen=True)
class Key:
    """One entry of a legend."""

    name: str
    colour: str


@dataclass(frozen=True)
class Figure:
    """A chart, the sentence that says what it shows, and the numbers behind it.

    ``option`` is what ECharts draws; ``unit`` tells how its value axis is written.
    """

    key: str
    lead: str
    option: dict[str, Any] | None
    legend: tuple[Key, ...]
    table: Table
    unit: str = "number"
    height: int = 340


@dataclass(frozen=True)
class Section:
    """A heading, what to know before looking, and its figures."""

    key: str
    title: str
    text: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class ReportView(View):
    """The whole page."""

    title: str
    company: str
    currency: str
    verdict: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str


def report(
    data: WeeklyReport,
    told: Sequence[str],
    *,
    company: str,
    currency: str,
    footer: str,
    verdict: str,
) -> ReportView:
    """The page behind a digest, whose text is ``told`` line by line."""
    return ReportView(
        title=f"Customer segments, {day(data.week.as_of)}",
        company=company,
        currency=currency,
        verdict=verdict,
        lines=tuple(told),
        sections=(
            _sizes(data),
            _flows(data, currency),
            _map(data),
            _profile(data, currency),
            _distributions(data, currency),
            _drift(data),
            _stability(data),
            _quality(data),
            _method(data),
        ),
        footer=footer,
    )


def _legend(week: WeeklyDigest) -> tuple[Key, ...]:
    return tuple(
        Key(short_name(week, s.segment_id), charts.colour(week, s.segment_id)) for s in week.sizes
    )


def _names(week: WeeklyDigest) -> list[str]:
    return [short_name(week, size.segment_id) for size in week.sizes]


def _sizes(data: WeeklyReport) -> Section:
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


def _flows(data: WeeklyReport, currency: str) -> Section:
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


def _map(data: WeeklyReport) -> Section:
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


def _profile(data: WeeklyReport, currency: str) -> Section:
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


def _distributions(data: WeeklyReport, currency: str) -> Section:
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


def _drift(data: WeeklyReport) -> Section:
    week = data.week
    found = [check for check in data.checks if check.first_text]
    shown = (found or list(data.checks))[-FINDINGS:]
    alarms = sum(check.alarms for check in data.checks)
    return Section(
        "drift",
        "What the weekly checks found",
        (),
        (
            Figure(
                "checks-over-time",
                f"{people(alarms, 'alarm')} and "
                f"{people(sum(check.watches for check in data.checks), 'finding')} to watch in "
                f"{people(len(data.checks), 'check')} to {day(week.as_of)}.",
                charts.bars_over_time(data.checks) if found else None,
                (Key("Alarms", charts.ALARM), Key("To watch", charts.WATCH)),
                table(
                    "Latest findings",
                    ["Date", "First finding", "Alarms", "To watch"],
                    [
                        [
                            day(check.as_of),
                            formats.with_names(check.first_text or "Nothing", week.names),
                            count_cell(check.alarms),
                            count_cell(check.watches),
                        ]
                        for check in reversed(shown)
                    ],
                    left=2,
                ),
                height=260,
            ),
        ),
    )


def _stability(data: WeeklyReport) -> Section:
    week = data.week
    measured = [s for s in data.stability if s.jaccard is not None]
    lowest = min((s.jaccard for s in measured if s.jaccard is not None), default=None)
    return Section(
        "stability",
        "How far the segments can be trusted",
        (
            "Stability is how much of a segment comes back when customers are drawn again and "
            "clustered anew: 75 % is usable, 85 % and more is firm (Hennig, 2007).",
        ),
        (
            Figure(
                "stability-of-segments",
                f"The least stable segment comes back {percent(lowest)} the same."
                if lowest is not None
                else "Stability has not been measured.",
                charts.stability(week, data.stability) if measured else None,
                (),
                table(
                    "Stability, borderline customers and the rule that picks the segment",
                    ["Segment", "Rule", "Stability", "Borderline", "Rule is right", "Rule finds"],
                    [
                        [
                            short_name(week, s.segment_id),
                            capital(plain(s.rule, 200)),
                            share_cell(s.jaccard),
                            share_cell(s.borderline_share),
                            share_cell(s.rule_precision),
                            share_cell(s.rule_recall),
                        ]
                        for s in data.stability
                    ],
                    left=2,
                ),
                height=70 + 34 * len(data.stability),
            ),
        ),
    )


def _quality(data: WeeklyReport) -> Section:
    week = data.week
    gaps = joined(
        [f"{plain(m.label)} ({percent(m.missing_share)})" for m in week.missing[:5]] or ["none"]
    )
    return Section(
        "quality",
        "The data behind it",
        (f"Features with missing values on {day(week.as_of)}: {gaps}.",),
        (
            Figure(
                "rows-of-files",
                f"Rows of the files behind the last {people(len(data.loads), 'check')}.",
                charts.rows(data.loads),
                (),
                table(
                    "Files",
                    ["Date", "File", "Check", "Rows", "Set aside", "Warnings", "Loaded on"],
                    [
                        [
                            day(load.as_of),
                            plain(load.file or "not on record"),
                            load.status,
                            count_cell(load.rows),
                            count_cell(load.quarantined),
                            count_cell(load.warnings),
                            day(load.loaded_at) if load.loaded_at else formats.UNKNOWN,
                        ]
                        for load in data.loads
                    ],
                    left=3,
                ),
                height=240,
            ),
        )
        if any(load.rows is not None for load in data.loads)
        else (),
    )


def _method(data: WeeklyReport) -> Section:
    week, method = data.week, data.method
    fit = week.fit
    return Section(
        "method",
        "Method and assumptions",
        (
            "Segments come from K-Means on "
            f"{people(len(method.features), 'standardised feature')}: "
            f"{joined([plain(name) for name in method.features])}. On a logarithmic scale: "
            f"{joined([plain(name) for name in method.logged] or ['none'])}.",
            f"{fit.why_k if fit else ''} The random seed is {method.seed}; the same data and seed "
            "give the same segments.",
            "A segment keeps its number from week to week. Its centres stay until a new fit is "
            "clearly better, and a customer changes segment only when another centre is clearly "
            "nearer, so that a move means a change in behaviour and not in the method.",
            "An alarm needs a change that is large enough to matter and beyond the usual weekly "
            "variation of these customers; what all segments share is told once, not per segment.",
            "Assumed: the files hold all customers of their date, amounts are in one currency, and "
            "missing minimum payments of customers who paid nothing are zero. Segments describe "
            "behaviour; they do not say why it is so.",
        ),
        (
            Figure(
                "number-of-segments",
                "What spoke for and against each number of segments when the fit was made.",
                None,
                (),
                table(
                    "Numbers of segments compared",
                    ["Segments", "Verdict", "Least stable", "Smallest", "Silhouette"],
                    [
                        [
                            whole(c.k),
                            capital(plain(c.reason, 250)),
                            share_cell(c.min_jaccard),
                            share_cell(c.min_share),
                            Cell(f"{c.silhouette:.3f}", c.silhouette),
                        ]
                        for c in method.candidates
                    ],
                    left=2,
                ),
            ),
        )
        if method.candidates
        else (),
    )
