"""`make screenshots`: the main answers, the digest and the Home as pictures, to be looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot import digest
from bot.app import Services, build_services
from bot.blocks import rich
from bot.desk import Desk
from bot.product import Asked
from bot.reply import Reply
from bot.slack.surfaces import digest_form, home
from tests.slack.page import Block, page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "tests" / "golden" / "pictures"
HOME = Path(os.environ.get("SEGMENTRY_HOME", ROOT / "demo-home"))
WIDTHS = {"": 720, "-phone": 390}
QUESTIONS = {
    "overview": "which segments do we have?",
    "profile": "tell me about segment 2",
    "compare": "compare segments 1 and 2",
    "trend": "how did segment 2 change in the last 8 weeks?",
    "drift": "did anything change this week?",
    "rank": "which segment has the highest balance?",
    "clarify": "how are they doing?",
    "decline": "write an email to segment 3",
    "why": "why did segment 2 change?",
    "error": "select * from passwords",
    "distribution": "how is the balance distributed?",
    "migration": "who moved between segments last week?",
    "find": "how many customers owe more than 5k?",
    "export": "export segment 2",
    "help": "help",
}


def pages(services: Services) -> dict[str, list[tuple[str, list[Block]]]]:
    """Every picture's name with its messages."""
    drawn = {
        name: [said("Maria", question), *answered(services, question)]
        for name, question in QUESTIONS.items()
    }
    desk = Desk(services)
    front_page = home(desk.front(), desk.subscriptions("U1"), may_sql=True, may_rename=True)
    drawn["home"] = [("Segmentry", front_page["blocks"])]
    settings = digest_form(desk.front(), desk.digest_wish("U1"))
    drawn["settings"] = [("Segmentry", settings["blocks"])]
    drawn["digest"] = [shown(digest.make(services).post)]
    return drawn


def said(who: str, text: str) -> tuple[str, list[Block]]:
    text = f"@Segmentry {text}"
    return who, [{"type": "section", "text": {"type": "plain_text", "text": text}}]


def answered(services: Services, question: str) -> list[tuple[str, list[Block]]]:
    return [shown(reply) for reply in Desk(services).ask(Asked(question, "U1", "C1", question))]


def shown(reply: Reply) -> tuple[str, list[Block]]:
    return "Segmentry", rich(reply)


def photograph(html: str, file: Path, width: int, chromium: str) -> None:
    """Draws a page of a width in pixels and cuts the empty rest below it away."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        html += f"<style>html{{width:{width}px}}</style>"
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        measure = "<script>document.title=document.documentElement.offsetHeight</script>"
        source.write_text(html + measure, encoding="utf-8")
        dom = subprocess.run(
            [
                chromium, *options, f"--user-data-dir={folder}/a", f"--window-size={width},900",
                "--dump-dom", source.as_uri(),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout  # fmt: skip
        source.write_text(html, encoding="utf-8")
        height = dom.split("<title>")[1].split("<")[0]
        subprocess.run(
            [
                chromium, *options, f"--user-data-dir={folder}/b", f"--screenshot={file}",
                f"--window-size={width},{height}", source.as_uri(),
            ],
            capture_output=True,
            check=True,
        )  # fmt: skip


def main(wanted: list[str]) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium or not HOME.exists():
        sys.exit("Pictures need a Chromium on the PATH and `make demo` run before.")
    PICTURES.mkdir(exist_ok=True)
    for name, messages in pages(build_services(HOME)).items():
        if wanted and name not in wanted:
            continue
        for suffix, width in WIDTHS.items():
            file = PICTURES / f"{name}{suffix}.png"
            photograph(page(messages), file, width, chromium)
            print(file)


if __name__ == "__main__":
    main(sys.argv[1:])
