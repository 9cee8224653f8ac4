"""Which release a file is, when it came out, and what it speaks about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.sources import ucdp_ged
from harmattan.sources.reading import Options
from harmattan.sources.ucdp_ged_release import find_label, label_in_name, labelled_period, publication, status_of
from harmattan.vocabulary.country import COUNTRIES, ISO3_BY_GW
from tests.sources.ged_rows import VERSIONED, read, row, rows, write_csv


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ged241-csv.zip", "24.1"),
        ("ged251.csv", "25.1"),
        ("GEDEvent_v25_1.csv", "25.1"),
        ("GEDEvent_v26_0_8.csv", "26.0.8"),
        ("GEDEvent_v26_01_26_06.csv", "26.01.26.06"),
        ("ged191_syria_events.parquet", "19.1"),
        ("Mali.csv", None),
        ("ged2024.csv", None),
    ],
)
def test_labels_in_names(name: str, label: str | None) -> None:
    assert label_in_name(name) == label


@pytest.mark.parametrize(
    ("label", "status", "start", "end", "published"),
    [
        ("24.1", "final", "1989-01-01", "2023-12-31", "2024-06-30"),
        ("26.0.8", "candidate", "2026-08-01", "2026-08-31", "2026-09-30"),
        ("25.0.12", "candidate", "2025-12-01", "2025-12-31", "2026-01-31"),
        ("26.01.26.06", "candidate", "2026-01-01", "2026-06-30", "2026-07-31"),
        ("24.01.24.12", "candidate", "2024-01-01", "2024-12-31", "2025-01-31"),
        ("24.1-MLI_NER", "final", "1989-01-01", "2023-12-31", "2024-06-30"),
        ("26.0.8-MLI-2026-08-01..", "candidate", "2026-08-01", "2026-08-31", "2026-09-30"),
    ],
)
def test_the_publishers_own_labels(label: str, status: str, start: str, end: str, published: str) -> None:
    period = labelled_period(label)
    assert (status_of(label), str(period)) == (status, f"{start}/{end}")
    assert publication(label, Options())[0] == dt.date.fromisoformat(published)


def test_what_the_user_states_wins() -> None:
    day = dt.date(2024, 7, 2)
    assert publication("24.1", Options(published=day)) == (day, "stated by the user")
    assert find_label(Options(label=" mine "), {"24.1"}, ["ged251.csv"]) == "mine"


def test_what_was_got_was_out(tmp_path: Path) -> None:
    got = dt.date(2026, 9, 20)
    assert publication("26.0.8", Options(retrieved=got))[0] == got
    assert publication("26.0.8", Options(retrieved=dt.date(2027, 1, 1)))[0] == dt.date(2026, 9, 30)
    assert publication("spring", Options(retrieved=got)) == (got, "the day it was got")


def test_another_label_needs_a_day() -> None:
    with pytest.raises(UsageError, match="--published"):
        publication("spring", Options())


def test_no_label_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--release"):
        read(tmp_path / "out", write_csv(tmp_path / "Mali.csv", rows(2)), label=None)
    made = [event | {"ged_version": "soon"} for event in rows(2)]
    with pytest.raises(HarmattanError, match="--release"):
        read(tmp_path / "out", write_csv(tmp_path / "Mali.csv", made, VERSIONED), label=None)


def test_several_labels(tmp_path: Path) -> None:
    made = [row(1) | {"ged_version": "23.1"}, row(2) | {"ged_version": "24.1"}]
    with pytest.raises(WrongFile, match=r"23\.1 and 24\.1"):
        read(tmp_path / "out", write_csv(tmp_path / "Mali.csv", made, VERSIONED), label=None)


def test_countries_seen(tmp_path: Path) -> None:
    made = [row(1), row(2, country_id="436")]
    covered = read(tmp_path / "out", write_csv(tmp_path / "x.csv", made)).coverage
    assert (covered.places, covered.basis) == (
        ("MLI", "NER"),
        "period: years with events in the file, within the label 24.1; places: countries seen in the file",
    )  # fmt: skip


def test_places_stated(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", rows(1))
    assert read(tmp_path / "out", path, places=("TGO", "MLI")).coverage.places == ("MLI", "TGO")
    more = read(tmp_path / "out", path, places=("TGO",)).coverage
    assert (more.places, "MLI seen in the file" in more.basis) == (("MLI", "TGO"), True)
    with pytest.raises(UsageError, match="There is no country XQX"):
        read(tmp_path / "out", path, places=("XQX",))


def test_the_world(tmp_path: Path) -> None:
    regions = ("Africa", "Americas", "Asia", "Europe", "Middle East")
    numbers = sorted(ISO3_BY_GW)[:30]
    made = [row(n, country_id=str(gw), region=regions[n % 5]) for n, gw in enumerate(numbers)]
    assert read(tmp_path / "out", write_csv(tmp_path / "x.csv", made)).coverage.places == COUNTRIES
    few = read(tmp_path / "out", write_csv(tmp_path / "x.csv", made[:29])).coverage
    assert len(few.places) < 30
    near = [event | {"region": "Europe" if event["region"] == "Asia" else event["region"]} for event in made]
    assert len(read(tmp_path / "out", write_csv(tmp_path / "x.csv", near)).coverage.places) <= 30


def test_events_after_a_yearly_file_extend_it(tmp_path: Path) -> None:
    late = row(2, date_start="2019-10-30", date_end="2019-11-02")
    reading = read(tmp_path / "out", write_csv(tmp_path / "x.csv", [row(1), late]), label="19.1")
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2018, 1, 1), dt.date(2019, 10, 31))
    assert reading.published == dt.date(2019, 11, 30)
    assert "on to the last month with events" in reading.coverage.basis


def test_a_candidate_file_keeps_its_month(tmp_path: Path) -> None:
    made = [
        row(1, date_start="2026-07-30", date_end="2026-08-02"),
        row(2, date_start="2026-08-03", date_end="2026-08-03"),
    ]
    reading = read(tmp_path / "out", write_csv(tmp_path / "GEDEvent_v26_0_8.csv", made), label=None)
    assert (str(reading.coverage.period), reading.rows) == ("2026-08-01/2026-08-31", 2)


def test_a_label_of_the_users_own_covers_what_is_seen(tmp_path: Path) -> None:
    made = [
        row(1, date_start="2020-01-05", date_end="2020-01-05"),
        row(2, date_start="2020-03-07", date_end="2020-03-09"),
    ]
    reading = read(tmp_path / "out", write_csv(tmp_path / "x.csv", made), label="mine", published=dt.date(2020, 4, 1))
    assert (reading.status, str(reading.coverage.period)) == ("final", "2020-01-01/2020-03-31")


def test_an_extract_speaks_only_about_its_years(tmp_path: Path) -> None:
    """A file that was cut to some years must not turn the others into zeros."""
    made = [
        row(1, date_start="2016-05-05", date_end="2016-05-05"),
        row(2, date_start="2017-03-07", date_end="2017-03-09"),
    ]
    path = write_csv(tmp_path / "x.csv", made)
    assert str(read(tmp_path / "out", path).coverage.period) == "2016-01-01/2017-12-31"
    stated = ucdp_ged.read([path], _empty(tmp_path / "b"), Options(label="24.1", end=dt.date(2018, 6, 30)))
    assert str(stated.coverage.period) == "2016-01-01/2018-06-30"
    assert "stated by the user" in stated.coverage.basis


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder
