"""The sections on people near violence and on mines: short where nothing is known, and every number opening."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.appendix import entries
from harmattan.brief.outline import Brief, Section
from harmattan.brief.write import compose
from harmattan.case import Case
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker
from tests.lake.factory import event, put, put_tables
from tests.questions.test_exposure import GRID, point
from tests.questions.test_mines import MINE, facility

LIVING = ("exposure", "mines")
SPEAKER = Speaker("en")


@pytest.fixture(scope="module")
def only(sahel: Case) -> Case:
    return Case.model_validate(sahel.model_dump() | {"sections": LIVING})


@pytest.fixture(scope="module")
def full(only: Case, tmp_path_factory: pytest.TempPathFactory) -> Brief:
    """Made events with points, people and mines, before the embedded releases."""
    lake = Lake(tmp_path_factory.mktemp("living"), RELEASES)
    events = [event(f"e{n}", f"20{12 + n}-03-04", best=n + 1) for n in range(11)]
    events += [event("m", "2022-05-03", best=8, lat=MINE[0], lon=MINE[1])]
    put(lake, "1", events, dataset="ucdp-made", start="2012-01-01", places=("MLI", "BFA", "NER"))
    put_tables(lake, "1", {"population": [*GRID, point(50, 1.0, 9, iso3="NER")]}, dataset="worldpop")
    put_tables(lake, "1", {"facilities": [facility("Pit"), facility("Shaft", 60)]}, dataset="gsmc-facilities")
    inquiry = Inquiry(lake)
    brief = compose(inquiry, only, Params(as_of=only.as_of), "en")
    entries(brief, inquiry)
    return brief


def words(section: Section) -> str:
    return " ".join(SPEAKER.say(text) for text in (*section.lead, *section.notes))


def table(section: Section) -> Sequence[Sequence[str]]:
    assert section.table is not None
    return [[SPEAKER.say(cell) for cell in row] for row in section.table.rows]  # type: ignore[arg-type]


def test_an_empty_home_says_what_is_missing_and_what_the_dossier_knows(inquiry: Inquiry, only: Case) -> None:
    exposure, mines = compose(inquiry, only, Params(as_of=only.as_of), "en").sections
    assert "harmattan fetch worldpop" in words(exposure)
    assert (exposure.picture, exposure.table) == (None, None)
    assert "gsmc-facilities" in words(mines)
    assert mines.picture is None
    assert any("tonnes of gold" in row[2] for row in table(mines))


def test_people_by_country_and_distance(full: Brief) -> None:
    section = full.sections[0]
    assert [row[:3] for row in table(section) if row[0] == "Mali"] == [
        ["Mali", "1 km", "11"], ["Mali", "2 km", "111"], ["Mali", "5 km", "1,111"]]  # fmt: skip
    assert section.picture is not None
    drawn = [row for row in values_of(section.picture.spec) if "reach" in row]
    assert {row["year"] for row in drawn} == {str(year) for year in range(2012, 2023)}
    assert max(row["people"] for row in drawn) == 1111


def test_mines_beside_cells_without(full: Brief) -> None:
    section = full.sections[1]
    rows = table(section)
    assert [row[0] for row in rows] == ["near mines", "cells like theirs without a mine"] * 2
    assert rows[0][2:6] == ["2", "1", "1", "8"]
    assert "A difference is no effect" in words(section)
    assert "65.1 tonnes of gold (Financial Post (Reuters), 2020-01-15)" in words(section)
    assert section.picture is not None
    drawn = values_of(section.picture.spec)
    assert {row["name"] for row in drawn if "deaths" in row and "name" in row} == {"Pit", "Shaft"}
    assert {row["side"] for row in drawn if "side" in row} == {"near mines", "cells like theirs without a mine"}


def values_of(spec: Any) -> list[dict[str, Any]]:
    """Every value that a picture draws."""
    if isinstance(spec, list):
        return [row for part in spec for row in values_of(part)]
    if not isinstance(spec, dict):
        return []
    named = [row for rows in spec.get("datasets", {}).values() for row in rows]
    own = spec["values"] if isinstance(spec.get("values"), list) and spec["values"] else named
    found = [row for row in own if isinstance(row, dict)]
    return found + [row for part in spec.values() for row in values_of(part)]


def test_the_pictures_are_drawn(full: Brief, tmp_path: Path) -> None:
    import vl_convert

    for section in full.sections:
        assert section.picture is not None
        assert len(vl_convert.vegalite_to_png(section.picture.spec)) > 5000
