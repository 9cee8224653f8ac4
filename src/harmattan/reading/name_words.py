"""The words beside names of actors: titles, generic words that are no part of a name, and words that are no names."""

from __future__ import annotations

from harmattan.reading.folding import word_set

TITLES = word_set(
    "president captain capt colonel col general gen lieutenant lt major maj commander emir minister premier "
    "capitaine commandant ministre chef sergent sergeant imam sheikh cheikh ambassador ambassadeur prime interim "
    "transitional transition mr mrs ms m mme dr leader dirigeant"
)
"""Folded words before the name of a person."""
GENERIC = word_set(
    "mercenaries mercenaires mercenary force forces operation fighters combattants soldiers soldats troops "
    "troupes group groupe pmc smp company militia militants de of the la le les du des d l"
)
"""Folded words at the edges of a name that are dropped where what is left is itself a name of the same actor."""
KEPT_WITH = word_set("group groupe operation task pmc")
"""Words that stay where they are written with a capital: the Wagner Group, Operation Barkhane."""
SUBJECTS = word_set("it this that he she what there which who here")
"""Words after which a loud "IS" is the verb."""
PARTICLES = word_set("ag al ould el ul abou abu ben bin ibn sidi")
"""Folded words that belong to the family name after them."""
WORDS_TOO = word_set("platform plateforme sabre sentinels bakura bakoura epervier vagner m5 fula")
"""Folded names of one word that are words as well: never at the beginning of a sentence."""
NO_NAMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars "
    "avril mai juin juillet aout septembre octobre novembre decembre ramadan tabaski christmas noel easter paques "
    "eid reuters afp ap rfi bbc cnn xinhua tass ria jeune afrique le monde new york times guardian figaro "
    "liberation aljazeera islam islamic islamist islamists muslim muslims christian christians catholic jihadist "
    "jihadists western africa african africans afrique africain africaine europe european "
    "europeans europeen arab arabs god allah dieu coran quran west east north south northern southern eastern "
    "western central english french internet facebook twitter telegram whatsapp covid photo archive archives read "
    "source sources note table figure annex annexe article chapter state government gouvernement etat president "
    "minister army armee monsieur madame saint sainte the le la les l un une he she it they we you i his her its "
    "their this that these those there here in on at of and or but if as by for from il elle ils elles on nous "
    "vous je ce cette ces cet son sa ses leur leurs en au aux du des de dans par pour sur avec mais ou et donc or "
    "ni car si selon apres avant depuis lors when while after before since according however meanwhile although "
    "despite also not no yes more most many several some all both each every one two three"
)
"""Folded capitalised words that are nobody's name by themselves."""
LINKING = word_set("of the for and in de du des d la le les l pour et en dans au aux a sur contre against to on")
"""Folded words in small letters that a long name may hold."""
NOT_AN_ARMY = word_set(
    "government junta regime rule ruler rulers coup base bases camp camps leader leaders leadership authorities "
    "council transition spokesman spokesperson officer officers chief chiefs prosecutor court officials command "
    "post outpost positions convoy vehicle helicopter plane aircraft"
)
"""Folded words after which "the Malian military" is not the army itself."""
