"""The effect of an event: an estimate, what it was compared with, and the checks that it must pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Design = Literal["synthetic", "sdid", "staggered", "interrupted"]
"""Synthetic control; synthetic difference in differences; staggered difference in differences (imputation); an
interrupted series, the weak fallback without controls."""
Verdict = Literal["raised", "lowered", "cannot_tell", "refused"]
"""`refused`: a check says that the design does not hold, so no effect is named. `cannot_tell`: the design holds as far
as can be seen, but the estimate does not stand out of the placebos or of its interval, or does not last in variants."""
CheckName = Literal["pre_fit", "pre_trend", "anticipation", "contaminated", "placebo_space", "placebo_time",
                    "leave_one_out", "donors", "enough_before", "enough_controls", "stable"]  # fmt: skip
REFUSING: tuple[CheckName, ...] = (
    "pre_fit", "pre_trend", "anticipation", "contaminated", "enough_before", "enough_controls",
)  # fmt: skip
"""Checks whose failure refuses the design; the others, failed, leave that the data cannot tell."""


@dataclass(frozen=True)
class Estimate:
    """An average effect in the unit of the outcome for each treated unit and month, with its 95 % interval.

    `p` is the rank p-value of placebos in space where there are any, else that of the test named in the design.
    NaN never stands here: what cannot be had is None.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None
    error: float | None = None
    """Standard error."""


@dataclass(frozen=True)
class Point:
    """One month relative to the event (0: the first treated month), over the treated units.

    `observed` and `expected` are means of a treated unit; `effect` is their difference with its 95 % interval.
    """

    month: int
    observed: float
    expected: float
    effect: float
    low: float | None
    high: float | None
    units: int


@dataclass(frozen=True)
class Placebo:
    """What the same design gives where nothing happened: for another unit, or at an earlier month."""

    name: str
    """The unit, or the month."""
    kind: Literal["space", "time"]
    effect: float
    pre_error: float
    """Root mean square of what is observed less what is expected, before."""
    post_error: float
    gaps: tuple[float, ...]
    """Observed less expected, by month; positions are those of the effect's path."""
    counted: bool = True
    """Whether it counts in the rank: a unit that would fail `pre_fit` itself is shown and left out."""

    @property
    def ratio(self) -> float:
        """Post-error over pre-error (Abadie, Diamond & Hainmueller 2010); large where nothing was left to fit."""
        return self.post_error / self.pre_error if self.pre_error > 0 else float(self.post_error > 0) * 1e12


@dataclass(frozen=True)
class Variant:
    """The estimate under another choice: a donor left out, another radius, window, or set of donors."""

    kind: Literal["leave_one_out", "donors", "radius", "window", "measure"]
    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Check:
    """One check: what was found, against what limit; `passed` is None where it could not be made."""

    name: CheckName
    passed: bool | None
    found: float | None
    limit: float | None


@dataclass(frozen=True)
class Effect:
    """What a design says about an event."""

    design: Design
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    estimate: Estimate | None
    """None where the design could not be estimated at all."""
    path: tuple[Point, ...] = field(default=(), repr=False)
    weights: Mapping[str, float] = field(default_factory=dict)
    """Of donors, adding up to 1; those of weight below 0.001 are left out."""
    placebos: tuple[Placebo, ...] = field(default=(), repr=False)
    variants: tuple[Variant, ...] = field(default=(), repr=False)
    checks: tuple[Check, ...] = ()
    pre_error: float | None = None
    left_out: Mapping[str, Literal["unknown", "inactive", "near", "unlike"]] = field(default_factory=dict, repr=False)
    """Units that could have been donors and are not: not known in every month used, (nearly) always zero before, too
    near to the treated, or of another size."""

    @property
    def verdict(self) -> Verdict:
        """What the checks leave to be said."""
        failed = {check.name for check in self.checks if check.passed is False}
        if self.estimate is None or failed & set(REFUSING):
            return "refused"
        low, high = self.estimate.low, self.estimate.high
        clear = low is not None and high is not None and (low > 0 or high < 0)
        if failed or not clear:
            return "cannot_tell"
        return "raised" if self.estimate.value > 0 else "lowered"
