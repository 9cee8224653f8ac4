"""Who feeds whom: shares add up, follow the chains, cover the truth, and have no value where nothing is expected."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.models.spillover.drawn import likely
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.flows import course, flows
from harmattan.models.spillover.profile import intervals
from harmattan.models.spillover.spec import Coupling, Endemic, Lags, Own, Spec
from tests.models.spillover.worlds import MATRIX, endemic, world

LONG = Spec(endemic=Endemic(trend=False))


def test_shares_add_up_by_immediate_and_by_ultimate_origin() -> None:
    found = flows(fit(world(1, lags=(0.7, 0.3)), Spec(lags=Lags(2, "free"))))
    assert found.ultimate is not None
    assert found.before is not None
    endemic, own, others = (np.asarray(part.value) for part in (found.endemic, found.own, found.others))
    assert endemic + own + others == pytest.approx(np.ones(3))
    assert np.asarray(found.arrived.value).sum(axis=1) == pytest.approx(others)
    assert np.asarray(found.ultimate.value.sum(axis=1) + found.before.value) == pytest.approx(np.ones(3))


def test_every_share_lies_in_its_interval_and_between_0_and_1() -> None:
    found = flows(fit(world(2), Spec()))
    for part in (found.endemic, found.own, found.others, found.arrived, found.ultimate, found.before):
        assert part is not None
        assert part.low is not None
        assert part.high is not None
        assert np.all(part.low >= 0)
        assert np.all(part.low <= part.value + 1e-12)
        assert np.all(part.value <= part.high + 1e-12)
        assert np.all(part.high <= 1 + 1e-12)


def test_a_long_world_shows_who_feeds_whom_and_where_chains_begin() -> None:
    """In the long run the ultimate shares are those of the geometric series of the matrix."""
    counts = world(3, 6000)
    fitted = fit(counts, LONG)
    found = flows(fitted, drawn=likely(fitted, 4))
    assert found.ultimate is not None
    lagged = counts.values[:, :-1].sum(axis=1)
    arrived = MATRIX * lagged / counts.values[:, 1:].sum(axis=1)[:, None]
    np.fill_diagonal(arrived, 0.0)
    assert np.asarray(found.arrived.value) == pytest.approx(arrived, abs=0.03)
    chains = np.linalg.inv(np.eye(3) - MATRIX) * endemic(1)[:, 0]
    assert np.asarray(found.ultimate.value) == pytest.approx(chains / chains.sum(axis=1, keepdims=True), abs=0.06)
    assert found.ultimate.value[2, 0] > 0.02 > found.arrived.value[2, 0]


def test_the_parts_of_all_spans_make_the_whole() -> None:
    fitted = fit(world(4), Spec())
    whole, early, late = flows(fitted), flows(fitted, last=69), flows(fitted, first=70)
    together = early.expected * early.others.value + late.expected * late.others.value
    assert np.asarray(together) == pytest.approx(np.asarray(whole.expected * whole.others.value))
    assert early.starts[1] < late.starts[0]


def test_the_course_adds_up_to_what_the_fit_expects() -> None:
    fitted = fit(world(5), Spec())
    found = course(fitted)
    assert found.arrived is not None
    assert found.endemic.value.mask[:, 0].all()
    assert np.asarray(found.endemic.value)[:, 1:] == pytest.approx(fitted.parts.endemic[:, 1:])
    assert np.asarray(found.own.value)[:, 1:] == pytest.approx(fitted.parts.own[:, 1:])
    assert np.asarray(found.arrived).sum(axis=1)[:, 1:] == pytest.approx(fitted.parts.others[:, 1:])


def test_profile_intervals_of_coefficients_become_those_of_their_shares() -> None:
    fitted = fit(world(6), Spec())
    given = intervals(fitted)
    found = flows(fitted, coefficients=given)
    assert found.arrived.low is not None
    low, value = given["coupling:AAA>BBB"][0], fitted.value("coupling:AAA>BBB")
    assert low is not None
    assert found.arrived.low[1, 0] / found.arrived.value[1, 0] == pytest.approx(low / value)


def test_a_unit_without_counts_is_masked_and_a_gap_breaks_nothing() -> None:
    counts = world(7)
    values = counts.values.copy()
    values[1] = 0.0
    values[0, 50:53] = np.nan
    found = flows(fit(counts.with_values(values), Spec()))
    assert found.ultimate is not None
    assert found.endemic.value.tolist()[1] is None
    assert found.arrived.value.tolist()[1] == [None, None, None]
    for part in (found.endemic, found.own, found.others, found.arrived, found.ultimate, found.before):
        assert part is not None
        assert np.isfinite(part.value.compressed()).all()
    assert course(fit(counts.with_values(values), Spec())).own.value.mask[0, 51]


def test_without_any_past_everything_is_endemic() -> None:
    found = flows(fit(world(8), Spec(own=None, coupling=None)))
    assert np.asarray(found.endemic.value) == pytest.approx(np.ones(3))


def test_a_span_without_a_fitted_period_is_refused() -> None:
    with pytest.raises(UsageError, match="No period of that span was fitted"):
        flows(fit(world(9), Spec()), first=0, last=0)


@pytest.mark.parametrize("spec", [Spec(), Spec(own=Own("one"), coupling=Coupling())], ids=["each", "one"])
def test_draws_are_the_same_for_the_same_fit(spec: Spec) -> None:
    fitted = fit(world(10), spec)
    one, two = likely(fitted, 20), likely(dataclasses.replace(fitted), 20)
    assert np.array_equal(one.theta, two.theta)
    assert one.theta.min(where=[name.startswith(("own", "coupling")) for name in one.names], initial=0.0) >= 0
