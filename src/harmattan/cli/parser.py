"""The words of the command line. The parsers of `ask` are made from the registry of questions.

argparse and not a larger library: help answers in a tenth of a second, and `--country MLI BFA` takes several words.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from harmattan import __version__
from harmattan.cli import account_words, backtest, check, desk_words, lake_words, read, serve
from harmattan.data import DEFAULT_CASE
from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim, listing
from harmattan.text.speaker import LANGUAGES, Speaker

ANSWER_FORMATS = ("table", "json", "csv", "xlsx", "parquet", "geojson", "gpkg")
GRAPH_FORMATS = ("graphml", "gexf")
"""What an answer that is a graph can be written in as well."""
BRIEF_FORMATS = ("html", "pdf", "docx")
ALERT_FORMATS = ("table", "json", "rss", "atom", "email")
COMMANDS = (
    "brief",
    "ask",
    "alerts",
    "check",
    "backtest",
    "who-is",
    "read",
    "evidence",
    "ingest",
    "fetch",
    "releases",
    "diff",
    "verify",
    "embed",
    "dossier",
    "desk",
    "accounts",
    "serve",
    "docs",
)


Command = tuple[str, "Callable[[Parser], None]"]
"""What a command is for, and what gives its parser its options."""


class Parser(argparse.ArgumentParser):
    """argparse whose errors are one line of ours, with the nearest word."""

    def error(self, message: str) -> NoReturn:
        what, available = _misuse(self, message)
        raise UsageError(what, available=available, do=T("Say {command} --help.", command=Verbatim(self.prog)))


def language_of(words: Sequence[str]) -> str:
    """The reader's language: --lang, else HARMATTAN_LANG, else that of the terminal, else English."""
    for position, word in enumerate(words):
        if word.startswith("--lang="):
            said = word.partition("=")[2]
        elif word == "--lang" and position + 1 < len(words):
            said = words[position + 1]
        else:
            continue
        return said if said in LANGUAGES else "en"
    known = os.environ.get("HARMATTAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "fr" if known.lower().startswith("fr") else "en"


def parse(words: Sequence[str], speaker: Speaker) -> argparse.Namespace:
    """The command and its options. Raises UsageError with the nearest word for one that there is not."""
    parser = build(speaker, words)
    args, extra = parser.parse_known_args(list(words))
    if extra:
        used = _deepest(parser, args)
        unknown = next((word for word in extra if word.startswith("-")), extra[0])
        raise UsageError(
            T("{command} knows no {word}.", command=Verbatim(used.prog), word=Verbatim(unknown)),
            available=_near(unknown, [o for o in used._option_string_actions if o.startswith("--")]),
            do=T("Say {command} --help.", command=Verbatim(used.prog)),
        )
    return args


def build(speaker: Speaker, words: Sequence[str] | None = None) -> Parser:
    """The parser of every command. With the words that were said only the commands among them have their options:

    argparse needs longer to be told all options of all commands than most commands need to answer.
    """
    say = speaker.words
    shared = _shared(say)
    parser = Parser(
        prog="harmattan",
        parents=[shared],
        allow_abbrev=False,
        add_help=True,
        description=say("A workbench for watching an armed conflict: every number opens to its rows."),
        epilog=say(
            "With an empty home every command answers from the embedded figures. "
            "Say harmattan ask --help for the questions."
        ),
    )
    parser.add_argument(
        "--version", action="version", version=f"harmattan {__version__}", help=say("print the version")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name, (means, options) in _commands(say, speaker, shared, words).items():
        made: Parser = commands.add_parser(name, help=means, description=means, parents=[shared], allow_abbrev=False)
        made.set_defaults(run=_run(name))
        if words is None or name in words:
            options(made)
    _in_language(parser, say)
    return parser


def _commands(say: Any, speaker: Speaker, shared: Parser, words: Sequence[str] | None) -> dict[str, Command]:
    """What each command is for, and what gives its parser its options."""
    return {
        "brief": (say("write the brief of a case"), lambda made: _brief(made, say)),
        "ask": (say("ask a question and get its answer with evidence"),
                lambda made: _ask(made, speaker, shared, words)),
        "alerts": (say("say which alert rules of a case fire, and hand that on"), lambda made: _alerts(made, say)),
        "check": (say("check what an article says against the releases and the dossier"),
                  lambda made: check.options(made, say)),
        "backtest": (say("test models, or somebody's draws, on past months"), lambda made: backtest.options(made, say)),
        "who-is": (say("say whom a name means, and why"), lambda made: _who_is(made, say)),
        "read": (say("find in a document who, where, when and how many, and what can be checked"),
                 lambda made: read.options(made, say)),
        "evidence": (say("list the very rows behind a number"), lambda made: _evidence(made, say)),
        "ingest": (say("take in a publisher's files as a release"), lambda made: lake_words.ingest(made, say)),
        "fetch": (say("get a data set from its publisher and take it in"), lambda made: lake_words.fetch(made, say)),
        "releases": (say("list the releases, embedded and own"), lambda made: _releases(made, say)),
        "diff": (say("compare two releases record by record"), lambda made: lake_words.diff(made, say)),
        "verify": (say("check every release byte by byte"), lambda made: None),
        "embed": (say("make the figures that come with the package"), lambda made: lake_words.embed(made, say)),
        "dossier": (say("check, list or hand on a dossier"), lambda made: lake_words.dossier(made, say)),
        "desk": (say("review what documents say, and hand it on"),
                 lambda made: desk_words.options(made, say, shared)),
        "accounts": (say("say who may sign in to the workbench"),
                     lambda made: account_words.options(made, say, shared)),
        "serve": (say("open the workbench for browsers"), lambda made: serve.options(made, say)),
        "docs": (say("write the generated reference pages"), lambda made: _docs(made, say)),
    }  # fmt: skip


def _in_language(parser: argparse.ArgumentParser, say: Any) -> None:
    """argparse's own words, in the reader's language, in this parser and those below it."""
    parser._positionals.title, parser._optionals.title = say("arguments"), say("options")
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            action.help = say("show this help")
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _in_language(below, say)


def _shared(say: Any) -> Parser:
    shared = Parser(add_help=False, allow_abbrev=False)
    shared.add_argument(
        "--home",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=say("where the lake is (default: HARMATTAN_HOME or the platform's user data folder)"),
    )
    shared.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("language of what is said"))
    return shared


def _brief(parser: Parser, say: Any) -> None:
    parser.add_argument("case", metavar="CASE", help=say("an embedded case (sahel) or a case file"))
    parser.add_argument("--as-of", metavar="DATE", help=say("cuts what had happened (default: the case's date)"))
    parser.add_argument("--known-by", metavar="DATE", help=say("cuts what had been published"))
    parser.add_argument("--source", metavar="FAMILY", help=say("which family of event data answers: ucdp, acled …"))
    parser.add_argument("--release", nargs="+", default=[], metavar="NAME", help=say("only these releases are used"))
    parser.add_argument("--sections", metavar="NAMES", default="", help=say("only these sections, joined by commas"))
    parser.add_argument("--format", default="html,pdf", metavar="html,pdf,docx", help=say("which files to write"))
    parser.add_argument("--out", default=".", metavar="DIR", help=say("folder to write into"))


def _releases(parser: Parser, say: Any) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))


def _docs(parser: Parser, say: Any) -> None:
    parser.add_argument("--out", default="docs", metavar="DIR", help=say("folder to write into"))


def _ask(parser: Parser, speaker: Speaker, shared: Parser, words: Sequence[str] | None) -> None:
    names = parser.add_subparsers(dest="question", metavar="QUESTION", required=True, parser_class=Parser)
    from harmattan.questions.registry import QUESTIONS

    for question in QUESTIONS.values():
        meaning = speaker.say(question.meaning)
        made = names.add_parser(
            question.name,
            parents=[shared],
            allow_abbrev=False,
            description=meaning,
            help=meaning.split(":")[0].split(". ")[0].rstrip("."),
        )
        if words is not None and question.name not in words:
            continue
        for parameter in question.parameters:
            made.add_argument(
                parameter.flag,
                dest=f"p_{parameter.field}",
                metavar=parameter.metavar or parameter.flag.removeprefix("--").upper(),
                nargs="+" if parameter.many else None,
                action="extend" if parameter.many else "store",
                help=speaker.say(parameter.help) + (f" ({', '.join(parameter.choices)})" if parameter.choices else ""),
            )
        made.add_argument(
            "--case",
            default=DEFAULT_CASE,
            metavar="CASE",
            help=speaker.words("the case whose countries are meant where none is named"),
        )
        _output(made, speaker.words, GRAPH_FORMATS if question.is_graph else ())


def _alerts(parser: Parser, say: Any) -> None:
    parser.add_argument("case", metavar="CASE", help=say("an embedded case (sahel) or a case file"))
    parser.add_argument("--as-of", metavar="DATE", help=say("cuts what had happened (default: the case's date)"))
    parser.add_argument("--known-by", metavar="DATE", help=say("cuts what had been published"))
    parser.add_argument("--release", nargs="+", default=[], metavar="NAME", help=say("only these releases are used"))
    parser.add_argument(
        "--rule", nargs="+", action="extend", default=[], metavar="RULE", help=say("only these rules of the case")
    )
    parser.add_argument("--format", choices=ALERT_FORMATS, default="table", help=say("how it is printed"))
    parser.add_argument("--out", metavar="FILE", help=say("file to write into; without it, standard output"))
    parser.add_argument(
        "--webhook", metavar="URL", help=say("hands the JSON to this address; a token is WEBHOOK_TOKEN, as for fetch")
    )


def _who_is(parser: Parser, say: Any) -> None:
    parser.add_argument("p_name", metavar="NAME", nargs="+", help=say("a name as anybody writes it"))
    parser.add_argument("--as-of", dest="p_as_of", metavar="DATE", help=say("whom it meant on that day"))
    parser.add_argument(
        "--country", dest="p_country", nargs="+", action="extend", metavar="MLI", help=say("whom it means there")
    )
    parser.add_argument("--known-by", dest="p_known_by", metavar="DATE", help=say("cuts what had been published"))
    parser.add_argument(
        "--release",
        dest="p_release",
        nargs="+",
        action="extend",
        metavar="NAME",
        help=say("only these releases are used"),
    )
    parser.add_argument("--case", default=DEFAULT_CASE, metavar="CASE", help=say("the case whose dossiers are used"))
    _output(parser, say)


def _output(parser: Parser, say: Any, also: tuple[str, ...] = ()) -> None:
    formats = (*ANSWER_FORMATS, *also)
    parser.add_argument("--format", choices=formats, default="table", help=say("how it is printed"))
    parser.add_argument("--out", metavar="FILE", help=say("file to write into; without it, standard output"))


def _evidence(parser: Parser, say: Any) -> None:
    parser.add_argument("id", metavar="ID", help=say("an id that an answer or a brief prints, with .N for its row N"))
    parser.add_argument("--brief", metavar="FILE", help=say("the HTML of a brief that cites the id"))
    parser.add_argument(
        "--texts", action="store_true", help=say("posts: what they say and who wrote it, on a screen and nowhere else")
    )
    _output(parser, say)


def _run(name: str) -> Any:
    def run(args: argparse.Namespace, speaker: Speaker) -> int:
        from harmattan.cli import accounts, alerts, commands, desk, intake

        rooms = {"ingest": intake, "fetch": intake, "alerts": alerts, "desk": desk, "accounts": accounts}
        rooms |= {"backtest": backtest, "check": check, "read": read, "serve": serve}
        room: Any = rooms.get(name, commands)
        code: int = getattr(room, name.replace("-", "_"))(args, speaker)
        return code

    return run


def _deepest(parser: argparse.ArgumentParser, args: argparse.Namespace) -> argparse.ArgumentParser:
    for name in (args.command, getattr(args, "question", None), getattr(args, "action", None)):
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction) and name in action.choices:
                parser = action.choices[name]
                break
    return parser


def _misuse(parser: argparse.ArgumentParser, message: str) -> tuple[Text, Text | None]:
    """What argparse says of a misused word, as a sentence of ours, and the words that there are."""
    name = message.removeprefix("argument ").partition(":")[0]
    if match := re.search(r"invalid choice: '(.*?)'", message):
        known = [str(word) for action in parser._actions if _label(action) == name for word in action.choices or ()]
        there = T("There are: {all}.", all=listing([Verbatim(word) for word in known]))
        near = _near(match[1], known)
        available = T("{there} {near}", there=there, near=near) if near else there
        return T("{name} cannot be {word}.", name=Verbatim(name), word=Verbatim(match[1])), available
    if match := re.match(r"the following arguments are required: (.*)", message):
        return T("{name} is missing.", name=Verbatim(match[1])), None
    if "expected" in message:
        return T("{name} needs a value.", name=Verbatim(name)), None
    return T("{message}", message=Verbatim(f"{message}.")), None


def _label(action: argparse.Action) -> str:
    return "/".join(action.option_strings) or str(action.metavar or action.dest)


def _near(word: str, known: Sequence[str]) -> Any:
    from harmattan.questions.parsing import nearest
    from harmattan.vocabulary.country import did_you_mean

    return did_you_mean(nearest(word, known))
