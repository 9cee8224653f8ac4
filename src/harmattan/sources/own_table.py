"""Anybody's own table, CSV or Excel, read as the user's case file describes it.

Nothing is guessed: what the table does not have is empty or unknown, who did it is taken only from a column that says
so, and silence means something only in the places and days that the user states or the rows show.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError, WrongFile
from harmattan.sources import points
from harmattan.sources.engine import Engine, engine, literal
from harmattan.sources.facilities import is_gold, judged, notices_of
from harmattan.sources.files import open_table
from harmattan.sources.own_cells import Writing, constant, value
from harmattan.sources.points import Locator, point
from harmattan.sources.publication import Seen, coverage, dated, named, refuse_empty
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, rows_of, take
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.family import OWN
from harmattan.vocabulary.origin import Dimension, Licence, Origin
from harmattan.vocabulary.own import DAYS, LOCATED_CONTRACTS
from harmattan.vocabulary.schema import CONTRACTS

BESIDE = points.BESIDE
"""The tables of other releases that are looked into, where points stand for countries or are checked."""
ORIGIN = Origin(
    dataset=f"{OWN}table",
    publisher="the user",
    title="A table of one's own",
    url="",
    licence=Licence(name="as the case file says", url="", redistributable=False),
    citation="",
)
"""Stands for all tables of this kind; each release has the origin that the case file says."""
DEATHS = ("deaths_low", "deaths_best", "deaths_high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
DIMENSIONS: Mapping[Dimension, str] = {
    "day": "date_start", "cell": "lat", "kind": "violence", "dyad": "dyad", "actor": "side_a_as_written",
}  # fmt: skip
"""By what events can be told apart, and the column that says it."""


@dataclass(frozen=True)
class Plan:
    """What the case file says of a table, ready to be used on rows."""

    contract: Contract
    columns: Mapping[str, str]
    """Our column by the table's, as the case file names it, in lower case."""
    values: Mapping[str, Any]
    writing: Mapping[str, Writing]
    """By the name of the file."""
    locator: Locator

    @property
    def given(self) -> set[str]:
        """The columns that the table fills."""
        return set(self.columns) | set(self.values)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads a table as `options.mapping`, the entry of the case file, says. Raises WrongFile, UsageError."""
    named(files)
    said = options.mapping
    if said is None:
        raise UsageError(
            T("What is in a table of your own is not known: the case file has to say it."),
            do=T("Say --case FILE, and describe it there under {entry}.", entry=Verbatim("[tables.NAME]")),
        )
    contract = CONTRACTS[said["contract"]]
    seen, checked = Seen(), Counter[bool | None]()
    with engine(into) as duck:
        rows, plan = _opened(files, duck, said, contract, Locator.of(options.beside))

        def make(row: Row) -> list[dict[str, Any]]:
            record = _completed(_record(row, plan), row, plan)
            _note(record, contract.name, seen)
            if contract.name == "facilities":
                checked[record["in_country"]] += 1
            return [record]

        done = take(rows, {contract.name: (contract, make)}, into)[contract.name]
        refuse_empty(done.rows, files, said["title"], done.rejects)
        events, broken = _events_in(into, duck) if contract.name == "events" else (0, 0)
        release = dated(options)
        first, last = (min(seen.days), max(seen.days)) if seen.days else (release.published, release.published)
        dimensions = tuple(d for d, name in DIMENSIONS.items() if contract.name == "events" and name in plan.given)
        looked = contract.name in LOCATED_CONTRACTS
        return Reading(
            label=release.label,
            status="rolling",
            published=release.published,
            published_basis=release.basis,
            citation=said["citation"],
            coverage=coverage(options, seen.places, first, last, dimensions=dimensions,
                              why="places and days seen in the rows"),
            rows=done.rows,
            events=events,
            rejects=len(done.rejects),
            range_broken=broken,
            tables=(contract.name,),
            notices=notices_of(checked),
            origin=origin_of(said),
            beside=tuple(sorted(options.beside or {})) if looked else (),
        )  # fmt: skip


def origin_of(said: Mapping[str, Any]) -> Origin:
    """Whose table it is, as the case file says."""
    return Origin(
        dataset=said["dataset"],
        publisher=said["publisher"],
        title=said["title"],
        url=said["url"],
        licence=Licence(name=said["licence"], url=said["url"], redistributable=said["redistributable"]),
        citation=said["citation"],
        contract=said["contract"],
    )


def _opened(
    files: list[Path], duck: Engine, said: Mapping[str, Any], contract: Contract, locator: Locator
) -> tuple[Iterator[Row], Plan]:
    """The rows of all files, and the plan by which they are read; each file has to have all columns."""
    by_name = {column.name: column for column in contract.columns}
    tables = [open_table(path, duck, number, said["delimiter"]) for number, path in enumerate(files)]
    columns = {ours: str(theirs).strip().lower() for ours, theirs in said["columns"].items()}
    for table in tables:
        _all_there(columns, table.columns, table.path)
    writing = {
        table.path.name: Writing(said["date_format"], said["decimal"], table.typed, said["translate"])
        for table in tables
    }
    values = {name: constant(contract.name, by_name[name], given) for name, given in said["values"].items()}
    rows = (row for table in tables for row in rows_of(table, duck))
    return rows, Plan(contract, columns, values, writing, locator)


def _events_in(into: Path, duck: Engine) -> tuple[int, int]:
    """How many events were written, and how many with low, best and high out of order."""
    path = literal(str(into / "events.parquet"))
    events, broken = duck.row(f"SELECT sum(n_events), sum(n_range_broken) FROM read_parquet({path})")
    return int(events), int(broken)


def _all_there(columns: Mapping[str, str], there: tuple[str, ...], path: Path) -> None:
    from rapidfuzz import process

    missing = [theirs for theirs in columns.values() if theirs not in there]
    if not missing:
        return
    near = [word for word, _score, _place in process.extract(missing[0], list(there), limit=3, score_cutoff=60)]
    raise WrongFile(
        T("{file} has no column {missing}.", file=Verbatim(path.name),
          missing=listing([Verbatim(name) for name in missing])),
        available=did_you_mean(near) or T("It has {found}.", found=listing([Verbatim(name) for name in there[:8]])),
        do=T("Correct the case file."),
    )  # fmt: skip


def _record(row: Row, plan: Plan) -> dict[str, Any]:
    """What the row says, as values of ours."""
    writing, name = plan.writing[row.file], plan.contract.name
    read_ = {
        column.name: value(name, column, row[plan.columns[column.name]], writing)
        for column in plan.contract.columns
        if column.name in plan.columns
    }
    return dict(plan.values) | read_


def _completed(record: dict[str, Any], row: Row, plan: Plan) -> dict[str, Any]:
    """The record with what can be worked out from it; nothing is made up."""
    for column in plan.contract.columns:
        if not column.nullable and str(column.type).startswith("list") and record.get(column.name) is None:
            record[column.name] = []
    if "lat" in plan.contract.names:
        record |= point(record.get("lat"), record.get("lon"))
    if record.get("iso3") is None and plan.contract.name in LOCATED_CONTRACTS:
        record["iso3"] = _country_of_point(record, plan.locator)
    if "row_id" in plan.contract.names and record.get("row_id") is None:
        record["row_id"] = f"{row.file} {row.line}"
    if plan.contract.name == "events":
        return _event(record)
    if plan.contract.name == "facilities":
        if record.get("gold") is None:
            record["gold"] = is_gold(record["commodities"])
        return judged(record, plan.locator)
    if plan.contract.name == "displacement":
        return record | _stock_day(record, plan.writing[row.file])
    return record


def _country_of_point(record: Mapping[str, Any], locator: Locator) -> str:
    if record.get("lat") is None:
        raise BadRow("neither country nor point is given")
    found = locator.countries(record["lat"], record["lon"])
    if found is None:
        raise BadRow("the country of the point cannot be told: ingest boundaries first")
    if len(found) != 1:
        raise BadRow(f"the point lies in {' and '.join(found) if found else 'no country'}")
    return found[0]


def _event(record: dict[str, Any]) -> dict[str, Any]:
    """An event with what follows from it: last day, one event, what is unknown, whether its estimates are in order."""
    for name in (*DEATHS, "n_events"):
        if (record.get(name) or 0) < 0:
            raise BadRow(f"{name} is less than nothing: {record[name]}")
    for side in ("a", "b"):
        if record.get(f"actors_{side}") is None and (words := record.get(f"side_{side}_as_written")):
            record[f"actors_{side}"] = [words]
    for name, otherwise in (
        ("date_end", record.get("date_start")), ("n_events", 1), ("where_precision", "unknown"),
        ("date_precision", "unknown"),
    ):  # fmt: skip
        if record.get(name) is None:
            record[name] = otherwise
    if record["date_end"] and record.get("date_start") and record["date_end"] < record["date_start"]:
        raise BadRow(f"it ends on {record['date_end']}, before it starts on {record['date_start']}")
    low, best, high = (record.get(f"deaths_{name}") for name in ("low", "best", "high"))
    known = [n for n in (low, best, high) if n is not None]
    return record | {"n_range_broken": int(known != sorted(known))}


def _stock_day(record: Mapping[str, Any], writing: Writing) -> dict[str, Any]:
    """A stock that is told by the year is that of the year's last day."""
    if record.get("as_of_precision") is not None or record.get("as_of") is None:
        return {}
    if "%d" in writing.date_format or writing.typed:
        return {"as_of_precision": "day"}
    if any(sign in writing.date_format for sign in ("%m", "%b", "%B")):
        return {"as_of_precision": "month"}
    return {"as_of_precision": "year", "as_of": dt.date(record["as_of"].year, 12, 31)}


def _note(record: Mapping[str, Any], contract: str, seen: Seen) -> None:
    for code in record.get("countries") or [record.get("iso3")]:
        seen.note(code)
    for name in DAYS.get(contract, ()):
        seen.note(day=record.get(name))
    if contract in ("funding", "population") and record.get("year"):
        if not 1900 <= record["year"] <= 2200:
            raise BadRow(f"the year is {record['year']}")
        seen.note(day=dt.date(record["year"], 1, 1))
        seen.note(day=dt.date(record["year"], 12, 31))
