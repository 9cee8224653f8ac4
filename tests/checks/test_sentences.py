"""What the printed sentences say, word for word where a reader would stumble otherwise."""

from __future__ import annotations

import pytest

from harmattan.checks.asker import Asker
from harmattan.checks.verdict import PartResult
from harmattan.cli import checked as terminal
from harmattan.export.checked import _part as exported
from harmattan.text.speaker import Speaker
from tests.checks.askers import judged

YEAR = {"start": "2021-11", "end": "2022-10"}


def said(found: PartResult) -> str:
    return str(found.sentence)


def test_where_one_record_is_told_it_is_said_how_it_is_coded(either: Asker) -> None:
    found = judged(either, "value", start="2022-03", by="FAMa", measure="civilians", value=300, take="max")
    assert said(found).endswith(
        "That record is coded as fighting between Government of Mali and JNIM (state-based violence)."
    )


def test_an_attack_on_civilians_is_told_as_such(either: Asker) -> None:
    found = judged(either, "value", start="2022", by="ISGS", kind="one_sided", measure="civilians", value=1, take="max")
    assert said(found).endswith("That record is coded as one-sided violence by IS.")


def test_a_sum_of_many_records_has_no_coding(either: Asker) -> None:
    assert "coded as" not in said(judged(either, "value", **YEAR, value=3433))


def test_a_first_time_is_found_as_a_date_and_not_as_a_number_of_events(either: Asker) -> None:
    found = judged(either, "first", "NER", actor="JNIM", date="2017")
    assert str(found.found) in said(found)
    told = exported(found, Speaker("en"))
    assert (told.best, told.unit, told.found) == (None, None, str(found.found))
    assert terminal._found(found, Speaker("en")) == str(found.found)


def test_a_rate_has_its_unit_and_enough_decimals(either: Asker) -> None:
    found = judged(either, "count", **YEAR, place="Gao; Kidal", actor="JNIM", value=0.9, per="day")
    assert str(found.unit) == "events a day"
    assert "0.00 events" not in said(found)
    assert "claim of 0.9 " in said(found)


def test_a_rank_says_which_periods_are_compared(either: Asker) -> None:
    found = judged(either, "rank", end="2022-10-31", since="2012")
    assert "rank 1 among the periods of 12 months that end in January 2012 or later" in said(found)


@pytest.mark.parametrize(("factor", "words"), [(2, "at most 50 % of that"), (4, "at most 25 % of that")])
def test_many_times_less_is_said_as_a_part(either: Asker, factor: float, words: str) -> None:
    found = judged(either, "compare", start="2021", is_="less", factor=factor, than={"from": "2022"})
    assert words in said(found)


def test_what_a_part_is_narrowed_to_stands_in_one_bracket(either: Asker) -> None:
    assert "(JNIM; against ISGS)" in said(judged(either, "exists", start="2020", actor="JNIM", against="ISGS"))
