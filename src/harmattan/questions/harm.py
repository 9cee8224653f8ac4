"""`civilian-harm`: civilians killed, by who killed them where the source says so, and in fighting where it does not."""

from __future__ import annotations

from typing import Any

from harmattan.measures.events import totals
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, Number, T, Verbatim, listing
from harmattan.vocabulary.origin import Dimension

ACCEPTS = ("country", "start", "end", "kind", "actor", "as_of", "known_by", "release")
NEEDS: tuple[Dimension, ...] = ("kind", "dyad", "actor")
COLUMNS = (
    AnswerColumn(
        "harm",
        T(
            "one_sided: deliberately attacked, the source names the perpetrator; in_fighting: killed "
            "in battles between others, where the source does not say by whom"
        ),
    ),
    AnswerColumn("perpetrator", T("who did it, as the publisher writes it; empty where the source does not say")),
    AnswerColumn("dyad", T("pair of actors, as the publisher writes it; given for deaths in fighting")),
    *COUNTS,
    AnswerColumn("share", T("share of all civilians killed in the answer, best estimate"), "%"),
    RECORDS,
)


def civilian_harm(world: World, params: Params) -> Answer:
    """Civilians killed in events of one-sided violence by perpetrator, and in other events by dyad, apart."""
    scope = world.scope(params, needs=NEEDS)
    draft = Draft("civilian-harm", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    rows = scope.rows
    attacks = totals(rows.filter(rows.violence == "one_sided"), ("perpetrator",)).to_pyarrow().to_pylist()
    fights = (
        totals(rows.filter(rows.violence != "one_sided", rows.deaths_civilians > 0), ("dyad",)).to_pyarrow().to_pylist()
    )
    attacked = sum(row["deaths_civilians"] for row in attacks)
    in_fighting = sum(row["deaths_civilians"] for row in fights)
    total = attacked + in_fighting
    lines = [_line(row, "one_sided", scope, total) for row in _sorted(attacks, "perpetrator")]
    lines += [_line(row, "in_fighting", scope, total) for row in _sorted(fights, "dyad")]
    where = listing([CountryName(code) for code in scope.params.country])
    said: dict[str, Any] = {
        "where": where,
        "start": scope.period.start,
        "end": scope.period.end,
        "total": Number(total, draft.id),
        "attacked": Number(attacked, draft.id),
        "in_fighting": Number(in_fighting, draft.id),
    }
    headline = T(
        "{where}, {start} to {end}: {total} civilians killed, {attacked} in attacks on civilians and "
        "{in_fighting} in fighting between others.",
        **said,
    )
    if lines and lines[0].values["harm"] == "one_sided":
        first = lines[0].values
        headline = T(
            "{where}, {start} to {end}: {total} civilians killed, {attacked} in attacks on civilians (most by "
            "{perpetrator}: {most}) and {in_fighting} in fighting between others.",
            perpetrator=Verbatim(str(first["perpetrator"])),
            most=Number(first["deaths_civilians"], f"{draft.id}.1"),
            **said,
        )
    chart = Chart("bars", x="deaths_civilians", y="perpetrator", series="harm")
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=[ABOUT_DIRECTION])


ABOUT_DIRECTION = T(
    "The source names a perpetrator only for one-sided violence. An incident coded as a battle counts "
    "under fighting even where other reports call it a massacre, and a foreign partner who is no side "
    "in the data is not seen here."
)


def _sorted(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["deaths_civilians"], -row["events"], str(row[name])))


def _line(row: dict[str, Any], harm: str, scope: Scope, total: int) -> Line:
    share = round(100 * row["deaths_civilians"] / total, 1) if total else 0.0
    values = {"harm": harm, "perpetrator": row.get("perpetrator"), "dyad": row.get("dyad")}
    values |= {c.name: row[c.name] for c in COUNTS} | {"share": share, "records": row["records"]}
    if harm == "one_sided":
        to: dict[str, Any] = {"kinds": ("one_sided",), "perpetrators": (row["perpetrator"],)}
    else:
        kinds = [kind for kind in ("state_based", "non_state") if kind in (scope.params.kind or (kind,))]
        to = {"kinds": tuple(kinds), "dyads": (row["dyad"],), "civilians_killed": True}
    return Line(values, scope.criteria.narrowed(**to))
