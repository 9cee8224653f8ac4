"""POLECAT: Latin-1, columns too many, rows too short, countries by code and by name."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import UsageError, WrongFile
from harmattan.sources import polecat
from harmattan.sources.reading import Options
from tests.sources.context_rows import DATED, DAY, read_all, tell_or_read


def fields(**changed: str) -> list[str]:
    """A made-up row."""
    told = {
        "event id": "E1", "event date": "2022-03-05", "event type": "ASSAULT", "event mode": "firearms",
        "intensity": "-9.0", "quad code": "MATERIAL CONFLICT", "actor name": "Rebels", "actor country": "MLI",
        "recipient name": "Civilians", "recipient country": "MLI", "placename": "Ménaka", "country": "MLI",
        "latitude": "15.92", "longitude": "2.40", "feature type": "PPLA2", "publication date": "2022-03-06",
        "language": "fr",
    } | {name.replace("_", " "): value for name, value in changed.items()}  # fmt: skip
    return [told.get(name, "") for name in polecat.COLUMNS]


def written(path: Path, *rows: list[str], header: list[str] | None = None, encoding: str = "iso-8859-1") -> Path:
    lines = [header or [name.title() for name in polecat.COLUMNS], *rows]
    path.write_bytes("".join("\t".join(line) + "\r\n" for line in lines).encode(encoding))
    return path


def test_a_row(tmp_path: Path) -> None:
    reading, rows, rejects = read_all(polecat.read, tmp_path / "out", written(tmp_path / "p.txt", fields()))
    assert rejects == []
    assert rows == [
        {
            "row_id": "E1",
            "day": dt.date(2022, 3, 5),
            "published": dt.date(2022, 3, 6),
            "iso3": "MLI",
            "place": "Ménaka",
            "place_kind": "PPLA2",
            "lat": 15.92,
            "lon": 2.4,
            "cell": 152285,
            "actor_a": "Rebels",
            "actor_b": "Civilians",
            "actor_a_code": "MLI",
            "actor_b_code": "MLI",
            "code": "ASSAULT",
            "kind": "MATERIAL CONFLICT",
            "mode": "firearms",
            "intensity": -9.0,
            "mentions": None,
            "tone": None,
            "language": "fr",
            "url": None,
        }
    ]
    assert (reading.label, reading.published, reading.events) == ("2022-03-06_2022-03-06", DAY, 0)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_both_encodings_and_a_zip(tmp_path: Path, encoding: str) -> None:
    plain = written(tmp_path / "p.txt", fields(), encoding=encoding)
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(plain, "ngecEvents.txt")
    _reading, rows, _rejects = read_all(polecat.read, tmp_path / "out", tmp_path / "p.zip")
    assert rows[0]["place"] == "Ménaka"


def test_files_that_are_malformed_as_the_publishers_are(tmp_path: Path) -> None:
    names = [name.title() for name in polecat.COLUMNS]
    more = written(tmp_path / "more.txt", fields(), header=[*names[:3], "Headline", *names[3:]])
    _reading, rows, rejects = read_all(polecat.read, tmp_path / "out", more)
    assert (rows[0]["mode"], rows[0]["place"], rejects) == ("firearms", "Ménaka", [])
    tabs = written(tmp_path / "tabs.txt", [*fields(), "", ""], fields(event_id="E2"), header=[*names, ""])
    _reading, rows, rejects = read_all(polecat.read, tmp_path / "out", tabs)
    assert ([row["row_id"] for row in rows], rejects) == (["E1", "E2"], [])
    quoted = written(tmp_path / "quoted.txt", [f'"{part}"' for part in fields()], header=[f'"{n}"' for n in names])
    _reading, rows, _rejects = read_all(polecat.read, tmp_path / "out", quoted)
    assert (rows[0]["row_id"], rows[0]["iso3"]) == ("E1", "MLI")


def test_countries_by_code_and_name_and_middles_of_countries(tmp_path: Path) -> None:
    path = written(
        tmp_path / "p.txt",
        fields(country="Burkina Faso", feature_type="ADM1"),
        fields(event_id="E2", country="NER", feature_type="PCLI"),
        fields(event_id="E3", country="Atlantis", feature_type=""),
        fields(event_id="E4", country="None"),
    )
    reading, rows, _rejects = read_all(polecat.read, tmp_path / "out", path)
    assert [row["iso3"] for row in rows] == ["BFA", "NER", None, None]
    assert [row["cell"] is None for row in rows] == [True, True, True, False]
    assert reading.notices[1] == "1 rows name a country that is not known: Atlantis."
    _reading, rows, _rejects = read_all(
        polecat.read, tmp_path / "out", path, options=Options(published=DAY, places=("NER",))
    )
    assert [row["row_id"] for row in rows] == ["E2"]


def test_rows_that_cannot_be_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path / "p.txt",
        fields(),
        fields()[:-3],
        [*fields(), "too much"],
        fields(event_id="E2", event_date="soon"),
        fields(event_id=""),
        fields(event_id="E3", latitude="north"),
        fields(place="x", language="en"),
    )
    _reading, rows, rejects = read_all(polecat.read, tmp_path / "out", path)
    assert len(rows) == 1
    n = len(polecat.COLUMNS)
    assert [(row["line"], row["reason"]) for row in rejects] == [
        (3, f"it has {n - 3} fields, not {n}"),
        (4, f"it has {n + 1} fields, not {n}"),
        (5, "event date is not a day: soon"),
        (6, "row_id is missing"),
        (7, "latitude is not a number: north"),
        (8, "E1 is there twice with different values"),
    ]


def test_what_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = tmp_path / "other.txt"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(WrongFile, match="is not a file of POLECAT: it has no column event id"):
        polecat.read([path], tmp_path / "out", DATED)
    with pytest.raises(WrongFile, match="no row of it can be taken"):
        polecat.read([written(tmp_path / "p.txt", fields(event_date="x"))], tmp_path / "out", DATED)
    with pytest.raises(UsageError, match="--published"):
        polecat.read([written(tmp_path / "p.txt", fields())], tmp_path / "out", Options())
    with pytest.raises(UsageError, match="no country MALI"):
        polecat.read([path], tmp_path / "out", Options(places=("MALI",)))
    assert list((tmp_path / "out").iterdir()) == []


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_broken_bytes_end_in_one_line_or_a_reading(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "p.txt"
    tell_or_read(polecat.read, path, written(path, fields(), fields(event_id="E2")).read_bytes(), data)
