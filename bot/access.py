"""Who may do what: a viewer asks, an analyst also sees customers and runs SQL, an admin renames."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

Role = Literal["nobody", "viewer", "analyst", "admin"]

# What is about single customers or whatever an analyst selects.
PERSONAL = frozenset(
    "sql customer_lookup customer_history explain_customer find_customers export_audience".split()
)
_RANKS: tuple[Role, ...] = ("nobody", "viewer", "analyst", "admin")
_NEEDED: dict[str, Role] = {
    **dict.fromkeys(PERSONAL, "analyst"),
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
    """Roles by Slack member ID (U..., W...) or user group ID (S...); each holds the ones before it.

    ``viewers`` and ``analysts`` that are empty mean everyone; ``admins`` that are empty, nobody.
    ``members`` looks up who is in a user group.
    """

    def __init__(
        self,
        viewers: Collection[str],
        analysts: Collection[str],
        admins: Collection[str],
        members: Callable[[str], Collection[str]] = lambda _: (),
    ) -> None:
        self._viewers = viewers
        self._analysts = analysts
        self._admins = admins
        self._members = members

    def role(self, user: str) -> Role:
        """The highest role of a person."""
        if self._among(user, self._admins):
            return "admin"
        if self._among(user, self._analysts):
            return "analyst"
        if not self._viewers or self._among(user, self._viewers):
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

    def _among(self, user: str, listed: Collection[str]) -> bool:
        return user in listed or any(
            user in self._members(group) for group in listed if is_group(group)
        )


def is_group(listed: str) -> bool:
    """Whether an ID is a user group's."""
    return listed.startswith("S")
