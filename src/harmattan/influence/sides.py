"""A group's posts and the others' of the same time, and the texts of either, a copied text counted once per account."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.influence.words import batches, distinct
from harmattan.text import T

Table = Any
"""An Ibis table expression; Ibis has no types that a checker could follow."""
Array = npt.NDArray[Any]
DAY, HOUR = 86_400, 3_600


def hour_of(posts: Table) -> Table:
    """The hour of the day (UTC, 0 to 23) of each post; empty without a time."""
    return (posts.posted_at.epoch_seconds() % DAY // HOUR).cast("int64")


def described(name: str, kind: pa.DataType, what: str) -> pa.Field:
    """A column of a table that is found here, with its meaning."""
    return pa.field(name, kind, metadata={"is": what})


def of_group(posts: Table, group: Set[str]) -> Table:
    """The posts of the accounts of a group. Raises UsageError for a group of nobody."""
    if not group:
        raise UsageError(T("The group has no accounts."))
    return posts.filter(posts.account.isin(sorted(group)).fill_null(False))


def of_others(posts: Table, group: Set[str]) -> Table:
    """The posts of all others on the days (UTC) on which the group posted; all of theirs where none has a time.

    Posts without an account are others'. Where the group's posts have times, others' posts without one are left out.
    """
    mine = of_group(posts, group)
    theirs = posts.filter(~posts.account.isin(sorted(group)).fill_null(False))
    days = mine.filter(mine.posted_at.notnull()).select(day=mine.posted_at.epoch_seconds() // DAY).distinct()
    if not days.count().execute():
        return theirs
    return theirs.mutate(day=theirs.posted_at.epoch_seconds() // DAY).semi_join(days, "day").drop("day")


@dataclass(frozen=True)
class Texts:
    """The distinct folded texts of some posts, and which post and account has which.

    Texts that differ only in case, accents, marks, links or names of accounts are one text.
    """

    folded: pa.Array
    """The distinct texts, as `harmattan.influence.words.folded` has them."""
    text: Array
    """For each post with a text the place of it in `folded`."""
    account: Array
    """For each post with a text a number for its account; posts without an account have one each."""
    rows: pa.Array
    """For each post with a text its `row_id`."""
    written: pa.ChunkedArray
    """The texts as they are written, post by post."""
    posts: int
    """All posts, those without a text included."""

    @property
    def pairs(self) -> tuple[Array, Array]:
        """Every account and text of it once: the rule by which a text that an account repeats counts once."""
        key = distinct(self.account * max(1, len(self.folded)) + self.text)
        return key // max(1, len(self.folded)), key % max(1, len(self.folded))

    @property
    def weights(self) -> Array:
        """For each distinct text the number of accounts that posted it."""
        return np.bincount(self.pairs[1], minlength=len(self.folded))


def texts_of_both(posts: Table, group: Set[str]) -> tuple[Texts, Texts]:
    """The texts of a group, and those of all others on its days. Raises UsageError for a group of nobody."""
    return texts_of(of_group(posts, group)), texts_of(of_others(posts, group))


def texts_of(posts: Table) -> Texts:
    """The texts of posts, in the order of their `row_id`."""
    said = posts.filter(posts.text.notnull(), posts.text.strip() != "")
    chosen = said.select("row_id", "text", who=ibis.coalesce(said.account, said.row_id)).order_by("row_id")
    found = chosen.to_pyarrow()
    written = found["text"].combine_chunks().dictionary_encode()
    parts = [part for _, part in batches(written.dictionary)]
    same = (pa.concat_arrays(parts) if parts else pa.array([], pa.string())).dictionary_encode()
    distinct = np.asarray(same.indices, dtype=np.int64)
    accounts = found["who"].combine_chunks().dictionary_encode()
    return Texts(
        same.dictionary,
        distinct[np.asarray(written.indices, dtype=np.int64)] if len(distinct) else np.zeros(0, np.int64),
        np.asarray(accounts.indices, dtype=np.int64),
        found["row_id"].combine_chunks(),
        found["text"],
        int(posts.count().execute()),
    )
