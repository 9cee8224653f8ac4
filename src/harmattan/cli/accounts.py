"""`harmattan accounts`: who may sign in to the workbench, and what was done there."""

from __future__ import annotations

import argparse
import dataclasses
import getpass
import os
import secrets
import sys
from typing import TYPE_CHECKING, Any

from harmattan.cli.desk import now, open_desk, person
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.desk.accounts import Account, Accounts, Token

PASSWORD = "HARMATTAN_PASSWORD"
MOST_LINES = 100_000


def accounts(args: argparse.Namespace, speaker: Speaker) -> int:
    """Runs one action on accounts."""
    doing = {"add": add, "list": list_, "role": role, "password": password, "token": token, "audit": audit}
    return doing.get(args.action, allow)(args, speaker)


def add(args: argparse.Namespace, speaker: Speaker) -> int:
    """Adds an account."""
    with open_desk(args) as desk:
        held = _of(desk)
        _can_be_added(held, args.name)
        made = held.add(args.name, args.role, typed(speaker), at=now(), by=_by())
    return _said(T("{name} can sign in as {role}.", name=Verbatim(made.name), role=_role(made.role)), speaker)


def role(args: argparse.Namespace, speaker: Speaker) -> int:
    """Gives an account another role."""
    with open_desk(args) as desk:
        made = _of(desk).change_role(args.name, args.role, at=now(), by=_by())
    return _said(T("{name} is {role} now.", name=Verbatim(made.name), role=_role(made.role)), speaker)


def password(args: argparse.Namespace, speaker: Speaker) -> int:
    """Gives an account another password."""
    with open_desk(args) as desk:
        held = _of(desk)
        there = held.one(args.name)
        held.set_password(args.name, typed(speaker), at=now(), by=_by())
    said = T("{name} has another password, and is signed out everywhere.", name=Verbatim(there.name))
    return _said(said, speaker)


def allow(args: argparse.Namespace, speaker: Speaker) -> int:
    """Disables or enables an account."""
    with open_desk(args) as desk:
        held = _of(desk)
        change = held.disable if args.action == "disable" else held.enable
        made = change(args.name, at=now(), by=_by())
        left = held.any()
    name = Verbatim(made.name)
    if not made.disabled:
        return _said(T("{name} can sign in.", name=name), speaker)
    _said(T("{name} can no longer sign in; sessions have ended and tokens are revoked.", name=name), speaker)
    if not left:
        _said(T("Nobody is left who could sign in: the workbench answers only on this machine now."), speaker)
    return 0


def list_(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints the accounts."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write

    with open_desk(args) as desk:
        found = _of(desk).all()
    if args.format == "json":
        return write(json_bytes([_plain(made) for made in found]), None)
    if not found:
        said = T("There are no accounts. Say harmattan accounts add NAME --role editor.")
        return _said(said, speaker)
    terminal.table([_account_line(made, speaker) for made in found], speaker, most=len(found))
    return 0


def token(args: argparse.Namespace, speaker: Speaker) -> int:
    """Makes a token and prints it once, takes one back, or lists them."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write
    from harmattan.desk.accounts import TOKEN

    if args.label is not None and args.revoke is not None:
        raise UsageError(T("One token is made or revoked at a time."), do=T("Say --label or --revoke."))
    with open_desk(args) as desk:
        held = _of(desk)
        if args.label is not None:
            secret = TOKEN + secrets.token_urlsafe(32)
            held.issue(args.name, args.label, args.role, secret, days=args.days, at=now(), by=_by())
            print(secret)
            return 0
        if args.revoke is not None:
            gone = held.revoke(args.name, args.revoke, at=now(), by=_by())
            return _said(T("The token {id} is revoked.", id=Verbatim(gone.id)), speaker)
        found = held.tokens(args.name)
    if args.format == "json":
        return write(json_bytes([_plain(made) for made in found]), None)
    if not found:
        return _said(T("There are no tokens. Say --label WORDS to make one."), speaker)
    terminal.table([_token_line(made, speaker) for made in found], speaker, most=len(found))
    return 0


def audit(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints the audit log."""
    from harmattan.cli import terminal
    from harmattan.cli.commands import json_bytes, write
    from harmattan.desk.audit import DETAIL, WHAT, lines

    if args.what is not None and args.what not in WHAT:
        there = listing([Verbatim(word) for word in WHAT])
        raise UsageError(T("Nothing is written down as {what}.", what=Verbatim(args.what)),
                         available=T("There are: {all}.", all=there))  # fmt: skip
    if not 1 <= args.last <= MOST_LINES:
        raise UsageError(T("So many lines cannot be printed."), do=T("Say --last 1 to {most}.", most=MOST_LINES))
    with open_desk(args) as desk:
        found = lines(desk, what=args.what or "", by=args.by or "", most=args.last)
    if args.format == "json":
        return write(json_bytes([_plain(line) for line in found]), None)
    if not found:
        return _said(T("Nothing is written down."), speaker)
    rows = [
        {
            speaker.words("when (UTC)"): line.at.strftime("%Y-%m-%d %H:%M:%S"),
            speaker.words("who"): line.by or "–",
            speaker.words("what"): speaker.say(WHAT[line.what]) if line.what in WHAT else line.what,
            speaker.words("subject"): line.subject or "–",
            speaker.words("details"): _details(line.detail, DETAIL, speaker),
        }
        for line in found
    ]
    terminal.table(rows, speaker, most=len(rows))
    return 0


def _details(detail: dict[str, Any], names: dict[str, Any], speaker: Speaker) -> str:
    return "; ".join(f"{speaker.say(names[n]) if n in names else n}: {value}" for n, value in detail.items())


def typed(speaker: Speaker) -> str:
    """A new password: from HARMATTAN_PASSWORD, else asked for twice where somebody is at the terminal."""
    said = os.environ.get(PASSWORD)
    if said is not None:
        return said
    if not sys.stdin.isatty():
        raise UsageError(
            T("Nobody is at the terminal to type a password."),
            do=T("Set {variable}.", variable=Verbatim(PASSWORD)),
        )
    once = getpass.getpass(speaker.words("New password:") + " ")
    again = getpass.getpass(speaker.words("Once more:") + " ")
    if once != again:
        raise UsageError(T("The two passwords are not the same."))
    return once


def _of(desk: Any) -> Accounts:
    from harmattan.desk.accounts import Accounts

    return Accounts(desk)


def _can_be_added(held: Accounts, name: str) -> None:
    """Nobody types a password for nothing."""
    from harmattan.desk.accounts import key_of, named

    said = named(name)
    if any(key_of(made.name) == key_of(said) for made in held.all()):
        raise UsageError(T("There is an account {name} already.", name=Verbatim(said)))


def _by() -> str:
    return person() or "harmattan accounts"


def _role(role: str) -> Any:
    from harmattan.desk.accounts import ROLE_NAMES

    return ROLE_NAMES[role]


def _said(said: Any, speaker: Speaker) -> int:
    print(speaker.say(said))
    return 0


def _plain(made: Any) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in dataclasses.asdict(made).items()}  # fmt: skip


def _account_line(made: Account, speaker: Speaker) -> dict[str, Any]:
    state = speaker.words("disabled") if made.disabled else speaker.words("can sign in")
    said = {speaker.words("name"): made.name, speaker.words("role"): speaker.say(_role(made.role))}
    return said | {speaker.words("state"): state, speaker.words("changed"): str(made.at.date()),
                   speaker.words("by"): made.by}  # fmt: skip


def _token_line(made: Token, speaker: Speaker) -> dict[str, Any]:
    holds = speaker.words("holds") if made.holds(now()) else speaker.words("no longer holds")
    said = {"id": made.id, speaker.words("label"): made.label, speaker.words("role"): speaker.say(_role(made.role))}
    said |= {speaker.words("until"): str(made.expires.date())}
    said |= {speaker.words("last used"): str(made.used.date()) if made.used else "–"}
    return said | {speaker.words("state"): speaker.words("revoked") if made.revoked else holds}
