"""ACLED's rows become events, in every layout and way of writing; what cannot be taken is kept with its reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.sources.acled_columns import AT_SEA, CURRENT, UNREAD_DATE
from harmattan.sources.acled_update import OLDER, SAME
from harmattan.vocabulary.event_types import TAXONOMY, sub_types_of, wanted
from harmattan.vocabulary.schema import EVENTS
from tests.sources.acled_rows import (
    HXL,
    LEGACY,
    RECENCY,
    RETRIEVED,
    attack,
    battle,
    events,
    protest,
    read,
    reasons,
    row,
    rows,
    write_csv,
    write_page,
)


def only(tmp_path: Path, **changes: str) -> dict[str, Any]:
    """The one event of a file."""
    read(tmp_path / "one", write_csv(tmp_path / "one.csv", [battle(1, **changes)]))
    return events(tmp_path / "one")[0]


def test_a_battle_column_by_column(tmp_path: Path) -> None:
    found = only(tmp_path, assoc_actor_1="Delta Band; Epsilon Band", timestamp="1711929600", notes="As told.")
    assert found["event_id"] == "MLI1"
    assert (found["violence"], found["event_type"], found["sub_event_type"]) == (None, "Battles", "Armed clash")
    assert (found["side_a_as_written"], found["side_b_as_written"]) == ("Beta Front", "Alpha Front")
    assert (found["actors_a"], found["actors_b"]) == (["Beta Front"], ["Alpha Front"])
    assert found["dyad"] == "Alpha Front - Beta Front", "the order of the two says nothing"
    assert found["perpetrator"] is None
    assert found["allies_a"] == ["Delta Band", "Epsilon Band"]
    assert (found["type_a"], found["civilian_targeting"]) == ("Rebel group", False)
    assert (found["deaths_low"], found["deaths_best"], found["deaths_high"]) == (None, 2, None)
    assert found["deaths_civilians"] is None
    assert found["updated_at"] == dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    assert found["notes"] == "As told."
    assert pq.read_schema(tmp_path / "one" / "events.parquet").equals(EVENTS.schema)


@pytest.mark.parametrize(
    "written",
    ["2022-03-27", "27 March 2022", "27-March-2022", " 27 march 2022 ", "2022-03-27 00:00:00", "2022-03-27T00:00:00Z"],
)
def test_days_as_they_are_written(tmp_path: Path, written: str) -> None:
    found = only(tmp_path, event_date=written)
    assert (found["date_start"], found["date_end"]) == (dt.date(2022, 3, 27), dt.date(2022, 3, 27))


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"geo_precision": "1"}, "where_precision", "exact"),
        ({"geo_precision": "2.0"}, "where_precision", "near"),
        ({"geo_precision": "3"}, "where_precision", "admin1"),
        ({"geo_precision": ""}, "where_precision", "unknown"),
        ({"time_precision": "1.0"}, "date_precision", "day"),
        ({"time_precision": "2"}, "date_precision", "week"),
        ({"time_precision": "3"}, "date_precision", "month"),
        ({"inter1": "1"}, "type_a", "State forces"),
        ({"inter1": "8.0"}, "type_a", "External/Other forces"),
        ({"inter1": "0"}, "type_a", None),
        ({"inter1": "Rebel group"}, "type_a", "Rebel group"),
        ({"fatalities": "12.0"}, "deaths_best", 12),
        ({"iso": "562.0", "country": "Niger"}, "iso3", "NER"),
        ({"iso": "434", "country": "Libya"}, "iso3", "LBY"),
        ({"iso": "", "country": "Ivory Coast"}, "iso3", "CIV"),
        ({"iso": "0", "country": "Kosovo"}, "iso3", "XKX"),
        ({"iso": "275", "country": "Palestine"}, "iso3", "PSE"),
        ({"iso": "", "country": "Bosnia and Herzegovina"}, "iso3", "BIH"),
        ({"timestamp": "1711929600000"}, "updated_at", dt.datetime(2024, 4, 1, tzinfo=dt.UTC)),
        ({"timestamp": "2024-04-01T00:00:00"}, "updated_at", dt.datetime(2024, 4, 1, tzinfo=dt.UTC)),
        ({"timestamp": ""}, "updated_at", None),
        ({"actor2": "", "inter2": "0"}, "dyad", None),
    ],
)
def test_cells_as_text_or_number(tmp_path: Path, changes: dict[str, str], column: str, value: Any) -> None:
    assert only(tmp_path, **changes)[column] == value


@pytest.mark.parametrize(
    ("made", "perpetrator"),
    [
        (attack(), "Beta Front"),
        (attack(actor1="Civilians (Mali)", inter1="7", actor2="Beta Front", inter2="2"), "Beta Front"),
        (attack(inter1="", inter2=""), "Beta Front"),
        (attack(actor2="", inter2="0"), "Beta Front"),
        (attack(actor2="Alpha Front", inter2="2"), None),
        (battle(actor2="Civilians (Mali)", inter2="7"), None),
    ],
)
def test_only_violence_against_civilians_has_a_perpetrator(
    tmp_path: Path, made: dict[str, str], perpetrator: str | None
) -> None:
    read(tmp_path / "one", write_csv(tmp_path / "one.csv", [made]))
    assert events(tmp_path / "one")[0]["perpetrator"] == perpetrator


def test_civilians_are_no_party(tmp_path: Path) -> None:
    read(tmp_path / "one", write_csv(tmp_path / "one.csv", [attack()]))
    found = events(tmp_path / "one")[0]
    assert (found["actors_a"], found["actors_b"], found["civilian_targeting"]) == (["Beta Front"], [], True)


def test_the_same_rows_in_every_form_are_the_same_events(tmp_path: Path) -> None:
    made = rows(40)
    read(tmp_path / "comma", write_csv(tmp_path / "a.csv", made))
    read(tmp_path / "semicolon", write_csv(tmp_path / "b.csv", made, delimiter=";", encoding="utf-8-sig"))
    read(tmp_path / "page", write_page(tmp_path / "c.json", made))
    numbers = [{k: int(v) if v.isdigit() else v or None for k, v in one.items()} for one in made]
    read(tmp_path / "numbers", write_page(tmp_path / "d.json", numbers))
    long = [one | {"event_date": f"{dt.date.fromisoformat(one['event_date']):%d %B %Y}"} for one in made]
    read(tmp_path / "words", write_csv(tmp_path / "e.csv", long))
    first = (tmp_path / "comma" / "events.parquet").read_bytes()
    for other in ("semicolon", "page", "numbers", "words"):
        assert (tmp_path / other / "events.parquet").read_bytes() == first, other


def test_the_layout_of_2020_with_its_row_of_tags(tmp_path: Path) -> None:
    made = [one | {"iso": "", "iso3": "MLI", "country": "?"} for one in rows(9)]
    done = read(tmp_path / "out", write_csv(tmp_path / "a.csv", made, LEGACY, below=[HXL]))
    assert (done.rows, done.rejects, done.notices) == (9, 0, ())
    found = events(tmp_path / "out")
    assert {one["iso3"] for one in found} == {"MLI"}
    assert {one["civilian_targeting"] for one in found} == {None}, "that layout does not say"


def test_population_columns_are_known_and_others_are_told_of(tmp_path: Path) -> None:
    wide = [one | {"population_best": "10"} for one in rows(3)]
    assert read(tmp_path / "a", write_csv(tmp_path / "a.csv", wide, (*CURRENT, "population_best"))).notices == ()
    columns = (*(name for name in CURRENT if name not in ("tags", "source")), "mood")
    done = read(tmp_path / "b", write_csv(tmp_path / "b.csv", rows(3), columns))
    assert done.notices == (
        "Columns that are new in ACLED's events: mood.",
        "Columns that are missing in ACLED's events: source, tags.",
    )


def test_what_cannot_be_taken_is_kept_with_its_line_and_reason(tmp_path: Path) -> None:
    made = [
        *rows(12),
        row(20, event_date="03/27/2022"),
        row(21, country="Red Sea", iso=""),
        row(22, country="Atlantic Ocean", iso="466"),
        row(23, fatalities="-1"),
        row(24, fatalities="many"),
        row(25, latitude="north"),
        row(26, latitude="91"),
        row(27, country="Atlantis", iso="999"),
        row(28, event_id_cnty=""),
    ]
    done = read(tmp_path / "out", write_csv(tmp_path / "a.csv", made))
    assert (done.rows, done.rejects) == (12, 9)
    assert [(line, reason) for _, line, _, reason in reasons(tmp_path / "out")] == [
        (14, UNREAD_DATE),
        (15, AT_SEA),
        (16, AT_SEA),
        (17, "the number of fatalities cannot be read or is negative"),
        (18, "the number of fatalities cannot be read or is negative"),
        (19, "the coordinates cannot be read"),
        (20, "the coordinates are not on earth"),
        (21, "unknown country"),
        (22, "no id"),
    ]


def test_british_indian_ocean_territory_is_no_sea(tmp_path: Path) -> None:
    assert only(tmp_path, country="British Indian Ocean Territory", iso="86")["iso3"] == "IOT"


def test_the_newest_state_of_an_event_wins_wherever_it_stands(tmp_path: Path) -> None:
    made = [
        battle(1, fatalities="5", timestamp="300"),
        battle(2),
        battle(1, fatalities="4", timestamp="200"),
        battle(3, timestamp="100", fatalities="1"),
        battle(3, timestamp="101", fatalities="9"),
        battle(2),
        *(battle(n) for n in range(4, 8)),
    ]
    pages = [write_page(tmp_path / "a.json", made[:4]), write_page(tmp_path / "b.json", made[4:])]
    done = read(tmp_path / "out", *pages)
    assert {one["event_id"]: one["deaths_best"] for one in events(tmp_path / "out")} == {
        "MLI1": 5, "MLI2": 2, "MLI3": 9, "MLI4": 2, "MLI5": 2, "MLI6": 2, "MLI7": 2,
    }  # fmt: skip
    assert reasons(tmp_path / "out") == [
        ("a.json", 3, "MLI1", OLDER),
        ("a.json", 4, "MLI3", OLDER),
        ("b.json", 2, "MLI2", SAME),
    ]
    assert (done.rows, done.rejects) == (7, 3)


def test_types_that_are_not_known_are_kept_and_counted(tmp_path: Path) -> None:
    made = [*rows(4), battle(8, sub_event_type="Cyber attack"), battle(9, event_type="Spells", sub_event_type="")]
    done = read(tmp_path / "out", write_csv(tmp_path / "a.csv", made))
    assert done.rows == 6
    assert done.notices == (
        "Events of types that are not known, kept and counted in no group: Battles / Cyber attack (1), Spells / - (1).",
    )


def test_a_file_without_some_types_may_have_been_filtered(tmp_path: Path) -> None:
    done = read(tmp_path / "out", write_csv(tmp_path / "a.csv", [battle(n) for n in range(120)]))
    assert done.notices[0].startswith("The file has no event of the types Explosions/Remote violence, Violence against")


def test_an_export_speaks_about_what_is_seen_in_it_and_what_is_stated(tmp_path: Path) -> None:
    made = [battle(1, event_date="2022-03-05"), battle(2, event_date="2022-05-20")]
    file = write_csv(tmp_path / "a.csv", made)
    seen = read(tmp_path / "seen", file).coverage
    assert (seen.places, seen.start, seen.end) == (("MLI",), dt.date(2022, 3, 5), dt.date(2022, 5, 20))
    stated = read(
        tmp_path / "stated", file, places=("MLI", "SEN"), start=dt.date(2022, 1, 1), end=dt.date(2022, 12, 31)
    ).coverage
    assert (stated.places, stated.start, stated.end) == (("MLI", "SEN"), dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    assert stated.dimensions == ("day", "cell", "dyad", "actor", "event_type")


def test_label_and_publication_are_the_day_of_retrieval_or_stated(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", rows(3))
    done = read(tmp_path / "a", file)
    assert (done.label, done.published, done.status) == ("2024-06-30", RETRIEVED, "rolling")
    assert done.citation.startswith(
        "ACLED (Armed Conflict Location & Event Data), acleddata.com, accessed on 30 June 2024; Raleigh"
    )
    with pytest.raises(UsageError, match="ACLED's data have no version"):
        read(tmp_path / "b", file, retrieved=None)
    assert list((tmp_path / "b").iterdir()) == []


def test_a_page_that_is_hidden_by_the_licence_claims_nothing(tmp_path: Path) -> None:
    page = write_page(tmp_path / "a.json", [], data_query_restrictions=RECENCY)
    asked = {"places": ("MLI",), "start": dt.date(2024, 1, 1), "end": dt.date(2024, 6, 30)}
    done = read(tmp_path / "out", page, **asked)
    assert (done.rows, done.coverage.places) == (0, ())
    hidden = done.coverage.hidden
    assert hidden is not None
    assert (hidden.places, hidden.after) == (("MLI",), dt.date(2023, 6, 30))
    assert hidden.why == "the licence shows what is older than 12 Months"
    assert pq.read_table(tmp_path / "out" / "events.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "is not a file of ACLED's events: it has no column event_id_cnty"),
        (b"{}", "it has no list of rows"),
        (b'{"data": [1]}', "it has no list of rows"),
        (b'{"data": ', "is not JSON"),
        (b'{"data": [{"id": 1}]}', "it has no column event_id_cnty"),
        ((",".join(CURRENT) + "\n").encode(), "no rows"),
    ],
)
def test_a_file_that_is_something_else_stops_at_once(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match=what):
        read(tmp_path / "out", path)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_of_which_most_cannot_be_taken_is_not_what_it_claims(tmp_path: Path) -> None:
    made = [row(n, event_date="03/27/2022") for n in range(5)]
    with pytest.raises(WrongFile, match=f"5 of 5 rows cannot be taken.*{UNREAD_DATE}"):
        read(tmp_path / "out", write_csv(tmp_path / "a.csv", made))


def test_a_file_of_what_happened_at_sea_only_is_taken(tmp_path: Path) -> None:
    done = read(tmp_path / "out", write_page(tmp_path / "a.json", [row(1, country="Red Sea", iso="")]))
    assert (done.rows, done.rejects) == (0, 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.data())
def test_broken_bytes_end_in_one_line_and_leave_nothing(tmp_path: Path, data: st.DataObject) -> None:
    as_page = data.draw(st.booleans())
    path = tmp_path / "file"
    (write_page if as_page else write_csv)(path, rows(6))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(("flip", "cut", "insert"))):
            case "flip" if at < len(content):
                content[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 400))]
            case _:
                content[at:at] = data.draw(st.binary(min_size=1, max_size=8))
    path.write_bytes(bytes(content))
    into = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
    try:
        read(into, path)
    except HarmattanError:
        assert list(into.iterdir()) == []


def test_the_taxonomy_is_whole() -> None:
    assert len(TAXONOMY) == 25
    assert len({kind.sub_event_type for kind in TAXONOMY}) == 25
    organised = sub_types_of("organised_political_violence")
    assert sub_types_of("political_violence") - organised == {"Excessive force against protesters", "Mob violence"}
    assert sub_types_of("demonstrations") == {
        "Peaceful protest", "Protest with intervention", "Excessive force against protesters", "Violent demonstration",
    }  # fmt: skip
    assert wanted(("all", "Battles")) == ((), ())


def test_the_taxonomy_is_that_of_the_schema_facts(data_dir: Path) -> None:
    import json

    facts = json.loads((data_dir / "acled" / "acled_schema.json").read_text("utf-8"))
    assert {tuple(kind) for kind in TAXONOMY} == {
        (one["event_type"], one["sub_event_type"], one["political_violence"] == 1,
         one["organized_political_violence"] == 1, one["demonstrations"] == 1)
        for one in facts["event_categories"]
    }  # fmt: skip
    assert tuple(facts["layout_api_2023_on"]) == CURRENT
    assert tuple(facts["layout_hdx_2020_legacy"]) == LEGACY


def test_protests_are_events_without_deaths(tmp_path: Path) -> None:
    read(tmp_path / "out", write_csv(tmp_path / "a.csv", [protest()]))
    assert events(tmp_path / "out")[0]["deaths_best"] == 0
