"""What nobody hopes for in data: a fit that says what it left out, or one clear sentence; no warning, nothing NaN."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

import numpy as np
import pytest
from scipy import sparse

from harmattan.errors import UsageError
from harmattan.models.spillover import testing
from harmattan.models.spillover.bootstrap import bootstrap
from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.drawn import likely
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.flows import course, flows
from harmattan.models.spillover.profile import intervals as profiles
from harmattan.models.spillover.reproduction import reproduction, windows, within
from harmattan.models.spillover.residuals import residuals
from harmattan.models.spillover.shock import response
from harmattan.models.spillover.signed import intervals
from harmattan.models.spillover.simulate import simulate
from harmattan.models.spillover.spec import Endemic, Spec
from harmattan.models.spillover.tested import SpilloverVerdict
from tests.models.spillover.edges import EITHER, FITTED, REFUSED, panel, quiet

pytestmark = pytest.mark.filterwarnings("error")


def numbers(thing: Any) -> list[float]:
    """All numbers in an answer, whatever it is made of."""
    if thing is None or isinstance(thing, str | bool):
        return []
    if isinstance(thing, int | float | np.number):
        return [float(thing)]
    if sparse.issparse(thing):
        return [float(one) for one in thing.data]
    if isinstance(thing, np.ma.MaskedArray):
        return [float(one) for one in thing.compressed()]
    if isinstance(thing, Fit | Counts):
        return []
    if isinstance(thing, np.ndarray):
        return [float(one) for one in thing.ravel()] if thing.dtype.kind in "fiu" else []
    if dataclasses.is_dataclass(thing):
        return [one for field in dataclasses.fields(thing) for one in numbers(getattr(thing, field.name))]
    if isinstance(thing, dict):
        return [one for value in thing.values() for one in numbers(value)]
    return [one for item in thing for one in numbers(item)] if isinstance(thing, tuple | list) else []


def clear(error: UsageError) -> None:
    said = str(error)
    assert said
    assert "\n" not in said
    assert said.rstrip()[-1] in ".?!"


def whole(fitted: Fit) -> None:
    """That an estimate has everything it should, and nothing in it that is not a number."""
    assert np.all(np.isfinite(fitted.theta)), dict(zip(fitted.names, fitted.theta, strict=True))
    assert np.isfinite(fitted.log_likelihood)
    assert np.all(np.isfinite(fitted.matrix.data))
    assert np.all(fitted.matrix.toarray() >= 0)
    assert fitted.lags.sum() == pytest.approx(1)
    assert np.all(np.isfinite(fitted.dispersion))
    assert np.all(fitted.dispersion >= 0)
    counts = fitted.counts
    for part in (fitted.parts.endemic, fitted.parts.own, fitted.parts.others):
        assert part.shape == counts.values.shape
        assert np.all(part[np.isfinite(part)] >= 0)
    assert np.array_equal(np.isnan(fitted.parts.mean), np.isnan(fitted.parts.endemic))
    known = np.isfinite(fitted.parts.mean)
    assert known.any()
    assert set(fitted.left_out) == {
        unit for unit, row in zip(counts.units, counts.values, strict=True) if not np.nansum(row) > 0
    }
    free = [name not in fitted.bounded for name in fitted.names]
    errors = np.diag(fitted.covariance)[free]
    assert np.all(errors[np.isfinite(errors)] >= 0)


@pytest.mark.parametrize("name", FITTED)
def test_fits_what_can_be_fitted(name: str) -> None:
    fitted = fit(*FITTED[name])
    assert fitted.converged
    whole(fitted)


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_in_one_clear_sentence_what_cannot_be_fitted(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        fit(*REFUSED[name])
    clear(refused.value)


@pytest.mark.parametrize("name", EITHER)
def test_fits_or_refuses(name: str) -> None:
    try:
        fitted = fit(*EITHER[name])
    except UsageError as refused:
        clear(refused)
    else:
        whole(fitted)


HARDEST = (
    "a unit without events",
    "a unit with one event",
    "one unit",
    "an island",
    "a unit that nobody looked at for years",
    "a unit that nobody ever looked at",
    "a massacre of 5,000",
    "nothing but constant series",
    "identical series",
    "days that are mostly quiet",
)
OUTPUTS = [name for name in FITTED if name not in ("days and lags of a week", "counts in tens of thousands")]


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs_of_what_was_fitted_have_nothing_in_them_that_is_not_a_number(name: str) -> None:
    counts, spec = FITTED[name]
    fitted = fit(counts, spec)
    some = likely(fitted, 8, np.random.default_rng(1))
    unit = next(unit for unit in counts.units if unit not in fitted.left_out)
    made = {
        "flows": flows(fitted, drawn=some),
        "course": course(fitted, drawn=some),
        "response": response(fitted, unit, 3, drawn=some),
        "reproduction": within(fitted, some),
        "residuals": residuals(fitted),
        "simulated": simulate(fitted, 3, 2, np.random.default_rng(1)),
    }
    for what, answer in made.items():
        assert not [one for one in numbers(answer) if np.isnan(one)], what
    assert np.isfinite(reproduction(fitted))


@pytest.mark.parametrize("name", HARDEST)
def test_tests_of_couplings_answer_or_say_that_they_cannot(name: str) -> None:
    counts, spec = FITTED[name]
    fitted = fit(counts, spec)
    for one in testing.tested(counts, spec, shifts=9, origins=4, seed=1, fitted=fitted):
        assert not [number for number in numbers(one) if np.isnan(number)]
        assert one.verdict in get_args(SpilloverVerdict)
        for unit in (one.source, one.target):
            if unit in fitted.left_out:
                assert one.verdict in ("none", "cannot_tell")


@pytest.mark.parametrize("name", HARDEST)
def test_intervals_have_ends_or_none(name: str) -> None:
    fitted = fit(*FITTED[name])
    few = [name for name in fitted.names if name.startswith("coupling")][:2]
    told, profiled = intervals(fitted), profiles(fitted, few)
    for parameter in fitted.names:
        for span in (told[parameter], profiled.get(parameter)):
            if span is not None:
                assert not [end for end in span if end is not None and np.isnan(end)], parameter
    for parameter, (low, high) in profiled.items():
        assert low is None or low <= fitted.value(parameter) + 1e-9
        assert high is None or high >= fitted.value(parameter) - 1e-9


@pytest.mark.parametrize("name", ["a unit without events", "a unit that nobody looked at for years"])
def test_a_bootstrap_leaves_out_what_cannot_be_fitted(name: str) -> None:
    drawn = bootstrap(fit(*FITTED[name]), 5, np.random.default_rng(1))
    assert np.all(np.isfinite(drawn.theta))
    assert drawn.converged <= drawn.asked == 5


def test_windows_without_data_are_empty_and_do_not_stop_the_others() -> None:
    values = quiet(periods=90)
    values[:, 30:60] = 0
    found = windows(panel(values), Spec(Endemic(trend=False, seasons=0)), 30, 30, draws=8)
    assert not [one for one in numbers(found) if np.isnan(one)]
