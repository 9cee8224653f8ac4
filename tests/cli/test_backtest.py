"""`harmattan backtest` as a terminal runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backtest.panels import UNITS, rows, write
from tests.cli.running import Run, one_line

BASE = ("--unit-col", "iso3", "--time-col", "month", "--target", "deaths", "--covariate", "events")
WHEN = ("--origins", "2017-10..2019-10", "--steps", "3..14", "--draws", "40", "--jobs", "1")


@pytest.fixture
def words(tmp_path: Path) -> tuple[Any, ...]:
    path = write(tmp_path / "panel.csv", rows())
    return ("backtest", "--panel", path, *BASE, *WHEN, "--models", "fading4", "--out", tmp_path / "out")


def test_it_prints_ratios_and_writes_everything(run: Run, words: tuple[Any, ...], tmp_path: Path) -> None:
    ran = run(*words)
    assert ran.code == 0, ran
    assert ran.err == ""
    assert "fading4" in ran.out
    assert "2018-01 – 2018-12" in ran.out
    assert "without the 2 largest" in ran.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")) == [
        "backtest.json",
        "draws",
        "report.html",
        "scores.parquet",
        "skill.parquet",
    ]
    again = run(*words)
    assert "6 forecasts were there already and were not drawn again." in again.out


def test_the_number_of_events_is_seen_unless_it_is_left_out(run: Run, words: tuple[Any, ...], tmp_path: Path) -> None:
    plain = [word for word in words if word not in ("--covariate", "events")]
    named, unsaid, without = (
        run(*chosen, "--out", tmp_path / out, "--format", "json")
        for chosen, out in ((words, "a"), (plain, "b"), ((*plain, "--covariate", "none"), "c"))
    )
    assert unsaid.json["panel"] == named.json["panel"] != without.json["panel"]
    assert "models see events up to each origin" in run(*plain, "--out", tmp_path / "b").out.replace("\n", " ")


def test_json_is_stable(run: Run, words: tuple[Any, ...], tmp_path: Path) -> None:
    first = run(*words, "--format", "json")
    assert first.code == 0, first
    told = first.json
    assert told["origins"] == ["2017-10", "2018-10", "2019-10"]
    assert [record["model"] for record in told["records"]] == ["fading4", "conflictology12"]
    assert told["theirs"] is None
    told["kept"] = 6
    assert run(*words, "--format", "json").json == told
    manifest = json.loads((tmp_path / "out/backtest.json").read_text("utf-8"))
    assert manifest["panel"] == told["panel"]
    assert manifest["draws"] == 40


def test_their_draws_are_scored_beside_ours(run: Run, words: tuple[Any, ...], tmp_path: Path) -> None:
    assert run(*words).code == 0
    scored = [word for word in words if word not in ("--models", "fading4")]
    ran = run(*scored, "--score", tmp_path / "out/draws/fading4", "--name", "copied", "--format", "json")
    assert ran.code == 0, ran
    records = {record["model"]: record for record in ran.json["records"]}
    assert set(records) == {"fading4", "conflictology12", "copied"}
    assert records["copied"]["ratios"] == records["fading4"]["ratios"]
    assert ran.json["theirs"]["missing"] == 0


def test_the_panel_of_the_releases(run: Run, tmp_path: Path) -> None:
    ran = run("backtest", "--panel", "lake", "--origins", "2021-10,2022-10", "--steps", "3..14", "--models", "last",
              "--draws", "20", "--jobs", "1", "--out", tmp_path / "lake", "--format", "json")  # fmt: skip
    assert ran.code == 0, ran
    assert ran.json["releases"]
    assert ran.json["target"] == "deaths_best"
    assert ran.json["n_units"] > 100


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("--steps", "0"), "are no steps"),
        (("--origins", "2030-10"), "no values for 2030-10. 2015-01 to 2020-12"),
        (("--origins", "soon"), "soon is not a month"),
        (("--models", "arima"), "no model called arima. zero, last"),
        (("--draws", "0"), "--draws cannot be 0"),
        (("--draws", "many"), "--draws cannot be many"),
        (("--jobs", "0"), "--jobs cannot be 0"),
        (("--seed", "-1"), "--seed cannot be -1"),
        (("--target", "dead"), "has no column dead"),
        (("--covariate", "more"), "has no column more"),
        (("--panel", "/nowhere.csv"), "no file /nowhere.csv"),
        (("--panel", "lake"), "--unit-col is for a file"),
        (("--known-by", "2024-01-01"), "--known-by is for the panel of the releases"),
        (("--level", "cell"), "AFG is no number of a PRIO-GRID cell"),
        (("--neighbours", "/nowhere.csv"), "no file /nowhere.csv"),
        (("--score", "/nowhere", "--name", "x"), "no file or folder /nowhere"),
        (("--score", "/nowhere"), "Say --name"),
        (("--name", "x"), "Say --score"),
        (("--score", "/nowhere", "--name", "a/b"), "Say --name"),
        (("--out", "/proc/nothing"), "cannot be written"),
    ],
)
def test_a_misuse_is_one_line(
    run: Run, words: tuple[Any, ...], tmp_path: Path, changed: tuple[str, ...], said: str
) -> None:
    assert said in one_line(run(*words, *changed), 1 if said == "cannot be written" else 2)
    assert not (tmp_path / "out").exists()


def test_a_broken_file_is_one_line(run: Run, words: tuple[Any, ...], tmp_path: Path) -> None:
    write(tmp_path / "panel.csv", [*rows(), (UNITS[0], "2015-01", "4", "1")])
    assert "two rows for AFG in 2015-01" in one_line(run(*words), 1)


def test_other_settings_are_one_line(run: Run, words: tuple[Any, ...]) -> None:
    assert run(*words).code == 0
    assert "draws is 40 there and 41 here. Say another --out" in one_line(run(*words, "--draws", "41"), 2)
