"""Sections of the report about how far to trust it: findings, stability, data, method."""

from __future__ import annotations

from analytics.weekly_report import WeeklyReport
from bot import formats
from bot.formats import capital, day, joined, people, percent, plain, whole
from bot.reply import Cell
from bot.views import charts
from bot.views.figure import Figure, Key, Section
from bot.views.view import count_cell, share_cell, table
from bot.views.weekpictures import short_name

FINDINGS = 12


def drift(data: WeeklyReport) -> Section:
    """What the weekly checks found."""
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


def stability(data: WeeklyReport) -> Section:
    """How far the segments can be trusted."""
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


def quality(data: WeeklyReport) -> Section:
    """The files behind the numbers."""
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


def method(data: WeeklyReport) -> Section:
    """How the segments are made, and what is assumed."""
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
