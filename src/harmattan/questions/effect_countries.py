"""Effects of milestones on one country, with the donors, the words and the records that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harmattan.errors import UsageError
from harmattan.measures.events import totals
from harmattan.models.effect.effect import Check, Design, Effect, Variant
from harmattan.models.effect.outcome import Outcome
from harmattan.questions.build import Line
from harmattan.questions.effect_cases import Case, case_of, others
from harmattan.questions.effect_panels import FACTOR, NARROW, Counted, Pool, pool, scope_of
from harmattan.questions.effect_rows import Found, Spans
from harmattan.questions.effect_words import MEASURES, Say
from harmattan.questions.library import Told
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.schema import EVENTS

MOST_NAMED = 8
"""So many other milestones are named in a caveat."""


@dataclass(frozen=True)
class ByCountry:
    """The records of countries and months."""

    scope: Scope
    first: Month
    sums: Mapping[tuple[str, int], tuple[int, int]]
    """Events, and rows of the releases, by country and month (its ordinal)."""

    def line(self, values: dict[str, Any], spans: Spans) -> Line:
        """A row that rests on the records of some countries between their first and last month."""
        units = tuple(spans)
        if not units:
            return Line(values | {"events": 0, "records": 0}, self.scope.criteria.narrowed(table=EVENTS.name, keys=()))
        low, high = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
        first, last = self.first + low, self.first + high
        months = range(first.ordinal, last.ordinal + 1)
        found = [self.sums.get((unit, month), (0, 0)) for unit in units for month in months]
        counts = {"events": sum(one[0] for one in found), "records": sum(one[1] for one in found)}
        criteria = self.scope.criteria.narrowed(countries=units, start=first.first_day, end=last.last_day)
        return Line(values | counts, criteria)


@dataclass(frozen=True)
class Countries:
    """What was found of each case, what it rests on, and what has to be said."""

    scope: Scope
    found: tuple[Found, ...]
    caveats: tuple[Text, ...]


def of_countries(world: World, params: Params) -> Countries:
    """The effect of each milestone asked about on its country, by the design asked for, or by each where none is."""
    told = world.told(params)
    drawn = [one for id_ in params.milestone for one in pools(world, told, params, case_of(told, params, id_))]
    scope = scope_of(world, params, [one for _, one, _ in drawn], told)
    rows = totals(scope.rows, ("country", "month")).to_pyarrow().to_pylist()
    sums = {(row["country"], Month.parse(row["month"]).ordinal): (row["events"], row["records"]) for row in rows}
    found = [
        _found(one, params, _effect(world, one, params, design), ByCountry(scope, one.outcome.first, sums))
        for design, one, _ in drawn
    ]
    first = {one.case.milestone.id: at for at, (_, one, _) in reversed(list(enumerate(drawn)))}
    caveats = [text for at in sorted(first.values()) for text in _said(drawn[at][1], drawn[at][2], told, params)]
    return Countries(scope, tuple(found), (*caveats, IN_IT))


def pools(world: World, told: Told, params: Params, case: Case) -> list[tuple[Design, Pool, Counted]]:
    """What each design compares; of those that were not asked for by name, as far as they can be had."""
    first, *more = _designs(params)
    found = [(first, *_pool(world, told, params, case, first))]
    for design in more:
        if design == "sdid":
            found.append((design, *found[0][1:]))
            continue
        try:
            found.append((design, *_pool(world, told, params, case, design)))
        except UsageError:
            continue
    return found


def _pool(world: World, told: Told, params: Params, case: Case, design: Design) -> tuple[Pool, Counted]:
    """What a design compares, put together once whatever the rows are told apart by."""
    key = ("effect pool", replace(params, by=(), milestone=(case.milestone.id,), design=design))
    if key not in world._panels:
        world._panels[key] = pool(world, told, key[1], case)
    found: tuple[Pool, Counted] = world._panels[key]
    return found


def _effect(world: World, one: Pool, params: Params, design: Design) -> Effect:
    """The effect of a case by a design, estimated once whatever the rows are told apart by."""
    key = ("effect", replace(params, by=(), milestone=(one.case.milestone.id,), design=design))
    if key not in world._panels:
        effect = estimated(one.outcome, design, one.start, one.after)
        found = held_against(effect, list(_variants(one, design, effect)), _reached(one, effect))
        world._panels[key] = found
    kept: Effect = world._panels[key]
    return kept


def _designs(params: Params) -> tuple[Design, ...]:
    """The design asked for; where none is, all of them for the rows of cases, and the first for all other rows."""
    every: tuple[Design, ...] = ("synthetic", "sdid", "interrupted")
    if params.design is None:
        return every[:1] if params.by else every
    chosen = tuple(design for design in every if design == params.design)
    if not chosen:
        raise UsageError(
            T("The design {design} is one of places, not of one country.", design=Verbatim(params.design)),
            available=T("There are: {all}.", all=listing([Verbatim(design) for design in every])),
            do=T("Name a --force for places that were left, or another --design."),
        )
    return chosen


def estimated(outcome: Outcome, design: Design, before: int, after: int) -> Effect:
    """The effect by a design, with its placebos, variants and checks."""
    if design == "interrupted":
        from harmattan.models.effect.interrupted import interrupted

        return interrupted(outcome, before=before, after=after)
    if design == "sdid":
        from harmattan.models.effect.sdid import sdid

        return sdid(outcome)
    from harmattan.models.effect.synthetic import synthetic

    return synthetic(outcome)


def _matched(outcome: Outcome, design: Design) -> float:
    """The estimate of a synthetic design alone."""
    from harmattan.models.effect.matching import sdid_match, synthetic_match, zeta
    from harmattan.models.effect.pool import setting

    main = setting(outcome)
    return sdid_match(main, zeta(main)).effect if design == "sdid" else synthetic_match(main).effect


def _found(one: Pool, params: Params, effect: Effect, behind: ByCountry) -> Found:
    return Found(
        case=one.case.milestone.id,
        effect=effect,
        outcome=one.outcome,
        behind=behind,
        estimand=lambda say: _estimand(one, effect, params.measure, say),
        measure=params.measure,
        before=one.start,
        after=one.after,
    )


def held_against(effect: Effect, variants: Sequence[Variant], more: Sequence[Check] = ()) -> Effect:
    """The effect with further variants, the checks that rest on variants made anew, and further checks."""
    from harmattan.models.effect import checks

    whole = (*effect.variants, *variants)
    if effect.estimate is None:
        return replace(effect, variants=whole, checks=(*effect.checks, *more))
    new = {check.name: check for check in more}
    for make in (checks.stable, checks.donors):
        check = make(effect.estimate.value, whole)
        if check.passed is not None:
            new[check.name] = check
    kept = [check for check in effect.checks if check.name not in new]
    return replace(effect, variants=whole, checks=(*kept, *new.values()))


def _reached(one: Pool, effect: Effect) -> list[Check]:
    """Named donors that had the same treatment cannot say what would have been."""
    same = (one.excluded.forces | one.excluded.events | one.excluded.named) & set(effect.weights or effect.controls)
    return [Check("contaminated", False, None, None)] if one.named and same else []


def _variants(one: Pool, design: Design, effect: Effect) -> Iterator[Variant]:
    """Without the month that stands out most, the first half of the months after alone, and donors nearer in size."""
    after = [point for point in effect.path if point.month >= 0]
    if len(after) > 1:
        most = max(after, key=lambda point: abs(point.effect))
        rest = [point.effect for point in after if point is not most]
        yield Variant("window", f"without {one.case.start + most.month}", sum(rest) / len(rest), None, None)
    if design == "interrupted":
        return
    if len(after) > 1:
        half = (len(after) + 1) // 2
        sooner = one.outcome.between(0, one.start + half)
        yield Variant("window", f"{one.start}+{half}", _matched(sooner, design), None, None)
    narrow = one.narrow()
    if 2 <= len(narrow) < len(one.donors):
        only = one.outcome.only((one.case.country, *narrow))
        yield Variant("donors", f"1/{NARROW:g}-{NARROW:g}", _matched(only, design), None, None)


def _estimand(one: Pool, effect: Effect, measure: str, say: Say) -> Text:
    last = one.outcome.month(one.outcome.values.shape[1] - 1)
    said: dict[str, Any] = {
        "first": one.case.start.name,
        "last": last.name,
        "measure": MEASURES[measure],
        "country": CountryName(one.case.country),
        "before": say(one.start, 0),
    }
    weighted = len(effect.weights) or len(effect.controls)
    said["countries"] = counted(say(weighted, 0), "{n} country", "{n} countries")
    if effect.design == "interrupted":
        return T(
            "The mean difference per month, from {first} to {last}, between {measure} in {country} and what its own "
            "trend and seasons over the {before} months before let expect.",
            **said,
        )
    if effect.design == "sdid":
        return T(
            "The mean difference per month, from {first} to {last}, between how {measure} in {country} moved since the "
            "{before} months before and how a weighted mean of {countries} did.",
            **said,
        )
    return T(
        "The mean difference per month, from {first} to {last}, between {measure} in {country} and in a weighted mean "
        "of {countries} that comes nearest to it over the {before} months before.",
        **said,
    )


IN_IT = T(
    "An effect here is a difference from what the comparison lets expect. Whatever else changed in the same country in "
    "the same months is in it; no design on one country tells that apart."
)


def _said(one: Pool, sums: Counted, told: Told, params: Params) -> Iterator[Text]:
    """What has to be said of a case."""
    country = CountryName(one.case.country)
    start: dict[str, Any] = {
        "country": country,
        "month": one.case.start.name,
        "date": Verbatim(str(one.case.milestone.date)),
    }
    if one.case.spread:
        yield T("{country} counts as treated from {month} on, the first month in which it may have happened ({date}).",
                **start)  # fmt: skip
    else:
        yield T("{country} counts as treated from {month} on, the whole month in which it happened ({date}).", **start)
    if one.case.milestone.status != "asserted":
        yield T("The dossier has {milestone} as {status}.", milestone=Verbatim(one.case.milestone.id),
                status=STATUS[one.case.milestone.status])  # fmt: skip
    if one.short > 0:
        yield counted(one.short, "{n} month at the end of those that were asked for is not covered.",
                      "{n} months at the end of those that were asked for are not covered.")  # fmt: skip
    if one.missing:
        yield counted(one.missing, "{n} month at the beginning of those that were asked for is not covered.",
                      "{n} months at the beginning of those that were asked for are not covered.")  # fmt: skip
    yield from _among(one, told)
    if one.donors:
        yield from _donors_said(one, params)
        yield from _released(one, sums)


STATUS: Mapping[str, Text] = {"reported": T("reported, not as sure"), "disputed": T("disputed")}


def _among(one: Pool, told: Told) -> Iterator[Text]:
    found = others(told.book, one.case, one.span)
    if not found:
        return
    weight = {kind: at for at, kind in enumerate(RANKED)}
    heavy = sorted(found, key=lambda m: weight.get(m.kind, len(weight)))[:MOST_NAMED]
    named = sorted(heavy, key=lambda m: (m.date.day, m.id))
    yield T(
        "In the months used the dossier has {more} in {country}, which cannot be told apart from this one: "
        "{named}{rest}.",
        more=counted(len(found), "{n} further milestone", "{n} further milestones"),
        country=CountryName(one.case.country),
        named=listing([Verbatim(m.id) for m in named]),
        rest=T(" among them") if len(found) > len(named) else T(""),
    )


RANKED = ("coup", "intervention", "withdrawal", "dissolution", "coup_attempt", "handover", "sanctions", "expulsion",
          "takeover", "ceasefire", "exit", "rupture", "sanctions_lifted", "suspension")  # fmt: skip


def _donors_said(one: Pool, params: Params) -> Iterator[Text]:
    names = listing([CountryName(code) for code in one.donors])
    country = CountryName(one.case.country)
    if one.named:
        yield T("Donors are the countries named: {names}.", names=names)
        same = (one.excluded.forces | one.excluded.events | one.excluded.named) & set(one.donors)
        if same:
            yield T("Of these, {names} had the same treatment by the dossier, and cannot say what would have been.",
                    names=listing([CountryName(code) for code in sorted(same)]))  # fmt: skip
        beside = one.excluded.beside & set(one.donors)
        if beside:
            yield T("Of these, {names} lie beside {country}, so that the event may have reached them.", country=country,
                    names=listing([CountryName(code) for code in sorted(beside)]))  # fmt: skip
        return
    yield T(
        "Donors are the {n} countries that had {measure} in at least half of the {before} months before, and in all of "
        "them together at least a tenth of and at most {factor} times what {country} had: {names}.",
        n=len(one.donors),
        measure=MEASURES[params.measure],
        before=one.start,
        factor=round(FACTOR),
        country=country,
        names=names,
    )
    yield from _left_out(one)


def _left_out(one: Pool) -> Iterator[Text]:
    out = one.excluded

    def named(codes: frozenset[str]) -> Any:
        return listing([CountryName(code) for code in sorted(codes)])

    if out.beside:
        yield T("No donors, since they lie beside {country}: {names}.", country=CountryName(one.case.country),
                names=named(out.beside))  # fmt: skip
    if not out.borders_known:
        yield T("Which countries lie beside {country} is not known here; --donor names donors.",
                country=CountryName(one.case.country))  # fmt: skip
    same = out.forces | out.events | out.named
    if same:
        yield T("No donors, since by the dossier they had the same treatment in the months used: {names}.",
                names=named(same))  # fmt: skip
    yield T("Where else the same treatment was given, the dossier may not know; --donor names donors.")
    if one.gaps:
        yield T("No donors, since some months are not covered: {names}.", names=named(one.gaps))


def _released(one: Pool, sums: Counted) -> Iterator[Text]:
    own = sums.release.get(one.case.country, ())
    theirs = tuple(dict.fromkeys(name for code in one.donors for name in sums.release.get(code, ()) if name not in own))
    if theirs:
        yield T(
            "{country} is counted by {own}, donors by {theirs} too: releases of one publisher, between which records "
            "may have been revised.",
            country=CountryName(one.case.country),
            own=listing([Verbatim(name) for name in own]),
            theirs=listing([Verbatim(name) for name in theirs]),
        )
