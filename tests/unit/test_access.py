"""Roles: who may ask, see single customers, run SQL, rename."""

from __future__ import annotations

from bot.access import Access


def test_by_default_everyone_asks_and_runs_sql_and_nobody_renames() -> None:
    access = Access([], [], [])
    assert access.refusal("U1", "overview") is None
    assert access.refusal("U1", "sql") is None
    assert access.refusal("U1", "customer_lookup") is None
    assert "admin" in (access.refusal("U1", "rename_segment") or "")


def test_named_analysts_leave_the_others_viewers() -> None:
    access = Access([], ["UA"], ["UX"])
    assert access.role("U1") == "viewer"
    assert access.refusal("U1", "segment_profile") is None
    for intent in ("sql", "customer_lookup", "find_customers", "export_audience"):
        assert "an analyst" in (access.refusal("U1", intent) or "")
        assert access.refusal("UA", intent) is None
    assert access.refusal("UX", "rename_segment") is None
    assert access.refusal("UX", "sql") is None


def test_named_viewers_leave_the_others_out() -> None:
    access = Access(["UV"], [], ["UX"])
    assert access.role("UV") == "analyst"  # no analysts are named: every viewer is one
    assert "not among those I answer" in (access.refusal("U1", "overview") or "")
    assert access.refusal("UX", "overview") is None


def test_a_user_group_gives_its_members_the_role() -> None:
    members = {"SCRM": {"U1", "U2"}}
    access = Access(["U3"], ["SCRM"], [], lambda group: members.get(group, ()))
    assert access.role("U1") == "analyst"
    assert access.role("U3") == "viewer"
    assert access.role("U4") == "nobody"
    assert Access(["SGONE"], [], []).role("U1") == "nobody"
