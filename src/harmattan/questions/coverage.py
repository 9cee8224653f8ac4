"""`coverage`: which release speaks about which place, period and kind of violence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harmattan.lake.measured import rows_by
from harmattan.lake.select import Selection
from harmattan.lake.shelf import Held
from harmattan.measures.events import totals
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import EVENTS_COUNTED, RECORDS, Draft, Line
from harmattan.questions.caveats import open_gaps
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope, World
from harmattan.text import CountryName, Number, T, Text, counted, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.period import Period

ACCEPTS = ("country", "start", "end", "source", "as_of", "known_by", "release")
STATUS = T(
    "final, rolling (its publisher changes it all the time), candidate (provisional), figures (summed by month), not "
    "covered, or hidden by licence"
)
COLUMNS = (
    AnswerColumn("country", T("country"), "ISO 3166 alpha-3"),
    AnswerColumn("source", T("the family of event data: ucdp, acled …; families are never mixed in one answer")),
    AnswerColumn("start", T("first day the release speaks about the country")),
    AnswerColumn("end", T("last day the release speaks about the country")),
    AnswerColumn("release", T("the release that answers; empty: nothing is covered")),
    AnswerColumn("status", STATUS),
    AnswerColumn("told_apart_by", T("by what the records can be told apart")),
    AnswerColumn("published", T("the latest day on which the release can have come out")),
    AnswerColumn("licence", T("the publisher's licence")),
    AnswerColumn("basis", T("how the coverage is known")),
    AnswerColumn("events", EVENTS_COUNTED, "events"),
    RECORDS,
)


def coverage(world: World, params: Params) -> Answer:
    """The slices in which the releases answer for each country, the gaps between them, and what a licence hides.

    Where several families of event data are here and none is said, each is listed by itself.
    """
    families = world.families(params)
    scopes = [world.scope(replace(params, source=family)) for family in families] or [world.scope(params)]
    whole = _joined(params, scopes)
    draft = Draft("coverage", whole, ACCEPTS)
    if not any(scope.covered or scope.selection.veils for scope in scopes):
        return draft.not_covered(COLUMNS, world.places(replace(params, source=params.source or families[0])))
    lines = [line for scope, family in zip(scopes, families, strict=True) for line in _lines(scope, family)]
    lines.sort(key=lambda line: tuple(str(line.values[name]) for name in ("country", "source", "start", "release")))
    headline = T(
        "{releases} about {places} from {start} to {end}.",
        releases=counted(Number(len(whole.releases), draft.id), "{n} release speaks", "{n} releases speak"),
        places=listing([CountryName(code) for code in params.country]),
        start=whole.period.start,
        end=whole.period.end,
    )
    caveats = [SEVERAL] if len(scopes) > 1 else []
    return draft.finish(lines, COLUMNS, headline, chart=Chart("none"), caveats=caveats)


SEVERAL = T(
    "Several families of event data are listed, each by itself: they count different things, and an answer takes one "
    "of them, said by --source."
)


def _joined(params: Params, scopes: Sequence[Scope]) -> Scope:
    """Several families as one scope, for what an answer says of itself; one alone stays as it is."""
    first, *others = scopes
    caveats: list[Text] = []
    for scope in scopes:
        caveats += [caveat for caveat in scope.caveats if caveat not in caveats]
    if not others:
        return replace(first, params=replace(first.params, source=params.source))
    start, end = min(scope.period.start for scope in scopes), max(scope.period.end for scope in scopes)
    parts = [scope.selection for scope in scopes]
    selection = Selection(
        tuple(part for one in parts for part in one.slices),
        tuple(gap for one in parts for gap in one.gaps),
        tuple(veil for one in parts for veil in one.veils),
    )
    return Scope(
        replace(first.params, source=None, start=start, end=end),
        selection,
        Criteria(countries=params.country, start=start, end=end),
        None,
        tuple(caveats),
        {name: sum(scope.profile[name] for scope in scopes) for name in first.profile},
    )


def _lines(scope: Scope, family: str) -> list[Line]:
    selection = scope.selection
    lines = [
        _slice_line(scope, country, part.period, held)
        for part in selection.slices
        for country in part.countries
        for held in part.holds
    ]
    for veil in selection.veils:
        told = {"status": "hidden by licence", "release": veil.release, "basis": veil.why}
        lines.append(_empty(scope, veil.country, veil.period, told))
    lines += [_empty(scope, gap.country, gap.period, {"status": "not covered"}) for gap in open_gaps(selection)]
    named = [(line.values | {"source": family}, line.criteria) for line in lines]
    return [Line({column.name: values.get(column.name) for column in COLUMNS}, criteria) for values, criteria in named]


def _empty(scope: Scope, country: str, period: Period, told: dict[str, str]) -> Line:
    """Days of a country about which nothing is known here: no number, and no record."""
    values = dict.fromkeys((c.name for c in COLUMNS), None) | {
        "country": country,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "records": 0,
    }
    to = {"countries": (country,), "start": period.start, "end": period.end}
    return Line(values | told, scope.criteria.narrowed(**to))


def _slice_line(scope: Scope, country: str, period: Period, held: Held) -> Line:
    release, rows = held.release, scope.rows
    name = release.name
    inside = rows.filter(rows.iso3 == country, rows.release == name, rows.date_start.between(period.start, period.end))
    found = rows_by(totals, inside).to_pylist()[0]
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
    return Line(values, scope.criteria.narrowed(**to))
