"""Parties by the dossier's ids: which of several spans counts, and what stays as it is written."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.measures.events import totals
from harmattan.measures.parties import PLACELESS, at_level, resolved
from harmattan.questions.world import SPANS
from harmattan.vocabulary.cell import bounds, gid_at
from harmattan.vocabulary.schema import EVENTS, WHERE_PRECISION
from tests.lake.factory import Row, day, event
from tests.questions.worlds import CELLS, event_rows

SOME = settings(max_examples=8, derandomize=True, deadline=None)
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
Span = dict[str, Any]


def span(written: str, actor: str | None, rank: int = 0, *, area: Sequence[float] | None = None, **said: Any) -> Span:
    """All days, any place, unless something else is said."""
    edges = dict(zip(("west", "south", "east", "north"), area or (None,) * 4, strict=True))
    row: Span = {"of_release": "r", "written": written, "country": None, "first": dt.date.min, "last": dt.date.max}
    return row | edges | {"actor": actor, "rank": rank} | said


def table(rows: Iterable[Row], release: str | None = "r") -> Any:
    """Events as they come from the lake, with the release of each: by default the same."""
    plain = [dict(row) for row in rows]
    releases = [row.pop("release", release) for row in plain]
    made = pa.Table.from_pylist(plain, schema=EVENTS.schema)
    return ibis.memtable(made.append_column("release", pa.array(releases, pa.string())))


def named(rows: Iterable[Row], spans: Iterable[Span], release: str | None = "r") -> list[dict[str, Any]]:
    """The events with their parties named, in the order of their ids."""
    told = resolved(table(rows, release), ibis.memtable(pa.Table.from_pylist(list(spans), schema=SPANS)))
    found: list[dict[str, Any]] = told.order_by("event_id", "release").to_pyarrow().to_pylist()
    return found


def sides(rows: Iterable[Row], spans: Iterable[Span]) -> list[tuple[Any, Any]]:
    return [(row["side_a"], row["side_b"]) for row in named(rows, spans)]


def meant(spans: Iterable[Span], *events: dict[str, Any]) -> list[Any]:
    """Whom N means in each of some events; None where nobody."""
    rows = [event(f"{n:02d}", **({"actors_b": ["N"]} | said)) for n, said in enumerate(events)]
    found = named(rows, spans)
    assert len(found) == len(events)
    assert [row["side_b"] for row in found] == [None if row["ids_b"] == ["N"] else row["ids_b"][0] for row in found]
    return [row["side_b"] for row in found]


def test_both_sides_are_named() -> None:
    (row,) = named([event("1")], [span("Government of A", "gov-a"), span("B", "b")])
    assert (row["ids_a"], row["ids_b"], row["side_a"], row["side_b"]) == (["gov-a"], ["b"], "gov-a", "b")
    assert (row["actors_a"], row["actors_b"]) == (["Government of A"], ["B"])


def test_a_name_that_means_nobody_stays_as_written() -> None:
    (row,) = named([event("1")], [span("Government of A", "gov-a")])
    assert (row["ids_b"], row["side_b"]) == (["B"], None)
    assert sides([event("1"), event("2")], []) == [(None, None)] * 2
    assert named([], [span("B", "b")]) == []


def test_a_compound_side_is_named_part_by_part() -> None:
    rows = [
        event("1", actors_b=["C", "B"]),
        event("2", actors_b=["B", "Unknown"]),
        event("3", actors_b=["B", "B2"]),
    ]
    spans = [span("Government of A", "gov"), span("B", "b"), span("B2", "b"), span("C", "c")]
    found = named(rows, spans)
    assert [row["ids_b"] for row in found] == [["b", "c"], ["Unknown", "b"], ["b"]]
    assert [row["side_b"] for row in found] == ["b+c", None, "b"]


def test_civilians_are_an_empty_list_and_silence_is_none() -> None:
    rows = [event("1", actors_b=[]), event("2", actors_b=None), event("3", actors_a=None, actors_b=None)]
    spans = [span("Government of A", "gov")]
    found = named(rows, spans)
    assert [row["side_b"] for row in found] == [None, None, None]
    assert [row["side_a"] for row in found] == ["gov", "gov", None]
    level = at_level(resolved(table(rows), ibis.memtable(pa.Table.from_pylist(spans, schema=SPANS))))
    listed = level.order_by("event_id").to_pyarrow().to_pylist()
    assert [row["actors_b"] for row in listed] == [[], None, None]
    assert [row["actors_a"] for row in listed] == [["gov"], ["gov"], None]


def test_the_highest_rank_that_fits_counts_in_whatever_order() -> None:
    here = bounds(CELLS[0])
    spans = [
        span("N", "anywhere", 0),
        span("N", "country", 4, country="MLI"),
        span("N", "area", 8, area=here),
        span("N", "both", 12, area=here, country="MLI"),
        span("N", "other", 16, country="NER", area=here),
        span("N", "past", 16, last=day("2021-12-31")),
        span("N", "future", 16, first=day("2022-05-04")),
        span("M", "another name", 20),
        span("N", "another release", 20, of_release="other"),
    ]
    expected = [
        ({"cell": CELLS[0]}, "both"),
        ({"cell": CELLS[1]}, "country"),
        ({"cell": CELLS[0], "iso3": "BFA"}, "area"),
        ({"cell": CELLS[1], "iso3": "BFA"}, "anywhere"),
        ({"cell": CELLS[0], "iso3": "NER"}, "other"),
        ({"cell": CELLS[0], "start": "2021-05-03"}, "past"),
        ({"cell": CELLS[0], "start": "2023-05-03"}, "future"),
    ]
    for seed in range(3):
        random.Random(seed).shuffle(spans)
        assert meant(spans, *(said for said, _ in expected)) == [actor for _, actor in expected]


def test_both_days_of_a_span_are_included() -> None:
    spans = [span("N", "n", first=day("2022-05-03"), last=day("2022-05-05"))]
    days = [{"start": f"2022-05-{n:02d}"} for n in range(2, 7)]
    assert meant(spans, *days) == [None, "n", "n", "n", None]


def test_the_day_of_an_event_is_its_first_but_of_a_month_any() -> None:
    spans = [span("N", "early", last=day("2022-05-09")), span("N", "late", first=day("2022-05-10"))]
    long = {"start": "2022-05-03", "date_end": day("2022-05-31")}
    events = [long | {"date_precision": precision} for precision in ("longer", "week", "month")]
    assert meant(spans, *events) == ["early", "early", "late"]
    assert meant(spans[:1], *events) == ["early", "early", "early"]
    assert meant(spans[1:], *events) == [None, None, "late"]


def test_an_area_holds_its_west_and_south_and_not_its_east_and_north() -> None:
    cell = gid_at(14.5, -4.25)
    west, south, east, north = bounds(cell)
    lon, lat = (west + east) / 2, (south + north) / 2
    one = 0.001
    areas = {
        "edge": (lon, lat, lon + one, lat + one),
        "west of it": (lon - one, lat - one, lon, lat + one),
        "south of it": (lon - one, lat - one, lon + one, lat),
        "east of it": (lon + one, lat, lon + 9, lat + 9),
        "north of it": (lon, lat + one, lon + 9, lat + 9),
        "around": (lon - 9, lat - 9, lon + 9, lat + 9),
    }
    spans = [span(name, "n", area=area) for name, area in areas.items()]
    (row,) = named([event("1", cell=cell, actors_b=list(areas), lat=0.0, lon=0.0)], spans)
    assert row["ids_b"] == sorted({"n", *areas} - {"edge", "around"})


def test_the_centre_of_a_cell_is_that_of_its_bounds() -> None:
    """Also in the corners of the world, and never that of a neighbour."""
    cells = [1, 2, 719, 720, 721, 1440, 129_601, 258_480, 258_481, 259_199, 259_200]
    spans = [span("N", str(cell), area=bounds(cell)) for cell in cells]
    assert meant(spans, *({"cell": cell} for cell in cells)) == [str(cell) for cell in cells]


def test_what_stands_for_a_country_lies_in_no_area() -> None:
    spans = [span("N", "here", 8, area=EVERYWHERE), span("N", "country", 4, country="MLI")]
    events = [{"where_precision": precision} for precision in WHERE_PRECISION]
    placed = [precision not in PLACELESS for precision in WHERE_PRECISION]
    assert set(PLACELESS) < set(WHERE_PRECISION)
    assert meant(spans, *events) == ["here" if there else "country" for there in placed]
    assert meant(spans[:1], *events) == ["here" if there else None for there in placed]


def test_an_event_without_a_cell_lies_in_no_area_and_is_named_all_the_same() -> None:
    spans = [span("N", "here", 8, area=EVERYWHERE), span("N", "any", 0)]
    assert meant(spans, {"cell": None}, {}) == ["any", "here"]
    assert meant(spans[:1], {"cell": None}, {}) == [None, "here"]
    rows = [event("1", cell=None), event("2"), event("3", cell=None, iso3="NER")]
    assert sides(rows, [span("B", "b", country="MLI"), span("B", "b2", country="NER")]) == [
        (None, "b"), (None, "b"), (None, "b2"),
    ]  # fmt: skip


def test_where_nobody_is_certain_the_wider_meaning_does_not_count() -> None:
    spans = [span("N", "wide", 2), span("N", None, 5, country="MLI"), span("N", "narrow", 6, country="NER")]
    assert meant(spans, {}, {"iso3": "BFA"}, {"iso3": "NER"}) == [None, "wide", "narrow"]


def test_the_same_id_in_two_releases_is_two_events() -> None:
    rows = [event("1") | {"release": "r"}, event("1", actors_b=["C"]) | {"release": "s"}]
    found = named(rows, [span("B", "b"), span("C", "c", of_release="s"), span("B", "wrong", 9, of_release="s")], None)
    assert [(row["release"], row["ids_b"], row["side_b"]) for row in found] == [("r", ["b"], "b"), ("s", ["c"], "c")]


def test_the_perpetrator_is_named_as_side_a_and_never_lost() -> None:
    rows = [
        event("1", actors_a=["B"], actors_b=[], perpetrator="B"),
        event("2", actors_a=["B", "C"], actors_b=[], perpetrator="B, C"),
        event("3", actors_a=["X"], actors_b=[], perpetrator="X"),
        event("4", actors_a=None, actors_b=[], perpetrator="Somebody"),
        event("5", actors_a=[], actors_b=[], perpetrator="Somebody"),
        event("6", actors_a=["B"], actors_b=["C"], perpetrator=None),
    ]
    spans = ibis.memtable(pa.Table.from_pylist([span("B", "b"), span("C", "c")], schema=SPANS))
    found = at_level(resolved(table(rows), spans)).order_by("event_id").to_pyarrow().to_pylist()
    assert [row["perpetrator"] for row in found] == ["b", "b+c", "X", "Somebody", "Somebody", None]


def test_a_measure_counts_by_the_ids() -> None:
    rows = [event("1", best=3), event("2", best=4, actors_b=["B2"]), event("3", best=5, actors_b=["X"])]
    spans = ibis.memtable(pa.Table.from_pylist([span("B", "b"), span("B2", "b")], schema=SPANS))
    level = at_level(resolved(table(rows), spans))
    assert set(level.columns) == {*EVENTS.names, "release"}
    listed = totals(level, ("actor",)).to_pyarrow().to_pylist()
    assert {row["actor"]: row["deaths_best"] for row in listed} == {"Government of A": 12, "b": 7, "X": 5}


@st.composite
def span_rows(draw: st.DrawFn) -> list[Span]:
    """Spans of the parties that the synthetic events have; no two of one name and rank fit the same event."""
    ids = st.sampled_from(["a", "b", "c", None])
    found = []
    for written in ("Government of A", "B", "C", "D"):
        for rank in range(draw(st.integers(0, 4))):
            cell = draw(st.sampled_from(CELLS))
            first = dt.date(2022, draw(st.integers(1, 12)), 1)
            scope = draw(st.sampled_from([{}, {"country": "MLI"}, {"area": bounds(cell)}, {"first": first}]))
            found.append(span(written, draw(ids), rank, **scope))
    return found


def whom(row: Row, party: str, spans: Iterable[Span]) -> str:
    """The party's id by looking at one span after the other."""
    west, south, east, north = bounds(row["cell"])
    lon, lat = (west + east) / 2, (south + north) / 2
    fit = [
        one
        for one in spans
        if one["written"] == party
        and one["country"] in (None, row["iso3"])
        and one["first"] <= row["date_start"] <= one["last"]
        and (
            one["west"] is None
            or (
                row["where_precision"] not in PLACELESS
                and one["west"] <= lon < one["east"]
                and one["south"] <= lat < one["north"]
            )
        )
    ]
    return (max(fit, key=lambda one: one["rank"])["actor"] if fit else None) or party


@SOME
@given(event_rows(), span_rows())
def test_naming_changes_nothing_else_and_says_what_the_spans_say(rows: list[Row], spans: list[Span]) -> None:
    found = named(rows, spans)
    assert [{name: row[name] for name in EVENTS.names if name not in ("side_a", "side_b")} for row in found] == [
        {name: row[name] for name in EVENTS.names if name not in ("side_a", "side_b")}
        for row in sorted(rows, key=lambda row: str(row["event_id"]))
    ]
    for row in found:
        for side in ("a", "b"):
            parties = row[f"actors_{side}"] or []
            expected = sorted({whom(row, party, spans) for party in parties})
            assert (row[f"ids_{side}"] or []) == expected
            certain = bool(parties) and all(whom(row, party, spans) != party for party in parties)
            assert row[f"side_{side}"] == ("+".join(expected) if certain else None)
