"""Reported numbers that may answer a claim: of the dossier, of tables of such numbers, and added up over countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from harmattan.checks.asker import Asker
from harmattan.checks.dossier import Found, edges, publishers, vouching, who_says
from harmattan.checks.verdict import Reckoning
from harmattan.dossier.records import Figure
from harmattan.dossier.spelling import plain
from harmattan.questions.answer import Answer
from harmattan.questions.figures import QUALIFIED
from harmattan.questions.words import INDICATORS, in_words
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, listing
from harmattan.vocabulary.amount import ABOUT, Amount
from harmattan.vocabulary.claim import FigurePart

FLOWS = ("deaths", "civilians_killed", "injured", "arrested", "peacekeepers_killed", "returnees")
"""Indicators that count what happened in a time, not what there is on a day."""
KIN: dict[str, tuple[str, ...]] = {"displaced": ("idps",), "idps": ("displaced",)}
"""Indicators that writers use for each other: their numbers support a claim and never contradict it."""
WHOLE = 1000
"""From here on numbers are told without decimals."""
MOST_SUMS = 64
"""Sums over countries are worked out where the numbers of the parts can be put together in at most so many ways."""


@dataclass(frozen=True)
class Reported:
    """A number that somebody reported, with the ends that its own words leave open."""

    value: float
    low: float
    high: float
    qualifier: str
    first: dt.date
    last: dt.date
    when: Text
    countries: frozenset[str]
    place: str | None
    actor: str | None
    indicator: str
    status: str
    publishers: frozenset[str]
    who: Text
    answer: Answer
    row: int
    added: int = 0
    """Over so many countries it was added up here."""

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other about it."""
        return self.status == "disputed"

    @property
    def number(self) -> Number:
        """The number, with what lists the rows behind it."""
        digits = 0 if float(self.value).is_integer() or abs(self.value) >= WHOLE else 1
        return Number(self.value, self.answer.id if self.added else self.answer.row_id(self.row), digits)

    @property
    def where(self) -> Value:
        """What it is about."""
        names = listing([CountryName(code) for code in sorted(self.countries)])
        return T("{place}, {country}", place=Verbatim(self.place), country=names) if self.place else names

    @property
    def told(self) -> Text:
        """The number in words: how many, where, when, and who says so."""
        return T("{value} ({where}, {when}; {who})", value=self._worded, where=self.where, when=self.when, who=self.who)

    @property
    def brief(self) -> Text:
        """The number in words where it is said already what it is about."""
        if self.added:
            return T("{value} ({when}, added up over the countries; {who})", value=self._worded, when=self.when,
                     who=self.who)  # fmt: skip
        return T("{value} ({when}; {who})", value=self._worded, when=self.when, who=self.who)

    @property
    def _worded(self) -> Text:
        counted = T("{n} {things}", n=self.number, things=INDICATORS[self.indicator])
        return T(QUALIFIED[self.qualifier], value=counted)

    def reckoned(self, key: str, how: Text, *, agrees: bool) -> Reckoning:
        """The number as something that was weighed."""
        return Reckoning(key, how, self.low, self.value, self.high, agrees, self.answer,
                         None if self.added else self.row)  # fmt: skip


def reported(asker: Asker, part: FigurePart, indicator: str, actor: str | None) -> tuple[list[Answer], list[Reported]]:
    """Every number of an indicator about some of the countries, up to the as-of date, that may vouch for the claim."""
    wanted = (indicator, *KIN.get(indicator, ()))
    whose = {"actor": (actor,)} if actor else {}
    answer, found = vouching(asker, "figures", "figures", country=part.country, indicator=wanted, **whose)
    numbers = [_of_figure(asker, one) for one in found if not actor or one.record.actor == actor]
    answers = [answer]
    if actor is None and part.place is None:
        for table, rows in ((_needs, "needs"), (_displacement, "displacement"), (_funding, "funding")):
            if asker.inquiry.has(rows, asker.common):
                told = list(table(asker, part, indicator))
                answers += [number.answer for number in told[:1]]
                numbers += told
    if len(set(part.country)) > 1:
        numbers += _sums(frozenset(part.country), numbers)
    return answers, numbers


def same_place(part: FigurePart, number: Reported) -> bool:
    """Whether a number is about the very countries and place of a claim."""
    return number.countries == frozenset(part.country) and plain(number.place or "") == plain(part.place or "")


def _of_figure(asker: Asker, one: Found) -> Reported:
    figure: Figure = one.record
    low, high = _ends(figure)
    start, end = (figure.as_of, figure.as_of) if figure.as_of else (figure.start, figure.end or figure.start)
    first, last = edges(start, end)
    told = _when(figure)
    return Reported(
        figure.value, low, high, figure.qualifier, first, last, told, frozenset(figure.countries), figure.place,
        figure.actor, figure.indicator, figure.status, publishers(asker, figure), who_says(asker, figure),
        one.answer, one.row,
    )  # fmt: skip


def _when(figure: Figure) -> Text:
    """Of which day, month, year or time a figure is, in words."""
    first, last = (str(day or figure.when) for day in (figure.start, figure.end))
    if figure.as_of or first == last:
        return T("{when}", when=in_words(str(figure.as_of or first)))
    return T("{start} to {end}", start=in_words(first), end=in_words(last))


def _ends(figure: Figure) -> tuple[float, float]:
    """The ends that a figure leaves open: those of its source, else what its word says; an open end is taken as 15 %
    more, so that "more than" something does not vouch for every larger number.
    """
    low, high = Amount(figure.value, figure.qualifier).interval if figure.qualifier != "exact" else (figure.value,) * 2
    if figure.qualifier in ("more_than", "at_least"):
        high = figure.value * (1 + ABOUT)
    if figure.qualifier == "up_to":
        low = figure.value * (1 - ABOUT)
    return min(low, figure.low or low), max(high, figure.high or high)


def _sums(countries: frozenset[str], numbers: Sequence[Reported]) -> Iterator[Reported]:
    """Sums over the countries of numbers of the very same date, one or more for each country."""
    dates: dict[tuple[str, dt.date, dt.date], dict[str, list[Reported]]] = {}
    for number in numbers:
        if len(number.countries) == 1 and number.place is None and number.indicator not in FLOWS:
            by_country = dates.setdefault((number.indicator, number.first, number.last), {})
            by_country.setdefault(next(iter(number.countries)), []).append(number)
    for (_indicator, first, last), by_country in dates.items():
        if set(by_country) != countries:
            continue
        ways = list(product(*by_country.values()))
        if len(ways) > MOST_SUMS:
            continue
        totals = sorted(sum(one.value for one in way) for way in ways)
        chosen = min(ways, key=lambda way: sum(one.disputed for one in way))
        all_ = [one for each in by_country.values() for one in each]
        status = "disputed" if any(one.disputed for one in chosen) else "reported"
        yield Reported(
            sum(one.value for one in chosen), totals[0], totals[-1], "exact", first, last, chosen[0].when, countries,
            None, chosen[0].actor, chosen[0].indicator, status, frozenset().union(*(one.publishers for one in all_)),
            T("{who}", who=listing([one.who for one in chosen])), chosen[0].answer, chosen[0].row, len(countries),
        )  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """An answer from a table of such numbers, whose rows are taken as asserted by their publisher."""

    answer: Answer
    indicator: str
    column: str

    def reported(self, n: int, span: tuple[dt.date, dt.date], when: Text) -> Reported:
        """The number of a row."""
        row = self.answer.rows[n]
        value, source = float(row[self.column]), str(row.get("plan") or row["dataset"])
        countries = frozenset(str(row["country"]).split(", "))
        return Reported(
            value, value, value, "exact", *span, when, countries, None, None, self.indicator, "asserted",
            frozenset({str(row["dataset"])}), T("{source}", source=Verbatim(source)), self.answer, n,
        )  # fmt: skip


def _needs(asker: Asker, part: FigurePart, indicator: str) -> Iterator[Reported]:
    if indicator not in ("people_in_need", "people_targeted"):
        return
    answer = asker.ask("needs", country=part.country, indicator=(indicator,), start=dt.date(2000, 1, 1))
    for n, row in enumerate(answer.rows):
        if row["place"] is None and row["sector"] is None and row["group"] is None:
            span = (dt.date.fromisoformat(row["start"]), dt.date.fromisoformat(row["end"]))
            when = T("{start} to {end}", start=span[0], end=span[1])
            yield _Table(answer, indicator, "value").reported(n, span, when)


def _displacement(asker: Asker, part: FigurePart, indicator: str) -> Iterator[Reported]:
    if indicator not in ("idps", "refugees"):
        return
    answer = asker.ask("displacement", country=part.country, population=(indicator,), start=dt.date(2000, 1, 1))
    for n, row in enumerate(answer.rows):
        side = row["direction"] == ("in" if indicator == "idps" else "from")
        if side and row["place"] is None and row["other"] is None:
            day = dt.date.fromisoformat(row["as_of"])
            yield _Table(answer, indicator, "value").reported(n, (day, day), T("{day}", day=day))


def _funding(asker: Asker, part: FigurePart, indicator: str) -> Iterator[Reported]:
    if indicator != "funding_required_usd":
        return
    answer = asker.ask("funding", country=part.country, start=dt.date(2000, 1, 1))
    for n, row in enumerate(answer.rows):
        if row["sector"] is None and row["requirements"] is not None:
            year = int(row["year"])
            span = (dt.date(year, 1, 1), dt.date(year, 12, 31))
            when = T("{year}", year=Verbatim(str(year)))
            yield _Table(answer, indicator, "requirements").reported(n, span, when)
