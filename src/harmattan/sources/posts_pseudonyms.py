"""Accounts as pseudonyms: HMAC-SHA-256 under the user's key, as SQL that DuckDB runs over whole columns.

The same key gives the same account the same pseudonym in every release; the platform is part of what is hashed. Ids are
hashed as they are written; handles, which no platform tells apart by case, in lower case and without the sign.
"""

from __future__ import annotations

import hashlib
import hmac

from harmattan.errors import UsageError
from harmattan.sources.engine import Engine, literal
from harmattan.sources.reading import Options
from harmattan.text import T

PREFIX = "acct-"
LEAST_KEY_BYTES = 16
BLOCK_BYTES = 64
"""The block of SHA-256, to which HMAC fills its key up."""

HANDLE = r"^[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*"
HOSTS = {
    "x": r"(?i)(\b(?:twitter|x)\.com/)",
    "instagram": r"(?i)(\binstagram\.com/(?:stories/)?)",
    "telegram": r"(?i)(\b(?:t|telegram)\.me/(?:s/)?)",
    "facebook": r"(?i)(\b(?:facebook|fb)\.com/"
    r"(?:groups/|pages/|people/|(?:profile|story|permalink)\.php\?(?:[^\s]*&)?id=)?)",
}
"""What stands before an account in an address, by the platform that the account belongs to."""
NO_ACCOUNT = (
    "addstickers c dialog events explore groups hashtag home i intent joinchat l.php login marketplace media p permalink.php "
    "photo photo.php photos posts privacy profile.php reel reels search settings share sharer sharer.php status stories "
    "story.php tv video.php videos watch"
).split()
"""What stands there and is no account."""
MARKS = {"@": "@", "x": "x", "instagram": "i", "telegram": "t", "facebook": "f"}


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
    '6a78a6a1'
    """
    return hmac.digest(key, b"which key this is", "sha256").hex()[:8]


def pseudonym(key: bytes, platform: str, who: str) -> str:
    """The pseudonym of one account, as the SQL makes it.

    >>> pseudonym(b"0123456789abcdef", "x", "somebody")
    'acct-'
    """
    return PREFIX + hmac.digest(key, f"{platform}\x1f{who}".encode(), "sha256").hex()[:32]


def define(duck: Engine, key: bytes | None) -> None:
    """Defines `who(platform, account)`, `handle(name)` and `masked(platform, text)` for the queries of this engine."""
    if key is None:
        define_plain(duck)
        return
    _pads(duck, key)
    hashed = "sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode(platform || chr(31) || account))))"
    run = duck.connection.execute
    run(f"CREATE TEMP MACRO who(platform, account) AS {literal(PREFIX)} || left({hashed}, 32)")
    run("CREATE TEMP MACRO handle(name) AS lower(ltrim(name, '@'))")
    run(f"CREATE TEMP MACRO marked(words) AS {_marked()}")
    platform_of = "CASE mark " + " ".join(f"WHEN {literal(m)} THEN {literal(p)}" for p, m in MARKS.items() if p != "@")
    run(f"CREATE TEMP MACRO platform_at(mark, platform) AS {platform_of} ELSE platform END")
    run(
        f"CREATE TEMP MACRO without_handle(part, platform, found) AS CASE WHEN found = '' OR lower(found) IN "
        f"({', '.join(map(literal, NO_ACCOUNT))}) AND left(part, 1) <> '@' THEN part[2:] "
        "ELSE who(platform_at(left(part, 1), platform), lower(found)) || part[length(found) + 2:] END"
    )
    run(
        "CREATE TEMP MACRO masked(platform, words) AS CASE WHEN contains(words, '@') OR contains(words, '＠') "
        "OR contains(words, '.com/') OR contains(words, '.me/') OR regexp_matches(words, '(?i)\\.(?:com|me)/') THEN "
        "array_to_string(list_transform(string_split(marked(words), chr(1)), lambda part, place: "
        f"CASE WHEN place = 1 THEN part ELSE without_handle(part, platform, regexp_extract(part[2:], {literal(HANDLE)})) "
        "END), '') ELSE words END"
    )


def define_plain(duck: Engine) -> None:
    """The same names where identities stay: everything as it is written."""
    run = duck.connection.execute
    run("CREATE TEMP MACRO who(platform, account) AS account")
    run("CREATE TEMP MACRO handle(name) AS ltrim(name, '@')")
    run("CREATE TEMP MACRO masked(platform, words) AS words")


def _pads(duck: Engine, key: bytes) -> None:
    """HMAC's two pads as variables: the key is never in the text of a query, which an error might tell."""
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
    for name, sign in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        duck.connection.execute(f"SET VARIABLE {name} = $1::BLOB", [bytes(byte ^ sign for byte in block)])


def _marked() -> str:
    """SQL that puts a mark, and the platform's sign, between what announces an account and the account."""
    found = "replace(words, chr(1), ' ')"
    found = f"regexp_replace({found}, '([@＠])', '\\1' || chr(1) || '@', 'g')"
    for platform, before in HOSTS.items():
        found = f"regexp_replace({found}, {literal(before)}, '\\1' || chr(1) || {literal(MARKS[platform])}, 'g')"
    return found


def noted(options: Options) -> str:
    """The sentence of a release's notices about its accounts."""
    key = key_of(options)
    if key is None:
        return "Accounts, names and addresses stand as they are written, because that was asked for."
    return f"Accounts are pseudonyms under the key {fingerprint(key)}; the publisher's file is not kept, since it names them."
