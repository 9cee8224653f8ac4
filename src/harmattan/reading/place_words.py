"""The words beside names of places: kinds ("region of", "cercle de"), what leads to a place, what is no place."""

from __future__ import annotations

import re

from harmattan.reading.folding import fold, words
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
LINKS = words("of de du des d la le les l the")
LEADING = words(
    "in at near around from to outside inside between towards toward into onto through across via for of on "
    "within against over beyond leaving entering reach reached left fled hit seized captured retook attacked a au "
    "aux en de du des d dans vers entre pres autour depuis par sur pour contre chez jusqu hors quitte rejoint "
    "dans and et or ou"
)
"""Folded words after which a name is likely that of a place."""
MAY_PRECEDE = LEADING | words(
    "the le la les l but while when after before since as if that where with by than also however meanwhile both "
    "mais quand apres avant comme si que ou selon alors northern southern eastern western central north south "
    "east west nord sud est ouest mount greater upper lower occupied january february march april may june july "
    "august september october november december monday tuesday wednesday thursday friday saturday sunday"
)
"""A capital letter of one of these words does not make the name after it part of a longer one."""
MAY_FOLLOW = words(
    "airport aeroport road axis prison camp base university market bridge hospital january february march april "
    "may june july august september october november december on in at and but the when while according since he "
    "she it they this that several un une le la les il elle"
) | frozenset(KIND_WORDS)
_AREAS = """
sahel, le sahel, the sahel, liptako, liptako gourma, gourma, the gourma, lake chad, lac tchad, lake chad basin,
bassin du lac tchad, three borders zone, maghreb, west africa, africa, north africa, sahara, azawad, macina,
northern mali, mali northern, north, south, east, west, casamance region
"""
BORDERLESS = frozenset(name.strip() for name in _AREAS.split(","))
"""Areas without borders: they are no places that a record could be in."""
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
WEAK = words(
    "nice tours man say mo po you dia bla fia bani sari dori bam boura kao sud nord est ouest centre center east "
    "west north south plateaux savanes maritime centrale cascades lacs montagnes lagunes mali-ba oral bol pau "
    "kara ber tin in ti-n golfe grand-ponts marche mine ville village ko la le les so ba no si do bo ma ta to da "
    "di du de go he me we us it on or an as at be by if is of my up bono sam ali moussa boubacar amadou ibrahim "
    "sory oumar ousmane diallo traore keita kone toure coulibaly sidibe diarra dembele ouedraogo sawadogo kabore "
    "maiga cisse barry bah sow ba sy ndiaye diop fall cisse camara sanogo konate soumare sangare goita kouyate "
    "doumbia dicko tall sissoko abdoulaye mamadou souleymane hamadoun adama issa yacouba mohamed ahmed hassan "
    "moctar madou mary rose vienne damas point pointe port gabon-ville bel belle bon bonne mare roi reine jeune "
    "colon sale mont oula noun songo tera ouro gaya tall barani kari kouri manga tombo singa tanga banga karma "
    "karim koro aden orange kati thou dan madina salam hamdallaye dar sarafere bamba bourra bouna boni dina "
    "hombori"
)
"""Folded names of places that are words or names of people as well: they need a word that leads to a place."""


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
