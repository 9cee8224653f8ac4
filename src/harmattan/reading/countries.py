"""Names of countries and of the world's large cities, from CLDR, and of which countries a text speaks."""

from __future__ import annotations

import functools
from collections import Counter

from harmattan.reading.folding import Finder, Folded, by_fold
from harmattan.reading.mentions import PlaceName
from harmattan.reading.place_words import CITIES, COUNTRIES, PEOPLE
from harmattan.text.speaker import LANGUAGES, country_name
from harmattan.vocabulary.country import PLACES, iso3_from_iso2

CLDR = "Unicode CLDR"
_ZONES = ("Africa/", "Europe/", "Asia/")


@functools.cache
def countries() -> tuple[PlaceName, ...]:
    """Every country by its English and French name of CLDR, as a hashtag writes it, and by what newspapers call it."""
    found: dict[tuple[str, str], None] = {}
    for iso3 in PLACES:
        names = [country_name(iso3, language) for language in LANGUAGES]
        names += [name.partition(" (")[0] for name in names if " (" in name]
        names += [name.replace(" ", "") for name in names if name.count(" ") == 1]
        for name in (*names, *COUNTRIES.get(iso3, ())):
            if name != iso3 and name not in ("Congo-Kinshasa", "Congo - Kinshasa", "Congo - Brazzaville"):
                found[name, iso3] = None
    return tuple(PlaceName(name, iso3, "country", origin=CLDR) for name, iso3 in found)


@functools.cache
def cities() -> tuple[PlaceName, ...]:
    """The cities that CLDR's time zones of Africa, Europe and Asia are named after, and some others of the news."""
    from babel import Locale
    from babel.core import get_global

    places = frozenset(PLACES)
    found: dict[tuple[str, str], str] = {}
    zones = [Locale(language).time_zones for language in LANGUAGES]
    for zone, iso2 in (*get_global("zone_territories").items(), ("America/New_York", "US")):
        iso3 = iso3_from_iso2(iso2) if zone.startswith(_ZONES) or zone == "America/New_York" else ""
        if iso3 in places:
            plain = zone.rpartition("/")[2].replace("_", " ")
            for named in zones:
                found.setdefault((str(named.get(zone, {}).get("city") or plain), iso3), CLDR)
    for iso3, names in CITIES.items():
        for name in names:
            found.setdefault((name, iso3), "")
    return tuple(PlaceName(name, iso3, "town", origin=origin) for (name, iso3), origin in found.items())


@functools.cache
def _spoken() -> Finder[str]:
    named = by_fold((place.name, place.iso3) for place in countries() if not place.name.isupper())
    return Finder(demonyms() | {key: codes[0] for key, codes in named.items()})


@functools.cache
def demonyms() -> dict[str, str]:
    """ISO3 by folded words for who or what is of a country."""
    return {word: iso3 for iso3, listed in PEOPLE.items() for word in listed.split()}


def spoken_of(text: Folded) -> tuple[str, ...]:
    """The countries that a text names, or whose people it names; ISO3, the most often named first.

    >>> from harmattan.reading.folding import folded
    >>> spoken_of(folded("Malian troops left Niger for Mali."))
    ('MLI', 'NER')
    """
    found: dict[int, tuple[int, str]] = {}
    for start, end, iso3 in _spoken().find(text):
        if end > found.get(start, (0, ""))[0]:
            found[start] = (end, iso3)
    return tuple(code for code, _ in Counter(iso3 for _, iso3 in found.values()).most_common())
