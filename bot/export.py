"""The rows behind an answer as files: its tables, the rows of its SQL, or its customers."""

from __future__ import annotations

from dataclasses import replace

from analytics.adhoc.sandbox import SqlLimits, run_select
from analytics.answers.answer import AnswerContext
from analytics.audiences import audience
from analytics.errors import SegmentryError
from analytics.model import Query
from analytics.published import Copy
from bot import formats
from bot.reply import Reply, meta_of
from bot.sheets import Sheet, of_table, sheet

CUSTOMERS = frozenset({"find_customers", "export_audience"})
KEEP_SAFE = "It holds customer ids: keep it where only those see it who need it."


def customers(copy: Copy, query: Query, context: AnswerContext) -> Sheet:
    """The customers that were found or asked for, with whole ids."""
    found = audience(copy, query, context=context)
    numbers = "-".join(map(str, query.segments))
    title = f"customers segment {numbers} {found.as_of}" if numbers else f"customers {found.as_of}"
    many = formats.people(len(found.members))
    said = f"{many} on {formats.day(found.as_of)}. {KEEP_SAFE}"
    return sheet(title, list(map(str, found.members)), found.members.itertuples(index=False), said)


def offered(query: Query, counted: Reply, many: int) -> Reply:
    """What a list would hold, before it is sent; ``counted`` tells how many customers it is about.

    Nothing is sent before the person presses the button or says yes.
    """
    text = counted.text.partition("\n")[0]
    if not many:
        return replace(counted, status="declined", text=f"{text} There is no list to send.")
    rows = f"the first {query.top:,} of them" if query.top and query.top < many else "the list"
    return replace(
        counted,
        status="confirm",
        text=f"{text}\nI can send you {rows}, with whole ids, as a CSV file in a direct message. "
        'Press the button or say "yes".',
        tables=(),
        choices=(),
        sql=(),
        meta=meta_of(query),
    )


def selected(copy: Copy, statement: str, limits: SqlLimits) -> Sheet:
    """Every row of an ad-hoc query, up to the configured limit."""
    result = run_select(copy.path, statement, limits=limits)
    many = f"{len(result.rows):,} {'row' if len(result.rows) == 1 else 'rows'}"
    cut = "; there are more, which the limit cuts off" if result.truncated else ""
    return sheet(f"query {copy.as_of}", result.columns, result.rows, f"{many}{cut}.")


def tables(reply: Reply, query: Query, copy: Copy) -> list[Sheet]:
    """A file for each table of an answer."""
    if not reply.tables:
        raise SegmentryError("This answer has no table to export.", "Ask for one with more rows.")
    intent = query.intent.replace("_", " ")
    titles = [f"{intent} {table.caption} {copy.as_of}" for table in reply.tables]
    return [of_table(table, t) for table, t in zip(reply.tables, titles, strict=True)]
