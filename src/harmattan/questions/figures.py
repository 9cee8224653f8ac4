"""`figures`: numbers that somebody reported: displaced, people in need, troops; with their dates, never added up."""

from __future__ import annotations

import datetime as dt

from harmattan.dossier.records import Figure
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.naming import members, wanted_actors
from harmattan.questions.parameters import Params
from harmattan.questions.recital import LAST, Recital, called, line, written
from harmattan.questions.words import INDICATORS, in_words
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, counted, listing, msg

ACCEPTS = ("country", "indicator", "actor", "start", "end", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("indicator", T("what is counted")),
    AnswerColumn("country", T("what the figure is about; several: one figure for all together"), "ISO 3166 alpha-3"),
    AnswerColumn("place", T("where in it")),
    AnswerColumn("actor", T("whose troops; killed by whom")),
    AnswerColumn("as_of", T("the day of a stock, as far as known")),
    AnswerColumn("from", T("first day of a flow")),
    AnswerColumn("to", T("last day of a flow")),
    AnswerColumn("value", T("as reported"), "the indicator's unit"),
    AnswerColumn("low", T("lower end, where the source gives one"), "the indicator's unit"),
    AnswerColumn("high", T("upper end, where the source gives one"), "the indicator's unit"),
    AnswerColumn("qualifier", T("exact, about, almost, more_than, at_least or up_to")),
    AnswerColumn("unit", T("people, US dollars, tonnes or schools")),
    AnswerColumn("latest", T("whether none later is on record for the same thing, as of the date")),
    AnswerColumn("actor_id", T("the dossier's id of the actor")),
    AnswerColumn("milestone", T("the dossier's id of the milestone it belongs to")),
    *LAST,
)
QUALIFIED: dict[str, str] = {
    "exact": msg("{value}"),
    "about": msg("about {value}"),
    "almost": msg("almost {value}"),
    "more_than": msg("more than {value}"),
    "at_least": msg("at least {value}"),
    "up_to": msg("up to {value}"),
}


def figures(world: World, params: Params) -> Answer:
    """One row for each reported figure in the period, by indicator and country, the latest first."""
    told = world.told(params)
    book, recital = told.book, Recital("figures", told, ACCEPTS)
    around = {id_ for actor in wanted_actors(told) for id_ in members(book, actor)}
    found = [
        figure
        for figure in book.figures
        if (not params.country or set(figure.countries) & set(params.country))
        and (not params.indicator or figure.indicator in params.indicator)
        and (not around or figure.actor in around)
        and (params.start is None or figure.when.day >= params.start)
        and _over(figure) <= told.last
    ]
    found.sort(key=lambda f: (f.indicator, f.countries, f.place or "", f.actor or "", -f.when.day.toordinal(), f.id))
    newest: dict[object, Figure] = {}
    for figure in found:
        newest.setdefault(_thing(figure), figure)
    lines = [
        line(
            book,
            "figures",
            figure,
            {
                "indicator": figure.indicator,
                "country": ", ".join(figure.countries),
                "place": figure.place,
                "actor": called(book, figure.actor),
                "as_of": written(figure.as_of),
                "from": written(figure.start),
                "to": written(figure.end),
                "value": figure.value,
                "low": figure.low,
                "high": figure.high,
                "qualifier": figure.qualifier,
                "unit": figure.unit,
                "latest": newest[_thing(figure)].when.day == figure.when.day,
                "actor_id": figure.actor,
                "milestone": figure.milestone,
            },
        )
        for figure in found
    ]
    return recital.finish(lines, COLUMNS, _headline(recital, found), chart=Chart("none"), caveats=[STOCKS])


STOCKS = T("Each figure stands for itself: stocks of different days, places or sources are never added up here.")


def _over(figure: Figure) -> dt.date:
    """The day on which it can be known: of a stock its day, of a flow its last day."""
    end = figure.when
    return end.day if figure.as_of else end.latest or end.day


def _thing(figure: Figure) -> object:
    return figure.indicator, figure.countries, figure.place, figure.actor, figure.milestone


def _headline(recital: Recital, found: list[Figure]) -> Text:
    where = recital.told.about()
    count = counted(recital.number(len(found)), "{n} reported figure", "{n} reported figures")
    if len({figure.indicator for figure in found}) != 1:
        return T("{where}: {count}.", where=where, count=count)
    at = max(range(len(found)), key=lambda n: (found[n].when.day, -len(found[n].countries), -n))
    figure = found[at]
    latest = T(
        "{value} {indicator} ({places}, {day})",
        value=T(QUALIFIED[figure.qualifier], value=recital.number(figure.value, at)),
        indicator=INDICATORS[figure.indicator],
        places=listing([CountryName(code) for code in figure.countries]),
        day=in_words(str(figure.when)),
    )
    if figure.status == "disputed":
        latest = T("{figure}, which is disputed", figure=latest)
    return T("{where}: {count}; the latest: {figure}.", where=where, count=count, figure=latest)
