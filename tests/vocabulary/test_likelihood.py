"""Words of likelihood: the scale of ICD 203, each word at its borders, and its mirror image."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.vocabulary.likelihood import SCALE, in_percent, likelihood

BORDERS = [
    (0, "almost no chance"),
    (5, "almost no chance"),
    (5.1, "very unlikely"),
    (20, "very unlikely"),
    (20.1, "unlikely"),
    (44.9, "unlikely"),
    (45, "roughly even chance"),
    (50, "roughly even chance"),
    (55, "roughly even chance"),
    (55.1, "likely"),
    (79.9, "likely"),
    (80, "very likely"),
    (94.9, "very likely"),
    (95, "almost certain"),
    (100, "almost certain"),
]


@pytest.mark.parametrize(("percent", "word"), BORDERS)
def test_the_word_at_each_border(percent: float, word: str) -> None:
    assert str(likelihood(percent)) == word


@given(st.integers(0, 1000))
def test_a_probability_and_its_opposite_mirror_each_other(tenths: int) -> None:
    words = list(map(str, SCALE))
    one, other = likelihood(tenths / 10), likelihood((1000 - tenths) / 10)
    assert words.index(str(one)) == len(words) - 1 - words.index(str(other))


def test_more_is_never_said_with_a_weaker_word() -> None:
    words = list(map(str, SCALE))
    said = [words.index(str(likelihood(n / 10))) for n in range(1001)]
    assert said == sorted(said)
    assert set(said) == set(range(7))


@pytest.mark.parametrize("percent", [-0.1, 100.1, float("nan")])
def test_what_is_no_probability_has_no_word(percent: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        likelihood(percent)


def test_nothing_is_certain_and_nothing_impossible() -> None:
    assert [str(in_percent(p, "x")) for p in (0, 0.9, 1, 99, 99.1, 100)] == [
        "under 1 %", "under 1 %", "1 %", "99 %", "over 99 %", "over 99 %"]  # fmt: skip
