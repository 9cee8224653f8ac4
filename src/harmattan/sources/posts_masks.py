"""Accounts within words: @names in texts, and accounts in the addresses of the large platforms, as pseudonyms.

Names that people write without the sign stay: which words are a name cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from harmattan.sources.posts_pseudonyms import pseudonym

SIGN = re.compile(r"([@＠])(\w+(?:\.\w+)*)")
ADDRESS = re.compile(
    r"(\.(?:com|me)/(?:s/|stories/|groups/|pages/|people/|(?:profile|story|permalink)\.php\?(?:[^\s]*?&)?id=)?)"
    r"(\w+(?:\.\w+)*)",
    re.IGNORECASE,
)
HOSTS = {"twitter": "x", "x": "x", "instagram": "instagram", "t": "telegram", "telegram": "telegram",
         "facebook": "facebook", "fb": "facebook"}  # fmt: skip
"""The platform that an account in an address belongs to, by the word before .com or .me."""
HOST = re.compile(r"(?<!\w)(\w+)\Z")
LONGEST_HOST = 12
NO_ACCOUNT = frozenset(
    "addstickers c dialog events explore groups hashtag home i intent joinchat l.php login marketplace media p "  # noqa: SIM905
    "permalink.php photo photo.php photos posts privacy profile.php reel reels search settings share sharer sharer.php "
    "status stories story.php tv video.php videos watch".split()
)
"""What stands in the place of an account and is none."""
MOST_REMEMBERED = 500_000
MASKED_LISTS = ("urls", "media", "objects")


class Masks:
    """Puts pseudonyms in the place of accounts, and remembers those that it has made."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: dict[tuple[str, str], str] = {}

    def who(self, platform: str, name: str) -> str:
        """The pseudonym of a handle."""
        asked = (platform, name.lower())
        found = self._made.get(asked)
        if found is None:
            if len(self._made) >= MOST_REMEMBERED:
                self._made.clear()
            found = self._made[asked] = pseudonym(self._key, *asked)
        return found

    def masked(self, platform: str, words: str) -> str:
        """Words with pseudonyms in them.

        >>> Masks(b"0123456789abcdef").masked("x", "https://example.org/somebody, see x.com/i/events")
        'https://example.org/somebody, see x.com/i/events'
        >>> "Somebody" in Masks(b"0123456789abcdef").masked("x", "@Somebody: t.me/s/Somebody/5")
        False
        """
        if "/" in words:
            plain = words.lower()
            if ".com/" in plain or ".me/" in plain:
                words = ADDRESS.sub(self._address, words)
        if "@" in words or "＠" in words:
            words = SIGN.sub(lambda found: found[1] + self.who(platform, found[2]), words)
        return words

    def _address(self, found: re.Match[str]) -> str:
        host = HOST.search(found.string[max(0, found.start() - LONGEST_HOST) : found.start()])
        platform = HOSTS.get(host[1].lower()) if host else None
        if platform is None or found[2].lower() in NO_ACCOUNT:
            return found[0]
        return found[1] + self.who(platform, found[2])

    def batch(self, batch: Any) -> Any:
        """A record batch of posts with pseudonyms in its texts and addresses."""
        platforms = batch.column("platform")
        batch = _with(batch, "text", self._column(batch.column("text"), platforms))
        for name in MASKED_LISTS:
            lists = batch.column(name)
            if len(lists.flatten()):
                batch = _with(batch, name, self._lists(lists, platforms))
        return batch

    def _column(self, texts: Any, platforms: Any) -> Any:
        """Only texts with a sign or an address are looked at one by one."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        words = texts.to_pylist()
        some = [n for n, one in enumerate(words) if one and ("@" in one or "/" in one or "＠" in one)]
        if not some:
            return texts
        of_each, where = platforms.to_pylist(), np.zeros(len(words), dtype=bool)
        where[some] = True
        made = [self.masked(of_each[n], words[n]) for n in some]
        return pc.replace_with_mask(texts, pa.array(where), pa.array(made, pa.string()))

    def _lists(self, lists: Any, platforms: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        of_each = platforms.take(pc.list_parent_indices(lists))
        lengths: Sequence[int] = pc.list_value_length(lists).to_pylist()
        starts = [0]
        for length in lengths:
            starts.append(starts[-1] + length)
        return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), self._column(lists.flatten(), of_each))


def _with(batch: Any, name: str, column: Any) -> Any:
    return batch.set_column(batch.schema.get_field_index(name), name, column)
