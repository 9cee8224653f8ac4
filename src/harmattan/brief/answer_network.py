"""Networks of an answer as nodes and edges, laid out by their links alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.brief.answer_plots import Plots
from harmattan.brief.answer_rows import Material, caption
from harmattan.brief.influence_charts import InfluenceCharts
from harmattan.brief.outline import Picture
from harmattan.brief.standing_charts import laid_out
from harmattan.text import T, Text, Verbatim

MOST_NODES, MOST_DOTS, MOST_GROUPS = 40, 40, 6
KINDS: Mapping[str, tuple[str, Text]] = {
    "fights": ("fights", T("fought each other")),
    "rival_of": ("rival", T("rival of")),
    "member_of": ("belongs", T("belongs to")),
    "part_of": ("belongs", T("belongs to")),
    "affiliate_of": ("belongs", T("belongs to")),
    "allied_with": ("stands", T("allied with, cooperates with or supports")),
    "cooperates_with": ("stands", T("allied with, cooperates with or supports")),
    "supports": ("stands", T("allied with, cooperates with or supports")),
}
PLATFORMS = ("telegram", "x", "facebook", "instagram", "other")


def network(material: Material) -> Picture | None:
    """Actors and their links: relations and fighting; those with most links where there are too many."""
    nodes = {row["id"] or row["name"]: row for row in material.rows if row["part"] == "node"}
    edges = [row for row in material.rows if row["part"] == "edge"]
    if not edges:
        return None
    kept = sorted(nodes, key=lambda key: -(nodes[key]["degree"] or 0))[:MOST_NODES]
    if len(kept) < len(nodes):
        told = T("Only the {n} actors with most links of {all} are drawn.", n=len(kept), all=len(nodes))
        material = material.without(told)
    ends = [(edge["id"] or edge["name"], edge["to_id"] or edge["to"], edge) for edge in edges]
    inside = [(one, other, edge) for one, other, edge in ends if one in kept and other in kept and one != other]
    if not inside:
        return None
    at = laid_out([(one, other) for one, other, _edge in inside])
    lines = [
        _line(at, (one, other), material.speaker.say(_kind(edge)), f"{edge['name']} – {edge['to']}")
        for one, other, edge in inside
    ]
    dots = [{"name": str(nodes[key]["name"]), "x": at[key][0], "y": at[key][1], "size": nodes[key]["degree"] or 1}
            for key in sorted(at)]  # fmt: skip
    order = [material.speaker.say(words) for words in dict.fromkeys(str(w) for _k, w in KINDS.values())]
    names = [name for name in dict.fromkeys([*map(material.speaker.words, order), *(one["series"] for one in lines)])
             if any(one["series"] == name for one in lines)]  # fmt: skip
    spec = Plots(material.speaker, material.source).net(dots, lines, names)
    said = T("Drawn: who is linked to whom. Where an actor stands says nothing but whom it is linked with.")
    return Picture(spec, said)


def _kind(edge: Mapping[str, Any]) -> Text:
    known = KINDS.get(str(edge["kind"]))
    return known[1] if known else T("{words}", words=Verbatim(str(edge["kind"]).replace("_", " ")))


def _line(at: Mapping[str, tuple[float, float]], ends: tuple[str, str], series: str, words: str) -> dict[str, Any]:
    (x, y), (x2, y2) = at[ends[0]], at[ends[1]]
    return {"x": x, "y": y, "x2": x2, "y2": y2, "series": series, "words": words}


def coordination(material: Material) -> Picture | None:
    """Accounts of the largest groups and their links; an account is a dot without a name."""
    nodes = [row for row in material.rows if row["part"] == "node" and row.get("campaign")]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(nodes, key=lambda row: -(row["degree"] or 0)):
        groups.setdefault(row["campaign"], []).append(row)
    names = sorted(groups, key=lambda name: -len(groups[name]))[:MOST_GROUPS]
    if not names:
        return None
    if len(names) < len(groups):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(names), all=len(groups)))
    shown = [row for name in names for row in groups[name][:MOST_DOTS]]
    dots = [{"account": row["id"], "campaign": row["campaign"], "membership": row["membership"] or 0.5,
             "platform": _platform(row)} for row in shown]  # fmt: skip
    inside = {row["id"] for row in shown}
    edges = [{"account": row["id"], "other": row["to_id"]} for row in material.rows
             if row["part"] == "edge" and row["id"] in inside and row["to_id"] in inside]  # fmt: skip
    platforms = {name: material.speaker.words(name) for name in _platforms(dots)}
    spec = InfluenceCharts(material.speaker, material.source).linked(dots, edges, names, platforms)
    said = T("Drawn: accounts as dots, joined where they acted together beyond chance; each group has a colour.")
    return Picture(spec, caption(said, T("Of each group at most {n} accounts are drawn.", n=MOST_DOTS)))


def _platform(row: Mapping[str, Any]) -> str:
    first = str(row.get("platforms") or "").split(",")[0].strip().lower().split(" ")[0]
    return first if first in PLATFORMS else "other"


def _platforms(dots: Sequence[Mapping[str, Any]]) -> list[str]:
    found = {dot["platform"] for dot in dots}
    return [name for name in PLATFORMS if name in found]
