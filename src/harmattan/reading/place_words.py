"""The words beside names of places: kinds ("region of", "cercle de"), what leads to a place, what is no place."""

from __future__ import annotations

import re
import tomllib

from harmattan.data import WORDS
from harmattan.reading.folding import fold, word_set
from harmattan.reading.mentions import PlaceKind

_KINDS: tuple[tuple[PlaceKind, str], ...] = (
    ("admin1", "region regions province provinces state states district districts gouvernorat governorate etat"),
    ("admin2", "cercle cercles circle circles department departments departement departements prefecture prefectures "
     "sector secteur county division"),
    ("town", "village villages town towns city cities ville villes suburb hameau hamlet locality localite localites "
     "location commune communes municipality municipalite quartier neighbourhood neighborhood bourg bourgade camp"),
)  # fmt: skip
KIND_WORDS: dict[str, PlaceKind] = {word: kind for kind, listed in _KINDS for word in listed.split()}
"""Folded words for a kind of place. A province is first-order where no second-order area bears the name."""
LOOSE_KINDS: dict[str, tuple[PlaceKind, ...]] = {"province": ("admin1", "admin2"), "commune": ("town", "admin2")}
PUBLISHED: dict[str, PlaceKind] = {
    "region": "admin1", "cercle": "admin2", "province": "admin2", "department": "admin2", "departement": "admin2",
    "prefecture": "admin2", "sector": "admin2", "commune": "events", "district": "admin1", "village": "town",
    "town": "town", "city": "town", "suburb": "town", "locality": "town", "location": "town", "camp": "town",
    "area": "events", "arrondissement": "admin2", "state": "admin1", "hamlet": "town", "mine": "events",
    "locaation": "town", "settlement": "town", "neighborhood": "town", "neighbourhood": "town", "well": "events",
}  # fmt: skip
"""Folded words that a publisher puts after a name, and the kind of place it then is."""
ARTICLES = word_set("the le la les l")
LINKS = word_set("of de du des d la le les l the")
LEADING = word_set(
    "in at near around from to outside inside between towards toward into onto through across via for of on "
    "within against over beyond leaving entering reach reached left fled hit seized captured retook attacked a au "
    "aux en de du des d dans vers entre pres autour depuis par sur pour contre chez jusqu hors quitte rejoint "
    "dans and et or ou"
)
"""Folded words after which a name is likely that of a place."""
MAY_PRECEDE = LEADING | word_set(
    "the le la les l but while when after before since as if that where with by than also however meanwhile both "
    "mais quand apres avant comme si que ou selon alors northern southern eastern western central north south "
    "east west nord sud est ouest mount greater upper lower occupied january february march april may june july "
    "august september october november december monday tuesday wednesday thursday friday saturday sunday"
)
"""A capital letter of one of these words does not make the name after it part of a longer one."""
MAY_FOLLOW = word_set(
    "airport aeroport road axis prison camp base university market bridge hospital january february march april "
    "may june july august september october november december on in at and but the when while according since he "
    "she it they this that several un une le la les il elle"
) | frozenset(KIND_WORDS)
_WRITTEN = tomllib.loads((WORDS / "places.toml").read_text(encoding="utf-8"))
BORDERLESS: frozenset[str] = frozenset(_WRITTEN["borderless"])
"""Areas without borders: they are no places that a record could be in."""
WEAK = word_set(_WRITTEN["words_too"])
"""Folded names of places that are words or names of people as well: they need a word that leads to a place."""
SAME: tuple[tuple[str, ...], ...] = tuple(map(tuple, _WRITTEN["same"]))
"""Names of the same place in other languages or spellings; the first of each is the one that most data sets write."""
COUNTRIES: dict[str, list[str]] = _WRITTEN["countries"]
"""What newspapers call countries, beside the names of CLDR; one in capitals is looked for in capitals only."""
CITIES: dict[str, list[str]] = _WRITTEN["cities"]
"""Capitals and cities of the news that CLDR's list of time zones does not name."""
PEOPLE: dict[str, str] = _WRITTEN["people"]
"""Folded words for who or what is of a country: they say what a text is about and are never places."""
DIVISIONS = word_set("centre center est nord sud ouest east north west south")
"""Folded names of regions that are points of the compass: they need the word region beside them."""
NOT_AFTER = re.compile(
    r"(?:\bgulf of|\bgolfe de|\blake|\blac|\bfleuve|\briver|\bdelta (?:interieur )?du|\bboucle du|\bbend of the|"
    r"\bbassin du|\bnew|\btribunal de|\btraite de|\btreaty of)(?: l| la| le)? ?$"
)
NOT_BEFORE = re.compile(r"^ (?:river|delta|bend|basin|valley|sea|treaty|process)\b")
_NO_NAME = re.compile(
    r"\b(?:between|entre|road|route|axis|border|borders|near|(?:north|south)?-?(?:north|south|east|west)(?:ern)?|"
    r"central|zone|basin|waterhole|wadi|pond|part of|section of|river|bridge|"
    r"forest|lake|and|unknown|park|mountains?|hills?|axe|km|frontier|valley|dunes?|"
    r"coast|waters|reserve)\b",
    re.IGNORECASE,
)
_COMPASS = re.compile(r"^(?:centre|center|nord|sud|est|ouest|far|north|south)\b", re.IGNORECASE)


def plain_names(published: str) -> list[tuple[str, PlaceKind | None]]:
    """The names within a publisher's or an editor's words for a place, and the kinds that the words say.

    >>> plain_names("Moura village"), plain_names("Mopti region")
    ([('Moura', 'town')], [('Mopti', 'admin1')])
    >>> plain_names("Koro, Bankass and Douentza"), plain_names("Between Dera and Konna")
    ([('Koro', None), ('Bankass', None), ('Douentza', None)], [])
    """
    if re.match(r"(?i)(?:road|route|between|entre|area|border)\b", published):
        return []
    published = re.sub(r",? and (?:the|around) .*$|, south of .*$", "", published)
    parts = re.split(r", (?=[A-ZÀ-Þ])| and (?=[A-ZÀ-Þ])|/(?=[A-ZÀ-Þ])", re.sub(r"\s*\([^)]*\)", "", published))
    last_word = fold(published).rpartition(" ")[2]
    plural = PUBLISHED.get(last_word.removesuffix("s")) if last_word.endswith("s") else None
    found: list[tuple[str, PlaceKind | None]] = []
    for part in parts:
        name, kind = _named(part.strip())
        if plural and last_word:
            name = re.sub(rf"(?i)\s+{re.escape(last_word)}$", "", name)
        if name:
            found.append((name, kind or plural))
    return found


def _named(part: str) -> tuple[str, PlaceKind | None]:
    """A name without its word of kind; empty where it is no name of a place with borders."""
    pieces = part.split()
    kind = PUBLISHED.get(fold(pieces[-1])) if len(pieces) > 1 else None
    name = " ".join(pieces[:-1]) if kind else part
    bare = fold(name)
    if not name[:1].isupper() or any(sign.isdigit() for sign in name) or (bare in BORDERLESS and kind is None):
        return "", None
    if " - " in name or "/" in name or (_NO_NAME.search(name) and not (_COMPASS.match(name) and kind == "admin1")):
        return "", None
    return (name, kind) if len(bare) > 1 else ("", None)
