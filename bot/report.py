"""The report behind a digest: one HTML page that needs nothing but a browser."""

from __future__ import annotations

from datetime import date

from analytics.shipped import shipped
from analytics.weekly_digest import weekly_digest
from analytics.weekly_report import weekly_report
from bot import digest, render
from bot.app import Services
from bot.views.report import report
from bot.when import in_words

ASSETS = {"style": "style.css", "script": "script.js", "library": "echarts.min.js"}


def page(services: Services, as_of: date | None = None) -> tuple[date, str]:
    """The page behind the digest of a date, the latest without one; and that date.

    Behind a refused week stand the segments of the last good one.
    """
    made = digest.make(services, as_of)
    week, settings = made.week, services.settings
    copy = services.published.latest()
    if week.run.status == "refused":
        week = weekly_digest(copy, week.previous, measure=settings.digest.money)
    view = report(
        weekly_report(copy, week),
        made.post.text.splitlines(),
        company=settings.company.name,
        currency=settings.company.currency,
        footer=f"{made.post.footer} · next runs: {in_words(settings.schedule)}",
        verdict=made.week.verdict,
    )
    folder = shipped("templates") / "report"
    assets = {name: (folder / file).read_text("utf-8") for name, file in ASSETS.items()}
    return made.week.as_of, render.page("report/page.html.j2", view, **assets)
