"""View of what stands in the thread of a digest."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.weekly_digest import WeeklyDigest
from bot import formats
from bot.formats import day, joined, money, people, percent, plain, short_day, whole
from bot.reply import Cell, Table
from bot.views.digest import data_in_short, days_late
from bot.views.view import View, count_cell, table, value_cell
from bot.views.weekpictures import charts, short_name

FLOWS_IN_THREAD = 12


@dataclass(frozen=True, kw_only=True)
class DetailsView(View):
    """What stands behind the digest."""

    date: str
    causes: str
    events: tuple[str, ...]
    data: tuple[str, ...]
    model: tuple[str, ...]
    run: str


def details(week: WeeklyDigest, currency: str, schedule: str) -> DetailsView:
    """What stands behind the digest; ``schedule`` says when it runs."""
    causes = week.causes
    return DetailsView(
        date=day(week.as_of),
        causes=f"{people(causes.behaviour)} behave differently, {whole(causes.model)} were placed "
        f"elsewhere by a new fit, {whole(causes.population)} came or left"
        if week.previous and week.sizes
        else "",
        events=tuple(
            f"{'Alarm' if e.verdict == 'alarm' else 'Watch'}: "
            f"{formats.with_names(e.text, week.names)}"
            for e in week.events
        ),
        data=_data(week),
        model=_model(week),
        run=f"Run on {formats.day(week.run.judged_at)} at {week.run.judged_at:%H:%M} (UTC). "
        f"Next runs: {schedule}.",
        tables=tuple(t for t in (_money_table(week, currency), _flows_table(week, currency)) if t),
        charts=charts(week)[1:2],
    )


def _data(week: WeeklyDigest) -> tuple[str, ...]:
    run = week.run
    lines = [formats.capital(data_in_short(week)) + "."]
    if run.file and run.loaded_at:
        late = days_late(run)
        after = f", {people(late, 'day')} after its date" if late == 1 else ""
        lines.append(f"From {plain(run.file)}, loaded on {day(run.loaded_at)}{after}.")
    return tuple(lines)


def _model(week: WeeklyDigest) -> tuple[str, ...]:
    """k, stability, what was born or ended, and the sentence about the refit."""
    if week.fit is None:
        return ()
    stable = (
        f"the least stable segment comes back {percent(week.fit.min_jaccard)} the same when "
        "customers are drawn again"
        if week.fit.min_jaccard is not None
        else "stability was not measured"
    )
    structure = [
        f"{event.kind} of segment {event.segment_id}"
        for event in week.events
        if event.kind in ("birth", "death", "split", "merge")
    ]
    return (
        f"fit {week.fit.fit_id} of {day(week.fit.as_of)}, made with "
        f"{people(week.fit.k, 'segment')}; {stable}; silhouette {week.fit.silhouette:.2f}.",
        f"Structure: {joined(structure or ['no segment began, ended, split or merged'])}.",
        formats.with_names(week.run.why, week.names),
    )


def _money_table(week: WeeklyDigest, currency: str) -> Table | None:
    if not week.money or week.previous is None:
        return None

    def cell(amount: float | None) -> Cell:
        return value_cell(amount, "money", currency)

    def signed(amount: float) -> Cell:
        return Cell(f"{'+' if amount > 0 else ''}{money(amount, currency)}", round(amount, 2))

    since = short_day(week.previous, week.as_of)
    return table(
        "Amounts of all customers",
        [
            "",
            since,
            "Came or left",
            "Own change",
            short_day(week.as_of, week.as_of),
            "Moved segment",
        ],
        [
            [
                formats.capital(plain(total.label)),
                cell(total.previous),
                signed(total.population),
                signed(total.own),
                cell(total.current),
                cell(total.moved),
            ]
            for total in week.money
        ],
    )


def _flows_table(week: WeeklyDigest, currency: str) -> Table | None:
    if not week.flows:
        return None
    return table(
        "Who changed segment",
        ["From", "To", "Customers", f"{formats.capital(plain(week.measure_label))} before", "Now"],
        [
            [
                short_name(week, flow.from_segment_id),
                short_name(week, flow.to_segment_id),
                count_cell(flow.customers),
                value_cell(flow.previous, "money", currency),
                value_cell(flow.current, "money", currency),
            ]
            for flow in week.flows[:FLOWS_IN_THREAD]
        ],
        left=2,
    )
