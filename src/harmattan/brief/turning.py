"""The sections on what changed hands: places that forces left, and coups, each with the months before and after."""

from __future__ import annotations

from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, or_dash
from harmattan.brief.turning_charts import TurningCharts
from harmattan.questions.answer import Answer
from harmattan.questions.words import in_words
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing, msg

KM = (25.0, 50.0, 100.0)
TABLE_KM = 50.0
COUPS = ("coup",)
SHOWN_OFFSETS = (-6, -1, 0, 1, 6)
MOST_PLACES = 8


def charts(desk: Desk, *answers: Answer) -> TurningCharts:
    """The drawing of these pictures, with the sources printed on them."""
    return TurningCharts(desk.speaker, desk.charts(*answers).source)


def vacuum(desk: Desk) -> Section:
    """Violence around places that forces left and around places where a force stayed, month by month."""
    months = max(desk.case.window_months // 2, 1)
    said: dict[str, Any] = {"country": desk.case.countries, "start": desk.case.since, "window": months}
    places = desk.ask("vacuum", km=(TABLE_KM,), **said)
    title = T("Places that forces left")
    rows = _places(places)
    if not rows:
        return Section("vacuum", title, (places.headline,))
    by_month = desk.ask("vacuum", km=KM, by=("month",), **said)
    words = {
        "closed": desk.speaker.words("places that a force left"),
        "stayed": desk.speaker.words("places where a force stayed"),
    }
    shown = [row for row in by_month.rows if row["mean_best"] is not None]
    picture = None
    if shown:
        drawn = charts(desk, by_month).around(shown, words)
        picture = Picture(drawn, T(AROUND_CAPTION, months=months))
    header = (T("place"), T("who left"), T("month"), T("deaths before"), T("after"), T("where a force stayed: places"),
              T("deaths before"), T("after"), T("index"))  # fmt: skip
    table = TableView(header, tuple(rows), (False, False, False, *(True,) * 6))
    return Section("vacuum", title, (places.headline,), picture=picture, table=table, notes=(INDEX_NOTE, NO_EFFECT))


def _places(found: Answer) -> list[tuple[Value, ...]]:
    """The newest places left whose months are all covered: five rows of the answer each."""
    starts = [
        n
        for n, row in enumerate(found.rows)
        if row["place"] and (row["around"], row["when"]) == ("closed", "before") and row["covered"] == "yes"
    ]
    rows: list[tuple[Value, ...]] = []
    for n in starts[-MOST_PLACES:]:
        row, both = found.rows[n], found.rows[n + 4]
        known = both["index"] is not None
        dash = Verbatim("–")
        rows.append(
            (
                Verbatim(row["place"]),
                row["force"],
                in_words(row["closed"]),
                found.number(n, "deaths_best"),
                found.number(n + 1, "deaths_best"),
                found.number(n + 2, "bases"),
                found.number(n + 2, "deaths_best") if known else dash,
                found.number(n + 3, "deaths_best") if known else dash,
                found.number(n + 4, "index", 2) if known else dash,
            )
        )
    return rows


AROUND_CAPTION = msg(
    "Deaths by month within so many kilometres of a place, on average over the places, from {months} months before a "
    "force left to {months} months after, each distance on its own scale; the band is the range from low to high. The "
    "dashed line is the month in which it left. That violence rose or fell then does not say that the leaving did it."
)
INDEX_NOTE = T(
    "Within 50 km. The index is the logarithm of deaths after over deaths before, less the same around places where a "
    "force stayed: 0 means that both changed alike, 0.69 that deaths doubled beside unchanged ones. Half a death is "
    "added to each count. The places left last are listed."
)
NO_EFFECT = T(
    "A force leaves for reasons that bear on violence themselves: the index describes, it measures no effect."
)


def governance(desk: Desk) -> Section:
    """Deaths by month before and after each coup in the countries of the case, and on average."""
    months = desk.case.window_months
    found = desk.ask("aligned", country=desk.case.countries, type=COUPS, start=desk.case.since, window=months)
    title = T("Before and after coups")
    panels = _panels(desk, found)
    if not panels:
        return Section("governance", title, (found.headline,))
    picture = Picture(charts(desk, found).aligned(panels), T(ALIGNED_CAPTION, months=months))
    offsets = [offset for offset in SHOWN_OFFSETS if abs(offset) <= months]
    by_coup: dict[str, dict[int, int]] = {}
    for n, row in enumerate(found.rows):
        by_coup.setdefault(row["milestone"] or "", {})[row["offset"]] = n
    rows = tuple(_coup_row(found, at, offsets) for at in by_coup.values())
    header: tuple[Text, ...] = (T("coup"), T("country"))
    header += tuple(
        T("{month} months", month=Verbatim(f"{offset:+d}")) if offset else T("that month") for offset in offsets
    )
    table = TableView(header, rows, (False, False, *(True,) * len(offsets)))
    return Section("governance", title, (found.headline,), picture=picture, table=table, notes=(NOT_COVERED,))


def _panels(desk: Desk, found: Answer) -> list[dict[str, Any]]:
    """A panel for each coup with a month that is covered, and the mean last."""
    panels: dict[str, dict[str, Any]] = {}
    for row in found.rows:
        name = row["milestone"] or ""
        if name not in panels:
            words = T("{where}, {when}", where=_countries(row), when=in_words(row["date"])) if name else MEAN
            panels[name] = {"title": desk.speaker.say(words), "rows": [], "mean": not name}
        panels[name]["rows"].append({key: row[key] for key in ("offset", "value", "value_low", "value_high")})
    return [panel for panel in panels.values() if any(row["value"] is not None for row in panel["rows"])]


def _countries(row: Any) -> Value:
    return listing([CountryName(code) for code in str(row["country"]).split(", ")])


def _coup_row(found: Answer, at: dict[int, int], offsets: list[int]) -> tuple[Value, ...]:
    row = found.rows[at[0]]
    digits = 0 if row["milestone"] else 1
    numbers: list[Value] = [or_dash(found, at[offset], "value", digits) for offset in offsets]
    if not row["milestone"]:
        return (MEAN, Verbatim(""), *numbers)
    return (in_words(row["date"]), _countries(row), *numbers)


MEAN = T("mean over the coups")
ALIGNED_CAPTION = msg(
    "Deaths in the country by month, from {months} months before a coup to {months} months after, each on its own "
    "scale; thin lines are the range from low to high. The dashed line is the month of the coup. Months that are not "
    "covered are left out. That violence changed then does not say that the coup changed it."
)
NOT_COVERED = T(
    "A dash is a month that is not covered or lies after the as-of date. The mean is of the coups that remain."
)
