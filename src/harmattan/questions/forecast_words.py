"""What is said with a forecast: what is expected, how likely more than before, how the model did, what it knows not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harmattan.questions.build import Draft, Line, about
from harmattan.questions.forecast_skill import Verdict
from harmattan.questions.foreseen import DRAWS, Foreseen
from harmattan.questions.parameters import Params
from harmattan.questions.world import Scope
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, joined, listing
from harmattan.vocabulary.likelihood import in_percent
from harmattan.vocabulary.period import Month

MOST_SAID = 4
"""So many countries stand in the headline."""
NO_BACKTEST = T(
    "No backtest is on record here: how far this forecast beats the strongest simple benchmark is not known. "
    "harmattan backtest makes one."
)


def headline(draft: Draft, lines: Sequence[Line], seen: Foreseen) -> Text:
    sums = [n for n, line in enumerate(lines) if line.values["ahead"] is None]
    first, last = seen.forecast.months[0], seen.forecast.months[-1]
    span: dict[str, Value] = {"first": first.name, "last": last.name}
    if not sums:
        return T("{where}, {first} to {last}: no forecast.", where=about(draft.scope), **span)
    if "admin1_id" in lines[0].values:
        return _of_top_area(draft, lines, sums, seen)
    if seen.by == "cell":
        top = max(sums, key=lambda n: (lines[n].values["mean"], -n))
        return T(
            "{where}, {first} to {last}: of {cells}, the most deaths are expected in cell {cell} in {country}: {said}",
            where=about(draft.scope),
            cells=counted(draft.number(len(sums)), "{n} cell", "{n} cells"),
            cell=Verbatim(str(lines[top].values["cell"])),
            country=CountryName(lines[top].values["country"]),
            said=said(draft, lines[top], top, len(seen.forecast.steps)),
            **span,
        )
    parts = [
        T(
            "{country}, {first} to {last}: {said}",
            country=CountryName(lines[n].values["country"]),
            said=said(draft, lines[n], n, len(seen.forecast.steps)),
            **span,
        )
        for n in sums[:MOST_SAID]
    ]
    return joined(parts)


def _of_top_area(draft: Draft, lines: Sequence[Line], sums: Sequence[int], seen: Foreseen) -> Text:
    named = [n for n in sums if lines[n].values["admin1_id"] is not None]
    span: dict[str, Value] = {"first": seen.forecast.months[0].name, "last": seen.forecast.months[-1].name}
    if not named:
        return T("{where}, {first} to {last}: no area has a cell.", where=about(draft.scope), **span)
    top = max(named, key=lambda n: (lines[n].values["mean"], -n))
    return T(
        "{where}, {first} to {last}: of {areas}, the most deaths are expected in {area} in {country}: {said}",
        where=about(draft.scope),
        areas=counted(draft.number(len(named)), "{n} first-order area", "{n} first-order areas"),
        area=Verbatim(lines[top].values["admin1"]),
        country=CountryName(lines[top].values["country"]),
        said=said(draft, lines[top], top, len(seen.forecast.steps)),
        **span,
    )


def said(draft: Draft, line: Line, n: int, months: int) -> Text:
    """What is expected of all months together, and how likely that is more than before."""
    row = line.values
    values: dict[str, Value] = {
        "expected": counted(draft.number(round(row["mean"]), n), "{n} death", "{n} deaths"),
        "low": draft.number(row["low90"], n),
        "high": draft.number(row["high90"], n),
    }
    if row["before"] is None:
        return T("{expected} expected (90 %: {low} to {high}).", **values)
    return T(
        "{expected} expected (90 %: {low} to {high}), after {before} in the {months} months before; more than that: "
        "{likelihood} ({chance}).",
        before=draft.number(row["before"], n),
        months=months,
        likelihood=row["likelihood"],
        chance=in_percent(row["chance_more"], f"{draft.id}.{n + 1}"),
        **values,
    )


def caveats(seen: Foreseen, scope: Scope, params: Params) -> list[Text]:
    """How the model comes to its draws, how it did, and what it does not know."""
    found = _until(seen, scope, params)
    found.append(
        T(
            "The model {name} learned from {units} with months to {origin}. {meaning} Each row is made of {n} draws.",
            name=Verbatim(seen.model.name),
            units=counted(len(seen.panel.units), "{n} cell", "{n} cells")
            if seen.by == "cell"
            else counted(len(seen.panel.units), "{n} country or joint place", "{n} countries or joint places"),
            origin=seen.panel.last.name,
            meaning=seen.model.meaning,
            n=DRAWS,
        )
    )
    found += [KNOWS_EVENTS if seen.panel.beside else KNOWS_DEATHS, AS_COUNTED]
    return [*found, *_of_cells(seen)] if seen.by == "cell" else found


def record_of(verdicts: Mapping[str, Verdict | None]) -> list[Text]:
    """How the model did on past months, in words, and in each country; that no backtest is on record, where none is.

    Under no name stands the verdict over all places.
    """
    whole = verdicts.get("")
    if whole is None:
        return [NO_BACKTEST]
    alone = [
        T("{country} {ratio}", country=CountryName(code), ratio=Number(found.unit_ratio, digits=2))
        for code, found in verdicts.items()
        if code and found and found.unit_ratio is not None
    ]
    each = T("The ratio for each country alone: {ratios}.", ratios=listing(alone))
    return [whole.words, *([each] if alone else [])]


def _until(seen: Foreseen, scope: Scope, params: Params) -> list[Text]:
    """Where the origin lies before the as-of date, or a country's months end before the origin."""
    origin, found = seen.panel.last, []
    if params.as_of and Month.of(params.as_of) - origin > 1:
        found.append(
            T("Nothing is known here after {origin}: the months ahead are counted from there, and not from {as_of}.",
              origin=origin.name, as_of=params.as_of)
        )  # fmt: skip
    for code in scope.params.country:
        known = seen.monthly.known_until(code) if seen.whole is None else origin
        if known is not None and known < origin:
            found.append(
                T("{country} is covered to {known} only: its forecast reaches {n} months further than it seems.",
                  country=CountryName(code), known=known.name, n=origin - known)
            )  # fmt: skip
    return found


def _of_cells(seen: Foreseen) -> list[Text]:
    found = [
        T("Cells are scaled draw by draw so that they add up to the forecasts of their countries. These also have the "
          "deaths that will be coded to no cell, so a cell's share of them is in its forecast and not in its past."),
    ]  # fmt: skip
    for code, lost in sorted(seen.monthly.unplaced.items()):
        found.append(
            T(
                "{country}: {events} with {deaths} until {origin} are coded to a region or the country only; no cell's "
                "past has them.",
                country=CountryName(code),
                events=counted(lost.events, "{n} event", "{n} events"),
                deaths=counted(lost.deaths, "{n} death", "{n} deaths"),
                origin=seen.panel.last.name,
            )
        )
    return found


KNOWS_EVENTS = T(
    "The model knows past deaths and events and nothing else: no plans, talks, elections, seasons or arms. What has "
    "never happened anywhere in its data it cannot foresee."
)
KNOWS_DEATHS = T(
    "The model knows past deaths and nothing else: no plans, talks, elections, seasons or arms. What has never "
    "happened anywhere in its data it cannot foresee."
)
AS_COUNTED = T(
    "What is forecast is deaths as the source counts them (best estimate), by its own rules and as far as it hears of "
    "them."
)
