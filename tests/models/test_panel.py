"""What a panel holds, what it forgets, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.panel import Panel, of_rows
from harmattan.vocabulary.period import Month

START = Month(2020, 11)


def panel() -> Panel:
    values = np.arange(12.0).reshape(3, 4)
    values[1, 2] = np.nan
    return Panel(("A", "B", "C"), START, values, ((1,), (0, 2), (1,)), {"events": values * 10})


def test_months() -> None:
    assert panel().last == Month(2021, 2)
    assert panel().months == (START, Month(2020, 12), Month(2021, 1), Month(2021, 2))


def test_what_was_there_by_a_month_holds_nothing_later() -> None:
    whole = panel()
    cut = whole.until(Month(2020, 12))
    assert cut.values.tolist() == [[0, 1], [4, 5], [8, 9]]
    assert cut.beside["events"].tolist() == [[0, 10], [40, 50], [80, 90]]
    assert cut.last == Month(2020, 12)
    assert cut.neighbours == whole.neighbours
    for series, later in ((cut.values, whole.values), (cut.beside["events"], whole.beside["events"])):
        assert series.base is None or series.base.shape == series.shape, "no view through which months can be seen"
        assert not np.shares_memory(series, later)
    whole.values[:] = -1
    assert cut.values.tolist() == [[0, 1], [4, 5], [8, 9]]


@pytest.mark.parametrize("month", [Month(2020, 10), Month(2021, 3)])
def test_a_month_that_is_not_there(month: Month) -> None:
    with pytest.raises(UsageError, match=r"The panel has no values for .* 2020-11 to 2021-02"):
        panel().until(month)


def test_what_came_after_a_month() -> None:
    found = panel().at(Month(2020, 12), (0, 1, 2, 3))
    np.testing.assert_array_equal(found, [[1, 2, 3, np.nan], [5, np.nan, 7, np.nan], [9, 10, 11, np.nan]])
    assert np.isnan(panel().at(START, (-1,))).all()


def test_some_units_keep_their_series_and_neighbours() -> None:
    some = panel().only(["C", "B"])
    assert some.units == ("C", "B")
    np.testing.assert_array_equal(some.values, panel().values[[2, 1]])
    np.testing.assert_array_equal(some.beside["events"], panel().values[[2, 1]] * 10)
    assert some.neighbours == ((1,), (0,))
    with pytest.raises(UsageError, match=r"no unit D\. 3 units, from A"):
        panel().only(["A", "D"])


def test_rows_become_a_panel_and_absent_pairs_are_unobserved() -> None:
    rows = [("B", Month(2021, 1), 2.0, 5), ("A", Month(2020, 11), 0.0, 1), ("B", Month(2020, 12), 7.0, 6)]
    found = of_rows(rows, ("events",), {"A": ["B", "Z"]})
    nan = np.nan
    assert (found.units, found.first) == (("A", "B"), START)
    np.testing.assert_array_equal(found.values, [[0, nan, nan], [nan, 7, 2]])
    np.testing.assert_array_equal(found.beside["events"], [[1, nan, nan], [nan, 6, 5]])
    assert found.neighbours == ((1,), ())
    same = of_rows(rows[::-1], ("events",), {"A": ["B", "Z"]})
    assert same.values.tobytes() == found.values.tobytes()


def test_rows_that_make_no_panel() -> None:
    with pytest.raises(UsageError, match="The panel has no rows"):
        of_rows([])
    with pytest.raises(UsageError, match="A has two values for 2020-11"):
        of_rows([("A", START, 1.0), ("A", START, 1.0)])


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="1 units, but values"):
        Panel(("A",), START, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="neighbours of 2"):
        Panel(("A",), START, np.zeros((1, 3)), ((), ()))
    with pytest.raises(ValueError, match="events has the shape"):
        Panel(("A",), START, np.zeros((1, 3)), (), {"events": np.zeros((1, 2))})
