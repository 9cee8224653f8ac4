"""`harmattan dossier`: checks what an editor wrote, lists what a dossier holds, hands it on in other formats."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from harmattan.cli.commands import json_bytes, lake_of, write
from harmattan.dossier.book import Book
from harmattan.dossier.check import faults, id_of
from harmattan.dossier.files import read
from harmattan.dossier.records import Header
from harmattan.dossier.release import PREFIX
from harmattan.errors import LicenceError, UsageError, WrongFile
from harmattan.lake.shelf import Lake
from harmattan.text import T, Verbatim, counted, listing
from harmattan.text.speaker import Speaker


def check(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints every fault with file and line; exit code 1 where there is one."""
    from harmattan.ingest import known_below

    written = read(Path(args.dossier))
    found = faults(written, known_below(lake_of(args), written))
    for fault in found:
        print(f"{fault.file}:{fault.line}: {speaker.say(fault.what)}")
    if found:
        print(speaker.say(counted(len(found), "{n} fault.", "{n} faults.")))
        return 1
    held = [Verbatim(f"{name} {len({id_of(e.record) for e in entries})}") for name, entries in written.entries.items()]
    print(speaker.say(T("No fault: {held}.", held=listing(held))))
    return 0


def take_in(args: argparse.Namespace, lake: Lake, speaker: Speaker) -> int:
    """`ingest dossier`: publishes a dossier without faults as a release."""
    from harmattan.ingest import ingest_dossier

    if len(args.files) != 1:
        raise UsageError(T("A dossier is one folder or one file."), do=T("Name the folder with its YAML files."))
    done = ingest_dossier(
        lake,
        Path(args.files[0]),
        label=args.release,
        published=args.published,
        retrieved_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
    release = done.held.release
    said = T("{name} is in the lake already; nothing changed.", name=Verbatim(release.name))
    if done.new:
        said = T(
            "{name}: {records}. Digest {digest}. Name it in the case file: dossiers = [{dossier}].",
            name=Verbatim(release.name),
            records=counted(release.rows, "{n} record", "{n} records"),
            digest=Verbatim(release.digest[:12]),
            dossier=Verbatim(f'…, "{release.dataset.removeprefix(PREFIX)}"'),
        )
    print(speaker.say(said))
    return 0


def list_(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints how many records of each kind a dossier holds, or every record of one table."""
    from harmattan.cli import terminal
    from harmattan.dossier.tables import TABLES
    from harmattan.questions.citations import says, sources_of
    from harmattan.questions.parsing import one_of

    book, _ = _book(args)
    if args.table is None:
        counts = {name: len(getattr(book, name)) for name in TABLES} | {"sources": len(book.sources)}
        terminal.table(
            [{speaker.words("table"): name, speaker.words("records"): n} for name, n in counts.items()], speaker
        )
        return 0
    name = one_of(args.table, TABLES, "A dossier has no table {words}.")
    found = book.actors.values() if name == "actors" else getattr(book, name)
    rows = [
        {"record": record.id, "says": says(record), "status": getattr(record, "status", ""),
         "sources": sources_of(book, record)}
        for record in found
    ]  # fmt: skip
    if args.format == "json":
        return write(json_bytes(rows), args.out)
    terminal.table(rows, speaker, most=len(rows))
    return 0


def export(args: argparse.Namespace, speaker: Speaker) -> int:
    """Hands a dossier on as YAML, CSV, GraphML, GEXF or FollowTheMoney."""
    from harmattan.export.dossier import FORMATS, hand_on
    from harmattan.questions.parsing import one_of
    from harmattan.vocabulary.period import parse_to

    book, header = _book(args)
    wanted = one_of(args.format or "yaml", FORMATS, "A dossier cannot be written as {words}.")
    day = parse_to(args.as_of) if args.as_of else None
    made = hand_on(book, wanted, header=header, language=speaker.language, as_of=day)
    return write(made, args.out)


def _book(args: argparse.Namespace) -> tuple[Book, Header | None]:
    """A dossier from a folder of an editor's, or by its name from the lake."""
    path = Path(args.dossier)
    if path.exists():
        written = read(path)
        if written.faults:
            raise WrongFile(
                T("The dossier in {path} has {n} faults.", path=Verbatim(str(path)), n=len(written.faults)),
                do=T("Say harmattan dossier check to see all of them."),
            )
        return Book.of([written.layer]), written.header
    from harmattan.questions.library import told
    from harmattan.questions.parameters import Params

    found = told(lake_of(args), (args.dossier,), Params())
    release = found.held[-1].release
    origin = release.origin
    if args.action == "export" and not origin.licence.redistributable:
        raise LicenceError(
            T("{what} would hand on records of {names}, which its licence ({licence}) forbids.",
              what=Verbatim("harmattan dossier export"), names=Verbatim(release.name),
              licence=Verbatim(origin.licence.name)),
            do=T("Look at them in the terminal with harmattan dossier list."),
        )  # fmt: skip
    header = Header.model_validate(
        {
            "name": origin.dataset.removeprefix(PREFIX),
            "title": {"en": origin.title, "fr": origin.title_in_french or origin.title},
            "release": release.label,
            "published": release.published.isoformat(),
            "publisher": origin.publisher,
            "licence": origin.licence.name,
            "licence_url": origin.licence.url,
            "citation": origin.citation,
        }
    )
    return found.book, header
