"""What a case file says of tables of one's own is checked whole before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmattan.case import Case, load_case
from harmattan.errors import UsageError

HEAD = """
name = "mine"
title = {en = "Mine"}
focus = "MLI"
countries = ["MLI"]
since = 2012-01-01
as_of = 2022-12-31
"""
TABLE = """
[tables.desk]
contract = "events"
title = "Incidents"
publisher = "A desk"
licence = "internal"
citation = "A desk (2024)"
columns = {event_id = "id", date_start = "date", deaths_best = "dead", iso3 = "country"}
"""


def loaded(folder: Path, table: str = TABLE) -> Case:
    path = folder / "my.toml"
    path.write_text(HEAD + table, encoding="utf-8")
    return load_case(str(path), folder / "none")


def test_a_table_is_handed_over_with_its_data_set(tmp_path: Path) -> None:
    said = loaded(tmp_path).table("own-desk")
    assert (said["dataset"], said["contract"], said["redistributable"]) == ("own-desk", "events", False)
    assert (said["date_format"], said["decimal"], said["delimiter"]) == ("%Y-%m-%d", ".", None)


def test_a_table_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no table other\. There are: own-desk\. .*\[tables\.other\]"):
        loaded(tmp_path).table("own-other")


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ('contract = "events"', 'contract = "event"', "there is no contract event; there are events, displacement"),
        ("deaths_best =", "death_best =", r"takes no column death_best \(Did you mean deaths_best"),
        ("event_id =", "side_a =", "takes no column side_a"),
        ("event_id =", "cell =", "takes no column cell"),
        (', deaths_best = "dead"', "", "events also need deaths_best"),
        (', iso3 = "country"', "", "events also need iso3, or lat and lon"),
        ('date_start = "date", ', "", "events also need date_start"),
        ("[tables.desk]", "[tables.Desk_1]", "cannot be named Desk_1"),
        ('title = "Incidents"', 'titel = "Incidents"', "titel: Extra inputs are not permitted"),
        ('licence = "internal"', "", "licence: Field required"),
        ('licence = "internal"', 'licence = "i"\nvalues = {iso3 = "MLI"}', "iso3 has both a column and a value"),
        ('licence = "internal"', 'licence = "i"\nvalues = {violence = "war"}', "violence is war, not one of state_bas"),
        ('licence = "internal"', 'licence = "i"\ntranslate = {violence = {a = "b"}}', "violence has no column"),
        ('licence = "internal"', 'licence = "i"\ntranslate = {iso3 = {a = "XYZ"}}', "There is no country XYZ"),
        ('licence = "internal"', 'licence = "i"\ndecimal = ";"', "decimal"),
        ('licence = "internal"', 'licence = "i"\ndelimiter = "::"', "delimiter"),
        ('licence = "internal"', 'licence = "i"\ndate_format = "dd/mm/yyyy"', "date_format dd/mm/yyyy has no year"),
    ],
)
def test_every_fault_is_named(tmp_path: Path, was: str, now: str, fault: str) -> None:
    assert was in TABLE
    with pytest.raises(UsageError, match=fault) as told:
        loaded(tmp_path, TABLE.replace(was, now))
    assert "\n" not in str(told.value)


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    broken = TABLE.replace("deaths_best =", "dead =").replace("event_id =", "ident =")
    with pytest.raises(UsageError) as told:
        loaded(tmp_path, broken)
    for words in ("no column dead", "no column ident", "also need event_id, deaths_best"):
        assert words in str(told.value)


def test_a_case_without_tables_has_none(tmp_path: Path) -> None:
    tables: dict[str, Any] = dict(loaded(tmp_path, "").tables)
    assert tables == {}
