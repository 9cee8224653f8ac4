"""The nouns that are counted in English and French, by what they say of those counted."""

from __future__ import annotations

import re

from harmattan.reading.figure_words import spaced
from harmattan.vocabulary.document import Language

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
        "events":
            r"(?:air|drone )?strikes|airstrikes?|attacks?|incidents?|clashes|raids?|battles?|explosions?"
            r"|bombings?|massacres?|events?"
        r"|ambush(?:es)?|assaults?|protests?|riots?|offensives?|security incidents|blasts|demonstrations"
        r"|shellings|skirmishes",
        "schools": r"schools?|classrooms",
        "civilian":
            r"civilians?|villagers?|worshippers|farmers|herders|inhabitants|residents|traders|aid workers"
            r"|non-combatants",
        "peacekeeper": r"peacekeepers?|blue helmets?|(?:UN|U\.N\.|MINUSMA) (?:soldiers?|troops)",
        "force": r"soldiers?|troops|personnel|servicemen|instructors|mercenaries|police officers|gendarmes|commandos",
        "person":
            r"people|persons?|men|women|children|fighters?|militants?|jihadists?|terrorists?|insurgents?"
            r"|gunmen|police(?:men)?"
        r"|officers?|members?|victims?|students?|pupils|girls|boys|passengers|others|families|households"
        r"|migrants|Malians|workers|teachers"
        r"|miners|dozos?|volunteers?|suspects?|rebels?|bandits?|journalists?|foreigners|nationals|individuals"
        r"|migrants|guards?|rangers?",
    },
    "fr": {
        "deaths":
            r"morts?|mortes|décès|tués|tuées|victimes mortelles|corps|cadavres|assassinats|exécutions"
            r"|pertes en vies humaines",
        "injured": r"blessés?|blessées?",
        "idps": r"PDI|(?:personnes )?déplacée?s internes|déplacés internes|déplacements internes",
        "refugees": r"réfugiée?s?|demandeurs d['’]asile",
        "returnees": r"retournée?s|rapatriée?s|retours",
        "displaced": r"déplacée?s?|sinistrés de guerre",
        "abducted": r"otages?|enlèvements?|kidnappings?|captifs",
        "arrested": r"arrestations?|détenus?|prisonniers?|interpellations?",
        "events":
            r"attaques?|incidents?|affrontements?|raids?|frappes|batailles?|explosions?|attentats?|massacres?"
            r"|évènements?|événements?"
        r"|embuscades?|assauts?|manifestations?|combats|bombardements?|accrochages?|offensives?|attaques-suicides",
        "schools": r"écoles?|établissements scolaires|classes|salles de classe",
        "civilian":
            r"civils?|civiles?|villageois|fidèles|habitants|paysans|éleveurs|commerçants|agriculteurs"
            r"|cultivateurs|riverains"
        r"|travailleurs humanitaires",
        "peacekeeper": r"casques? bleus?|soldats de la paix|gardiens de la paix",
        "force":
            r"soldats?|militaires?|hommes de troupe|instructeurs|mercenaires|gendarmes?|troupes|effectifs"
            r"|commandos",
        "person":
            r"personnes?|hommes?|femmes?|enfants?|combattants?|jihadistes?|djihadistes?|terroristes?"
            r"|assaillants?|policiers?|agents?"
        r"|membres?|victimes?|élèves?|étudiants?|filles|garçons|passagers?|autres|familles|ménages|migrants?"
        r"|maliens?|enseignants?|orpailleurs?"
        r"|volontaires|suspects?|rebelles?|individus?|journalistes?|ressortissants|chasseurs|dozos?"
        r"|réservistes|supplétifs",
    },
}  # fmt: skip
NOUNS: dict[Language, re.Pattern[str]] = {
    lang: re.compile(
        r"(?<![\w-])(?:" + "|".join(
            f"(?P<{name}>{spaced(words)})" for name, words in table.items()) + r")(?![\w-])", re.I
    )
    for lang, table in _NOUNS.items()
}  # fmt: skip
STOPS = {
    "en": re.compile(
        r"[,.;:()—–\n!?“”\"]|\s(?:in|at|by|from|to|on|during|after|when|who|that|which|as|were|was|are|is"
        r"|have|had|has|and|across|near|since|with"
        r"|will|would|including|among|under|inside|outside|of(?=\s(?:whom|them|which))|against|following"
        r"|while|between|for|or|but)\s"
    ),
    "fr": re.compile(
        r"[,.;:()—–\n!?«»\"]|\s(?:dans|à|au|aux|par|en|lors|pour|qui|dont|sont|ont|a|est|été|et|sur|avec|près"
        r"|depuis|ou|parmi|selon|contre"
        r"|étaient|avaient|avait|après|pendant|mais|que|soit)\s"
    ),
}  # fmt: skip
"""Where the words that say what is counted are over."""
