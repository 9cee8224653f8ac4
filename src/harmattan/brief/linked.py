"""The network of actors as of a day as a section of its own: its picture, its measures, the links themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.network_charts import NetworkCharts, width_of
from harmattan.brief.outline import Picture, Section
from harmattan.brief.tension import LINKS, measured
from harmattan.questions.answer import Answer
from harmattan.text import Bilingual, CountryName, T, Text, msg

TIES: Mapping[str, Text] = {
    "bodies": T("belongs to"),
    "allies": T("allied with, cooperates with or supports"),
    "rivals": T("rival of"),
    "fights": T("fought in the months before"),
}
TIE_OF = {
    "member_of": "bodies", "part_of": "bodies", "affiliate_of": "bodies",
    "allied_with": "allies", "cooperates_with": "allies", "supports": "allies",
    "rival_of": "rivals", "fights": "fights",
}  # fmt: skip
"""What a link counts as; others (who leads, who came from whom) are not drawn."""
SORTS: Mapping[str, Text] = {
    "armed": T("armed group, militia or coalition"),
    "state": T("state, force or mission"),
    "body": T("network"),
    "people": T("community or organisation"),
    "unknown": T("not in the dossier"),
}
SORT_OF: Mapping[str | None, str] = {
    "armed_group": "armed", "militia": "armed", "coalition": "armed", "mercenary": "armed",
    "government": "state", "state_force": "state", "foreign_force": "state", "multilateral_force": "state",
    "network": "body", "community": "people", "organisation": "people", "person": "people", "civilians": "people",
    None: "unknown",
}  # fmt: skip
CAPTION = msg(
    "Actors as of {day}: relations as the dossier has them on that day, and who fought whom in the {months} months "
    "before, the wider the line the more events. Faint lines held only possibly, or are disputed; actors with no other "
    "link than such are not drawn. The larger a sign, the more actors it is linked to. Where a sign stands means "
    "nothing, and near each other only the names of those with most links are written."
)


def linked(desk: Desk) -> Section:
    """The network of the focus country as of the day itself."""
    focus, months = desk.case.focus, desk.case.window_months
    title = T("The network of actors in {country}", country=CountryName(focus))
    found = desk.ask("network", country=(focus,), window=months)
    picture = _picture(desk, found)
    table = measured(found)
    return Section("linked", title, (found.headline,), picture=picture, table=table, notes=(LINKS,) if table else ())


def _picture(desk: Desk, found: Answer) -> Picture | None:
    nodes = [_node(desk, row) for row in found.rows if row["part"] == "node"]
    there = {node["id"] for node in nodes}
    edges = [
        {"one": row["id"], "other": row["to_id"], "tie": TIE_OF[row["kind"]],
         "width": width_of(row["events"]) if row["kind"] == "fights" else 1.5,
         "sure": row["kind"] == "fights" or (row["holds"] == "yes" and row["status"] != "disputed")}
        for row in found.rows
        if row["part"] == "edge" and row["kind"] in TIE_OF and {row["id"], row["to_id"]} <= there
    ]  # fmt: skip
    if not edges:
        return None
    words = {name: desk.speaker.say(text) for name, text in TIES.items()}
    sorts = {name: desk.speaker.say(text) for name, text in SORTS.items()}
    drawn = NetworkCharts.like(desk.charts(found)).network(nodes, edges, words, sorts)
    return Picture(drawn, T(CAPTION, day=desk.common.as_of, months=desk.case.window_months))


def _node(desk: Desk, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "name": _name(desk, row["name"]), "sort": SORT_OF.get(row["kind"], "unknown"),
            "degree": row["degree"]}  # fmt: skip


def _name(desk: Desk, name: Any) -> str:
    return desk.speaker.say(name) if isinstance(name, Bilingual | Text) else str(name)
