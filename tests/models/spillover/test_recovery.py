"""Small runs of the recovery bench: they would fail if estimates were biased, or intervals too short or too long."""

from __future__ import annotations

import numpy as np
import pytest
from bench import recovery
from bench.truths import borders, chance, few, many

from harmattan.models.spillover.drawn import likely
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.flows import flows
from harmattan.models.spillover.signed import signed

SPARSE, DENSE = few(3, dense=False), few(3, dense=True, dispersion=0.3)


def test_panels_are_drawn_with_the_mean_and_the_spread_of_their_truth() -> None:
    values = DENSE.draw(3000, chance(9)).values
    past = values[:, :-1]
    mean = DENSE.endemic(3000)[:, 1:] + DENSE.matrix @ past
    rest = (values[:, 1:] - mean) / np.sqrt(mean + DENSE.dispersion * mean**2)
    assert np.all(np.abs(rest.mean(axis=1)) < 4 / np.sqrt(3000))
    assert np.all(np.abs(rest.std(axis=1) - 1) < 0.1)
    assert np.all(np.abs(np.corrcoef(rest, past)[:3, 3:]) < 4 / np.sqrt(3000))
    assert np.abs(np.linalg.eigvals(DENSE.matrix)).max() < 1


def test_borders_of_a_grid_are_counted_along_its_sides() -> None:
    assert borders(2, 3)[0].tolist() == [0, 1, 2, 1, 2, 3]


@pytest.mark.parametrize("truth", [SPARSE, DENSE], ids=lambda truth: truth.name)
def test_intervals_hold_the_truth_about_as_often_as_they_say(truth: recovery.Truth) -> None:
    cover = recovery.coverage(truth, 150, 15, pairs=2, cores=1)
    for kind in recovery.KINDS:
        assert cover.percent(kind) >= 85, kind
    together = sum(cover.inside.values()) / sum(cover.asked.values())
    assert 0.89 <= together <= 0.99


def test_estimates_of_either_sign_are_not_biased_where_bounded_ones_are() -> None:
    """Of twelve units in a ring eleven sources are none: at their bound they take from the endemic part."""
    truth = few(12, dense=False)
    bounded, either = [], []
    for at in range(4):
        fitted = fit(truth.draw(240, chance(8, at)), truth.spec)
        levels = fitted.positions([f"level:{unit}" for unit in truth.units])
        meant = np.array([truth.meant(fitted.names[level], 240) for level in levels])
        bounded.append(np.mean(fitted.theta[levels] - meant))
        either.append(np.mean(signed(fitted).theta[levels] - meant))
    assert np.mean(bounded) < -0.3
    assert abs(np.mean(either)) < 0.15


def test_the_interval_of_what_came_from_others_holds_the_truth_where_most_pairs_are_none() -> None:
    truth, inside = few(5, dense=False, dispersion=0.3), []
    for at in range(5):
        counts = truth.draw(144, chance(7, at))
        past = counts.values[:, :-1].sum(axis=1)
        arrived = truth.matrix @ past - np.diag(truth.matrix) * past
        share = arrived / (truth.endemic(144)[:, 1:].sum(axis=1) + truth.matrix @ past)
        fitted = fit(counts, truth.spec)
        found = flows(fitted, drawn=likely(fitted, 60)).others
        inside += ((found.low <= share) & (share <= found.high)).tolist()
    assert np.mean(inside) > 0.85


def test_the_error_of_the_matrix_falls_with_the_length() -> None:
    found = recovery.errors(DENSE, 6, (80, 640), cores=1)
    assert found[640] < 0.6 * found[80]
    assert found[640] < 0.35


def test_many_units_find_the_decay_and_the_coupling() -> None:
    truth = many(5, 8, dense=True)
    fitted = fit(truth.draw(200, chance(6)), truth.spec)
    for name in ("coupling", "decay"):
        assert abs(fitted.value(name) - truth.meant(name, 200)) < 4 * fitted.error(name)
        assert fitted.error(name) < 0.5


def test_coupling_is_called_where_it_is_and_not_where_it_is_not() -> None:
    there = recovery.calls(SPARSE, 144, 2, cores=1)
    none = recovery.calls(SPARSE.stormy().uncoupled(), 144, 2, cores=1)
    assert there[recovery.SOME].spillover >= 50
    assert there[recovery.SOME].tests == 6
    assert none[recovery.NONE].spillover == 0
    assert recovery.SOME not in none


def test_replications_are_the_same_however_the_work_is_spread() -> None:
    assert recovery.errors(SPARSE, 2, (60,), cores=1) == recovery.errors(SPARSE, 2, (60,), cores=2)
