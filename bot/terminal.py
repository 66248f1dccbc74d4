"""A Reply as rich text: aligned tables, small charts of bars, the footer dim."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table as RichTable
from rich.text import Text

from bot.reply import Chart, Reply, Table

BAR = 24
# The first column folds down to FIRST, and headings fold down to HEADING to leave it ROOMY;
# columns stand GAP apart, and EDGES are what the table has at both sides.
FIRST, ROOMY, HEADING, GAP, EDGES = 18, 26, 8, 3, 2
_SPARKS = "▁▂▃▄▅▆▇█"


def print_reply(console: Console, reply: Reply, *, show_sql: bool) -> None:
    """Show a reply on a console of any width; nothing in it is taken for markup."""
    console.print(Text(reply.text))
    if reply.tables or reply.charts:
        console.print()
    for table in reply.tables:
        for part in _tables(table, console.width):
            console.print(part)
    for chart in reply.charts:
        console.print(_chart(chart))
    if reply.choices:
        questions = " · ".join(choice.question for choice in reply.choices)
        console.print(Text(f"Ask next: {questions}", style="dim"))
    if reply.footer:
        console.print(Text(reply.footer, style="dim"))
    if show_sql:
        for statement in reply.sql:
            console.print(Syntax(statement, "sql", background_color="default", word_wrap=True))
    console.print()


def _tables(table: Table, width: int) -> list[RichTable]:
    """The table, or several beside its first column where it is wider than the console.

    Only the first column and the headings fold; a number is never cut.
    """
    cells = [[row[i].text for row in table.rows] for i in range(len(table.columns))]
    longest = [max((len(text) for text in column), default=0) for column in cells]
    labels = [column.label for column in table.columns]
    words = [max(map(len, label.split()), default=0) for label in labels]
    longest[0] = max(longest[0], words[0])
    # Each column as wide as its heading, as much of it, or its longest word.
    styles = [
        [max(n, len(label)) for n, label in zip(longest, labels, strict=True)],
        [max(n, w, min(len(t), HEADING)) for n, w, t in zip(longest, words, labels, strict=True)],
        [max(n, w) for n, w in zip(longest, words, strict=True)],
    ]

    def left(columns: list[int], widths: list[int]) -> int:
        return width - EDGES - sum(widths[i] + GAP for i in columns)

    groups: list[list[int]] = [[]]
    for i in range(1, len(labels)):
        if groups[-1] and left([*groups[-1], i], styles[-1]) < min(longest[0], FIRST):
            groups.append([])
        groups[-1].append(i)
    found = []
    for group in groups:
        roomy = [style for style in styles if left(group, style) >= min(longest[0], ROOMY)]
        widths = (roomy or styles[-1:])[0]
        names = min(longest[0], max(left(group, widths), FIRST))
        found.append(_columns(table, {0: names, **{i: widths[i] for i in group}}))
    return found


def _columns(table: Table, widths: dict[int, int]) -> RichTable:
    shown = RichTable(
        title=Text(table.caption), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for i, width in widths.items():
        column = table.columns[i]
        shown.add_column(Text(column.label), justify=column.align, width=width, overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(row[i].text) for i in widths))
    return shown


def _chart(chart: Chart) -> Text | RichTable:
    return _sparks(chart) if chart.kind in ("line", "area") else _bars(chart)


def _bars(chart: Chart) -> RichTable:
    """A bar a category; with several series, one under the other."""
    shown = RichTable(title=Text(chart.title), title_justify="left", box=None, pad_edge=False)
    for _ in range(3):
        shown.add_column()
    shown.show_header = False
    largest = max((abs(v) for series in chart.series for v in series.values), default=0.0)
    for i, category in enumerate(chart.categories):
        for j, series in enumerate(chart.series):
            size = abs(series.values[i]) / largest if largest else 0.0
            label = category if j == 0 else ""
            name = series.name if len(chart.series) > 1 else ""
            shown.add_row(Text(label), Text("█" * max(round(size * BAR), 0) or "▏"), Text(name))
    return shown


def _sparks(chart: Chart) -> RichTable:
    """A line of eighths for each series, from its own lowest to its own highest value."""
    shown = RichTable(title=Text(chart.title), title_justify="left", box=None, pad_edge=False)
    for _ in range(2):
        shown.add_column()
    shown.show_header = False
    for series in chart.series:
        low, high = min(series.values), max(series.values)
        steps = (len(_SPARKS) - 1) / (high - low) if high > low else 0.0
        line = "".join(_SPARKS[round((value - low) * steps)] for value in series.values)
        shown.add_row(Text(series.name), Text(line))
    if chart.categories:
        shown.add_row(Text(""), Text(f"{chart.categories[0]} to {chart.categories[-1]}"))
    return shown
