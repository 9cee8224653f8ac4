"""Population by unit, in the layouts of COD-PS."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.sources import population
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.places import POPULATION

DAY = Options(retrieved=dt.date(2026, 1, 2))
WIDE = (
    "ADM0_FR,ADM0_PCODE,ADM1_FR,ADM1_PCODE,F_TL,M_TL,T_TL,F_00_04,M_80Plus\n"
    "Mali,ML,Est,ML01,10,20,30,4,1\nMali,ML,Ouest,ML02,10,20,45,,2\n"
)


def read(content: str, folder: Path, name: str, options: Options = DAY) -> tuple[Reading, list[Any], list[str]]:
    path, into = folder / name, folder / "into"
    path.write_text(content, encoding="utf-8")
    into.mkdir()
    reading = population.read([path], into, options)
    table = pq.read_table(into / "population.parquet")
    assert table.schema.equals(POPULATION.schema)
    return reading, table.to_pylist(), pq.read_table(into / "rejects.parquet")["reason"].to_pylist()


def by(rows: list[Any]) -> dict[tuple[str, str, str | None], float]:
    return {(row["code"], row["sex"], row["age"]): row["people"] for row in rows}


def test_a_column_for_each_sex_and_age(tmp_path: Path) -> None:
    reading, rows, rejects = read(WIDE, tmp_path, "mli_admpop_adm1_2022.csv")
    assert by(rows) == {
        ("ML01", "female", None): 10, ("ML01", "male", None): 20, ("ML01", "all", None): 30,
        ("ML01", "female", "00_04"): 4, ("ML01", "male", "80plus"): 1,
        ("ML02", "female", None): 10, ("ML02", "male", None): 20, ("ML02", "all", None): 45,
        ("ML02", "male", "80plus"): 2,
    }  # fmt: skip
    assert {(row["iso3"], row["level"], row["year"]) for row in rows} == {("MLI", "admin1", 2022)}
    assert (rejects, reading.notices) == ([], ("Women and men do not add up to all people in 1 rows.",))
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def test_a_row_for_each_sex_and_age(tmp_path: Path) -> None:
    head = (
        "ISO3,ADM1_PCODE,ADM1_NAME,ADM2_PCODE,ADM2_NAME,Population_group,Gender,Age_range,Population,Reference_year\n"
    )
    tags = "#country+code" + ",#adm+code" * 9 + "\n"
    rows = "MLI,ML01,Est,ML0101,Un,F_00_04,f,0-4,7,2022\nMLI,ML01,Est,,,T_TL,all,all,30,2022\n"
    rows += "MLI,ML01,Est,,,x,both,all,1,2022\n"
    _, found, rejects = read(head + tags + rows, tmp_path, "cod_population.csv")
    assert [(row["level"], row["code"], row["name"], row["sex"], row["age"], row["people"]) for row in found] == [
        ("admin2", "ML0101", "Un", "female", "0-4", 7),
        ("admin1", "ML01", "Est", "all", None, 30),
    ]
    assert rejects == ["the sex is not known: both"]


def test_the_year_is_found_or_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"people\.csv does not say which year.*--from YYYY-01-01"):
        read(WIDE, tmp_path, "people.csv")
    (tmp_path / "into").rmdir()
    _, rows, _ = read(WIDE, tmp_path, "people.csv", Options(retrieved=DAY.retrieved, start=dt.date(2019, 1, 1)))
    assert {row["year"] for row in rows} == {2019}


def test_what_cannot_be_taken(tmp_path: Path) -> None:
    content = (
        "iso3,adm1,pcode,year,pop,f,m\nMLI,Est,ML01,2022,100,50,50\nML,x,ML02,2022,1,,\nXX,x,Z,2022,1,,\n"
        "MLI,x,ML03,2022,-5,,\nMLI,x,ML04,2022,,,\nMLI,x,ML05,22,1,,\nMLI,x,ML06,2022,many,,\n"
    )
    _, rows, rejects = read(content, tmp_path, "p.csv")
    assert {row["code"] for row in rows} == {"ML01", "ML02"}
    assert rejects == [
        "the country is not known: XX",
        "the number of people is negative: -5.0",
        "the number of people is missing",
        "the year is not one: 22",
        "pop is not a number: many",
    ]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "iso3,adm1,pcode,year,pop\nMali,x,y,2020,1\n", "\x00\x01"])
def test_other_files(tmp_path: Path, content: str) -> None:
    with pytest.raises(WrongFile, match=r"p\.csv"):
        read(content, tmp_path, "p.csv")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.data
def test_the_real_table(data_dir: Path, tmp_path: Path) -> None:
    reading = population.read([data_dir / "geo" / "ocha_codps_adm1_population.csv"], tmp_path, DAY)
    assert (reading.rows, reading.rejects, len(reading.coverage.places)) == (354, 0, 7)
    rows = pq.read_table(tmp_path / "population.parquet").to_pylist()
    assert {row["sex"] for row in rows} == {"all", "female", "male"}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_broken_bytes(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = WIDE.encode()
    at, some = data.draw(st.integers(0, len(content) - 1)), data.draw(st.binary(max_size=6))
    folder = tmp_path_factory.mktemp("broken")
    path = folder / "mli_2022.csv"
    path.write_bytes(content[:at] + some + content[at + data.draw(st.integers(0, 6)) :])
    try:
        population.read([path], folder, DAY)
    except HarmattanError:
        assert list(folder.iterdir()) == [path]
