"""Known answers on the data of the field, through the sources that read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmattan.data import RELEASES
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from harmattan.sources.registry import MODULES
from tests.lake.factory import day
from tests.questions.people import SAHEL, assert_opens_to_rows

FILES = {
    "ocha-hpc": ("needs/ocha_hrp_2021_2024.csv", "2024-06-30"),
    "cadre-harmonise": ("needs/cadre_harmonise_2014_2022.parquet", "2022-12-31"),
    "unhcr-population": ("displacement/unhcr_population_1951_2025.parquet", "2025-06-30"),
}
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not set(FILES) <= set(MODULES), reason="the sources of people and money are not here"),
]
AS_OF = day("2022-10-31")


@pytest.fixture(scope="module")
def field(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Plans, food insecurity and displacement as published."""
    lake = Lake(tmp_path_factory.mktemp("field"), RELEASES)
    for dataset, (name, published) in FILES.items():
        ingest(lake, dataset, [data_dir / name], Options(published=day(published)), retrieved_at=None)
    return World(lake)


def values(world: World, question: str, **where: Any) -> list[float]:
    params = {name: where.pop(name) for name in ("country", "indicator", "population") if name in where}
    found = ask(world, question, Params(**({"country": ("MLI",), "as_of": AS_OF} | params)))
    assert_opens_to_rows(world, found)
    return [row["value"] for row in found.rows if all(row[name] == value for name, value in where.items())]


def test_people_in_need_as_the_dossier_cites_them_from_the_plan(field: World) -> None:
    cited = ask(field, "figures", Params(country=("MLI",), indicator=("people_in_need",), as_of=AS_OF))
    (stated,) = values(field, "needs", dataset="ocha-hpc", indicator=("people_in_need",))
    assert stated == 7_522_833
    assert stated in {row["value"] for row in cited.rows if row["country"] == "MLI" and row["as_of"] == "2022"}


def test_the_total_of_the_country_plans(field: World) -> None:
    found = values(field, "needs", country=SAHEL, indicator=("people_in_need",), scope="total")
    assert found == [4_889_324 + 7_522_833 + 3_654_445]


def test_the_lean_season_of_2022(field: World) -> None:
    found = values(field, "needs", indicator=("ipc_phase_3_plus",), period="projected", plan_code="2022-01")
    assert found == [1_841_064]


def test_refugees_from_and_in_mali_at_the_end_of_2021(field: World) -> None:
    told = {side: values(field, "displacement", population=("refugees",), direction=side) for side in ("in", "from")}
    assert told == {"in": [49_975], "from": [183_392]}
    assert values(field, "displacement", population=("idps",)) == [350_110]
