"""The fit of spillover models beside its peer, R's hhh4, and on panels that the peer cannot do.

`python -m bench spillover` measures these alone; `python -m bench.spillover many power` fits one of them in a process
of its own. Writes bench/spillover-growth.svg: how the cost of a step grows with non-zero weights times periods.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import peer
from bench.measure import Line, median, run
from harmattan.models.spillover.counts import Counts
from harmattan.models.spillover.design import design
from harmattan.models.spillover.fit import fit
from harmattan.models.spillover.likelihood import by_unit, evaluate, problem
from harmattan.models.spillover.simulate import generate
from harmattan.models.spillover.spec import Adjacent, Coupling, Endemic, Own, PowerLaw, Spec, Weights
from harmattan.models.spillover.weights import orders

HERE = Path(__file__).parent
SEED = 1
FEW, MANY = (200, 2000), (3000, 180)
"""Units and periods."""
FARTHEST = 5
WEIGHTS: dict[str, Weights] = {"first": Adjacent(), "power": PowerLaw(most=FARTHEST)}
SAID = {"first": "first-order neighbours", "power": f"a power law to the {FARTHEST}th order, its decay estimated"}
SECONDS, MB, SHARE, SLOPE = 60.0, 4096.0, 0.05, 1.1
GROWTH = (250, 500, 1000, 2000, 4000)
TRUTH = {"level": -1.0, "trend": 0.0, "sin1": 0.4, "cos1": 0.2, "own": 0.4, "coupling": 0.3, "decay": 2.0,
         "dispersion": 0.5}  # fmt: skip


def panel(units: int, periods: int) -> Counts:
    """Counts of cells on a square grid that excite those beside them, with a power law of their order."""
    wide = math.isqrt(units - 1) + 1
    at = np.arange(units)
    apart = np.abs(at[:, None] // wide - at // wide) + np.abs(at[:, None] % wide - at % wide)
    order = orders(apart == 1)
    weights = np.where((order > 0) & (order <= FARTHEST), np.maximum(order, 1) ** -TRUTH["decay"], 0.0)
    matrix = TRUTH["coupling"] * weights / weights.sum(axis=0) + TRUTH["own"] * np.eye(units)
    angle = 2 * np.pi * np.arange(periods) / 12
    endemic = np.exp(TRUTH["level"] + TRUTH["sin1"] * np.sin(angle) + TRUTH["cos1"] * np.cos(angle))
    values = generate(
        matrix,
        np.ones(1),
        np.broadcast_to(endemic, (units, periods)),
        np.full(units, TRUTH["dispersion"]),
        np.random.default_rng(SEED),
        burn_in=24,
    )
    starts = tuple(dt.date(1800 + month // 12, 1 + month % 12, 1) for month in range(periods))
    return Counts(tuple(f"cell{n}" for n in range(units)), starts, "month", values, order=order)


def spec(weights: str) -> Spec:
    """The specification that both fit: NegBin1, one coefficient each for own and others' past, trend and season."""
    return Spec(Endemic("one"), Own("one"), Coupling(WEIGHTS[weights], "one"), family="negbin")


def beside_the_peer() -> list[Line]:
    """Our time and that of hhh4 on the same panel, one after the other."""
    units, periods = FEW
    counts = panel(units, periods)
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        found = fit(counts, spec("first"))
        taken.append(time.perf_counter() - started)
    ours = sorted(taken)[1]
    size = f"{units} units, {periods} periods"
    told = f"median of 3; {found.steps} steps, {'converged' if found.converged else 'NOT converged'}"
    lines = [
        Line(f"spillover, {size}: fit", ours, None, "s", f"{told}, log-likelihood {found.log_likelihood:.3f}"),
        _converged(f"spillover, {size}: fits that did not converge", found.converged),
    ]
    why = peer.missing()
    if why is not None:
        print(f"{why}: the spillover bench is without its peer", file=sys.stderr)
        return lines
    (theirs,) = peer.hhh4([(counts, {"weights": "adjacent", "family": "NegBin1"})])
    likelihood = "" if theirs.log_likelihood is None else f", log-likelihood {theirs.log_likelihood:.3f}"
    told = ("converged" if theirs.converged else "did not converge") + likelihood
    return [
        *lines,
        Line(f"spillover, {size}: R's hhh4", theirs.seconds, None, "s", told),
        Line(f"spillover, {size}: our share of hhh4's time", ours / theirs.seconds, SHARE, "x",
             f"{theirs.seconds / ours:.0f} times faster"),
    ]  # fmt: skip


def _converged(what: str, converged: bool) -> Line:
    """A line that is met where a fit converged."""
    return Line(what, 0.0 if converged else 1.0, 0.0, "fits")


def many_cells() -> list[Line]:
    """Time and memory of fits to many cells, each in a process of its own, with the making of the panel."""
    lines = []
    for weights, said in SAID.items():
        runs = median([run([sys.executable, "-m", "bench.spillover", "many", weights])])
        what = f"spillover, {MANY[0]} cells, {MANY[1]} months, {said}"
        lines += [
            Line(what, runs.seconds, SECONDS, "s", "the whole process, with Python and the making of the panel"),
            Line(f"{what}: peak memory", runs.peak_mb, MB, "MB"),
        ]
    return lines


@dataclass(frozen=True)
class Step:
    """What one step of a fit cost: likelihood, gradient and information once."""

    weights: str
    units: int
    products: int
    """Non-zero weights, with the unit's own, times periods."""
    seconds: float


def steps() -> list[Step]:
    """The cost of a step by size: processor time, the best of nine, so that other work on the machine counts less."""
    found = []
    for units in GROWTH:
        counts = panel(units, MANY[1])
        for weights in WEIGHTS:
            of = design(counts, spec(weights))
            bound = problem(of, counts.values)
            theta = np.array([TRUTH[name] for name in of.names])
            by_unit(bound, theta)
            taken = []
            for _ in range(9):
                started = time.process_time()
                by_unit(bound, theta)
                evaluate(bound, theta)
                taken.append(time.process_time() - started)
            assert of.pattern is not None
            products = (len(of.pattern.rows) + units) * MANY[1]
            found.append(Step(weights, units, products, min(taken)))
    return found


def growth() -> list[Line]:
    """How the cost of a step grows with non-zero weights times periods: 1 is in proportion."""
    found = steps()
    draw(found, HERE / "spillover-growth.svg")
    lines = []
    for weights, said in SAID.items():
        some = [step for step in found if step.weights == weights]
        slope = np.polyfit(np.log([step.products for step in some]), np.log([step.seconds for step in some]), 1)[0]
        sizes = f"{some[0].units} to {some[-1].units} cells, {some[0].seconds:.3f} to {some[-1].seconds:.3f} s a step"
        what = f"spillover, cost by non-zero weights x periods, {said}: exponent"
        lines.append(Line(what, float(slope), SLOPE, "x", f"{sizes}; bench/spillover-growth.svg"))
    return lines


def draw(found: list[Step], path: Path) -> None:
    """Draws the cost of a step by size, with a line of cost in proportion beside each kind of weights."""
    import altair as alt
    import vl_convert

    named = {"first": "first-order neighbours", "power": f"power law to order {FARTHEST}"}
    rows, lines = [], []
    for weights, said in named.items():
        some = [step for step in found if step.weights == weights]
        rows += [{"weights": said, "products": step.products / 1e6, "seconds": step.seconds} for step in some]
        scale = math.exp(np.mean([math.log(step.seconds / step.products) for step in some]))
        ends = (some[0].products, some[-1].products)
        lines += [{"weights": said, "products": end / 1e6, "seconds": end * scale} for end in ends]
    x = alt.X("products:Q", scale=alt.Scale(type="log"), title="Non-zero weights × periods (millions)")
    y = alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="Seconds of processor time")
    colour = alt.Color("weights:N", title=None, scale=alt.Scale(range=["#1b6ca8", "#c4511d"]),
                       legend=alt.Legend(orient="top"))  # fmt: skip
    points = alt.Chart(alt.Data(values=rows)).mark_point(filled=True, size=70).encode(x=x, y=y, color=colour)
    straight = alt.Chart(alt.Data(values=lines)).mark_line(strokeDash=[5, 4]).encode(x=x, y=y, color=colour)
    told = f"{GROWTH[0]:,} to {GROWTH[-1]:,} cells, {MANY[1]} months. Dashed: cost in proportion."
    title = alt.Title("What a step of the fit costs", subtitle=told, anchor="start")
    chart = (straight + points).properties(width=460, height=300, title=title)
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")


def lines() -> list[Line]:
    """All figures of the spillover fit."""
    return beside_the_peer() + many_cells() + growth()


def main() -> int:
    """Fits the panel of many cells: the process that is measured."""
    found = fit(panel(*MANY), spec(sys.argv[2]))
    print(found.converged, found.log_likelihood, dict(zip(found.names, found.theta.tolist(), strict=True)))
    return 0 if found.converged else 1


if __name__ == "__main__":
    sys.exit(main())
