"""Making a home and keeping its store in shape."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from analytics.publish import publish
from analytics.schema import migrate
from analytics.shipped import shipped
from analytics.store import Home, Store
from bot import logs
from bot.settings import load_settings
from bot.when import utc


def initialise(folder: Path) -> list[str]:
    """Write a commented ``segmentry.toml`` and create the store; what is there stays as it is."""
    home = Home(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    if home.config.exists():
        load_settings(folder)
        lines.append(f"{home.config} is there and stays as it is.")
    else:
        example = shipped("templates") / "segmentry.toml"
        home.config.write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
        lines.append(f"Wrote {home.config}: every setting with its default.")
    lines.append(migrate_store(folder))
    lines.append(f"Next: segmentry --home {folder} load FILE, then segmentry --home {folder} refit")
    return lines


def migrate_store(folder: Path) -> str:
    """Apply pending migrations and publish what they changed; say which."""
    store = Store(Home(folder))
    done = migrate(store, now=utc(datetime.now(UTC)))
    if done and store.home.current.exists():
        publish(store)
    return f"Store: applied {', '.join(done)}." if done else "Store: nothing to migrate."


def ensure_store(folder: Path) -> None:
    """Create home and store when they are missing, so that a first replay or demo just works."""
    if not Home(folder).live.exists():
        initialise(folder)
        logs.start(Home(folder).logs)
