"""The derivatives of the likelihood against finite differences, and the likelihood against scipy's distributions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.design import design
from harmattan.models.spillover.likelihood import by_unit, gradient, information, log_likelihood, mean, problem
from harmattan.models.spillover.rising import rising
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Free, Lags, Own, PowerLaw, Spec
from tests.models.spillover.panels import panel

FAMILIES = ("poisson", "negbin", "negbin_each")
WEIGHTS = {
    "adjacent": Adjacent(),
    "adjacent shared": Adjacent(shared=True),
    "power of order": PowerLaw(),
    "power of km": PowerLaw(of="km", shared=False, most=200),
    "power fixed": PowerLaw(decay=1.5),
    "free": Free(),
    "some pairs": Free(pairs=(("unit0", "unit1"), ("unit2", "unit1"), ("unit1", "unit3"))),
    "none": None,
}
LAGS = {"first": Lags(), "geometric": Lags(4, "geometric"), "free": Lags(3, "free")}
LEVELS = ("one", "each")
ALL = list(itertools.product(FAMILIES, WEIGHTS, LAGS, LEVELS))


def spec_of(family: str, weights: str, lags: str, level: str) -> Spec:
    """A specification with all that the level allows."""
    coupling = WEIGHTS[weights]
    return Spec(
        Endemic(level, trends=level, covariates=("rain",), population=level == "one"),
        Own(level),
        None if coupling is None else Coupling(coupling, level),
        LAGS[lags],
        family,
    )


def somewhere(names: tuple[str, ...], seed: int = 3) -> np.ndarray:
    """Parameters at which nothing is zero."""
    rng = np.random.default_rng(seed)
    small = [name.split(":")[0] in {"trend", "coupling"} for name in names]
    return np.where(small, 0.05, 1.0) * rng.uniform(0.2, 0.7, len(names))


@pytest.mark.parametrize(("family", "weights", "lags", "level"), ALL)
def test_the_derivatives_are_those_of_the_likelihood(family: str, weights: str, lags: str, level: str) -> None:
    counts = panel(periods=30, gaps=level == "each")
    of = design(counts, spec_of(family, weights, lags, level))
    bound = problem(of, counts.values)
    theta = somewhere(of.names)
    if family == "negbin_each":
        theta[-1] = 0.001
    step = 1e-5
    ways = np.eye(len(theta)) * step
    numeric = [(by_unit(bound, theta + way).sum() - by_unit(bound, theta - way).sum()) / (2 * step) for way in ways]
    assert gradient(bound, theta) == pytest.approx(np.array(numeric), rel=2e-6, abs=2e-6)
    numeric = [-(gradient(bound, theta + way) - gradient(bound, theta - way)) / (2 * step) for way in ways]
    assert information(bound, theta) == pytest.approx(np.array(numeric), rel=2e-5, abs=2e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_likelihood_is_that_of_the_distribution(family: str) -> None:
    counts = panel(gaps=True)
    spec = spec_of(family, "power of order", "geometric", "one")
    of = design(counts, spec)
    theta = somewhere(of.names)
    bound = problem(of, counts.values)
    total = mean(bound, theta).total
    dispersion = theta[of.index[:, -1]][:, None] if family != "poisson" else np.full((4, 1), 1e-9)
    exact = stats.nbinom.logpmf(counts.values[:, 4:], 1 / dispersion, 1 / (1 + dispersion * total))
    assert log_likelihood(counts, spec, theta) == pytest.approx(exact[bound.seen > 0].sum(), rel=1e-6)


def test_a_period_counts_where_the_count_and_all_that_its_mean_needs_are_known() -> None:
    counts = panel(gaps=True)
    of = design(counts, Spec(coupling=Coupling(Adjacent()), family="poisson"))
    seen = problem(of, counts.values).seen
    assert seen.shape == (4, 59)
    assert np.flatnonzero(seen[1] == 0).tolist() == [19, 20, 21, 22]
    assert np.flatnonzero(seen[0] == 0).tolist() == [20, 21, 22]
    assert seen[3].all(), "the unit on the other side of the ring does not need it"


def test_the_sum_of_rising_logarithms_is_exact_for_small_and_huge_counts_and_down_to_zero() -> None:
    counts = np.array([0, 1, 7, 255, 256, 257, 300, 5_000, 5_001, 400_000], dtype=float)
    group = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
    table = rising(counts, group, 2)
    for dispersion in (0.0, 1e-9, 1e-3, 0.7, 20.0):
        found = table.sums(np.full(2, dispersion))
        exact = np.zeros((3, 2))
        for count, at in zip(counts.astype(int), group, strict=True):
            k = np.arange(count)
            ratio = k / (1 + dispersion * k)
            exact[:, at] += np.log1p(dispersion * k).sum(), ratio.sum(), -(ratio**2).sum()
        assert np.array(found) == pytest.approx(exact, rel=1e-11)


def test_dispersion_zero_is_poisson() -> None:
    counts = panel()
    poisson, negbin = Spec(family="poisson"), Spec(family="negbin")
    theta = somewhere(design(counts, poisson).names)
    assert log_likelihood(counts, negbin, np.append(theta, 0.0)) == pytest.approx(
        log_likelihood(counts, poisson, theta), rel=1e-13
    )


def test_counts_of_units_without_a_way_between_them_share_no_weight() -> None:
    counts = panel()
    order = counts.order.copy()
    order[0, 1:] = order[1:, 0] = -1
    island = Counts(counts.units, counts.starts, "month", counts.values, order=order)
    of = design(island, Spec(coupling=Coupling(PowerLaw()), family="poisson"))
    assert of.pattern is not None
    matrix = of.pattern.matrix(of.pattern.between.values(1.0)[0])
    assert np.asarray(matrix.sum(axis=0)).ravel() == pytest.approx([0, 1, 1, 1])
