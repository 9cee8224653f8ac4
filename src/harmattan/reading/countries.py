"""Names of countries and of the world's large cities, from CLDR, and of which countries a text speaks."""

from __future__ import annotations

import functools
from collections import Counter

from harmattan.reading.folding import Finder, Folded, by_fold
from harmattan.reading.mentions import PlaceName
from harmattan.text.speaker import LANGUAGES, country_name
from harmattan.vocabulary.country import PLACES, iso3_from_iso2

CLDR = "Unicode CLDR"
SHORT: dict[str, tuple[str, ...]] = {
    "BFA": ("Burkina",), "CAF": ("Centrafrique", "CAR", "RCA"), "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "COD": ("DR Congo", "DRC", "RDC", "Democratic Republic of Congo", "Democratic Republic of the Congo", "RD Congo",
            "République démocratique du Congo"),
    "COG": ("Republic of Congo", "Republic of the Congo", "Congo-Brazzaville", "Congo"), "CPV": ("Cabo Verde",),
    "CZE": ("Czech Republic", "République tchèque"), "GBR": ("Britain", "Great Britain", "UK", "Grande-Bretagne"),
    "GMB": ("The Gambia",), "MMR": ("Burma", "Birmanie"), "NLD": ("the Netherlands", "Holland"),
    "PSE": ("Palestine",), "RUS": ("Russian Federation", "Fédération de Russie"), "SAU": ("Arabie saoudite",),
    "TUR": ("Turkey", "Türkiye", "Turquie"), "ARE": ("UAE", "Emirates", "EAU", "Émirats"),
    "USA": ("US", "USA", "United States of America", "America", "États-Unis d'Amérique"), "ESH": ("Western Sahara",),
    "SWZ": ("Swaziland",), "VAT": ("Vatican",), "SYR": ("Syria", "Syrie"), "TWN": ("Taiwan",),
}  # fmt: skip
"""What newspapers call them beside CLDR's names; one in capitals is looked for in capitals only."""
FARTHER: dict[str, tuple[str, ...]] = {
    "BEL": ("Bruxelles",), "BEN": ("Cotonou", "Parakou"), "BFA": ("Ouaga", "Bobo-Dioulasso"),
    "CHE": ("Geneva", "Genève"),
    "CHN": ("Beijing", "Pékin"), "CIV": ("Yamoussoukro", "Bouaké"), "CMR": ("Yaoundé", "Maroua"), "DEU": ("Bonn",),
    "DZA": ("Alger", "Algiers", "Tamanrasset"), "FRA": ("Pau", "Toulon"), "GHA": ("Kumasi", "Tamale"),
    "MAR": ("Rabat", "Marrakesh", "Marrakech"), "MLI": ("Kati", "Taoudenni", "Taoudénit"),
    "MRT": ("Bassikounou", "Néma", "M'bera", "Mbera"),
    "NGA": ("Abuja", "Maiduguri", "Kano", "Sokoto", "Borno", "Katsina", "Zamfara", "Kebbi", "Yobe", "Port Harcourt"),
    "NLD": ("The Hague", "La Haye"), "SEN": ("Thiès",), "TCD": ("Bol", "Abéché", "Faya-Largeau"),
    "TGO": ("Lomé", "Kara"),
    "TUR": ("Ankara",), "USA": ("Washington",), "LBY": ("Sabha", "Benghazi"), "RUS": ("Sochi", "Sotchi"),
    "ITA": ("Rome",), "GBR": ("London", "Londres"),
}  # fmt: skip
"""Capitals and cities of the news that CLDR's list of time zones does not name."""
_DEMONYMS: dict[str, str] = {
    "MLI": "malian malians malien malienne maliens maliennes", "BFA": "burkinabe burkinabes",
    "NER": "nigerien nigeriens nigerienne nigeriennes", "NGA": "nigerian nigerians nigeriane",
    "TCD": "chadian chadians tchadien tchadienne tchadiens",
    "MRT": "mauritanian mauritanians mauritanien mauritanienne",
    "CIV": "ivorian ivorians ivoirien ivoirienne ivoiriens", "BEN": "beninese beninois beninoise",
    "TGO": "togolese togolais togolaise", "GHA": "ghanaian ghanaians ghaneen ghaneenne",
    "SEN": "senegalese senegalais senegalaise", "FRA": "french francais francaise francaises",
    "RUS": "russian russians russe russes", "DZA": "algerian algerians algerien algerienne",
}  # fmt: skip
"""Words for who or what is of a country, folded: they say what a text is about and are never places."""
_ZONES = ("Africa/", "Europe/", "Asia/")


@functools.cache
def countries() -> tuple[PlaceName, ...]:
    """Every country by its English and French name of CLDR, as a hashtag writes it, and by what newspapers call it."""
    found: dict[tuple[str, str], None] = {}
    for iso3 in PLACES:
        names = [country_name(iso3, language) for language in LANGUAGES]
        names += [name.partition(" (")[0] for name in names if " (" in name]
        names += [name.replace(" ", "") for name in names if name.count(" ") == 1]
        for name in (*names, *SHORT.get(iso3, ())):
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
    for iso3, names in FARTHER.items():
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
    return {word: iso3 for iso3, listed in _DEMONYMS.items() for word in listed.split()}


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
