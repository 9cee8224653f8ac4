"""Accounts: who may sign in, as what, and the sessions and tokens that stand for them.

Every change makes a new version of an account, and all versions stay. Secrets are made outside (they are given as
words) and are not kept: of a password there is an Argon2 hash, of a session or a token a SHA-256, which suffices for
what nobody can guess. What is changed is written to the audit log in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from harmattan.desk import audit, passwords
from harmattan.desk.account_tables import AccountRow, PasswordRow, SessionRow, TokenRow
from harmattan.desk.store import Desk
from harmattan.errors import DeskError, UsageError
from harmattan.text import T, Text, Verbatim, listing

ROLES = ("reader", "analyst", "editor")
"""Each may do what those before it may. A reader looks and exports; an analyst reviews, claims and has work done; an
editor also says who else may."""
ROLE_NAMES: dict[str, Text] = {"reader": T("reader"), "analyst": T("analyst"), "editor": T("editor")}
ABSOLUTE, IDLE = dt.timedelta(hours=12), dt.timedelta(hours=2)
"""How long a session lasts at most, and how long after one was last seen."""
SEEN_EVERY = dt.timedelta(minutes=5)
USED_EVERY = dt.timedelta(minutes=1)
"""How often it is written down that somebody, or a token, has been seen."""
LONGEST_DAYS = 366
TOKEN = "hmt_"
NAME = re.compile(r"[^\W_](?:[\w .@'’-]{0,58}[\w.])?")
LOCK = "accounts"


@dataclass(frozen=True)
class Account:
    """An account as it stands."""

    name: str
    role: str
    disabled: bool
    version: int
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class Token:
    """What is known of a token; the token itself is not."""

    id: str
    account: str
    label: str
    role: str
    made: dt.datetime
    expires: dt.datetime
    used: dt.datetime | None
    revoked: dt.datetime | None

    def holds(self, at: dt.datetime) -> bool:
        """Whether it can be used."""
        return self.revoked is None and at < self.expires


class Accounts:
    """The accounts of a desk. `at` and `by` say when something is done and by whom."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def all(self) -> tuple[Account, ...]:
        """Every account as it stands, by name."""
        with self.desk.reading() as session:
            return tuple(sorted(map(_account, _newest(session)), key=lambda made: key_of(made.name)))

    def any(self) -> bool:
        """Whether somebody can sign in."""
        return any(not made.disabled for made in self.all())

    def one(self, name: str) -> Account:
        """An account. Raises UsageError where there is none."""
        with self.desk.reading() as session:
            return _account(_there(session, name))

    def history(self, name: str) -> tuple[Account, ...]:
        """Every version of an account, the first first."""
        asked = sa.select(AccountRow).where(AccountRow.key == key_of(name)).order_by(AccountRow.version)
        with self.desk.reading() as session:
            return tuple(map(_account, session.scalars(asked)))

    def add(self, name: str, role: str, password: str, *, at: dt.datetime, by: str) -> Account:
        """A new account. Raises UsageError for a name or a password that is none, and where there is one already."""
        said = named(name)
        _known(role)
        hash = passwords.hashed(password, said)
        with self.desk.writing(LOCK) as session:
            if _find(session, said) is not None:
                raise UsageError(T("There is an account {name} already.", name=Verbatim(said)))
            row = AccountRow(key=key_of(said), version=1, name=said, role=role, disabled=False, at=at, by=by)
            session.add_all([row, PasswordRow(account=row.key, hash=hash, at=at)])
            session.flush()
            _an_editor_is_left(session)
            audit.write(session, at, by, "account-added", said, role=role)
            return _account(row)

    def change_role(self, name: str, role: str, *, at: dt.datetime, by: str) -> Account:
        """Gives an account another role; its tokens may no more than that from now on."""
        _known(role)
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            if row.role == role:
                return _account(row)
            made = _next(session, row, at, by, role=role)
            audit.write(session, at, by, "role-changed", row.name, before=row.role, after=role)
            return made

    def disable(self, name: str, *, at: dt.datetime, by: str) -> Account:
        """Lets nobody sign in with an account; its sessions end, and its tokens are revoked."""
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            if row.disabled:
                return _account(row)
            made = _next(session, row, at, by, disabled=True)
            _end_all(session, row.key)
            tokens = sa.update(TokenRow).where(TokenRow.account == row.key, TokenRow.revoked.is_(None))
            session.execute(tokens.values(revoked=at))
            audit.write(session, at, by, "account-disabled", row.name)
            return made

    def enable(self, name: str, *, at: dt.datetime, by: str) -> Account:
        """Lets one sign in again."""
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            if not row.disabled:
                return _account(row)
            made = _next(session, row, at, by, disabled=False)
            audit.write(session, at, by, "account-enabled", row.name)
            return made

    def set_password(self, name: str, password: str, *, at: dt.datetime, by: str) -> None:
        """Gives an account another password. Its sessions end."""
        hash = passwords.hashed(password, self.one(name).name)
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            session.merge(PasswordRow(account=row.key, hash=hash, at=at))
            _end_all(session, row.key)
            audit.write(session, at, by, "password-changed", row.name)

    def fits(self, name: str, password: str) -> bool:
        """Whether this is the password of an account that is not disabled. It takes as long where there is none."""
        return self._fitting(name, password) is not None

    def _fitting(self, name: str, password: str) -> str | None:
        """The hash that a password fits."""
        with self.desk.reading() as session:
            row = _find(session, name)
            held = session.get(PasswordRow, row.key) if row is not None and not row.disabled else None
            hash = held.hash if held is not None else None
        return hash if passwords.fits(password, hash) else None

    def sign_in(self, name: str, password: str, cookie: str, *, at: dt.datetime, where: str = "") -> Account | None:
        """Begins a session under a new cookie; None where name and password are not those of an account.

        A failure is written down under the name only if there is such an account: people type passwords into the field
        of the name.
        """
        hash = self._fitting(name, password)
        stronger = passwords.again(password, hash) if hash is not None else None
        with self.desk.writing(LOCK) as session:
            row = _find(session, name)
            held = session.get(PasswordRow, row.key) if row is not None else None
            if row is None or held is None or row.disabled or held.hash != hash:
                audit.write(session, at, row.name if row else "", "not-signed-in", "", address=where)
                return None
            held.hash = stronger or held.hash
            stale = sa.or_(SessionRow.begun <= at - ABSOLUTE, SessionRow.seen <= at - IDLE)
            session.execute(sa.delete(SessionRow).where(stale))
            session.add(SessionRow(digest=digest_of(cookie), account=row.key, begun=at, seen=at))
            audit.write(session, at, row.name, "signed-in", "", address=where)
            return _account(row)

    def signed_in(self, cookie: str, at: dt.datetime) -> Account | None:
        """Whose session a cookie is; None where it is none, or no longer."""
        with self.desk.reading() as session:
            held = session.get(SessionRow, digest_of(cookie))
            if held is None or not (held.begun <= at < held.begun + ABSOLUTE and at < held.seen + IDLE):
                return None
            row = _newest_of(session, held.account)
            if row is None or row.disabled:
                return None
        if at - held.seen >= SEEN_EVERY:
            with self.desk.writing() as session:
                session.execute(sa.update(SessionRow).where(SessionRow.digest == held.digest).values(seen=at))
        return _account(row)

    def sign_out(self, cookie: str, *, at: dt.datetime) -> None:
        """Ends a session."""
        with self.desk.writing(LOCK) as session:
            held = session.get(SessionRow, digest_of(cookie))
            if held is None:
                return
            row = _newest_of(session, held.account)
            session.delete(held)
            audit.write(session, at, row.name if row else "", "signed-out", "")

    def issue(
        self, name: str, label: str, role: str, secret: str, *, days: int, at: dt.datetime, by: str
    ) -> Token:  # fmt: skip
        """Keeps a new token, whose words are made outside. It may no more than its account."""
        _known(role)
        said = " ".join(label.split())
        if not 1 <= len(said) <= 60 or not said.isprintable():
            raise UsageError(T("A token needs a label of at most 60 letters."), do=T("Say what it is for."))
        if not 1 <= days <= LONGEST_DAYS:
            raise UsageError(T("A token holds for {least} to {most} days.", least=1, most=LONGEST_DAYS))
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            if row.disabled:
                raise UsageError(T("The account {name} is disabled.", name=Verbatim(row.name)))
            if ROLES.index(role) > ROLES.index(row.role):
                raise UsageError(
                    T(
                        "{name} is {role}, and a token may do no more.",
                        name=Verbatim(row.name),
                        role=ROLE_NAMES[row.role],
                    )
                )
            made = TokenRow(digest=digest_of(secret), account=row.key, label=said, role=role, made=at,
                            expires=at + dt.timedelta(days=days), used=None, revoked=None)  # fmt: skip
            session.add(made)
            detail = {"token": made.digest[:12], "label": said, "role": role, "days": days}
            audit.write(session, at, by, "token-made", row.name, **detail)
            return _token(made, row.name)

    def tokens(self, name: str) -> tuple[Token, ...]:
        """The tokens of an account, the newest first."""
        with self.desk.reading() as session:
            row = _there(session, name)
            asked = (
                sa.select(TokenRow).where(TokenRow.account == row.key).order_by(TokenRow.made.desc(), TokenRow.digest)
            )
            return tuple(_token(made, row.name) for made in session.scalars(asked))

    def revoke(self, name: str, id: str, *, at: dt.datetime, by: str) -> Token:
        """Takes a token of an account back. Raises UsageError where it has none with this id."""
        with self.desk.writing(LOCK) as session:
            row = _there(session, name)
            mine = session.scalars(sa.select(TokenRow).where(TokenRow.account == row.key))
            found = next((made for made in mine if made.digest[:12] == id), None)
            if found is None:
                raise UsageError(T("{name} has no token {id}.", name=Verbatim(row.name), id=Verbatim(shown(id))))
            if found.revoked is None:
                found.revoked = at
                audit.write(session, at, by, "token-revoked", row.name, token=id, label=found.label)
            return _token(found, row.name)

    def by_token(self, secret: str, at: dt.datetime) -> tuple[Account, Token] | None:
        """Whom a token stands for, and the token, whose role is cut to the account's; None where it is none."""
        if not secret.startswith(TOKEN):
            return None
        with self.desk.reading() as session:
            held = session.get(TokenRow, digest_of(secret))
            row = _newest_of(session, held.account) if held is not None else None
            if held is None or row is None or row.disabled or not _token(held, row.name).holds(at):
                return None
        if held.used is None or at - held.used >= USED_EVERY:
            with self.desk.writing() as session:
                session.execute(sa.update(TokenRow).where(TokenRow.digest == held.digest).values(used=at))
        return _account(row), _token(held, row.name, min(held.role, row.role, key=ROLES.index))


def named(name: str) -> str:
    """A name for an account, written in one way. Raises UsageError for one that is none.

    >>> named(" Awa  Diallo ")
    'Awa Diallo'
    """
    said = unicodedata.normalize("NFC", " ".join(name.split()))
    if not NAME.fullmatch(said):
        raise UsageError(
            T("{name} cannot be the name of an account.", name=Verbatim(shown(said))),
            do=T("Take letters, digits, spaces, full stops and hyphens, at most 60."),
        )
    return said


def shown(words: str) -> str:
    """Words of a user as they may be repeated: short and on one line."""
    return "".join(c if c.isprintable() else "?" for c in words[:40])


def key_of(name: str) -> str:
    """How a name is compared.

    >>> key_of("AWA Diallo") == key_of("awa  diallo")
    True
    """
    words = name.encode("utf-8", "replace").decode().replace("\0", " ")
    return unicodedata.normalize("NFKC", " ".join(words.split())).casefold()[:200]


def digest_of(secret: str) -> str:
    """What is kept of something that nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _known(role: str) -> None:
    if role not in ROLES:
        there = listing([Verbatim(known) for known in ROLES])
        raise UsageError(
            T("There is no role {role}.", role=Verbatim(shown(role))), available=T("There are: {all}.", all=there)
        )


def _newest(session: Session) -> list[AccountRow]:
    found: dict[str, AccountRow] = {}
    for row in session.scalars(sa.select(AccountRow).order_by(AccountRow.key, AccountRow.version)):
        found[row.key] = row
    return list(found.values())


def _newest_of(session: Session, key: str) -> AccountRow | None:
    asked = sa.select(AccountRow).where(AccountRow.key == key).order_by(AccountRow.version.desc()).limit(1)
    return session.scalars(asked).first()


def _find(session: Session, name: str) -> AccountRow | None:
    return _newest_of(session, key_of(name))


def _there(session: Session, name: str) -> AccountRow:
    row = _find(session, name)
    if row is None:
        raise UsageError(T("There is no account {name}.", name=Verbatim(shown(name))))
    return row


def _next(
    session: Session, row: AccountRow, at: dt.datetime, by: str, *, role: str = "", disabled: bool | None = None
) -> Account:
    """The next version of an account."""
    made = AccountRow(
        key=row.key, version=row.version + 1, name=row.name, role=role or row.role,
        disabled=row.disabled if disabled is None else disabled, at=at, by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _an_editor_is_left(session)
    return _account(made)


def _an_editor_is_left(session: Session) -> None:
    """Raises DeskError where people could sign in, but nobody who says who may."""
    there = [row for row in _newest(session) if not row.disabled]
    if there and not any(row.role == "editor" for row in there):
        raise DeskError(
            T("No editor would be left, and only an editor says who may sign in."),
            do=T("Make somebody an editor first."),
        )


def _end_all(session: Session, key: str) -> None:
    session.execute(sa.delete(SessionRow).where(SessionRow.account == key))


def _account(row: AccountRow) -> Account:
    return Account(row.name, row.role, row.disabled, row.version, row.at, row.by)


def _token(row: TokenRow, name: str, role: str = "") -> Token:
    return Token(row.digest[:12], name, row.label, role or row.role, row.made, row.expires, row.used, row.revoked)
