"""Types of events as ACLED tells them apart, and the groups that it puts them into.

Source: `acled_event_categories` of ACLED's own R package acledR (https://github.com/dtacled/acledR): 25 sub-types with
flags for political violence, organised political violence and demonstrations. Other publishers have no such types.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Kind(NamedTuple):
    """One sub-type of event and the groups that it belongs to."""

    event_type: str
    sub_event_type: str
    political_violence: bool
    organised_political_violence: bool
    demonstration: bool


BATTLES, REMOTE, CIVILIANS = "Battles", "Explosions/Remote violence", "Violence against civilians"
PROTESTS, RIOTS, STRATEGIC = "Protests", "Riots", "Strategic developments"


def _of(event_type: str, flags: str, *sub_types: str) -> tuple[Kind, ...]:
    political, organised, demonstration = (flag == "1" for flag in flags)
    return tuple(Kind(event_type, sub_type, political, organised, demonstration) for sub_type in sub_types)


TAXONOMY: tuple[Kind, ...] = (
    *_of(BATTLES, "110", "Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
    *_of(REMOTE, "110", "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
         "Remote explosive/landmine/IED", "Grenade"),
    *_of(CIVILIANS, "110", "Sexual violence", "Attack", "Abduction/forced disappearance"),
    *_of(PROTESTS, "001", "Peaceful protest", "Protest with intervention"),
    *_of(PROTESTS, "101", "Excessive force against protesters"),
    *_of(RIOTS, "001", "Violent demonstration"),
    *_of(RIOTS, "100", "Mob violence"),
    *_of(STRATEGIC, "000", "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
         "Headquarters or base established", "Looting/property destruction", "Non-violent transfer of territory",
         "Other"),
)  # fmt: skip
"""All 25 sub-types."""

POLITICAL_VIOLENCE, ALL_TYPES = "political_violence", "all"
GROUPS = (POLITICAL_VIOLENCE, "organised_political_violence", "demonstrations", ALL_TYPES)
EVENT_TYPES = tuple(dict.fromkeys(kind.event_type for kind in TAXONOMY))
SUB_EVENT_TYPES = tuple(kind.sub_event_type for kind in TAXONOMY)
WORDS = (*GROUPS, *EVENT_TYPES, *SUB_EVENT_TYPES)
"""Everything that events can be narrowed to."""


def sub_types_of(word: str) -> frozenset[str]:
    """The sub-types that a group, a type or a sub-type stands for; empty for `all` and for an unknown word.

    >>> sorted(sub_types_of("Riots"))
    ['Mob violence', 'Violent demonstration']
    >>> len(sub_types_of("political_violence"))
    14
    """
    return frozenset(kind.sub_event_type for kind in TAXONOMY if _fits(kind, word))


def _fits(kind: Kind, word: str) -> bool:
    flags = {
        POLITICAL_VIOLENCE: kind.political_violence,
        "organised_political_violence": kind.organised_political_violence,
        "demonstrations": kind.demonstration,
    }
    return flags.get(word, word in (kind.event_type, kind.sub_event_type))


def wanted(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The event types and the sub-types that records must have one of; both empty where all fit.

    A group is also an event type of its own: figures that a publisher has summed over a group carry its name.
    """
    said = set(words)
    if not said or ALL_TYPES in said:
        return (), ()
    types = said - set(SUB_EVENT_TYPES)
    return tuple(sorted(types)), tuple(sorted({name for word in said for name in sub_types_of(word)}))
