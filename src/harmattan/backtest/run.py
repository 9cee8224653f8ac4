"""A backtest from a panel to its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harmattan.backtest.folder import MANIFEST, identity, manifest, opened, put
from harmattan.backtest.foreign import Fit, Foreign
from harmattan.backtest.plan import Plan, check
from harmattan.backtest.rolling import Tell, draw_all, score_all
from harmattan.backtest.scored import Marks, marks, write_scores, write_skill
from harmattan.backtest.summary import Summary, summed_up
from harmattan.errors import UsageError
from harmattan.models.panel import Panel
from harmattan.models.registry import MODELS
from harmattan.text import T, Verbatim

SCORES_FILE, SKILL_FILE = "scores.parquet", "skill.parquet"


@dataclass(frozen=True)
class Theirs:
    """Somebody else's draws, and what they are to be called."""

    path: Path
    name: str


@dataclass(frozen=True)
class Done:
    """What a backtest found, how many draws were there already, and how well somebody else's fitted."""

    summary: Summary
    kept: int
    fit: Fit | None


def backtest(panel: Panel, plan: Plan, out: Path, jobs: int, tell: Tell, *, theirs: Theirs | None = None) -> Done:
    """Draws what is not drawn yet, scores everything, and writes `scores.parquet` and `skill.parquet`.

    Killed at any point and started again it goes on where it was. Raises HarmattanError where the folder belongs to
    something else or cannot be written, UsageError for an origin outside the panel, WrongFile for broken draws.
    """
    check(plan, panel)
    if theirs is not None and theirs.name in MODELS:
        raise UsageError(
            T("{name} is one of our models.", name=Verbatim(theirs.name)), do=T("Call theirs something else: --name.")
        )
    settings = identity(panel, plan)
    foreign = Foreign(theirs.path, panel, plan) if theirs else None
    with opened(out, settings):
        kept = draw_all(panel, plan, out, jobs, tell)
        marked = score_all(panel, plan, out, jobs, tell)
        if theirs and foreign:
            marked[theirs.name] = _marked(foreign, panel, plan)
        put(out / SCORES_FILE, lambda part: write_scores(part, marked, panel, plan))
        put(out / SKILL_FILE, lambda part: write_skill(part, marked, panel, plan))
    return Done(summed_up(marked, panel, plan, settings["panel"]), kept, foreign.fit if foreign else None)


def _marked(foreign: Foreign, panel: Panel, plan: Plan) -> Marks:
    found = Marks.stacked(
        [
            marks(foreign.blocks(origin), panel.at(origin, plan.steps), plan.seed, origin)
            for origin in plan.origins
        ]
    )  # fmt: skip
    foreign.check()
    return found


def drawn_before(out: Path) -> list[str]:
    """The models that a folder has draws of."""
    if not (out / MANIFEST).is_file() or manifest(out) is None:
        return []
    there = out / "draws"
    return sorted(path.name for path in there.iterdir() if path.name in MODELS) if there.is_dir() else []
