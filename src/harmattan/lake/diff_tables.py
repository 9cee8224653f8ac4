"""Two releases of any other table side by side, by the key that its contract names."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import ibis

from harmattan.lake.diff_events import not_compared
from harmattan.lake.shelf import Held
from harmattan.lake.tables import Table, table
from harmattan.text import T, Text
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.schema import CONTRACTS, REJECTS


def changes(engine: Any, before: Held, after: Held) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Text]]:
    """The records of each table that both have that are new, gone or revised; a line a table; what must be said.

    A record has table, change, key, iso3 (where its table has it) and changed (names of columns).
    """
    records: list[dict[str, Any]] = []
    lines, notes = [], []
    for name in _tables(before):
        if name not in _tables(after):
            continue
        found, line, lacking = _compared(engine, before, after, CONTRACTS[name])
        records += found
        lines.append(line)
        if lacking:
            notes.append(not_compared(lacking))
    one, other = before.release.coverage, after.release.coverage
    if (one.places, one.period) != (other.places, other.period):
        notes.append(
            T("The two speak about other places or days: what only one of them speaks about is new or gone as well.")
        )
    return records, [line for line in lines if line["new"] or line["gone"] or line["revised"]], notes


def _tables(held: Held) -> list[str]:
    """The tables of a release, the main one first."""
    main = held.release.origin.contract
    names = [PurePath(file.path).stem for file in held.release.files]
    return sorted((n for n in names if n in CONTRACTS and n != REJECTS.name), key=lambda name: (name != main, name))


def _compared(
    engine: Any, before: Held, after: Held, contract: Contract
) -> tuple[list[dict[str, Any]], dict[str, Any], list[str]]:
    tables = [table(engine, held, contract.name).view() for held in (before, after)]
    values = [name for name in contract.names if name not in contract.key]
    counts = [_filled(rows, values) for rows in tables]
    full = all(said["rows"] for said in counts)
    lacking = [name for name in values if full and bool(counts[0][name]) != bool(counts[1][name])]
    old, new = (rows.mutate(_there=True) for rows in tables)
    both = old.outer_join(new, list(contract.key), lname="", rname="{name}_after")
    changed = ibis.literal("")
    for name in values:
        if name not in lacking:
            differs = ~both[name].identical_to(both[f"{name}_after"])
            changed = changed.concat(ibis.ifelse(differs, f"{name} ", ""))
    rows = both.mutate(
        change=ibis.cases((both["_there"].isnull(), "new"), (both["_there_after"].isnull(), "gone"), else_="revised"),
        changed=changed,
    )
    rows = rows.filter((rows.change != "revised") | (rows.changed != ""))
    listed = _listed(rows, contract)
    line = {"table": contract.name} | {
        kind: sum(record["change"] == kind for record in listed) for kind in ("new", "gone", "revised")
    }
    return listed, line | {"rows_before": counts[0]["rows"], "rows_after": counts[1]["rows"]}, lacking


def _filled(rows: Table, values: list[str]) -> dict[str, int]:
    found = rows.agg(rows=rows.count(), **{name: rows[name].count() for name in values})
    return dict(found.to_pyarrow().to_pylist()[0])


def _listed(rows: Table, contract: Contract) -> list[dict[str, Any]]:
    def of(name: str) -> Any:
        return ibis.coalesce(rows[f"{name}_after"], rows[name])

    key = of(contract.key[0]).cast("string")
    for name in contract.key[1:]:
        key = key.concat(" ").concat(of(name).cast("string"))
    place = {"iso3": of("iso3")} if "iso3" in contract.names and "iso3" not in contract.key else {}
    shown = rows.select(
        change=rows.change, key=key, **place, changed=ibis.ifelse(rows.change == "revised", rows.changed.strip(), "")
    ).order_by("key")
    return [{"table": contract.name} | row for row in shown.to_pyarrow().to_pylist()]
