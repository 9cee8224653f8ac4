"""Estimates beside those of R's surveillance::hhh4 on the same counts, which R computes while the tests run.

hhh4 estimates logarithms of own past and coupling; its `overdisp` is the dispersion. Its epidemic parts are `ar` and
`ne`, the endemic part `end`, and time starts at 0 in the first period, as here.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from bench import peer

from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.fitted import Fit
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Own, PowerLaw, Spec
from harmattan.models.spillover.weights import orders
from harmattan.vocabulary.cell import neighbours
from tests.models.spillover.panels import grown, months, ring

FAMILY = {"Poisson": "poisson", "NegBin1": "negbin", "NegBinM": "negbin_each"}
WEIGHTS = {"adjacent": Adjacent(), "shared": Adjacent(shared=True), "power": PowerLaw(most=5), "none": None}
MEASLES = [("adjacent", "NegBin1"), ("shared", "Poisson"), ("power", "NegBin1"), ("power", "NegBinM")]
SMALL = [("adjacent", "one"), ("power", "one"), ("none", "each")]
SAHEL = [("adjacent", "NegBin1"), ("power", "NegBinM")]


def ours(counts: Counts, weights: str, family: str, level: str = "one") -> Fit:
    """Our fit of a specification; with a population where the counts have one."""
    coupling = WEIGHTS[weights]
    return fit(
        counts,
        Spec(
            Endemic(level, population=counts.population is not None),
            Own("one"),
            None if coupling is None else Coupling(coupling, "one"),
            family=FAMILY[family],
        ),
    )


def keys(weights: str, family: str, level: str = "one", **others: int) -> dict[str, str | int]:
    """The same specification in the words of bench/hhh4.R."""
    return {"weights": weights, "family": family, "level": level, "most": 5, **others}


def small() -> Counts:
    """A made-up panel in which events reach two regions far."""
    order = ring(7)
    matrix = np.select([order == 0, order == 1, order == 2], [0.3, 0.12, 0.05])
    values = grown(matrix, np.linspace(0.5, 2, 7), (150, 0.4, 3))
    return Counts(tuple(f"unit{at}" for at in range(7)), months(150), "month", values, order=order)


def varied() -> Counts:
    """A made-up panel in which levels and own past differ from unit to unit."""
    rng = np.random.default_rng(1)
    level, own = rng.normal(0, 0.6, 20), np.exp(rng.normal(-1.2, 0.4, 20))
    values = grown(np.diag(own) + 0.1 * (ring(20) == 1), np.exp(level), (200, 0.3, 2))
    return Counts(tuple(f"unit{at}" for at in range(20)), months(200), "month", values, order=ring(20))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where R writes its measles."""
    return tmp_path_factory.mktemp("measles")


@pytest.fixture(scope="module")
def known(rscript: None, folder: Path) -> dict[tuple[str, ...], peer.Peer]:
    """What hhh4 finds, by panel and specification; R is started once for all."""
    tasks: dict[tuple[str, ...], peer.Task] = {
        ("measles", *one): (folder, keys(*one, population=1, frequency=52)) for one in MEASLES
    }
    tasks |= {("small", *one): (small(), keys(one[0], "NegBin1", one[1])) for one in SMALL}
    tasks["varied", "shrunk"] = (varied(), keys("adjacent", "NegBin1", "shrunk"))
    return dict(zip(tasks, peer.hhh4(list(tasks.values()), measles=folder), strict=True))


@pytest.fixture(scope="module")
def measles(known: dict[tuple[str, ...], peer.Peer], folder: Path) -> Counts:
    """R's measlesWeserEms: 17 districts, 104 weeks."""
    read = {name: np.loadtxt(folder / f"{name}.csv", delimiter=",") for name in ("counts", "population", "order")}
    values = read["counts"].T
    return Counts(
        units=tuple(f"district{at}" for at in range(len(values))),
        starts=tuple(dt.date(2001, 1, 1) + dt.timedelta(weeks=at) for at in range(values.shape[1])),
        every="week",
        values=values,
        order=read["order"].astype(np.int16),
        population=read["population"].T,
    )


def assert_at_bound(kind: str, value: float, theirs: float) -> None:
    """Where we stand at a bound, hhh4 wanders off towards the same end."""
    assert kind == "decay"
    assert value > 20
    assert np.exp(theirs) > 8


def compare(found: Fit, known: peer.Peer) -> None:
    """The same log-likelihood to 1e-4 and the same estimates and standard errors to 1e-3, as hhh4 states them."""
    assert known.converged
    assert found.converged
    assert known.log_likelihood is not None
    assert found.log_likelihood == pytest.approx(known.log_likelihood, rel=1e-4)
    assert found.log_likelihood >= known.log_likelihood - 1e-4, "ours is no lower peak"
    names = {"own": "ar.1", "coupling": "ne.1", "decay": "neweights.d", "trend": "end.t"}
    compared = 0
    for name in found.names:
        kind, _, unit = name.partition(":")
        place = found.counts.units.index(unit) if unit else None
        other = names.get(kind)
        if kind == "level":
            other = "end.1" if place is None else f"end.1.u{place}"
        elif kind == "dispersion":
            other = "overdisp" if place is None else f"overdisp.u{place}"
        elif kind in {"sin1", "cos1"}:
            wave = kind[:3]
            other = next(known_name for known_name in known.values if known_name.startswith(f"end.{wave}("))
        assert other is not None
        value, error = found.value(name), found.error(name)
        if name in found.bounded:
            assert_at_bound(kind, value, known.values[other])
            continue
        if kind in {"own", "coupling", "decay"}:
            value, error = np.log(value), error / value
        assert value == pytest.approx(known.values[other], rel=1e-3, abs=1e-3 * known.errors[other]), name
        assert error == pytest.approx(known.errors[other], rel=5e-3), name
        compared += 1
    assert compared >= 6


def test_the_worked_example_of_measles_gives_the_known_figures(measles: Counts) -> None:
    found = ours(measles, "adjacent", "NegBin1")
    assert found.log_likelihood == pytest.approx(-971.7209, abs=1e-4)
    figures = {"level": 0.0772, "trend": 0.0012, "sin1": 0.9377, "cos1": -0.6900, "dispersion": 2.0138}
    for name, value in figures.items():
        assert found.value(name) == pytest.approx(value, abs=6e-5)
    assert np.log(found.value("own")) == pytest.approx(-0.4379, abs=6e-5)
    assert np.log(found.value("coupling")) == pytest.approx(-4.1474, abs=6e-5)


@pytest.mark.parametrize(("weights", "family"), MEASLES)
def test_measles_are_fitted_as_by_hhh4(
    measles: Counts, known: dict[tuple[str, ...], peer.Peer], weights: str, family: str
) -> None:
    compare(ours(measles, weights, family), known["measles", weights, family])


@pytest.mark.parametrize(("weights", "level"), SMALL)
def test_a_small_panel_is_fitted_as_by_hhh4(known: dict[tuple[str, ...], peer.Peer], weights: str, level: str) -> None:
    compare(ours(small(), weights, "NegBin1", level), known["small", weights, level])


def test_effects_are_drawn_towards_their_mean_as_by_hhh4(known: dict[tuple[str, ...], peer.Peer]) -> None:
    """hhh4 maximises an approximation to the marginal likelihood, so that spreads differ by a few percent."""
    theirs = known["varied", "shrunk"]
    found = fit(varied(), Spec(Endemic("shrunk"), Own("shrunk"), Coupling(Adjacent(), "one")))
    assert theirs.converged
    assert found.converged
    assert found.spreads["level"] == pytest.approx(theirs.spreads["sd.end.ri(iid)"], rel=0.05)
    assert found.spreads["own"] == pytest.approx(theirs.spreads["sd.ar.ri(iid)"], rel=0.05)
    assert np.log(found.value("coupling")) == pytest.approx(theirs.values["ne.1"], abs=0.1 * theirs.errors["ne.1"])
    assert found.value("dispersion") == pytest.approx(theirs.values["overdisp"], rel=0.01)
    for at in range(20):
        level = theirs.values["end.ri(iid)"] + theirs.values[f"end.ri(iid).u{at}"]
        assert found.value(f"level:unit{at}") == pytest.approx(level, abs=0.02)
        own = theirs.values["ar.ri(iid)"] + theirs.values[f"ar.ri(iid).u{at}"]
        assert np.log(found.value(f"own:unit{at}")) == pytest.approx(own, abs=0.02)


def sahel(data_dir: Path) -> Counts:
    """Events by region as written and month in Mali, Burkina Faso and Niger, 2012-2023.

    Two regions lie beside each other where the cells in which they have events do; a region beside none is left out,
    since hhh4 cannot share its weights.
    """
    events: Counter[tuple[str, int]] = Counter()
    cells: defaultdict[str, set[int]] = defaultdict(set)
    with gzip.open(data_dir / "ucdp" / "ged241_westafrica8_events.csv.gz", "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            year, month = int(row["date_start"][:4]), int(row["date_start"][5:7])
            if row["country"] in {"Mali", "Burkina Faso", "Niger"} and row["adm_1"] and year >= 2012:
                events[row["adm_1"], 12 * (year - 2012) + month - 1] += 1
                cells[row["adm_1"]].add(int(row["priogrid_gid"]))
    regions = sorted(name for name in cells if sum(n for (at, _), n in events.items() if at == name) >= 10)
    values = np.array([[events[name, at] for at in range(144)] for name in regions], dtype=float)
    around = {name: cells[name] | {other for cell in cells[name] for other in neighbours(cell)} for name in regions}
    beside = np.array([[bool(around[a] & cells[b]) and a != b for b in regions] for a in regions])
    starts = tuple(dt.date(2012 + at // 12, 1 + at % 12, 1) for at in range(144))
    counts = Counts(tuple(regions), starts, "month", values, order=orders(beside | beside.T))
    return counts.only(*(name for name, any_beside in zip(regions, beside.any(axis=0), strict=True) if any_beside))


@pytest.mark.data
def test_the_regions_of_the_sahel_are_fitted_as_by_hhh4(rscript: None, data_dir: Path) -> None:
    counts = sahel(data_dir)
    assert len(counts.units) > 15
    assert counts.values.sum() > 3000
    tasks: list[peer.Task] = [(counts, keys(*one)) for one in SAHEL]
    for one, peers in zip(SAHEL, peer.hhh4(tasks), strict=True):
        compare(ours(counts, *one), peers)
