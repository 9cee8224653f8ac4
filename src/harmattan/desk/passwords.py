"""Passwords: which are good enough, and their hashes by Argon2id (RFC 9106, its second recommended choice)."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from harmattan.errors import UsageError
from harmattan.text import T

LEAST, MOST = 12, 200
HASHER = PasswordHasher()
AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MB; so many are made at a time, however many try to sign in."""
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$c29tZSBzYWx0IG9mIG5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What a password is compared with where there is no such account, so that it takes as long."""


def hashed(password: str, name: str) -> str:
    """The hash of a new password. Raises UsageError for one that is too short, too long or the name itself."""
    plain = _plain(password)
    if not LEAST <= len(plain) <= MOST:
        raise UsageError(
            T("A password has {least} to {most} characters.", least=LEAST, most=MOST),
            do=T("Several words in a row are easy to keep in mind and hard to guess."),
        )
    if len(set(plain)) < 4 or not plain.casefold().replace(_plain(name).casefold(), ""):
        raise UsageError(T("This password is easy to guess."), do=T("Take several words in a row."))
    with AT_ONCE:
        return HASHER.hash(_bytes(plain))


def fits(password: str, hash: str | None) -> bool:
    """Whether a password is the one of a hash; where there is no hash it is compared all the same, and does not fit."""
    plain = _plain(password[: 2 * MOST])
    with AT_ONCE:
        try:
            return HASHER.verify(hash or NOBODYS, _bytes(plain)) and hash is not None
        except (VerificationError, InvalidHashError):
            return False


def again(password: str, hash: str) -> str | None:
    """A new hash of a password whose hash was made with other settings than today's; None where it is as good."""
    if not HASHER.check_needs_rehash(hash):
        return None
    with AT_ONCE:
        return HASHER.hash(_bytes(_plain(password[: 2 * MOST])))


def _plain(password: str) -> str:
    """The same for the same keys on every keyboard (NFKC, as RFC 8265 asks)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(plain: str) -> bytes:
    return plain.encode("utf-8", "surrogatepass")
