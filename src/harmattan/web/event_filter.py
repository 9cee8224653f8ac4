"""The filter of the map and of the list of events: how it stands in an address, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import Request

from harmattan.case import Case
from harmattan.errors import UsageError
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.event_list import SORTS, Offered, Wanted, offered
from harmattan.questions.event_record import EventRecord, event_record
from harmattan.questions.event_words import PRECISION_WORDS
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import whole_number
from harmattan.questions.registry import question
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.event_types import EVENT_TYPES, GROUPS
from harmattan.vocabulary.origin import Dimension
from harmattan.web import forms
from harmattan.web.faults import NotThere
from harmattan.web.house import House

ASKED = question("casualties")
"""What every filter can say is what this question takes: its rows are then the very same records."""
OWN = ("admin1", "precision", "at_least", "text")
"""What only a list of events can be filtered by."""
NAMES = ("country", "from", "to", "kind", "event_type", "actor", "dyad", "cell", "source", "as_of", "known_by",
         "release", *OWN)  # fmt: skip
MOST_WORDS = 200
"""Letters of words that are looked for."""


def wanted_of(request: Request, case: Case) -> Wanted:
    """The events that an address asks for. Raises UsageError in one line for a word that cannot be read."""
    params = replace(forms.params_of(request, ASKED, case), by=())
    given = {name: _given(request, name) for name in OWN}
    least = whole_number(given["at_least"][-1]) if given["at_least"] else None
    words = " ".join(given["text"])
    if len(words) > MOST_WORDS:
        raise UsageError(T("At most {n} letters can be looked for.", n=MOST_WORDS))
    return Wanted(params, tuple(given["admin1"]), tuple(given["precision"]), least or None, words)


def given_in(request: Request) -> dict[str, list[str]]:
    """What an address says of the filter, by name: what other links take along."""
    return {name: said for name in NAMES if (said := _given(request, name))}


def sort_of(request: Request) -> str:
    """The column that a list is sorted by, with a minus downwards; empty for none that there is."""
    said = request.query_params.get("sort", "")
    return said if said.removeprefix("-") in SORTS else ""


def _given(request: Request, name: str) -> list[str]:
    return [word.strip() for word in request.query_params.getlist(name) if word.strip()]


def offered_in(house: House, params: Params, needs: tuple[Dimension, ...] = ()) -> Offered:
    """What the filter can be set to, as far as the releases at hand tell apart what is needed."""
    standing = house.asking.standing()
    key = f"offered {standing.state} {params.country} {params.source} {params.release} {params.known_by} {needs}"
    return house.asking.together(key, T("Events"), "", lambda: offered(standing.inquiry.world, params, needs))


def choices(request: Request, offered: Offered | None, wanted: Wanted | None, case: Case) -> dict[str, Any]:
    """What the filter's form shows: boxes to tick, names to choose from, what was said."""
    given = given_in(request)
    chosen = wanted.params.country if wanted else case.countries
    near = dict.fromkeys((*case.countries, *case.neighbours, *chosen))
    there = [code for code in near if code in chosen or offered is None or code in offered.places]
    types = offered.event_types if offered else ()
    return {
        "given": given,
        "near": [(code, code in chosen) for code in there],
        "kinds": [forms.Option(name, words, name in given.get("kind", ())) for name, words in KIND_WORDS.items()],
        "types": [*GROUPS, *EVENT_TYPES] if types else [],
        "precisions": [forms.Option(name, words, name in given.get("precision", ())) for name, words in _short()],
        "offered": offered,
    }


def _short() -> list[tuple[str, Text]]:
    return [(name, words) for name, words in PRECISION_WORDS.items() if name not in ("international", "unknown")]


def told_of(wanted: Wanted) -> list[Text]:
    """What a list was narrowed to beyond what a question can say, for its title."""
    said: list[Text] = []
    if wanted.admin1:
        said.append(T("in {names}", names=Verbatim(", ".join(wanted.admin1))))
    if wanted.precision:
        said.append(T("known to {names}", names=Verbatim(", ".join(wanted.precision))))
    if wanted.at_least:
        said.append(T("at least {n} deaths", n=wanted.at_least))
    if wanted.words:
        said.append(T("with the words “{words}”", words=Verbatim(wanted.words)))
    return said


def record_of(house: House, release: str, event_id: str) -> EventRecord:
    """A record by its release and id. Raises NotThere."""
    world = house.asking.standing().inquiry.world
    key = f"event {house.asking.standing().state} {release} {event_id}"
    found = house.asking.together(key, T("Event"), "", lambda: event_record(world, release, event_id))
    if found is None:
        raise NotThere(T("There is no such record of an event."), do=T("Look for it in the list of events."))
    return found
