"""What assertions and parts of claims say, in words: labels of their fields, and values in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from harmattan.desk.saying import ACTORS
from harmattan.dossier.book import Book
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, joined, listing, msg
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.country import COUNTRIES

LABELS: dict[str, Text] = {
    "actor": T("actor"), "candidates": T("may be"), "place": T("place"), "iso3": T("country"), "level": T("what it is"),
    "cell": T("grid cell"), "lat": T("latitude"), "lon": T("longitude"), "within": T("within"), "start": T("from"),
    "end": T("to"), "precision": T("precision"), "value": T("number"), "high": T("upper end, where two are given"),
    "qualifier": T("how exact"), "indicator": T("what is counted"), "unit": T("unit"), "long": T("name"),
    "acronym": T("acronym"), "subject": T("who"), "relation": T("relation"), "object": T("to whom"),
    "country": T("country"), "against": T("against"), "deaths": T("deaths"), "civilians": T("civilians killed"),
    "type": T("type"), "modality": T("how it is said"), "attributed_to": T("who is named as having said so"),
    "first": T("since"), "last": T("until"), "quote": T("quotation"), "part": T("parts"), "id": T("name of the claim"),
    "from": T("from"), "by": T("by whom (perpetrators)"), "kind": T("kind of violence"), "to": T("to"),
    "check": T("check"), "measure": T("what is counted"), "take": T("of several"), "is": T("than the other side it is"),
    "factor": T("at least so many times"), "than": T("the other side"), "since": T("since"),
    "window": T("months together"),
    "top": T("among the highest so many"), "of": T("the part"), "on": T("on the day"), "force": T("force"),
    "state": T("state"), "until": T("until"), "how_ended": T("how it ended"), "successor": T("who came after it"),
    "date": T("date"), "count": T("how many"), "how": T("on it, by it, or after it"), "per": T("each"),
    "expect": T("whether there was any"), "note": T("note"),
}  # fmt: skip
"""What a field is called."""
SAID: dict[str, Text] = {
    "exact": T("exactly"), "about": T("about"), "almost": T("almost"), "more_than": T("more than"),
    "at_least": T("at least"), "up_to": T("up to"), "asserted": T("asserted"), "reported": T("reported"),
    "implied": T("implied"), "planned": T("planned"), "denied": T("denied"), "deaths": T("deaths"),
    "civilians": T("civilians killed"), "events": T("events"), "civilians_killed": T("civilians killed"),
    "troops": T("troops"), "people_in_need": T("people in need"), "people_targeted": T("people targeted"),
    "idps": T("internally displaced people"), "refugees": T("refugees"), "returnees": T("returnees"),
    "displaced": T("displaced people"), "injured": T("injured"), "arrested": T("arrested"), "percent": T("percent"),
    "food_insecure": T("food-insecure people"), "schools_closed": T("closed schools"),
    "peacekeepers_killed": T("peacekeepers killed"), "funding_required_usd": T("funding required, in US dollars"),
    "gold_tonnes": T("tonnes of gold"), "state_based": T("state-based"), "non_state": T("non-state"),
    "one_sided": T("one-sided"), "more": T("more"), "less": T("less"), "same": T("the same"), "sum": T("all of it"),
    "max": T("the worst single incident"), "some": T("some"), "none": T("none"), "on": T("on that date"),
    "by": T("by that date"), "after": T("not before that date"), "day": T("day"), "week": T("week"),
    "month": T("month"), "year": T("year"), "present": T("present"), "gone": T("gone"),
    "handed_over": T("handed over"), "withdrawn": T("withdrawn"), "dissolved": T("dissolved"),
    "expelled": T("expelled"), "lost": T("lost"), "country": T("country"), "admin1": T("region"),
    "admin2": T("district"), "settlement": T("town or village"), "town": T("town"), "region": T("region"),
}  # fmt: skip
"""Words that stand for themselves in data."""
CHECKS: dict[str, Text] = {
    "value": T("how many died, or how many civilians"),
    "count": T("how many events there were, or how many a day, week or month"),
    "exists": T("that there was such violence, or none"),
    "first": T("when the first such record is dated"),
    "compare": T("that one period, country or actor had more or less than another"),
    "rank": T("that a time was the worst, or among the worst"),
    "share": T("which share was done by somebody or happened somewhere"),
    "relation": T("how one actor stood to another, or where it operated"),
    "presence": T("that a force stood somewhere, or left"),
    "milestone": T("that something such as a coup or a withdrawal happened, when, and how often"),
    "figure": T("a number that somebody reported: people in need, displaced, troops"),
}
"""What a part of a claim can be checked for."""


def label(name: str) -> Value:
    """What a field is called."""
    return LABELS.get(name) or Verbatim(name.replace("_", " "))


def word(value: str) -> Value:
    """A word of a list, as it is spoken."""
    return SAID.get(value) or Verbatim(value.replace("_", " "))


def lines(made: Assertion, book: Book, language: str) -> Iterator[tuple[Value, Value]]:
    """What an assertion means: each field that says something, and what it says."""
    for name, value in made.canonical.items():
        if value in (None, "", [], ()) or name in ("quote", "part", "id", "citation"):
            continue
        yield label(name), spoken(name, value, book, language)
    for part in made.canonical.get("part", ()) if made.kind == "claim" else ():
        if isinstance(part, Mapping):
            yield CHECKS.get(str(part.get("check"))) or T("check"), in_words(part, book, language)
    if made.modality != "asserted":
        yield label("modality"), word(made.modality)
    if made.attributed_to:
        yield label("attributed_to"), Verbatim(made.attributed_to)
    for name in ("first", "last"):
        if getattr(made, name) is not None and made.kind != "date" and not made.canonical.get("start"):
            yield label(name), Verbatim(str(getattr(made, name)))


def in_words(part: Mapping[str, Any], book: Book, language: str) -> Value:
    """A part of a claim in one line."""
    said = [
        T("{field}: {value}", field=label(name), value=spoken(name, value, book, language))
        for name, value in part.items()
        if name != "check" and value not in (None, "", [], ())
    ]
    return joined(said, msg("{first}; {second}")) if said else T("–")


def spoken(name: str, value: Any, book: Book, language: str) -> Value:
    """A value of a field in words."""
    if isinstance(value, Mapping):
        return in_words(value, book, language)
    if isinstance(value, list | tuple):
        return listing([spoken(name, one, book, language) for one in value], "or" if name == "candidates" else "and")
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Verbatim(f"{value}") if name in ("cell", "lat", "lon") else Number(value, None, _digits(value))
    if name in ("iso3", "country") and value in COUNTRIES:
        return CountryName(str(value))
    if name in (*ACTORS, "candidates") and str(value) in book.actors:
        return T("{name} ({id})", name=Verbatim(book.label(str(value), language)), id=Verbatim(str(value)))
    if name in ("start", "end"):
        return _day(str(value))
    return word(str(value)) if str(value) in SAID else Verbatim(str(value))


def _day(value: str) -> Value:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return Verbatim(value)


def _digits(value: float) -> int:
    return 0 if float(value).is_integer() else 2
