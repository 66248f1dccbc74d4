"""From answers to replies: the only place that knows Jinja. Templates arrange; views format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analytics.answers.answer import AnswerContext
from analytics.model import Answer
from analytics.shipped import shipped
from bot import formats
from bot.reply import Reply, meta_of
from bot.views import (
    about,
    changes,
    checks,
    comparisons,
    customers,
    features,
    moves,
    offers,
    problems,
    profiles,
    rankings,
    segments,
    selections,
    trends,
)
from bot.views.view import View

# The view of each kind of data; its template has the same name.
VIEWS: dict[str, Callable[[Any, str], View]] = {
    view.__name__.rstrip("_"): view
    for view in (
        segments.overview,
        segments.segment_size,
        profiles.segment_profile,
        comparisons.compare_segments,
        comparisons.compare_with_past,
        profiles.explain_segment,
        comparisons.breakdown,
        features.feature_stat,
        rankings.rank_segments,
        rankings.distribution,
        trends.segment_trend,
        changes.explain_change,
        moves.migration,
        checks.drift,
        checks.digest,
        customers.customer_lookup,
        customers.customer_history,
        customers.explain_customer,
        selections.find_customers,
        selections.example_customers,
        selections.borderline_customers,
        customers.alike_customers,
        problems.no_such_customer,
        offers.recommend,
        offers.no_offer,
        about.model_info,
        about.schedule,
        about.glossary,
        problems.no_such_term,
        about.help_,
        about.smalltalk,
        problems.no_such_segment,
        problems.retired_segment,
        problems.no_such_date,
        problems.not_kept,
        problems.not_held,
        problems.not_answered,
    )
}
# As many segments as bars beside each other stay readable.
FEW = 3
# Answers that are better seen than read; others show a chart when asked for one.
CHARTED = {
    "segment_profile",
    "segment_trend",
    "distribution",
    "digest",
}


@cache
def _templates() -> Environment:
    # Autoescape is off because a Reply is plain text; every surface escapes what it shows.
    return Environment(
        loader=FileSystemLoader(shipped("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )


def template_of(data: Any) -> str:
    """The name a kind of data, its view and its template share."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(data).__name__).lower()


def reply(answer: Answer, *, context: AnswerContext, notes: Sequence[str] = ()) -> Reply:
    """An answer as a person sees it; ``notes`` say how the question was read."""
    name = template_of(answer.data)
    view = VIEWS[name](answer.data, context.currency)
    text = words(f"answers/{name}.j2", view)
    query = answer.query
    few = query.intent == "compare_segments" and 0 < len(query.segments) <= FEW
    charted = query.chart or query.intent in CHARTED or few
    return Reply(
        status=answer.status,
        text="\n".join([text, *(f"({note})" for note in notes)]),
        tables=view.tables,
        charts=view.charts if charted else (),
        deck=view.deck,
        footer=footer(answer),
        sql=answer.sql,
        choices=view.choices,
        meta=meta_of(answer.query, answer.named),
    )


def page(template: str, view: View, **assets: str) -> str:
    """A view as an HTML page; everything but the assets, which are ours, is escaped."""
    values = {field.name: getattr(view, field.name) for field in fields(view)}
    return _templates().overlay(autoescape=True).get_template(template).render(values | assets)


def words(template: str, view: View) -> str:
    """A view as the plain text its template arranges it to."""
    values = {field.name: getattr(view, field.name) for field in fields(view)}
    return tidy(_templates().get_template(template).render(values))


def tidy(text: str) -> str:
    """Rendered text without the blank lines and double spaces that optional parts leave."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def footer(answer: Answer) -> str:
    """``5 Oct 2026 · fit 12 · 8,950 customers``"""
    if answer.as_of is None or answer.base is None:
        return ""
    return f"{formats.day(answer.as_of)} · fit {answer.fit_id} · {formats.people(answer.base)}"
