"""What an engine keeps of events: put together once, right for whatever is asked of it, and never without bound."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.lake import tables
from harmattan.lake.shelf import Lake
from harmattan.questions import settled
from harmattan.questions.evidence import opened
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from tests.lake.factory import event, lake_in, put

Settling = list[str]


@pytest.fixture
def settling(monkeypatch: pytest.MonkeyPatch) -> Settling:
    """The names under which something was settled, as it happens."""
    names: Settling = []
    own = tables.settle

    def noted(engine: Any, rows: Any, name: str, room: int, **said: Any) -> Any:
        names.append(name)
        return own(engine, rows, name, room, **said)

    monkeypatch.setattr(tables, "settle", noted)
    return names


def yearly(lake: Lake, label: str = "24.1") -> None:
    rows = [event("1", "2022-05-01", best=3), event("2", "2023-07-01", best=5), event("n", "2023-01-01", iso3="NER")]
    put(lake, label, rows, start="2022-01-01", end="2023-12-31", published="2024-06-30")


def monthly(lake: Lake) -> None:
    put(lake, "24.0.7", [event("3", "2024-07-04", best=7)], status="candidate", start="2024-07-01", end="2024-07-31",
        published="2024-08-28")  # fmt: skip


def deaths(world: World, **said: Any) -> dict[str, int | None]:
    """Deaths by year, in Mali where nothing else is said."""
    answer = ask(world, "casualties", Params(**({"country": ("MLI",), "by": ("year",)} | said)))
    return {row["period"]: row["deaths_best"] for row in answer.rows}


def test_other_days_of_the_same_are_not_put_together_again(tmp_path: Path, settling: Settling) -> None:
    world = World(lake_in(tmp_path))
    yearly(world.lake)
    assert deaths(world) == {"2022": 3, "2023": 5}
    once = list(settling)
    assert deaths(world, start=dt.date(2023, 1, 1), end=dt.date(2023, 6, 30)) == {"2023": 0}
    assert deaths(world, start=dt.date(2023, 7, 1), end=dt.date(2023, 7, 1)) == {"2023": 5}
    assert settling == once


def test_when_a_release_comes_what_was_there_stays(tmp_path: Path, settling: Settling) -> None:
    world = World(lake_in(tmp_path))
    yearly(world.lake)
    before = deaths(world)
    n_before = len(settling)
    monthly(world.lake)
    later = world.again()
    assert later.engine is world.engine
    assert deaths(later, start=dt.date(2022, 1, 1), end=dt.date(2023, 12, 31)) == before
    assert len(settling) == n_before
    assert deaths(later) == {"2022": 3, "2023": 5, "2024": 7} == deaths(World(world.lake))


def test_a_release_that_is_another_under_the_same_name_is_not_taken_for_it(tmp_path: Path) -> None:
    import shutil

    world = World(lake_in(tmp_path))
    yearly(world.lake)
    assert deaths(world)["2022"] == 3
    shutil.rmtree(world.lake.find("24.1").path)
    put(world.lake, "24.1", [event("1", "2022-05-01", best=30)], start="2022-01-01", end="2023-12-31",
        published="2024-06-30")  # fmt: skip
    assert deaths(world.again())["2022"] == 30


def test_two_releases_with_the_same_rows_are_two(tmp_path: Path) -> None:
    world = World(lake_in(tmp_path))
    for label in ("1", "2"):
        put(world.lake, label, [event("x", "2022-05-01")], start="2022-01-01", end="2022-12-31")
    one, two = world.lake.releases()
    assert one.release.digest == two.release.digest
    for held in (one, two):
        answer = ask(world, "casualties", Params(country=("MLI",), release=(held.release.name,)))
        assert opened(world, answer).to_pyarrow()["release"].to_pylist() == [held.release.name]


def test_what_names_mean_is_copied_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "MOST_NAMED", 3)
    world = World(Lake(tmp_path, data.RELEASES))
    put(world.lake, "1", [event("x", "2022-05-01", actors_a=["JNIM"], actors_b=["B"])], dataset="ucdp-ged",
        start="2022-01-01", end="2022-12-31")  # fmt: skip
    for day in range(1, 11):
        said = {"known_by": dt.date(2040, 1, day), "release": ("ucdp-ged@1",)}
        rows = ask(world, "actors", Params(country=("MLI",), level="actor", **said)).rows
        assert {str(row["actor"]) for row in rows} == {"Jama'at Nusrat al-Islam wal-Muslimin", "B"}
    assert world.settled._taken == 3


def test_selections_of_several_releases_are_dropped_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "MOST_JOINED", 3)
    world = World(lake_in(tmp_path))
    yearly(world.lake)
    monthly(world.lake)
    for day in range(1, 12):
        assert sum(n or 0 for n in deaths(world, start=dt.date(2023, 1, day)).values()) == 12
    there = {row[0] for row in world.engine.raw_sql("SELECT table_name FROM information_schema.tables").fetchall()}
    assert len(world.settled._joined) == 3
    assert len([name for name in there if name.startswith("events_")]) <= 2 * (3 + len(world.settled._kept))


def test_an_actor_of_the_dossier_is_counted_alike_wherever_its_names_come_from(tmp_path: Path) -> None:
    """Of the whole lake few events have a name that the dossier knows; a country alone, or nearly all of them."""
    lake = Lake(tmp_path, data.RELEASES)
    whole = ask(World(lake), "actor", Params(actor=("jnim",)))
    apart = [
        row
        for country in ("MLI", "BFA", "NER", "BEN")
        for row in ask(World(lake), "actor", Params(actor=("jnim",), country=(country,))).rows
        if row["aspect"] == "activity"
    ]
    found = {row["detail"]: row["deaths_best"] for row in whole.rows if row["aspect"] == "activity"}
    assert {row["detail"]: row["deaths_best"] for row in apart}.items() <= found.items()
    assert found["MLI"] > 1000


def test_names_no_dossier_knows_stay_as_written(tmp_path: Path) -> None:
    world = World(Lake(tmp_path, data.RELEASES))
    put(world.lake, "1", [event("x", "2022-05-01", actors_a=["Nobody knows them"], actors_b=["B", "A", "B"])],
        start="2022-01-01", end="2022-12-31")  # fmt: skip
    rows = ask(world, "actors", Params(country=("MLI",), level="actor", release=("made-up@1",))).rows
    assert {row["actor"] for row in rows} == {"Nobody knows them", "A", "B"}
