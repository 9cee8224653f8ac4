"""From posts to shares: one row for each post and each thing that it shares, whatever kind of thing.

Values are made comparable in Python, each different one once, and joined back to the posts by the engine that holds
them. So the same code runs on DuckDB and on Spark.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.influence import texts, urls
from harmattan.influence.layers import DOMAIN, LAYERS, POST_COLUMNS
from harmattan.influence.near import MICRO
from harmattan.influence.similar import SIMILAR, Similar, leaders
from harmattan.text import T, Text, Verbatim, counted, listing

Table = Any

COLUMNS = ("layer", "object", "account", "platform", "post", "at")
"""The columns of the table of shares: text, but for `at`, int64, microseconds since 1970-01-01 UTC."""
KINDS = {name: ibis.dtype("int64" if name == "at" else "string") for name in COLUMNS}
BETWEEN = "\x1f"
"""Stands between the hashtags of a post while they are one value."""
ROW = ("account", "platform", "post", "at")


@dataclass(frozen=True)
class Unused:
    """Posts that are in no layer, and why."""

    posts: int
    """All posts that were asked."""
    no_account: int
    no_time: int
    """With an account, but without a time that could be read."""
    no_object: int
    """With both, but without anything shared that a layer takes."""
    unread: Mapping[str, int]
    """By layer: different values that say nothing, such as links that are none and texts too short."""

    def said(self) -> list[Text]:
        """The counts above 0 as sentences."""
        said = (
            counted(self.no_account, "{n} post names no account.", "{n} posts name no account."),
            counted(
                self.no_time, "{n} post has no time that could be read.", "{n} posts have no time that could be read."
            ),
            counted(
                self.no_object,
                "{n} post shares nothing that was looked at.",
                "{n} posts share nothing that was looked at.",
            ),
        )
        return [text for text in said if text.values["n"]]


@dataclass(frozen=True)
class Shares:
    """The table of shares with the posts it came from."""

    table: Table
    """Ibis, columns `COLUMNS`; a post has an object of a layer once."""
    posts: Table
    layers: tuple[str, ...]
    unread: Mapping[str, int]

    @cached_property
    def unused(self) -> Unused:
        """What could not be used, counted by the engine when it is asked for."""
        none, timeless = self.posts.account.isnull(), self.posts.posted_at.isnull()
        counts = self.posts.aggregate(
            posts=self.posts.count(), no_account=none.sum(), no_time=(~none & timeless).sum()
        ).to_pyarrow()
        posts, no_account, no_time = (int(counts[name][0].as_py() or 0) for name in ("posts", "no_account", "no_time"))
        used = int(self.table.select("post").distinct().count().to_pyarrow().as_py())
        return Unused(posts, no_account, no_time, posts - no_account - no_time - used, self.unread)


def shares(
    posts: Table,
    layers: Sequence[str] | None = None,
    *,
    resolved: Mapping[str, str] | None = None,
    similar: Similar = SIMILAR,
    reposts: Collection[str] = (),
) -> Shares:
    """What posts share, by layer; all layers but `similar` where none is named.

    `posts` is an Ibis table as the contract POSTS says, each post once. `resolved` says where shortened addresses lead;
    `reposts` names the layers in which what a repost carries counts too (QUT's toolkit does so for links). A post
    without an account or a time is in no layer. Objects of `text` and `similar` are digests, so that no words leave.
    Raises UsageError for a layer that there is not.
    """
    asked = _known(layers if layers is not None else [name for name in LAYERS if name != "similar"])
    _known(list(reposts))
    usable = _usable(posts)
    makers = _makers(urls.known(resolved or {}), similar)
    tables, unread = [], {}
    for layer in asked:
        some = usable if layer in reposts or LAYERS[layer].reposts else usable.filter(usable.repost_of.isnull())
        if layer in ("reply", "repost"):
            tables.append(_posts_named(some, layer))
            continue
        table, unread[layer] = _layer(some, layer, makers[layer])
        tables.append(table)
    return Shares(reduce(lambda one, other: one.union(other), tables), posts, asked, unread)


def _known(layers: Sequence[str]) -> tuple[str, ...]:
    for layer in layers:
        if layer not in LAYERS:
            raise UsageError(
                T("There is no layer {layer}.", layer=Verbatim(layer)),
                available=T("There are {layers}.", layers=listing([Verbatim(name) for name in LAYERS])),
            )
    return tuple(name for name in LAYERS if name in layers)


def _usable(posts: Table) -> Table:
    """Posts with account and time, the time in microseconds."""
    at = posts.posted_at.truncate("s").epoch_seconds().cast("int64") * MICRO + _microseconds(posts)
    kept = posts.filter(posts.account.notnull(), posts.posted_at.notnull())
    return kept.select("account", "platform", post=kept.row_id, at=at, **{name: kept[name] for name in POST_COLUMNS})


def _microseconds(posts: Table) -> Table:
    """Those after the second. Ibis does not take them out of a time on Spark, so there they are read as written."""
    if posts.get_backend().name != "pyspark":
        return posts.posted_at.microsecond().cast("int64")
    return posts.posted_at.cast("string").re_extract(r"\.(\d+)|$", 1).rpad(6, "0").cast("int64")


Maker = Callable[[pa.Table], list[str | None]]
"""From a table with `raw` (different values) and `n` (posts with each) to the object of each, or None."""


def _makers(resolved: Mapping[str, str], similar: Similar) -> dict[str, Maker]:
    def each(make: Callable[[str], str | None]) -> Maker:
        return lambda values: list(map(make, values["raw"].to_pylist()))

    return {
        "url": each(lambda url: _address(url, resolved)),
        "domain": each(lambda url: _domain(url, resolved)),
        "hashtag": each(texts.hashtag),
        "hashtags": each(lambda tags: texts.sequence(tags, BETWEEN)),
        "text": each(_text),
        "similar": lambda values: _similar(values, similar),
        "media": each(lambda one: one.strip() or None),
        "object": each(lambda one: one.strip() or None),
    }


def _address(url: str, resolved: Mapping[str, str]) -> str | None:
    form = urls.resolve(url, resolved) if resolved else urls.canonical(url)
    return form if form is not None else _code(url)


def _code(words: str) -> str | None:
    """What stands for an address in data that were published without addresses: a number or a hash."""
    return words if words.isalnum() and words.isascii() and not words.isalpha() else None


def _domain(words: str, resolved: Mapping[str, str]) -> str | None:
    if words.startswith(DOMAIN):
        return words[len(DOMAIN) :].strip() or None
    form = urls.resolve(words, resolved) if resolved else urls.canonical(words)
    return None if form is None else urls.host(form)


def _text(text: str) -> str | None:
    folded = texts.fold(text)
    return texts.digest(folded) if texts.speaks(folded) else None


def _similar(values: pa.Table, rule: Similar) -> list[str | None]:
    """The digest of the text that leads the group of each text."""
    raw = [texts.fold(text) for text in values["raw"].to_pylist()]
    spoken = {text: place for place, text in enumerate(dict.fromkeys(text for text in raw if texts.speaks(text)))}
    counts = np.zeros(len(spoken), dtype=np.int64)
    places = np.array([spoken.get(text, -1) for text in raw], dtype=np.int64)
    np.add.at(counts, places[places >= 0], values["n"].to_numpy()[places >= 0])
    folded = list(spoken)
    lead = leaders(folded, counts, rule)
    made = {int(place): texts.digest(folded[place]) for place in np.unique(lead)}
    return [None if place < 0 else made[int(lead[place])] for place in places]


def _layer(usable: Table, layer: str, make: Maker) -> tuple[Table, int]:
    """The shares of a layer, and how many different values said nothing."""
    spread = _spread(usable, layer)
    values = spread.group_by("raw").agg(n=spread.count()).order_by("raw").to_pyarrow()
    made = make(values)
    pairs = pa.table({"raw": values["raw"].cast(pa.string()), "object": pa.array(made, pa.string())})
    pairs = pairs.filter(pairs["object"].is_valid())
    objects = ibis.memtable(pairs.rename_columns(["value", "object"]))
    met = spread.join(objects, [spread.raw == objects.value])
    row = met.select("object", "several", *ROW)
    one, more = row.filter(~row.several).drop("several"), row.filter(row.several).drop("several").distinct()
    return _shaped(one.union(more), layer), len(made) - pairs.num_rows


def _spread(usable: Table, layer: str) -> Table:
    """A row for each post and value, `raw`, and whether the post may have several."""
    parts = []
    for column in LAYERS[layer].columns:
        values = usable[column]
        if column == "text":
            some, raw, several = usable.filter(values.notnull()), values, ibis.literal(False)
        elif layer == "hashtags":
            some, raw, several = usable.filter(values.length() > 1), values.join(BETWEEN), ibis.literal(False)
        else:
            alone = len(LAYERS[layer].columns) == 1
            some, raw = usable.filter(values.length() > 0), values.unnest()
            several = (values.length() > 1) if alone else ibis.literal(True)
        spread = some.select(*ROW, raw=raw, several=several)
        spread = spread.filter(spread.raw.notnull())
        if column == "objects":
            hidden = spread.raw.startswith(DOMAIN)
            spread = spread.filter(hidden if layer == "domain" else ~hidden)
        parts.append(spread)
    return reduce(lambda one, other: one.union(other), parts)


def _posts_named(usable: Table, layer: str) -> Table:
    """Shares of another post: its row id, so that ids of different platforms are not the same."""
    column = usable[LAYERS[layer].columns[0]]
    some = usable.filter(column.notnull())
    return _shaped(some.mutate(object=some.platform + ":" + some[LAYERS[layer].columns[0]]), layer)


def _shaped(table: Table, layer: str) -> Table:
    columns = table.mutate(layer=ibis.literal(layer)).select(*COLUMNS)
    return columns.mutate(**{name: columns[name].cast(kind) for name, kind in KINDS.items()})
