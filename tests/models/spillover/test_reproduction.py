"""The reproduction number: the spectral radius, in windows, and with intervals that hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from harmattan.errors import UsageError
from harmattan.models.spillover import reproduction as module
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.reproduction import radius, reproduction, windows, within
from harmattan.models.spillover.spec import Endemic, Spec
from tests.models.spillover.worlds import MATRIX, world


def test_a_large_sparse_matrix_has_the_radius_of_its_dense_form(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    cycle = np.roll(np.eye(30), 1, axis=0) * 0.7
    for matrix in (rng.random((30, 30)) * (rng.random((30, 30)) < 0.1), np.diag(rng.random(30)), cycle, 0 * cycle):
        exact = float(np.abs(np.linalg.eigvals(matrix)).max())
        monkeypatch.setattr(module, "DENSE", 1)
        assert radius(sparse.csr_array(matrix)) == pytest.approx(exact, abs=1e-5)
        monkeypatch.undo()


def test_a_long_world_has_the_radius_of_its_truth() -> None:
    fitted = fit(world(1, 3000), Spec(endemic=Endemic(trend=False)))
    found = within(fitted)
    truth = radius(MATRIX)
    assert reproduction(fitted) == found.value == pytest.approx(truth, abs=0.06)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= truth <= found.high
    assert found.own["BBB"][0] == pytest.approx(0.3, abs=0.06)


def test_windows_see_that_the_world_changed() -> None:
    calm, fed = world(2, 96, matrix=MATRIX * 0.2), world(3, 96, matrix=MATRIX * 1.5, level=1.5)
    counts = world(2, 192).with_values(np.concatenate([calm.values, fed.values], axis=1))
    found = windows(counts, Spec(endemic=Endemic(trend=False)), 96, 48)
    assert [(one.first, one.end) for one in found] == [(0, 96), (48, 144), (96, 192)]
    assert found[-1].last == counts.starts[-1]
    first, last = found[0].found, found[-1].found
    assert first is not None
    assert last is not None
    assert last.low is not None
    assert first.value < 0.25 < last.low < last.value


def test_a_window_without_counts_has_no_number() -> None:
    counts = world(4, 60)
    values = counts.values.copy()
    values[:, :30] = 0.0
    found = windows(counts.with_values(values), Spec(), 30, 30)
    assert found[0].found is None
    assert found[1].found is not None


@pytest.mark.parametrize(("length", "step"), [(100, 1), (2, 1), (20, 0)])
def test_windows_that_cannot_be_are_refused(length: int, step: int) -> None:
    with pytest.raises(UsageError, match="cannot be moved"):
        windows(world(5, 60), Spec(), length, step)
