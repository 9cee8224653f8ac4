"""Diffs of samples, of candidates that become final, and of every other table."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.lake.diff import diff
from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Held, Lake, digest_of, release_digest
from harmattan.sources.reading import Options
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.schema import CONTRACTS, REJECTS
from tests.lake.factory import BY_MONTH, Row, event, lake_in, put, release_of

OTHERS = [
    contract
    for name, contract in CONTRACTS.items()
    if name in ("cells", "displacement", "needs", "funding", "documents", "areas", "towns", "population", "deployments",
                "coups", "facilities", "outlooks", "machine_events", "posts", "skill")
]  # fmt: skip
UNSAID = ("dyad", "side_a_as_written", "side_b_as_written", "deaths_low", "deaths_high", "deaths_a", "deaths_b")


def sampled(row: Row, **changed: Any) -> Row:
    """What a sample has of an event: one of its days and no names."""
    less = dict.fromkeys(UNSAID) | {"where_precision": "unknown", "date_precision": "unknown"}
    day = row["date_start"] + (row["date_end"] - row["date_start"]) // 2
    return dict(row) | less | {"date_start": day, "date_end": day} | changed


def test_a_sample_is_compared_in_what_both_have(tmp_path: Path) -> None:
    lake, end = lake_in(tmp_path), dt.date(2022, 5, 9)
    rows = [event(str(n), date_end=end) for n in range(8)]
    before = put(lake, "24.1", rows).held
    revised = {"1": {"deaths_best": 9}, "2": {"lat": 14.0}, "3": {"violence": "one_sided"}, "4": {"deaths_unknown": 2}}
    days = {"5": {"date_start": dt.date(2022, 5, 10), "date_end": dt.date(2022, 5, 10)}}
    some = [sampled(row, **(revised | days).get(row["event_id"], {})) for row in rows[1:]]
    after = put(lake, "25.1", [*some, sampled(event("99"))], dataset="made-up-sample", status="sample",
                dimensions=("cell", "kind")).held  # fmt: skip
    found = diff(before, after)
    assert {r["event_id"]: r["changed"] for r in found.records} == {
        "1": "deaths_best", "2": "lat", "3": "violence", "4": "deaths_unknown", "5": "date_start",
    }  # fmt: skip
    assert {r["change"] for r in found.records} == {"revised"}
    said = " ".join(map(str, found.notes))
    assert "is a sample: only records that both have are compared" in said
    assert f"Not compared, since one of the two has none of it: {', '.join(UNSAID[:3])}, where_precision" in said
    (line,) = found.by_country_year
    assert (line["events_before"], line["events_after"], line["deaths_before"], line["deaths_after"]) == (7, 7, 21, 27)
    back = diff(after, before)
    assert {r["event_id"]: r["changed"] for r in back.records} == {r["event_id"]: r["changed"] for r in found.records}


def test_a_sample_is_not_compared_with_sums(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    sums = put(lake, "1", [event("1")], status="figures", dimensions=BY_MONTH).held
    sample = put(lake, "2", [event("1")], status="sample", dimensions=("cell", "kind")).held
    with pytest.raises(UsageError, match="tells more apart"):
        diff(sums, sample)


REVISED = """
    SELECT b.id FROM final a JOIN sample b ON CAST(a.id AS BIGINT) = b.id WHERE
    CAST(a.best AS INT) <> b.best OR CAST(a.deaths_civilians AS INT) <> b.civilian_deaths
    OR CAST(a.deaths_unknown AS INT) <> b.best - b.civilian_deaths - b.combatant_deaths
    OR CAST(a.type_of_violence AS INT) <> b.type_of_violence OR a.country <> b.country
    OR CAST(a.latitude AS DOUBLE) <> b.latitude OR CAST(a.longitude AS DOUBLE) <> b.longitude
    OR CAST(left(b.date, 10) AS DATE) < CAST(left(a.date_start, 10) AS DATE)
    OR CAST(left(b.date, 10) AS DATE) > CAST(left(a.date_end, 10) AS DATE)
"""
"""Counted from the files alone: best, civilians, unknown, kind, country, point, and a day outside the event's own."""


@pytest.mark.data
def test_the_sample_of_25_1_finds_exactly_the_revised_rows_of_24_1(data_dir: Path, tmp_path: Path) -> None:
    files = [data_dir / "ucdp" / name for name in ("ged241_westafrica8_events.csv.gz",
                                                   "ged251_sample_events_to_2023.parquet")]  # fmt: skip
    with duckdb.connect() as duck:
        duck.execute(f"CREATE VIEW final AS SELECT * FROM read_csv('{files[0]}', all_varchar = true)")
        duck.execute(f"CREATE VIEW sample AS SELECT * FROM read_parquet('{files[1]}')")
        expected = {str(id_) for (id_,) in duck.execute(REVISED).fetchall()}
        ((both, exact_days),) = duck.execute(
            "SELECT count(*), count(*) FILTER (left(a.date_start, 10) = left(b.date, 10)) FROM final a JOIN sample b "
            "ON CAST(a.id AS BIGINT) = b.id"
        ).fetchall()
    lake = lake_in(tmp_path)
    before = ingest(lake, "ucdp-ged", files[:1], Options(label="24.1"), retrieved_at=None).held
    after = ingest(lake, "ucdp-ged-sample", files[1:], Options(label="25.1"), retrieved_at=None).held
    found = diff(before, after)
    assert {record["event_id"] for record in found.records} == expected
    assert len(expected) == 4
    assert (both, exact_days) == (101, 85), "16 events of several days: the sample gives a day within, no revision"
    columns = {name for record in found.records for name in record["changed"].split()}
    assert columns == {"lat", "lon", "cell", "deaths_best"}
    assert [r["deaths_after"] - r["deaths_before"] for r in found.records if "deaths_best" in r["changed"]] == [-2]


def test_candidates_are_followed_into_the_final_file(tmp_path: Path) -> None:
    lake, draw = lake_in(tmp_path), random.Random(5)
    rows = {f"c{n}": event(f"c{n}", f"2024-03-{draw.randint(1, 31):02d}", draw.choice(("MLI", "NER")),
                           draw.randint(1, 9)) for n in range(60)}  # fmt: skip
    rows |= {f"early{n}": event(f"early{n}", "2024-02-27", best=2) for n in range(3)}
    gone = {"c1", "c2", "early0"}
    revised = {"c5": {"deaths_best": 30}, "c6": {"iso3": "BFA"}, "c7": {"date_start": dt.date(2024, 4, 2)},
               "c8": {"date_start": dt.date(2023, 12, 31)}, "early1": {"deaths_best": 5}}  # fmt: skip
    added = [event("f1", "2024-03-05", "NER", 11), event("f2", "2024-03-06", "MLI", 12)]
    others = [event("out1", "2024-05-05"), event("out2", "2024-02-02")]
    final = [dict(row) | revised.get(key, {}) for key, row in rows.items() if key not in gone]
    before = put(lake, "24.0.3", rows.values(), status="candidate", start="2024-03-01", end="2024-03-31",
                 places=("BFA", "MLI", "NER"), published="2024-04-30").held  # fmt: skip
    after = put(lake, "25.1", [*final, *added, *others], start="1989-01-01", end="2024-12-31",
                places=("BFA", "MLI", "NER"), published="2025-06-30").held  # fmt: skip
    found = diff(before, after)
    by_change = {c: {r["event_id"] for r in found.records if r["change"] == c} for c in ("new", "gone", "revised")}
    assert by_change == {"new": {"f1", "f2"}, "gone": gone, "revised": set(revised)}
    assert set(found.unchanged) == set(rows) - gone - set(revised)
    note = str(found.notes[-1])
    assert note == (f"Of 63 candidate records, {63 - 3 - 5} became final as they were, 5 were revised and 3 are gone; "
                    "2 final records are new.")  # fmt: skip
    totals = {name: sum(line[name] for line in found.by_country_year) for name in found.by_country_year[0]
              if name not in ("iso3", "year")}  # fmt: skip
    assert totals["events_before"] == 63
    assert totals["events_after"] == len(final) + len(added)
    change = sum((r["deaths_after"] or 0) - (r["deaths_before"] or 0) for r in found.records)
    assert totals["deaths_after"] - totals["deaths_before"] == change
    lines = {(line["iso3"], line["year"]) for line in found.by_country_year}
    assert lines == {(r["iso3"], r["date_start"].year) for r in found.records}
    assert {("BFA", 2024), (rows["c8"]["iso3"], 2023)} <= lines


def test_a_record_that_moves_over_the_edge_is_revised_and_not_gone(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    before = put(lake, "1", [event("1", "2022-12-31")]).held
    after = put(lake, "2", [event("1", "2023-01-01")], end="2023-12-31").held
    (record,) = diff(before, after).records
    assert (record["change"], record["changed"], str(record["date_start"])) == (
        "revised", "date_start date_end", "2022-12-31",
    )  # fmt: skip
    (line,) = diff(before, after).by_country_year
    assert (line["year"], line["events_before"], line["events_after"]) == (2022, 1, 0)


def value(kind: pa.DataType, salt: int) -> Any:
    """Some value of a type."""
    if pa.types.is_list(kind):
        return [f"v{salt}", "w"]
    if pa.types.is_boolean(kind):
        return salt % 2 == 0
    if pa.types.is_date(kind):
        return dt.date(2022, 1, 1) + dt.timedelta(days=salt)
    if pa.types.is_timestamp(kind):
        return dt.datetime(2022, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=salt)
    if pa.types.is_binary(kind):
        return bytes([salt])
    return salt + (0.5 if pa.types.is_floating(kind) else 0) if not pa.types.is_string(kind) else f"v{salt}"


def put_table(lake: Lake, label: str, contract: Contract, rows: list[dict[str, Any]], **said: Any) -> Held:
    """Publishes rows of any contract."""
    with stage(lake) as folder:
        pq.write_table(pa.Table.from_pylist(rows, schema=contract.schema), folder / f"{contract.name}.parquet")
        pq.write_table(REJECTS.schema.empty_table(), folder / "rejects.parquet")
        files = tuple(digest_of(folder / f"{name}.parquet") for name in (contract.name, "rejects"))
        release = release_of(label, contract=contract.name, **said, files=files, rows=len(rows),
                             digest=release_digest("made-up", files))  # fmt: skip
        return publish(lake, folder, release).held


@pytest.mark.parametrize("contract", OTHERS, ids=lambda contract: str(contract.name))
def test_planted_changes_of_any_table_are_found_with_their_columns(tmp_path: Path, contract: Contract) -> None:
    lake = lake_in(tmp_path)
    old = [{column.name: value(column.type, n) for column in contract.columns} for n in range(12)]
    values = [column for column in contract.columns if column.name not in contract.key]
    new = [dict(row) for row in old[2:]]
    planted = {}
    for number, column in enumerate(values[:9]):
        new[number][column.name] = None if column.nullable and number % 2 else value(column.type, 77 + number % 2)
        if new[number][column.name] != old[number + 2][column.name]:
            planted[number + 2] = column.name
    new += [{column.name: value(column.type, 40) for column in contract.columns}]
    before, after = (put_table(lake, label, contract, rows) for label, rows in (("1", old), ("2", new)))
    found = diff(before, after)

    def key(row: dict[str, Any]) -> str:
        return " ".join(str(row[name]) for name in contract.key)

    assert {(r["change"], r["key"]): r["changed"] for r in found.records} == {
        **{("gone", key(row)): "" for row in old[:2]},
        **{("revised", key(old[n])): name for n, name in planted.items()},
        ("new", key(new[-1])): "",
    }
    assert found.by_country_year == (
        {"table": contract.name, "new": 1, "gone": 2, "revised": len(planted), "rows_before": 12, "rows_after": 11},
    )
    assert diff(before, before).records == ()
    assert planted


def test_a_column_that_one_table_lacks_is_said_and_not_compared(tmp_path: Path) -> None:
    lake, contract = lake_in(tmp_path), CONTRACTS["coups"]
    old = [{column.name: value(column.type, n) for column in contract.columns} for n in range(3)]
    new = [row | {"country_as_written": None} for row in old]
    found = diff(put_table(lake, "1", contract, old), put_table(lake, "2", contract, new, end="2023-06-30"))
    assert found.records == found.by_country_year == ()
    assert [str(note) for note in found.notes] == [
        "Not compared, since one of the two has none of it: country_as_written.",
        "The two speak about other places or days: what only one of them speaks about is new or gone as well.",
    ]


def test_other_tables_are_not_compared_with_each_other(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    events = put(lake, "1", [event("1")]).held
    coups = put_table(lake, "2", CONTRACTS["coups"], [])
    with pytest.raises(UsageError, match="made-up@1 holds events and made-up@2 holds coups"):
        diff(events, coups)
