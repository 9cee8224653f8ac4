"""What cannot be taken goes to the rejects with its line and the reason; a file that is not GED stops at once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError, WrongFile
from tests.sources.ged_rows import YEARLY, events, read, reasons, rejects, row, rows, write_csv

FAULTS = [
    ({"id": ""}, "no id"),
    ({"id": "A12"}, "the id is not a number"),
    ({"type_of_violence": "4"}, "unknown type of violence"),
    ({"type_of_violence": ""}, "unknown type of violence"),
    ({"country_id": "434000"}, "unknown country number"),
    ({"country_id": "1"}, "unknown country number"),
    ({"country_id": ""}, "unknown country number"),
    ({"date_start": "31.12.2020"}, "a date cannot be read"),
    ({"date_start": "2020-02-30"}, "a date cannot be read"),
    ({"date_start": "5/6/2020"}, "a date cannot be read"),
    ({"date_end": ""}, "a date cannot be read"),
    ({"date_start": "2020-05-02", "date_end": "2020-05-01"}, "the event ends before it starts"),
    ({"best": ""}, "a number of deaths cannot be read or is negative"),
    ({"best": "-1"}, "a number of deaths cannot be read or is negative"),
    ({"best": "3.5"}, "a number of deaths cannot be read or is negative"),
    ({"high": "many"}, "a number of deaths cannot be read or is negative"),
    ({"deaths_civilians": "1e3"}, "a number of deaths cannot be read or is negative"),
    ({"latitude": "12,5"}, "the coordinates cannot be read"),
    ({"latitude": ""}, "the coordinates cannot be read"),
    ({"latitude": "91"}, "the coordinates are not on earth"),
    ({"longitude": "-180.5"}, "the coordinates are not on earth"),
    ({"longitude": "nan"}, "the coordinates are not on earth"),
]


@pytest.mark.parametrize(("changes", "reason"), FAULTS)
def test_a_bad_row_is_rejected_and_the_others_are_taken(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    made = [row(1), row(2, **changes), row(3)]
    reading = read(tmp_path / "out", write_csv(tmp_path / "x.csv", made))
    assert reasons(tmp_path / "out") == [(3, changes.get("id", "500002") or None, reason)]
    assert [event["event_id"] for event in events(tmp_path / "out")] == ["500001", "500003"]
    assert (reading.rows, reading.events, reading.rejects) == (2, 2, 1)
    assert "Puits-Neuf" in rejects(tmp_path / "out")[0]["row_as_written"]


def test_lines_are_counted_over_breaks_tags_and_broken_rows(tmp_path: Path) -> None:
    made = [row(n, where_description="one\ntwo" if n % 2 else "near") for n in range(1, 13)]
    path = write_csv(tmp_path / "x.csv", made, below=[["", "#date+year"]])
    lines = path.read_text("utf-8").split("\n500")
    lines[4] = lines[4] + "too,many"
    lines[7] = lines[7].replace(",432,", ",9999,", 1)
    lines[9] = lines[9].replace(",Africa,", ",", 1)
    lines[11] = lines[11].replace("1,", "500011,", 1).replace(",432,", ",9999,", 1)
    path.write_text("\n500".join(lines), "utf-8")
    read(tmp_path / "out", path)
    found = [(line, reason) for line, _id, reason in reasons(tmp_path / "out")]
    wrong = "wrong number of fields"
    assert found == [(6, wrong), (9, "unknown country number"), (11, wrong), (13, "unknown country number")]
    assert [found["id_as_written"] for found in rejects(tmp_path / "out")][:3] == ["500004", "500007", "500009"]


def test_a_quotation_mark_that_is_not_closed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", rows(6))
    path.write_text(path.read_text("utf-8") + '500099,"never closed,1,2\n', "utf-8")
    with pytest.raises(WrongFile, match="never closed, at line 8"):
        read(tmp_path / "out", path)


@pytest.mark.parametrize("cut", [-3, -40, -400])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    """What is missing at its end must not become zeros."""
    path = write_csv(tmp_path / "x.csv", rows(30))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(WrongFile, match=r"cut off|never closed"):
        read(tmp_path / "out", path)


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", rows(6))
    path.write_bytes(path.read_bytes().rstrip())
    assert read(tmp_path / "out", path).rows == 6


def test_a_name_with_a_pattern_is_that_file_only(tmp_path: Path) -> None:
    write_csv(tmp_path / "ka1.csv", rows(6))
    assert read(tmp_path / "out", write_csv(tmp_path / "k[a-z]*.csv", rows(2))).rows == 2


def test_a_row_that_is_not_utf_8(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [row(n, adm_1="Ségou") for n in range(1, 7)])
    before, _, after = path.read_bytes().rpartition("é".encode())
    path.write_bytes(before + b"\xe9" + after)
    reading = read(tmp_path / "out", path)
    assert (reading.rows, reasons(tmp_path / "out")) == (5, [(7, "500006", "the row is not UTF-8")])


def test_more_fields_than_the_header_in_one_row_of_an_export(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", rows(5), row_tail=[""])
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], lines[3] + "surplus", *lines[4:]]) + "\n", "utf-8")
    read(tmp_path / "out", path)
    assert reasons(tmp_path / "out") == [(4, "500003", "wrong number of fields")]


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    made = [row(1), row(2), row(1), row(3), row(3, best="77", high="88"), row(4, country_id="0"), row(1)]
    reading = read(
        tmp_path / "out", write_csv(tmp_path / "a.csv", made), write_csv(tmp_path / "b.csv", [row(2), row(5)])
    )
    same, other = "the id stands twice, with the same event", "the id stands twice, with another event"
    assert [(r["file"], r["line"], r["reason"]) for r in rejects(tmp_path / "out")] == [
        ("a.csv", 4, same),
        ("a.csv", 6, other),
        ("a.csv", 7, "unknown country number"),
        ("a.csv", 8, same),
        ("b.csv", 2, same),
    ]
    assert [event["event_id"][-1] for event in events(tmp_path / "out")] == ["1", "2", "3", "5"]
    assert events(tmp_path / "out")[2]["deaths_best"] != 77
    assert (reading.rows, reading.rejects) == (4, 5)


def test_two_layouts_are_one_release(tmp_path: Path) -> None:
    columns = [name for name in YEARLY if name not in ("gwnoa", "relid")]
    files = [write_csv(tmp_path / "a.csv", rows(3)), write_csv(tmp_path / "b.csv", rows(3, 4), columns)]
    assert read(tmp_path / "out", *files).rows == 6


def test_a_file_that_lacks_columns_stops_with_one_line(tmp_path: Path) -> None:
    renamed = [("fatalities" if c == "best" else "best_" if c == "high" else c) for c in YEARLY]
    with pytest.raises(WrongFile) as error:
        read(tmp_path / "out", write_csv(tmp_path / "odd.csv", rows(2), renamed))
    line = str(error.value)
    assert "odd.csv is not a UCDP GED file: it has no column best and high." in line
    assert "It has best_." in line
    assert "\n" not in line
    assert list((tmp_path / "out").iterdir()) == []


def test_more_than_half_bad_is_another_file(tmp_path: Path) -> None:
    made = [row(1), row(2, best="x"), row(3, best="y")]
    with pytest.raises(WrongFile, match=r"2 of 3 rows cannot be taken.*a number of deaths"):
        read(tmp_path / "out", write_csv(tmp_path / "x.csv", made))


def test_days_before_months_are_not_guessed(tmp_path: Path) -> None:
    made = [row(n, date_start=f"0{n}/05/2020 00:00:00", date_end=f"0{n}/05/2020 00:00:00") for n in range(1, 9)]
    made.append(row(20, date_start="13/05/2020 00:00:00", date_end="13/05/2020 00:00:00"))
    with pytest.raises(WrongFile, match="days before months"):
        read(tmp_path / "out", write_csv(tmp_path / "x.csv", made))


def test_a_header_alone_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="no rows"):
        read(tmp_path / "out", write_csv(tmp_path / "x.csv", []))
    with pytest.raises(UsageError):
        read(tmp_path / "out")


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    made = rows(500)
    made[7]["best"], made[9]["country_id"] = "", "0"
    path = write_csv(tmp_path / "x.csv", made)
    for name in ("one", "two"):
        read(tmp_path / name, path)
    for table in ("events.parquet", "rejects.parquet"):
        assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "two" / table).read_bytes()


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_events(tmp_path: Path, dice: random.Random) -> None:
    made = [*rows(20), row(30, best="x"), row(31, low="99")]
    read(tmp_path / "one", write_csv(tmp_path / "one.csv", made))
    dice.shuffle(made)
    read(tmp_path / "two", write_csv(tmp_path / "two.csv", made))
    first, second = (
        sorted(events(tmp_path / name), key=lambda event: str(event["event_id"])) for name in ("one", "two")
    )
    assert first == second
    assert [found["reason"] for found in rejects(tmp_path / "two")] == [r["reason"] for r in rejects(tmp_path / "one")]
