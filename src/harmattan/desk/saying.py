"""What a person says an assertion means, as `key=value`, and what an assertion means in one line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.amount import QUALIFIERS
from harmattan.vocabulary.assertion import MODALITIES, Assertion
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.partial import PartialDate

FIELDS: dict[str, tuple[str, ...]] = {
    "actor": ("actor",),
    "place": ("place", "iso3", "level", "cell", "lat", "lon", "within"),
    "date": ("start", "end", "precision"),
    "figure": ("value", "high", "qualifier", "indicator", "unit", "place", "iso3", "start", "end"),
    "new_name": ("long", "acronym"),
    "relation": ("subject", "relation", "object", "country", "place", "start", "end"),
    "event": ("actor", "against", "place", "iso3", "start", "end", "deaths", "civilians", "type"),
    "claim": (),
}
"""What can be said of an assertion, by its kind."""
NUMBERS = ("value", "high", "cell", "lat", "lon", "deaths", "civilians")
ABOUT = ("modality", "attributed_to", "first", "last")
"""What can be said of an assertion of any kind."""
ACTORS = ("actor", "subject", "object", "against")
"""The fields that name an actor of the dossier."""


def said(kind: str, words: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`key=value` words as the fields of the canonical form, and those beside it. An empty value means None.

    A month or a year becomes its first or last day. Raises UsageError for a key or a value that there is not.

    >>> said("figure", ["value=300", "qualifier=about", "start=2022-03", "end=2022-03"])[0]["end"]
    '2022-03-31'
    >>> said("actor", ["actor=jnim", "modality=denied"])
    ({'actor': 'jnim'}, {'modality': 'denied'})
    """
    meaning: dict[str, Any] = {}
    about: dict[str, Any] = {}
    for word in words:
        key, sign, value = word.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or key not in (*FIELDS[kind], *ABOUT):
            raise UsageError(
                T("{word} does not say what a {kind} can say.", word=Verbatim(word), kind=Verbatim(kind)),
                available=T("Write key=value with one of {keys}.",
                            keys=listing([Verbatim(name) for name in (*FIELDS[kind], *ABOUT)])),
            )  # fmt: skip
        if key in ABOUT:
            about[key] = _about(key, value)
        else:
            meaning[key] = _value(key, value) if value else None
    return meaning, about


def laid_over(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A canonical form with changes; what is changed to None goes, and so do other meanings once there is one.

    >>> laid_over({"actor": None, "candidates": ["a", "b"]}, {"actor": "a"})
    {'actor': 'a'}
    """
    made = {name: value for name, value in {**before, **after}.items() if value is not None or name in before}
    made = {name: value for name, value in made.items() if value is not None or name not in after}
    return made if not after else {name: value for name, value in made.items() if name != "candidates"}


def means(made: Assertion) -> str:
    """What an assertion means in one line of values, for tables.

    >>> import datetime as dt
    >>> from harmattan.vocabulary.assertion import Origin
    >>> from harmattan.vocabulary.document import Citation
    >>> span, at = Citation(start=0, end=3, exact="300"), dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    >>> said = {"value": 300.0, "qualifier": "about", "indicator": "deaths", "iso3": "MLI"}
    >>> means(Assertion(id="1", document="0", citation=span, kind="figure", as_written={}, canonical=said,
    ...                 origin=Origin(kind="rule", name="r"), at=at))
    'about 300 deaths MLI'
    """
    told = made.canonical
    if made.kind == "actor":
        return str(told.get("actor") or "? " + " / ".join(map(str, told.get("candidates", ())))).strip()
    if made.kind == "place":
        return _joined(told.get("place"), told.get("iso3"), told.get("level"))
    if made.kind == "date":
        return _span(told)
    if made.kind == "figure":
        word = "" if told.get("qualifier") == "exact" else str(told.get("qualifier") or "").replace("_", " ")
        number = _number(told.get("value")) + (f"–{_number(told['high'])}" if told.get("high") is not None else "")
        return _joined(word, number, told.get("indicator") or "?", told.get("place") or told.get("iso3"), _span(told))
    if made.kind == "claim":
        parts = told.get("part", ())
        return "; ".join(_part(part) for part in parts if isinstance(part, Mapping))
    return _joined(*(str(value) for name, value in told.items() if name != "candidates" and value is not None))


def _part(part: Mapping[str, Any]) -> str:
    values = [
        f"{name}={_short(value)}" for name, value in part.items() if name != "check" and value not in (None, (), [])
    ]
    return _joined(part.get("check"), *values)


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "+".join(map(_short, value))
    return _number(value) if isinstance(value, int | float) else value if isinstance(value, str) else json.dumps(value)


def _span(told: Mapping[str, Any]) -> str:
    start, end = told.get("start"), told.get("end")
    if start == end:
        return str(start or "")
    return f"{start or '…'} – {end or '…'}"


def _number(value: Any) -> str:
    return f"{int(value)}" if isinstance(value, int | float) and value == int(value) else str(value)


def _joined(*words: Any) -> str:
    return " ".join(str(word) for word in words if word)


def _about(key: str, value: str) -> Any:
    if key == "modality" and value not in MODALITIES:
        raise _not_one(key, value, MODALITIES)
    if key in ("first", "last"):
        return _date(value) if value else None
    return value


def _value(key: str, value: str) -> Any:
    if key in NUMBERS:
        try:
            number = float(value)
        except ValueError:
            raise UsageError(T("{value} is no number for {key}.", value=Verbatim(value), key=Verbatim(key))) from None
        return int(number) if number.is_integer() else number
    if key in ("iso3", "country") and value not in COUNTRIES:
        raise UsageError(T("{value} is no ISO3 code of a country.", value=Verbatim(value)))
    if key == "qualifier" and value not in QUALIFIERS:
        raise _not_one(key, value, QUALIFIERS)
    if key in ("start", "end"):
        date = _date(value)
        day = date.earliest if key == "start" else date.latest
        return day.isoformat() if day else None
    return value


def _date(value: str) -> PartialDate:
    try:
        return PartialDate.parse(value)
    except ValueError as fault:
        raise UsageError(T("{fault}.", fault=Verbatim(str(fault)))) from None


def _not_one(key: str, value: str, there: Sequence[str]) -> UsageError:
    return UsageError(
        T("{key} cannot be {word}.", key=Verbatim(key), word=Verbatim(value)),
        available=T("There are: {all}.", all=listing([Verbatim(name) for name in there])),
    )
