"""`coverage`: which release speaks about which place, period and kind of violence."""

from __future__ import annotations

from harmattan.measures.events import totals
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Draft, Line
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import CountryName, Number, T, counted, listing
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "source", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("country", T("country"), "ISO 3166 alpha-3"),
    AnswerColumn("start", T("first day the release speaks about the country")),
    AnswerColumn("end", T("last day the release speaks about the country")),
    AnswerColumn("release", T("the release that answers; empty: nothing is covered")),
    AnswerColumn("status", T("final, candidate (provisional), figures (summed by month), or not covered")),
    AnswerColumn("told_apart_by", T("by what the records can be told apart")),
    AnswerColumn("published", T("the latest day on which the release can have come out")),
    AnswerColumn("licence", T("the publisher's licence")),
    AnswerColumn("basis", T("how the coverage is known")),
    AnswerColumn("events", T("events with at least one death"), "events"),
    RECORDS,
)


def coverage(world: World, params: Params) -> Answer:
    """The slices in which the releases answer for each country, and the gaps between them."""
    scope = world.scope(params)
    draft = Draft("coverage", scope, ACCEPTS)
    lines = [
        _slice_line(draft, country, part.period, held.release.name)
        for part in scope.selection.slices
        for country in part.countries
        for held in part.holds
    ]
    for gap in scope.selection.gaps:
        values = dict.fromkeys((c.name for c in COLUMNS), None) | {
            "country": gap.country,
            "start": gap.period.start.isoformat(),
            "end": gap.period.end.isoformat(),
            "status": "not covered",
            "records": 0,
        }
        lines.append(
            Line(values, scope.criteria.narrowed(countries=(gap.country,), start=gap.period.start, end=gap.period.end))
        )
    lines.sort(key=lambda line: (str(line.values["country"]), str(line.values["start"]), str(line.values["release"])))
    headline = T(
        "{releases} about {places} from {start} to {end}.",
        releases=counted(Number(len(scope.selection.holds), draft.id), "{n} release speaks", "{n} releases speak"),
        places=listing([CountryName(code) for code in scope.params.country]),
        start=scope.period.start,
        end=scope.period.end,
    )
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params))
    return draft.finish(lines, COLUMNS, headline, chart=Chart("none"))


def _slice_line(draft: Draft, country: str, period: Period, name: str) -> Line:
    release = next(held.release for held in draft.scope.selection.holds if held.release.name == name)
    rows = draft.scope.rows
    inside = rows.filter(rows.iso3 == country, rows.release == name, rows.date_start.between(period.start, period.end))
    found = totals(inside).to_pyarrow().to_pylist()[0]
    values = {
        "country": country,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "release": name,
        "status": release.status,
        "told_apart_by": ", ".join(release.coverage.dimensions),
        "published": release.published.isoformat(),
        "licence": release.origin.licence.name,
        "basis": release.coverage.basis,
        "events": found["events"],
        "records": found["records"],
    }
    to = {"countries": (country,), "start": period.start, "end": period.end, "releases": (name,)}
    return Line(values, draft.scope.criteria.narrowed(**to))
