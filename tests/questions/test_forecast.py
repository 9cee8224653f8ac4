"""Forecasts: the numbers are those of the draws, the words those of the numbers, and what was drawn is drawn once."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan import data
from harmattan.errors import UsageError
from harmattan.export.sheet import of_answer
from harmattan.ingest import ingest
from harmattan.lake.kept import FOLDER
from harmattan.lake.shelf import Lake
from harmattan.models.draws import forecast as draw
from harmattan.models.registry import MODELS
from harmattan.questions import foreseen
from harmattan.questions.answer import Answer
from harmattan.questions.areas import drawn
from harmattan.questions.forecast import Summary
from harmattan.questions.forecast_areas import ground_of, zones
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.panels import monthly
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.likelihood import likelihood
from tests.places.made import row as area
from tests.questions.foretold import COUNTRIES, SMALL, add, foretold, past, small_models
from tests.questions.test_areas import put_areas
from tests.questions.worlds import assert_opens, put_closed, world_in


@pytest.fixture(autouse=True)
def share_draws() -> None:
    """Here every home keeps its own draws, as a user's does."""


AS_OF = dt.date(2022, 10, 31)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_models(monkeypatch)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return foretold(tmp_path)


def told(world: World, **said: Any) -> Answer:
    return ask(world, "forecast", Params(**({"country": ("MLI", "NER"), "as_of": AS_OF} | said)))


def plain(answer: Answer) -> str:
    return json.dumps(answer.as_json(Speaker("en")), sort_keys=True)


def words(answer: Answer) -> str:
    return " ".join(str(text) for text in (answer.headline, *answer.caveats))


def test_the_numbers_are_those_of_the_draws(world: World) -> None:
    found = told(world, window=3)
    panel = monthly(world, Params(country=("MLI",), as_of=AS_OF)).panel
    drawn = draw(SMALL, panel, (1, 2, 3), foreseen.DRAWS, foreseen.SEED)
    assert [(row["country"], row["period"], row["ahead"]) for row in found.rows[:5]] == [
        ("MLI", "2022-11/2023-01", None), ("MLI", "2022-11", 1), ("MLI", "2022-12", 2), ("MLI", "2023-01", 3),
        ("NER", "2022-11/2023-01", None)]  # fmt: skip
    total, month = drawn.of("MLI").sum(axis=0), drawn.of("MLI")[1]
    before = panel.values[panel.units.index("MLI"), -3:].sum()
    for row, values, past_ in ((found.rows[0], total, before), (found.rows[2], month, before / 3)):
        assert row["mean"] == pytest.approx(values.mean(), abs=0.05)
        assert row["chance_none"] == pytest.approx(100 * (values == 0).mean(), abs=0.05)
        assert row["chance_over_25"] == pytest.approx(100 * (values > 25).mean(), abs=0.05)
        assert row["chance_more"] == pytest.approx(100 * (values > past_).mean(), abs=0.05)
        assert row["before"] == pytest.approx(past_, abs=0.05)
        assert str(row["likelihood"]) == str(likelihood(row["chance_more"]))
        assert (values < row["low90"]).mean() <= 0.05
        assert (values > row["high90"]).mean() <= 0.05
    assert found.rows[0]["mean"] == pytest.approx(sum(row["mean"] for row in found.rows[1:4]), abs=0.2)


def test_measures_run_in_order(world: World) -> None:
    for row in told(world, country=COUNTRIES).rows:
        assert row["low90"] <= row["low50"] <= row["median"] <= row["high50"] <= row["high90"]
        chances = [row[f"chance_over_{n}"] for n in (25, 100, 1000, 10000)]
        assert chances == sorted(chances, reverse=True)
        assert 0 <= chances[0] <= 100 - row["chance_none"] + 0.1


def test_a_summary_of_known_draws() -> None:
    draws = np.array([[[0.0, 0.0, 30.0, 2000.0]]], np.float32)
    row = Summary.of(draws, np.array([[10.0]])).row(0, 0)
    assert (row["mean"], row["median"], row["chance_none"], row["chance_more"]) == (507.5, 0, 50, 50)
    assert (row["chance_over_25"], row["chance_over_100"], row["chance_over_1000"]) == (50, 25, 25)
    assert str(row["likelihood"]) == "roughly even chance"
    unknown = Summary.of(draws, np.array([[np.nan]])).row(0, 0)
    assert (unknown["before"], unknown["chance_more"], unknown["likelihood"]) == (None, None, None)


def test_a_quiet_country_is_forecast_with_honest_zeros(world: World) -> None:
    (row, *_months) = told(world, country=("SEN",)).rows
    assert row["before"] == 0
    assert row["median"] == 0
    assert row["chance_none"] > 45
    assert row["chance_more"] == pytest.approx(100 - row["chance_none"], abs=0.11)


@pytest.mark.parametrize("said", [{}, {"by": ("cell",)}, {"by": ("cell", "month"), "window": 2}])
def test_every_row_opens_to_the_past_that_it_rests_on(world: World, said: dict[str, Any]) -> None:
    found = told(world, **said)
    assert_opens(world, found)
    inquiry = Inquiry(world.lake)
    answer = inquiry.ask("forecast", Params(country=("MLI", "NER"), as_of=AS_OF, **said))
    again = inquiry.find(answer.id)
    assert again.rows == answer.rows
    assert inquiry.rows(again, 0).table.num_rows == answer.rows[0]["records"]
    days = inquiry.rows(again, 0).table["date_start"].to_pylist()
    assert max(days, default=AS_OF) <= AS_OF


def test_nothing_after_the_origin_changes_a_draw(world: World, tmp_path: Path) -> None:
    later = foretold(tmp_path / "other", {"MLI82": 5000, "NER83": 900})
    assert told(world).rows == told(later).rows
    earlier = foretold(tmp_path / "third", {"MLI81": 5000})
    assert told(world).rows != told(earlier).rows


def test_other_countries_asked_about_change_nothing(world: World) -> None:
    alone, both = told(world, country=("NER",)), told(world)
    assert alone.rows == both.rows[13:]


def test_cells_add_up_to_their_countries(world: World) -> None:
    cells, countries = told(world, by=("cell",)), told(world)
    assert {row["cell"] for row in cells.rows} >= {150721}
    for code in ("MLI", "NER"):
        total = next(row["mean"] for row in countries.rows if row["country"] == code)
        own = [row["mean"] for row in cells.rows if row["country"] == code]
        assert sum(own) == pytest.approx(total, abs=0.05 * (len(own) + 1))
    assert "are coded to a region or the country only" in words(cells)
    assert cells.chart.kind == "cells"


WEST, EAST = (-60.5, 14, -60, 15), (-60, 14, -59.5, 14.6)
"""Mali's cells are 150000 and 150720, in the west, and 150721, whose middle is north of the east; Niger's is 150001."""


@pytest.fixture
def mapped(world: World) -> World:
    """That world with two areas of Mali that were drawn before, one that was drawn later, and none of Niger."""
    since = {"valid_from": dt.date(2015, 1, 1), "valid_to": dt.date(2022, 11, 30)}
    put_areas(world, "v01", [area("West", WEST, **since), area("East", EAST, **since),
                               area("Town", (-60.2, 14.1, -60.1, 14.2), **since)])  # fmt: skip
    put_areas(world, "v02", [area("All", (-61, 13, -59, 16), division="new", valid_from=dt.date(2022, 12, 1))])
    return world


def test_areas_are_the_sums_of_the_cells_whose_middle_they_hold(mapped: World) -> None:
    found, cells = told(mapped, by=("admin1",)), told(mapped, by=("cell",))
    assert [(row["country"], row["admin1"], row["admin1_id"]) for row in found.rows] == [
        ("MLI", "East", "old/1/East"), ("MLI", "West", "old/1/West"), ("NER", None, None)]  # fmt: skip
    own = {row["cell"]: row for row in cells.rows}
    for row, cell in ((found.rows[0], 150721), (found.rows[2], 150001)):
        for name in ("mean", "median", "low90", "high90", "before", "chance_more", "events", "records"):
            assert row[name] == own[cell][name], name
    for name in ("before", "events", "records"):
        assert found.rows[1][name] == own[150000][name] + own[150720][name], name
    assert found.rows[1]["mean"] == pytest.approx(own[150000]["mean"] + own[150720]["mean"], abs=0.11)
    assert {ref.name for ref in found.releases} == {"made-up@1", "made-cells@1", "drawn@v01"}
    assert "cell" not in found.rows[0]
    assert (found.chart.kind, found.chart.y) == ("bars", "admin1")
    said = words(found)
    for part in ("in force on 31 October 2022", "Mali: 1 cell with ", "count in the nearest",
                 "Mali: no cell has its middle in Town, so no row is theirs",
                 "Niger: no boundaries for 31 October 2022 are here; the row without an area has 1 cell with ",
                 "Only forecasts of countries and of cells are held against past months"):  # fmt: skip
        assert part in said, part
    assert "No backtest is on record" not in said
    assert "2 first-order areas, the most deaths are expected in West in Mali: " in said


def test_areas_cells_and_countries_add_up_draw_by_draw(mapped: World) -> None:
    said = Params(country=("MLI", "NER", "SEN"), as_of=AS_OF, window=3)
    cells, whole = foreseen.foreseen(mapped, said, "cell"), foreseen.foreseen(mapped, said, "country")
    assert cells.unplaced["SEN"].any()
    found = zones(cells, ground_of(*drawn(mapped.lake, said), cells.monthly), said.country)
    for code in said.country:
        sums = np.sum([zone.draws for zone in found if zone.country == code], axis=0)
        own = [n for n, unit in enumerate(cells.panel.units) if cells.monthly.country_of[unit] == code]
        assert np.array_equal(sums, cells.forecast.draws[own].sum(axis=0) + cells.unplaced[code])
        assert np.array_equal(np.sort(sums, axis=1), np.sort(whole.of(code), axis=1)), "in each month, in some order"


def test_months_of_areas_add_up_to_those_of_their_countries(mapped: World) -> None:
    said: dict[str, Any] = {"country": ("MLI", "NER"), "window": 2}
    found, countries = told(mapped, by=("admin1", "month"), **said), told(mapped, **said)
    assert [row["period"] for row in found.rows[:3]] == ["2022-11/2022-12", "2022-11", "2022-12"]
    for row in countries.rows:
        fits = [one for one in found.rows if (one["country"], one["period"]) == (row["country"], row["period"])]
        assert sum(one["mean"] for one in fits) == pytest.approx(row["mean"], abs=0.05 * (len(fits) + 1))
    assert (found.chart.kind, found.chart.series) == ("fan", "admin1")


@pytest.mark.parametrize("country", [("MLI", "NER"), ("SEN",), ("SEN", "BFA")])
def test_areas_open_to_the_past_of_their_cells_and_are_found_again(mapped: World, country: tuple[str, ...]) -> None:
    assert_opens(mapped, told(mapped, by=("admin1",), country=country))
    inquiry = Inquiry(mapped.lake)
    answer = inquiry.ask("forecast", Params(country=country, as_of=AS_OF, by=("admin1",)))
    put_areas(mapped, "v03", [area("Anew", (-61, 13, -59, 16), division="x", valid_from=dt.date(2020, 1, 1))])
    again = Inquiry(mapped.lake).find(answer.id)
    assert (again.rows, again.row_criteria) == (answer.rows, answer.row_criteria)
    assert told(World(mapped.lake), by=("admin1",), country=("MLI",)).rows[0]["admin1"] == "Anew"


def test_a_country_without_cells_has_all_that_is_expected_in_the_row_without_an_area(mapped: World) -> None:
    said: dict[str, Any] = {"country": ("SEN",), "window": 3}
    found = told(mapped, by=("admin1",), **said)
    (row,) = found.rows
    assert row["mean"] == told(mapped, **said).rows[0]["mean"] > 0
    assert (row["admin1"], row["before"], row["likelihood"], row["records"]) == (None, None, None, 0)
    assert "Senegal: " in words(found)
    assert "expected fall to no cell" in words(found)
    assert told(mapped, by=("cell",), **said).rows == ()


def test_areas_need_boundaries_and_are_not_asked_together_with_cells(world: World) -> None:
    with pytest.raises(UsageError, match=r"No boundaries here draw the areas of admin1\..*ingest cod-ab FILE"):
        told(world, by=("admin1",))
    with pytest.raises(UsageError, match="by cell or by first-order area, not by both"):
        told(world, by=("admin1", "cell"))


@pytest.mark.data
def test_real_cells_in_real_regions(data_dir: Path, tmp_path: Path) -> None:
    lake = Lake(tmp_path, data.RELEASES)
    regions = data_dir / "geo" / "ne10m_admin1_west_africa.geojson"
    ingest(lake, "boundaries", [regions], Options("old", dt.date(2022, 6, 30)), retrieved_at=None)
    said: dict[str, Any] = {"country": ("MLI",), "window": 2}
    found, country = told(World(lake), by=("admin1",), **said), told(World(lake), **said).rows[0]
    assert {row["admin1"] for row in found.rows} == {
        "Gao", "Kayes", "Kidal", "Koulikoro", "Mopti", "Sikasso", "Ségou", "Timbuktu"}  # fmt: skip
    assert "Mali: no cell has its middle in Bamako" in words(found)
    assert sum(row["mean"] for row in found.rows) == pytest.approx(country["mean"], abs=0.5)
    assert max(found.rows, key=lambda row: row["mean"])["admin1"] in ("Mopti", "Gao")


def test_the_same_question_is_the_same_bytes(world: World, tmp_path: Path) -> None:
    first = plain(told(world))
    assert plain(told(World(world.lake))) == first, "from what was kept"
    shutil.rmtree(world.lake.home / FOLDER)
    assert plain(told(World(world.lake))) == first, "drawn anew"
    assert plain(told(foretold(tmp_path / "twin"))) == first, "in another home"


def test_what_was_drawn_is_used_and_not_after_a_release_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def spy(*args: Any) -> Any:
        drawn.append(args[0].name)
        return draw(*args)

    monkeypatch.setattr(foreseen, "forecast", spy)
    first = told(world)
    told(World(world.lake), country=("BFA",))
    assert drawn == ["pooled"], "what is drawn for one country is drawn for all"
    told(World(world.lake), model="fading4")
    told(World(world.lake), covariate="none")
    told(World(world.lake), window=6)
    assert drawn == ["pooled", "fading4", "pooled", "pooled"]
    add(world, past({"MLI80": 77}), "2", "2023-07-31")
    changed = told(World(world.lake))
    assert len(drawn) == 5
    assert changed.rows != first.rows
    assert told(World(world.lake), release=("made-up@1",)).rows == first.rows
    assert len(drawn) == 5


@pytest.mark.skipif(os.name == "nt", reason="folders of others are not guarded like that there")
def test_a_home_that_cannot_be_written_answers(world: World, tmp_path: Path) -> None:
    first = told(world)
    blocked = tmp_path / "blocked"
    shutil.copytree(world.lake.home / "lake", blocked / "lake")
    (blocked / FOLDER).write_text("no folder", encoding="utf-8")
    assert told(World(Lake(blocked, world.lake.embedded))).rows == first.rows


def test_what_a_licence_hides_ends_the_past(tmp_path: Path) -> None:
    from harmattan.vocabulary.origin import Hidden

    world = foretold(tmp_path)
    held = world.lake.find("made-up@1")
    why = Hidden(places=("MLI",), after=dt.date(2022, 6, 30), why="the licence shows nothing newer")
    coverage = held.release.coverage.model_copy(update={"end": dt.date(2022, 6, 30), "hidden": why})
    shown = held.release.model_copy(update={"coverage": coverage})
    (held.path / "release.json").write_text(shown.model_dump_json(), encoding="utf-8")
    found = told(world, country=("MLI",))
    assert (found.rows[1]["origin"], found.rows[1]["period"]) == ("2022-06", "2022-07")
    assert "Hidden by your licence after 30 June 2022: Mali" in words(found)
    assert "the months ahead are counted from there" in words(found)


def test_hindsight_and_what_the_model_does_not_know_are_said(world: World) -> None:
    said = words(told(world))
    for part in ("This is hindsight: made-up@1", "no plans, talks, elections", "as the source counts them",
                 "No backtest is on record", "learned from 4 countries"):  # fmt: skip
        assert part in said, part
    assert "past deaths and nothing else" in words(told(world, covariate="none"))


def test_the_headline_says_how_likely_more_is(world: World) -> None:
    row = told(world, country=("MLI",)).rows[0]
    headline = str(told(world, country=("MLI",)).headline)
    assert headline.startswith(f"Mali, November 2022 to October 2023: {round(row['mean'])} deaths expected (90 %: ")
    assert f"more than that: {likelihood(row['chance_more'])} (" in headline


def test_a_forecast_of_too_many_months_or_by_no_model_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="37 months is too long"):
        told(world, window=37)
    with pytest.raises(UsageError, match="no model called oracle"):
        told(world, model="oracle")
    with pytest.raises(UsageError, match="takes no --by year"):
        told(world, by=("year",))


def test_sums_of_a_closed_release_are_shown_and_its_records_are_not(tmp_path: Path) -> None:
    from harmattan.questions.evidence import closed_in, lists_records

    world = world_in(tmp_path)
    put_closed(world.lake, "1", past(), places=COUNTRIES, start="2016-01-01")
    found = told(world)
    assert not lists_records(found)
    assert [ref.name for ref in closed_in(found, 0)] == ["made-up@1"]
    assert of_answer(found, Speaker("en"))


def test_the_embedded_figures_forecast_niger_alone_and_with_nigeria(embedded: World) -> None:
    found = ask(embedded, "forecast", Params(country=("NER", "NGA+NER"), as_of=AS_OF))
    assert {row["country"] for row in found.rows} == {"NER", "NGA+NER"}
    names = {"ucdp-ged-cells@24.1", "ucdp-ged-country-month@25.1", "forecast-skill@2023-12-country"}
    assert {ref.name for ref in found.releases} == names
    sums = {row["country"]: row for row in found.rows if row["ahead"] is None}
    assert sums["NER"]["before"] == 838
    assert sums["NER"]["mean"] < sums["NGA+NER"]["mean"]
    alone = ask(embedded, "forecast", Params(country=("NGA",), as_of=AS_OF))
    assert alone.rows == ()
    assert "ask for NGA+NER" in words(alone)


def test_syria_by_the_embedded_figures(tmp_path: Path) -> None:
    inquiry = Inquiry(Lake(tmp_path, data.RELEASES))
    said = Params(country=("SYR",), as_of=dt.date(2018, 12, 31), window=6)
    found = inquiry.ask("forecast", said)
    assert (found.rows[0]["period"], len(found.rows)) == ("2019-01/2019-06", 7)
    by_cell = ask(inquiry.world, "forecast", replace(said, by=("cell",)))
    assert by_cell.rows == ()
    assert str(by_cell.headline).startswith("Not covered: ")


def test_all_models_of_the_registry_forecast(world: World) -> None:
    for name in MODELS:
        assert told(world, model=name, window=2).rows[0]["model"] == name
