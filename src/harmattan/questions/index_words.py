"""What is said with a conflict index: its headline, what its inputs mean in this source, and what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from harmattan.questions.build import Draft
from harmattan.questions.index_land import PEOPLE, Land
from harmattan.questions.index_ranks import INDICATORS, Ranking
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope
from harmattan.text import CountryName, Number, T, Text, counted, joined, listing

NAMES: dict[str, Text] = {
    "deadliness": T("deadliness"),
    "danger": T("danger"),
    "diffusion": T("diffusion"),
    "fragmentation": T("fragmentation"),
}
Rows = Sequence[dict[str, Any]]


def choice_in_words(field: str, value: Any) -> Text:
    """A choice of `index_ranks.Choice` that differs from the main one."""
    if field == "without":
        return T("without {indicator}", indicator=NAMES[value])
    if field == "at_least":
        return T("squares with at least {n} events a year", n=value) if value > 1 else T("squares with any event")
    if field == "deaths":
        return T("low estimates of deaths") if value == "low" else T("high estimates of deaths")
    return T("logarithms") if field == "logs" else T("places known to 25 km too")


def headline(draft: Draft, rows: Rows, made: Ranking | None) -> Text:
    """The most severe countries with the range of their ranks, or why there is no rank."""
    scope = draft.scope
    said: dict[str, Any] = {"months": scope.params.window, "end": scope.period.end}
    ranked = [(n, row) for n, row in enumerate(rows) if row["rank"] is not None]
    if made is None:
        return T("The {months} months to {end}: an index compares countries, and of those asked about not two are "
                 "covered wholly, so there are inputs and no ranks.", **said)  # fmt: skip
    if not any(row["size"] for _n, row in ranked):
        return T("The {months} months to {end}: the countries covered do not differ in anything that the index "
                 "measures.", **said)  # fmt: skip
    top = [
        T("{country} (size {size}, rank {first} to {last} by other choices)" if row["rank_from"] != row["rank_to"]
          else "{country} (size {size}, the same rank by every choice)",
          country=CountryName(row["country"]), size=draft.number(row["size"], n, 2),
          **({"first": draft.number(row["rank_from"], n), "last": draft.number(row["rank_to"], n)}
             if row["rank_from"] != row["rank_to"] else {}))
        for n, row in ranked[:3] if row["size"]
    ]  # fmt: skip
    firm = sum(row["rank_from"] == row["rank_to"] for _n, row in ranked)
    first = T(
        "Of {countries} covered the most severe in the {months} months to {end}: {top}.",
        countries=counted(draft.number(len(ranked)), "{n} country", "{n} countries"),
        top=listing(top),
        **said,
    )
    kept = counted(
        draft.number(firm),
        "{n} country keeps its rank by every combination of choices.",
        "{n} countries keep their rank by every combination of choices.",
    )
    return joined((first, kept))


def caveats(
    scope: Scope, rows: Rows, ground: Land, made: Ranking | None, *, points: bool, at_least: int, asked: Params
) -> list[Text]:
    """What a reader must know of the inputs and the choices."""
    found = _meanings(scope)
    found += _squares(rows, ground, points=points, at_least=at_least)
    if asked.end is None and asked.as_of is not None and scope.period.end < asked.as_of:
        found.append(T("The window ends on {end}, the last day that is covered.", end=scope.period.end))
    partly = [CountryName(row["country"]) for row in rows if row["covered"] == "partly"]
    if partly:
        found.append(T("Covered only in part of the window and so without a rank: {countries}.",
                       countries=listing(partly)))  # fmt: skip
    if made is not None:
        left_out = [name for name in INDICATORS if name not in made.scaled]
        if left_out:
            found.append(T("Not known of every country and so in no size: {indicators}.",
                           indicators=listing([NAMES[name] for name in left_out])))  # fmt: skip
        found.append(
            T(
                "Scaled values and sizes compare these countries with each other: with other countries beside them "
                "they would be others. The scaling, from the lowest to the highest, need not be ACLED's own. "
                "Ranks from and to are over {combinations}: one indicator left out or none, scaled as it is "
                "or in logarithms, low, best or high deaths where all have them, and other thresholds.",
                combinations=counted(Number(made.n), "{n} combination of choices", "{n} combinations of choices"),
            )
        )
    return found


def _meanings(scope: Scope) -> list[Text]:
    """What danger and fragmentation are in the source that answers."""
    if scope.criteria.event_types:
        return [
            T(
                "Danger counts events of violence against civilians and others in which the source says that "
                "civilians were the target. Fragmentation counts rebel groups, political and identity militias by "
                "name; state forces, external forces, people who protest or riot and unidentified groups are none."
            )
        ]
    return [
        T(
            "Danger counts events of one-sided violence: a government or an organised group deliberately killing "
            "civilians. Civilians killed in fighting, and attacks in which nobody died, are not in it."
        ),
        T(
            "Fragmentation counts every party that the source does not call a government, organised rebels as well "
            "as communal groups; a party counts once, with one event or with many."
        ),
    ]


def _squares(rows: Rows, ground: Land, *, points: bool, at_least: int) -> Iterable[Text]:
    """What the squares are, and which events stand in none."""
    spoken = [row for row in rows if row["covered"] != "no"]
    if points:
        yield T(
            "A square has 100 km² on an equal-area grid (that of EASE-Grid 2.0) and counts as violent from {n} events "
            "a year on that are known to the place itself. Events known to about 25 km only are among the other "
            "choices. Where a source counts lethal events only, as UCDP does, fewer squares reach ACLED's threshold.",
            n=at_least,
        )
    else:
        yield T(
            "The releases have no points, so a square is a PRIO-GRID cell of half a degree, some thirty times as "
            "large as ACLED's, and counts as violent from {n} events a year on: shares are not those of squares of "
            "10 km.",
            n=at_least,
        )
    if spoken and not any(row["squares_high"] for row in spoken):
        yield T("No square has {n} events a year, so diffusion tells none of these countries apart; --at-least lowers "
                "the threshold.", n=at_least)  # fmt: skip
    lost = sum(row["events"] - row["placed"] for row in spoken)
    if lost:
        yield T("In no square: {events} known to a district, a region or a country only.",
                events=counted(lost, "{n} event", "{n} events"))  # fmt: skip
    there = [row["country"] for row in spoken]
    yield from _land(there, ground, points=points)


def _land(there: Sequence[str], ground: Land, *, points: bool) -> Iterable[Text]:
    """By what the squares of each country are counted."""
    lived = [CountryName(code) for code in there if code in ground.by_people]
    area = [CountryName(code) for code in there if code in ground.by_area]
    cells = [CountryName(code) for code in there
             if code in ground.squares and code not in (*ground.by_people, *ground.by_area)]  # fmt: skip
    none = [CountryName(code) for code in there if code not in ground.squares]
    if lived:
        yield T("Only squares with at least {n} people count: {countries}.", n=PEOPLE, countries=listing(lived))
    if area:
        yield T("Squares by the area within ingested boundaries: {countries}.", countries=listing(area))
    if cells and points:
        yield T("Squares by the country's land in the half-degree cells that are mostly its own, which is somewhat "
                "less than its area: {countries}.", countries=listing(cells))  # fmt: skip
    if cells and not points:
        yield T("Cells with land, of which each counts for the country with the largest part of it: {countries}.",
                countries=listing(cells))  # fmt: skip
    if area or cells:
        yield T("Squares where hardly anybody lives are not left out there, as ACLED leaves out those with fewer than "
                "{n} people: no raster of population is taken in.", n=PEOPLE)  # fmt: skip
    if none:
        yield T("Nothing here draws {countries}, so diffusion is not known: take in boundaries, for example with "
                "harmattan ingest cod-ab FILE.", countries=listing(none))  # fmt: skip
