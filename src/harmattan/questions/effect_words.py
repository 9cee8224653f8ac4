"""What an effect is said with: the estimand, the checks and the verdict, each made from what was found and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harmattan.models.effect.effect import REFUSING, Check, CheckName, Design, Effect, Verdict
from harmattan.text import Number, T, Text, counted, joined

Say = Callable[[float, int], Number]
"""A number with so many decimals and the evidence behind it."""
MEASURES: Mapping[str, Text] = {
    "events": T("events"),
    "deaths_best": T("deaths"),
    "deaths_civilians": T("civilians killed"),
}
CHECKS: Mapping[CheckName, Text] = {
    "pre_fit": T("What is expected follows what was counted before"),
    "pre_trend": T("Both ran alike before"),
    "anticipation": T("Nothing moved in the months just before"),
    "contaminated": T("The event left the comparison alone"),
    "placebo_space": T("The difference stands out from what appears elsewhere, where nothing happened"),
    "placebo_time": T("The difference stands out from what appears in earlier months"),
    "leave_one_out": T("The difference does not hang on one unit"),
    "donors": T("The difference lasts with other sets of donors"),
    "enough_before": T("There are enough months before"),
    "enough_controls": T("There is enough to compare with"),
    "stable": T("The difference lasts in other windows and radii"),
}
LIMITS: Mapping[CheckName, Text] = {
    "pre_fit": T("error before, in standard deviations of the series: at most the limit"),
    "pre_trend": T("p-value of no difference: at least the limit"),
    "anticipation": T("p-value of no difference: at least the limit"),
    "contaminated": T("p-value of no movement: at least the limit"),
    "placebo_space": T("rank p-value: at most the limit"),
    "placebo_time": T("rank p-value: at most the limit"),
    "leave_one_out": T("least share of the estimate that is left: at least the limit"),
    "donors": T("least share of the estimate that is left: at least the limit"),
    "enough_before": T("months: at least the limit"),
    "enough_controls": T("units: at least the limit"),
    "stable": T("least share of the estimate that is left: at least the limit"),
}
DESIGNS: Mapping[Design, Text] = {
    "synthetic": T("synthetic control"),
    "sdid": T("synthetic difference in differences"),
    "staggered": T("staggered difference in differences"),
    "interrupted": T("interrupted series"),
}


IN_SHORT: Mapping[Verdict, Text] = {
    "raised": T("higher than expected"),
    "lowered": T("lower than expected"),
    "cannot_tell": T("cannot tell"),
    "refused": T("does not hold"),
}


def verdict(effect: Effect, say: Say) -> Text:
    """The verdict in words: which checks failed and by how much, or how many were passed."""
    found = effect.verdict
    if found in ("raised", "lowered"):
        n = sum(check.passed is True for check in effect.checks)
        held = counted(say(n, 0), "{n} check that could be made held", "{n} checks that could be made held")
        if found == "raised":
            return T("Higher than expected: the interval is clear of zero, and {held}.", held=held)
        return T("Lower than expected: the interval is clear of zero, and {held}.", held=held)
    said = reasons(effect, say)
    if found == "refused":
        return T("No effect is named, since the design does not hold: {reasons}.", reasons=said)
    return T("The data cannot tell: {reasons}.", reasons=said)


def reasons(effect: Effect, say: Say) -> Text:
    """Why no effect is named: the checks that failed, those that refuse the design alone where any does."""
    refused = effect.verdict == "refused"
    failed = [check for check in effect.checks if check.passed is False and (not refused or check.name in REFUSING)]
    said = [_failed(check, say) for check in failed]
    estimate = effect.estimate
    if estimate is None:
        said.append(T("nothing could be estimated"))
    elif not refused and (estimate.low is None or estimate.high is None):
        said.append(T("no interval can be given"))
    elif not refused and estimate.low is not None and estimate.high is not None and estimate.low <= 0 <= estimate.high:
        low, high = (say(end, digits_of(end)) for end in (estimate.low, estimate.high))
        said.append(T("the interval from {low} to {high} has zero in it", low=low, high=high))
    return joined(said, "{first}; {second}")


SMALLEST = 0.001
"""A p-value below this is said to be below it."""


def months(n: Number | int) -> Text:
    """So many months.

    >>> str(months(1))
    '1 month'
    """
    return counted(n, "{n} month", "{n} months")


def digits_of(value: float) -> int:
    """As many decimals as a number needs: two below 1, one below 100.

    >>> digits_of(0.25), digits_of(12.5), digits_of(-250.0)
    (2, 1, 0)
    """
    return 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0


def _failed(check: Check, say: Say) -> Text:
    """What a check that failed found, beside its limit."""
    found, limit = check.found, check.limit
    if found is None or limit is None:
        return T("this does not hold, though no number can be given: {check}", check=CHECKS[check.name])
    if check.name in LEFT:
        where = LEFT[check.name]
        if found <= 0:
            return T("the sign changes {where}", where=where)
        return T("only {n} % of it is left {where} (at least {least} %)", where=where, n=say(100 * found, 0),
                 least=say(100 * limit, 0))  # fmt: skip
    if check.name == "enough_before":
        return T("too few months before: {n} (at least {least})", n=say(found, 0), least=say(limit, 0))
    if check.name == "enough_controls":
        return T("{n} to compare with are too few (at least {least})", n=say(found, 0), least=say(limit, 0))
    if check.name == "pre_fit":
        return T("before the event the comparison is off by {found} standard deviations of the series (at most "
                 "{limit})", found=say(found, 2), limit=say(limit, 2))  # fmt: skip
    if found < SMALLEST:
        return T("{what} (p below {found}, limit {limit})", what=WRONG[check.name], found=say(SMALLEST, 3),
                 limit=say(limit, 2))  # fmt: skip
    return T("{what} (p {found}, limit {limit})", what=WRONG[check.name], found=say(found, 3 if found < 0.1 else 2),
             limit=say(limit, 2))  # fmt: skip


LEFT: Mapping[str, Text] = {
    "leave_one_out": T("without one of the units"),
    "donors": T("with another set of donors"),
    "stable": T("in another window or radius"),
}
WRONG: Mapping[str, Text] = {
    "pre_trend": T("both did not run alike before"),
    "anticipation": T("something moved in the months just before already"),
    "contaminated": T("what it is compared with was itself reached"),
    "placebo_space": T("as much appears elsewhere, where nothing happened"),
    "placebo_time": T("as much appears in earlier months"),
}
