"""Fixtures every test room shares."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data sets beside the checkout; the test is skipped where it is missing."""
    folder = ROOT.parent / "shared"
    if not (folder / "data" / "CC GENERAL.csv").exists():
        pytest.skip("the real data sets (../shared) are not beside this checkout")
    return folder
