"""The words around figures in English and French: qualifiers, units, the nouns that are counted, and cues.

A cue is a verb or noun that says what became of those counted. Its form says on which side of it the figure stands:

- `done`: a participle or intransitive verb after the counted ("313 people were killed", "12 soldats tués");
- `act`: a verb before its object ("killing 300 civilians", "ont tué 12 soldats");
- `of`: a noun before the counted ("the execution of 300 civilians", "un bilan de 12 morts").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from harmattan.reading.numerals import SPACE as S
from harmattan.vocabulary.amount import Qualifier
from harmattan.vocabulary.document import Language


def _spaced(words: str) -> str:
    """Words with any white space between them; a blank in brackets stays as it is."""
    return re.sub(r"(\[[^\]]*\])| ", lambda found: found.group(1) or S, words)


_QUALIFIERS: dict[Language, tuple[tuple[Qualifier, str], ...]] = {
    "en": (
        ("at_least", "at least|no fewer than|no less than|not less than|not fewer than|a minimum of"),
        ("up_to", "up to|as many as|at most|no more than|not more than|a maximum of|fewer than|less than|under|below"),
        ("more_than", "a little over|just over|well over|more than|over|above|upwards? of|in excess of|exceeding|surpassing"),
        ("almost", "almost|nearly|close to|just under|a little under|just short of|nearing|approaching"),
        ("about", "about|around|roughly|approximately|an estimated|estimated|some|circa|in the region of|~|≈"),
    ),
    "fr": (
        ("at_least", "au moins|pas moins de|au minimum|un minimum de"),
        ("up_to", "jusqu['’]à|au plus|au maximum|un maximum de|moins de|moins d['’]|pas plus de"),
        ("more_than", "un peu plus de|un peu plus d['’]|plus de|plus d['’]|au-delà de|au-dessus de|bien plus de"),
        ("almost", "près de|près d['’]|presque|pas loin de|un peu moins de|un peu moins d['’]|quasiment|quasi"),
        ("about", "environ|autour de|à peu près|quelque|approximativement|aux alentours de|de l['’]ordre de|aux environs de|~|≈"),
    ),
}  # fmt: skip
_BEFORE = {
    lang: re.compile(
        r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{_spaced(words)})" for name, words in rows)
        + rf")(?:{S}(?:a total of|the|about|some|environ|quelque|une?|de)|\b|(?<=['’~≈])){S}?$".replace("a total of", _spaced("a total of")),
        re.I,
    )
    for lang, rows in _QUALIFIERS.items()
}  # fmt: skip
_AFTER: dict[Language, tuple[tuple[Qualifier, re.Pattern[str]], ...]] = {
    "en": (
        ("at_least", re.compile(rf"{S}or{S}more\b|\+(?!\w)", re.I)),
        ("about", re.compile(rf"{S}or{S}so\b", re.I)),
    ),
    "fr": (
        ("at_least", re.compile(rf"(?:{S}\w{{1,20}}){{0,2}}{S}(?:au{S}moins|au{S}minimum|ou{S}plus)\b", re.I)),
        ("about", re.compile(rf"(?:{S}\w{{1,20}}){{0,2}}{S}environ\b", re.I)),
    ),
}


def qualifier_before(text: str, at: int, language: Language) -> tuple[Qualifier, int]:
    """The word before a number that starts at `at`, and where the words start; "exact" and `at` where there is none."""
    low = max(0, at - 34)
    found = _BEFORE[language].search(text[low:at])
    if found is None or found.lastgroup is None:
        return "exact", at
    return found.lastgroup, low + found.start()  # type: ignore[return-value]


def qualifier_after(after: str, language: Language) -> tuple[Qualifier, int]:
    """The word after a number, and how far it reaches: "12 or more", "12 morts au moins"."""
    for qualifier, pattern in _AFTER[language]:
        if found := pattern.match(after):
            return qualifier, found.end()
    return "exact", 0


NO_FIGURE_BEFORE = re.compile(
    r"(?:\b(?:aged?|resolutions?|résolutions?|no\.|n°|nos?|articles?|art\.|section|chapter|chapitre|phases?|page|p\.|route|rn|numéro"
    r"|highway|operation|opération|level|niveau|paragraph|zone|sector|secteur|day|jour|brigade|unit|unité|article|version"
    r"|chapter|volume|room|flight|vol|group|groupe|camp|category|catégorie|grade|annex|annexe|figure|table|tableau|appendix"
    r"|âgée?s? de|âge de|the age of|ages? of|between the ages of|top|g|l['’]|tel|tél|phone|au)[.:]?|\+\d{1,3})\s?$",
    re.I,
)
NO_FIGURE_AFTER = {
    "en": re.compile(
        rf"[- \u00a0\u202f]?(?:years?|months?|days?|hours?|minutes?|seconds?|weeks?|decades?|km2?|kms|kilomet(?:re|er)s?|miles?|met(?:re|er)s?"
        rf"|mm|cm|kg|kilos?|kilograms?|lit(?:re|er)s?|gallons|hectares?|acres?|feet|foot|inch(?:es)?|degrees?|°C?|times|fold|p\.?m\.?|a\.?m\.?"
        rf"|o['’]clock|GMT|UTC|percentage{S}points?|points?|mph|knots|volts?|calib(?:re|er)|th|st|nd|rd|centur(?:y|ies)|generations?|thirds?"
        rf"|quarters?|halves|half|of{S}the{S}(?:two|three|four|five)|kph|watts?|MW|(?:square|cubic|nautical){S}\w{{1,12}})\b",
    ),
    "fr": re.compile(
        r"[- \u00a0\u202f]?(?:ans?|années?|mois|jours?|heures?|h|minutes?|secondes?|semaines?|décennies?|km2?|km²|kilomètres?|mètres?|mm|cm|kg|kilos?"
        r"|kilogrammes?|litres?|hectares?|ha|degrés?|°C?|fois|h\d\d|GMT|TU|UTC|points?|volts?|e|er|ère|re|ème|ième|siècles?|générations?|tiers|quarts?"
        r"|demies?|watts?|MW)(?![\w])",
    ),
}
HYPHENED = re.compile(r"[-–][A-Za-zà-ÿ]")
STRONG = re.compile(r"-strong\b")

PERCENT = re.compile(rf"[ \u00a0\u202f]?%|{S}per{S}?cent\b|{S}percent\b|{S}pour{S}cent\b|-percent\b", re.I)
MONEY: tuple[tuple[str, str], ...] = (
    ("XOF", r"(?:de{S}|d['’])?(?:francs?{S}CFA|CFA{S}francs?|FCFA|F{S}?CFA|CFA|XOF)\b"),
    ("USD", r"(?:de{S}|d['’])?(?:(?:US{S}|American{S})?dollars?(?:{S}américains)?\b|USD\b|US\$|\$)"),
    ("EUR", r"(?:de{S}|d['’])?(?:euros?\b|EUR\b|€)"),
    ("GBP", r"(?:pounds?{S}sterling|£)"),
)
MONEY_AFTER = tuple((code, re.compile(rf"(?:{S})?{words}".replace("{S}", S), re.I)) for code, words in MONEY)
MONEY_BEFORE = re.compile(
    rf"(?:(?P<USD>US{S}?\$|\$|\bUSD{S}?)|(?P<EUR>€|\bEUR{S}?)|(?P<GBP>£)|(?P<XOF>\bF?CFA{S}?|\bXOF{S}?)){S}?$"
)
TONNES = re.compile(rf"{S}(?:metric{S})?(?:tonnes?|tons?|t)\b")

_NOUNS: dict[Language, dict[str, str]] = {
    "en": {
        "deaths": r"deaths?|fatalit(?:y|ies)|dead|lives|bodies|corpses|casualties|killings|executions|murders",
        "injured": r"injured|wounded|injuries",
        "idps": r"IDPs?|internally displaced|internal displace(?:ment|d)s?",
        "refugees": r"refugees?|asylum[- ]seekers?",
        "returnees": r"returnees?",
        "displaced": r"displaced|displacements?",
        "abducted": r"hostages?|abduct(?:ions?|ees)|kidnappings?|captives",
        "arrested": r"arrests?|detainees?|prisoners?|detentions?",
        "events": r"(?:air|drone )?strikes|airstrikes?|attacks?|incidents?|clashes|raids?|battles?|explosions?|bombings?|massacres?|events?"
        r"|ambush(?:es)?|assaults?|protests?|riots?|offensives?|security incidents|blasts|demonstrations|shellings|skirmishes",
        "schools": r"schools?|classrooms",
        "civilian": r"civilians?|villagers?|worshippers|farmers|herders|inhabitants|residents|traders|aid workers|non-combatants",
        "peacekeeper": r"peacekeepers?|blue helmets?|(?:UN|U\.N\.|MINUSMA) (?:soldiers?|troops)",
        "force": r"soldiers?|troops|personnel|servicemen|instructors|mercenaries|police officers|gendarmes|commandos",
        "person": r"people|persons?|men|women|children|fighters?|militants?|jihadists?|terrorists?|insurgents?|gunmen|police(?:men)?"
        r"|officers?|members?|victims?|students?|pupils|girls|boys|passengers|others|families|households|migrants|Malians|workers|teachers"
        r"|miners|dozos?|volunteers?|suspects?|rebels?|bandits?|journalists?|foreigners|nationals|individuals|migrants|guards?|rangers?",
    },
    "fr": {
        "deaths": r"morts?|mortes|décès|tués|tuées|victimes mortelles|corps|cadavres|assassinats|exécutions|pertes en vies humaines",
        "injured": r"blessés?|blessées?",
        "idps": r"PDI|(?:personnes )?déplacée?s internes|déplacés internes|déplacements internes",
        "refugees": r"réfugiée?s?|demandeurs d['’]asile",
        "returnees": r"retournée?s|rapatriée?s|retours",
        "displaced": r"déplacée?s?|sinistrés de guerre",
        "abducted": r"otages?|enlèvements?|kidnappings?|captifs",
        "arrested": r"arrestations?|détenus?|prisonniers?|interpellations?",
        "events": r"attaques?|incidents?|affrontements?|raids?|frappes|batailles?|explosions?|attentats?|massacres?|évènements?|événements?"
        r"|embuscades?|assauts?|manifestations?|combats|bombardements?|accrochages?|offensives?|attaques-suicides",
        "schools": r"écoles?|établissements scolaires|classes|salles de classe",
        "civilian": r"civils?|civiles?|villageois|fidèles|habitants|paysans|éleveurs|commerçants|agriculteurs|cultivateurs|riverains"
        r"|travailleurs humanitaires",
        "peacekeeper": r"casques? bleus?|soldats de la paix|gardiens de la paix",
        "force": r"soldats?|militaires?|hommes de troupe|instructeurs|mercenaires|gendarmes?|troupes|effectifs|commandos",
        "person": r"personnes?|hommes?|femmes?|enfants?|combattants?|jihadistes?|djihadistes?|terroristes?|assaillants?|policiers?|agents?"
        r"|membres?|victimes?|élèves?|étudiants?|filles|garçons|passagers?|autres|familles|ménages|migrants?|maliens?|enseignants?|orpailleurs?"
        r"|volontaires|suspects?|rebelles?|individus?|journalistes?|ressortissants|chasseurs|dozos?|réservistes|supplétifs",
    },
}  # fmt: skip
NOUNS: dict[Language, re.Pattern[str]] = {
    lang: re.compile(
        r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{_spaced(words)})" for name, words in table.items()) + r")(?![\w-])", re.I
    )
    for lang, table in _NOUNS.items()
}  # fmt: skip
STOPS = {
    "en": re.compile(
        r"[,.;:()—–\n!?“”\"]|\s(?:in|at|by|from|to|on|during|after|when|who|that|which|as|were|was|are|is|have|had|has|and|across|near|since|with"
        r"|will|would|including|among|under|inside|outside|of(?=\s(?:whom|them|which))|against|following|while|between|for|or|but)\s"
    ),
    "fr": re.compile(
        r"[,.;:()—–\n!?«»\"]|\s(?:dans|à|au|aux|par|en|lors|pour|qui|dont|sont|ont|a|est|été|et|sur|avec|près|depuis|ou|parmi|selon|contre"
        r"|étaient|avaient|avait|après|pendant|mais|que|soit)\s"
    ),
}  # fmt: skip
"""Where the words that say what is counted are over."""


@dataclass(frozen=True)
class Cue:
    """What became of those counted, and where its figure stands."""

    what: str
    form: str
    words: str


_CUES: dict[Language, tuple[Cue, ...]] = {
    "en": (
        Cue("deaths", "both", r"killed|murdered|executed|massacred|slaughtered|beheaded|assassinated|gunned down|shot dead|burned alive|slain|hanged|lynched|eliminated|neutrali[sz]ed"),
        Cue("deaths", "done", r"died|dead|perished|lost their lives|lost (?:his|her) life|drowned|succumbed"),
        Cue("deaths", "act", r"killing|kills?|murdering|executing|massacring|slaughtering|beheading|claim(?:ed|ing|s)? the lives of|claim(?:ed|ing|s)?(?= \S{1,20} lives)|cost(?:ing)? the lives of|lost"),
        Cue("deaths", "of", r"deaths? of|death toll|toll|killings? of|executions? of|massacres? of|murders? of|fatalities|lives of|bodies of|loss of|slaughter of|casualties"),
        Cue("injured", "both", r"wounded|injured|maimed|hurt"),
        Cue("injured", "act", r"wounding|injuring|wounds|injures|maiming"),
        Cue("abducted", "both", r"abducted|kidnapped|taken hostage|held hostage|taken captive|seized"),
        Cue("abducted", "act", r"abducting|kidnapping|took hostage|taking hostage|kidnaps|abducts|seizing"),
        Cue("abducted", "of", r"abductions? of|kidnappings? of"),
        Cue("arrested", "both", r"arrested|detained|jailed|imprisoned|apprehended|rounded up|captured|taken prisoner"),
        Cue("arrested", "act", r"arresting|detaining|arrests|detains|capturing"),
        Cue("arrested", "of", r"arrests? of|detention of|capture of"),
        Cue("idps", "done", r"internally displaced|displaced internally|displaced within|displaced inside"),
        Cue("displaced", "both", r"displaced|uprooted|driven from|driven out|forced from"),
        Cue("displaced", "act", r"displacing|displaces|uprooting|drove|driving|forc(?:ed|ing)"),
        Cue("displaced", "of", r"displacements? of|flight of"),
        Cue("displaced", "done", r"fled|flee(?:ing)?|forced to (?:flee|leave)|left their homes|abandoned their"),
        Cue("refugees", "done", r"sought refuge|taken refuge|seeking refuge|crossed into|as refugees|fled to neighbou?ring|crossed the border"),
        Cue("returnees", "done", r"returned|gone home|gone back|repatriated|returning|returned home"),
        Cue("people_in_need", "done", r"in need|(?:will )?(?:need|require)(?:s|d|ing)?|in urgent need|dependent on|depend on|rely on|relying on"),
        Cue("people_targeted", "both", r"targeted|to be (?:reached|assisted)"),
        Cue("people_targeted", "act", r"target(?:s|ing)?|to (?:reach|assist|help)|reach(?:ing|es)?|assisting"),
        Cue("food_insecure", "done", r"food[- ]insecure|food insecurity|hungry|hunger|acutely food|famine|starvation|starving|food crisis"),
        Cue("troops", "done", r"deployed|stationed|strong|withdr(?:e|a)wn?|garrisoned|serving"),
        Cue("troops", "act", r"deploy(?:s|ed|ing)?|send(?:s|ing)?|sent|station(?:ed|ing)|withdr(?:e|a)w(?:n|ing|s)?|number(?:s|ed|ing)|commit(?:ted|ting)|pull(?:ed|ing) out"),
        Cue("troops", "of", r"force of|contingent of|deployment of|strength of|garrison of|reinforcements? of|army of|mission of|withdrawal of|troops|ceiling of|authori[sz]ed|battalion of|column of"),
    ),
    "fr": (
        Cue("deaths", "both", r"tuée?s?|assassinée?s?|exécutée?s?|massacrée?s?|abattue?s?|égorgée?s?|éliminée?s?|neutralisée?s?|décapitée?s?"),
        Cue("deaths", "done", r"sont mort(?:e)?s?|mort(?:e)?s?|péri|décédée?s?|perdu la vie|trouvé la mort|succombé|perdu leur vie"),
        Cue("deaths", "act", r"tuant|tuent|tue|exécutant|massacrant|assassinant|abattant|coûté la vie à|coûtant la vie à|perdu"),
        Cue("deaths", "of", r"(?:la )?mort d|bilan|exécutions? d|massacres? d|assassinats? d|meurtres? d|décès d|la vie à|la vie d|corps d|mise à mort d|pertes?"),
        Cue("injured", "both", r"blessée?s?"),
        Cue("injured", "act", r"blessant|blessent"),
        Cue("abducted", "both", r"enlevée?s?|kidnappée?s?|prise?s? en otages?|retenue?s? en otages?|capturée?s?|ravie?s"),
        Cue("abducted", "act", r"enlevant|kidnappant|pris en otages?|prenant en otages?"),
        Cue("abducted", "of", r"enlèvements? d|rapts? d|kidnappings? d"),
        Cue("arrested", "both", r"arrêtée?s?|détenue?s?|interpellée?s?|emprisonnée?s?|incarcérée?s?|appréhendée?s?|écrouée?s?"),
        Cue("arrested", "act", r"arrêtant|interpellant|arrêtent"),
        Cue("arrested", "of", r"arrestations? d|interpellations? d|détention d|capture d"),
        Cue("idps", "done", r"déplacée?s? (?:internes?|à l['’]intérieur)"),
        Cue("displaced", "both", r"déplacée?s?|chassée?s?|déracinée?s?"),
        Cue("displaced", "act", r"déplaçant|chassant|forc(?:é|ant)|contraint|contraignant|poussé|poussant|jeté"),
        Cue("displaced", "of", r"déplacements? d|exode d|fuite d"),
        Cue("displaced", "done", r"fui|fuient|fuyant|quitté leurs?|(?:forcée?s?|contraint(?:e)?s?) (?:de|à) (?:fuir|quitter|partir)|abandonné leurs?"),
        Cue("refugees", "done", r"réfugiée?s?|trouvé refuge|cherché refuge|franchi la frontière"),
        Cue("returnees", "done", r"retournée?s?|rentrée?s?|regagné|rapatriée?s?|revenue?s"),
        Cue("people_in_need", "done", r"ont besoin|auront besoin|avaient besoin|ayant besoin|aura besoin|dans le besoin|nécessit(?:ent|ant|aient|eront)|requièrent|dépendent|besoin d"),
        Cue("people_targeted", "both", r"ciblée?s?|visée?s? par|à assister"),
        Cue("people_targeted", "act", r"cibl(?:e|ant|ent)|vis(?:e|ant|ent) à (?:aider|assister|atteindre)|vis(?:e|ant|ent)|assister|aider|atteindre|venir en aide à"),
        Cue("food_insecure", "done", r"insécurité alimentaire|crise alimentaire|souffrent de (?:la )?faim|faim|famine|alimentaire aiguë|disette"),
        Cue("troops", "done", r"déployée?s?|stationnée?s?|engagée?s?|mobilisée?s?|retirée?s?"),
        Cue("troops", "act", r"déplo(?:yer|yant|ie|ient|yé)|envo(?:yé|yer|ie|yant)|compt(?:e|ait|aient|ant|er)|retir(?:é|er|e|ant)|mobilis(?:e|er|ant)"),
        Cue("troops", "of", r"force d|contingent d|effectifs? d|déploiement d|garnison d|renforts? d|armée d|mission d|retrait d|envoi d|plafond|colonne d|bataillon d"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Cues:
    """All cues of a language in one pattern; group g<i> is the i-th cue of `table`."""

    table: tuple[Cue, ...]
    pattern: re.Pattern[str]


@lru_cache(maxsize=4)
def cues(language: Language) -> Cues:
    """The cues of a language, longest words first so that "forced to flee" is no "forced"."""
    rows = [(word, cue) for cue in _CUES[language] for word in _alternatives(cue.words)]
    rows.sort(key=lambda row: len(row[0]), reverse=True)
    groups = "|".join(f"(?P<g{i}>{_spaced(word)}{_end(word)})" for i, (word, _) in enumerate(rows))
    return Cues(tuple(cue for _, cue in rows), re.compile(rf"(?<![\w-])(?:{groups})", re.I))


def _end(word: str) -> str:
    """French nouns that end in "d" take de, du, des or d' behind them."""
    return r"(?:(?:es?|u)(?![\w-])|['’])" if word.endswith(" d") else r"(?![\w-])"


def _alternatives(words: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    found, depth, word = [], 0, ""
    for char in words:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            found.append(word)
            word = ""
        else:
            word += char
    return [*found, word]
