"""`civilian-harm`: civilians killed, by who killed them where the source says so, and in fighting where it does not."""

from __future__ import annotations

from typing import Any

from harmattan.lake.measured import rows_by
from harmattan.measures.events import matching, totals
from harmattan.questions.actors import known_id, level_caveats, party
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import Number, T, Verbatim, counted
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Dimension

ACCEPTS = ("country", "start", "end", "kind", "actor", "level", "source", "event_type", "as_of", "known_by", "release")
NEEDS: tuple[Dimension, ...] = ("kind", "dyad", "actor")
TYPED_NEEDS: tuple[Dimension, ...] = ("event_type", "actor")
"""What must be told apart where a source has types of events instead of kinds of violence."""
COLUMNS = (
    AnswerColumn(
        "harm",
        T(
            "one_sided: deliberately attacked, the source names the perpetrator; in_fighting: killed "
            "in battles between others, where the source does not say by whom; targeted: the source says that "
            "civilians were the target, and not how many of the dead they were"
        ),
    ),
    AnswerColumn(
        "perpetrator", T("who did it, as the publisher writes it, or at another level as the dossier calls it")
    ),
    AnswerColumn("perpetrator_id", T("the dossier's id; empty at the level of names, or where none is known")),
    AnswerColumn("dyad", T("pair of actors, as the publisher writes it; given for deaths in fighting")),
    *COUNTS,
    AnswerColumn("share", T("share of all civilians killed in the answer, best estimate"), "%"),
    RECORDS,
)


def civilian_harm(world: World, params: Params) -> Answer:
    """Civilians killed in events of one-sided violence by perpetrator, and in other events by dyad, apart."""
    needs = TYPED_NEEDS if world.typed(params) else NEEDS
    scope = world.scope(params, needs=needs)
    draft = Draft("civilian-harm", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, needs))
    if scope.criteria.event_types:
        return _targeted(draft, scope)
    rows = scope.rows
    attacks, fights = rows_by(_attacks, rows).to_pylist(), rows_by(_in_fighting, rows).to_pylist()
    attacked, in_fighting = _civilians(attacks), _civilians(fights)
    total = None if attacked is None or in_fighting is None else attacked + in_fighting
    lines = [_line(row, "one_sided", scope, total) for row in _sorted(attacks, "perpetrator")]
    lines += [_line(row, "in_fighting", scope, total) for row in _sorted(fights, "dyad")]
    where = about(scope)
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
            perpetrator=first["perpetrator"] if scope.told else Verbatim(str(first["perpetrator"])),
            most=Number(first["deaths_civilians"], f"{draft.id}.1"),
            **said,
        )
    chart = Chart("bars", x="deaths_civilians", y="perpetrator", series="harm")
    summed = any(held.release.status == "figures" for held in scope.selection.holds)
    caveats = [ABOUT_DIRECTION, *level_caveats(scope), *([ABOUT_SUMS] if summed and fights else [])]
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=caveats)


def _attacks(events: Any) -> Any:
    return totals(events.filter(events.violence == "one_sided"), ("perpetrator",))


def _in_fighting(events: Any) -> Any:
    rows = matching(events, Criteria(civilians_killed=True))
    return totals(rows.filter((rows.violence != "one_sided") | rows.violence.isnull()), ("dyad",))


ABOUT_DIRECTION = T(
    "The source names a perpetrator only for one-sided violence. An incident coded as a battle counts "
    "under fighting even where other reports call it a massacre, and a foreign partner who is no side "
    "in the data is not seen here."
)

ABOUT_SUMS = T(
    "In fighting, the events and deaths are those of records with civilians among the dead; a summed record "
    "also has the other events of its month and cell."
)


def _targeted(draft: Draft, scope: Scope) -> Answer:
    """Events in which civilians were the target, by perpetrator, of a source that does not count civilian deaths."""
    harmed = scope.criteria.narrowed(civilians_targeted=True)
    rows = matching(scope.rows, harmed)
    found = rows_by(totals, rows, by=("perpetrator",)).to_pylist()
    found.sort(key=lambda row: (-row["deaths_best"], -row["events"], str(row["perpetrator"])))
    book = scope.told.book if scope.told else None
    lines = []
    for row in found:
        who = row["perpetrator"]
        values: dict[str, Any] = {"harm": "targeted", "perpetrator": None if who is None else party(book, who)}
        values |= {"perpetrator_id": None if who is None else known_id(book, who), "dyad": None}
        values |= {c.name: row[c.name] for c in COUNTS} | {"share": None, "records": row["records"]}
        to = {"perpetrators": (who,)} if who is not None else {"unsaid": ("perpetrator",)}
        lines.append(Line(values, harmed.narrowed(**to)))
    headline = T(
        "{where}, {start} to {end}: {events} in which civilians were the target, with {deaths} reported in them; "
        "how many of the dead were civilians the source does not say.",
        where=about(scope),
        start=scope.period.start,
        end=scope.period.end,
        events=counted(Number(sum(row["events"] for row in found), draft.id), "{n} event", "{n} events"),
        deaths=counted(Number(sum(row["deaths_best"] for row in found), draft.id), "{n} death", "{n} deaths"),
    )
    chart = Chart("bars", x="deaths_best", y="perpetrator", series="harm")
    caveats = [ABOUT_TARGETS, *level_caveats(scope)]
    return draft.finish(lines, COLUMNS, headline, chart=chart, caveats=caveats, criteria=harmed)


ABOUT_TARGETS = T(
    "The perpetrator is the side that is not civilian in events of violence against civilians. In other events in "
    "which civilians were the target the source gives two sides without a direction, so those stand in one row without "
    "a perpetrator. Deaths are all that were reported in the events, on every side."
)


def _civilians(rows: list[dict[str, Any]]) -> int | None:
    """The civilians killed in all rows; None where one of them lacks the number."""
    numbers = [row["deaths_civilians"] for row in rows]
    return None if None in numbers else sum(numbers)


def _sorted(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-(row["deaths_civilians"] or 0), -row["events"], str(row[name])))


def _line(row: dict[str, Any], harm: str, scope: Scope, total: int | None) -> Line:
    share = None if total is None else round(100 * row["deaths_civilians"] / total, 1) if total else 0.0
    who = row.get("perpetrator")
    book = scope.told.book if scope.told else None
    values: dict[str, Any] = {"harm": harm, "perpetrator": None if who is None else party(book, who)}
    values |= {"perpetrator_id": None if who is None else known_id(book, who), "dyad": row.get("dyad")}
    values |= {c.name: row[c.name] for c in COUNTS} | {"share": share, "records": row["records"]}
    if harm == "one_sided":
        to: dict[str, Any] = {"kinds": ("one_sided",), "perpetrators": (who,) if who is not None else ()}
        unsaid = () if who is not None else ("perpetrator",)
    else:
        pair, asked = row["dyad"], scope.params.kind
        kinds = tuple(kind for kind in ("state_based", "non_state") if kind in (asked or (kind,)))
        to = {"kinds": kinds, "dyads": (pair,) if pair is not None else (), "civilians_killed": True}
        unsaid = (*(() if asked else ("violence",)), *(() if pair is not None else ("dyad",)))
    return Line(values, scope.criteria.narrowed(unsaid=unsaid, **to))
