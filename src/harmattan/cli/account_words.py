"""The words of `harmattan accounts`: what it can be told to do, and with which options."""

from __future__ import annotations

import argparse
from typing import Any

from harmattan.cli.actions import of_desk

ROLES = ("reader", "analyst", "editor")
"""As in `desk.accounts`, which takes too long to load for help."""


def options(parser: argparse.ArgumentParser, say: Any, shared: argparse.ArgumentParser) -> None:
    """The actions on accounts, each with its own options."""
    action = of_desk(parser, say, shared)

    from_where = say("the password is asked for, or read from HARMATTAN_PASSWORD")
    made = _named(action("add", say("add an account; {how}").format(how=from_where)), say)
    made.add_argument("--role", choices=ROLES, required=True, help=say("what it may: each role also what those before"))
    _format(action("list", say("list the accounts")), say)
    made = _named(action("role", say("give an account another role")), say)
    made.add_argument("role", metavar="reader|analyst|editor", choices=ROLES, help=say("the new role"))
    _named(action("password", say("give an account another password; {how}").format(how=from_where)), say)
    _named(action("disable", say("let nobody sign in with an account any more")), say)
    _named(action("enable", say("let one sign in with an account again")), say)
    _token(_named(action("token", say("list, make or revoke the tokens with which programs ask")), say), say)
    made = action("audit", say("print the audit log, the newest first"))
    made.add_argument("--what", metavar="WHAT", help=say("only this kind, e.g. exported, reviewed, signed-in"))
    made.add_argument("--by", metavar="NAME", help=say("only what this person did"))
    made.add_argument("--last", metavar="N", type=int, default=50, help=say("number of lines (default: 50)"))
    _format(made, say)


def _named(made: argparse.ArgumentParser, say: Any) -> argparse.ArgumentParser:
    made.add_argument("name", metavar="NAME", help=say("the name with which one signs in"))
    return made


def _token(made: argparse.ArgumentParser, say: Any) -> None:
    made.add_argument("--label", metavar="WORDS", help=say("makes a token: what it is for; it is printed this once"))
    made.add_argument("--role", choices=ROLES, default="reader", help=say("what it may do (default: reader)"))
    made.add_argument("--days", metavar="N", type=int, default=90, help=say("for how many days it holds (default: 90)"))
    made.add_argument("--revoke", metavar="ID", help=say("takes the token with this id back"))
    _format(made, say)


def _format(made: argparse.ArgumentParser, say: Any) -> None:
    made.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))
