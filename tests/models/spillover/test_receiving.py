"""Regressions of one receiving unit hold to the fit of the whole model, whose likelihood falls apart by unit."""

from __future__ import annotations

import numpy as np

from harmattan.models.spillover.apart import apart
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.receiving import below, climb, likelihood, quantile, terms
from harmattan.models.spillover.spec import Endemic, Spec
from tests.models.spillover.worlds import world


def test_units_apart_come_to_the_fit_of_the_whole_model() -> None:
    counts, spec = world(3), Spec(Endemic(trend=False, seasons=0), family="negbin_each")
    whole = fit(counts, spec)
    model = apart(counts, spec, np.ones(1), slow=False)
    matrix = whole.matrix.todense()
    for unit, sources in enumerate(model.sources):
        coefficients = model.coefficients(unit)
        assert np.allclose(coefficients[0], matrix[unit, unit], atol=3e-3)
        assert np.allclose(coefficients[1:], matrix[unit, sources], atol=3e-3)
        assert np.allclose(model.fits[unit].dispersion, whole.dispersion[unit], atol=3e-3)
    heights = [
        float(likelihood(each.values, found.mean, found.dispersion, each.known[None])[0])
        for each, found in zip(model.receivers, model.fits, strict=True)
    ]
    assert np.isclose(sum(heights), whole.log_likelihood, atol=0.02)


def test_many_climbs_at_once_are_those_of_each_alone() -> None:
    counts = world(4)
    model = apart(counts, Spec(), np.ones(1))
    unit, past, full = model.receivers[1], model.columns(1)[None], model.fits[1]
    known = unit.known * (np.arange(140) < np.array([[80], [110], [140]]))
    many = climb(unit, past, np.repeat(full.theta, 3, axis=0), full.dispersion, known=known)
    for at in range(3):
        one = climb(unit, past, full.theta, full.dispersion, known=known[at : at + 1])
        assert np.allclose(one.height, many.height[at], atol=1e-2)
    assert np.isclose(many.height[2], full.height[0], atol=1e-2)


def test_quantiles_and_probabilities_are_those_of_the_negative_binomial() -> None:
    from scipy.stats import nbinom

    rng = np.random.default_rng(1)
    mean, rank = np.exp(rng.uniform(-4, 6, 200)), rng.uniform(size=200)
    for dispersion in (1e-3, 0.3, 4.0):
        size = 1 / dispersion
        law = nbinom(size, size / (size + mean))
        counts = quantile(rank, mean, dispersion)
        assert np.array_equal(counts, law.ppf(rank))
        assert np.allclose(below(counts, mean, dispersion), law.cdf(counts))
        assert np.allclose(terms(counts, mean[None], np.array([dispersion]))[0], law.logpmf(counts))
