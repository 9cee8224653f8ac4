"""The network of actors as of a date: a picture with a slider over months, its measures, the graph as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export import answers
from harmattan.questions.parameters import Params
from harmattan.questions.said import of_family
from harmattan.text import CountryName, MonthName, T
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.period import Month
from harmattan.web.addresses import here
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.parts import as_of_said, page_of, said
from harmattan.web.sectioned import Part, Wanted
from harmattan.web.visitor import HouseOf, Reader

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/network")
def network(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """The network in a country; `month` counts the months of the slider, `as_of` says a day; `part` asks for the
    picture and the table alone.
    """
    first, last = months_of(house)
    day, country = _day(request, first, last), _country(request, house)
    wanted = {"linked": Wanted.of("linked", day, country=country)}
    at = min(max(Month.of(day) - first, 0), last - first)

    def more(_parts: Mapping[str, Part]) -> dict[str, Any]:
        speaker = visitor.speaker
        return {
            "as_of": day,
            "country": country,
            "countries": {code: speaker.say(CountryName(code)) for code in _countries(house)},
            "month": speaker.say(Month.of(day).name),
            "at": at,
            "most": last - first,
            "first": str(first),
            "before": day_of(first + (at - 1)) if at > 0 else None,
            "after": day_of(first + (at + 1)) if at < last - first else None,
            "first_words": speaker.say(MonthName(first.year, first.month)),
            "last_words": speaker.say(MonthName(last.year, last.month)),
        }

    alone = said(request, "part") == "yes"
    return page_of(request, visitor, "network_part.html.j2" if alone else "network.html.j2", wanted, more)


@ROUTER.get("/network/{file}")
def graph(request: Request, visitor: Reader, house: HouseOf, file: str) -> Response:
    """The graph as GraphML or GEXF, with its attributions: `/network/network.gexf?country=MLI&as_of=2022-10-31`."""
    name, _, kind = file.partition(".")
    if name != "network" or kind not in answers.GRAPHS:
        raise NotThere(T("There is no such file."))
    first, last = months_of(house)
    day, country = _day(request, first, last), _country(request, house)
    params = of_family(Params(country=(country,), as_of=day, window=house.case.window_months), house.case)
    answer = house.asking.ask("network", params, here(request), visitor.name)
    answers.guard(answer, f"/network.{kind}")
    called = f"harmattan-network-{country}-{day.isoformat()}"
    return handed_out(house, visitor, answers.written(answer, visitor.speaker, kind), kind, name=called,
                      subject=f"{called}.{kind}", evidence=answer.id, rows=len(answer.rows))  # fmt: skip


def months_of(house: House) -> tuple[Month, Month]:
    """The months that the slider has: from the case's beginning to the last month with events, or its own day."""
    days = [house.case.as_of]
    for held in house.lake.releases():
        release = held.release
        if release.origin.contract == "events" and set(house.case.countries) & set(release.coverage.places):
            days.append(release.coverage.end)
    last = max(day for day in days if day.year < dt.MAXYEAR)
    return Month.of(house.case.since), Month.of(last)


def day_of(month: Month) -> str:
    """The last day of a month, as an address has it."""
    return month.last_day.isoformat()


def _day(request: Request, first: Month, last: Month) -> dt.date:
    """The day that is asked for: that of the slider where it was moved, else the one that is said."""
    moved, stood = said(request, "month"), said(request, "stood")
    if moved.isdecimal() and moved != stood:
        return (first + min(int(moved[:6]), last - first)).last_day
    return as_of_said(request)


def _country(request: Request, house: House) -> str:
    words = said(request, "country")
    return parse_country(words) if words else house.case.focus


def _countries(house: House) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*house.case.countries, *house.case.neighbours)))
