"""The view of the report: sections in reading order, each with pictures and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.weekly_report import WeeklyReport
from bot.formats import day
from bot.views import reportchecks, reportsegments
from bot.views.figure import Section
from bot.views.view import View


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
            reportsegments.sizes(data),
            reportsegments.flows(data, currency),
            reportsegments.map_(data),
            reportsegments.profile(data, currency),
            reportsegments.distributions(data, currency),
            reportchecks.drift(data),
            reportchecks.stability(data),
            reportchecks.quality(data),
            reportchecks.method(data),
        ),
        footer=footer,
    )
