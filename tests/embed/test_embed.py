"""The embedded figures are what Harmattan's own commands make, to the byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from harmattan import data, embed
from harmattan.embed import cell_months, write
from harmattan.errors import LakeError
from harmattan.lake.shelf import Lake, digest_of
from harmattan.lake.verify import verify
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT
from harmattan.vocabulary.places import PLACE_NAMES
from harmattan.vocabulary.schema import EVENTS
from tests.cli.running import Run, one_line
from tests.lake.factory import Row, event, lake_in, put
from tests.questions.worlds import asked, event_rows, numbers, world_of

EVENT_FILE = Path("ucdp") / "ged241_westafrica8_events.csv.gz"
COUNTRY_FILE = Path("ucdp") / "country_month_ged251_to_2023.parquet"


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest_of(path).sha256
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }


def test_what_the_package_carries_is_whole(tmp_path: Path) -> None:
    lake = Lake(tmp_path, data.RELEASES)
    dossier, *figures = (verdict.name for verdict in verify(lake))
    assert dossier.startswith("dossier-sahel@")
    assert figures == [
        "forecast-skill@2023-12-cell",
        "forecast-skill@2023-12-country",
        "natural-earth-cells@10m",
        "ucdp-ged-cells@24.1",
        "ucdp-ged-country-month@25.1",
        "ucdp-ged-places@24.1",
    ]
    assert all(verdict.faults == () for verdict in verify(lake))
    assert sum(size for _, size in embed.sizes(data.RELEASES)) < 2_000_000


def test_no_publishers_file_is_carried(tmp_path: Path) -> None:
    for held in Lake(tmp_path, data.RELEASES).releases():
        written_here = held.release.origin.contract == DOSSIER_CONTRACT
        assert held.release.status == ("curated" if written_here else "figures")
        assert held.release.raw == ()
        assert "embed" in held.release.made_by
        assert held.release.origin.licence.redistributable
        if held.release.origin.contract == "events":
            table = pq.read_table(held.file("events"))
            for name in ("lat", "lon", "source_headline", "source_original", "source_article", "place_description"):
                assert table[name].null_count == table.num_rows, name


def test_the_dossier_is_made_again_to_the_byte(run: Run, tmp_path: Path) -> None:
    assert run("embed", "dossier", data.DOSSIERS / "sahel", "--out", tmp_path / "made").code == 0
    assert files_of(tmp_path / "made" / "dossier-sahel") == files_of(data.RELEASES / "dossier-sahel")


@pytest.mark.data
def test_the_figures_are_made_again_to_the_byte(run: Run, data_dir: Path, tmp_path: Path) -> None:
    assert run("ingest", "ucdp-ged", data_dir / EVENT_FILE, "--release", "24.1").code == 0
    for name in ("ucdp-ged-cells", "ucdp-ged-places"):
        assert run("embed", name, "ucdp-ged@24.1", "--out", tmp_path / "made").code == 0
        assert files_of(tmp_path / "made" / name) == files_of(data.RELEASES / name)


def test_names_of_places_count_the_events_and_add_none(tmp_path: Path) -> None:
    rows = [event("a", "2022-01-02", best=3), event("b", "2022-02-02", best=4), event("c", "2022-02-03", best=5)]
    names = ("Gao town", "Gao town", "Elsewhere village")
    put(lake_in(tmp_path), "1", [row | {"place_as_written": name} for row, name in zip(rows, names, strict=True)])
    made = write(embed.places(lake_in(tmp_path).find("made-up@1")), tmp_path / "made")
    table = pq.read_table(next((tmp_path / "made").rglob("place_names.parquet"))).to_pylist()
    assert made.events == 0
    assert PLACE_NAMES.faults(pq.read_table(next((tmp_path / "made").rglob("place_names.parquet"))).schema) == []
    assert [(row["name"], row["named_in"]) for row in table] == [("Elsewhere village", 1), ("Gao town", 2)]
    assert [row["deaths_best"] for row in table if row["name"] == "Elsewhere village"] == [5]


def test_the_embedded_names_know_where_an_article_speaks_of(tmp_path: Path) -> None:
    held = Lake(tmp_path, data.RELEASES).find("ucdp-ged-places@24.1")
    rows = pq.read_table(held.file("place_names")).to_pylist()
    assert sum(row["named_in"] for row in rows) == 5073
    assert {"Djibo town", "Aguelhok village", "Solhan village"} <= {row["name"] for row in rows}
    assert held.file("place_names").stat().st_size < 200_000
    assert not World(Lake(tmp_path, data.RELEASES)).families(Params())[1:]


@pytest.mark.data
def test_the_figures_by_country_are_made_again_with_the_same_rows(run: Run, data_dir: Path, tmp_path: Path) -> None:
    assert run("ingest", "ucdp-ged-country-month", data_dir / COUNTRY_FILE, "--release", "25.1").code == 0
    held = lake_in(tmp_path).find("ucdp-ged-country-month@25.1")
    made = write(embed.country_months(held), tmp_path / "made")
    there = Lake(tmp_path / "other", data.RELEASES).find("ucdp-ged-country-month@25.1")
    assert made.digest == there.release.digest


@settings(max_examples=2, derandomize=True, deadline=None)
@given(event_rows(most=10))
def test_figures_give_the_same_totals_as_the_events_for_whole_months(rows: list[Row]) -> None:
    ways = (("month", "country"), ("cell",), ("kind",), ("dyad",), ("actor",))
    with world_of(rows) as world:
        held = world.lake.find("made-up@1")
        write(cell_months(held), world.lake.embedded)
        figures = World(Lake(world.lake.home / "elsewhere", world.lake.embedded))
        for by in ways:
            one, other = asked(world, "casualties", by=by), asked(figures, "casualties", by=by)
            assert {ref.status for ref in one.releases} != {ref.status for ref in other.releases}
            assert numbers(one) == numbers(other), by


def test_figures_are_the_same_bytes_twice_and_in_any_order(tmp_path: Path) -> None:
    rows = [event(f"e{n}", f"2022-{n % 3 + 1:02d}-02", best=n) for n in range(9)]
    one, other = (tmp_path / name for name in ("one", "other"))
    put(lake_in(one), "1", rows)
    put(lake_in(other), "1", rows[::-1])
    for folder in (one, other):
        release = write(cell_months(lake_in(folder).find("made-up@1")), folder / "made")
        assert (release.rows, release.events) == (3, 9)
    assert (
        files_of(one / "made")["made-up-cells/1/events.parquet"]
        == files_of(other / "made")["made-up-cells/1/events.parquet"]
    )
    before = files_of(one / "made")
    write(cell_months(lake_in(one).find("made-up@1")), one / "made")
    assert files_of(one / "made") == before


def test_figures_keep_the_contract_and_their_key(tmp_path: Path) -> None:
    for name in ("ucdp-ged-cells", "ucdp-ged-country-month"):
        table = pq.read_table(next((data.RELEASES / name).glob("*/events.parquet")))
        assert EVENTS.faults(table.schema) == []
        assert len(set(table["event_id"].to_pylist())) == table.num_rows
        assert all(day.day == 1 for day in table["date_start"].to_pylist())
        assert min(table["n_events"].to_pylist()) >= 1


def test_figures_are_not_made_of_figures(run: Run, tmp_path: Path) -> None:
    line = one_line(run("embed", "ucdp-ged-cells", "ucdp-ged-cells@24.1", "--out", tmp_path / "made"), code=1)
    assert line.startswith("ucdp-ged-cells@24.1 holds no single events to sum.")
    with pytest.raises(LakeError):
        cell_months(Lake(tmp_path, data.RELEASES).find("ucdp-ged-country-month@25.1"))


def test_the_cells_of_countries_are_those_of_the_schema(tmp_path: Path) -> None:
    table: pa.Table = pq.read_table(next((data.RELEASES / "natural-earth-cells").glob("*/cells.parquet")))
    shares = table["land_share"].to_pylist()
    assert len(set(table["cell"].to_pylist())) == table.num_rows
    assert all(0 < share <= 1 for share in shares)
    held = Lake(tmp_path, data.RELEASES).find("natural-earth-cells@10m")
    assert held.release.coverage.start == dt.date(1, 1, 1)
