"""For each design: a world where it must refuse, a world where the effect is there, and worlds where nothing is.

The full measure, with coverage and size, is `python -m bench effects`.
"""

from __future__ import annotations

import pytest
from bench.effects import MADE, REFUSED, RUN

REASONS = {
    "broken": {"pre_trend"},
    "anticipated": {"anticipation"},
    "contaminated": {"contaminated"},
}
"""The check that must be among those that failed."""
WORLDS = [(design, kind) for design, kinds in REFUSED.items() for kind in kinds]


@pytest.mark.parametrize(("design", "kind"), WORLDS)
def test_it_refuses_where_it_must(design, kind) -> None:
    effect = RUN[design](MADE[design](kind, 1).outcome)
    assert effect.verdict == "refused"
    assert {check.name for check in effect.checks if check.passed is False} >= REASONS[kind]


@pytest.mark.parametrize("design", list(MADE))
def test_it_finds_what_was_put_in(design) -> None:
    world = MADE[design]("effect", 2)
    effect = RUN[design](world.outcome)
    assert effect.verdict == "raised"
    assert effect.estimate is not None
    assert effect.estimate.value == pytest.approx(world.truth, rel=0.5)


@pytest.mark.parametrize("design", list(MADE))
def test_it_finds_nothing_where_nothing_was(design) -> None:
    assert RUN[design](MADE[design]("null", 1).outcome).verdict not in ("raised", "lowered")
