"""Who may do what: a viewer asks, an analyst also sees customers and runs SQL, an admin renames."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Role = Literal["nobody", "viewer", "analyst", "admin"]

_RANKS: tuple[Role, ...] = ("nobody", "viewer", "analyst", "admin")
_NEEDED: dict[str, Role] = {
    "sql": "analyst",
    "customer_lookup": "analyst",
    "customer_history": "analyst",
    "explain_customer": "analyst",
    "find_customers": "analyst",
    "export_audience": "analyst",
    "rename_segment": "admin",
    "refit_now": "admin",
}
_DOING = {
    "sql": "Running SQL",
    "export_audience": "Exporting customers",
    "rename_segment": "Renaming a segment",
    "refit_now": "Starting a refit",
}


class Access:
    """Roles by Slack user ID; each holds the ones before it.

    ``viewers`` and ``analysts`` that are empty mean everyone; ``admins`` that are empty, nobody.
    """

    def __init__(
        self, viewers: Collection[str], analysts: Collection[str], admins: Collection[str]
    ) -> None:
        self._viewers = viewers
        self._analysts = analysts
        self._admins = admins

    def role(self, user: str) -> Role:
        """The highest role of a person."""
        if user in self._admins:
            return "admin"
        if user in self._analysts:
            return "analyst"
        if user in self._viewers or not self._viewers:
            return "viewer" if self._analysts else "analyst"
        return "nobody"

    def refusal(self, user: str, intent: str) -> str | None:
        """Why a person may not do this, and what to do about it; None where they may."""
        needed, role = _NEEDED.get(intent, "viewer"), self.role(user)
        if _RANKS.index(role) >= _RANKS.index(needed):
            return None
        if role == "nobody":
            return "You are not among those I answer. Ask your operator to add you as a viewer."
        doing = _DOING.get(intent, "Looking at single customers")
        who = "an analyst" if needed == "analyst" else "an admin"
        return f"{doing} is for {who}. Ask your operator to make you one, or ask a colleague."
