"""The dossier's codes in a reader's words. Tables keep the codes; sentences say these."""

from __future__ import annotations

import datetime as dt

from harmattan.text import T, Text, Value, Verbatim
from harmattan.vocabulary.period import Month

ACTOR_KINDS: dict[str, Text] = {
    "government": T("government"),
    "state_force": T("state force"),
    "foreign_force": T("foreign force"),
    "multilateral_force": T("multilateral force"),
    "mercenary": T("mercenaries"),
    "armed_group": T("armed group"),
    "militia": T("militia"),
    "coalition": T("coalition"),
    "network": T("network"),
    "community": T("community"),
    "organisation": T("organisation"),
    "person": T("person"),
    "civilians": T("civilians"),
}
RELATIONS: dict[str, Text] = {
    "member_of": T("member of"),
    "part_of": T("part of"),
    "affiliate_of": T("affiliate of"),
    "allied_with": T("allied with"),
    "cooperates_with": T("cooperates with"),
    "supports": T("supports"),
    "rival_of": T("rival of"),
    "led_by": T("led by"),
    "successor_of": T("successor of"),
    "split_from": T("split from"),
    "merged_into": T("merged into"),
    "operates_in": T("operates in"),
}
MILESTONE_KINDS: dict[str, Text] = {
    "coup": T("coups"),
    "coup_attempt": T("attempted coups"),
    "takeover": T("takeovers"),
    "intervention": T("interventions"),
    "mandate": T("mandates"),
    "agreement": T("agreements"),
    "withdrawal_announced": T("announced withdrawals"),
    "withdrawal": T("withdrawals"),
    "handover": T("handovers"),
    "expulsion": T("expulsions"),
    "exit": T("exits from alliances"),
    "sanctions": T("sanctions"),
    "sanctions_lifted": T("sanctions lifted"),
    "suspension": T("suspensions"),
    "merger": T("mergers"),
    "creation": T("creations"),
    "dissolution": T("dissolutions"),
    "massacre": T("massacres"),
    "attack": T("attacks"),
    "killing": T("killings of leaders"),
    "transition": T("transitions"),
    "election": T("elections"),
    "statement": T("statements"),
    "rupture": T("ruptures"),
    "allegiance": T("pledges of allegiance"),
    "ceasefire": T("ceasefires"),
    "clash": T("clashes"),
}
INDICATORS: dict[str, Text] = {
    "troops": T("troops"),
    "people_in_need": T("people in need"),
    "people_targeted": T("people targeted by the plan"),
    "idps": T("internally displaced people"),
    "refugees": T("refugees from the country"),
    "returnees": T("returnees"),
    "displaced": T("displaced people"),
    "funding_required_usd": T("US dollars required"),
    "deaths": T("deaths"),
    "civilians_killed": T("civilians killed"),
    "injured": T("injured"),
    "arrested": T("arrested"),
    "gold_tonnes": T("tonnes of gold"),
    "schools_closed": T("schools closed"),
    "food_insecure": T("food-insecure people"),
    "peacekeepers_killed": T("peacekeepers killed"),
}

POPULATIONS: dict[str, Text] = {
    "idps": T("internally displaced people"),
    "returned_idps": T("internally displaced people who went home"),
    "refugees": T("refugees"),
    "returned_refugees": T("refugees who went home"),
    "asylum_seekers": T("asylum seekers"),
    "others_in_need_of_protection": T("others in need of protection"),
    "stateless": T("stateless people"),
    "others_of_concern": T("others of concern"),
    "host_community": T("people of host communities"),
    "all": T("people of all groups together"),
}
NEEDS: dict[str, Text] = {
    "people_in_need": T("people in need"),
    "people_targeted": T("people targeted by the plan"),
    "people_reached": T("people reached"),
    "people_affected": T("people affected"),
    "population": T("people living there"),
    "ipc_phase_1": T("people in food phase 1"),
    "ipc_phase_2": T("people in food phase 2"),
    "ipc_phase_3": T("people in food phase 3"),
    "ipc_phase_4": T("people in food phase 4"),
    "ipc_phase_5": T("people in food phase 5"),
    "ipc_phase_3_plus": T("people in food phase 3 or worse"),
}


def in_words(written: str | None) -> Value:
    """A date that is known in part, in words; a dash where there is none."""
    if not written:
        return Verbatim("–")
    low, slash, high = written.partition("/")
    if not slash:
        return _part(low)
    if low == "..":
        return T("by {day}", day=_part(high))
    if high == "..":
        return T("{day} or later", day=_part(low))
    if len(low) == len(high) == 10:
        return T("between {first} and {last}", first=_part(low), last=_part(high))
    return T("{first} to {last}", first=_part(low), last=_part(high))


def _part(words: str) -> Value:
    if len(words) == 4:
        return Verbatim(words)
    return Month.parse(words).name if len(words) == 7 else dt.date.fromisoformat(words)
