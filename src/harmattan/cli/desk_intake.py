"""`harmattan desk add`: a document is read, kept, and what it seems to say is proposed."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.cli.desk import now, open_desk, who
from harmattan.cli.read import said_of
from harmattan.text import T, Text, Verbatim, counted, listing, msg
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.vocabulary.assertion import Assertion
    from harmattan.vocabulary.document import Document

FOUND: dict[str, tuple[str, str]] = {
    "actor": (msg("{n} actor"), msg("{n} actors")),
    "place": (msg("{n} place"), msg("{n} places")),
    "date": (msg("{n} date"), msg("{n} dates")),
    "figure": (msg("{n} figure"), msg("{n} figures")),
    "new_name": (msg("{n} new name"), msg("{n} new names")),
    "claim": (msg("{n} claim"), msg("{n} claims")),
}


def add(args: argparse.Namespace, speaker: Speaker) -> int:
    """Keeps documents and proposes candidates, and says how many. What is proposed already is not proposed again."""
    from harmattan.cli import terminal
    from harmattan.reading.documents import open_document

    by = who(args)
    said = said_of(args)
    opened = [open_document(Path(name), said) for name in args.files]
    with open_desk(args) as held:
        for document in opened:
            new = held.add(document, now(), by=by).new
            kept = held.document(document.digest)
            with terminal.working(speaker.say(T("reading"))):
                found, unread = read(args, kept)
                proposed = held.propose(found)
            print(speaker.say(_told(kept, new, proposed)))
            for words in unread:
                print(speaker.say(words))
            if kept.published is None:
                print(speaker.say(T("Add it again with --published, so that it can be checked.")))
    return 0


def read(args: argparse.Namespace, document: Document) -> tuple[tuple[Assertion, ...], tuple[Text, ...]]:
    """What a document seems to say, by the dossiers and the gazetteer of the case; and what could not be read."""
    from harmattan.case import load_case
    from harmattan.checks.proposals import proposals
    from harmattan.cli.commands import lake_of
    from harmattan.data import CASES
    from harmattan.questions.world import World

    return proposals(document, World(lake_of(args), load_case(args.case, CASES).dossiers), now())


def _told(document: Document, new: bool, proposed: tuple[Assertion, ...]) -> Text:
    counts: Any = Counter(made.kind for made in proposed)
    found = [counted(counts[kind], *words) for kind, words in FOUND.items() if counts[kind]]
    title, id = Verbatim(document.title or document.file), Verbatim(document.id)
    if not found:
        return T("{id} {title}: kept, nothing is proposed.", id=id, title=title) if new else T(
            "{id} {title}: it is on the desk already, nothing new is proposed.", id=id, title=title)  # fmt: skip
    said = listing(found)
    return T("{id} {title}: kept, {found} proposed. Say harmattan desk queue {id}.", id=id, title=title, found=said)
