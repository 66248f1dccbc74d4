"""Views of answers about the product, and of questions that have no answer."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.about import (
    Candidate,
    Glossary,
    Help,
    ModelInfo,
    Schedule,
    Smalltalk,
)
from bot import formats
from bot.formats import (
    capital,
    day,
    decimal,
    moment,
    people,
    percent,
    plain,
    segment,
    value,
    whole,
)
from bot.reply import Cell, Choice, Table
from bot.views.checks import refusals
from bot.views.view import View, share_cell, table
from bot.views.wording import confidence_words


@dataclass(frozen=True, kw_only=True)
class ModelInfoView(View):
    """``stability``, ``explained``, ``describing`` and ``unusual`` are "" where there is none."""

    lead: str
    date: str
    k: str
    why_k: str
    fit_id: str
    fitted: str
    explained: str
    rule_explained: str
    stability: str
    silhouette: str
    refits: str
    since: str
    promoted: str
    why: str
    customers: str
    used: str
    used_count: str
    behavioural: bool
    unusual: str
    describing: str
    refused: tuple[str, ...]
    review: str


@dataclass(frozen=True, kw_only=True)
class ScheduleView(View):
    """``next_refit`` and ``last_digest`` are "" where there is none; ``refusal`` unless a change
    was asked for."""

    refusal: str
    next_refit: str
    channel: str
    date: str
    refit: str
    last_digest: str
    refused: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GlossaryView(View):
    """A term; the numbers are "" unless it is a feature."""

    term: str
    meaning: str
    name: str
    kind: str
    clustered: bool
    average: str
    median: str
    without: str
    date: str


@dataclass(frozen=True, kw_only=True)
class HelpView(View):
    """Example questions that work on the segments there are."""

    company: str
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SmalltalkView(View):
    """A question to try."""

    question: str


def model_info(data: ModelInfo, _currency: str) -> ModelInfoView:
    """How the segments came about, and the table of what was tried."""
    fit = data.fit
    others = [d for d in data.used if d.kind != "behavioural"]
    return ModelInfoView(
        lead=_lead(data, bool(others)),
        date=day(data.as_of),
        k=whole(fit.k),
        why_k=plain(fit.why_k, 400),
        fit_id=whole(fit.fit_id),
        fitted=day(fit.as_of),
        explained=percent(fit.explained) if fit.explained is not None else "",
        rule_explained=percent(fit.rule_explained) if fit.rule_explained is not None else "",
        stability=decimal(fit.min_jaccard) if fit.min_jaccard is not None else "",
        silhouette=decimal(fit.silhouette),
        refits=people(data.runs.refits, "weekly snapshot"),
        since=day(data.runs.first_as_of),
        promoted=people(data.runs.promoted, "time"),
        why=plain(data.run.why, 400) if data.run.refit else "",
        customers=people(data.run.customers),
        used=formats.joined([plain(d.label) for d in data.used]),
        used_count=people(len(data.used), "feature"),
        behavioural=not others,
        unusual=formats.joined([f"{plain(d.label)} ({d.kind})" for d in others]) if others else "",
        describing=formats.joined([plain(d.label) for d in data.describing])
        if data.describing
        else "",
        refused=refusals(data.refused),
        review=people(data.review_k_weeks, "week"),
        tables=(_candidates(data.candidates, fit.k),) if data.candidates else (),
        choices=(Choice("Is there drift?", "is there drift"),),
    )


def _lead(data: ModelInfo, unusual: bool) -> str:
    """The first sentence, about what was asked; "" where the whole story was asked for."""
    fit = data.fit
    if data.asked:
        return " ".join(
            f"{capital(segment(asked.segment_id, asked.name))}: {confidence_words(found)}."
            for asked, found in zip(data.asked, data.confidence, strict=False)
        )
    match data.aspect:
        case "freshness":
            return f"The newest data is the snapshot of {day(data.as_of)}."
        case "silhouette":
            return f"The silhouette is {decimal(fit.silhouette)} on a scale from -1 to 1."
        case "stability" if fit.min_jaccard is not None:
            return (
                f"When customers are redrawn at random, even the least stable segment keeps "
                f"{percent(fit.min_jaccard)} overlap with itself."
            )
        case "inputs" if unusual:
            return "Not only behaviour forms the segments, as configured here; ask compliance."
        case "inputs":
            return (
                "Age, gender and the like do not form the segments, only behaviour does. "
                "Whether a use of them is lawful is for compliance to say."
            )
    return ""


def _candidates(candidates: tuple[Candidate, ...], chosen: int) -> Table:
    return table(
        "How many segments: what was tried",
        ["Segments", "Stability", "Smallest", "Silhouette", "Holds"],
        [
            [
                Cell(f"{c.k} (chosen)" if c.k == chosen else str(c.k)),
                Cell(f"{c.min_jaccard:.2f}", round(c.min_jaccard, 2)),
                share_cell(c.min_share),
                Cell(f"{c.silhouette:.3f}", round(c.silhouette, 3)),
                Cell("yes" if c.passes else "no"),
            ]
            for c in candidates
        ],
    )


_REFITS = {
    None: "was the first fit",
    "kept": "kept the segments as they were",
    "promoted": "replaced the fit; segments kept their numbers",
    "held": "found a large change and holds it until a person accepts it",
}


_UNCHANGED = {
    "alert": 'I did not understand that as an alert. In Slack, say for example "alert me if '
    'segment 2 drops more than 10 %".',
    "subscribe": "I did not understand that as a subscription. In Slack, say for example "
    '"subscribe me to the digest" or "subscribe this channel to segment 2 on Tuesdays at 9:00".',
    "unsubscribe": 'I did not understand what to end. In Slack, say for example "mute the digest '
    'for two weeks" or "stop", and "subscriptions" to see what there is.',
    "move": "The operator sets when the weekly run is, under [schedule] in segmentry.toml. In "
    'Slack, "move my digest to Tuesdays at 9:00" moves yours.',
}


def schedule(data: Schedule, _currency: str) -> ScheduleView:
    """When the weekly run is due."""
    posted = data.last_digest
    return ScheduleView(
        refusal=_UNCHANGED.get(data.change or "", ""),
        next_refit=moment(data.next_refit, data.timezone) if data.next_refit else "",
        channel=plain(data.digest_channel),
        date=day(data.as_of),
        refit=_REFITS[data.run.refit],
        last_digest=f"{day(posted.as_of)} in {plain(posted.channel)}" if posted else "",
        refused=refusals(data.refused),
        choices=(Choice("Show the digest", "show me the digest"),),
    )


def glossary(data: Glossary, currency: str) -> GlossaryView:
    """A term, with everyone's numbers where it is a feature."""
    everyone = data.everyone

    def shown(number: float | None) -> str:
        return value(number, everyone.unit, currency) if everyone else ""

    return GlossaryView(
        term=capital(plain(data.term)),
        meaning=plain(data.meaning, 600),
        name=plain(data.name or ""),
        kind=data.kind or "",
        clustered=data.clustered,
        average=shown(everyone.mean) if everyone else "",
        median=shown(everyone.median) if everyone else "",
        without=percent(everyone.zero_share) if everyone and everyone.zero_share else "",
        date=day(data.as_of),
        choices=(Choice("By segment", f"{plain(data.term)} by segment"),) if everyone else (),
    )


def help_(data: Help, _currency: str) -> HelpView:
    """Six questions in the words of this company."""
    questions = tuple(_questions(data))
    return HelpView(
        company=plain(data.company),
        questions=questions,
        choices=tuple(Choice(plain(q, 60), q) for q in questions[:3]),
    )


def _questions(data: Help) -> list[str]:
    first, *rest = [plain(s.name) for s in data.segments]
    label = data.feature or "purchases"
    return [
        "Which segments do we have?",
        f"Who are the {first}?",
        f"Compare {first} and {rest[0]}" if rest else f"Compare {first} with everyone",
        f"Which segment has the highest {label}?",
        "How did segment sizes change in the last 8 weeks?",
        "Did anything change this week?",
    ]


def smalltalk(data: Smalltalk, _currency: str) -> SmalltalkView:
    """A friendly way back to the segments."""
    name = plain(data.segments[0].name) if data.segments else ""
    return SmalltalkView(question=f"who are the {name}" if name else "help")
