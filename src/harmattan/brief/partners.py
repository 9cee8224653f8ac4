"""The section of foreign forces beside the harm done to civilians: an inference from dates, said to be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harmattan.brief.charts import BLUE, GREEN, ORANGE
from harmattan.brief.desk import Desk
from harmattan.brief.harm_charts import HarmCharts
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Text, Value, Verbatim, msg

MOST_GROUPS = 3


def partners(desk: Desk) -> Section:
    """Civilians killed by month by the state and by others in the focus country, under the foreign forces there."""
    focus, since = desk.case.focus, desk.case.since
    title = T("Civilians killed while foreign forces were in {country}", country=CountryName(focus))
    months = desk.ask("harm-rate", country=(focus,), start=since, by=("month", "perpetrator"))
    ranked = desk.ask("harm-rate", country=(focus,), start=since, by=("perpetrator",))
    beside = desk.ask("harm-partner", country=(focus,), start=since)
    if not months.rows:
        return Section("partners", title, (months.headline,))
    table = _table(beside) if beside.rows else None
    caption = T(TARGETS if desk.typed else CAPTION)
    picture = Picture(_spec(desk, months, ranked, beside), caption)
    return Section(
        "partners",
        title,
        (beside.headline, months.headline),
        picture=picture,
        table=table,
        notes=NOTES[: 3 * bool(table)],
    )


def _spec(desk: Desk, months: Answer, ranked: Answer, beside: Answer) -> dict[str, Any]:
    killed = "deaths_best" if desk.typed else "deaths_civilians"
    covered = [row for row in months.rows if row["covered"] != "no"]
    first, last = desk.case.since.isoformat(), max(row["period"] for row in covered or months.rows) + "-28"
    states = {name for row in beside.rows for name in str(row["as_written"]).split("; ")}
    by = [str(row["perpetrator"]) for row in ranked.rows if row["perpetrator"] and row[killed]]
    own = [name for name in by if name in states][:1]
    groups = [name for name in by if name not in states][:MOST_GROUPS]
    panels = []
    for name in (*own, *groups):
        rows = [_bar(row, killed) for row in covered if row["perpetrator"] == name]
        words = desk.speaker.say(T(ATTACKED, name=Verbatim(name)))
        panels.append((words, ORANGE if name in own else BLUE, rows))
    fights = [_bar(row, killed) for row in covered if row["harm"] == "in_fighting" and row[killed]]
    if fights:
        panels.append((desk.speaker.words("in fighting between others"), GREEN, fights))
    forces = [
        {"force": desk.speaker.say(row["partner"]), "since": max(str(row["from"]), first),
         "until": min(str(row["to"]), last), "sure": row["holds"] == "yes"}
        for row in beside.rows
        if row["phase"] == "with" and row["harm"] == beside.rows[0]["harm"]
    ]  # fmt: skip
    return HarmCharts.like(desk.charts(months, beside)).partners(forces, panels, first, last)


def _bar(row: Mapping[str, Any], killed: str) -> dict[str, Any]:
    return {"month": row["period"], "killed": row[killed]}


ATTACKED = msg("in attacks by {name}")
CAPTION = msg(
    "Above: foreign forces in the country by the dossier's dates; dashed where a date is known in part only. Below: "
    "civilians killed by month, best estimate, each panel on its own scale. That one follows the other does not say "
    "that it caused it."
)
TARGETS = msg(
    "Above: foreign forces in the country by the dossier's dates; dashed where a date is known in part only. Below: "
    "deaths by month in events in which civilians were the target, on every side, each panel on its own scale. That "
    "one follows the other does not say that it caused it."
)
NOTES = (
    T("An inference from dates of presence: no event is attributed to a foreign force, and no record here says who "
      "fought beside whom."),
    T("Several forces were there at once, so the lines overlap and are not to be added up."),
    T("Civilians killed a month, by the days before the force came, with it for certain, and after it left: in attacks "
      "on civilians by forces of the state, and in fighting in which these were a side."),
)  # fmt: skip
PHASES = ("before", "with", "after")


def _table(beside: Answer) -> TableView:
    """One line for each force: the rates before, with and after it, in attacks and in fighting."""
    at: dict[tuple[str, str, str], int] = {}
    for n, row in enumerate(beside.rows):
        if row["holds"] == "possibly":
            continue
        phase = "with" if row["phase"] == "all_with" else str(row["phase"])
        key = (str(row["partner_id"]), str(row["harm"]), phase)
        if row["phase"] == "all_with" or key not in at:
            at[key] = n
    harms = [harm for harm in ("one_sided", "targeted", "in_fighting") if any(key[1] == harm for key in at)]
    forces = list(dict.fromkeys(str(row["partner_id"]) for row in beside.rows))
    rows = []
    for force in forces:
        n = next(n for n, row in enumerate(beside.rows) if row["partner_id"] == force)
        rates = [_rate(beside, at.get((force, harm, phase))) for harm in harms for phase in PHASES]
        with_ = at.get((force, harms[0], "with"))
        months: Value = Verbatim("–") if with_ is None else beside.number(with_, "months")
        rows.append((beside.rows[n]["partner"], months, *rates))
    header = (T("force"), T("months with"), *(HEADERS[harm, phase] for harm in harms for phase in PHASES))
    return TableView(header, tuple(rows), (False, *(True,) * (len(header) - 1)))


HEADERS: dict[tuple[str, str], Text] = {
    ("one_sided", "before"): T("attacked, before"),
    ("one_sided", "with"): T("attacked, with"),
    ("one_sided", "after"): T("attacked, after"),
    ("in_fighting", "before"): T("in fighting, before"),
    ("in_fighting", "with"): T("in fighting, with"),
    ("in_fighting", "after"): T("in fighting, after"),
    ("targeted", "before"): T("targeted, before"),
    ("targeted", "with"): T("targeted, with"),
    ("targeted", "after"): T("targeted, after"),
}


def _rate(beside: Answer, n: int | None) -> Value:
    return Verbatim("–") if n is None else beside.number(n, "rate", 1)
