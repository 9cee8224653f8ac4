"""What each command does: it hands its words to a room and prints what comes back."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.cli import terminal
from harmattan.cli.parser import ANSWER_FORMATS, GRAPH_FORMATS
from harmattan.errors import HarmattanError, UsageError
from harmattan.export import as_json
from harmattan.lake.shelf import Lake
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import Speaker

json_bytes = as_json.json_bytes

if TYPE_CHECKING:
    from harmattan.case import Case
    from harmattan.questions.parameters import Params


def lake_of(args: argparse.Namespace) -> Lake:
    """The lake that --home, HARMATTAN_HOME or the platform names, with the embedded one behind it."""
    from harmattan import data

    home = getattr(args, "home", None) or os.environ.get("HARMATTAN_HOME")
    if not home:
        from platformdirs import user_data_path

        home = user_data_path("harmattan", appauthor=False)
    if set(str(home)) & set("*?[]{}"):
        raise UsageError(
            T("{home} has signs that stand for several names.", home=Verbatim(str(home))),
            do=T("Say --home with a folder whose name has no star, question mark or bracket."),
        )
    return Lake(Path(home), data.RELEASES)


def ask(args: argparse.Namespace, speaker: Speaker) -> int:
    """Asks a question and prints its answer."""
    from harmattan.export.answers import guard, written
    from harmattan.export.sheet import of_answer
    from harmattan.questions.evidence import keep
    from harmattan.questions.inquiry import Inquiry

    _check_out(args)
    params, case = said_params(args)
    lake = lake_of(args)
    with terminal.working(speaker.say(T("counting"))):
        answer = Inquiry(lake, case.dossiers).ask(args.question, params)
    if args.format != "table" or not sys.stdout.isatty():
        by = f" --by {params.by[0]}" if params.by else ""
        guard(answer, f"harmattan ask {args.question} --format {args.format}", by)
    kept = keep(lake.home, answer)
    if args.format in ("json", *GRAPH_FORMATS):
        return write(written(answer, speaker, args.format), getattr(args, "out", None))
    sheet = of_answer(answer, speaker)
    if args.format != "table":
        return _export(sheet, args, speaker)
    terminal.answer(answer, sheet, speaker, kept=kept)
    return 0


def said_params(args: argparse.Namespace) -> tuple[Params, Case]:
    """What was asked, with the case's countries where none is named, and the case."""
    from harmattan.case import load_case
    from harmattan.data import CASES
    from harmattan.questions import registry
    from harmattan.questions.said import said

    question, case = registry.question(args.question), load_case(args.case, CASES)
    given = {parameter.field: getattr(args, f"p_{parameter.field}", None) for parameter in question.parameters}
    return said(question, {field: words for field, words in given.items() if words is not None}, case), case


def who_is(args: argparse.Namespace, speaker: Speaker) -> int:
    """Says whom names mean: the question `who-is` with the names as its words."""
    args.question = "who-is"
    return ask(args, speaker)


def evidence(args: argparse.Namespace, speaker: Speaker) -> int:
    """Lists the rows behind an answer or one of its rows."""
    from harmattan.export.sheet import of_rows
    from harmattan.questions.evidence import guard_licence
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.post_rows import guard_texts

    _check_out(args)
    screen = args.format == "table" and sys.stdout.isatty()
    if args.texts:
        guard_texts("harmattan evidence --texts", screen=screen)
    inquiry = Inquiry(lake_of(args))
    answer = inquiry.find(args.id, Path(args.brief) if args.brief else None)
    row = args.id.partition(".")[2]
    which = int(row) - 1 if row else None
    with terminal.working(speaker.say(T("counting"))):
        rows = inquiry.rows(answer, which, ids=True, texts=args.texts)
    if not screen:
        guard_licence(answer, f"harmattan evidence --format {args.format}", which)
    if args.texts and not any(part.texts for part in rows.parts):
        raise UsageError(T("No posts stand behind {id}.", id=Verbatim(args.id)), do=T("Leave --texts out."))
    sheet = of_rows(rows, speaker, args.id)
    if args.format == "json":
        shown = {
            "id": args.id,
            "question": answer.question,
            "params": dict(answer.params),
            "evidence": answer.evidence(which).model_dump(mode="json"),
            "title": sheet.title,
            "rows": [{k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()} for row in sheet.rows],
            "sources": list(sheet.sources),
        }
        return write(json_bytes(shown), args.out)
    if args.format != "table":
        return _export(sheet, args, speaker)
    for part in rows.parts:
        show = terminal.posts if part.texts else terminal.rows
        show(of_rows(replace(part, beside=None), speaker, args.id), speaker)
    return 0


def releases(args: argparse.Namespace, speaker: Speaker) -> int:
    """Lists the releases."""
    there = lake_of(args).releases()
    if args.format == "json":
        listed = [held.release.model_dump(mode="json") | {"embedded": held.embedded} for held in there]
        return write(json_bytes(listed), None)
    terminal.releases(there, speaker)
    return 0


def diff(args: argparse.Namespace, speaker: Speaker) -> int:
    """Compares two releases."""
    from harmattan.lake.diff import diff as compare
    from harmattan.questions.evidence import refuse_closed
    from harmattan.vocabulary.origin import ReleaseRef

    lake = lake_of(args)
    with terminal.working(speaker.say(T("comparing"))):
        held = [lake.find(args.before), lake.find(args.after)]
        found = compare(*held)
    if args.records and (args.format != "table" or not sys.stdout.isatty()):
        closed = [ReleaseRef.to(one.release) for one in held if not one.release.origin.licence.redistributable]
        refuse_closed(closed, "harmattan diff --records")
    rows = found.records if args.records else found.by_country_year
    plain = [{k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()} for row in rows]
    if args.format == "json":
        told: dict[str, Any] = {"before": found.before, "after": found.after, "rows": plain}
        told |= {"candidates_unchanged": len(found.unchanged), "notes": [speaker.say(note) for note in found.notes]}
        return write(json_bytes(told), getattr(args, "out", None))
    if args.format == "csv":
        from harmattan.export.files import to_csv
        from harmattan.export.sheet import Sheet, SheetColumn

        names = list(plain[0]) if plain else []
        sheet = Sheet("diff", "", tuple(SheetColumn(n, "", "") for n in names), tuple(plain), (), ())
        return write(to_csv(sheet, speaker.language), getattr(args, "out", None))
    print(
        speaker.say(
            T(
                "From {before} to {after}: {n} records new, gone or revised.",
                before=Verbatim(found.before),
                after=Verbatim(found.after),
                n=len(found.records),
            )
        )
    )
    for note in found.notes:
        print(speaker.say(note))
    terminal.table(plain, speaker)
    return 0


def verify(args: argparse.Namespace, speaker: Speaker) -> int:
    """Checks every release; exit code 1 where one is damaged."""
    from harmattan.lake.verify import verify as check

    with terminal.working(speaker.say(T("checking every byte"))):
        verdicts = check(lake_of(args))
    for verdict in verdicts:
        words = "; ".join(speaker.say(fault) for fault in verdict.faults) or speaker.say(T("whole"))
        print(f"{verdict.name}: {words}")
    return 1 if any(verdict.faults for verdict in verdicts) else 0


def brief(args: argparse.Namespace, speaker: Speaker) -> int:
    """Writes the brief of a case."""
    from harmattan.brief.write import write_brief
    from harmattan.case import load_case
    from harmattan.cli.parser import BRIEF_FORMATS
    from harmattan.data import CASES
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.parameters import Params
    from harmattan.questions.parsing import one_of
    from harmattan.questions.said import of_family
    from harmattan.vocabulary.period import parse_to

    formats = [
        one_of(word.strip(), BRIEF_FORMATS, "A brief cannot be written as {words}.") for word in args.format.split(",")
    ]
    case = load_case(args.case, CASES)
    as_of = parse_to(args.as_of) if args.as_of is not None else case.as_of
    known_by = parse_to(args.known_by) if args.known_by is not None else None
    params = of_family(Params(as_of=as_of, known_by=known_by, release=tuple(args.release)), case)
    with terminal.working(speaker.say(T("writing the brief"))):
        written = write_brief(
            Inquiry(lake_of(args), case.dossiers),
            case,
            Path(args.out),
            params=params,
            language=speaker.language,
            formats=tuple(formats),
        )
    for path in written:
        print(path)
    return 0


def embed(args: argparse.Namespace, speaker: Speaker) -> int:
    """Makes embedded figures from a release or a boundary file."""
    from harmattan import embed as maker
    from harmattan.questions.parsing import one_of

    name = one_of(args.figures, maker.MAKERS, "There are no figures {words}.")
    origin = Path(args.origin) if name in ("natural-earth-cells", "dossier") else lake_of(args).find(args.origin)
    release = maker.write(maker.MAKERS[name](origin), Path(args.out))
    print(
        speaker.say(
            T(
                "{name}: {n} rows, digest {digest}.",
                name=Verbatim(release.name),
                n=release.rows,
                digest=Verbatim(release.digest[:12]),
            )
        )
    )
    return 0


def dossier(args: argparse.Namespace, speaker: Speaker) -> int:
    """Checks, lists or exports a dossier."""
    from harmattan.cli import dossier as room

    code: int = getattr(room, {"list": "list_"}.get(args.action, args.action))(args, speaker)
    return code


def docs(args: argparse.Namespace, speaker: Speaker) -> int:
    """Writes the reference pages that are generated from the registries."""
    from harmattan.cli.reference import write_reference

    for path in write_reference(Path(args.out)):
        print(path)
    return 0


def _export(sheet: Any, args: argparse.Namespace, speaker: Speaker) -> int:
    from harmattan.export.files import BINARY, FORMATS

    if args.format in BINARY and not args.out and sys.stdout.isatty():
        raise UsageError(T("{format} is not for a terminal.", format=Verbatim(args.format)), do=T("Say --out FILE."))
    code = write(FORMATS[args.format](sheet, speaker.language), getattr(args, "out", None))
    for line in (*sheet.notes, *sheet.sources):
        print(line, file=sys.stderr)
    return code


def write(content: bytes, out: str | None) -> int:
    """Writes to a file, whole or not at all, or to standard output."""
    if not out:
        sys.stdout.buffer.write(content)
        return 0
    path = Path(out).resolve()
    part = path.parent / f".{path.name}.part"
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return 0
        part.write_bytes(content)
        part.replace(path)
    except OSError as fault:
        with suppress(OSError):
            part.unlink()
        raise HarmattanError(
            T("{path} cannot be written: {fault}.", path=Verbatim(out), fault=Verbatim(str(fault.strerror)))
        ) from fault
    return 0


def _check_out(args: argparse.Namespace) -> None:
    if args.out and args.format == "table":
        raise UsageError(
            T("A table is for the terminal and does not go into {path}.", path=Verbatim(args.out)),
            do=T("Say --format as well: {formats}.", formats=listing([Verbatim(f) for f in ANSWER_FORMATS[1:]], "or")),
        )
