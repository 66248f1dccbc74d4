"""The command line: each command says what to do and leaves the doing to others."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot import logs
from bot.console import CarefulGroup, progress, show, talk
from bot.settings import DEFAULT_HOME, home_folder

DATE = click.DateTime(formats=["%Y-%m-%d"])
FILE = click.Path(path_type=Path)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def _services(folder: Path) -> Any:
    from bot.app import build_services

    return build_services(folder)


@click.group(cls=CarefulGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=FILE, help="Folder that holds everything [./segmentry-home].")
@click.version_option(package_name="segmentry")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Segments of card customers: loaded, refitted every week, answered in Slack."""
    context.obj = home_folder(home)
    folder = context.obj / "logs" if context.obj.is_dir() else None
    logs.start(folder, to_console=context.invoked_subcommand == "run")


@main.command()
@click.pass_obj
def init(home: Path) -> None:
    """Write a commented segmentry.toml and create the store."""
    from bot.commands.setup import initialise

    for line in initialise(home):
        talk.print(line, markup=False, soft_wrap=True)


@main.command()
@click.pass_obj
def migrate(home: Path) -> None:
    """Bring the store to this version's schema."""
    from bot.commands.setup import migrate_store

    talk.print(migrate_store(home), markup=False)


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--as-of", type=DATE, help="Date of the snapshot [in the file name, else today].")
@click.option("--kind", type=click.Choice(["features", "transactions", "customers"]))
@click.option("--id", "id_column", help="Column that identifies a customer.")
@click.option("--map", "mapping", multiple=True, metavar="SRC=FEATURE", help="A column's feature.")
@click.option("--dry-run", is_flag=True, help="Show what would be loaded; change nothing.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def load(
    home: Path,
    files: tuple[Path, ...],
    as_of: datetime | None,
    kind: str | None,
    id_column: str | None,
    mapping: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read feature or customer files into the store, each whole or not at all."""
    from bot.commands.load import load_files

    load_files(
        _services(home),
        files,
        as_of=_day(as_of),
        kind=kind,
        id_column=id_column,
        mapping=mapping,
        dry_run=dry_run,
        as_json=as_json,
    )


@main.command()
@click.option("--accept", is_flag=True, help="Let a refit that is held take over.")
@click.option("--as-of", type=DATE)
@click.option("--restore", type=int, metavar="FIT", help="Let an earlier fit own the segments.")
@click.option("--segments", type=click.IntRange(2, 20), help="Number of segments to use.")
@click.option("--seed", type=int)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def refit(
    home: Path,
    accept: bool,
    as_of: datetime | None,
    restore: int | None,
    segments: int | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Find the segments of what was loaded, compare with last time, publish."""
    from bot.commands.refit import print_result
    from bot.refitting import run_refit

    with progress("Refit") as tell:
        result = run_refit(
            _services(home),
            as_of=_day(as_of),
            segments=segments,
            seed=seed,
            accept=accept,
            restore=restore,
            progress=tell,
        )
    _print_json(result) if as_json else print_result(show, result)
    sys.exit(3 if result["status"] == "refused" else 0)


@main.command()
@click.option("--min-effect", "effects", default="", metavar="LIST", help="Like 0.03,0.05,0.08.")
@click.option("--alarm-z", "zs", default="", metavar="LIST", help="Like 3.5,4.5.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def backtest(home: Path, effects: str, zs: str, as_json: bool) -> None:
    """What the stored weeks would have alarmed at other thresholds; changes nothing."""
    from bot.commands import backtest as command

    result = command.run_backtest(_services(home), command.numbers(effects), command.numbers(zs))
    _print_json(command.as_json(result)) if as_json else command.print_backtest(show, result)


@main.command()
@click.argument("folder", type=FILE)
@click.option("--segments", type=click.IntRange(2, 20))
@click.option("--seed", type=int)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def replay(home: Path, folder: Path, segments: int | None, seed: int | None, as_json: bool) -> None:
    """Load and refit the dated files of a folder in order."""
    from bot.commands.refit import print_line
    from bot.commands.setup import ensure_store
    from bot.refitting import replay as replay_files

    ensure_store(home)
    with progress("Replay") as tell:
        results = replay_files(_services(home), folder, segments=segments, seed=seed, progress=tell)
        for result in results:
            _print_json(result) if as_json else print_line(show, result)
            sys.stdout.flush()


@main.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--sql", "show_sql", is_flag=True, help="Show the SQL behind the numbers.")
@click.option("--explain", is_flag=True, help="Show how the question was read.")
@click.pass_obj
def ask(
    home: Path, question: tuple[str, ...], as_json: bool, show_sql: bool, explain: bool
) -> None:
    """Ask one question; or `-` to read one a line from stdin."""
    from bot.commands.ask import ask_all

    text = " ".join(question)
    lines = sys.stdin if text == "-" else [text]
    ask_all(_services(home), lines, as_json=as_json, show_sql=show_sql, explain=explain)


@main.command()
@click.pass_obj
def chat(home: Path) -> None:
    """Ask one question after another in the terminal."""
    from bot.commands.ask import chat as start_chat

    start_chat(_services(home))


@main.command()
@click.option("--as-of", type=DATE)
@click.option("--format", "form", type=click.Choice(["text", "slack", "html"]), default="text")
@click.option("--out", type=FILE, help="Write it to a file.")
@click.option("--post", is_flag=True, help="Post it to the digest channel, once.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def digest(
    home: Path, as_of: datetime | None, form: str, out: Path | None, post: bool, as_json: bool
) -> None:
    """The weekly digest."""
    from bot.commands.digest import run_digest

    run_digest(_services(home), as_of=_day(as_of), form=form, out=out, post=post, as_json=as_json)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("query")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@click.option("--limit", type=click.IntRange(1), help="Rows to show.")
@click.pass_obj
def sql(home: Path, query: str, form: str, limit: int | None) -> None:
    """Run one read-only SELECT on the published copy."""
    from bot.commands.sql import run_query

    run_query(_services(home), query, form=form, limit=limit)


@main.command()
@click.argument("segment", type=int)
@click.argument("name")
@click.pass_obj
def rename(home: Path, segment: int, name: str) -> None:
    """Give a segment its name; the old one stays understood."""
    from bot.commands.rename import rename_segment

    talk.print(rename_segment(_services(home), segment, name), markup=False)


@main.command()
@click.option("--live", is_flag=True, help="Also ask Slack.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(home: Path, live: bool, as_json: bool) -> None:
    """Check config, store, schedule, Slack and package ownership."""
    from bot.commands.doctor import examine, print_findings

    findings = examine(home, live=live)
    _print_json(findings) if as_json else print_findings(show, findings)
    sys.exit(1 if any(finding["status"] == "problem" for finding in findings) else 0)


@main.command()
@click.option("--http", "public_url", default="", metavar="URL", help="For events at https://HOST.")
def manifest(public_url: str) -> None:
    """Print the Slack app manifest."""
    from bot.commands.manifest import manifest as made

    click.echo(made(public_url))


@main.command()
@click.argument("folder", type=FILE)
@click.option("--customers", type=click.IntRange(100), default=9000, show_default=True)
@click.option("--weeks", type=click.IntRange(1, 520), default=10, show_default=True)
@click.option("--start", type=DATE, default="2026-09-14", show_default=True)
@click.option("--seed", type=int, default=11, show_default=True)
def synth(folder: Path, customers: int, weeks: int, start: datetime, seed: int) -> None:
    """Write weekly snapshots of made-up but realistic customers."""
    from analytics.synthetic.panel import SynthPlan, write

    plan = SynthPlan(customers=customers, weeks=weeks, start=start.date(), seed=seed)
    with progress("Synth") as tell:
        files = write(plan, folder, progress=tell)
    talk.print(f"Wrote {len(files)} files to {folder}.", markup=False)


@main.command()
@click.option("--http", is_flag=True, help="Take signed HTTP events instead of Socket Mode.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where --http listens.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True)
@click.pass_obj
def run(home: Path, http: bool, host: str, port: int) -> None:
    """The service: Slack and the weekly schedule, until stopped."""
    from bot.service import serve

    serve(_services(home), http=(host, port) if http else None)


@main.command(hidden=True)
@click.pass_obj
def weekly(home: Path) -> None:
    """What the schedule runs in a process of its own: take the inbox, refit; JSON on stdout."""
    from bot.refitting import take_and_refit

    os.nice(10)  # answers come first
    with progress("Weekly run") as tell:
        _print_json(take_and_refit(_services(home), tell))


@main.command()
@click.option("--customers", type=click.IntRange(500), default=9000, show_default=True)
@click.pass_obj
def demo(home: Path, customers: int) -> None:
    """The whole story in a minute, on made-up customers, without tokens."""
    from bot.commands.demo import tell_story

    tell_story(Path("demo-home") if home == DEFAULT_HOME else home, customers=customers)


if __name__ == "__main__":
    main()
