"""Views of answers about customers who moved."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.answers.moves import Flow, Migration
from bot import formats
from bot.formats import capital, day, people, percent, segment, short_day, whole
from bot.reply import Cell, Choice, Table
from bot.views.view import View, count_cell, share_cell, table

SHOWN = 10
# A matrix wider than this is not readable in a message; the list of flows is.
MATRIX = 8


@dataclass(frozen=True, kw_only=True)
class MigrationView(View):
    """Words about ``from_segment`` and ``to_segment`` are "" where those were not asked for.

    ``asked`` is "left" or "joined" where that is what the question is about: ``count`` did so
    ``of`` the customers of a segment, the ``leader`` where segments are ranked; without a leader
    they left or joined the base, and ``of`` others went the other way.
    """

    since: str
    date: str
    moved: str
    share: str
    usual: str
    entered: str
    gone: str
    largest: str
    from_segment: str
    to_segment: str
    customers: str
    base: str
    back: str
    main: str
    asked: str
    most: str
    leader: str
    count: str
    of: str


def migration(data: Migration, _currency: str) -> MigrationView:
    """Who moved, the largest flows, and the whole matrix where everyone was asked about."""
    start, end = data.from_segment, data.to_segment
    pairs = [f for f in data.flows if f.moved]
    outward = [f for f in data.flows if start and f.from_segment_id == start.segment_id]
    inward = [f for f in data.flows if end and f.to_segment_id == end.segment_id]
    out_moved = [f for f in outward if f.from_segment_id != f.to_segment_id]
    in_moved = [f for f in inward if f.from_segment_id != f.to_segment_id]
    everyone = data.everyone
    ranked = _ranked(data)
    leader = ranked[0] if ranked and any(map(_passed, ranked)) else None
    came, went = (everyone.entered, everyone.gone) if everyone else (0, 0)
    one, other = (went, came) if data.asked == "left" else (came, went)
    customers, share, base, back, main = "", "", "", "", ""
    if start and end:
        direct = next((f for f in outward if f.to_segment_id == end.segment_id), None)
        reverse = next(
            (
                f
                for f in pairs
                if (f.from_segment_id, f.to_segment_id) == (end.segment_id, start.segment_id)
            ),
            None,
        )
        total = next((f for f in data.left if f.from_segment_id == start.segment_id), None)
        customers = _some(direct.customers if direct else 0)
        base = whole(total.customers) if total else "0"
        back = _some(reverse.customers if reverse else 0).lower()
        shown = [f for f in pairs if _between(f, start.segment_id, end.segment_id)]
    elif start:
        total = next((f for f in data.left if f.from_segment_id == start.segment_id), None)
        customers = _some(total.moved + total.gone if total else 0)
        base = whole(total.customers) if total else "0"
        main = _list(out_moved, "to")
        shown = out_moved
    elif end:
        total = next((f for f in data.arrived if f.to_segment_id == end.segment_id), None)
        customers = _some(total.moved + total.entered if total else 0)
        base = whole(total.customers) if total else "0"
        main = _list(in_moved, "from")
        shown = in_moved
    else:
        shown = _outside(data) if data.asked and not ranked else pairs
        share = percent(everyone.moved_share) if everyone else ""
    return MigrationView(
        since=short_day(data.since, data.as_of) if data.since else "",
        date=day(data.as_of),
        moved=people(everyone.moved) if everyone else "",
        share=share,
        usual=_usual(data),
        entered=whole(everyone.entered) if everyone else "",
        gone=whole(everyone.gone) if everyone else "",
        largest=_list(pairs[:1], ""),
        from_segment=segment(start.segment_id, start.name) if start else "",
        to_segment=segment(end.segment_id, end.name) if end else "",
        customers=customers,
        base=base,
        back=back,
        main=main,
        asked=data.asked or "",
        most="fewest" if data.order == "asc" else "most",
        leader=capital(segment(*_side(leader, data))) if leader else "",
        count=_some(_passed(leader)).lower() if leader else people(one),
        of=whole(leader.customers if leader else other),
        tables=_tables(data, ranked, shown[: data.top or SHOWN]) if data.since else (),
        choices=(Choice("Why?", f"why did segment {(start or end).segment_id} change"),)  # type: ignore[union-attr]
        if start or end
        else (Choice("Anything alarming?", "did anything change this week?"),),
    )


def _ranked(data: Migration) -> list[Flow]:
    """Segments by how many left or joined them, where that is asked."""
    if not (data.asked and data.order):
        return []
    sides = data.left if data.asked == "left" else data.arrived
    flows = [f for f in sides if _side(f, data)[0] is not None]
    return sorted(flows, key=_passed, reverse=data.order == "desc")


def _outside(data: Migration) -> list[Flow]:
    """The ways into the base, or out of it."""
    if data.asked == "left":
        return [f for f in data.flows if f.to_segment_id is None]
    return [f for f in data.flows if f.from_segment_id is None]


def _side(flow: Flow, data: Migration) -> tuple[int | None, str | None]:
    """The segment a total of those who left or joined is about."""
    if data.asked == "left":
        return flow.from_segment_id, flow.from_name
    return flow.to_segment_id, flow.to_name


def _passed(flow: Flow) -> int:
    """How many left the segment, or joined it, the base included."""
    return flow.moved + flow.gone + flow.entered


def _some(customers: int) -> str:
    return whole(customers) if customers else "None"


def _between(flow: Flow, one: int, other: int) -> bool:
    return {flow.from_segment_id, flow.to_segment_id} == {one, other}


def _usual(data: Migration) -> str:
    if data.usual_share is None or data.everyone is None or data.everyone.moved_share is None:
        return ""
    more = data.everyone.moved_share > data.usual_share
    side = "more than usual" if more else "not more than usual"
    return f"{side} (nine weeks in ten stay below {percent(data.usual_share)})"


def _list(flows: list[Flow], way: str) -> str:
    """``17 to segment 3 (...), 12 to segment 1 (...) and 5 gone``"""
    if not flows:
        return ""
    return formats.joined([_flow(flow, way) for flow in flows[:3]])


def _flow(flow: Flow, way: str) -> str:
    count = whole(flow.customers)
    if way == "to":
        end = _end(flow.to_segment_id, flow.to_name, "to", "no longer customers")
        return formats.one_or_many(f"{count} {end}")
    if way == "from":
        end = _end(flow.from_segment_id, flow.from_name, "from", "new customers")
        return formats.one_or_many(f"{count} {end}")
    return (
        f"{count} from {segment(flow.from_segment_id, flow.from_name)} to "
        f"{segment(flow.to_segment_id, flow.to_name)}"
    )


def _end(segment_id: int | None, name: str | None, way: str, outside: str) -> str:
    return outside if segment_id is None else f"{way} {segment(segment_id, name)}"


def _tables(data: Migration, ranked: list[Flow], shown: list[Flow]) -> tuple[Table, ...]:
    found = []
    if ranked:
        found.append(
            table(
                f"Customers who {data.asked} each segment",
                ["Segment", capital(data.asked or ""), "Of"],
                [
                    [_cell(*_side(f, data), ""), count_cell(_passed(f)), count_cell(f.customers)]
                    for f in ranked
                ],
            )
        )
    if shown:
        found.append(
            table(
                "Largest moves, and their share of the segment they left",
                ["From", "To", "Customers", "Share"],
                [
                    [
                        _cell(flow.from_segment_id, flow.from_name, "New customers"),
                        _cell(flow.to_segment_id, flow.to_name, "No longer customers"),
                        count_cell(flow.customers),
                        Cell("–")
                        if flow.from_segment_id is None
                        else share_cell(flow.share_of_from),
                    ]
                    for flow in shown
                ],
                left=2,
            )
        )
    if not (data.from_segment or data.to_segment):
        matrix = _matrix(data)
        found += [matrix] if matrix else []
    return tuple(found)


def _cell(segment_id: int | None, name: str | None, outside: str) -> Cell:
    return Cell(outside if segment_id is None else formats.short_segment(segment_id, name))


def _matrix(data: Migration) -> Table | None:
    """From each segment (rows) to each segment (columns), customers who stayed included."""
    ids = sorted({f.from_segment_id for f in data.flows if f.from_segment_id is not None})
    to = sorted({f.to_segment_id for f in data.flows if f.to_segment_id is not None})
    if not ids or len(to) > MATRIX:
        return None
    names = {f.from_segment_id: f.from_name for f in data.flows}
    held = {(f.from_segment_id, f.to_segment_id): f.customers for f in data.flows}
    rows: list[list[Cell | str]] = []
    for start in [*ids, None]:
        label = "New" if start is None else formats.short_segment(start, names[start])
        cells = [count_cell(held.get((start, end), 0)) for end in to]
        rows.append([label, *cells, count_cell(held.get((start, None), 0))])
    return table("From (rows) to (columns)", ["From", *(f"To {end}" for end in to), "Gone"], rows)
