"""What changed between two releases of dossiers: records new, gone and revised, table by table."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq

from harmattan.lake.shelf import Held
from harmattan.vocabulary.dossier import CITATIONS, DOSSIER


def changes(before: Held, after: Held) -> list[dict[str, Any]]:
    """One row for each record that differs: list, change, record, changed (columns; `citations` where these differ)."""
    old_cited, new_cited = _cited(before), _cited(after)
    found: list[dict[str, Any]] = []
    for contract in DOSSIER:
        if contract is CITATIONS:
            continue
        old, new = _rows(before, contract.name), _rows(after, contract.name)
        for record in sorted(old.keys() | new.keys()):
            one, other = old.get(record), new.get(record)
            changed = [] if one is None or other is None else [name for name in one if one[name] != other[name]]
            key = (contract.name, record)
            if one and other and old_cited.get(key) != new_cited.get(key):
                changed.append(CITATIONS.name)
            if one is None or other is None or changed:
                change = "new" if one is None else "gone" if other is None else "revised"
                found.append({"list": contract.name, "change": change, "record": record, "changed": " ".join(changed)})
    return found


def summary(changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many records of each table are new, gone or revised."""
    lines: dict[str, dict[str, Any]] = {}
    for row in changed:
        line = lines.setdefault(row["list"], {"list": row["list"], "new": 0, "gone": 0, "revised": 0})
        line[row["change"]] += 1
    return list(lines.values())


def _rows(held: Held, table: str) -> dict[str, dict[str, Any]]:
    return {row["record"]: row for row in pq.read_table(held.file(table)).to_pylist()}


def _cited(held: Held) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in pq.read_table(held.file(CITATIONS.name)).to_pylist():
        found.setdefault((row["list"], row["record"]), []).append(tuple(row[name] for name in CITATIONS.names[3:]))
    return found
