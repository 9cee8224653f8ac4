"""The Cadre Harmonisé: which days a label means, which analysis counts, and units that together are the country."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from harmattan.errors import WrongFile
from harmattan.sources.cadre_harmonise import NEEDED, UNITS
from tests.sources.loopback import read, reasons, table

COLUMNS = list(dict.fromkeys([*NEEDED, *UNITS]))


def unit(**said: Any) -> dict[str, Any]:
    """A row as the table has it; the numbers are made up."""
    return {
        "adm0_pcod3": "MLI", "adm1_name": "Gao", "adm1_pcod2": "ML07", "adm2_name": "Ansongo", "adm2_pcod2": "ML0702",
        "exercise_label": "Sep-Dec", "exercise_year": 2021, "chtype": "current", "reference_label": "Sep-Dec",
        "reference_year": 2021, "usethisperiod": "Y", "population": 100, "phase1": 60, "phase2": 20, "phase3": 15,
        "phase4": 5, "phase5": 0, "phase35": 20,
    } | said  # fmt: skip


def file(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "ch.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_row_is_seven_figures(tmp_path: Path) -> None:
    got = read("cadre-harmonise", [file(tmp_path, unit())], tmp_path / "r")
    rows = table(tmp_path / "r", "needs")
    assert {r["indicator"]: r["value"] for r in rows} == {
        "population": 100, "ipc_phase_1": 60, "ipc_phase_2": 20, "ipc_phase_3": 15, "ipc_phase_4": 5, "ipc_phase_5": 0,
        "ipc_phase_3_plus": 20,
    }  # fmt: skip
    (one, *_) = rows
    assert (one["countries"], one["level"], one["admin2_code"]) == (["MLI"], "admin2", "ML0702")
    assert (one["plan"], one["plan_code"]) == ("Cadre Harmonisé Sep-Dec 2021", "2021-09")
    assert (got.coverage.start, got.coverage.end) == (dt.date(2021, 9, 1), dt.date(2021, 12, 31))


@pytest.mark.parametrize(
    ("label", "year", "start", "end"),
    [
        ("Jan-May", 2022, dt.date(2022, 1, 1), dt.date(2022, 5, 31)),
        ("Jun-Aug", 2022, dt.date(2022, 6, 1), dt.date(2022, 8, 31)),
        ("Sep-Dec", 2021, dt.date(2021, 9, 1), dt.date(2021, 12, 31)),
    ],
)
def test_the_days_are_those_of_the_reference_not_of_the_exercise(
    tmp_path: Path, label: str, year: int, start: dt.date, end: dt.date
) -> None:
    read("cadre-harmonise", [file(tmp_path, unit(reference_label=label, reference_year=year))], tmp_path / "r")
    assert {(r["start"], r["end"]) for r in table(tmp_path / "r", "needs")} == {(start, end)}


def test_what_a_later_analysis_took_the_place_of_is_superseded(tmp_path: Path) -> None:
    lean = {"reference_label": "Jun-Aug", "reference_year": 2022, "chtype": "projected"}
    earlier = unit(**lean, usethisperiod="N")
    later = unit(**lean, exercise_label="Jan-May", exercise_year=2022)
    read("cadre-harmonise", [file(tmp_path, unit(), earlier, later)], tmp_path / "r")
    rows = [r for r in table(tmp_path / "r", "needs") if r["indicator"] == "population"]
    assert [(r["period"], r["plan"][-12:], r["start"].month) for r in rows] == [
        ("current", "Sep-Dec 2021", 9), ("superseded", "Sep-Dec 2021", 6), ("projected", "Jan-May 2022", 6),
    ]  # fmt: skip


def test_all_units_of_an_analysis_have_its_level_and_parts_belong_to_their_department(tmp_path: Path) -> None:
    rows = [
        unit(), unit(adm2_name="Menaka", adm2_pcod2="ML0703"), unit(adm2_name="Bourem", adm2_pcod2="ML0704"),
        unit(adm2_name="Bamako", adm2_pcod2="ML0901", adm3_name="Commune I", adm3_pcod2="ML090101"),
        unit(adm2_name="Bamako", adm2_pcod2="ML0901", adm3_name="Commune II", adm3_pcod2="ML090102"),
        unit(adm1_name="Kidal", adm1_pcod2="ML08", adm2_name="", adm2_pcod2=""),
        unit(exercise_year=2015, reference_year=2015, adm2_name="", adm2_pcod2=""),
    ]  # fmt: skip
    read("cadre-harmonise", [file(tmp_path, *rows)], tmp_path / "r")
    people = [r for r in table(tmp_path / "r", "needs") if r["indicator"] == "population"]
    assert [(r["level"], r["admin1_code"], r["admin2_code"]) for r in people if r["start"].year == 2021] == [
        ("admin2", "ML07", "ML0702"), ("admin2", "ML07", "ML0703"), ("admin2", "ML07", "ML0704"),
        ("admin2", "ML07", "ML0901"), ("admin2", "ML07", "ML0901"), ("admin2", "ML08", None),
    ]  # fmt: skip
    assert [r["level"] for r in people if r["start"].year == 2015] == ["admin1"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reference_label": "Feb-Mar"}, "reference_label is not a period that is known: Feb-Mar"),
        ({"chtype": "guessed"}, "chtype is neither current nor projected: guessed"),
        ({"usethisperiod": ""}, "usethisperiod is neither Y nor N: empty"),
        ({"adm0_pcod3": "ML"}, "adm0_pcod3 is not the ISO3 code of a country: ML"),
        ({"phase3": -1}, "phase3 is below zero: -1"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, said: dict[str, Any], why: str) -> None:
    read("cadre-harmonise", [file(tmp_path, unit(), unit(adm2_name="Menaka", **said))], tmp_path / "r")
    assert reasons(tmp_path / "r") == [why]


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("year,deaths\n2020,3\n", encoding="utf-8")
    with pytest.raises(WrongFile, match=r"^x\.csv is not Cadre Harmonisé: it has no column adm0_pcod3"):
        read("cadre-harmonise", [path], tmp_path / "r")


@pytest.mark.data
@pytest.mark.slow
def test_the_whole_table(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "needs" / "cadre_harmonise_2014_2022.parquet"
    got = read("cadre-harmonise", [path], tmp_path / "r")
    needs = f"'{tmp_path / 'r' / 'needs.parquet'}'"
    assert (got.rejects, got.notices, len(got.coverage.places)) == (0, (), 19)
    (theirs,) = duckdb.sql(f"SELECT sum(phase35) FROM '{path}'").fetchall()[0]
    (ours,) = duckdb.sql(f"SELECT sum(value) FROM {needs} WHERE indicator = 'ipc_phase_3_plus'").fetchall()[0]
    assert ours == pytest.approx(theirs)
    analyses = duckdb.sql(
        f"SELECT indicator, sum(value), count(DISTINCT level) FROM {needs} WHERE countries = ['MLI'] "
        "AND plan = 'Cadre Harmonisé Sep-Dec 2021' AND period = 'current' GROUP BY 1"
    ).fetchall()
    totals = {indicator: (people, levels) for indicator, people, levels in analyses}
    assert totals["population"] == (21_696_917, 1)
    assert totals["ipc_phase_3_plus"] == (1_161_526, 1)
    twice = duckdb.sql(
        f"SELECT count(*) FROM (SELECT countries, start FROM {needs} WHERE period <> 'superseded' "
        "GROUP BY 1, 2 HAVING count(DISTINCT plan) > 1)"
    ).fetchall()
    assert twice == [(0,)]
