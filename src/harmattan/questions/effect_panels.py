"""The outcome of a country design: one treated country and its donors by month, and the rule that chooses these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.lake.shelf import Held
from harmattan.models.effect.outcome import Outcome
from harmattan.questions.effect_cases import Case, Excluded, excluded
from harmattan.questions.effect_words import months
from harmattan.questions.library import Told
from harmattan.questions.panels import covered_months, summed
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Verbatim, listing
from harmattan.vocabulary.period import Month, Period

BEFORE: Mapping[str, int] = {"synthetic": 36, "sdid": 36, "interrupted": 60}
"""Months before the event by design, where nothing is said: three years, and five of a series held to its own past."""
LEAST_BEFORE = 6
"""With fewer months before nothing is estimated at all."""
FACTOR = 10.0
"""Donors had, in the months before, at least this part and at most this multiple of what the treated country had."""
NARROW = 3.0
"""The same of the narrower set that the estimate is held against."""
MEASURES = ("events", "deaths_best", "deaths_civilians")


@dataclass(frozen=True)
class Counted:
    """Sums by country and month: each measure has the shape (countries, months), NaN where nobody looked."""

    countries: tuple[str, ...]
    span: Period
    values: Mapping[str, Any] = field(repr=False)
    """By measure."""
    release: Mapping[str, tuple[str, ...]]
    """Which releases speak about each country in these months."""

    def of(self, country: str, measure: str) -> Any:
        """One series, shape (months,); all NaN of a country that nobody speaks of."""
        if country not in self.countries:
            return np.full(self.months, np.nan)
        return self.values[measure][self.countries.index(country)]

    @property
    def months(self) -> int:
        """How many months there are."""
        return self.span.last_month - self.span.first_month + 1


@dataclass(frozen=True)
class Pool:
    """One treated country with its donors: the outcome, and what was left out by which rule."""

    case: Case
    outcome: Outcome
    excluded: Excluded
    named: bool
    """Whether the question named the donors."""
    gaps: frozenset[str]
    """Countries that would do, but for months without a release."""
    sizes: Mapping[str, float]
    """Mean by month before of every donor and of the treated country."""
    short: int
    """How many of the months asked for after the event are not covered."""
    missing: int = 0
    """How many of those before."""

    @property
    def donors(self) -> tuple[str, ...]:
        """The donors."""
        return self.outcome.controls

    @property
    def start(self) -> int:
        """Position of the first treated month."""
        return self.outcome.starts[self.case.country]

    @property
    def after(self) -> int:
        """Months from the event on that are used."""
        return int(self.outcome.values.shape[1]) - self.start

    @property
    def span(self) -> Period:
        """The months used."""
        last = self.outcome.values.shape[1] - 1
        return Period.months(self.outcome.first, self.outcome.month(last))

    def narrow(self, factor: float = NARROW) -> tuple[str, ...]:
        """The donors that come nearer to the size of the treated country."""
        own = self.sizes[self.case.country]
        return tuple(code for code in self.donors if _like(self.sizes[code], own, factor))


def counted(world: World, params: Params, span: Period, places: tuple[str, ...]) -> Counted:
    """The sums of countries, or joint places, by month."""
    wide = replace(params, country=places, start=span.start, end=span.end, by=())
    settled, selection = world.selected(wide)
    first, n = span.first_month.ordinal, span.last_month - span.first_month + 1
    seen = np.full((len(places), n), np.nan)
    for at, code in enumerate(places):
        inside = [month - first for month in covered_months(selection.spoken(code)) if 0 <= month - first < n]
        seen[at, inside] = 0.0
    values = {name: seen.copy() for name in MEASURES}
    row_of = {code: at for at, code in enumerate(places)}
    for row in summed(world, settled, selection, "country"):
        at, month = row_of[row["country"]], Month.parse(row["month"]).ordinal - first
        if np.isfinite(seen[at, month]):
            for name in MEASURES:
                values[name][at, month] = np.nan if row[name] is None else row[name]
    release = {
        code: tuple(held.release.name for part in selection.slices if code in part.countries for held in part.holds)
        for code in places
    }
    return Counted(places, span, values, {code: tuple(dict.fromkeys(names)) for code, names in release.items()})


def pool(world: World, told: Told, params: Params, case: Case) -> tuple[Pool, Counted]:
    """The treated country and its donors. Raises UsageError where nothing can be compared, in one line."""
    before = params.before or BEFORE[params.design or "synthetic"]
    span = Period.months(case.start + -before, case.start + (params.window - 1))
    if params.as_of is not None and case.start.last_day > params.as_of:
        raise UsageError(
            T("{milestone} counts from {month} on, which is not over by {day}.", milestone=Verbatim(case.milestone.id),
              month=case.start.name, day=params.as_of),
            do=T("Say a later --as-of."),
        )  # fmt: skip
    needs_donors = params.design != "interrupted"
    if needs_donors and params.kind and not params.donor:
        _tell_kinds(world, params)
    found = counted(world, params, span, world.places(params) if needs_donors else (case.country,))
    own, first, last = _treated(found, params, case, before)
    used = Period.months(span.first_month + first, span.first_month + last)
    out = excluded(world, told, params, case, used)
    start = before - first
    series = {code: found.of(code, params.measure)[first : last + 1] for code in found.countries}
    sizes = {code: float(values[:start].mean()) for code, values in series.items() if np.isfinite(values).all()}
    if needs_donors and params.donor:
        donors, gaps = _named(params, case, sizes), frozenset[str]()
    elif needs_donors:
        alike = {code for code in series if "+" not in code and code != case.country} - out.all
        fit = [code for code in sorted(alike) if code in sizes and _comparable(series[code][:start], sizes[code], own)]
        gaps = frozenset(code for code in alike - set(sizes) if _maybe(series[code][:start], own))
        donors = tuple(fit)
        if not donors:
            raise _nobody(case, start)
    else:
        donors, gaps = (), frozenset()
    units = (case.country, *donors)
    outcome = Outcome(units, used.first_month, np.array([series[code] for code in units]), {case.country: start})
    kept = {code: sizes[code] for code in units if code in sizes} | {case.country: own}
    short = params.window - (last + 1 - before)
    return Pool(case, outcome, out, bool(params.donor), gaps, kept, short, first), found


def _treated(found: Counted, params: Params, case: Case, before: int) -> tuple[float, int, int]:
    """The mean of the treated country before, and the positions of its first and last month in a row with a value."""
    known = np.isfinite(found.of(case.country, params.measure))
    if not known[before]:
        raise UsageError(
            T("No release here speaks about {country} in {month}, from which on it counts as treated.",
              country=CountryName(case.country), month=case.start.name),
            do=T("harmattan ask coverage says who is covered, and when."),
        )  # fmt: skip
    first, last = before, before
    while first > 0 and known[first - 1]:
        first -= 1
    while last + 1 < len(known) and known[last + 1]:
        last += 1
    if before - first < LEAST_BEFORE:
        raise UsageError(
            T("With {months} of {country} before {month}, nothing can be said of what would have been.",
              country=CountryName(case.country), months=months(before - first), month=case.start.name),
            do=T("At least {n} are needed, asked for with --before and covered: harmattan ask coverage says which are.",
                 n=LEAST_BEFORE),
        )  # fmt: skip
    own = float(found.of(case.country, params.measure)[first:before].mean())
    if own == 0 and params.design != "interrupted":
        raise UsageError(
            T("Nothing of this kind is on record in {country} in the {n} months before {month}: no other country can "
              "be fitted to that.", country=CountryName(case.country), n=before - first, month=case.start.name),
            do=T("Say another --measure, or more months with --before."),
        )  # fmt: skip
    return own, first, last


def _tell_kinds(world: World, params: Params) -> None:
    able, every = world.places(params), world.places(replace(params, kind=()))
    if 2 * len(able) < len(every):
        names = [CountryName(code) for code in able]
        raise UsageError(
            T("Kinds of violence can be told apart in {countries} only, too few to compare with: the release that "
              "counts the other countries has sums of all kinds.", countries=listing(names))
            if names
            else T("No release here tells kinds of violence apart."),
            do=T("Leave --kind out, name donors with --donor, or take in the event file: harmattan fetch ucdp-ged."),
        )  # fmt: skip


def _named(params: Params, case: Case, sizes: Mapping[str, float]) -> tuple[str, ...]:
    """The donors that the question names. Raises UsageError for one that cannot stand for the treated country."""
    for code in params.donor:
        if code == case.country:
            raise UsageError(
                T("{country} is the treated country and cannot be its own donor.", country=CountryName(code)),
                do=T("Name other countries, or leave --donor out."),
            )
        if code not in sizes:
            joint = next((one for one in sizes if code in one.split("+")), None)
            raise UsageError(
                T("No release here speaks about {country} by itself in all of the months used.",
                  country=CountryName(code)),
                available=T("It is covered together with another only: {code}.", code=Verbatim(joint))
                if joint
                else None,
                do=T("Leave it out; harmattan ask coverage says who is covered, and when."),
            )  # fmt: skip
    return tuple(sorted(set(params.donor)))


def _like(size: float, own: float, factor: float) -> bool:
    return own / factor <= size <= own * factor


def _comparable(series: Any, size: float, own: float) -> bool:
    """Whether a country had violence of comparable size in the months before, and not in a few months only."""
    return _like(size, own, FACTOR) and bool(2 * np.count_nonzero(series) >= len(series))


def _maybe(series: Any, own: float) -> bool:
    """The same as far as the months that are known tell."""
    known = series[np.isfinite(series)]
    return bool(len(known)) and _comparable(known, float(known.mean()), own)


def _nobody(case: Case, before: int) -> UsageError:
    return UsageError(
        T("No country that can be compared had violence of comparable size in the {n} months before {month}.",
          n=before, month=case.start.name),
        do=T("Name donors with --donor, or ask with --design interrupted, which needs none."),
    )  # fmt: skip


def scope_of(world: World, params: Params, pools: Sequence[Pool], told: Told) -> Scope:
    """The events of all countries and months of some cases; its parameters stay those that were asked."""
    codes = tuple(dict.fromkeys(code for one in pools for code in one.outcome.units))
    first, last = min(one.span.start for one in pools), max(one.span.end for one in pools)
    scope = world.scope(replace(params, country=codes, start=first, end=last, by=()))
    beside: dict[str, Held] = {held.release.name: held for one in pools for held in one.excluded.held}
    along = (*told.held, *beside.values())
    return replace(scope, params=params, along=along)
