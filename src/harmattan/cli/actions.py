"""Commands that are made of actions on the desk: each action has a parser of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Action = Callable[[str, str], argparse.ArgumentParser]
"""Adds an action by its name and what it does in words, and gives its parser."""


def of_desk(parser: argparse.ArgumentParser, say: Any, shared: argparse.ArgumentParser) -> Action:
    """Adds actions to a command, each with an option that says where the desk is."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=type(parser))

    def action(name: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(
            name, help=words, description=words, parents=[shared], allow_abbrev=False
        )
        at = say("where the desk is: a file, or the URL of a PostgreSQL database (default: HARMATTAN_DESK or the home)")
        made.add_argument("--desk", metavar="URL", help=at)
        return made

    return action
