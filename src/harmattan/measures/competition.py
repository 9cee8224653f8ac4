"""Competition between armed groups: shares of activity, how concentrated it is, who leads where, who fights whom.

A group is active where it is a side of an event, on either side. Each event counts once for each group in it, so the
shares of the groups, and not the events, add up to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from harmattan.measures.events import SUMMED, sum_or_none

Table = Any
LEADS = ("events", "deaths_best")
"""What makes a group the leading one: the most events; of those with as many, the most deaths; then the first name."""


def sides(events: Table) -> Table:
    """The parties one by one: release, event_id, side (a or b), party, type (the publisher's kind of actor, or null).

    `events` has release, event_id, actors_a, actors_b, type_a, type_b.
    """
    parts = [
        events.select(
            "release",
            "event_id",
            side=ibis.literal(side),
            party=events[f"actors_{side}"].unnest(),
            type=events[f"type_{side}"],
        )
        for side in ("a", "b")
    ]
    return parts[0].union(parts[1])


def activity(events: Table, sided: Table, by: Sequence[str]) -> Table:
    """What each group was a side of: one row for each value of the columns `by` and group.

    `sided` has the rows of `sides` whose party is a group. Columns: `by`, `group`, events, deaths_low, deaths_best,
    deaths_high, deaths_civilians, events_as_a and deaths_as_a (best; where the group is a part of the publisher's side
    a), `share` (of the events of all groups with the same `by`, 0 to 1), `keys` (release:event_id of the records),
    `records`.
    """
    once = sided.group_by("release", "event_id", group=sided.party).agg(as_a=(sided.side == "a").any())
    rows = events.inner_join(once, ["release", "event_id"])
    held = rows.group_by(*by, "group").agg(
        **_sums(rows),
        events_as_a=rows.n_events.sum(where=rows.as_a).fill_null(0),
        deaths_as_a=rows.deaths_best.sum(where=rows.as_a).fill_null(0),
        keys=_key(rows).collect(),
    )
    return held.mutate(share=held.events / held.events.sum().over(ibis.window(group_by=list(by))))


def active(events: Table, sided: Table, by: Sequence[str]) -> Table:
    """The events in which any group was a side, each counted once: columns `by`, sums, `keys`, `records`."""
    rows = events.semi_join(sided, ["release", "event_id"])
    return rows.group_by(*by).agg(**_sums(rows), keys=_key(rows).collect())


def concentration(held: Table, by: Sequence[str]) -> Table:
    """How the activity is spread over groups, from `activity` by the same columns.

    Columns: `by`, groups (how many were active), entropy (H = -sum p ln p over the groups' shares p; Shannon 1948,
    doi:10.1002/j.1538-7305.1948.tb01338.x), evenness (H / ln groups, from 0 to 1, and 0 with one group; Pielou 1966,
    doi:10.1016/0022-5193(66)90013-0), effective (1 / sum p^2, the number of groups of one size that would be as
    concentrated; Dowd 2015, doi:10.1177/2053168015607891), leader and leader_share.
    """
    order = ibis.window(group_by=list(by), order_by=[*(ibis.desc(name) for name in LEADS), ibis.asc("group")])
    ranked = held.mutate(place=ibis.row_number().over(order))
    first = ranked.place == 0
    found = ranked.group_by(*by).agg(
        groups=ranked.count(),
        entropy=-(ranked.share * ranked.share.ln()).sum(),
        effective=1 / (ranked.share * ranked.share).sum(),
        leader=ranked.group.max(where=first),
        leader_share=ranked.share.max(where=first),
    )
    spread = found.entropy / ibis.ifelse(found.groups > 1, found.groups, 2).ln()
    return found.mutate(evenness=ibis.ifelse(found.groups > 1, spread, 0.0))


def contested(leading: Table, by: Sequence[str]) -> Table:
    """Cells by what happened in them, from `concentration` by `by`, nth and cell, where each cell is known.

    Columns: `by`, nth, cells (with a group active), contested (with at least two), compared (with a group active in the
    period before as well), changed (of these, with another group leading than then).
    """
    keys = tuple(dict.fromkeys((*by, "nth", "cell")))
    before = leading.select(**{f"of_{name}": leading[name] for name in keys}, leader_before=leading.leader)
    before = before.mutate(of_nth=before.of_nth + 1)
    same = [leading[name].identical_to(before[f"of_{name}"]) for name in keys if name != "period"]
    both = leading.left_join(before, same)
    return both.group_by(*dict.fromkeys((*by, "nth"))).agg(
        cells=both.count(),
        contested=(both.groups > 1).sum(),
        compared=both.leader_before.count(),
        changed=(both.leader != both.leader_before).sum().fill_null(0),
    )


def fights(events: Table, parties: Table, sided: Table) -> Table:
    """The events between groups alone: nobody else is named on either side.

    `parties` are all `sides`, `sided` those that are groups. The events with `one` and `other`: the groups of the two
    sides, several of a side joined by `+`, in the order of letters.
    """
    key = ("release", "event_id")
    named = sided.group_by(*key, "side").agg(names=sided.party.collect())
    named = named.mutate(names=named.names.unique().sort().join("+"))
    both = named.group_by(*key).agg(one=named.names.min(), other=named.names.max(), met=named.count())
    among = parties.group_by(*key).agg(parties=parties.count())
    inside = sided.group_by(*key).agg(groups=sided.count())
    found = both.filter(both.met == 2).inner_join(inside, key).inner_join(among, key)
    found = found.filter(found.groups == found.parties).select(*key, "one", "other")
    return events.inner_join(found, key)


def between(fought: Table, by: Sequence[str]) -> Table:
    """Sums of `fights` by pair: columns `by`, one, other, dyad (as the publisher writes it), sums, keys, records."""
    return fought.group_by(*by, "one", "other").agg(
        **_sums(fought), dyad=fought.dyad.min(), keys=_key(fought).collect()
    )


def _key(rows: Table) -> Any:
    return rows.release.concat(":", rows.event_id)


def _sums(rows: Table) -> dict[str, Any]:
    deaths = {name: sum_or_none(rows, name, rows.count()) for name in SUMMED}
    return {"events": rows.n_events.sum(), **deaths, "records": rows.count()}
