"""What nobody hopes for in data: a fit that says what it left out, or one clear sentence; no warning, nothing NaN."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from harmattan.errors import UsageError
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.fitted import Fit
from tests.models.spillover.edges import EITHER, FITTED, REFUSED

pytestmark = pytest.mark.filterwarnings("error")


def numbers(thing: Any) -> list[float]:
    """All numbers in an answer, whatever it is made of."""
    if thing is None or isinstance(thing, str | bool):
        return []
    if isinstance(thing, int | float | np.number):
        return [float(thing)]
    if sparse.issparse(thing):
        return [float(one) for one in thing.data]
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
