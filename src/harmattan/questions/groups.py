"""Which of the parties to violence are groups, and not the forces of a state or somebody without a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harmattan.dossier.book import Book

KINDS = ("armed_group", "militia", "coalition", "network", "community")
"""Kinds of the dossier's actors that are non-state armed groups, or fight as such."""
TYPES = ("rebel", "political militia", "identity militia")
"""How the kinds of actors begin that are non-state armed groups, where a publisher gives a kind."""
NO_GROUP = re.compile(
    r"(Government of|Military Forces of|Police Forces of|State Forces of|Unidentified) .*|Civilians\b.*|XXX\d{1,3}"
)
"""How UCDP and ACLED write the forces of states, civilians, and those whom they do not know."""


def is_group(
    name: str, book: Book | None = None, *, actor: str | None = None, types: Iterable[str | None] = ()
) -> bool:
    """Whether a party is a group: by the dossier's actor where it is one, else by the publisher's kinds, else its name.

    `actor` is the dossier's id where the name is the publisher's; `types` are the kinds that the publisher gives.

    >>> is_group("Government of A"), is_group("B"), is_group("Police of A", types=["State forces"])
    (False, True, False)
    """
    known = book.actors.get(actor or name) if book else None
    if known is not None:
        return known.kind in KINDS
    if NO_GROUP.fullmatch(name):
        return False
    said = [kind.casefold() for kind in types if kind]
    return not said or any(kind.startswith(TYPES) for kind in said)


def groups(names: Iterable[str], book: Book | None = None) -> list[str]:
    """Those of the parties that are groups."""
    return [name for name in names if is_group(name, book)]
