"""A filter survives being written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from harmattan.vocabulary.criteria import KINDS, Criteria

LAW = settings(derandomize=True, max_examples=200, deadline=None)
words = st.lists(st.text(max_size=20), max_size=3).map(tuple)
filters = st.builds(
    Criteria,
    countries=words,
    start=st.none() | st.dates(),
    end=st.none() | st.dates(),
    kinds=st.lists(st.sampled_from(KINDS), unique=True).map(tuple),
    dyads=words,
    actors=words,
    perpetrators=words,
    cells=st.lists(st.integers(1, 259_200), max_size=3).map(tuple),
    located=st.none() | st.booleans(),
    civilians_killed=st.booleans(),
    table=st.sampled_from(("", "needs")),
    keys=words,
)


@LAW
@given(filters)
def test_json_round_trip(criteria: Criteria) -> None:
    again = Criteria.model_validate_json(criteria.model_dump_json())
    assert again == criteria
    assert again.model_dump_json() == criteria.model_dump_json()


@LAW
@given(filters)
def test_narrowing_sets_what_is_said_and_keeps_the_rest(criteria: Criteria) -> None:
    assert criteria.narrowed() == criteria
    narrowed = criteria.narrowed(countries=("MLI",), end=dt.date(2022, 10, 31))
    assert (narrowed.countries, narrowed.end) == (("MLI",), dt.date(2022, 10, 31))
    assert narrowed.narrowed(countries=criteria.countries, end=criteria.end) == criteria


@pytest.mark.parametrize("wrong", [{"country": ("MLI",)}, {"kinds": ("war",)}, {"start": "soon"}])
def test_what_there_is_not_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Criteria(**wrong)
    with pytest.raises(ValidationError):
        Criteria().narrowed(**wrong)


def test_what_joined_later_is_written_only_where_it_says_something() -> None:
    assert {"table", "keys"}.isdisjoint(Criteria(countries=("MLI",)).model_dump())
    written = Criteria(table="needs", keys=("plans@1:a",)).model_dump(mode="json")
    assert (written["table"], written["keys"]) == ("needs", ["plans@1:a"])
