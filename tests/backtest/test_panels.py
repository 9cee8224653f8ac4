"""A panel from anybody's table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harmattan.backtest.panels import Columns, cells_around, digest, read_neighbours, read_panel
from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.vocabulary.period import Month
from tests.backtest.panels import FIRST, UNITS, rows, write

COLUMNS = Columns("iso3", "month", "deaths", ("events",))


def test_what_has_no_row_or_no_value_is_unobserved(tmp_path: Path) -> None:
    panel = read_panel(write(tmp_path / "p.csv", rows()), COLUMNS)
    assert panel.units == UNITS
    assert (panel.first, panel.last) == (FIRST, FIRST + 71)
    assert np.isnan(panel.values[UNITS.index("ETH"), :40]).all()
    assert np.isfinite(panel.values[UNITS.index("ETH"), 40:]).all()
    assert np.flatnonzero(np.isnan(panel.values[UNITS.index("NER")])).tolist() == [50, 51, 52]
    assert panel.beside["events"][UNITS.index("NER"), 50] >= 0


@pytest.mark.parametrize("kind", ["days", "date", "timestamp", "month_id", "float_id"])
def test_the_same_data_have_the_same_digest_in_whatever_form(tmp_path: Path, kind: str) -> None:
    lines = rows()
    plain = digest(read_panel(write(tmp_path / "p.csv", lines), COLUMNS))
    days = [dt.date.fromisoformat(f"{line[1]}-01") for line in lines]
    ids = [(day.year - 1980) * 12 + day.month for day in days]
    months = {
        "days": pa.array([day.isoformat() for day in days]),
        "date": pa.array(days),
        "timestamp": pa.array(days, pa.date32()).cast(pa.timestamp("ms")),
        "month_id": pa.array(ids),
        "float_id": pa.array([float(one) for one in ids]),
    }
    table = pa.table(
        {
            "iso3": pa.array([line[0] for line in lines]).dictionary_encode(),
            "month": months[kind],
            "deaths": pa.array([float(line[2]) if line[2] else None for line in lines]),
            "events": pa.array([int(line[3]) for line in lines]),
        }
    ).take(pa.array(np.random.default_rng(1).permutation(len(lines))))
    pq.write_table(table, tmp_path / "p.parquet")
    assert digest(read_panel(tmp_path / "p.parquet", COLUMNS)) == plain


def test_one_value_changes_the_digest(tmp_path: Path) -> None:
    lines = rows()
    plain = digest(read_panel(write(tmp_path / "p.csv", lines), COLUMNS))
    lines[5] = (*lines[5][:3], str(int(lines[5][3]) + 1))
    assert digest(read_panel(write(tmp_path / "p.csv", lines), COLUMNS)) != plain


def test_namibia_by_its_two_letters_is_no_missing_value(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", [("NA", "2020-01", "3", "1"), ("ML", "2020-01", "NA", "")])
    panel = read_panel(path, COLUMNS)
    assert panel.units == ("ML", "NA")
    assert np.isnan(panel.values[0, 0])
    assert panel.values[1, 0] == 3


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("MLI", "2020-01", "3", "1"), ("MLI", "2020-01-15", "4", "1")], "two rows for MLI in 2020-01"),
        ([("MLI", "January", "3", "1")], "row 1: month cannot be 'January'"),
        ([("MLI", "2020-13", "3", "1")], "cannot be '2020-13'"),
        ([("MLI", "2020", "3", "1")], "cannot be '2020'"),
        ([("MLI", "2020-01", "3", "1"), ("MLI", "2020-02", "-3", "1")], "row 2: deaths cannot be '-3'"),
        ([("MLI", "2020-01", "many", "1")], "row 1: deaths cannot be 'many'"),
        ([("MLI", "2020-01", "inf", "1")], "row 1: deaths cannot be 'inf'"),
        ([("MLI", "2020-01", "3", "x")], "row 1: events cannot be 'x'"),
        ([("", "2020-01", "3", "1")], "nothing stands in iso3"),
        ([("MLI", "", "3", "1")], "nothing stands in month"),
        ([("MLI", "2020-01", "", "1")], "no value in deaths"),
        ([], "no rows"),
    ],
)
def test_a_broken_file_is_refused_with_its_row(tmp_path: Path, lines: list[tuple[str, ...]], words: str) -> None:
    with pytest.raises(WrongFile) as caught:
        read_panel(write(tmp_path / "p.csv", lines), COLUMNS)
    assert words in str(caught.value)


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", rows())
    with pytest.raises(UsageError, match=r"no column dead\. It has iso3, month, deaths and events"):
        read_panel(path, Columns("iso3", "month", "dead"))


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing of the kind", b"\x00\x01\x02"])
@pytest.mark.parametrize("name", ["p.csv", "p.parquet"])
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HarmattanError) as caught:
        read_panel(tmp_path / name, COLUMNS)
    assert "\n" not in str(caught.value)


def test_neighbours_count_both_ways_and_strangers_do_not(tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", [("MLI", "BFA"), ("MLI", "XXX"), ("NER", "NER")], ("a", "b"))
    panel = read_panel(write(tmp_path / "p.csv", rows()), COLUMNS, read_neighbours(path))
    mli, bfa, ner = (UNITS.index(code) for code in ("MLI", "BFA", "NER"))
    assert panel.neighbours[mli] == (bfa,)
    assert panel.neighbours[bfa] == (mli,)
    assert panel.neighbours[ner] == ()


def test_cells_know_the_eight_around_them(tmp_path: Path) -> None:
    lines = [(gid, "2020-01", "1", "1") for gid in ("145804", "145805", "146524", "150000")]
    panel = read_panel(write(tmp_path / "p.csv", lines), COLUMNS)
    panel = panel.among(cells_around(panel.units))
    assert panel.neighbours == ((1, 2), (0, 2), (0, 1), ())
    with pytest.raises(UsageError, match="MLI is no number of a PRIO-GRID cell"):
        cells_around(["MLI"])


@pytest.mark.data
def test_the_world_by_month(data_dir: Path) -> None:
    path = data_dir / "ucdp" / "country_month_ged251_to_2023.parquet"
    panel = read_panel(path, Columns("country_iso3", "year_month", "ucdp_fatalities_best", ("ucdp_event_count",)))
    assert panel.values.shape == (123, 420)
    assert (panel.first, panel.last) == (Month(1989, 1), Month(2023, 12))
    mali = panel.values[panel.units.index("MLI"), -24:-12]
    assert mali.sum() == pytest.approx(3650, rel=0.05)
