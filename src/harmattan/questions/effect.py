"""`effect`: what violence did after an event beside what was to be expected, and what the checks leave to be said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harmattan.errors import UsageError
from harmattan.models.effect.effect import Design
from harmattan.questions import effect_bases, effect_countries
from harmattan.questions.answer import Answer, Chart
from harmattan.questions.build import Draft, Line
from harmattan.questions.closings import closings
from harmattan.questions.effect_cases import case_of
from harmattan.questions.effect_countries import pools
from harmattan.questions.effect_panels import FACTOR, scope_of
from harmattan.questions.effect_places import MATCHES, ground
from harmattan.questions.effect_rows import BY, COLUMNS, Found, rows, whole
from harmattan.questions.effect_words import DESIGNS, IN_SHORT, MEASURES, Say, digits_of, months, verdict
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.question import Question
from harmattan.questions.stations import stations
from harmattan.questions.world import World
from harmattan.text import CountryName, Number, T, Text, Verbatim, joined, listing

ACCEPTS = ("country", "milestone", "force", "start", "end", "km", "design", "donor", "before", "window", "measure",
           "by", "kind", "source", "event_type", "as_of", "known_by", "release")  # fmt: skip
CHARTS = {
    "": Chart("none", x="estimate", y="case", low="low", high="high"),
    "month": Chart("none", x="month", y="observed", series="case"),
    "placebo": Chart("none", x="month", y="gap", series="placebo"),
    "donor": Chart("none", x="weight", y="donor"),
    "variant": Chart("none", x="estimate", y="variant", low="low", high="high"),
    "check": Chart("none", x="found", y="check"),
}


def effect(world: World, params: Params) -> Answer:
    """One row for each case, or its months, placebos, donors, variants or checks."""
    _one_way(world, params)
    by = params.by[0] if params.by else ""
    if params.milestone:
        ours = effect_countries.of_countries(world, params)
        scope, found, caveats, of = ours.scope, ours.found, ours.caveats, _of_country
    else:
        theirs = effect_bases.of_bases(world, params)
        scope, found, caveats, of = theirs.ground.scope, theirs.found, theirs.caveats, _of_places
    draft = Draft("effect", scope, ACCEPTS)
    lines: list[Line] = []
    for n, one in enumerate(found):
        lines += list(rows(one, by)) if by else [whole(one, _saying(draft, n))]
    cases = list(dict.fromkeys(one.case for one in found))
    said = []
    for case in cases:
        first, *more = [(n, one) for n, one in enumerate(found) if one.case == case]
        say = _saying(draft, None if by else first[0])
        told = T("{effect} {verdict}", effect=of(first[1], say), verdict=verdict(first[1].effect, say))
        said.append(_beside(told, first[1], [one for _, one in more]))
    meant = [T("What is estimated: {estimand}", estimand=one.estimand(_plain)) for one in found]
    return draft.finish(lines, COLUMNS[by], joined(said), chart=CHARTS[by], caveats=(*meant, *caveats))


def _plain(value: float, digits: int) -> Number:
    """A number of a caveat, which has no evidence of its own."""
    return Number(value, None, digits)


def _beside(told: Text, first: Found, more: Sequence[Found]) -> Text:
    """The verdict of the first design, and beside it whether the others agree."""
    if not more:
        return told
    others = listing([T("{kind}: {count}", kind=_named(one.effect.design), count=IN_SHORT[one.effect.verdict])
                      for one in more])  # fmt: skip
    verdicts = {one.effect.verdict for one in (first, *more)}
    if len(verdicts) == 1:
        return T("{told} Other designs agree ({others}).", told=told, others=others)
    if not verdicts & {"raised", "lowered"}:
        return T("{told} No other design names an effect either ({others}).", told=told, others=others)
    return T("{told} Other designs do not agree ({others}), so that this is not settled.", told=told, others=others)


def _named(design: Design) -> Text:
    """A design by its name, with a word on the one that has nothing to compare with."""
    if design == "interrupted":
        return T("{design}, which is weak", design=DESIGNS[design])
    return DESIGNS[design]


def _saying(draft: Draft, row: int | None) -> Say:
    def say(value: float, digits: int) -> Number:
        return draft.number(round(value, digits) if digits else round(value), row, digits)

    return say


def opened(world: World, params: Params) -> Any:
    """The events that the rows cut from."""
    if params.milestone:
        told = world.told(params)
        drawn = [one for id_ in params.milestone for one in pools(world, told, params, case_of(told, params, id_))]
        return scope_of(world, params, [one for _, one, _ in drawn], told).rows
    return ground(world, params).scope.rows


def _one_way(world: World, params: Params) -> None:
    """Exactly one of --milestone and --force says what the event is; what belongs to the other is a slip."""
    if len(params.by) > 1:
        names = listing([Verbatim(name) for name in BY], "or")
        raise UsageError(T("The rows of an effect are told apart by one thing at a time."),
                         do=T("Say one --by of {all}.", all=names))  # fmt: skip
    if params.milestone and params.force:
        raise UsageError(T("A milestone is looked at in a country, a force around the places that it left."),
                         do=T("Say --milestone or --force, not both."))  # fmt: skip
    if params.milestone and params.km:
        raise UsageError(T("A milestone is looked at in a whole country, so that there is no distance."),
                         do=T("Leave --km out, or name a --force."))  # fmt: skip
    if params.milestone and (params.start or params.end):
        raise UsageError(T("A milestone has its own months: --before and --window say how many."),
                         do=T("Leave --from and --to out."))  # fmt: skip
    if not params.milestone and not params.force:
        raise UsageError(
            T("No event is named."),
            available=_cases(world, params),
            do=T("Say --milestone for one country, or --force for the places that a force left."),
        )


def _cases(world: World, params: Params) -> Text:
    """What can be named: turning points of the countries asked about, and forces that left places."""
    told = world.told(params)
    kinds = ("coup", "intervention", "withdrawal")
    here = [m for m in told.book.milestones if m.kind in kinds and len(m.countries) == 1
            and (not params.country or m.countries[0] in params.country)]  # fmt: skip
    here.sort(key=lambda m: (m.date.day, m.id))
    names = [Verbatim(m.id) for m in here[-8:]]
    there = stations(world, told, params.country)
    forces = sorted({base.force for one in closings(there.bases) for base in one.bases})
    return T(
        "Milestones, among others: {milestones}. Forces that left places: {forces}.",
        milestones=listing(names) if names else T("none"),
        forces=listing([Verbatim(force) for force in forces]) if forces else T("none"),
    )


def _of_country(found: Found, say: Say) -> Text:
    (country,) = found.effect.treated or found.outcome.treated
    start = found.outcome.month(found.outcome.starts[country])
    values: dict[str, Any] = {
        "country": CountryName(country),
        "span": start.name
        if found.after == 1
        else T("{first} to {last}", first=start.name, last=(start + (found.after - 1)).name),
        "measure": MEASURES[found.measure],
    }
    numbers = _numbers(found, say)
    if numbers is None:
        return T("{country}, {span}, {measure}:", **values)
    return T(
        "{country}, {span}: {observed} {measure} a month where {expected} were to be expected, a difference "
        "of {estimate}{interval}.",
        **values,
        **numbers,
    )


def _of_places(found: Found, say: Say) -> Text:
    values: dict[str, Any] = {
        "forces": Verbatim(found.case.rpartition(", ")[0]),
        "km": say(found.km or 0, 0 if (found.km or 0) >= 1 else 1),
        "months": months(say(found.after, 0)),
        "measure": MEASURES[found.measure],
    }
    numbers = _numbers(found, say)
    if numbers is None:
        return T("Within {km} km of places that {forces} left, over {months} from leaving on, {measure}:", **values)
    return T(
        "Within {km} km of places that {forces} left, over {months} from leaving on: {observed} {measure} a place "
        "and month where {expected} were to be expected, a difference of {estimate}{interval}.",
        **values,
        **numbers,
    )


def _numbers(found: Found, say: Say) -> dict[str, Any] | None:
    """The numbers of an effect that may be named; None where its design is refused."""
    estimate = found.effect.estimate
    observed, expected = found.mean("observed"), found.mean("expected")
    if found.effect.verdict == "refused" or estimate is None or observed is None or expected is None:
        return None

    def told(value: float) -> Number:
        return say(value, digits_of(value))

    interval: Text = T("")
    if estimate.low is not None and estimate.high is not None:
        interval = T(" (95 % interval {low} to {high})", low=told(estimate.low), high=told(estimate.high))
    return {"observed": told(observed), "expected": told(expected), "estimate": told(estimate.value),
            "interval": interval}  # fmt: skip


QUESTION = Question(
    "effect",
    T(
        "How violence after an event differs from what was to be expected, with checks that can refuse. --milestone "
        "names the event in one country, which is estimated by synthetic control (Abadie, Diamond & Hainmueller "
        "2010), by synthetic difference in differences (sdid; Arkhangelsky et al. 2021, doi:10.1257/aer.20190159) and "
        "by the country's own past (interrupted; Bernal, Cummins & Gasparrini 2017, doi:10.1093/ije/dyw098), which is "
        "weak; --design takes one of them. Donors are countries of comparable size: they had the measure in at least "
        "half of the months before, and between a tenth and {factor} times as many; no neighbours, none with the same "
        "treatment by the dossier, none with gaps; --donor names them. --force looks at the places that a force left, "
        "beside places where a force stayed and {matches} cells without a force for each, alike in events before "
        "(staggered difference in differences by imputation: Borusyak, Jaravel & Spiess 2024, "
        "doi:10.1093/restud/rdae007). The estimate is the mean difference per month (and place) over --window months "
        "from the month of the event on, learnt from the --before months before. The verdict comes from the checks "
        "alone; that the data cannot tell is one.",
        factor=round(FACTOR),
        matches=MATCHES,
    ),
    "Abadie, Diamond & Hainmueller (2010), doi:10.1198/jasa.2009.ap08746",
    ACCEPTS,
    tuple({column.name: column for columns in COLUMNS.values() for column in columns}.values()),
    effect,
    choices={"by": BY, "measure": COUNTED},
    opens=opened,
    slow=True,
)
