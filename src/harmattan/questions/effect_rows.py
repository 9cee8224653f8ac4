"""The rows of an effect: one for the case, or by month, placebo, donor, variant and check; each with its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from harmattan.models.effect.effect import Effect, Placebo
from harmattan.models.effect.outcome import Outcome
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.effect_words import CHECKS, LIMITS, Say, verdict
from harmattan.text import T, Text
from harmattan.vocabulary.period import Month

BY = ("month", "placebo", "donor", "variant", "check")
EVENTS_BEHIND = AnswerColumn(
    "events", T("events of the treated and of what it is compared with, which the evidence lists"), "events"
)
CASE = (
    AnswerColumn("case", T("the milestone by its id in the dossier, or the forces whose leaving is looked at")),
    AnswerColumn("design", T("synthetic, sdid, staggered or interrupted")),
)
WHOLE = (
    *CASE,
    AnswerColumn("treated", T("the treated country or places")),
    AnswerColumn("start", T("the first treated month; of several places the first and the last of them")),
    AnswerColumn("measure", T("what is counted")),
    AnswerColumn("observed", T("counted by month (and place) from the event on: the mean")),
    AnswerColumn("expected", T("what the comparison lets expect: the mean")),
    AnswerColumn("estimate", T("the effect: observed less expected, by month (and place)")),
    AnswerColumn("low", T("low end of its 95 % interval")),
    AnswerColumn("high", T("high end of its 95 % interval")),
    AnswerColumn("p", T("rank p-value among placebos, or that of the design's test")),
    AnswerColumn("verdict_key", T("raised, lowered, cannot_tell or refused")),
    AnswerColumn("failed", T("the checks that did not hold")),
    AnswerColumn("percent", T("the effect in percent of what was expected; empty where that is not above zero"), "%"),
    AnswerColumn("pre_error", T("root mean square of observed less expected before the event")),
    AnswerColumn("controls", T("how many units it is compared with, before any of them gets a weight"), "units"),
    AnswerColumn("before", T("months before it that are used"), "months"),
    AnswerColumn("after", T("months from it on that are used"), "months"),
    AnswerColumn("km", T("how far from a place events may lie"), "km"),
    EVENTS_BEHIND,
    RECORDS,
    AnswerColumn("estimand", T("what is estimated, in words")),
    AnswerColumn("verdict", T("what the checks leave to be said")),
)
MONTHS = (
    *CASE,
    AnswerColumn("month", T("months from the event on; 0 is the first treated month"), "months"),
    AnswerColumn("period", T("the month that is; of several places the first and the last of them")),
    AnswerColumn("observed", T("counted in the month; of several places the mean")),
    AnswerColumn("expected", T("what the comparison lets expect")),
    AnswerColumn("effect", T("observed less expected")),
    AnswerColumn("low", T("low end of its 95 % interval")),
    AnswerColumn("high", T("high end of its 95 % interval")),
    AnswerColumn("units", T("treated units that the month is of"), "units"),
    EVENTS_BEHIND,
    RECORDS,
)
PLACEBOS = (
    *CASE,
    AnswerColumn("placebo", T("the unit, or the month, that is taken as if it had been treated")),
    AnswerColumn("kind", T("space or time")),
    AnswerColumn("month", T("months from the event on; 0 is the first treated month"), "months"),
    AnswerColumn("gap", T("observed less expected of the placebo")),
    AnswerColumn("estimate", T("its mean from the event on")),
    AnswerColumn("ratio", T("error after over error before; empty where nothing was left to fit before")),
    EVENTS_BEHIND,
    RECORDS,
)
DONORS = (
    *CASE,
    AnswerColumn("donor", T("the country or place that is compared with")),
    AnswerColumn("weight", T("its weight in the comparison; empty where the design has none")),
    AnswerColumn("role", T("donor; of places stayed (a force stood there throughout) or matched (none did)")),
    AnswerColumn("km", T("its distance to the nearest treated place"), "km"),
    AnswerColumn("mean_before", T("what it had by month before the event")),
    AnswerColumn("mean_after", T("what it had by month from the event on")),
    EVENTS_BEHIND,
    RECORDS,
)
VARIANTS = (
    *CASE,
    AnswerColumn("variant_kind", T("leave_one_out, donors, radius, window or measure")),
    AnswerColumn("variant", T("what is otherwise: the unit left out, the radius in km, months before + after, …")),
    AnswerColumn("estimate", T("the effect with that choice")),
    AnswerColumn("low", T("low end of its 95 % interval")),
    AnswerColumn("high", T("high end of its 95 % interval")),
    EVENTS_BEHIND,
    RECORDS,
)
CHECKED = (
    *CASE,
    AnswerColumn("check", T("what must hold")),
    AnswerColumn("check_key", T("the check's name")),
    AnswerColumn("passed", T("whether it held; empty where it could not be looked at")),
    AnswerColumn("found", T("what was found")),
    AnswerColumn("limit", T("what it is held to")),
    AnswerColumn("measured_in", T("the unit of both, and on which side of the limit the check holds")),
    EVENTS_BEHIND,
    RECORDS,
)
COLUMNS: Mapping[str, tuple[AnswerColumn, ...]] = {
    "": WHOLE, "month": MONTHS, "placebo": PLACEBOS, "donor": DONORS, "variant": VARIANTS, "check": CHECKED,
}  # fmt: skip
Spans = Mapping[str, tuple[int, int]]
"""By unit the first and last position of an outcome."""


class Behind(Protocol):
    """Finds the records behind a row."""

    def line(self, values: dict[str, Any], spans: Spans) -> Line:
        """A row that rests on the records of some units in some months; `events` and `records` are put in."""
        ...


@dataclass(frozen=True)
class Found:
    """An effect, and what it is about."""

    case: str
    effect: Effect
    outcome: Outcome
    behind: Behind
    estimand: Callable[[Say], Text]
    measure: str
    before: int
    after: int
    km: float | None = None
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> tuple[str, ...]:
        """The controls that the numbers rest on: those with a weight, or all where the design has none."""
        return tuple(self.effect.weights) or self.effect.controls

    @property
    def span(self) -> tuple[int, int]:
        """The first and last position that is used."""
        return 0, self.outcome.values.shape[1] - 1

    @property
    def whole(self) -> Spans:
        """All months of everything that the numbers rest on."""
        return dict.fromkeys((*self.effect.treated, *self.used), self.span)

    def at(self, month: int) -> Spans:
        """A month relative to the event: of each treated unit its own, of the controls those of all of these."""
        last = self.span[1]
        own = {unit: self.outcome.starts[unit] + month for unit in self.effect.treated}
        own = {unit: at for unit, at in own.items() if 0 <= at <= last}
        if not own:
            return {}
        spread = (min(own.values()), max(own.values()))
        return {unit: (at, at) for unit, at in own.items()} | dict.fromkeys(self.used, spread)

    def period(self, month: int) -> str | None:
        """The month that is, or the first and last of several."""
        spans = self.at(month)
        if not spans:
            return None
        ends = [self.outcome.month(at) for unit in self.effect.treated if unit in spans for at in spans[unit]]
        return written(min(ends), max(ends))

    @property
    def start(self) -> str:
        """The first treated month, or the first and last of several."""
        starts = [self.outcome.month(self.outcome.starts[unit]) for unit in self.effect.treated]
        return written(min(starts), max(starts))

    def mean(self, name: str) -> float | None:
        """The mean of `observed` or `expected` from the event on, each month by the units that it is of."""
        after = [(getattr(point, name), point.units) for point in self.effect.path if point.month >= 0]
        total = sum(units for _, units in after)
        return sum(value * units for value, units in after) / total if total else None


def written(first: Month, last: Month) -> str:
    """One month, or two with a stroke between them."""
    return str(first) if first == last else f"{first}/{last}"


def rounded(value: float | None, digits: int = 3) -> float | None:
    """A number as a table has it; None stays None."""
    return None if value is None else round(float(value), digits) + 0.0


def whole(found: Found, say: Say) -> Line:
    """The row of a case."""
    effect, estimate = found.effect, found.effect.estimate
    observed, expected = found.mean("observed"), found.mean("expected")
    share = estimate and expected and expected > 0 and 100 * estimate.value / expected
    values = _case(found) | {
        "estimand": found.estimand(say),
        "measure": found.measure,
        "treated": ", ".join(effect.treated),
        "controls": len(effect.controls),
        "km": found.km,
        "start": found.start,
        "before": found.before,
        "after": found.after,
        "observed": rounded(observed),
        "expected": rounded(expected),
        "estimate": rounded(estimate.value) if estimate else None,
        "low": rounded(estimate.low) if estimate else None,
        "high": rounded(estimate.high) if estimate else None,
        "p": rounded(estimate.p) if estimate else None,
        "percent": rounded(share, 1) if share else None,
        "pre_error": rounded(effect.pre_error),
        "verdict": verdict(effect, say),
        "verdict_key": effect.verdict,
        "failed": ", ".join(check.name for check in effect.checks if check.passed is False) or None,
    }
    return found.behind.line(values, found.whole)


def rows(found: Found, by: str) -> Iterator[Line]:
    """The rows of a case by month, placebo, donor, variant or check."""
    yield from {"month": _months, "placebo": _placebos, "donor": _donors, "variant": _variants, "check": _checks}[by](
        found
    )


def _case(found: Found) -> dict[str, Any]:
    return {"case": found.case, "design": found.effect.design}


def _months(found: Found) -> Iterator[Line]:
    for point in found.effect.path:
        values = _case(found) | {
            "month": point.month,
            "period": found.period(point.month),
            **{name: rounded(getattr(point, name)) for name in ("observed", "expected", "effect", "low", "high")},
            "units": point.units,
        }
        yield found.behind.line(values, found.at(point.month))


def _placebos(found: Found) -> Iterator[Line]:
    months = [point.month for point in found.effect.path]
    for placebo in found.effect.placebos:
        ratio = rounded(placebo.ratio) if placebo.pre_error > 0 else None
        for month, gap in zip(months, placebo.gaps, strict=False):
            values = _case(found) | {
                "placebo": placebo.name, "kind": placebo.kind, "month": month, "gap": rounded(gap),
                "estimate": rounded(placebo.effect), "ratio": ratio,
            }  # fmt: skip
            yield found.behind.line(values, _of_placebo(found, placebo, month))


def _of_placebo(found: Found, placebo: Placebo, month: int) -> Spans:
    """The unit, or in time the treated units, in that month of the event."""
    spans = found.at(month)
    if placebo.kind == "time" or not spans:
        return {unit: spans[unit] for unit in found.effect.treated if unit in spans}
    low, high = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    return {unit: (low, high) for unit in found.outcome.units if unit == placebo.name}


def _donors(found: Found) -> Iterator[Line]:
    first = min((found.outcome.starts[unit] for unit in found.effect.treated), default=0)
    weights = found.effect.weights
    for unit in sorted(found.used, key=lambda unit: (-weights.get(unit, 0.0), unit)):
        series = found.outcome.of(unit)
        values = _case(found) | {
            "donor": unit,
            "weight": rounded(weights.get(unit)),
            "role": found.roles.get(unit, "donor"),
            "km": rounded(found.outcome.km.get(unit), 1),
            "mean_before": _mean(series[:first]),
            "mean_after": _mean(series[first:]),
        }
        yield found.behind.line(values, {unit: found.span})


def _mean(series: Any) -> float | None:
    known = series[np.isfinite(series)]
    return rounded(known.mean()) if len(known) else None


def _variants(found: Found) -> Iterator[Line]:
    for one in found.effect.variants:
        values = _case(found) | {
            "variant_kind": one.kind, "variant": one.name, "estimate": rounded(one.value), "low": rounded(one.low),
            "high": rounded(one.high),
        }  # fmt: skip
        yield found.behind.line(values, found.whole)


def _checks(found: Found) -> Iterator[Line]:
    for check in found.effect.checks:
        values = _case(found) | {
            "check": CHECKS[check.name], "check_key": check.name, "passed": check.passed,
            "found": rounded(check.found), "limit": check.limit, "measured_in": LIMITS[check.name],
        }  # fmt: skip
        yield found.behind.line(values, found.whole)
