"""The report in a real browser: everything drawn, nothing fetched, readable by everyone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.browser import Browser, Page, chromium
from tests.e2e.conftest import Segmentry

AXE = "axe-core@4.14.1"
LIMIT = 2_000_000
PHONE, DESK = 390, 1440

pytestmark = pytest.mark.chromium


def skip(reason: str) -> None:
    """Loudly, and in CI not at all: there, Chromium is part of the job."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, two_weeks: Path, segmentry: Segmentry) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    done = segmentry(two_weeks, "digest", "--format", "html", "--out", str(file))
    assert done.code == 0, done.err
    return file


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        skip("Chromium is missing: the report was NOT looked at in a browser")
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module", params=[(PHONE, False), (DESK, False), (DESK, True)], ids=str)
def page(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Page:
    width, dark = request.param
    return browser.open(report, width=width, dark=dark)


def test_the_file_is_whole_and_small(report: Path) -> None:
    assert report.stat().st_size < LIMIT


def test_it_opens_from_a_file_without_an_error_or_a_request(page: Page) -> None:
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []


def test_every_chart_is_drawn(page: Page) -> None:
    drawn = page.run(
        """[...document.querySelectorAll(".chart")].map((place) => [
            place.id,
            [...place.querySelectorAll("svg path")].filter((shape) => {
              const box = shape.getBBox();
              return box.width > 1 || box.height > 1;
            }).length,
        ])"""
    )
    assert len(drawn) >= 9
    assert {name: shapes for name, shapes in drawn if shapes < 5} == {}


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    wide = page.run(
        """(() => {
            document.querySelectorAll("details").forEach((part) => { part.open = true; });
            const room = document.documentElement.clientWidth;
            const inside = (e) => e.closest(".scroll") && !e.classList.contains("scroll");
            const found = [...document.querySelectorAll("body *")].filter((element) => {
              const box = element.getBoundingClientRect();
              const hidden = getComputedStyle(element).position === "absolute" && box.width <= 1;
              return !hidden && !inside(element) && (box.right > room + 1 || box.left < -1);
            });
            return found.map((element) => element.outerHTML.slice(0, 120));
        })()"""
    )
    assert wide == []
    assert page.run("document.documentElement.scrollWidth <= innerWidth")


def test_text_in_charts_stays_inside_them(page: Page) -> None:
    outside = page.run(
        """[...document.querySelectorAll(".chart")].flatMap((place) => {
            const room = place.getBoundingClientRect();
            return [...place.querySelectorAll("svg text")].filter((text) => {
              const box = text.getBoundingClientRect();
              return box.left < room.left - 1 || box.right > room.right + 1;
            }).map((text) => `${place.id}: ${text.textContent}`);
        })"""
    )
    assert outside == []


def test_charts_follow_the_window(browser: Browser, report: Path) -> None:
    page = browser.open(report, width=DESK)
    page.resize(PHONE)
    widths = page.run(
        """new Promise((done) => setTimeout(() => done(
            [...document.querySelectorAll(".chart svg")].map((svg) => svg.clientWidth)
        ), 200))"""
    )
    assert max(widths) < PHONE


@pytest.fixture(scope="module")
def axe(request: pytest.FixtureRequest) -> str:
    """The accessibility checker, fetched once into pytest's cache."""
    if shutil.which("npm") is None:
        skip("npm is missing: the report was NOT checked for accessibility")
    assert request.config.cache
    folder = request.config.cache.mkdir("axe")
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        fetched = subprocess.run(
            ["npm", "install", "--silent", "--no-save", "--prefix", folder, AXE],
            capture_output=True,
            text=True,
        )
        if fetched.returncode != 0:
            skip(f"npm could not fetch {AXE}; NO accessibility check: {fetched.stderr}")
    return script.read_text(encoding="utf-8")


@pytest.mark.npm
def test_nothing_keeps_anyone_out(page: Page, axe: str) -> None:
    page.run(f"{axe}; undefined")
    found: list[dict[str, Any]] = page.run("axe.run().then((found) => found.violations)")
    assert [
        (rule["impact"], rule["id"], [node["html"][:150] for node in rule["nodes"][:3]])
        for rule in found
    ] == []


def test_every_chart_has_its_numbers_in_a_table(page: Page) -> None:
    bare = page.run(
        """[...document.querySelectorAll(".chart")].filter((place) =>
            !place.closest("figure").querySelector("tbody td")).map((place) => place.id)"""
    )
    assert bare == []


def test_in_print_every_table_is_open_and_the_paper_white(browser: Browser, report: Path) -> None:
    page = browser.open(report, width=DESK, dark=True)
    before = page.run("document.querySelectorAll('details[open]').length")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('details:not([open])').length") == 0
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('details[open]').length") == before
