"""The networks of QUT's coordination network toolkit, as Ibis expressions over shares: the same edges and weights.

The toolkit (Graham and QUT Digital Observatory 2020, doi:10.25912/RDF_1632782596538; Graham, Hames and Alpert 2024,
doi:10.1007/s42001-024-00260-z) draws six networks: accounts that repost, reply to or link the same thing, write the
same or a similar text, or post at all within a window of each other. An edge goes from one account to another; its
weight is how many messages of the first have at least one of the second's within the window, before or after. There
is no test against chance in it: that is harmattan.influence.detect.

`shares_of` says what the toolkit takes as the shared object of a post; `network` counts; `similar_network` counts posts
of similar text. Checked against release 1.5.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.errors import UsageError
from harmattan.influence.near import Table, earlier_and_later, microseconds
from harmattan.influence.segments import segments
from harmattan.text import T

NETWORKS = ("co_retweet", "co_tweet", "co_link", "co_reply", "co_post", "co_similar_tweet")
_LAYERS = dict(zip(NETWORKS, ("repost", "text", "url", "reply", "object", "similar"), strict=True))
_MENTION = re.compile(r"@(?:\S|[\x1c-\x1f])*")
_SPACES = " \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
"""Spaces that join into one, by Unicode's rules for words."""


def network(shares: Table, window: float, least: int = 1, *, loops: bool = False) -> Table:
    """The directed network of one kind: co_retweet, co_tweet, co_link, co_reply or co_post, by the shares given.

    What is easily overlooked:

    - A message counts once for each other account, however many of its objects they have in common.
    - A to B and B to A are two edges, and often differ: one message of A beside ten of B weighs 1 from A and 10 from B.
    - Messages lie within `window` seconds either way, the edge included; 0 asks for the same time. The toolkit compares
      floating-point seconds, which at today's dates are right to a quarter of a microsecond: where posts lie exactly a
      fraction of a second apart, it may miss them by that. Here the edge is exact.
    - The toolkit's table has loops, since every message lies within the window of itself: the weight of a loop is the
      number of an account's messages with any object. Its files leave them out unless asked.

    Args:
        shares: `object`, `account`, `post`, `at` of one layer.
        window: Seconds.
        least: min_edge_weight.
        loops: Keep edges from an account to itself.

    Returns:
        `account`, `account_y`, `weight`.

    Raises:
        UsageError: For a window or a weight that there is not.
    """
    _check(least)
    rows = shares.select("object", "account", "post", "at")
    met = earlier_and_later(rows, microseconds(window)).drop("object")
    return _weighed(met, least, loops)


def similar_network(
    tokens: Table,
    window: float,
    least: int = 1,
    *,
    threshold: float = 0.8,
    tokens_at_least: int = 1,
    loops: bool = False,
) -> Table:
    """The network of similar texts: co_similar_tweet.

    Two posts are alike where the tokens that both have are at least `threshold` of those that either has (Jaccard).
    The toolkit compares all posts within the window with each other; here posts meet by the tokens that they have in
    common, which finds the same ones, since a threshold above 0 asks for one at least.

    Args:
        tokens: Shares by `shares_of(posts, "co_similar_tweet")`: a row for each post and token.
        window: Seconds.
        least: min_edge_weight.
        threshold: The toolkit's command line says 0.8, its function 0.9.
        tokens_at_least: min_document_size_similarity: shorter posts are like none, themselves included. The toolkit's
            function counts posts without any word as an error; here they are like none.
        loops: Keep edges from an account to itself.

    Returns:
        `account`, `account_y`, `weight`.

    Raises:
        UsageError: For a window, a weight or a threshold that there is not.
    """
    _check(least)
    if not 0 < threshold <= 1:
        raise UsageError(T("A threshold of similarity is more than 0 and at most 1."))
    rows = tokens.select("object", "account", "post", "at").distinct()
    rows = rows.mutate(size=rows.count().over(group_by="post"))
    rows = rows.filter(rows["size"] >= tokens_at_least)
    both = earlier_and_later(rows, microseconds(window))
    counted = both.group_by("post", "post_y", "account", "account_y").agg(
        common=both.count(), either=both["size"].max() + both.size_y.max()
    )
    alike = counted.common.cast("float64") / (counted.either - counted.common) >= threshold
    return _weighed(counted.filter(alike), least, loops)


def shares_of(posts: pa.Table, network: str, *, blanks: bool = True) -> pa.Table:
    """What the posts share in a network of the toolkit.

    What is easily overlooked:

    - Only co_retweet and co_post look at reposts; the other networks leave them out, whatever else they carry.
    - co_tweet compares texts in small letters, without @mentions (up to the next space) and with single spaces.
    - A post without text, or with nothing but mentions, is the same text as every other such post; and a post without
      links, read from CSV, shares the link "" with every other such post, since the toolkit cuts an empty cell at its
      spaces into one empty link. `blanks` says whether to do the same.
    - co_post takes every post as the same object: the most that two accounts can have in common by their times.
    - Links are taken as written; the toolkit can resolve them first, which asks their servers.
    - Posts without a time or an account are left out.

    Args:
        posts: Of the posts table: `row_id`, `platform`, `account`, `posted_at`, `text`, `urls`, `reply_to`,
            `repost_of`.
        network: One of NETWORKS.
        blanks: Keep the empty text and the empty link as objects.

    Returns:
        Shares: `layer`, `object`, `account`, `platform`, `post`, `at`; in the order of posts.

    Raises:
        UsageError: For a network that there is not.
    """
    if network not in NETWORKS:
        raise UsageError(
            T("There is no network {given}.", given=network),
            available=T("There are: {names}.", names=", ".join(NETWORKS)),
        )
    whole = _looked_at(posts, network)
    places: list[int] = []
    objects: list[str] = []
    for place, found in enumerate(_objects(whole, network)):
        kept = [one for one in found if one or blanks]
        places += [place] * len(kept)
        objects += kept
    taken = whole.take(pa.array(places, pa.int64()))
    return pa.table(
        {
            "layer": pa.repeat(pa.scalar(_LAYERS[network]), len(places)),
            "object": pa.array(objects, pa.string()),
            "account": taken["account"],
            "platform": taken["platform"],
            "post": taken["row_id"],
            "at": taken["posted_at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()),
        }
    )


def folded(text: str) -> str:
    """The text as the toolkit compares it: small letters, no mentions, single spaces.

    >>> folded("@Ana: Convoy   ATTACKED\\n#Sahel")
    'convoy attacked #sahel'
    """
    return " ".join(_MENTION.sub("", text.lower()).split())


def tokens(text: str) -> set[str]:
    """The different words and signs of a text as the toolkit compares them for likeness.

    Small letters, no mentions; cut at Unicode's word boundaries, apostrophes on their own left out.

    >>> sorted(tokens("@Ana L'armée: 3.5 km, 3.5 km"))
    [',', '3.5', ':', 'km', "l'armée"]
    """
    found: set[str] = set()
    for segment in segments(_MENTION.sub("", text.lower())):
        found.update(segment.lstrip(_SPACES).removeprefix("'").split())
    return found


def _looked_at(posts: pa.Table, network: str) -> pa.Table:
    whole = posts.filter(pc.and_(posts["posted_at"].is_valid(), posts["account"].is_valid()))
    return whole if network in {"co_retweet", "co_post"} else whole.filter(whole["repost_of"].is_null())


def _objects(posts: pa.Table, network: str) -> Iterator[list[str]]:
    if network == "co_post":
        return iter([["any post"]] * len(posts))
    name = {"co_retweet": "repost_of", "co_reply": "reply_to", "co_link": "urls"}.get(network, "text")
    values = posts[name].to_pylist()
    if network == "co_link":
        return (list(dict.fromkeys(urls or [""])) for urls in values)
    if network == "co_tweet":
        return ([folded(text or "")] for text in values)
    if network == "co_similar_tweet":
        return (sorted(tokens(text or "")) for text in values)
    return ([value] if value else [] for value in values)


def _weighed(met: Table, least: int, loops: bool) -> Table:
    """Pairs of an earlier and a later post, once in each direction, counted by the first account's posts."""
    ends = met.select("account", "account_y", "post")
    back = met.select(account="account_y", account_y="account", post="post_y")
    edges = ibis.union(ends, back, distinct=True)
    edges = edges if loops else edges.filter(edges.account != edges.account_y)
    counted = edges.group_by("account", "account_y").agg(weight=edges.count())
    return counted.filter(counted.weight >= least)


def _check(least: int) -> None:
    if least < 1:
        raise UsageError(T("The least weight of an edge is 1 or more."))
