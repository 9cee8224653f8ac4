"""`revisions`: what a publisher changed between two releases, by country and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis

from harmattan.errors import UsageError
from harmattan.lake import diff_events
from harmattan.lake.diff_events import shared_period, shared_places
from harmattan.lake.select import Selection, names_of, select, whole_months
from harmattan.lake.shelf import Held
from harmattan.lake.tables import events, table
from harmattan.questions.answer import Answer, AnswerColumn, Chart, answer_id
from harmattan.questions.build import refuse_uncovered
from harmattan.questions.caveats import gap_caveats, release_caveats
from harmattan.questions.parameters import Params, as_json
from harmattan.questions.world import FIRST_DAY, World
from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.period import Period, parse_from, parse_to

ACCEPTS = ("country", "start", "end", "source", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    AnswerColumn("year", T("year of the first day of the events")),
    AnswerColumn("new", T("records that only the later release has; empty where sums are compared"), "records"),
    AnswerColumn("gone", T("records that only the earlier release has; empty where sums are compared"), "records"),
    AnswerColumn("revised", T("records of both that differ; empty where sums are compared"), "records"),
    AnswerColumn("events_before", T("events in the earlier release"), "events"),
    AnswerColumn("events_after", T("events in the later release"), "events"),
    AnswerColumn("deaths_before", T("deaths in the earlier release, best estimate"), "deaths"),
    AnswerColumn("deaths_after", T("deaths in the later release, best estimate"), "deaths"),
    AnswerColumn("deaths_change", T("deaths after less deaths before"), "deaths"),
    AnswerColumn("records", T("versions of records that changed; where sums are compared, all of both"), "records"),
)


@dataclass(frozen=True)
class Pair:
    """Two releases, and the countries and days on which they are held against each other."""

    before: Held
    after: Held
    countries: tuple[str, ...]
    period: Period
    by_record: bool
    """Whether single records can be followed by their ids; else sums are compared."""

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two."""
        return self.before.release.name, self.after.release.name


def revisions(world: World, params: Params) -> Answer:
    """One row for each country and year in which a record changed; of sums, in which there are events."""
    chosen = _chosen(world, params)
    there = _speaking(chosen, params)
    pair = _pair(there, params)
    plain = as_json(params, ACCEPTS)
    settled, selection = world.selected(params)
    if pair is None and not selection.slices:
        there = []
    releases = tuple(ReleaseRef.to(held.release) for held in ((pair.before, pair.after) if pair else there))
    blank = Answer(
        id=answer_id("revisions", plain, releases),
        question="revisions",
        params=plain,
        headline=_nothing(world, settled, there),
        columns=COLUMNS,
        rows=(),
        criteria=Criteria(countries=params.country, start=params.start, end=params.end),
        row_criteria=(),
        releases=releases,
        caveats=(*gap_caveats(selection, world.spoken(params)), *_joint(chosen, params.country).values()),
        chart=Chart("none"),
        records=0,
    )
    return blank if pair is None else _filled(world, params, pair, blank)


def _filled(world: World, params: Params, pair: Pair, blank: Answer) -> Answer:
    """The answer with what the two releases say."""
    lines, said = _by_record(world, pair) if pair.by_record else _by_sums(world, pair)
    rows = tuple(_row(line) for line in lines if line["records"])
    start, end = pair.period.start, pair.period.end
    criteria = Criteria(countries=pair.countries, start=start, end=end, releases=pair.names)
    return replace(
        blank,
        headline=_headline(blank.id, pair, lines),
        rows=rows,
        criteria=criteria,
        row_criteria=tuple(_of_row(criteria, row) for row in rows),
        caveats=(*_left_out(pair, params), *release_caveats((pair.before, pair.after), params), *said),
        records=sum(row["records"] for row in rows),
    )


def opened(world: World, params: Params) -> Any:
    """The versions of all records that changed between the two releases; where sums are compared, all of both."""
    pair = _pair(_speaking(_chosen(world, params), params), params)
    if pair is None:
        return events(world.engine, Selection((), ()))
    if pair.by_record:
        return diff_events.versions(world.engine, _compared(world, pair))
    return _both(world, pair)


def _chosen(world: World, params: Params) -> list[Held]:
    """The event releases that may be compared, in order of precedence."""
    if not params.country:
        raise UsageError(T("No country is named."), do=T("Say --country MLI, or several."))
    return select(world.lake, "events", known_by=params.known_by, pins=params.release)


def _speaking(chosen: Iterable[Held], params: Params) -> list[Held]:
    return [held for held in chosen if set(held.release.coverage.places) & set(params.country)]


def _pair(there: Sequence[Held], params: Params) -> Pair | None:
    """The newest release with an older one of the same data set on shared ground; else with its sums."""
    asked = _asked(params, there)
    for same in (True, False):
        for after in there:
            for before in there:
                of_one = (before.release.dataset == after.release.dataset) is same and _family(before) == _family(after)
                if of_one and before.release.published < after.release.published:
                    pair = _on_shared_ground(before, after, params.country, asked)
                    if pair is not None:
                        return pair
    return None


def _asked(params: Params, there: Sequence[Held]) -> Period:
    """The days asked about: as said, or as far as the releases speak; never after the as-of date."""
    start = params.start or FIRST_DAY
    end = params.end or max((held.release.coverage.end for held in there), default=start)
    return Period(start, max(start, min(end, params.as_of or end)))


def _family(held: Held) -> str:
    """The data set that figures are sums of: they carry its name and one of their own, as ucdp-ged-cells does."""
    return "-".join(held.release.dataset.split("-")[:2])


def _on_shared_ground(before: Held, after: Held, countries: Iterable[str], asked: Period) -> Pair | None:
    dimensions = [held.release.coverage.dimensions for held in (before, after)]
    by_record = dimensions[0] == dimensions[1] and "day" in dimensions[0]
    places = tuple(sorted(shared_places(before, after) & set(countries)))
    days = shared_period(before, after, asked)
    if days is not None and not all("day" in told for told in dimensions):
        days = whole_months(days)
    return Pair(before, after, places, days, by_record) if places and days else None


def _compared(world: World, pair: Pair) -> diff_events.Compared:
    return diff_events.compare(world.engine, pair.before, pair.after, pair.countries, pair.period)


def _by_record(world: World, pair: Pair) -> tuple[list[dict[str, Any]], list[Text]]:
    compared = _compared(world, pair)
    said = diff_events.notes(compared, diff_events.listed(compared), diff_events.unchanged(compared))
    about = T("The evidence of a row lists each version of what changed there, with its release; all else is the same.")
    return diff_events.summary(compared, all_lines=True), [*said, about]


def _both(world: World, pair: Pair) -> Any:
    parts = []
    for held in (pair.before, pair.after):
        rows = table(world.engine, held, "events").mutate(release=ibis.literal(held.release.name))
        inside = rows.date_start.between(pair.period.start, pair.period.end)
        parts.append(rows.filter(rows.iso3.isin(list(pair.countries)), inside))
    return parts[0].union(parts[1])


def _by_sums(world: World, pair: Pair) -> tuple[list[dict[str, Any]], list[Text]]:
    rows = _both(world, pair)
    sums = rows.group_by("iso3", "release", year=rows.date_start.year()).agg(
        events=rows.n_events.sum(), deaths=rows.deaths_best.sum(), records=rows.count()
    )
    lines: dict[tuple[str, int], dict[str, Any]] = {}
    zeros = dict.fromkeys((*diff_events.COUNTS[3:], "records"), 0)
    for row in sums.to_pyarrow().to_pylist():
        key = (row["iso3"], row["year"])
        line = lines.setdefault(key, {"iso3": key[0], "year": key[1]} | zeros)
        side = "before" if row["release"] == pair.before.release.name else "after"
        line |= {f"events_{side}": row["events"], f"deaths_{side}": row["deaths"]}
        line["records"] += row["records"]
    said = T(
        "Sums are compared, since {names} do not hold the same single records: which of them changed is not known.",
        names=listing([Verbatim(name) for name in pair.names]),
    )
    return [lines[key] for key in sorted(lines)], [said]


def _row(line: dict[str, Any]) -> dict[str, Any]:
    values = {column.name: line.get(column.name) for column in COLUMNS}
    change = line["deaths_after"] - line["deaths_before"]
    return values | {"country": line["iso3"], "year": line["year"], "deaths_change": change}


def _joint(held: Iterable[Held], countries: Iterable[str]) -> dict[str, Text]:
    """The countries that a release has only together with another, and the words that say so."""
    said = {}
    for one in held:
        places = one.release.coverage.places
        for code in (code for code in places if "+" in code):
            for country in set(countries) & set(code.split("+")) - set(places):
                said[country] = T(
                    "{name} has {country} only together with another, as {code}: not compared.",
                    name=Verbatim(one.release.name),
                    country=CountryName(country),
                    code=Verbatim(code),
                )
    return dict(sorted(said.items()))


def _left_out(pair: Pair, params: Params) -> list[Text]:
    """The countries and days that were asked about and are not compared."""
    joint = _joint((pair.before, pair.after), params.country)
    said = list(joint.values())
    rest = [code for code in params.country if code not in pair.countries and code not in joint]
    if rest:
        said.append(
            T(
                "Not compared, since the two do not both speak about it: {countries}.",
                countries=listing([CountryName(code) for code in rest]),
            )
        )
    start, end = pair.period.start, pair.period.end
    if (params.start or start) < start or (params.end or end) > end:
        said.append(T("Compared is what both speak about: {start} to {end}.", start=start, end=end))
    return said


def _headline(id_: str, pair: Pair, lines: Sequence[dict[str, Any]]) -> Text:
    said: dict[str, Any] = {
        "where": listing([CountryName(code) for code in pair.countries]),
        "start": pair.period.start,
        "end": pair.period.end,
        "before": Verbatim(pair.names[0]),
        "after": Verbatim(pair.names[1]),
    }
    for name in ("events_before", "events_after", "deaths_before", "deaths_after"):
        said[name] = Number(sum(line[name] for line in lines), id_)
    if not pair.by_record:
        return T(
            "{where}, {start} to {end}: from {before} to {after} events went from {events_before} to {events_after}, "
            "deaths from {deaths_before} to {deaths_after}.",
            **said,
        )
    n = {name: Number(sum(line[name] for line in lines), id_) for name in ("new", "gone", "revised")}
    return T(
        "{where}, {start} to {end}: from {before} to {after} {new}, {gone} and {revised}; deaths went from "
        "{deaths_before} to {deaths_after}.",
        new=counted(n["new"], "{n} record is new", "{n} records are new"),
        gone=counted(n["gone"], "{n} is gone", "{n} are gone"),
        revised=counted(n["revised"], "{n} is revised", "{n} are revised"),
        **said,
    )


def _nothing(world: World, params: Params, there: Sequence[Held]) -> Text:
    where = listing([CountryName(code) for code in params.country])
    if not there:
        return refuse_uncovered(params.country, _asked(params, there), world.places(params))
    if len(there) == 1:
        return T(
            "Only one release here speaks about {where}, {name}: there is nothing to compare it with.",
            where=where,
            name=Verbatim(there[0].release.name),
        )
    return T(
        "No two releases here of one data set, of different days, speak about {where} in the same period. There are "
        "{names}.",
        where=where,
        names=names_of(there),  # type: ignore[arg-type]
    )


def _of_row(criteria: Criteria, row: dict[str, Any]) -> Criteria:
    year = f"{row['year']:04d}"
    days = Period(parse_from(year), parse_to(year))
    inside = days.meet(Period(criteria.start or days.start, criteria.end or days.end)) or days
    return criteria.narrowed(countries=(row["country"],), start=inside.start, end=inside.end)
