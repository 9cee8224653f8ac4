"""Accounts as pseudonyms: HMAC-SHA-256 under the user's key, as SQL that DuckDB runs over whole columns.

The same key gives the same account the same pseudonym in every release; the platform is part of what is hashed. Ids are
hashed as they are written; handles, which no platform tells apart by case, in lower case and without the sign.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.engine import Engine, literal
from harmattan.sources.reading import Options
from harmattan.text import T

PREFIX, DIGITS = "acct-", 32
"""A pseudonym begins with this, and goes on with so many digits: half of those of the hash."""
PSEUDONYM = re.compile(rf"{PREFIX}[0-9a-f]{{{DIGITS}}}")
"""What a pseudonym looks like."""
LEAST_KEY_BYTES = 16
BLOCK_BYTES = 64
"""The block of SHA-256, to which HMAC fills its key up."""


def key_of(options: Options) -> bytes | None:
    """The key, or None where identities stay. Raises UsageError without either, or for a key that could be guessed."""
    if options.identities:
        return None
    key = options.pseudonym_key
    if not key:
        raise UsageError(
            T("Posts name people, and there is no key to make pseudonyms of their accounts."),
            do=T("Give a key, or say --identities to keep the accounts as they are written."),
        )
    if len(key) < LEAST_KEY_BYTES:
        raise UsageError(
            T("The key for pseudonyms has {n} bytes; it could be guessed.", n=len(key)),
            do=T("Take a random key of at least {n} bytes.", n=LEAST_KEY_BYTES),
        )
    return key


def fingerprint(key: bytes) -> str:
    """What tells keys apart without telling the key.

    >>> fingerprint(b"0123456789abcdef")
    'ad2d03dc'
    """
    return hmac.digest(key, b"which key this is", "sha256").hex()[:8]


def pseudonym(key: bytes, platform: str, who: str) -> str:
    """The pseudonym of one account, as the SQL makes it: the first half of the HMAC.

    >>> pseudonym(b"0123456789abcdef", "x", "somebody")
    'acct-1da2ea9a536854d3a55ad106597a9bdd'
    """
    return PREFIX + hmac.digest(key, f"{platform}\x1f{who}".encode(), "sha256").hex()[:DIGITS]


def define(duck: Engine, key: bytes | None) -> None:
    """Defines `who(platform, account)` and `handle(name)` for the queries of this engine."""
    if key is None:
        define_plain(duck)
        return
    _pads(duck, key)
    inner = "unhex(sha256(getvariable('inner_pad') || encode(platform || chr(31) || account)))"
    hashed = f"sha256(getvariable('outer_pad') || {inner})"
    run = duck.connection.execute
    run(f"CREATE TEMP MACRO who(platform, account) AS {literal(PREFIX)} || left({hashed}, {DIGITS})")
    run("CREATE TEMP MACRO handle(name) AS lower(ltrim(name, '@'))")


def define_plain(duck: Engine) -> None:
    """The same names where identities stay: everything as it is written."""
    run = duck.connection.execute
    run("CREATE TEMP MACRO who(platform, account) AS account")
    run("CREATE TEMP MACRO handle(name) AS ltrim(name, '@')")


def _pads(duck: Engine, key: bytes) -> None:
    """HMAC's two pads as variables: the key is never in the text of a query, which an error might tell."""
    for name, pad in zip(("inner_pad", "outer_pad"), _padded(key), strict=True):
        duck.connection.execute(f"SET VARIABLE {name} = $1::BLOB", [pad])


def _padded(key: bytes) -> tuple[bytes, bytes]:
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def halves(key: bytes) -> tuple[Any, Any]:
    """HMAC's inner and outer hash with the key in them: to copy them is twice as fast as to begin anew."""
    inner, outer = _padded(key)
    return hashlib.sha256(inner), hashlib.sha256(outer)


def noted(options: Options) -> str:
    """The sentence of a release's notices about its accounts."""
    key = key_of(options)
    if key is None:
        return "Accounts, names and addresses stand as they are written, because that was asked for."
    return f"Accounts are pseudonyms under the key {fingerprint(key)}; the files are not kept, since they name them."
