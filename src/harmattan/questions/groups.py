"""Which of the parties to violence are groups, and not the forces of a state."""

from __future__ import annotations

from collections.abc import Iterable

from harmattan.dossier.book import Book

GROUPS = ("armed_group", "militia", "coalition", "network", "community")
"""Kinds of actors of a dossier that are groups."""
STATES = (
    "Government of ",
    "Military Forces of ",
    "Police Forces of ",
    "State Forces of ",
    "Unidentified ",
    "Civilians",
)
"""How UCDP and ACLED begin the names of states' forces, and of those who are no party that has a name."""


def is_group(name: str, book: Book | None = None, actor: str | None = None) -> bool:
    """Whether a party is a group: by the kind of the dossier's actor where it is one, else by the publisher's name.

    >>> is_group("Government of A"), is_group("B")
    (False, True)
    """
    known = book.actors.get(actor or name) if book else None
    if known is not None:
        return known.kind in GROUPS
    return not name.startswith(STATES)


def groups(names: Iterable[str], book: Book | None = None) -> list[str]:
    """Those of the parties that are groups."""
    return [name for name in names if is_group(name, book)]
