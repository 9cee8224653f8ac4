"""Posts as evidence: what of them whoever asks is shown, and what only with --texts and on a screen.

What people wrote, and who they are, is not printed: no text, no account, no name or address of one. Where accounts
stand as they are written, ids of posts are without them too. Addresses of platforms, whose paths are accounts and their
posts, are cut to the platform. Hashtags are shown: they are words that many share. Of pictures and other things there
is the short digest that answers know them by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from harmattan.errors import PrivacyError
from harmattan.questions.shared_things import HIDDEN, is_address, mark, without_account
from harmattan.sources.posts_pseudonyms import PSEUDONYM
from harmattan.text import T, Verbatim
from harmattan.vocabulary.posts import POSTS

PEOPLE = ("account", "account_name", "surface", "repost_of_account")
UNSHOWN = (*PEOPLE, "text", "mentions", "url")
"""Columns that are never there without --texts."""
WITH_TEXTS = ("release", "row_id", "platform", "posted_at", "account", "account_name", "text", "urls")
"""The columns with --texts."""
IDS = ("row_id", "post_id", "reply_to", "repost_of", "quote_of")
_CHANNEL = re.compile(r"^(\w+:)?([^/:]+)(?=/)")


def shown(found: pa.Table, *, texts: bool = False) -> pa.Table:
    """Rows of posts with `release`, as evidence lists them; lists become words, None where they are empty."""
    if texts:
        return _as_words(found.select(list(WITH_TEXTS)))
    rows = [_without_people(row) for row in found.to_pylist()]
    names = ["release", *(name for name in POSTS.names if name not in UNSHOWN)]
    return _as_words(pa.Table.from_pylist(rows, schema=pa.schema([found.schema.field(name) for name in names])))


def _without_people(row: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(row)
    written = sorted((row[name] for name in PEOPLE if row[name] and not PSEUDONYM.fullmatch(row[name])), key=len)
    for name in IDS:
        if made[name]:
            made[name] = _id(made[name], written[::-1])
    for name, show in OBJECTS.items():
        made[name] = [show(one) for one in row[name]]
    return made


def _id(words: str, accounts: list[str]) -> str:
    """The id of a post without the accounts in it: on Telegram it begins with the channel."""
    found = _CHANNEL.match(words)
    if found and not PSEUDONYM.fullmatch(found[2]):
        words = f"{found[1] or ''}{HIDDEN}{words[found.end() :]}"
    for account in accounts:
        words = words.replace(account, HIDDEN)
    return words


def _thing(words: str) -> str:
    """A shared thing by its digest, as answers have it; an address as an address."""
    return without_account(words) if is_address(words) else mark(words)


OBJECTS: Mapping[str, Callable[[str], str]] = {"urls": without_account, "media": _thing, "objects": _thing}


def _as_words(found: pa.Table) -> pa.Table:
    for place, field in enumerate(found.schema):
        if pa.types.is_list(field.type):
            words = ["; ".join(one) if one else None for one in found[field.name].to_pylist()]
            found = found.set_column(place, field.name, pa.array(words, pa.string()))
    return found


def guard_texts(what: str, *, screen: bool) -> None:
    """Raises PrivacyError where texts would go elsewhere than on a screen."""
    if not screen:
        raise PrivacyError(
            T("{what} shows what people wrote, and does so on a screen only.", what=Verbatim(what)),
            do=T("Say it in a terminal, without --format and --out and into no pipe."),
        )
