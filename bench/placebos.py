"""Placebo inference of synthetic designs: how long it takes, how near to published answers, and beside a peer.

`python -m bench placebos` measures these alone. The peer is pysyncon (PyPI, MIT), which runs apart; put it where
`HARMATTAN_PEERS` says, by `pip install --target FOLDER pysyncon`. Without it the bench says so and goes on.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from bench.measure import Line
from harmattan.models.effect.effect import Effect
from harmattan.models.effect.matching import sdid_everyone, synthetic_everyone
from harmattan.models.effect.outcome import Outcome, Values
from harmattan.models.effect.pool import setting
from harmattan.models.effect.sdid import sdid
from harmattan.models.effect.simplex import each
from harmattan.models.effect.synthetic import synthetic
from harmattan.vocabulary.period import Month

LIMIT_S = 5.0
PEERS = os.environ.get("HARMATTAN_PEERS", "/tmp/harmattan-peers")
PEER = """
import json, sys, time
import numpy as np, pandas as pd
from pysyncon import Synth
before = pd.DataFrame(np.array(json.load(sys.stdin)))
started, errors = time.perf_counter(), []
for unit in before.columns:
    one, others = before[unit], before.drop(columns=unit)
    match = Synth()
    match.fit(X0=others, X1=one, Z0=others, Z1=one, custom_V=before.var(axis=1).to_numpy())
    weights = np.maximum(match.W, 0) / np.maximum(match.W, 0).sum()
    errors.append(float(np.sqrt(np.mean((one - others @ weights) ** 2))))
json.dump([time.perf_counter() - started, errors], sys.stdout)
"""
"""Each column by the others, every row counting the same: pysyncon divides rows by their deviation."""


def lines(data: Path) -> list[Line]:
    """Seconds of California's placebos and of a large panel, and distance from published answers."""
    california = _california(data)
    main = setting(california)
    found = {name: _timed(design, california) for name, design in (("synthetic", synthetic), ("sdid", sdid))}
    out = []
    for name, everyone in (
        ("synthetic control", synthetic_everyone),
        ("synthetic DiD", partial(sdid_everyone, alike=True)),
    ):
        seconds = _best(lambda everyone=everyone: everyone(main))
        out.append(Line(f"placebos of {name}, 38 donors", seconds, LIMIT_S, "s", "each donor in turn, 31 years"))
    for name, (seconds, _) in found.items():
        out.append(Line(f"{name} with all placebos, variants and checks, 38 donors", seconds, LIMIT_S, "s", "31 years"))
    for name, published in (("synthetic", -19.6), ("sdid", -15.6)):
        estimate = found[name][1].estimate
        away = abs(estimate.value - published) if estimate else float("inf")
        out.append(Line(f"{name} of California away from {published}", away, 0.1, "packs", "published estimate"))
    world = _world()
    for name, design in (("synthetic", synthetic), ("sdid", sdid)):
        seconds, _ = _timed(design, world)
        out.append(Line(f"{name} with all placebos, variants and checks, 150 donors", seconds, None, "s",
                        "180 invented months"))  # fmt: skip
    return out + _peer(main.values[:, : main.start])


def _timed(design: Callable[[Outcome], Effect], outcome: Outcome) -> tuple[float, Effect]:
    started = time.perf_counter()
    found = design(outcome)
    return time.perf_counter() - started, found


def _best(run: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return min(taken)


def _california(data: Path) -> Outcome:
    with (data / "impact" / "california_prop99.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    units = tuple(sorted({row["State"] for row in rows}))
    values = np.zeros((len(units), 31))
    for row in rows:
        values[units.index(row["State"]), int(row["Year"]) - 1970] = float(row["PacksPerCapita"])
    return Outcome(units, Month(2000, 1), values, {"California": 19})


def _world(seed: int = 1) -> Outcome:
    """Invented deaths a month: 151 units, 180 months, heavy-tailed, sizes over four orders of magnitude."""
    rng = np.random.default_rng(seed)
    level = np.exp(rng.normal(0, 0.1, (3, 180)).cumsum(axis=1))
    mean = 10 ** rng.uniform(0, 3, (151, 1)) * (rng.dirichlet((1, 1, 1), 151) @ level)
    values = rng.poisson(rng.gamma(0.7, mean / 0.7)).astype(float)
    return Outcome(tuple(f"U{n:03d}" for n in range(151)), Month(2009, 1), values, {"U000": 156})


def _peer(before: Values) -> list[Line]:
    """The same placebos by pysyncon, one thread, in its own process; and how much worse its matches are."""
    command = [sys.executable, "-c", PEER]
    env = os.environ | {"PYTHONPATH": PEERS, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(command, input=json.dumps(before.T.tolist()), text=True, capture_output=True, env=env,
                          check=False)  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"pysyncon could not be run from {PEERS} ({last}): no peer beside the placebos", file=sys.stderr)
        return []
    seconds, errors = json.loads(done.stdout)
    ours = np.sqrt(np.mean((before - each(before) @ before) ** 2, axis=1)).tolist()
    further = max(theirs - own for theirs, own in zip(errors, ours, strict=True))
    nearer = max(own - theirs for theirs, own in zip(errors, ours, strict=True))
    return [
        Line("the same 38 matches by pysyncon 1.7", seconds, None, "s", "SLSQP, equal importance of all years"),
        Line("pysyncon's match further off than ours, at most", further, None, "packs", "root mean square before"),
        Line("our match further off than pysyncon's, at most", max(nearer, 0.0), 0.01, "packs", "the same"),
    ]
