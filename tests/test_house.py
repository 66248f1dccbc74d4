"""The house rules that a machine can check."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "analytics").rglob("*.py")])
ALLOWED_TOP = {
    "bot", "analytics", "templates", "migrations", "tests", "pyproject.toml", "README.md",
    "CHANGELOG.md", "DECISIONS.md", "Makefile", "manifest.json", "requirements.lock",
    "requirements-dev.lock", "requirements-bench.lock", ".ci", ".gitignore",
    ".pre-commit-config.yaml", "Containerfile", "segmentry.service",
}  # fmt: skip
MAY_IMPORT_DUCKDB = {
    "analytics/store.py", "analytics/published.py",
    "analytics/adhoc/gate.py", "analytics/adhoc/sandbox.py", "analytics/adhoc/child.py",
}  # fmt: skip


def _imports(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return listed.stdout.splitlines()


def test_only_the_rooms_of_the_house_exist() -> None:
    assert {path.split("/")[0] for path in _tracked()} <= ALLOWED_TOP


def test_only_the_store_and_its_guards_touch_duckdb() -> None:
    users = {
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        if "duckdb" in _imports(module) and module.name != "__init__.py"
    }
    assert users <= MAY_IMPORT_DUCKDB


@pytest.mark.parametrize("library", ["jinja2", "os.environ"])
def test_templates_and_environment_have_one_reader(library: str) -> None:
    owner = {"jinja2": "bot/render.py", "os.environ": "bot/settings.py"}[library]
    pattern = re.compile(r"^\s*(import|from) jinja2" if library == "jinja2" else r"os\.environ")
    users = {
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        if any(pattern.search(line) for line in module.read_text("utf-8").splitlines())
    }
    assert users <= {owner}


def test_analytics_never_asks_what_time_it_is() -> None:
    clock = re.compile(r"\b(datetime|date)\.(now|today|utcnow)\(|\btime\.time\(")
    users = [
        module.name
        for module in MODULES
        if module.is_relative_to(ROOT / "analytics") and clock.search(module.read_text("utf-8"))
    ]
    assert users == []


def test_packages_hold_no_code_in_their_init() -> None:
    inits = [module for module in MODULES if module.name == "__init__.py"]
    assert [init for init in inits if init.read_text("utf-8").strip()] == []


def test_every_public_function_and_class_says_what_it_is() -> None:
    bare = []
    for module in MODULES:
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and ast.get_docstring(node) is None:
                bare.append(f"{module.name}:{node.lineno} {node.name}")
    assert bare == []


def test_no_registry_host_and_no_path_of_a_machine_is_written_down() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|/(home|root|work)/\w+/")
    found = []
    for name in _tracked():
        path = ROOT / name
        if path.suffix in {".png", ".ico"} or name == "tests/test_house.py" or not path.is_file():
            continue
        if hosts.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []
