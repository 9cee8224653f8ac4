"""How often a group's posts hold the phrases of a lexicon of stances, beside all others of the same time.

A stance is of words, never of people, and never a verdict from one word: each count comes with the posts behind it.
Shares are of posts with a text. Posts of one account resemble each other, so the intervals take as many posts as they
are worth: Wilson's interval with the effective number n / d, d the design effect of accounts as clusters (at least 1;
Korn & Graubard 1998, Survey Methodology 24:193-201). Where no or every post has a phrase, the number of accounts is
the effective number. The ratio's interval is MOVER-R's (Newcombe 2016, doi:10.1177/0962280213502144).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.lexicon import Lexicon
from harmattan.influence.sides import Array, Table, Texts, described, texts_of_both
from harmattan.influence.words import BATCH, distinct
from harmattan.text import T, Text
from harmattan.vocabulary.share import ratio_interval, wilson

CAVEATS: tuple[Text, ...] = (
    T("A stance is that of words, not of people: open the posts behind each count."),
    T("Negation, irony and quotation are not understood: a post that quotes a slogan to reject it counts with it."),
    T("The lexicon knows the phrases that its sources document, and no others: a low share is no proof of silence."),
)
"""What is to be said wherever these counts are shown."""


_ids = pa.list_(pa.string())
STANCES = pa.schema(
    [
        described("pair", pa.string(), "what the stance is on: id of the lexicon's pair"),
        described("stance", pa.string(), "id of the stance"),
        described("opposite", pa.string(), "id of the opposite stance of the pair"),
        described("entries", pa.int64(), "entries of the lexicon for it: with few, little can be found"),
        described("posts", pa.int64(), "posts of the group with such a phrase"),
        described("accounts", pa.int64(), "accounts of the group with such a post"),
        described("texts", pa.int64(), "distinct texts among these posts: one means one text, copied"),
        described("both", pa.int64(), "of these posts, those that hold a phrase of the opposite stance as well"),
        described("share", pa.float64(), "posts of those of the group with a text; empty where there are none"),
        described("share_low", pa.float64(), "lower end of the 95 percent interval"),
        described("share_high", pa.float64(), "upper end"),
        described("others_posts", pa.int64(), "the same of all others at the time"),
        described("others_accounts", pa.int64(), "accounts of the others with such a post"),
        described("others_share", pa.float64(), "posts of those of the others with a text"),
        described("others_share_low", pa.float64(), "lower end of the 95 percent interval"),
        described("others_share_high", pa.float64(), "upper end"),
        described("ratio", pa.float64(), "share over others_share; empty where the latter is 0 or unknown"),
        described("ratio_low", pa.float64(), "lower end of the 95 percent interval"),
        described("ratio_high", pa.float64(), "upper end; empty where the data set none"),
        described("row_ids", _ids, "the first of the group's posts"),
        described("others_row_ids", _ids, "the first of the others' posts"),
    ]
)
PHRASES = pa.schema(
    [
        described("entry", pa.int64(), "place of the entry in the lexicon, from 0"),
        described("stance", pa.string(), "id of the stance"),
        described("language", pa.string(), "en or fr"),
        described("pattern", pa.string(), "as the lexicon writes it"),
        described("posts", pa.int64(), "posts of the group with it"),
        described("accounts", pa.int64(), "accounts of the group with it"),
        described("others_posts", pa.int64(), "posts of all others at the time with it"),
        described("row_ids", _ids, "the first of the group's posts"),
    ]
)


@dataclass(frozen=True)
class Narratives:
    """The stances of a group's words, and what they were looked for in."""

    stances: pa.Table
    """`STANCES`: every stance of the lexicon, in its order, found or not."""
    phrases: pa.Table
    """`PHRASES`: every entry that the group's posts hold, the commonest first."""
    group_posts: int
    group_with_text: int
    """The others of the group's posts have no text in the export: they say nothing, neither way."""
    others_posts: int
    others_with_text: int
    caveats: tuple[Text, ...] = CAVEATS


def narratives(
    posts: Table, group: Set[str], lexicon: Lexicon, *, rows: int = 50, sides: tuple[Texts, Texts] | None = None
) -> Narratives:
    """The share of a group's posts with each stance of a lexicon, against the others of the same days (UTC).

    `posts` are as `harmattan.vocabulary.posts` has them; lists of posts hold up to `rows`. `sides` are the texts
    of both sides (`texts_of_both`) where they are there already. Raises UsageError for a group of nobody.
    """
    mine, theirs = sides or texts_of_both(posts, group)
    own, other = _hits(mine, lexicon), _hits(theirs, lexicon)
    of = {
        stance.id: [i for i, e in enumerate(lexicon.entries) if e.stance == stance.id]
        for _, stance, _ in lexicon.stances
    }
    by_stance = {name: (_any(own, places), _any(other, places)) for name, places in of.items()}
    made = []
    for pair, stance, opposite in lexicon.stances:
        one, two = by_stance[stance.id]
        both = one[mine.text] & by_stance[opposite.id][0][mine.text]
        row = {"pair": pair.id, "stance": stance.id, "opposite": opposite.id, "entries": len(of[stance.id])}
        made.append(row | {"both": int(both.sum())} | _compared(mine, one[mine.text], theirs, two[theirs.text], rows))
    phrases = _phrases(lexicon, (mine, own), (theirs, other), rows)
    return Narratives(
        pa.Table.from_pylist(made, STANCES), phrases, mine.posts, len(mine.rows), theirs.posts, len(theirs.rows)
    )


def _hits(texts: Texts, lexicon: Lexicon) -> Array:
    """Which entries (rows) are in which distinct texts (columns): bool.

    First those texts are chosen that hold the longest word of any entry, then for each entry those that hold all its
    words, and only in these its phrase is looked for.
    """
    found = np.zeros((len(lexicon.entries), len(texts.folded)), dtype=bool)
    any_word = "|".join(sorted({phrase.words[0] for phrase in lexicon.phrases}))
    for start in range(0, len(texts.folded), BATCH):
        part = texts.folded.slice(start, BATCH)
        some = np.flatnonzero(np.asarray(pc.match_substring_regex(part, any_word), dtype=bool))
        part = part.take(pa.array(some))
        words = {word for phrase in lexicon.phrases for word in phrase.words}
        held = {word: np.asarray(pc.match_substring(part, word), dtype=bool) for word in words}
        for place, phrase in enumerate(lexicon.phrases):
            at = np.flatnonzero(np.logical_and.reduce([held[word] for word in phrase.words]))
            hit = pc.match_substring_regex(part.take(pa.array(at)), phrase.expression)
            found[place, start + some[at]] = np.asarray(hit, dtype=bool)
    return found


def _any(hits: Array, places: list[int]) -> Array:
    return np.asarray(hits[places].any(axis=0))


def _compared(mine: Texts, one: Array, theirs: Texts, two: Array, rows: int) -> dict[str, object]:
    """A stance's columns: `one` and `two` say for each post with a text whether it holds a phrase."""
    share, inside = _share(mine.account, one)
    other, other_inside = _share(theirs.account, two)
    ratio = share / other if share is not None and other else None
    ratio_inside: tuple[float | None, float | None] = (None, None)
    if share is not None and other is not None and inside and other_inside and (share or other):
        ratio_inside = ratio_interval(share, inside, other, other_inside)
    low, high = inside or (None, None)
    other_low, other_high = other_inside or (None, None)
    return {
        "posts": int(one.sum()), "accounts": _accounts(mine, one), "texts": len(distinct(mine.text[one])),
        "share": share, "share_low": low, "share_high": high,
        "others_posts": int(two.sum()), "others_accounts": _accounts(theirs, two), "others_share": other,
        "others_share_low": other_low, "others_share_high": other_high,
        "ratio": ratio, "ratio_low": ratio_inside[0], "ratio_high": ratio_inside[1],
        "row_ids": _rows(mine, one, rows), "others_row_ids": _rows(theirs, two, rows),
    }  # fmt: skip


def _share(account: Array, hit: Array) -> tuple[float | None, tuple[float, float] | None]:
    """The share of hits and its interval, the accounts taken as clusters; None of none.

    >>> share, inside = _share(np.repeat(np.arange(10), 10), np.repeat(np.arange(10) < 5, 10))
    >>> share, [round(edge, 2) for edge in inside]
    (0.5, [0.23, 0.77])
    """
    n = len(hit)
    if not n:
        return None, None
    share = float(hit.mean())
    posts, hits = np.bincount(account), np.bincount(account, weights=hit)
    there = posts > 0
    clusters = int(there.sum())
    if share in (0.0, 1.0) or clusters == 1:
        worth = float(clusters)
    else:
        off = hits[there] - share * posts[there]
        variance = clusters / (clusters - 1) * float((off**2).sum()) / n**2
        worth = n / max(1.0, variance / (share * (1 - share) / n))
    return share, wilson(share * worth, worth)


def _accounts(texts: Texts, hit: Array) -> int:
    return len(distinct(texts.account[hit]))


def _rows(texts: Texts, hit: Array, rows: int) -> list[str]:
    found: list[str] = texts.rows.take(pa.array(np.flatnonzero(hit)[:rows])).to_pylist()
    return found


def _phrases(lexicon: Lexicon, mine: tuple[Texts, Array], theirs: tuple[Texts, Array], rows: int) -> pa.Table:
    made: list[dict[str, Any]] = []
    for place, entry in enumerate(lexicon.entries):
        one, two = (hits[place][texts.text] for texts, hits in (mine, theirs))
        if one.any():
            made.append(
                {"entry": place, "stance": entry.stance, "language": entry.language, "pattern": entry.pattern,
                 "posts": int(one.sum()), "accounts": _accounts(mine[0], one), "others_posts": int(two.sum()),
                 "row_ids": _rows(mine[0], one, rows)}
            )  # fmt: skip
    made.sort(key=lambda row: (-row["posts"], row["entry"]))
    return pa.Table.from_pylist(made, PHRASES)
