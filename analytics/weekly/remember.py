"""The state of the weekly check as plain tables, and back, to the last bit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import feather, parquet

from analytics.model import Feature
from analytics.weekly.panel import TRAIL, Noted, Panel
from analytics.weekly.sample import Sample
from analytics.weekly.state import Fit, SegmentRecord, WeekState
from analytics.weekly.weeks import Week

_CELLS = "level level_se spread active active_se centre".split()
_SIZES = "customers entered left".split()
_FLOWS = ["flows", "far_flows"]
_PAST = ("recent", "earlier")


def encode(state: WeekState) -> dict[str, pa.Table]:
    """The state as tables of plain columns: text, whole numbers, floats.

    ``customers`` has a row per customer, ``sample`` per customer with own levels; ``cells`` per
    week, segment and feature; ``sizes`` per week and segment; ``flows`` per week and pair of
    segments; ``missing`` per week and feature; ``weeks`` and ``noted`` per week and finding;
    ``state`` holds the fits as JSON.
    """
    panel, own = state.panel, state.panel.sample
    names = [f.name for f in panel.features]
    sampled = np.zeros(len(panel.customer_ids), dtype=bool)
    sampled[own.rows] = True
    customers: dict[str, NDArray[Any]] = {
        "customer_id": panel.customer_ids,
        "segment_id": panel.segment_ids,
        "arrived": panel.arrived,
        "sampled": sampled,
    }
    customers |= {f"segment_id {t + 1} ago": panel.trail[t] for t in range(TRAIL)}
    customers |= {f"last {name}": column for name, column in zip(names, panel.last, strict=True)}
    sample: dict[str, NDArray[Any]] = {"customer_id": panel.customer_ids[own.rows]}
    blocks: dict[str, NDArray[Any]] = {
        "base": own.base,
        "seen": own.seen,
        "activity": own.activity,
        **dict(zip(_PAST, own.past, strict=True)),
    }
    for block, matrix in blocks.items():
        sample |= {f"{block} {name}": matrix[:, j] for j, name in enumerate(names)}
    facts = {
        "anchor": state.anchor.to_dict(),
        "held": state.held.to_dict() if state.held else None,
        "segments": [record.to_dict() for record in state.segments],
        "features": [asdict(feature) for feature in panel.features],
        "number": panel.number,
        "one_in": own.one_in,
    }
    frames = {
        "state": pd.DataFrame(
            {"key": list(facts), "value": [json.dumps(v) for v in facts.values()]}
        ),
        "weeks": pd.DataFrame(
            {
                "week": range(len(panel.weeks)),
                "as_of": [w.as_of.isoformat() for w in panel.weeks],
                "unchanged": [w.unchanged for w in panel.weeks],
            }
        ),
        "cells": _long(panel, _CELLS, names),
        "sizes": _long(panel, _SIZES, None),
        "flows": _long(panel, _FLOWS, None),
        "missing": pd.DataFrame(
            [(t, n, w.missing[j]) for t, w in enumerate(panel.weeks) for j, n in enumerate(names)],
            columns=["week", "feature", "missing"],
        ),
        "noted": pd.DataFrame([asdict(n) for n in panel.noted], columns=list(Noted.__slots__)),
    }
    tables = {name: pa.Table.from_pandas(f, preserve_index=False) for name, f in frames.items()}
    return tables | {"customers": pa.table(customers), "sample": pa.table(sample)}


def packed(table: pa.Table) -> bytes:
    """A table of `encode` as bytes, which `unpacked` reads."""
    buffer = pa.BufferOutputStream()
    feather.write_feather(table, buffer, compression="zstd")
    content: bytes = buffer.getvalue().to_pybytes()
    return content


def unpacked(content: pa.Buffer) -> pa.Table:
    """The table `packed` wrote; earlier versions wrote Parquet."""
    read = parquet.read_table if content[:4].to_pybytes() == b"PAR1" else feather.read_table
    return read(pa.BufferReader(content))


def _long(panel: Panel, measures: list[str], columns: list[str] | None) -> pd.DataFrame:
    """One row per week, segment and column; in order, so that `decode` can fold it back."""
    parts = []
    for t, week in enumerate(panel.weeks):
        shape = np.shape(getattr(week, measures[0]))
        index: dict[str, Any] = {
            "week": t,
            "segment_id": np.repeat(week.segment_ids, shape[1] if len(shape) > 1 else 1),
        }
        if len(shape) > 1:
            index["column"] = np.tile(
                np.array(columns or [str(s) for s in week.segment_ids], dtype=object), shape[0]
            )
        values = {name: np.ravel(getattr(week, name)) for name in measures}
        parts.append(pd.DataFrame(index | values))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"week": []})


def decode(tables: dict[str, pa.Table]) -> WeekState:
    """The state `encode` wrote; earlier versions kept own levels of all customers beside them."""
    customers = tables["customers"]
    sample = tables.get("sample", customers)
    everybody = len(sample) == len(customers)
    rows = np.arange(len(sample)) if everybody else np.flatnonzero(customers["sampled"])
    frames = {n: t.to_pandas() for n, t in tables.items() if n not in ("customers", "sample")}
    facts = {row["key"]: json.loads(row["value"]) for row in _records(frames["state"])}
    features = tuple(
        Feature(**f | {"synonyms": tuple(f["synonyms"]), "ratio_of": _pair(f["ratio_of"])})
        for f in facts["features"]
    )

    names = [feature.name for feature in features]

    def block(prefix: str, dtype: type) -> NDArray[Any]:
        return _matrix(sample, [f"{prefix} {name}" for name in names], dtype)

    panel = Panel(
        features=features,
        customer_ids=customers["customer_id"].to_numpy(),
        segment_ids=customers["segment_id"].to_numpy(),
        arrived=customers["arrived"].to_numpy(),
        trail=np.stack([customers[f"segment_id {t + 1} ago"] for t in range(TRAIL)]).astype(
            np.int16
        ),
        last=tuple(customers[f"last {name}"].to_numpy() for name in names),
        sample=Sample(
            one_in=facts.get("one_in", 1),
            rows=rows,
            base=block("base", np.float32),
            seen=block("seen", np.uint8),
            activity=block("activity", np.float32),
            past=np.stack([block(past, np.int8) for past in _PAST]),
        ),
        weeks=_weeks(frames, len(features)),
        number=facts["number"],
        noted=tuple(Noted(**row) for row in _records(frames["noted"])),
    )
    return WeekState(
        anchor=Fit.from_dict(facts["anchor"]),
        segments=tuple(SegmentRecord.from_dict(record) for record in facts["segments"]),
        panel=panel,
        held=Fit.from_dict(facts["held"]) if facts["held"] else None,
    )


def _matrix(table: pa.Table, names: Sequence[str], dtype: type) -> NDArray[Any]:
    matrix: NDArray[Any] = np.empty((len(table), len(names)), dtype=dtype, order="F")
    for j, name in enumerate(names):
        matrix[:, j] = table[name].to_numpy()
    return matrix


def _weeks(frames: dict[str, pd.DataFrame], d: int) -> tuple[Week, ...]:
    names = ("cells", "sizes", "flows", "missing")
    parts = {name: dict(list(frames[name].groupby("week"))) for name in names}
    weeks = []
    for row in _records(frames["weeks"]):
        sizes, cells, flows = (parts[name][row["week"]] for name in ("sizes", "cells", "flows"))
        k = len(sizes)
        weeks.append(
            Week(
                as_of=date.fromisoformat(row["as_of"]),
                segment_ids=sizes["segment_id"].to_numpy(dtype=np.int64),
                **{name: sizes[name].to_numpy(dtype=np.int64) for name in _SIZES},
                **{name: cells[name].to_numpy(dtype=np.float64).reshape(k, d) for name in _CELLS},
                **{name: flows[name].to_numpy(dtype=np.int64).reshape(k, k) for name in _FLOWS},
                missing=parts["missing"][row["week"]]["missing"].to_numpy(dtype=np.float64),
                unchanged=float(row["unchanged"]),
            )
        )
    return tuple(weeks)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain Python values."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.astype(object).to_numpy().tolist()]


def _pair(value: list[str] | None) -> tuple[str, str] | None:
    return (value[0], value[1]) if value else None
