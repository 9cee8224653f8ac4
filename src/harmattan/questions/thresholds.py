"""The networks of other tools, by their own fixed thresholds, for those who compare with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from harmattan.errors import UsageError
from harmattan.influence import coortweet, toolkit
from harmattan.influence.near import earlier_and_later, microseconds, most_pairs
from harmattan.questions import posted
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.campaign_rows import resting
from harmattan.questions.campaigns import Drawn
from harmattan.questions.centrality import Shape, shape
from harmattan.questions.parameters import Params
from harmattan.questions.posted import LEAST_ACCOUNTS, Posted
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim, counted, listing

Table = Any

PART = AnswerColumn("part", T("graph: the whole; node: an account; edge: two accounts that are linked"))
ENDS = (
    AnswerColumn("id", T("the account, a pseudonym; of an edge, its one end")),
    AnswerColumn("to_id", T("of an edge, its other end")),
)
KIND = AnswerColumn("kind", T("of an edge: beyond_chance, coortweet, or the toolkit's name of its network"))
SHAPE = (
    AnswerColumn("nodes", T("of the graph: accounts in it"), "accounts"),
    AnswerColumn("pairs", T("of the graph: linked pairs"), "pairs"),
    AnswerColumn("components", T("of the graph: parts without a link between them"), "parts"),
    AnswerColumn("largest", T("of the graph: accounts in the largest part"), "accounts"),
    AnswerColumn("density", T("of the graph: linked pairs divided by those that there could be; 0 to 1")),
)
COLUMNS = (
    PART,
    *ENDS,
    KIND,
    AnswerColumn("degree", T("of an account: others it is linked with"), "accounts"),
    AnswerColumn("layers", T("of an edge: by what objects, with the occasions")),
    AnswerColumn("weight", T("of an edge: its weight as the other tool counts it")),
    AnswerColumn("delta", T("of an edge of CooRTweet: time between the two posts, mean"), "seconds"),
    AnswerColumn("symmetry", T("of an edge of CooRTweet: the fewer different posts of the two sides over the more")),
    AnswerColumn("over", T("of an edge of CooRTweet: whether its weight is over the median of the weights")),
    *SHAPE,
    RECORDS,
)
SECONDS = {"coortweet": 10.0, "toolkit": 60.0}
"""The windows where none is said: CooRTweet's own, and the one that is usual here (the toolkit's own is 1 second)."""
LEAST = 2
"""Least participation of CooRTweet, least weight of the toolkit."""
NETWORKS: Mapping[str, str] = {
    "repost": "co_retweet", "text": "co_tweet", "url": "co_link", "reply": "co_reply", "similar": "co_similar_tweet",
    "object": "co_post",
}  # fmt: skip
"""The toolkit's networks by layers."""
MOST_PAIRS = 5_000_000
"""More pairs of posts than this do not fit into the memory of a small machine."""
USUAL = ("repost", "text", "url", "reply")
ROW = ("row_id", "platform", "account", "posted_at", "text", "urls", "reply_to", "repost_of")


@dataclass(frozen=True)
class Edge:
    """A link of another tool, with the posts it rests on."""

    one: str
    other: str
    kind: str
    layer: str
    said: Mapping[str, Any]
    posts: Sequence[str]


def by_thresholds(world: World, params: Params, accepts: tuple[str, ...]) -> Answer:
    """The graph, its accounts and links under the thresholds of another tool; parts of few accounts are counted."""
    tool = str(params.semantics)
    if len(params.seconds) > 1 or params.campaign or params.by:
        raise UsageError(
            T("By the thresholds of {tool} there is one window, and there are no campaigns.", tool=Verbatim(tool)),
            do=T("Leave --campaign and --by out, and say one number of seconds."),
        )
    ground = posted.posted(world, params)
    drawn = Drawn("coordination-network", ground, accepts)
    if not ground.held:
        return drawn.not_covered(COLUMNS)
    window = params.seconds[0] if params.seconds else SECONDS[tool]
    least = params.at_least or LEAST
    find: Callable[[Posted, float, int], Iterator[Edge]] = _coortweet if tool == "coortweet" else _toolkit
    edges = sorted(find(ground, window, least), key=lambda edge: (edge.one, edge.other, edge.kind, edge.layer))
    whole, parts = shape((), [(edge.one, edge.other) for edge in edges])
    shown = {name for part in parts if len(part) >= LEAST_ACCOUNTS for name in part}
    lines = list(_lines(ground, edges, whole, shown))
    said = _headline(drawn, whole, tool, window, least)
    hidden = sum(len(part) < LEAST_ACCOUNTS for part in parts)
    caveats = [THRESHOLDS, *([_hidden(hidden)] if hidden else []), *posted.left_out(ground)]
    return drawn.finish(lines, COLUMNS, said, caveats)


def _lines(ground: Posted, edges: Sequence[Edge], whole: Shape, shown: set[str]) -> Iterator[Line]:
    empty = blank(COLUMNS)
    # Posts of parts that are too small to be listed are not listed behind the graph's numbers either.
    every = {post for edge in edges if edge.one in shown for post in edge.posts}
    yield resting(ground, every, empty | {"part": "graph"} | shaped(whole))
    near: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        for one, other in ((edge.one, edge.other), (edge.other, edge.one)):
            near[one].add(other)
            own[one].update(edge.posts)
    for name in sorted(shown):
        yield resting(ground, own[name], empty | {"part": "node", "id": name, "degree": len(near[name])})
    for edge in edges:
        if edge.one in shown:
            ends = {"part": "edge", "id": edge.one, "to_id": edge.other, "kind": edge.kind, "layers": edge.layer}
            yield resting(ground, edge.posts, empty | ends | dict(edge.said))


def _coortweet(ground: Posted, window: float, least: int) -> Iterator[Edge]:
    """CooRTweet's network of each layer there is."""
    table = ground.shares.table
    for layer in sorted(table.select("layer").distinct().to_pyarrow()["layer"].to_pylist()):
        rows = table.filter(table.layer == layer)
        _check_crowds(rows, window)
        pairs = ibis.memtable(coortweet.detect_groups(rows, window, least).to_pyarrow())
        posts = _posts_of(pairs)
        for row in coortweet.network(pairs).to_pyarrow().to_pylist():
            ends = row["account"], row["account_y"]
            said = {"weight": row["weight"], "delta": round(row["delta"], 3), "symmetry": round(row["symmetry"], 3),
                    "over": row["over"]}  # fmt: skip
            yield Edge(*ends, "coortweet", layer, said, posts[ends])


def _check_crowds(rows: Table, window: float) -> None:
    """Raises UsageError where so many share one object at once that not every two of them can be compared."""
    pairs = most_pairs(rows, microseconds(window))
    if pairs > MOST_PAIRS:
        raise UsageError(
            T("Too many posts share the same object within {seconds} seconds: up to {pairs} would have to be compared.",
              seconds=Verbatim(f"{window:g}"), pairs=counted(pairs, "{n} pair", "{n} pairs")),
            do=T("Name fewer days, another --object, or fewer --seconds; without --semantics such crowds are left out "
                 "and counted."),
        )  # fmt: skip


def _posts_of(pairs: Table) -> Mapping[tuple[str, str], list[str]]:
    """The posts of each two accounts in pairs of posts, the two in alphabetical order."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = pairs.select("account", "account_y", "post", "post_y").distinct().to_pyarrow()
    for one, other, *posts in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True):
        found[min(one, other), max(one, other)] += posts
    return found


def _toolkit(ground: Posted, window: float, least: int) -> Iterator[Edge]:
    """The toolkit's networks of the layers asked about; their edges have a direction."""
    wanted = ground.params.object or USUAL
    unknown = [layer for layer in wanted if layer not in NETWORKS]
    if unknown:
        raise UsageError(
            T("The toolkit has no network by {layer}.", layer=Verbatim(unknown[0])),
            available=T("There are: {all}.", all=listing([Verbatim(layer) for layer in NETWORKS])),
        )
    posts = ground.posts.select(*ROW).order_by("row_id").to_pyarrow()
    for layer in wanted:
        rows = ibis.memtable(toolkit.shares_of(posts, NETWORKS[layer], blanks=False))
        _check_crowds(rows, window)
        find = toolkit.similar_network if layer == "similar" else toolkit.network
        edges = find(rows, window, least).to_pyarrow().to_pylist()
        near = earlier_and_later(rows, microseconds(window)) if edges else None
        behind = {} if near is None else _posts_of(near.filter(near.account != near.account_y))
        for row in edges:
            ends = row["account"], row["account_y"]
            resting_on = behind.get((min(ends), max(ends)), [])
            yield Edge(*ends, NETWORKS[layer], layer, {"weight": row["weight"]}, resting_on)


def _headline(drawn: Drawn, whole: Shape, tool: str, window: float, least: int) -> Text:
    return T(
        "By the thresholds of {tool} ({seconds} seconds, at least {least}): {accounts}, {pairs} linked, in {parts}; "
        "the largest has {largest}.",
        tool=Verbatim({"coortweet": "CooRTweet", "toolkit": "QUT"}[tool]),
        seconds=Verbatim(f"{window:g}"),
        least=least,
        accounts=counted(drawn.number(whole.nodes, 0), "{n} account", "{n} accounts"),
        pairs=counted(drawn.number(whole.links, 0), "{n} pair", "{n} pairs"),
        parts=counted(drawn.number(whole.components, 0), "{n} part", "{n} parts"),
        largest=counted(drawn.number(whole.largest, 0), "{n} account", "{n} accounts"),
    )


def _hidden(parts: int) -> Text:
    return T("Parts of fewer than {n} accounts, in the numbers of the graph and not listed: {parts}.",
             parts=parts, n=LEAST_ACCOUNTS)  # fmt: skip


THRESHOLDS = T(
    "Fixed thresholds hold nothing to chance: two busy accounts that share what everybody shares are linked as well. "
    "Which links are beyond chance is said without --semantics."
)


def blank(columns: Iterable[AnswerColumn]) -> dict[str, Any]:
    """A row of which nothing is said yet."""
    return dict.fromkeys(column.name for column in columns)


def shaped(whole: Shape) -> dict[str, Any]:
    """The shape as values of the row of the graph."""
    told = dict(vars(whole))
    return {"pairs": told.pop("links"), **told}
