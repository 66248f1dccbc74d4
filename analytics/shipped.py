"""Where the files that ship with the code are, in a checkout and in an installed wheel."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Path of a shipped file or folder: ``templates``, ``migrations`` or ``manifest.json``."""
    inside = Path(__file__).parent / "_shipped" / name
    return inside if inside.exists() else Path(__file__).parent.parent / name
