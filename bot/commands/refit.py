"""What a refit did, for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

_STATUS = {
    "published": "[bold green]published[/]",
    "unchanged": "[bold]unchanged[/]",
    "refused": "[bold red]refused[/]",
}


def print_result(console: Console, result: dict[str, Any]) -> None:
    """The whole result: what happened, the segments, what changed."""
    console.print(f"{result['as_of']}: {_STATUS[result['status']]}")
    console.print(result["why"], markup=False, soft_wrap=True)
    if result["segments"] and result["status"] != "refused":
        table = Table()
        table.add_column("Segment", justify="right")
        table.add_column("Name")
        for heading in ("Customers", "Share", "Last time"):
            table.add_column(heading, justify="right")
        for segment in result["segments"]:
            table.add_row(
                str(segment["id"]),
                segment["name"],
                f"{segment['customers']:,}",
                f"{segment['share']:.1%}",
                f"{segment['previous_customers']:,}" if segment["previous_customers"] else "",
            )
        console.print(table)
    for event in result["events"]:
        console.print(f"{event['verdict'].upper()}: {event['text']}", markup=False, soft_wrap=True)
    if result["status"] == "published":
        console.print("Next: segmentry ask overview", markup=False)


def print_line(console: Console, result: dict[str, Any]) -> None:
    """One line, for a replay."""
    alarms = [event["text"] for event in result["events"] if event["verdict"] == "alarm"]
    said = " ".join(alarms) if alarms else "no alarm"
    console.print(
        f"{result['as_of']}  {_STATUS[result['status']]}  {result['customers']:,} customers in "
        f"{result['segments_count']} segments, {said}",
        soft_wrap=True,
    )
