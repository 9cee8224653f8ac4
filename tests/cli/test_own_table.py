"""A table of one's own from the command line, releases of context beside events, and that they count nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from harmattan.vocabulary.context import NEVER_COUNTED
from tests.case.test_own_tables import HEAD, TABLE
from tests.cli.running import Run, one_line
from tests.sources import test_gdelt, test_geo_pko
from tests.sources.context_rows import write


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file with one table."""
    path = tmp_path / "my.toml"
    path.write_text(HEAD + TABLE, encoding="utf-8")
    return path


def desk(folder: Path) -> Path:
    row = {"id": 1, "date": "2022-03-05", "dead": 12, "country": "MLI"}
    return write(folder / "desk.csv", [row, row | {"id": 2, "dead": ""}])


def test_it_is_taken_in_once(run: Run, case: Path, tmp_path: Path) -> None:
    words = ("ingest", "own-desk", desk(tmp_path), "--case", case, "--published", "2024-05-01")
    done = run(*words)
    assert (done.code, "own-desk@2024-05-01: taken in: 1 event; rejected: 1 row" in done.out) == (0, True)
    assert "nothing changed" in run(*words).out
    listed = next(r for r in run("releases", "--format", "json").json if r["origin"]["dataset"] == "own-desk")
    assert listed["origin"]["licence"] == {"name": "internal", "url": "", "redistributable": False}
    assert listed["origin"]["citation"] == listed["origin"]["citation"] == "A desk (2024)"
    assert listed["coverage"]["places"] == ["MLI"]
    assert (listed["coverage"]["start"], listed["coverage"]["end"]) == ("2022-03-05", "2022-03-05")
    assert run("verify").code == 0


def test_another_description_is_another_release(run: Run, case: Path, tmp_path: Path) -> None:
    words = ("ingest", "own-desk", desk(tmp_path), "--case", case, "--published", "2024-05-01")
    assert run(*words).code == 0
    case.write_text(case.read_text("utf-8").replace('"internal"', '"CC BY 4.0"'), encoding="utf-8")
    assert "another coverage, date, status or origin" in one_line(run(*words), 1)
    assert run(*words, "--release", "2").code == 0


def test_the_case_is_asked_for_and_only_where_it_is_needed(run: Run, case: Path, tmp_path: Path) -> None:
    table = desk(tmp_path)
    assert "--case FILE" in one_line(run("ingest", "own-desk", table))
    assert "has no table other" in one_line(run("ingest", "own-other", table, "--case", case))
    assert "own-NAME" in one_line(run("ingest", "ucdp-ged", table, "--case", case))
    assert "own-NAME" in one_line(run("ingest", "own-", table, "--case", case))
    assert "no data set own-" in one_line(run("ingest", "own-", table))


def test_context_counts_nothing_and_is_listed_with_licence_and_coverage(run: Run, tmp_path: Path) -> None:
    asked = ("ask", "casualties", "--country", "MLI", "--from", "2022-01", "--to", "2022-12", "--format", "json")
    before = run(*asked).json
    news = test_gdelt.export(tmp_path, *(test_gdelt.fields(id=str(n)) for n in range(50)))
    assert run("ingest", "gdelt-events", news, "--places", "MLI").code == 0
    bases = write(tmp_path / "Geo_PKO_v2_3_location_map.csv", [test_geo_pko.base()])
    assert run("ingest", "geo-pko", bases, "--published", "2025-10-04").code == 0
    after = run(*asked).json
    assert after == before
    listed = {r["origin"]["dataset"]: r for r in run("releases", "--format", "json").json}
    assert listed["gdelt-events"]["origin"]["contract"] in NEVER_COUNTED
    assert listed["geo-pko"]["origin"]["licence"]["name"] == "no licence stated"
    table = run("releases").out
    assert "gdelt-events@2022-03-06_2022-03-06_MLI" in table
    assert "MLI; 2014-09-01 – 2014-09-30" in table
    assert "no licence stated" in table
