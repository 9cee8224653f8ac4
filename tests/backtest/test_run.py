"""A backtest from a panel to its tables: nothing leaks, nothing is lost, somebody else's draws count like ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import pytest

from harmattan.backtest.foreign import Foreign
from harmattan.backtest.panels import Columns, read_panel
from harmattan.backtest.plan import Plan
from harmattan.backtest.run import Done, Theirs, backtest
from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.models.panel import Panel
from harmattan.models.scoring import SCORES
from harmattan.vocabulary.skill import SKILL
from tests.backtest.panels import UNITS, N, plan, quiet, rows, write

COLUMNS = Columns("iso3", "month", "deaths", ("events",))
AGREED = tuple(name for name in SKILL.names if name != "row_id")


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return read_panel(write(tmp_path / "panel.csv", rows()), COLUMNS)


def run(panel: Panel, out: Path, said: Plan | None = None, jobs: int = 1, theirs: Theirs | None = None) -> Done:
    return backtest(panel, said or plan(), out, jobs, quiet, theirs=theirs)


def everything(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def test_the_same_seed_gives_the_same_bytes_however_many_work(panel: Panel, tmp_path: Path) -> None:
    run(panel, tmp_path / "one")
    run(panel, tmp_path / "two", jobs=2)
    assert everything(tmp_path / "one") == everything(tmp_path / "two")
    assert len(everything(tmp_path / "one")) == 3 * 2 + 2
    run(panel, tmp_path / "other", replace(plan(), seed=2))
    assert (
        everything(tmp_path / "other")["draws/last/2018-10.parquet"]
        != (everything(tmp_path / "one")["draws/last/2018-10.parquet"])
    )


def test_draws_are_in_the_layout_of_the_challenge(panel: Panel, tmp_path: Path) -> None:
    run(panel, tmp_path / "out")
    table = pq.read_table(tmp_path / "out/draws/fading4/2018-10.parquet")
    assert table.schema.names == ["month_id", "country_id", "draw", "outcome"]
    assert [str(kind) for kind in table.schema.types] == ["int32", "string", "int32", "int32"]
    assert table.num_rows == len(UNITS) * 3 * 50
    assert sorted(set(table["month_id"].to_pylist())) == [469, 470, 471]  # January to March 2019
    assert set(table["country_id"].to_pylist()) == set(UNITS)
    assert set(table["draw"].to_pylist()) == set(range(50))
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_parquet(tmp_path / "out/draws/fading4/2018-10.parquet")
    assert list(frame.index.names) == ["month_id", "country_id", "draw"]
    assert list(frame.columns) == ["outcome"]


def test_cells_are_written_by_number(tmp_path: Path) -> None:
    lines = [
        (str(145804 + n), f"20{18 + m // 12}-{m % 12 + 1:02d}", str(m % 3), "1") for n in range(3) for m in range(24)
    ]
    panel = read_panel(write(tmp_path / "cells.csv", lines), COLUMNS)
    run(panel, tmp_path / "out", replace(plan(origins="2019-06"), level="cell"))
    schema = pq.read_schema(tmp_path / "out/draws/last/2019-06.parquet")
    assert schema.names[1] == "priogrid_gid"
    assert str(schema.types[1]) == "int32"
    assert set(pq.read_table(tmp_path / "out/skill.parquet")["unit"].to_pylist()) == {"145804", "145805", "145806"}


def test_scores_have_a_row_for_each_month_that_was_observed(panel: Panel, tmp_path: Path) -> None:
    run(panel, tmp_path / "out", plan(origins="2018-10,2019-10"))
    table = pq.read_table(tmp_path / "out/scores.parquet")
    assert set(SCORES) <= set(table.schema.names)
    assert table.num_rows == 3 * (
        2 * len(UNITS) * 3 - 1
    )  # Niger was unseen from March to May 2019, one of them forecast
    one = table.filter(pa.compute.equal(table["unit"], "NER")).to_pylist()
    assert {row["month"] for row in one if row["origin"] == "2018-10"} == {"2019-01", "2019-02"}


def test_skill_has_the_columns_that_were_agreed_and_the_means_of_the_scores(panel: Panel, tmp_path: Path) -> None:
    run(panel, tmp_path / "out")
    skill = pq.read_table(tmp_path / "out/skill.parquet")
    assert tuple(skill.schema.names) == AGREED
    scores = pq.read_table(tmp_path / "out/scores.parquet").to_pylist()
    for row in skill.to_pylist():
        same = [one for one in scores if all(one[key] == row[key] for key in ("model", "origin", "unit"))]
        assert row["n_months"] == len(same)
        assert row["crps"] == pytest.approx(np.mean([one["crps"] for one in same]))
        assert row["expected"] == pytest.approx(np.mean([one["expected"] for one in same]))
        assert (row["level"], row["target"], row["step_first"], row["step_last"]) == ("country", "deaths_best", 3, 5)


@pytest.mark.parametrize("models", ["zero,last,fading4,neighbours12,worldwide12", "pooled"])
def test_no_value_after_the_origin_changes_a_draw(panel: Panel, tmp_path: Path, models: str) -> None:
    said = plan(models, "2018-10", draws=20)
    known = said.origins[0] - panel.first + 1
    rng = np.random.default_rng(3)
    later = panel.values.copy()
    later[:, known:] = rng.poisson(5000, (len(UNITS), N - known))
    events = panel.beside["events"].copy()
    events[:, known:] = 999
    changed = replace(panel, values=later, beside={"events": events})
    run(panel, tmp_path / "one", said)
    run(changed, tmp_path / "two", said)
    one, two = everything(tmp_path / "one"), everything(tmp_path / "two")
    drawn = [name for name in one if name.startswith("draws")]
    assert drawn
    assert [name for name in drawn if one[name] != two[name]] == []
    assert one["scores.parquet"] != two["scores.parquet"]


def test_a_value_at_the_origin_does_change_a_draw(panel: Panel, tmp_path: Path) -> None:
    said = plan("last", "2018-10")
    values = panel.values.copy()
    values[:, said.origins[0] - panel.first] += 100
    run(panel, tmp_path / "one", said)
    run(replace(panel, values=values), tmp_path / "two", said)
    name = "draws/last/2018-10.parquet"
    assert everything(tmp_path / "one")[name] != everything(tmp_path / "two")[name]


def test_what_is_drawn_is_not_drawn_again(panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(panel, out).kept == 0
    before = everything(out)
    (out / "draws/last/2019-10.parquet").unlink()
    (out / "draws/last/.2019-10.parquet.part").write_bytes(b"half")
    times = {path: path.stat().st_mtime_ns for path in (out / "draws").rglob("2*.parquet")}
    assert run(panel, out).kept == 5
    assert everything(out) == before
    assert list(out.rglob(".*.part")) == []
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_more_models_and_origins_may_join_a_folder(panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(panel, out, plan("last", "2018-10"))
    assert run(panel, out, plan("last,zero", "2018-10,2019-10")).kept == 2


@pytest.mark.parametrize("other", ["draws", "seed", "steps", "panel"])
def test_other_settings_are_refused_and_nothing_is_touched(panel: Panel, tmp_path: Path, other: str) -> None:
    out = tmp_path / "out"
    run(panel, out)
    before = everything(out)
    changes = {"draws": {"draws": 40}, "seed": {"seed": 9}, "steps": {"steps": (1, 2)}, "panel": {}}
    changed = replace(panel, values=panel.values + 1) if other == "panel" else panel
    with pytest.raises(UsageError, match=f"other settings: {other} is .* Say another --out"):
        run(changed, out, replace(plan(), **changes[other]))  # type: ignore[arg-type]
    assert everything(out) == before


def test_a_folder_of_other_things_is_left_alone(panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.txt").write_text("one")
    with pytest.raises(UsageError, match="holds other things"):
        run(panel, out)
    assert [path.name for path in out.iterdir()] == ["chapter.txt"]
    with pytest.raises(UsageError, match="is a file"):
        run(panel, out / "chapter.txt")


def test_a_damaged_file_of_draws_is_named(panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(panel, out)
    (out / "draws/last/2019-10.parquet").write_bytes(b"PAR1")
    with pytest.raises(WrongFile, match=r"2019-10\.parquet is damaged\. Remove it"):
        run(panel, out)


@pytest.mark.parametrize("origins", ["2014-12", "2021-01", "2018-10,2021-01"])
def test_an_origin_outside_the_panel_is_refused(panel: Panel, tmp_path: Path, origins: str) -> None:
    with pytest.raises(UsageError, match="no values for"):
        run(panel, tmp_path / "out", plan(origins=origins))
    assert not (tmp_path / "out").exists()


def test_an_origin_with_nothing_after_it_is_refused(panel: Panel, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing that is forecast from 2020-11 was observed"):
        run(panel, tmp_path / "out", plan(origins="2020-11"))


def test_a_folder_that_cannot_be_written_is_said(panel: Panel, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        place = Path("/proc/harmattan")
    else:
        place = tmp_path / "closed" / "out"
        (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(HarmattanError, match="cannot be written"):
        run(panel, place)


def test_their_draws_count_like_ours(panel: Panel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(panel, out)
    done = run(panel, out, theirs=Theirs(out / "draws" / "fading4", "copied"))
    scores = pq.read_table(out / "scores.parquet").drop_columns("model")
    models = pq.read_table(out / "scores.parquet")["model"]
    ours, theirs = (scores.filter(pa.compute.equal(models, name)) for name in ("fading4", "copied"))
    assert ours.equals(theirs)
    assert done.fit is not None
    assert (done.fit.missing, done.fit.units, done.fit.months, done.fit.draws) == (0, set(), set(), 50)
    records = {record.model: record for record in done.summary.records}
    assert records["copied"].ratios == records["fading4"].ratios


def theirs_of(tmp_path: Path, rows_: list[dict[str, object]], name: str = "theirs.parquet") -> Path:
    pq.write_table(pa.Table.from_pylist(rows_), tmp_path / name)
    return tmp_path / name


def test_points_are_one_draw_and_what_does_not_fit_is_counted(panel: Panel, tmp_path: Path) -> None:
    months = [469, 470, 471, 481, 482, 483, 500]
    said: list[dict[str, object]] = [
        {"month_id": month, "country_id": unit, "outcome": 3.5}
        for month in months
        for unit in ("AFG", "MLI", "XXX")
    ]  # fmt: skip
    done = run(panel, tmp_path / "out", theirs=Theirs(theirs_of(tmp_path, said), "points"))
    assert done.fit is not None
    assert done.fit.units == {"XXX"}
    assert [str(month) for month in done.fit.months] == ["2021-08"]
    assert (done.fit.scored, done.fit.draws, done.fit.missing) == (12, 1, 2 * 6 * 3 - 1 - 12)
    points = next(record for record in done.summary.records if record.model == "points")
    assert points.n == 12
    truth = panel.at(plan().origins[0], (3, 4, 5))[[0, 3]], panel.at(plan().origins[1], (3, 4, 5))[[0, 3]]
    assert points.crps == pytest.approx(np.abs(np.concatenate(truth) - 3.5).mean())


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"outcome": -1.0}, "outcome cannot be"),
        ({"country_id": "XXX"}, "about units and months of this backtest"),
        ({"month_id": 469.5}, "month_id cannot be"),
    ],
)
def test_their_broken_draws_are_refused(panel: Panel, tmp_path: Path, changed: dict[str, object], words: str) -> None:
    row: dict[str, object] = {"month_id": 469, "country_id": "MLI", "draw": 0, "outcome": 1.0}
    with pytest.raises(WrongFile, match=words):
        run(panel, tmp_path / "out", theirs=Theirs(theirs_of(tmp_path, [row | changed]), "theirs"))


def test_their_rows_may_not_stand_twice_and_their_columns_must_be_there(panel: Panel, tmp_path: Path) -> None:
    row: dict[str, object] = {"month_id": 469, "country_id": "MLI", "outcome": 1.0}
    with pytest.raises(WrongFile, match="two rows for one unit, month and draw"):
        run(panel, tmp_path / "out", theirs=Theirs(theirs_of(tmp_path, [row, row]), "theirs"))
    with pytest.raises(UsageError, match="no column outcome"):
        Foreign(theirs_of(tmp_path, [{"month_id": 469, "country_id": "MLI"}]), panel, plan())
    with pytest.raises(WrongFile, match="no draws by country_id"):
        Foreign(theirs_of(tmp_path, [{"month_id": 469, "priogrid_gid": 1, "outcome": 1.0}]), panel, plan())
    with pytest.raises(UsageError, match="is one of our models"):
        run(panel, tmp_path / "out", theirs=Theirs(tmp_path, "last"))


def test_where_windows_overlap_the_name_of_the_file_says_the_origin(panel: Panel, tmp_path: Path) -> None:
    said = plan("last", "2018-10..2018-12:1")
    out = tmp_path / "out"
    run(panel, out, said)
    assert run(panel, out, said, theirs=Theirs(out / "draws" / "last", "copied")).fit.scored  # type: ignore[union-attr]
    row: dict[str, object] = {"month_id": 470, "country_id": "MLI", "outcome": 1.0}
    with pytest.raises(UsageError, match="windows overlap"):
        run(panel, out, said, theirs=Theirs(theirs_of(tmp_path, [row]), "theirs"))


KILLED = """
import sys
from pathlib import Path
from harmattan.backtest.panels import read_panel
from tests.backtest.test_run import COLUMNS, run
from tests.backtest.panels import plan
said = plan("last,fading4,worldwide12", "2017-01..2020-06:1", "3..5", 400)
run(read_panel(Path(sys.argv[1]), COLUMNS), Path(sys.argv[2]), said)
"""


@pytest.mark.slow
def test_killed_midway_it_goes_on_without_loss(panel: Panel, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    said = plan("last,fading4,worldwide12", "2017-01..2020-06:1", "3..5", 400)
    run(panel, whole, said)
    out = tmp_path / "cut"
    started = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "panel.csv"), str(out)])
    for _ in range(3000):
        if len(list(out.rglob("2*.parquet"))) >= 5 or started.poll() is not None:
            break
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.wait()
    there = len(list((out / "draws").rglob("2*.parquet")))
    assert 5 <= there < len(said.origins) * 4
    assert run(panel, out, said).kept >= there
    assert everything(out) == everything(whole)
