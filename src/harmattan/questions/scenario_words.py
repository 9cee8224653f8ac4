"""What is said with a scenario: the condition, what would follow on it, and that it is the effect of nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harmattan.models.draws import Model
from harmattan.questions.build import Draft, Line
from harmattan.questions.forecast_words import AS_COUNTED, KNOWS_EVENTS, record_of
from harmattan.questions.foreseen import DRAWS
from harmattan.questions.laid_down import RECENT
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted
from harmattan.vocabulary.path import PathSaid

if TYPE_CHECKING:
    from harmattan.questions.scenario import Told

LABEL = T("on the path; no effect of a policy")
NO_EFFECT = T("A conditional forecast, not the effect of any policy.")


def headline(draft: Draft, lines: Sequence[Line], told: Told) -> Text:
    """The condition, and the deaths after it along the path and without it."""
    along, base = lines[0].values, lines[1].values
    values: dict[str, Value] = {
        "condition": condition(told),
        "country": CountryName(told.laid.asked.country),
        "first": told.span[0].name,
        "last": told.span[1].name,
        "deaths": counted(draft.number(along["median"], 0), "{n} death", "{n} deaths"),
        "low": draft.number(along["low90"], 0),
        "high": draft.number(along["high90"], 0),
        "base": draft.number(base["median"], 1),
        "base_low": draft.number(base["low90"], 1),
        "base_high": draft.number(base["high90"], 1),
        "no_effect": NO_EFFECT,
    }
    if _nothing_told(told):
        return T(
            "{condition}, the data could not tell that it changes anything in {country}: from {first} to {last} it "
            "would have about {deaths} (90 %: {low} to {high}), as without the path. {no_effect}",
            **values,
        )
    return T(
        "{condition}, {country} would have about {deaths} from {first} to {last} (90 %: {low} to {high}), against "
        "{base} (90 %: {base_low} to {base_high}) without the path. {no_effect}",
        **values,
    )


def _nothing_told(told: Told) -> bool:
    """Whether the path is a neighbour's and the data know no link."""
    return told.laid.asked.said.of == "neighbour" and not (told.link and told.link.told)


def condition(told: Told) -> Text:
    """If violence in Burkina Faso were 2 times what is forecast from January to March 2024."""
    asked, said = told.laid.asked, told.laid.asked.said
    origin = told.laid.panel.last
    values: dict[str, Value] = {
        "country": CountryName(asked.whose),
        "group": Verbatim(said.who),
        "times": _times(said),
        "then": _then(said),
        "first": (origin + 1).name,
        "last": (origin + asked.months).name,
    }
    if said.of == "group" and said.then is None:
        return T("If the deaths with {group} as a party in {country} were {times} times what they are in the forecast "
                 "from {first} to {last}", **values)  # fmt: skip
    if said.of == "group":
        return T("If the deaths with {group} as a party in {country} were at their level of {then} from {first} to "
                 "{last}", **values)  # fmt: skip
    if said.then is None:
        return T("If violence in {country} were {times} times what is forecast from {first} to {last}", **values)
    return T("If violence in {country} were at its level of {then} from {first} to {last}", **values)


def _then(said: PathSaid) -> Value:
    if said.then is None:
        return None
    return Verbatim(said.scale) if said.then.first_month != said.then.last_month else said.then.first_month.name


def _times(said: PathSaid) -> Number:
    return Number(said.times, digits=len(said.scale.partition(".")[2]) if said.then is None else 0)


def caveats(told: Told, model: Model) -> list[Text]:
    """What it is conditional on, how it is drawn, what is known of neighbours, and how the model did."""
    asked = told.laid.asked
    found = [CONDITIONAL, _scaled(told)]
    if told.laid.share is not None:
        found.append(_of_group(told))
    if asked.said.of == "neighbour":
        found += [_linked(told), _touching(told)]
    found.append(
        T(
            "The model {name} learned from {units} with months to {origin}, none of them of a path. {meaning} Each of "
            "{n} draws goes on from its own draw of the first {months}, along the path and without it; the question "
            "forecast draws every month from the known past at once and has somewhat other numbers.",
            name=Verbatim(model.name),
            units=counted(len(told.laid.panel.units), "{n} country or joint place", "{n} countries or joint places"),
            origin=told.laid.panel.last.name,
            meaning=model.meaning,
            n=DRAWS,
            months=counted(asked.months, "{n} month", "{n} months"),
        )
    )
    whole = {"": told.verdict, asked.country: told.verdict}
    return [*found, UNTESTED, *record_of(whole), KNOWS_EVENTS, AS_COUNTED]


def _scaled(told: Told) -> Text:
    """By what the path multiplies, and over which months."""
    asked, origin = told.laid.asked, told.laid.panel.last
    return T(
        "The path: the deaths forecast in {country} from {first} to {last} are multiplied by {times}, and the events "
        "with them. How likely the path is, is not said.",
        country=CountryName(asked.whose),
        first=(origin + 1).name,
        last=(origin + asked.months).name,
        times=Number(told.followed.factor, digits=2),
    )


def _of_group(told: Told) -> Text:
    share = told.laid.share or 0.0
    return T(
        "{group} was a party in events with {share} % of the deaths in {country} in the {n} months to {last}; only "
        "that part is scaled. What others would do instead is not modelled.",
        group=Verbatim(told.laid.asked.said.who),
        share=Number(100 * share),
        country=CountryName(told.laid.asked.country),
        n=RECENT,
        last=told.laid.panel.last.name,
    )


def _linked(told: Told) -> Text:
    """What is known of the link between neighbours."""
    found, asked = told.link, told.laid.asked
    if found is None:
        return T(
            "Between {one} and {other} no link is estimated: one of them has too few deaths now, or too little is "
            "known of neighbours. The path changes nothing in this answer.",
            one=CountryName(asked.country),
            other=CountryName(asked.whose),
        )
    values: dict[str, Value] = {
        "after": asked.after,
        "before": asked.months,
        "slope": _percent(found.slope),
        "low": _percent(found.low),
        "high": _percent(found.high),
        "pairs": found.pairs,
    }
    told_ = T(
        "Where a neighbour's deaths were twice as many over {before} months, a country's changed by {slope} % in "
        "the {after} months that followed (99 %: {low} to {high} %): one number for {pairs} directed pairs that touch, "
        "shrunk towards none; what goes together need not be cause and effect.",
        **values,
    )
    if not found.told:
        return T(
            "{what} That interval takes in no link at all, so the path changes nothing in this answer.", what=told_
        )
    if not found.changes[0] <= math.log(max(told.followed.factor, 1e-9)) <= found.changes[1]:
        return T("{what} So large a change of a neighbour was hardly ever seen.", what=told_)
    return told_


def _touching(told: Told) -> Text:
    return T(
        "Which countries touch is known of {n} of them, by boundaries where both have them here, else by cells of half "
        "a degree.",
        n=sum(bool(near) for near in told.laid.panel.neighbours),
    )


def _percent(slope: float) -> Number:
    """By how many percent a doubling goes with another number of deaths."""
    return Number(100 * (2**slope - 1))


CONDITIONAL = T(
    "Conditional on the path: what may follow where violence has run so, and not the effect of any policy or act. Who "
    "or what would bring the path about is not modelled, and would change what follows on it."
)
UNTESTED = T("How well forecasts along paths come true cannot be tested on the past; the forecast without a path can.")
