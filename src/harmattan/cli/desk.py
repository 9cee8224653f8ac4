"""`harmattan desk`: documents, what they are said to say, and who decided what about it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.cli.desk_words import ALL, REVIEWS
from harmattan.desk.words import STATES
from harmattan.errors import HarmattanError, UsageError
from harmattan.text import T, Text, Verbatim
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.desk.store import Desk
    from harmattan.questions.library import Told
    from harmattan.vocabulary.assertion import Assertion
    from harmattan.vocabulary.document import Document

FILE = "desk.sqlite3"
AROUND = 120
"""So many characters before and after a quotation are shown."""
SHOWN = 48
"""So many letters of a quotation are shown in a table."""


def desk(args: argparse.Namespace, speaker: Speaker) -> int:
    """Runs one action of the desk."""
    from harmattan.cli import desk_intake, desk_model, desk_out

    doing = {"add": desk_intake.add, "list": list_, "queue": queue, "show": show, "missed": missed, "claim": claim,
             "export": desk_out.export, "claims": desk_out.claims,
             "propose": desk_model.propose}  # fmt: skip
    return doing.get(args.action, review)(args, speaker)


def where(args: argparse.Namespace) -> str | Path:
    """The address of the desk: --desk, else HARMATTAN_DESK, else a file in the home."""
    from harmattan.cli.commands import lake_of

    return getattr(args, "desk", None) or os.environ.get("HARMATTAN_DESK") or lake_of(args).home / FILE


def open_desk(args: argparse.Namespace) -> Desk:
    """The desk that is meant, open. Raises HarmattanError in one line."""
    from harmattan.desk.store import Desk

    return Desk.open(where(args))


def now() -> dt.datetime:
    """The time, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def person() -> str:
    """Who is at this machine: HARMATTAN_USER, else the login name; empty where nobody is known."""
    import getpass

    said = os.environ.get("HARMATTAN_USER")
    if not said:
        try:
            said = getpass.getuser()
        except (OSError, KeyError):
            said = ""
    return said.strip()


def who(args: argparse.Namespace) -> str:
    """Who is at work: --by, else who is at this machine. Raises UsageError where nobody is known."""
    said = (args.by or person()).strip()
    if not said:
        raise UsageError(T("Nobody is named as the reviewer."), do=T("Say --by NAME."))
    return str(said)


def list_(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints the documents, and how many of their assertions are in each state."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write

    with open_desk(args) as held:
        documents, counts = held.documents(), held.counts()
    if args.format == "json":
        rows = [_facts(document) | {"assertions": counts.get(document.digest, {})} for document in documents]
        return write(json_bytes(rows), None)
    if not documents:
        print(speaker.say(T("The desk is empty. Say harmattan desk add FILE.")))
        return 0
    lines = []
    there = [state for state in STATES if any(state in of for of in counts.values())]
    for document in documents:
        said = {speaker.words("document"): document.id, speaker.words("title"): document.title or document.file}
        said |= {speaker.words("published"): str(document.published or "–")}
        if any(other.confidential for other in documents):
            said |= {speaker.words("confidential"): speaker.say(document.confidential)}
        of = counts.get(document.digest, {})
        lines.append(said | {speaker.say(STATES[state]): of.get(state, 0) for state in there})
    terminal.table(lines, speaker, most=len(lines))
    return 0


def queue(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints what somebody has to look at in a document: in the order of the text; claims alone the best first."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write
    from harmattan.desk.store import OPEN

    with open_desk(args) as held:
        document = held.document(args.document)
        found = held.queue(document.digest, args.kind, states(args.state, OPEN))
    if args.format == "json":
        return write(json_bytes([made.model_dump(mode="json") for made in found]), None)
    if not found:
        print(speaker.say(T("Nothing is open in {title}.", title=Verbatim(document.title or document.id))))
        return 0
    terminal.table([_line(made, speaker) for made in found], speaker, most=len(found))
    said = T("Say harmattan desk accept ID, reject ID, or edit ID --set key=value; show ID shows its sentence.")
    print(speaker.say(said))
    return 0


def _line(made: Assertion, speaker: Speaker) -> dict[str, Any]:
    from harmattan.desk.saying import means

    said = {"id": f"{made.id}@{made.version}", speaker.words("kind"): made.kind}
    said |= {speaker.words("words"): _shortly(made.citation.exact), speaker.words("means"): means(made)}
    return said | {speaker.words("state"): speaker.say(STATES[made.state])}


def _shortly(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def show(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints an assertion: its words within their sentence, what it means, what it contradicts, all its versions."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write
    from harmattan.desk.saying import means

    with open_desk(args) as held:
        versions = held.history(split(args.id)[0])
        made = versions[-1]
        document, against = held.document(made.document), held.against(made)
    if args.format == "json":
        return write(json_bytes([version.model_dump(mode="json") for version in versions]), None)
    title, day = document.title or document.file or document.id, str(document.published or "–")
    print(f"{made.id}  {made.kind}: {means(made)}")
    print(speaker.say(T("{title} ({id}), published {day}, characters {start} to {end}", title=Verbatim(title),
                        id=Verbatim(document.id), day=Verbatim(day), start=made.citation.start,
                        end=made.citation.end)))  # fmt: skip
    print(f"  {_in_context(document, made)}")
    print(json.dumps(made.canonical, ensure_ascii=False))
    if made.attributed_to or made.modality != "asserted":
        print(f"{made.modality} {made.attributed_to}".strip())
    for other in against:
        print(speaker.say(_contradicts(other)))
    lines = [
        {speaker.words("version"): v.version, speaker.words("state"): speaker.say(STATES[v.state]),
         speaker.words("by"): v.reviewer or str(v.origin), speaker.words("at"): f"{v.at:%Y-%m-%d %H:%M}",
         speaker.words("means"): means(v), speaker.words("note"): v.note}
        for v in versions
    ]  # fmt: skip
    terminal.table(lines, speaker, most=len(lines))
    return 0


def review(args: argparse.Namespace, speaker: Speaker) -> int:
    """Accepts, rejects, edits … one assertion after the other; what is said is on the disk when it is said."""
    from harmattan.desk.saying import laid_over

    by, failed = who(args), 0
    with open_desk(args) as held:
        for word in args.ids:
            id, version = split(word)
            try:
                before = held.assertion(id)
                changes, also = meaning(args, before.kind, held.document(before.document))
                state: Any = REVIEWS.get(args.action, before.state)
                canonical = laid_over(before.canonical, changes) if changes else None
                expected = version or (before.version if changes or also else None)
                made = held.review(
                    id, state, by, now(), canonical=canonical, note=args.note, expected_version=expected, also=also
                )
            except HarmattanError as fault:
                if len(args.ids) == 1:
                    raise
                print(fault.line(speaker))
                failed += 1
                continue
            tell(held, made, speaker)
    return 1 if failed else 0


def tell(held: Desk, made: Assertion, speaker: Speaker) -> None:
    """Says what stands now."""
    from harmattan.desk.saying import means

    said = T("{id}, version {version}: {state}. {kind} {means}", id=Verbatim(made.id), version=made.version,
             state=STATES[made.state], kind=Verbatim(made.kind), means=Verbatim(means(made)))  # fmt: skip
    print(speaker.say(said), flush=True)
    for other in held.against(made):
        print(speaker.say(_contradicts(other)))


def _contradicts(other: Assertion) -> Text:
    from harmattan.desk.saying import means

    return T("It contradicts {id} of {who}, which is accepted and says {means}. Decide which of them stands.",
             id=Verbatim(other.id), who=Verbatim(other.reviewer), means=Verbatim(means(other)))  # fmt: skip


def missed(args: argparse.Namespace, speaker: Speaker) -> int:
    """Adds what reading has missed; whoever adds it accepts it, unless it is left for somebody else."""
    from harmattan.desk.putting import stated
    from harmattan.desk.quotes import cite

    by = who(args)
    with open_desk(args) as held:
        document = held.document(args.document)
        changes, also = meaning(args, args.kind, document)
        citation = cite(document, args.quote, args.nth)
        said = {name: value for name, value in changes.items() if value is not None}
        made = stated(args.kind, document, citation, said, by=by, at=now(), **also)
        return _put(held, made, args, speaker)


def _put(held: Desk, made: Assertion, args: argparse.Namespace, speaker: Speaker) -> int:
    """Puts what a person said on the desk, and says what stands now."""
    from harmattan.desk.putting import put

    tell(held, put(held, made, leave=args.leave, note=args.note), speaker)
    return 0


def claim(args: argparse.Namespace, speaker: Speaker) -> int:
    """Makes a claim of a sentence, or accepts a proposed one."""
    from harmattan.desk.putting import stated
    from harmattan.desk.quotes import cite

    by, parts = who(args), [_part(words) for words in args.part or ()]
    with open_desk(args) as held:
        document = held.document(args.document)
        if args.from_draft:
            id, version = split(args.from_draft)
            draft = held.assertion(id)
            if draft.kind != "claim" or draft.document != document.digest:
                raise UsageError(T("{id} is no proposed claim of this document.", id=Verbatim(id)))
            said = draft.canonical | ({"part": parts} if parts else {}) | ({"id": args.name} if args.name else {})
            made = held.review(draft.id, "candidate" if args.leave else "accepted", by, now(), canonical=said,
                               note=args.note, expected_version=version or draft.version)  # fmt: skip
            tell(held, made, speaker)
            return 0
        if not args.quote or not parts:
            raise UsageError(T("A claim has a quotation and at least one part."),
                             do=T("Say --quote and --part, or --from-draft."))  # fmt: skip
        citation = cite(document, args.quote, args.nth)
        said = {"id": args.name or f"s{citation.start}", "quote": citation.exact, "part": parts}
        made = stated("claim", document, citation, said, by=by, at=now())
        return _put(held, made, args, speaker)


def meaning(args: argparse.Namespace, kind: str, document: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """What --set says, with actors by their ids in the dossier. Raises UsageError for one that it does not know."""
    from harmattan.desk.putting import actor_of
    from harmattan.desk.saying import ACTORS, said

    changes, also = said(kind, args.set)
    for name in ACTORS:
        if changes.get(name):
            told = told_by(args)
            changes[name] = actor_of(told.book, told.resolver, str(changes[name]), document.day)
    return changes, also


def told_by(args: argparse.Namespace) -> Told:
    """What the dossiers of the case say."""
    from harmattan.case import load_case
    from harmattan.cli.commands import lake_of
    from harmattan.data import CASES
    from harmattan.questions.library import told
    from harmattan.questions.parameters import Params

    return told(lake_of(args), load_case(args.case, CASES).dossiers, Params())


def _part(words: str) -> dict[str, Any]:
    from harmattan.checks.claims_faults import part_fault

    try:
        part = json.loads(words)
    except ValueError as fault:
        raise UsageError(
            T("{words} is no JSON: {fault}.", words=Verbatim(words[:60]), fault=Verbatim(str(fault)))
        ) from None
    if not isinstance(part, dict):
        raise UsageError(T("{words} is no part of a claim.", words=Verbatim(words[:60])))
    if (wrong := part_fault(part)) is not None:
        raise UsageError(T("The part cannot be checked: {fault}.", fault=wrong),
                         do=T("Say harmattan check --schema for what a part can say."))  # fmt: skip
    return part


def states(said: Sequence[str] | None, usual: Sequence[str]) -> Sequence[str] | None:
    """The states that are asked for; None means all."""
    return None if said and ALL in said else said or usual


def split(word: str) -> tuple[str, int | None]:
    """An id, and the version behind its @. Raises UsageError for one that is no number.

    >>> split("a1b2c3@4"), split("a1b2c3")
    (('a1b2c3', 4), ('a1b2c3', None))
    """
    id, sign, version = word.partition("@")
    if sign and not version.isdecimal():
        raise UsageError(T("{word} is no version.", word=Verbatim(version)), do=T("Write it as ID@VERSION."))
    return id, int(version) if sign else None


def _in_context(document: Document, made: Assertion) -> str:
    start, end = made.citation.start, made.citation.end
    before, after = document.text[max(0, start - AROUND) : start], document.text[end : end + AROUND]
    return " ".join(f"…{before}[{made.citation.exact}]{after}…".split())


def _facts(document: Document) -> dict[str, Any]:
    facts = {
        name: getattr(document, name) for name in ("id", "digest", "title", "file", "kind", "language", "publisher")
    }
    return facts | {"published": str(document.published) if document.published else None, "url": document.url,
                    "confidential": document.confidential, "reliability": document.reliability}  # fmt: skip
