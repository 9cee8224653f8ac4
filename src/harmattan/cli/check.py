"""`check`: claims against the releases, in the terminal, as a page, as a document, as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.data import DEFAULT_CASE
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.checks.verdict import Checked
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.parameters import Params
    from harmattan.vocabulary.claim import Claims

FORMATS = ("table", "json", "html", "pdf")
WORKED = "mali-2022"
"""The claims that come with the package."""
DESK = "desk:"
"""What a word starts with that names a document on the desk."""


def options(parser: argparse.ArgumentParser, say: Any) -> None:
    """The words of the command."""
    add = parser.add_argument
    words = say("claims as TOML or JSON, or desk:DOC for those accepted there (default: the worked case)")
    add("files", metavar="FILE", nargs="*", help=words)
    add("--case", default=DEFAULT_CASE, metavar="CASE", help=say("the case whose dossiers and events are used"))
    add("--as-of", metavar="DATE", help=say("cuts what had happened (default: the date of the claims)"))
    add("--known-by", metavar="DATE", help=say("cuts what had been published"))
    add("--release", nargs="+", action="extend", default=[], metavar="NAME", help=say("only these releases are used"))
    add("--source", metavar="SOURCE", help=say("the family of event data that answers"))
    add("--desk", metavar="URL", help=say("where the desk is, for desk:DOC (default: HARMATTAN_DESK or the home)"))
    add("--format", choices=FORMATS, default="table", help=say("how it is printed"))
    add("--out", metavar="PATH", help=say("file to write into; without it, standard output"))
    add("--schema", action="store_true", help=say("print the JSON Schema of claims files and stop"))


def check(args: argparse.Namespace, speaker: Speaker) -> int:
    """Checks claims and prints the verdicts. The exit code is 0 whatever they are."""
    from harmattan.checks import claims_file
    from harmattan.cli.commands import json_bytes, write

    _check_out(args)
    if args.schema:
        return write(json_bytes(claims_file.schema()), args.out)
    found = [(word, _claims(word, args)) for word in args.files or [str(worked())]]
    reports = [_checked(word, claims, args, speaker) for word, claims in found]
    if args.format != "table":
        return write(_written(reports, args, speaker), args.out)
    from harmattan.cli.checked import show

    for n, report in enumerate(reports):
        if n:
            print()
        show(report.checked, speaker)
    return 0


class _Report:
    """Claims with their verdicts, and whom they were asked of."""

    def __init__(self, word: str, checked: Checked, inquiry: Inquiry, params: Params) -> None:
        self.word, self.checked, self.inquiry, self.params = word, checked, inquiry, params


def worked() -> Path:
    """The worked case's file."""
    from harmattan import data

    return data.CLAIMS / f"{WORKED}.toml"


def _claims(word: str, args: argparse.Namespace) -> Claims:
    """The claims that a word of the command line names."""
    from harmattan.checks.claims_file import load

    if word.startswith(DESK):
        return _of_desk(word.removeprefix(DESK), args)
    if word == WORKED:
        return load(worked())
    return load(Path(word))


def _of_desk(document: str, args: argparse.Namespace) -> Claims:
    """The claims accepted on the desk. What is confidential is shown in the terminal and quoted in no file."""
    from harmattan.checks.judging import without_quotes
    from harmattan.cli.desk import open_desk

    with open_desk(args) as desk:
        claims, confidential = desk.claims(document), desk.document(document).confidential
    return without_quotes(claims) if confidential and args.format != "table" else claims


def _checked(word: str, claims: Claims, args: argparse.Namespace, speaker: Speaker) -> _Report:
    """The verdicts; the inquiry keeps the evidence of every answer in the home."""
    from harmattan.case import load_case
    from harmattan.checks.judging import judged
    from harmattan.cli import terminal
    from harmattan.cli.commands import lake_of
    from harmattan.data import CASES
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.parameters import Params
    from harmattan.vocabulary.period import parse_to

    case = load_case(args.case, CASES)
    as_of = None if args.as_of is None else parse_to(args.as_of)
    known_by = None if args.known_by is None else parse_to(args.known_by)
    said = Params(as_of=as_of, known_by=known_by, release=tuple(args.release), source=args.source)
    inquiry = Inquiry(lake_of(args), case.dossiers)
    with terminal.working(speaker.say(T("checking"))):
        checked, params = judged(claims, inquiry, case, said)
    return _Report(word, checked, inquiry, params)


def _written(reports: list[_Report], args: argparse.Namespace, speaker: Speaker) -> bytes:
    """The file in the format that was asked for."""
    from harmattan.cli.commands import json_bytes
    from harmattan.export.checked import as_json

    if args.format == "json":
        told = [as_json(report.checked, speaker, report.params.known_by) for report in reports]
        return json_bytes(told[0] if len(told) == 1 else told)
    if len(reports) > 1:
        raise UsageError(
            T("A report is about one claims file; {n} were named.", n=len(reports)),
            do=T("Name one, or say --format json for several."),
        )
    from harmattan.brief import check_html, check_pdf
    from harmattan.brief.check_page import compose

    report = reports[0]
    page = compose(report.checked, report.inquiry, report.params, _command(report, args), speaker)
    return check_html.render(page, speaker) if args.format == "html" else check_pdf.render(page, speaker)


def _command(report: _Report, args: argparse.Namespace) -> str:
    """The command that makes the report again."""
    words = ["harmattan check"]
    words += (
        []
        if report.word == str(worked())
        else [report.word if report.word.startswith(DESK) else Path(report.word).name]
    )
    words += [f"--case {args.case}"] if args.case != DEFAULT_CASE else []
    for name in ("as_of", "known_by", "source"):
        words += [f"--{name.replace('_', '-')} {getattr(args, name)}"] if getattr(args, name) else []
    words += [f"--release {' '.join(args.release)}"] if args.release else []
    return " ".join([*words, f"--format {args.format}"])


def _check_out(args: argparse.Namespace) -> None:
    if args.out and args.format == "table" and not args.schema:
        raise UsageError(
            T("A table is for the terminal and does not go into {path}.", path=Verbatim(args.out)),
            do=T("Say --format as well: {formats}.", formats=listing([Verbatim(f) for f in FORMATS[1:]], "or")),
        )
    if args.format == "pdf" and not args.out and sys.stdout.isatty():
        raise UsageError(T("{format} is not for a terminal.", format=Verbatim("pdf")), do=T("Say --out FILE."))
