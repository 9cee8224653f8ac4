"""The table of skill: what a backtest writes is taken in as it is, and what cannot be a score is refused."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

from harmattan.embed import MAKERS, write
from harmattan.errors import LakeError, UsageError, WrongFile
from harmattan.ingest import ingest
from harmattan.lake.diff import diff
from harmattan.lake.shelf import Held, Lake
from harmattan.lake.verify import verify
from harmattan.sources import forecast_skill
from harmattan.sources.reading import Options
from harmattan.vocabulary.schema import CONTRACTS
from harmattan.vocabulary.skill import SKILL
from tests.lake.factory import event, lake_in, put
from tests.sources.context_rows import DATED, read_all
from tests.sources.skill_rows import COLUMNS, as_csv, as_parquet, row, rows


def put_file(folder: Path, made: list[dict[str, Any]], name: str = "skill.parquet") -> Path:
    path = folder / name
    path.write_bytes(as_parquet(made) if name.endswith("parquet") else as_csv(made))
    return path


def taken(lake: Lake, folder: Path, label: str, made: list[dict[str, Any]]) -> Held:
    options = Options(label=label, published=dt.date(2024, 1, 31))
    return ingest(lake, "forecast-skill", [put_file(folder, made)], options, retrieved_at=None).held


def test_the_agreed_columns_and_the_key() -> None:
    assert CONTRACTS["skill"] is SKILL
    assert COLUMNS == (
        "level", "target", "model", "origin", "unit", "step_first", "step_last", "n_months", "crps", "log_score",
        "mis90", "crps_log", "brier_0", "brier_25", "brier_100", "brier_1000", "inside_50", "inside_90", "observed",
        "expected",
    )  # fmt: skip
    assert SKILL.key == ("level", "target", "model", "origin", "unit", "step_first", "step_last")


@pytest.mark.parametrize("name", ["skill.parquet", "skill.csv"])
def test_a_table_is_taken_in_as_it_is(tmp_path: Path, name: str) -> None:
    made = [row(), row(unit="BFA", log_score=math.nan if name.endswith("parquet") else ""),
            row(level="cell", unit=147239 if name.endswith("csv") else "147239", origin="2018-06", step_last=8,
                n_months=4)]  # fmt: skip
    reading, found, rejects = read_all(forecast_skill.read, tmp_path / "out", put_file(tmp_path, made, name))
    assert rejects == []
    assert {name: found[0][name] for name in COLUMNS} == row()
    assert found[0]["row_id"] == "country|deaths_best|conflictology12|2021-10|MLI|3|14"
    assert found[1]["log_score"] is None
    assert (found[2]["unit"], found[2]["n_months"]) == ("147239", 4)
    assert reading.coverage.places == ("BFA", "MLI"), "a cell is in no country that the table names"
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2018, 9, 1), dt.date(2022, 12, 31))
    assert (reading.status, reading.events, reading.notices) == ("figures", 0, ())


def test_what_cannot_be_a_score_is_refused_with_its_reason(tmp_path: Path) -> None:
    made = [row(), row(level="region"), row(origin="2022-13"), row(origin="autumn"), row(unit="XXX"),
            row(level="cell", unit="0"), row(level="cell", unit="MLI"), row(step_first=0), row(step_last=2),
            row(n_months=13), row(n_months=""), row(crps=-1), row(crps="much"), row(crps=""), row(inside_90=1.5),
            row(model=""), row(crps=61.0), row(), row(n_months=0, unit="NER", crps="")]  # fmt: skip
    reading, found, rejects = read_all(forecast_skill.read, tmp_path / "out", put_file(tmp_path, made, "skill.csv"))
    assert [one["unit"] for one in found] == ["MLI"], "the same row again counts once, one without a month not at all"
    assert reading.coverage.places == ("MLI",)
    assert {one["line"]: one["reason"] for one in rejects} == {
        3: "level is region, neither country nor cell",
        4: "origin is not a month: 2022-13",
        5: "origin is not a month: autumn",
        6: "there is no country XXX",
        7: "there is no cell 0",
        8: "there is no cell MLI",
        9: "the steps are no span of months: 0 to 14",
        10: "the steps are no span of months: 3 to 2",
        11: "n_months is 13, which steps 3 to 14 cannot have",
        12: "n_months is None, which steps 3 to 14 cannot have",
        13: "crps is below nothing: -1",
        14: "crps is not a number: much",
        15: "crps is missing",
        16: "inside_90 is no share: 1.5",
        17: "model is missing",
        18: "country, deaths_best, conflictology12, 2021-10, MLI, 3, 14 is there twice with different values",
    }


def test_other_files_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "months.csv").write_text("country,month,deaths\nMLI,2022-10,3\n")
    with pytest.raises(WrongFile, match=r"months\.csv is not a table of skill: it has no column level, target"):
        forecast_skill.read([tmp_path / "months.csv"], tmp_path / "out", DATED)
    with pytest.raises(WrongFile, match=r"no row of a table of skill that can be taken: crps is missing"):
        forecast_skill.read([put_file(tmp_path, [row(crps=math.nan)])], tmp_path / "out", DATED)
    with pytest.raises(UsageError, match="No file was named"):
        forecast_skill.read([], tmp_path / "out", DATED)
    assert list((tmp_path / "out").iterdir()) == []


def test_two_backtests_are_compared_by_model_window_and_place(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    before = taken(lake, tmp_path, "a", rows(2))
    after = taken(lake, tmp_path, "b", [*rows(1), row(model="pooled", origin="2021-10", crps=1.0)])
    found = diff(before, after)
    assert [(one["change"], one["changed"]) for one in found.records] == [("gone", ""), ("revised", "crps")]
    assert found.records[1]["key"] == "country deaths_best pooled 2021-10 MLI 3 14"
    assert all(not verdict.faults for verdict in verify(lake))


def test_a_release_can_be_embedded_with_its_attribution_and_without_its_file(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    held = taken(lake, tmp_path, "2022-10", rows(2))
    release = write(MAKERS["forecast-skill"](held), tmp_path / "made")
    assert (release.name, release.status, release.raw, release.rows) == ("forecast-skill@2022-10", "figures", (), 4)
    assert release.events == 0
    assert release.origin.licence.name == "CC BY 4.0"
    assert release.origin.citation.startswith("Computed by Harmattan from UCDP GED")
    assert release.derived_from == (f"{held.release.name} {held.release.digest}",)
    assert [held.release.name for held in Lake(tmp_path / "other", tmp_path / "made").releases()] == [release.name]
    assert write(MAKERS["forecast-skill"](held), tmp_path / "made").digest == release.digest
    with pytest.raises(LakeError, match="made-up@1 holds no scores"):
        MAKERS["forecast-skill"](put(lake, "1", [event("1")]).held)
