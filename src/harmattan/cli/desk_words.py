"""The words of `harmattan desk`: what it can be told to do, and with which options."""

from __future__ import annotations

import argparse
from typing import Any

from harmattan.cli import read
from harmattan.cli.actions import of_desk
from harmattan.data import DEFAULT_CASE

KINDS = ("actor", "place", "date", "figure", "new_name", "relation", "event", "claim")
STATES = ("candidate", "accepted", "conflict", "rejected", "obsolete")
"""As in `vocabulary.assertion`, which takes too long to load for help."""
REVIEWS = {"accept": "accepted", "reject": "rejected", "conflict": "conflict", "obsolete": "obsolete"}
"""What a word makes of an assertion."""
EXPORTS = ("jsonl", "csv", "ftm", "graphml")
ALL = "all"


def options(parser: argparse.ArgumentParser, say: Any, shared: argparse.ArgumentParser) -> None:
    """The actions of the desk, each with its own options."""
    action = of_desk(parser, say, shared)

    _add(action("add", say("keep a document, read it, and propose what it says")), say)
    made = action("list", say("list the documents"))
    made.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))
    made = action("queue", say("list what somebody has to look at; with --kind claim the best first"))
    made.add_argument("document", metavar="DOC", help=say("a document's id or its beginning"))
    made.add_argument("--kind", choices=KINDS, help=say("only this kind"))
    made.add_argument("--state", nargs="+", choices=(*STATES, ALL), help=say("these states (default: what is open)"))
    made.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))
    made = action("show", say("show an assertion with its words and all its versions"))
    made.add_argument("id", metavar="ID", help=say("an assertion's id or its beginning"))
    made.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))
    _reviews(action, say)
    _missed(action("missed", say("add what reading has missed")), say)
    _claim(action("claim", say("turn a sentence into a claim, or accept a proposed one")), say)
    _propose(action("propose", say("let a language model propose claims of a document; it decides nothing")), say)
    _export(action("export", say("hand on what is accepted")), say)
    made = action("claims", say("write the accepted claims as a file for harmattan check"))
    made.add_argument("document", metavar="DOC", help=say("a document's id or its beginning"))
    made.add_argument("--out", metavar="FILE", help=say("file to write into; without it, standard output"))
    made.add_argument("--confidential-too", action="store_true", help=say("also quote a confidential document"))
    _by(made, say)


def _add(made: argparse.ArgumentParser, say: Any) -> None:
    add = made.add_argument
    add("files", metavar="FILE", nargs="+", help=say("txt, html, pdf or docx"))
    read.saying(made, say)
    add("--case", default=DEFAULT_CASE, metavar="CASE", help=say("the case whose dossiers are used"))
    _by(made, say)


def _reviews(action: Any, say: Any) -> None:
    words = {
        "accept": say("accept assertions"),
        "reject": say("reject assertions"),
        "conflict": say("say that assertions conflict with others"),
        "obsolete": say("say that assertions no longer hold"),
    }
    for name, meaning in words.items():
        made = action(name, meaning)
        made.add_argument(
            "ids", metavar="ID", nargs="+", help=say("an assertion's id; with @VERSION, only that version")
        )
        _review(made, say)
    made = action("edit", say("change what an assertion means; an accepted one has to be reviewed again"))
    made.add_argument("ids", metavar="ID", nargs=1, help=say("an assertion's id; with @VERSION, only that version"))
    _review(made, say)


def _review(made: argparse.ArgumentParser, say: Any) -> None:
    _set(made, say)
    made.add_argument("--note", metavar="WORDS", default="", help=say("why"))
    _by(made, say)


def _missed(made: argparse.ArgumentParser, say: Any) -> None:
    made.add_argument("document", metavar="DOC", help=say("a document's id or its beginning"))
    made.add_argument("--quote", metavar="WORDS", required=True, help=say("the exact words in the document"))
    made.add_argument("--nth", metavar="N", type=int, help=say("which occurrence of these words"))
    kinds = tuple(kind for kind in KINDS if kind != "claim")
    made.add_argument("--kind", choices=kinds, required=True, help=say("what it is about"))
    made.add_argument("--leave", action="store_true", help=say("leave it for somebody else to review"))
    _review(made, say)


def _claim(made: argparse.ArgumentParser, say: Any) -> None:
    add = made.add_argument
    add("document", metavar="DOC", help=say("a document's id or its beginning"))
    add("--quote", metavar="WORDS", help=say("the exact words in the document"))
    add("--nth", metavar="N", type=int, help=say("which occurrence of these words"))
    add("--part", metavar="JSON", nargs="+", action="extend", help=say("a part of the claim, as in a claims file"))
    add("--from-draft", metavar="ID", help=say("accept this proposed claim; --part replaces its parts"))
    add("--name", metavar="NAME", help=say("what the claim is called in a claims file"))
    add("--leave", action="store_true", help=say("leave it for somebody else to review"))
    add("--note", metavar="WORDS", default="", help=say("why"))
    _by(made, say)


def _propose(made: argparse.ArgumentParser, say: Any) -> None:
    add = made.add_argument
    add("document", metavar="DOC", help=say("a document's id or its beginning; never a confidential one"))
    add("--model", metavar="NAME", help=say("which model (default: HARMATTAN_MODEL)"))
    at = say("where it answers, as far as /v1 (default: HARMATTAN_MODEL_URL); a key is read from HARMATTAN_MODEL_KEY")
    add("--model-url", metavar="ADDRESS", help=at)


def _export(made: argparse.ArgumentParser, say: Any) -> None:
    add = made.add_argument
    add("document", metavar="DOC|all", help=say("a document's id or its beginning, or all documents"))
    add(
        "--format",
        choices=EXPORTS,
        default="jsonl",
        help=say("the format: JSON lines, CSV, FollowTheMoney entities or GraphML"),
    )
    add("--state", nargs="+", choices=(*STATES, ALL), help=say("these states (default: accepted)"))
    add("--kind", choices=KINDS, help=say("only this kind"))
    add("--confidential-too", action="store_true", help=say("also quote confidential documents"))
    add("--identities", action="store_true", help=say("keep handles of accounts as they are written"))
    add("--case", default=DEFAULT_CASE, metavar="CASE", help=say("the case whose dossiers are used"))
    add("--out", metavar="FILE", help=say("file to write into; without it, standard output"))
    _by(made, say)


def _set(made: argparse.ArgumentParser, say: Any) -> None:
    words = say("what it means, e.g. actor=jnim, iso3=MLI, start=2022-03, modality=denied; an empty value takes away")
    made.add_argument("--set", metavar="KEY=VALUE", nargs="+", action="extend", default=[], help=words)
    made.add_argument("--case", default=DEFAULT_CASE, metavar="CASE", help=say("the case whose dossiers are used"))


def _by(made: argparse.ArgumentParser, say: Any) -> None:
    made.add_argument("--by", metavar="NAME", help=say("who does it (default: HARMATTAN_USER or the login name)"))
