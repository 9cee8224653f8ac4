"""What `displacement-violence` says: its columns and its headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import COUNTS, COVERED, RECORDS, Line
from harmattan.questions.extract import DATASET
from harmattan.questions.joint import Joint
from harmattan.questions.words import POPULATIONS
from harmattan.text import CountryName, T, Text, Verbatim, counted, joined, listing

COLUMNS = (
    AnswerColumn("row", T("association: of a whole series at a lag; pair: one stock and the next of the series")),
    DATASET,
    AnswerColumn("population", T("who is counted")),
    AnswerColumn("direction", T("in: they are in the country; from: they came from it and are in another")),
    AnswerColumn("country", T("the country whose violence stands beside"), "ISO 3166 alpha-3"),
    AnswerColumn("area", T("the first division of the country, where the rows are told apart by it")),
    AnswerColumn("other", T("the country at the other end, where the source tells its numbers apart by it"),
                 "ISO 3166 alpha-3"),
    AnswerColumn("operation", T("the publisher's operation")),
    AnswerColumn("method", T("how it was counted, in the publisher's words")),
    AnswerColumn("lag", T("by how much earlier the violence is than the change"), "months"),
    AnswerColumn("n", T("pairs that the association is over: those covered whole that leap over no gap"), "pairs"),
    AnswerColumn("association", T("Spearman's rank correlation of change and deaths a month, best estimate; -1 to 1")),
    AnswerColumn("interval_low", T("lower end of its 95 % interval; empty with fewer than 8 pairs")),
    AnswerColumn("interval_high", T("upper end of its 95 % interval; empty with fewer than 8 pairs")),
    AnswerColumn("with_low", T("the same correlation with the low estimate of deaths")),
    AnswerColumn("with_high", T("the same correlation with the high estimate of deaths")),
    AnswerColumn("says", T("together, opposed or unclear, by whether the interval leaves 0 out; empty without one")),
    AnswerColumn("start", T("the day of the stock before; of a series, of its first stock")),
    AnswerColumn("end", T("the day of the stock; of a series, of its last")),
    AnswerColumn("months", T("between the two stocks: days divided by 30.4375"), "months"),
    AnswerColumn("before", T("the stock before"), "people"),
    AnswerColumn("stock", T("the stock"), "people"),
    AnswerColumn("change", T("the stock less the one before: a net change of a count, not a flow"), "people"),
    AnswerColumn("change_per_month", T("the change divided by the months"), "people a month"),
    AnswerColumn("leaps", T("whether more than three times as long as usual in the series lies between the stocks")),
    AnswerColumn("places_differ", T("whether the two stocks are added up from different numbers of places")),
    AnswerColumn("from", T("first day of the violence: the day after the stock before, the lag earlier")),
    AnswerColumn("to", T("last day of the violence: the day of the stock, the lag earlier")),
    COVERED,
    *COUNTS[:4],
    AnswerColumn("deaths_per_month", T("deaths, best estimate, divided by the months"), "deaths a month"),
    RECORDS,
)  # fmt: skip


def headline(joint: Joint, lines: Sequence[Line]) -> Text:
    """How many series and pairs there are, and the longest association at the shortest lag of the first country."""
    about = T("{places}", places=_places(joint))
    told = [n for n, line in enumerate(lines) if line.values["row"] == "association"]
    if not told:
        return T("{where}: no two stocks of one series are on record for what was asked.", where=about)
    n_pairs = len({id_of(line.values) for line in lines if line.values["row"] == "pair"})
    sure = [n for n in told if lines[n].values["interval_low"] is not None]
    clear = [n for n in sure if lines[n].values["says"] != "unclear"]
    said = T(
        "{where}: {pairs}. Of {sure} long enough for an interval, {clear} leave 0 out.",
        where=about,
        pairs=counted(joint.number(n_pairs), "{n} pair of successive stocks", "{n} pairs of successive stocks"),
        sure=counted(joint.number(len(sure)), "{n} association", "{n} associations"),
        clear=joint.number(len(clear)),
    )
    if not sure:
        return said
    first = min(sure, key=lambda n: (_rank_of(joint, lines[n].values), n))
    return joined((said, _sentence(joint, lines[first].values, first)))


def id_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells a pair of stocks from the others, whatever the lag."""
    names = ("dataset", "population", "direction", "country", "area", "other", "operation", "method", "start", "end")
    return tuple(row[name] for name in names)


def _places(joint: Joint) -> Any:
    return listing([CountryName(code) for code in joint.grounds.params.country])


def _rank_of(joint: Joint, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Internally displaced people first, then people who fled from the country; the most pairs, the shortest lag."""
    groups = [("idps", "in"), ("refugees", "from")]
    group = (row["population"], row["direction"])
    return (
        joint.grounds.params.country.index(row["country"]),
        groups.index(group) if group in groups else len(groups),
        row["lag"],
        -row["n"],
    )


def _sentence(joint: Joint, row: Mapping[str, Any], n: int) -> Text:
    values: dict[str, Any] = {
        "group": POPULATIONS.get(row["population"], Verbatim(row["population"])),
        "country": CountryName(row["country"]),
        "dataset": Verbatim(row["dataset"]),
        "rho": joint.number(row["association"], n, 2),
        "low": joint.number(row["interval_low"], n, 2),
        "high": joint.number(row["interval_high"], n, 2),
        "pairs": counted(joint.number(row["n"], n), "{n} pair", "{n} pairs"),
    }
    template = (
        "Changes of {group} in {country} ({dataset}) and deaths there {when} have a rank correlation of {rho} "
        "(95 % interval {low} to {high}) over {pairs}: an association, which says nothing of a cause."
        if row["direction"] == "in"
        else "Changes of {group} from {country} ({dataset}) and deaths there {when} have a rank correlation of {rho} "
        "(95 % interval {low} to {high}) over {pairs}: an association, which says nothing of a cause."
    )
    lag = row["lag"]
    when = T("in the same days") if not lag else counted(lag, "{n} month earlier", "{n} months earlier")
    return T(template, when=when, **values)
