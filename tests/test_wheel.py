"""The wheel works outside the checkout: it brings its templates, migrations and manifest."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the built wheel, not the checkout, is what Python imports."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    return os.environ | {"PYTHONPATH": str(site), "WHERE": str(site)}


def run(installed: dict[str, str], cwd: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=installed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_is_what_runs(installed: dict[str, str], tmp_path: Path) -> None:
    where = run(
        installed, tmp_path, "-c", "import bot.cli, analytics.store as s; print(s.__file__)"
    )
    assert where.startswith(installed["WHERE"])


def test_init_and_manifest_find_their_files(installed: dict[str, str], tmp_path: Path) -> None:
    run(installed, tmp_path, "-m", "bot.cli", "--home", "home", "init")
    assert (tmp_path / "home" / "live.duckdb").exists()
    assert "[schedule]" in (tmp_path / "home" / "segmentry.toml").read_text()
    manifest = json.loads(run(installed, tmp_path, "-m", "bot.cli", "manifest"))
    assert manifest["settings"]["socket_mode_enabled"] is True


def test_every_module_of_the_wheel_can_be_imported(
    installed: dict[str, str], tmp_path: Path
) -> None:
    code = (
        "import importlib, pkgutil, bot, analytics\n"
        "for package in (bot, analytics):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(module.name)\n"
    )
    run(installed, tmp_path, "-c", code)
