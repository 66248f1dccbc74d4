"""`segmentry demo`: the whole story in about a minute, on made-up customers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule

from analytics.errors import WrongUsage
from analytics.store import Home
from analytics.synthetic.panel import TRAIT_KINDS, SynthPlan, write
from bot import digest, intake, refitting
from bot.app import build_services
from bot.commands.setup import initialise
from bot.console import show, talk
from bot.terminal import print_reply

MARK = ".made-by-segmentry-demo"
QUESTIONS = (
    "which segments do we have?",
    "profile of segment 2",
    "did anything change this week?",
    "which segment takes the most cash advances?",
    "who moved between segments this week?",
)


def tell_story(home: Path, *, customers: int) -> None:
    """Ten weeks loaded and refitted, the digest, five questions, and how to go on."""
    _fresh(home)
    with Progress(
        TextColumn("{task.description:44}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=talk,
    ) as bar:
        files = _make_customers(home / "files", customers, bar)
        _configure(home)
        services = build_services(home)
        weeks = [file for file in files if file.name.startswith("cards_")]
        traits = next(file for file in files if file.name == "customers.csv")
        task = bar.add_task("Loading and refitting ten weeks", total=len(weeks) + 1)
        intake.commit(services, intake.plan(services, traits, kind="customers"))
        bar.advance(task)
        for file in weeks:
            intake.commit(services, intake.plan(services, file))
            refitting.run_refit(services, progress=lambda _: None)
            bar.advance(task)
    show.print(Rule("The Monday digest"))
    print_reply(show, digest.weekly_digest(services)[1], show_sql=False)
    for question in QUESTIONS:
        show.print(Rule(f"> {question}"))
        for exchange in services.conversations.ask(question, "demo"):
            print_reply(show, exchange.reply, show_sql=False)
    show.print(Panel(_go_on(home), title="How to go on", expand=False))


def _fresh(home: Path) -> None:
    """Make way for a new demo; a folder this command did not make is never touched."""
    if home.exists() and not (home / MARK).exists():
        raise WrongUsage(
            f"{home.resolve()} exists and was not made by the demo.",
            "Name a new folder: segmentry --home FOLDER demo",
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / MARK).touch()


def _make_customers(folder: Path, customers: int, bar: Progress) -> list[Path]:
    plan = SynthPlan(customers=customers)
    task = bar.add_task(f"Making up {customers:,} customers", total=plan.weeks)
    return write(plan, folder, progress=lambda _: bar.advance(task))


def _configure(home: Path) -> None:
    """A home whose configuration says what kind of trait each made-up column is."""
    initialise(home)
    tables = [
        f'\n[features.{trait.name}]\nlabel = "{trait.label}"\nunit = "{trait.unit}"\n'
        f'kind = "{trait.kind}"\nuse = "{trait.use}"\nsynonyms = {json.dumps(trait.synonyms)}\n'
        for trait in TRAIT_KINDS.values()
    ]
    with Home(home).config.open("a", encoding="utf-8") as file:
        file.writelines(tables)


def _go_on(home: Path) -> str:
    return f"""\
Ask your own questions:    segmentry --home {home} chat
See the SQL of an answer:  segmentry --home {home} ask --sql how big is segment 2
Look at the tables:        segmentry --home {home} sql "FROM segments"
What was planted:          {home / "files" / "truth.json"}
Start with your own data:  segmentry init    (the README goes on from there)

In a checkout, `segmentry` is .venv/bin/segmentry."""
