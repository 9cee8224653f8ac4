"""What CooRTweet finds, as Ibis expressions over shares: the same pairs, edges, weights and subgraphs, on any engine.

CooRTweet (Righetti and Balluff 2025, doi:10.5117/CCR2025.1.7.RIGH) joins accounts that shared an object within a time
window and keeps edges above a percentile of the weights, after Giglietto, Righetti, Rossi and Marino (2020,
doi:10.1080/1369118X.2020.1739732). There is no test against chance in it: that is harmattan.influence.detect. This
module is for those who need its numbers: each function does what the one of that name does in releases 2.0 and 2.1,
its odd sides included, and says which they are.

In CooRTweet's terms: `object` is object_id, `account` account_id, `post` content_id, `at` timestamp_share. Shares are
those of one layer. Where they have a column `place` (the row's number in the file), posts of the same time come in
CooRTweet's order; else by account and post. Nothing but `posts`, `posts_y` and `symmetry` of an edge can depend on it.

Each step reads the one before it several times: let the engine keep `pairs` in between (harmattan.influence.kept),
above all on Spark, which works out again what stands in an expression twice.
"""

from __future__ import annotations

import ibis

from harmattan.errors import UsageError
from harmattan.influence.near import MICRO, Table, earlier_and_later, microseconds
from harmattan.text import T


def detect_groups(shares: Table, window: float = 10, participation: int = 2, *, remove_loops: bool = True) -> Table:
    """Pairs of posts that shared an object within the window: CooRTweet's detect_groups.

    What is easily overlooked:

    - Accounts with fewer rows than `participation` are left out first. Rows are shares, not posts: a post with two
      links counts twice.
    - A window of 10 seconds includes pairs exactly 10 seconds apart.
    - After pairing, participation is asked again: the shares of the posts in pairs are counted for each account (shares
      of any object, so a post in one pair with two links counts twice), and a pair stays when *either* of its posts is
      one of an account with enough of them. Its other account may have fewer.
    - Loops are pairs of one account, of one post with itself, and pairs whose object is the id of one of the two posts:
      an original and its own repost are no pair.
    - CooRTweet does not make posts unique: where ids repeat, every row is paired. Here, rows that agree in object,
      account, post and time are one share, unless `place` tells them apart.
    - CooRTweet subtracts seconds as floating-point numbers; here they are whole microseconds, exact at the edge of the
      window.

    Args:
        shares: `object`, `account`, `post`, `at` of one layer, perhaps `place`.
        window: Seconds; may be 0, which asks for the same time.
        participation: CooRTweet's min_participation; 0 asks for nothing.
        remove_loops: Leave loops out.

    Returns:
        `object`, `account`, `account_y`, `post`, `post_y`, `delta` (int64, microseconds): the earlier post first.
    """
    rows = shares.select("object", "account", "post", "at", place=_place(shares))
    rows = rows.mutate(n=rows.count().over(group_by="account"), first=rows.place.min().over(group_by="account"))
    rows = rows.filter(rows.n >= participation).drop("n")
    both = earlier_and_later(rows, microseconds(window))
    ranks = [(both[name], both[f"{name}_y"]) for name in ("at", "first", "account", "place", "post")]
    pairs = both.filter(_before(ranks))
    pairs = pairs.select("object", "account", "account_y", "post", "post_y", delta=pairs.at_y - pairs["at"])
    if remove_loops:
        meant = (pairs.account != pairs.account_y) & (pairs.post != pairs.post_y)
        pairs = pairs.filter(meant & (pairs.object != pairs.post) & (pairs.object != pairs.post_y))
    return _participating(rows, pairs, participation) if participation >= 1 else pairs


def flag_speed_share(shares: Table, pairs: Table, window: float, participation: int = 2) -> Table:
    """Marks the pairs that a narrower window finds too: CooRTweet's flag_speed_share.

    What is easily overlooked: participation is asked again among the pairs within the narrower window, over all the
    shares given; and the flag goes by the two posts, so that two posts with two objects in common are fast under both,
    also where repeated ids give them different times.

    Args:
        shares: As in detect_groups.
        pairs: What detect_groups returned.
        window: Seconds, less than there.
        participation: As there.

    Returns:
        `pairs` with `fast` (boolean).
    """
    quick = _participating(shares, pairs.filter(pairs.delta <= microseconds(window)), participation)
    quick = quick.select("post", "post_y").distinct().mutate(quick=True)
    return pairs.left_join(quick, ["post", "post_y"]).select(*pairs.columns, fast=ibis._.quick.fill_null(False))


def network(pairs: Table, *, edge_weight: float = 0.5, fast: bool = False, subgraph: int = 0) -> Table:
    """The undirected network of accounts: CooRTweet's generate_coordinated_network.

    What is easily overlooked:

    - The weight counts pairs of posts, object by object: two posts that share two links weigh 2.
    - Accounts are put in alphabetical order, posts are not: `posts` counts the different posts that came first and
      `posts_y` those that came second, whichever account they were of. `symmetry`, the smaller over the larger, is
      therefore 1 for two accounts that take turns as well as for one that always leads.
    - `over` asks for weights *above* the percentile (type 7 of Hyndman and Fan 1996, doi:10.2307/2684934): where half
      of the edges weigh 1, the median is 1, and where all weigh 1, none is over.
    - The percentile of the fast network is that of its own weights.
    - Subgraph 3 holds the accounts of fast edges over their threshold, all their neighbours in the whole network, and
      every edge between any of these.

    Args:
        pairs: What detect_groups or flag_speed_share returned.
        edge_weight: Percentile of the weights, 0 to 1.
        fast: Describe the network of fast pairs beside the whole one.
        subgraph: 0 the whole network; 1 its edges over the threshold; 2 fast edges over theirs; 3 as above. 1 goes
            without `fast`, 2 and 3 with it (CooRTweet returns an empty network for 2 without).

    Returns:
        `account`, `account_y`, `weight`, `delta` (mean, seconds), `posts`, `posts_y`, `symmetry`, `over`; with `fast`
        also `fast_weight` and so on, null on edges without fast pairs; in subgraph 3 `core` and `core_y`: whether the
        account has a fast edge over the threshold.

    Raises:
        UsageError: For a percentile or a subgraph that there is not.
    """
    _check(pairs, edge_weight, fast, subgraph)
    edges = _over(_edges(pairs), edge_weight)
    if not fast:
        return edges.filter(edges.over) if subgraph == 1 else edges
    quick = _over(_edges(pairs.filter(pairs.fast)), edge_weight)
    quick = quick.rename(lambda name: f"fast_{name}")
    ends = [edges.account == quick.fast_account, edges.account_y == quick.fast_account_y]
    edges = edges.left_join(quick, ends).drop("fast_account", "fast_account_y")
    if subgraph == 2:
        return edges.filter(edges.fast_over)
    return _context(edges) if subgraph == 3 else edges


def _place(shares: Table) -> Table:
    return shares.place if "place" in shares.columns else ibis.literal(0, "int64")


def _before(ranks: list[tuple[Table, Table]]) -> Table:
    """One row comes before another by the first of its columns that differs."""
    if len(ranks) == 1:
        return ranks[0][0] < ranks[0][1]
    own, other = ranks[0]
    return (own < other) | ((own == other) & _before(ranks[1:]))


def _participating(rows: Table, pairs: Table, participation: int) -> Table:
    """Pairs of which either post is one of an account that has enough shares of posts in pairs."""
    paired = pairs.select(post=ibis.array([pairs.post, pairs.post_y]).unnest()).distinct()
    held = rows.semi_join(paired, "post").select("account", "post")
    enough = held.mutate(n=held.count().over(group_by="account"))
    kept = enough.filter(enough.n >= participation).select("post").distinct()
    marked = pairs.left_join(kept.select(one="post"), [("post", "one")])
    marked = marked.left_join(kept.select(other="post"), [("post_y", "other")])
    return marked.filter(marked.one.notnull() | marked.other.notnull()).select(*pairs.columns)


def _edges(pairs: Table) -> Table:
    ends = pairs.mutate(
        account=ibis.least(pairs.account, pairs.account_y), account_y=ibis.greatest(pairs.account, pairs.account_y)
    )
    edges = ends.group_by("account", "account_y").agg(
        weight=ends.count(),
        delta=ends.delta.cast("float64").mean() / MICRO,
        posts=ends.post.nunique(),
        posts_y=ends.post_y.nunique(),
    )
    fewer, more = ibis.least(edges.posts, edges.posts_y), ibis.greatest(edges.posts, edges.posts_y)
    return edges.mutate(symmetry=fewer.cast("float64") / more)


def _over(edges: Table, edge_weight: float) -> Table:
    bound = edges.agg(bound=edges.weight.cast("float64").quantile(edge_weight))
    told = edges.cross_join(bound)
    return told.mutate(over=told.weight > told.bound).drop("bound")


def _context(edges: Table) -> Table:
    over = edges.filter(edges.fast_over)
    core = ibis.union(over.select("account"), over.select(account="account_y"), distinct=True)
    ends = edges.select("account", "account_y")
    ways = ibis.union(ends, ends.select(account="account_y", account_y="account"))
    near = ways.semi_join(core, "account").select(account="account_y").distinct()
    held = edges.semi_join(near, "account").semi_join(near.select(account_y="account"), "account_y")
    marked = held.left_join(core.select(one="account"), [("account", "one")])
    marked = marked.left_join(core.select(other="account"), [("account_y", "other")])
    return marked.select(*edges.columns, core=marked.one.notnull(), core_y=marked.other.notnull())


def _check(pairs: Table, edge_weight: float, fast: bool, subgraph: int) -> None:
    if not 0 <= edge_weight <= 1:
        raise UsageError(T("The percentile of the weights of edges lies between 0 and 1."))
    if subgraph not in {0, 1, 2, 3}:
        raise UsageError(T("There is no subgraph {given}: 0, 1, 2 or 3.", given=str(subgraph)))
    if fast and "fast" not in pairs.columns:
        raise UsageError(T("No pair is marked as fast."), do=T("Mark them with flag_speed_share first."))
    if fast and subgraph == 1:
        raise UsageError(T("Subgraph 1 is one of the whole network, without the fast one."))
    if subgraph > 1 and not fast:
        raise UsageError(T("Subgraphs 2 and 3 are those of the fast network."))
