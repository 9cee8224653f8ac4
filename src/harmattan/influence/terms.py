"""What a group's posts say more often than all others of the same time: words, bigrams, links and hashtags.

The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, "Fightin' Words",
doi:10.1093/pan/mpn018). With y the counts of a term in the group's posts (1) and in
the others' (2), n those of all terms and α = A (y₁ + y₂) / (n₁ + n₂):

    δ = ln (y₁ + α) / (n₁ + A - y₁ - α) - ln (y₂ + α) / (n₂ + A - y₂ - α),   z = δ / √(1 / (y₁ + α) + 1 / (y₂ + α))

A is how many terms the prior is worth; here as many as the smaller side has, unless said. z orders the terms. It is no
test: terms of one text do not come independently of each other, and many terms are looked at.

What counts: a term once per text, and a text once per account, however often the account posts it (texts that differ
in case, accents, marks or links are one). A term of one text alone, or of one account alone, is no term but that text:
it is left out. A link, domain or hashtag counts once per account and day. The others' posts are those of the days on
which the group posted. A group that writes in another language than the others has that language's words as its terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from harmattan.influence.near import MICRO
from harmattan.influence.sides import DAY, Array, Table, Texts, described, texts_of_both
from harmattan.influence.words import BATCH, distinct, folded, kinds, tokens

BETWEEN = 2
"""A bigram is two words with up to so many stop words between them: `armée d'occupation`."""
OBJECTS = ("url", "domain", "hashtag")
SEEN = 20
"""A term is written as it is most often in the first so many texts that have it."""
_WORD = re.compile(r"[^\W_]+")
TERMS = pa.schema(
    [
        described("kind", pa.string(), "word, bigram, url, domain or hashtag"),
        described("term", pa.string(), "folded; an object as the table of shares has it"),
        described("written", pa.string(), "as the group writes it most often"),
        described("z", pa.float64(), "log-odds ratio over its standard deviation"),
        described("log_odds", pa.float64(), "log-odds ratio, shrunk by the prior"),
        described("group_count", pa.int64(), "counts in the group's posts by the rule"),
        described("group_total", pa.int64(), "counts of all terms of this kind in the group's posts"),
        described("others_count", pa.int64(), "counts in the others' posts by the rule"),
        described("others_total", pa.int64(), "counts of all terms of this kind in the others' posts"),
        described("accounts", pa.int64(), "accounts of the group that use it"),
        described("texts", pa.int64(), "distinct texts of the group that have it; empty for objects"),
        described("posts", pa.int64(), "posts of the group that have it, repeated ones included"),
        described("row_ids", pa.list_(pa.string()), "the first of these posts"),
    ]
)


@dataclass(frozen=True)
class Terms:
    """The distinctive terms of a group, and what they were found in."""

    table: pa.Table
    """`TERMS`; for each kind the most distinctive first."""
    group_posts: int
    group_with_text: int
    group_texts: int
    """Texts of the group, each once per account."""
    others_posts: int
    others_with_text: int
    others_texts: int


def distinctive(
    posts: Table,
    group: Set[str],
    shares: Table | None = None,
    *,
    most: int = 50,
    rows: int = 50,
    prior: float = 0.0,
    sides: tuple[Texts, Texts] | None = None,
) -> Terms:
    """What the group's posts have more often than all others of the same days: up to `most` terms of each kind.

    `posts` are as `harmattan.vocabulary.posts` has them, `shares` as the influence room has them: without them, words
    and bigrams only. `prior` is A above, 0 for as many as the smaller side has. `sides` are the texts of both sides
    (`texts_of_both`) where they are there already. Raises UsageError for a group of nobody. A term that the group uses
    less often than the others is none of its terms.
    """
    mine, theirs = sides or texts_of_both(posts, group)
    found = _of_texts(mine, theirs, most, rows, prior)
    if shares is not None:
        found += [_of_objects(shares, group, layer, (most, rows, prior)) for layer in OBJECTS]
    table = pa.concat_tables([TERMS.empty_table(), *found])
    counted = [(side.posts, len(side.rows), int(side.weights.sum())) for side in (mine, theirs)]
    return Terms(table, *counted[0], *counted[1])


def log_odds(one: Array, one_total: float, other: Array, other_total: float, prior: float) -> tuple[Array, Array]:
    """δ and z of terms from their counts on either side and those of all terms; float arrays of one length.

    >>> delta, z = log_odds(np.array([30.0, 70.0]), 100, np.array([10.0, 90.0]), 100, 100)
    >>> [round(float(x), 3) for x in z]
    [2.754, -5.677]
    """
    alpha = prior * (one + other) / max(1.0, one_total + other_total)
    a, b = one + alpha, other + alpha
    rest, rest_other = one_total + prior - a, other_total + prior - b
    sure = (a > 0) & (b > 0) & (rest > 0) & (rest_other > 0)
    a, b, rest, rest_other = (np.where(sure, x, 1.0) for x in (a, b, rest, rest_other))
    delta = np.where(sure, np.log(a / rest) - np.log(b / rest_other), 0.0)
    return delta, delta / np.sqrt(1 / a + 1 / b)


@dataclass(frozen=True)
class _Found:
    """Terms in texts: every text and term of it once. `first` and `second` are words; the same for single words."""

    text: Array
    first: Array
    second: Array
    words: pa.Array


def _in_texts(texts: pa.Array) -> dict[str, _Found]:
    """The words and bigrams of folded texts, each once per text."""
    said = tokens(texts)
    term, breaks = kinds(said.words)
    sentence = np.cumsum(breaks[said.word]) if len(said.word) else np.zeros(0, np.int64)
    at = np.flatnonzero(term[said.word]) if len(said.word) else np.zeros(0, np.int64)
    text, word = said.text[at], said.word[at]
    near = (text[1:] == text[:-1]) & (sentence[at][1:] == sentence[at][:-1]) & (np.diff(at) <= BETWEEN + 1)
    n = max(1, len(said.words))
    single = distinct(text * n + word)
    double = distinct((text[:-1][near] * n + word[:-1][near]) * n + word[1:][near])
    pair_of = double % (n * n)
    return {
        "word": _Found(single // n, single % n, single % n, said.words),
        "bigram": _Found(double // (n * n), pair_of // n, pair_of % n, said.words),
    }


def _of_texts(mine: Texts, theirs: Texts, most: int, rows: int, prior: float) -> list[pa.Table]:
    """The distinctive words and bigrams."""
    own = _in_texts(mine.folded)
    weights = theirs.weights
    counts = {kind: _Counts(found) for kind, found in own.items()}
    for start in range(0, len(theirs.folded), BATCH):
        for kind, found in _in_texts(theirs.folded.slice(start, BATCH)).items():
            counts[kind].add(found, weights[start : start + BATCH])
    return [_ranked(mine, own[kind], counts[kind], kind, (most, rows, prior)) for kind in own]


class _Counts:
    """How often others use the terms that a group uses."""

    def __init__(self, own: _Found) -> None:
        self.words, self.n = own.words, max(1, len(own.words))
        self.keys = distinct(own.first * self.n + own.second)
        self.counts = np.zeros(len(self.keys), dtype=np.int64)
        self.total = 0

    def add(self, found: _Found, weights: Array) -> None:
        """Some of their texts, each with the number of accounts that posted it."""
        import pyarrow.compute as pc

        self.total += int(weights[found.text].sum())
        place = np.asarray(pc.index_in(found.words, value_set=self.words).fill_null(-1), dtype=np.int64)
        if not len(place) or not len(self.keys):
            return
        first, second = place[found.first], place[found.second]
        key = np.where((first >= 0) & (second >= 0), first * self.n + second, -1)
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        hit = self.keys[at] == key
        self.counts += np.bincount(at[hit], weights=weights[found.text[hit]], minlength=len(self.keys)).astype(np.int64)


def _ranked(mine: Texts, own: _Found, theirs: _Counts, kind: str, limits: tuple[int, int, float]) -> pa.Table:
    """The terms of one kind in the order of z, each with its posts."""
    from scipy.sparse import csr_array

    most, rows, prior = limits
    keys, n = theirs.keys, theirs.n
    term = np.searchsorted(keys, own.first * n + own.second)
    has = csr_array((np.ones(len(term), np.int64), (own.text, term)), shape=(len(mine.folded), len(keys)))
    who, text = mine.pairs
    size = (int(who.max()) + 1 if len(who) else 0, len(mine.folded))
    used = (csr_array((np.ones(len(who), np.int64), (who, text)), shape=size) @ has).tocsc()
    counts, accounts = np.asarray(used.sum(axis=0)).ravel(), np.diff(used.indptr)
    texts, total = np.asarray(has.sum(axis=0)).ravel(), int(counts.sum())
    delta, z = log_odds(counts, total, theirs.counts, theirs.total, prior or min(total, theirs.total))
    kept = np.flatnonzero((texts > 1) & (accounts > 1) & (z > 0))
    kept = kept[np.lexsort((keys[kept], -z[kept]))][:most]
    columns, posts_of, words = has.tocsc(), _Posts(mine), own.words.to_pylist()
    behind = [posts_of.having(columns.indices[columns.indptr[k] : columns.indptr[k + 1]]) for k in kept]
    spelling = _Spelling(mine, behind)
    made = []
    for place, at in zip(kept, behind, strict=True):
        parts = [words[int(keys[place] // n)], words[int(keys[place] % n)]][: 1 if kind == "word" else 2]
        made.append(
            (kind, " ".join(parts), spelling.of(parts, at), float(z[place]), float(delta[place]),
             int(counts[place]), total, int(theirs.counts[place]), theirs.total, int(accounts[place]),
             int(texts[place]), len(at), mine.rows.take(pa.array(at[:rows])).to_pylist())
        )  # fmt: skip
    return _table(made)


class _Posts:
    """The posts that have given texts, in their order."""

    def __init__(self, texts: Texts) -> None:
        self.order = np.argsort(texts.text, kind="stable")
        self.sorted = texts.text[self.order]

    def having(self, texts: Array) -> Array:
        """The places of these posts."""
        low, high = np.searchsorted(self.sorted, texts, "left"), np.searchsorted(self.sorted, texts, "right")
        parts = [self.order[a:b] for a, b in zip(low, high, strict=True)]
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


class _Spelling:
    """How terms are written in the first of their posts."""

    def __init__(self, mine: Texts, behind: Sequence[Array]) -> None:
        seen = sorted({int(place) for at in behind for place in at[:SEEN]})
        self.texts = {place: unicodedata.normalize("NFC", mine.written[place].as_py()) for place in seen}
        words = sorted({match.group() for text in self.texts.values() for match in _WORD.finditer(text)})
        plain = folded(pa.array(words, pa.string())).to_pylist()
        self.plain = {word: one.strip() for word, one in zip(words, plain, strict=True)}

    def of(self, parts: list[str], at: Array) -> str:
        """A term as it is written most often, from its first word to its last; folded where it is not found again."""
        forms = Counter(form for place in at[:SEEN] if (form := self._in(self.texts[int(place)], parts)))
        return min(forms, key=lambda form: (-forms[form], form)) if forms else " ".join(parts)

    def _in(self, text: str, parts: list[str]) -> str:
        found = list(_WORD.finditer(text))
        plain = [self.plain[match.group()] for match in found]
        for start in (i for i, word in enumerate(plain) if word == parts[0]):
            after = (
                range(start + 1, min(len(plain), start + BETWEEN + 2)) if len(parts) > 1 else range(start, start + 1)
            )
            end = next((j for j in after if plain[j] == parts[-1]), None)
            if end is not None:
                return text[found[start].start() : found[end].end()].lower()
        return ""


def _of_objects(shares: Table, group: Set[str], layer: str, limits: tuple[int, int, float]) -> pa.Table:
    """The distinctive objects of one layer: each counts once per account and day."""
    most, rows, prior = limits
    own = shares.filter(shares.layer == layer).mutate(day=shares["at"] // (MICRO * DAY))
    own = own.mutate(mine=own.account.isin(sorted(group)).fill_null(False))
    daily = own.select("object", "account", "day", "mine").distinct()
    days = daily.filter(daily.mine).select("day").distinct()
    daily = daily.semi_join(days, "day")
    by = daily.group_by("object").agg(
        one=daily.mine.cast("int64").sum(), other=(~daily.mine).cast("int64").sum(),
        accounts=daily.account.nunique(where=daily.mine),
    )  # fmt: skip
    totals = daily.agg(one=daily.mine.cast("int64").sum(), other=(~daily.mine).cast("int64").sum()).to_pyarrow()
    total, other_total = (int(totals[name][0].as_py() or 0) for name in ("one", "other"))
    found = by.filter(by.one > 0, by.accounts > 1).order_by("object").to_pyarrow()
    one, other = (np.asarray(found[name], dtype=np.int64) for name in ("one", "other"))
    delta, z = log_odds(one, total, other, other_total, prior or min(total, other_total))
    kept = np.flatnonzero(z > 0)
    kept = kept[np.argsort(-z[kept], kind="stable")][:most]
    objects = found["object"].take(pa.array(kept)).to_pylist()
    chosen = own.filter(own.mine, own["object"].isin(objects)) if objects else own.limit(0)
    behind = chosen.select("object", "post").distinct().order_by("object", "post").to_pyarrow()
    ids: dict[str, list[str]] = {name: [] for name in objects}
    for name, post in zip(behind["object"].to_pylist(), behind["post"].to_pylist(), strict=True):
        ids[name].append(post)
    accounts = found["accounts"].to_pylist()
    made = [
        (layer, name, name, float(z[i]), float(delta[i]), int(one[i]), total, int(other[i]), other_total,
         int(accounts[i]), None, len(ids[name]), ids[name][:rows])
        for i, name in zip(kept, objects, strict=True)
    ]  # fmt: skip
    return _table(made)


def _table(made: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*made, strict=True)) if made else [()] * len(TERMS)
    return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, TERMS, strict=True)], schema=TERMS)
