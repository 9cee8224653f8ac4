"""Who is compared: the treated unit before and after, and the donors that a stated rule lets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.effect.outcome import Outcome, Values
from harmattan.text import T, counted, listing

Reason = Literal["unknown", "inactive", "near", "unlike"]
"""Not known in every month used; (nearly) always zero before; too near to the treated units; of another size."""
ACTIVE = 0.25
"""Share of the months before in which a donor must not be zero, unless asked otherwise."""
BESIDE_KM = 0.0
"""Donors at most this far are left out: those that border a treated unit, unless asked otherwise."""


@dataclass(frozen=True)
class Setting:
    """A treated series and its donors: `target` (times,), `values` (donors, times), the event at position `start`.

    `target` is the mean of the treated units. No value is NaN; `positions` says where in the outcome each time is.
    """

    treated: tuple[str, ...]
    donors: tuple[str, ...]
    target: Values = field(repr=False)
    values: Values = field(repr=False)
    start: int
    positions: tuple[int, ...] = field(repr=False)
    km: Mapping[str, float] = field(default_factory=dict, repr=False)
    left_out: Mapping[str, Reason] = field(default_factory=dict, repr=False)

    @property
    def after(self) -> int:
        """Times from the event on."""
        return len(self.target) - self.start

    def without(self, *units: str) -> Setting:
        """The same without some donors."""
        kept = [n for n, unit in enumerate(self.donors) if unit not in units]
        return replace(self, donors=tuple(self.donors[n] for n in kept), values=self.values[kept])

    def treating(self, units: tuple[str, ...]) -> Setting:
        """A placebo: some donors as if they had been treated, compared with the other donors."""
        rows = [self.donors.index(unit) for unit in units]
        return replace(self.without(*units), treated=units, target=self.values[rows].mean(axis=0))

    def until(self, last: int, start: int) -> Setting:
        """A placebo: the times before position `last`, as if the event had been at `start`."""
        return self._between(0, last, start)

    def since(self, first: int) -> Setting:
        """The times from position `first` on."""
        return self._between(first, len(self.target), self.start - first)

    def _between(self, first: int, last: int, start: int) -> Setting:
        return replace(self, target=self.target[first:last], values=self.values[:, first:last], start=start,
                       positions=self.positions[first:last])  # fmt: skip


def setting(
    outcome: Outcome, *, active: float = ACTIVE, beside_km: float = BESIDE_KM, within: float | None = None
) -> Setting:
    """The treated units, all from one start on, and the donors.

    A donor must be known in every month in which the treated units are, be other than zero in a share `active` of the
    months before (a donor that is always zero says nothing but lets the others be scaled down: 0 lets it in), and be
    farther than `beside_km` where the distance is known; `within` asks for a mean before that is at most so many times
    that of the treated units, or they of it. Months in which a treated unit is unknown are left out.
    Raises UsageError where nothing can be compared.
    """
    start = one_start(outcome)
    own = np.stack([outcome.of(unit) for unit in outcome.treated])
    known = np.flatnonzero(np.isfinite(own).all(axis=0))
    before = int((known < start).sum())
    names = listing(outcome.treated)
    if before == 0:
        raise UsageError(T("{units} has no known month before the event.", units=names),
                         do=T("Take a later event, or counts that begin earlier."))  # fmt: skip
    if before == len(known):
        raise UsageError(T("{units} has no known month from the event on.", units=names),
                         do=T("Take an earlier event, or counts that reach further."))  # fmt: skip
    values = outcome.values[:, known]
    left_out: dict[str, Reason] = {}
    for row, unit in enumerate(outcome.units):
        if unit in outcome.starts:
            continue
        if not np.isfinite(values[row]).all():
            left_out[unit] = "unknown"
        elif outcome.km.get(unit, np.inf) <= beside_km:
            left_out[unit] = "near"
        elif np.mean(values[row, :before] != 0) < active:
            left_out[unit] = "inactive"
        elif within is not None and not _similar(values[row, :before], own[:, known[:before]], within):
            left_out[unit] = "unlike"
    donors = tuple(unit for unit in outcome.controls if unit not in left_out)
    if not donors:
        raise _nobody(len(left_out), active)
    rows = [outcome.units.index(unit) for unit in donors]
    km = {unit: outcome.km[unit] for unit in donors if unit in outcome.km}
    positions = tuple(int(at) for at in known)
    return Setting(outcome.treated, donors, own[:, known].mean(axis=0), values[rows], before, positions, km, left_out)


def _similar(values: Values, own: Values, within: float) -> bool:
    one, other = abs(float(values.mean())), abs(float(own.mean()))
    return max(one, other) <= within * min(one, other)


def one_start(outcome: Outcome) -> int:
    """The start that all treated units share. Raises UsageError where there is none, or more than one."""
    starts = set(outcome.starts.values())
    if not starts:
        raise UsageError(T("No unit is treated."), do=T("Name the unit that the event happened to."))
    if len(starts) > 1:
        raise UsageError(
            T("The treated units have {n} different starts, and this design takes one.", n=len(starts)),
            do=T("Take the staggered design."),
        )
    start = starts.pop()
    if not 0 <= start <= outcome.values.shape[1]:
        raise UsageError(T("The event is outside of the months that are known."))
    return start


def _nobody(left_out: int, active: float) -> UsageError:
    return UsageError(
        T("No unit is left to compare with."),
        available=counted(
            left_out,
            "{n} unit was left out: unknown in some month, beside the event, or nearly always zero.",
            "{n} units were left out: unknown in some month, beside the event, or nearly always zero.",
        ),
        do=T("Let in units whose outcome is above zero in fewer than {share} % of the months before.",
             share=round(100 * active)) if active > 0 and left_out else None,
    )  # fmt: skip
