"""The sections on borders and on the spread of the most active group: said, drawn, and dated as the answers say."""

from __future__ import annotations

import json
from typing import Any

from harmattan.brief.outline import Brief, Section
from harmattan.text.speaker import Speaker


def section(composed: Brief, name: str) -> Section:
    return next(one for one in composed.sections if one.name == name)


def values(spec: Any, field: str) -> set[str]:
    """Every value of a field in the data of a picture."""
    if isinstance(spec, dict):
        own = {str(spec[field])} if field in spec and not isinstance(spec[field], dict | list) else set()
        return own.union(*(values(part, field) for part in spec.values()))
    return set().union(*(values(part, field) for part in spec)) if isinstance(spec, list) else set()


def test_deaths_along_borders_are_drawn_by_strip_and_year(composed: Brief) -> None:
    found = section(composed, "borders")
    assert "100 km from a border, 2022:" in str(found.lead[0])
    assert "By groups based in another country" in str(found.lead[1])
    assert found.picture is not None
    assert values(found.picture.spec, "strip") == {"50 km", "100 km"}
    assert values(found.picture.spec, "year") >= {"2012", "2022"}
    assert len(found.picture.spec["concat"]) == 6
    assert found.table is not None
    assert str(found.table.rows[0][0]) == "Burkina Faso and Mali"
    assert any("2022 runs to 31 October 2022" in str(note) for note in found.notes)


def test_the_spread_is_dated_by_country_and_coloured_by_year(composed: Brief) -> None:
    found = section(composed, "expansion")
    assert "JNIM is first seen in Mali (March 2017), Burkina Faso (July 2017), Niger (July 2017)" in str(found.lead[0])
    assert found.picture is not None
    assert values(found.picture.spec, "year") == {"2017", "2018", "2019", "2020", "2021", "2022"}
    assert "Togo\\n2022-05" in json.dumps(found.picture.spec, ensure_ascii=False)
    assert found.table is not None
    days = [Speaker("en").say(row[1]) for row in found.table.rows]
    assert days == ["March 2017", "July 2017", "July 2017", "February 2020", "May 2022"]
