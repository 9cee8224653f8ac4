"""Who is who: the actors of the dossier, and the card of each as of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harmattan.export.sheet import attributions
from harmattan.questions.library import Told, told
from harmattan.questions.parameters import Params
from harmattan.questions.said import of_family
from harmattan.questions.words import ACTOR_KINDS, in_words
from harmattan.text import CountryName, T, Verbatim
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.web import roster, tables
from harmattan.web.faults import NotThere
from harmattan.web.house import House
from harmattan.web.pages import kept_page
from harmattan.web.parts import as_of_said, said
from harmattan.web.visitor import HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
FIGURES_WITHOUT = ("actor", "actor_id", "milestone", "unit", "latest")
"""Columns that say nothing new on the card of an actor, or are for programs."""


@ROUTER.get("/actors")
def actors(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """Every actor, or those that fit a name, a country, a kind; those that existed on the day, where that is asked."""
    day, words = as_of_said(request), said(request, "q")
    kind, active = said(request, "kind"), said(request, "active") == "yes"
    country = parse_country(said(request, "country")) if said(request, "country") else ""

    def values() -> dict[str, Any]:
        book = of_day(house, day)
        entries = roster.listed(book, visitor.language, words=words, country=country, kind=kind, active=active)
        everybody = roster.listed(book, visitor.language)
        there = sorted({code for one in everybody for code in one.countries})
        return {
            "entries": entries,
            "total": len(everybody),
            "as_of": day,
            "words": words,
            "country": country,
            "kind": kind,
            "active": active,
            "kinds": ACTOR_KINDS,
            "countries": there,
            "country_of": lambda code: visitor.speaker.say(CountryName(code)),
            "holds": roster.HOLDS,
            "sources": sources(book, visitor),
        }

    return kept_page(request, visitor, "actors.html.j2", values)


@ROUTER.get("/actors/{id}")
def actor(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """The card of one actor."""
    day = as_of_said(request)
    if id not in of_day(house, day).book.actors:
        raise NotThere(T("There is no actor {id} in the dossier.", id=Verbatim(id)), do=T("Look for it in the list."))
    here = f"{request.url.path}?{request.url.query}"

    def values() -> dict[str, Any]:
        params = of_family(Params(actor=(id,), as_of=day), house.case)
        answer = house.asking.ask("actor", params, here, visitor.name)
        figures = house.asking.ask("figures", Params(actor=(id,), as_of=day), here, visitor.name)
        book = of_day(house, day).book
        aspects = {aspect: roster.rows_of(answer, book, aspect, id) for aspect in roster.ASPECTS}
        return {
            "id": id,
            "actor": book.actors[id],
            "label": book.label(id, visitor.language),
            "as_of": day,
            "answer": answer,
            "names": roster.rows_of(answer, book, "name", id),
            "aspects": aspects,
            "titles": roster.ASPECTS,
            "activity": [n for n, row in enumerate(answer.rows) if row["aspect"] == "activity"],
            "figures": figures if figures.rows else None,
            "table": tables.of(figures, visitor.speaker, without=FIGURES_WITHOUT) if figures.rows else None,
            "states": roster.STATES,
            "language_name": lambda code: roster.language_name(code, visitor.language),
            "name_kinds": roster.NAME_KINDS,
            "country_of": lambda code: visitor.speaker.say(CountryName(code)),
            "day_of": lambda words: visitor.speaker.say(in_words(words)),
            "others": set(book.actors),
            "kinds": ACTOR_KINDS,
            "sources": list(attributions(answer.releases, visitor.speaker)),
        }

    return kept_page(request, visitor, "actor.html.j2", values)


def of_day(house: House, day: dt.date) -> Told:
    """The dossiers of the case as of a day."""
    return told(house.lake, house.case.dossiers, Params(as_of=day))


def sources(book: Told, visitor: Visitor) -> list[str]:
    """The attributions of the dossiers."""
    refs: tuple[ReleaseRef, ...] = book.releases
    return list(attributions(refs, visitor.speaker))
