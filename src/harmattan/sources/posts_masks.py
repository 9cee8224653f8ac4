"""Accounts as pseudonyms in columns that name them, and within words: @names, and accounts in addresses of platforms.

Each account is hashed once and remembered. Names that people write without the sign stay: which words are a name
cannot be told.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from harmattan.sources.posts_accounts import LONGEST, Table
from harmattan.sources.posts_pseudonyms import DIGITS, PREFIX, halves

NAMED = {sign: re.compile(rf"{sign}(\w+(?:\.\w+)*)") for sign in "@＠"}
BETWEEN = "\0"
"""Stands between texts that are looked at together; no text has it."""
TOGETHER = 1_000
"""So many texts fit into the processor's cache."""
ADDRESS = re.compile(
    r"(\.(?:com|me|net|app|ru)/(?:s/|in/|profile/|user/|u/|r/u_|stories/|groups/|pages/|people/|(?:profile|story|permalink)\.php\?(?:[^\s\0]*?&)?id=)?)"
    r"([\w%]+(?:[.-][\w%]+)*)",
    re.IGNORECASE,
)
HOSTS = {"twitter": "x", "x": "x", "instagram": "instagram", "t": "telegram", "telegram": "telegram",
         "facebook": "facebook", "fb": "facebook", "nitter": "x", "vk": "vk", "ok": "ok", "threads": "instagram",
         "bsky": "bluesky", "linkedin": "linkedin", "reddit": "reddit", "tiktok": "tiktok"}  # fmt: skip
"""The platform that an account in an address belongs to, by the word before .com, .me and the like."""
HOST = re.compile(r"(?<!\w)(\w+)\Z")
LONGEST_HOST = 12
NOT_NAMES = (
    "addstickers away.php c company dialog discover events explore feed gallery groups hashtag home i intent jobs "
    "joinchat l.php login marketplace media p permalink.php photo photo.php photos posts privacy profile.php "
    "pulse r reel reels search settings share sharer sharer.php status stories story.php tv video.php videos "
    "watch"
)
NO_ACCOUNT = frozenset(NOT_NAMES.split())
"""What stands in the place of an account and is none."""
MOST_REMEMBERED = 500_000
SIGNED = r"[@＠]|\.(?i:com|me|net|app|ru)/"
"""What a text has that names an account: only such texts are looked at one by one."""
ACCOUNTS = ("account", "surface", "repost_of_account")
MASKED_LISTS = ("urls", "media", "objects")


class Known(dict[str, str]):
    """The pseudonyms of one platform's accounts: each is made when it is first asked for."""

    def __init__(self, key: bytes, platform: str) -> None:
        super().__init__()
        self._inner, self._outer = halves(key)
        self._inner.update(f"{platform}\x1f".encode())

    def __missing__(self, account: str) -> str:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        (made,) = self._pseudonyms([account])
        self[account] = made
        return made

    def _pseudonyms(self, accounts: Iterable[str]) -> Iterator[str]:
        """Those of several accounts, from what is remembered or anew."""
        known, inner, outer = self.get, self._inner.copy, self._outer.copy
        for account in accounts:
            made = known(account)
            if made is None:
                first, second = inner(), outer()
                first.update(account.encode())
                second.update(first.digest())
                made = PREFIX + second.hexdigest()[:DIGITS]
            yield made

    @cached_property
    def _table(self) -> Table:
        return Table(self._pseudonyms, len(PREFIX) + DIGITS, hashlib.sha512(self._inner.digest()).digest())

    def column(self, accounts: Any) -> Any:
        """A column of accounts as pseudonyms; each account in it is looked at once."""
        import pyarrow.compute as pc

        coded = accounts.dictionary_encode()
        made, long = coded.dictionary, pc.greater(pc.binary_length(coded.dictionary), LONGEST)
        if pc.any(long).as_py():
            short = pc.invert(long)
            made = pc.replace_with_mask(made, short, self._table.pseudonyms(made.filter(short)))
            longer = coded.dictionary.filter(long).to_pylist()
            made = pc.replace_with_mask(made, long, _strings(list(map(self.__getitem__, longer))))
        else:
            made = self._table.pseudonyms(made)
        return made.take(coded.indices)


class Masks:
    """Puts pseudonyms in the place of accounts, and remembers those that it has made."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, Known] = {}

    def of(self, platform: str) -> Known:
        """The pseudonyms of a platform."""
        if platform not in self._known:
            self._known[platform] = Known(self._key, platform)
        return self._known[platform]

    def masked(self, platform: str, words: str) -> str:
        """Words with pseudonyms in them.

        >>> Masks(b"0123456789abcdef").masked("x", "https://example.org/somebody, see x.com/i/events")
        'https://example.org/somebody, see x.com/i/events'
        >>> "Somebody" in Masks(b"0123456789abcdef").masked("x", "@Somebody: t.me/s/Somebody/5")
        False
        """
        if "/" in words:
            words = ADDRESS.sub(self._address, words)
        for sign, named in NAMED.items():
            if sign in words:
                parts = named.split(words)
                whole = [sign] * (len(parts) + len(parts) // 2)
                whole[::3] = parts[::2]
                whole[2::3] = list(map(self.of(platform).__getitem__, map(str.lower, parts[1::2])))
                words = "".join(whole)
        return words

    def _address(self, found: re.Match[str]) -> str:
        host = HOST.search(found.string[max(0, found.start() - LONGEST_HOST) : found.start()])
        platform = HOSTS.get(host[1].lower()) if host else None
        if platform is None or found[2].lower() in NO_ACCOUNT:
            return found[0]
        return found[1] + self.of(platform)[found[2].lower()]

    def batch(self, batch: Any) -> Any:
        """A record batch of posts with pseudonyms; its column `signed` says which texts have a sign or an address."""
        platforms = batch.column("platform")
        batch = _with(batch, "text", self._texts(batch.column("text"), platforms, batch.column("signed")))
        for name in ACCOUNTS:
            batch = _with(batch, name, self._accounts(batch.column(name), platforms))
        for name in (*MASKED_LISTS, "mentions"):
            made = self._accounts if name == "mentions" else self._addresses
            lists = batch.column(name)
            if len(lists.flatten()):
                batch = _with(batch, name, _within(lists, made, platforms))
        return batch

    def _accounts(self, accounts: Any, platforms: Any) -> Any:
        """A column of accounts as pseudonyms, by platform."""
        import pyarrow.compute as pc

        if accounts.null_count == len(accounts):
            return accounts
        of_each = pc.unique(platforms).to_pylist()
        for platform in of_each:
            if len(of_each) == 1:
                return self.of(platform).column(accounts)
            here = pc.equal(platforms, platform)
            accounts = pc.replace_with_mask(accounts, here, self.of(platform).column(accounts.filter(here)))
        return accounts

    def _texts(self, texts: Any, platforms: Any, some: Any) -> Any:
        """Texts with pseudonyms in those of them that have a sign or an address, which `some` says.

        Many texts of a platform are looked at as one: one by one would take twice as long.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        for platform in pc.unique(platforms.filter(some)).to_pylist():
            here = pc.and_(some, pc.equal(platforms, platform))
            asked, made = texts.filter(here), []
            for start in range(0, len(asked), TOGETHER):
                masked = self.masked(platform, _joined(asked.slice(start, TOGETHER)))
                made.append(pc.split_pattern(pa.array([masked]), BETWEEN).flatten())
            texts = pc.replace_with_mask(texts, here, pa.concat_arrays(made))
        return texts

    def _addresses(self, texts: Any, platforms: Any) -> Any:
        import pyarrow.compute as pc

        some = pc.match_substring_regex(texts, SIGNED)
        if not pc.any(some).as_py():
            return texts
        made = list(map(self.masked, platforms.filter(some).to_pylist(), texts.filter(some).to_pylist()))
        return pc.replace_with_mask(texts, some, _strings(made))


def _joined(texts: Any) -> str:
    """Texts as one, with `BETWEEN` between them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole: str = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), BETWEEN)[0].as_py()
    return whole


def _strings(words: list[str]) -> Any:
    """Words as an Arrow array, put together at once: ten times as fast as one by one."""
    import numpy as np
    import pyarrow as pa

    whole = "".join(words)
    data, parts = whole.encode(), words if whole.isascii() else [one.encode() for one in words]
    ends = np.cumsum(np.fromiter(map(len, parts), np.int32, len(parts)), dtype=np.int32)
    starts = np.concatenate([np.zeros(1, np.int32), ends])
    return pa.StringArray.from_buffers(len(parts), pa.py_buffer(starts), pa.py_buffer(data))


def _within(lists: Any, make: Callable[[Any, Any], Any], platforms: Any) -> Any:
    """What `make` makes of the values in lists, in the same lists."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    of_each = platforms.take(pc.list_parent_indices(lists))
    ends = np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False), dtype=np.int32)
    starts = pa.array(np.concatenate([np.zeros(1, dtype=np.int32), ends]))
    return pa.ListArray.from_arrays(starts, make(lists.flatten(), of_each))


def _with(batch: Any, name: str, column: Any) -> Any:
    return batch.set_column(batch.schema.get_field_index(name), name, column)
