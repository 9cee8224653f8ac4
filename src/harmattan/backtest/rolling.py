"""Draws from every origin by every model, several at once; what is there already is not drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from harmattan.backtest import layout
from harmattan.backtest.folder import draws_path, put
from harmattan.backtest.plan import Plan
from harmattan.backtest.scored import Marks, marks
from harmattan.errors import HarmattanError, WrongFile
from harmattan.models.draws import Model, in_parts
from harmattan.models.panel import Panel
from harmattan.text import T, Verbatim
from harmattan.vocabulary.period import Month

Tell = Callable[[int, int, str], None]
"""Is told how many parts are done, of how many, and which was the last."""


def draw_all(panel: Panel, plan: Plan, out: Path, jobs: int, tell: Tell) -> int:
    """Writes the draws that are not there yet; returns how many there were. Raises HarmattanError.

    A model gets the panel cut after its origin, and nothing else of it: what came later is not in its process.
    """
    wanted = [(origin, model) for origin in plan.origins for model in plan.models]
    missing = [(origin, model) for origin, model in wanted if not draws_path(out, model.name, origin).is_file()]
    whole = _whole(panel)
    calls = ((_drawn, (model, panel.until(origin), plan, whole, out)) for origin, model in missing)
    for done, name in enumerate(_each(calls, jobs), start=1):
        tell(done, len(missing), name)
    return len(wanted) - len(missing)


def _drawn(model: Model, known: Panel, plan: Plan, whole: bool, out: Path) -> str:
    frame = layout.Frame(known.units, plan.months(known.last), plan.level, whole)
    blocks = in_parts(model, known, plan.steps, plan.draws, plan.seed)
    put(draws_path(out, model.name, known.last), lambda part: layout.write(part, blocks, frame))
    return f"{model.name} {known.last}"


def _whole(panel: Panel) -> bool:
    """Whether all that was observed are whole numbers, as deaths are."""
    known = panel.values[np.isfinite(panel.values)]
    return bool((known == np.rint(known)).all() and (known < 2**31).all())


def score_all(panel: Panel, plan: Plan, out: Path, jobs: int, tell: Tell) -> dict[str, Marks]:
    """What the draws in a folder are worth, by model, each (origins, units, steps)."""
    wanted = [(origin, model) for model in plan.models for origin in plan.origins]
    calls = (
        (_scored, (draws_path(out, model.name, origin), panel.units, panel.at(origin, plan.steps), plan, origin))
        for origin, model in wanted
    )
    found: dict[tuple[str, Month], Marks] = {}
    for done, (name, origin, marked) in enumerate(_each(calls, jobs), start=1):
        found[name, origin] = marked
        tell(done, len(wanted), f"{name} {origin}")
    return {model.name: Marks.stacked([found[model.name, origin] for origin in plan.origins]) for model in plan.models}


def _scored(
    path: Path, units: Sequence[str], truth: NDArray[np.float64], plan: Plan, origin: Month
) -> tuple[str, Month, Marks]:
    try:
        blocks = layout.read(path, units, len(plan.steps), plan.draws)
        return path.parent.name, origin, marks(blocks, truth, plan.seed, origin)
    except (ValueError, OSError, pa.ArrowException) as fault:
        raise WrongFile(
            T("{path} is damaged.", path=Verbatim(str(path))), do=T("Remove it and say the same again.")
        ) from fault


def _each(calls: Iterable[tuple[Callable[..., Any], tuple[Any, ...]]], jobs: int) -> Iterator[Any]:
    """The result of each call as it is done, `jobs` at once, one thread in each."""
    if jobs == 1:
        for function, args in calls:
            yield function(*args)
        return
    import joblib

    try:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch=f"{jobs}+1")
            yield from parallel(joblib.delayed(function)(*args) for function, args in calls)
    except BrokenProcessPool as fault:
        raise HarmattanError(
            T("A process of this backtest was ended from outside, perhaps for want of memory."),
            do=T("Say the same again with --jobs 1; what is done is kept."),
        ) from fault
