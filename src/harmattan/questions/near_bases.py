"""The narrower variant of `harm-partner`: events near the places that a foreign force held on the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from harmattan.dossier.records import Presence
from harmattan.places.sphere import distance_km
from harmattan.questions.build import Line
from harmattan.questions.stays import Stay
from harmattan.text import Bilingual, T, Text, Verbatim, counted, listing


def near_lines(table: Any, stay: Stay, every: Sequence[Stay], km: float) -> Iterator[Line]:
    """Rows for the days with a force, of the events within `km` of a place of it that stood on the day for certain.

    Events whose place is not known precisely are in none, nor are places for which no source gives coordinates.
    """
    spans = stay.where("yes")
    bases = _bases(table, stay)
    if not bases or not spans:
        return
    marked = table.marked
    close = table.state & (marked.array("iso3") == stay.country) & marked.placed
    close &= _near(marked, bases, km)
    days = marked.array("date_start")
    within = np.zeros(len(days), dtype=bool)
    for span in spans:
        within |= (days >= np.datetime64(span.start)) & (days <= np.datetime64(span.end))
    for harm in table.harms:
        what = {"phase": "near", "holds": "yes", "harm": harm}
        yield table.line(stay, every, what, spans, close & within & (table.harm == harm))


def about_near(table: Any, found: Sequence[Stay], km: float) -> list[Text]:
    """What could not be measured: forces without a place on a map, events without a precise one, cells for points."""
    said = []
    book = table.told.book
    blank = [stay.force for stay in found if not _bases(table, stay)]
    if blank:
        names = [Bilingual(book.short(who, "en"), book.short(who, "fr")) for who in dict.fromkeys(blank)]
        said.append(T("No source gives coordinates of places that {forces} held.", forces=listing(names)))
    marked = table.marked
    counts = marked.array("n_events")
    lost, halved = table.state & ~marked.placed, table.state & marked.of_cell
    if lost.any():
        events = counted(int(counts[lost].sum()), "{n} event", "{n} events")
        said.append(T("{events} of state forces are not placed so precisely that a distance can be measured: near to "
                      "nothing here.", events=events))  # fmt: skip
    if halved.any():
        said.append(T("Where a release has cells only, the distance is that of the middle of the cell, which is up to "
                      "39 km from its corners: {km} km is no sharp bound there.", km=Verbatim(f"{km:g}")))  # fmt: skip
    return said


def _bases(table: Any, stay: Stay) -> list[Presence]:
    own = (r for r in table.told.book.presence if (r.force, r.country) == (stay.force, stay.country))
    return [record for record in own if record.lat is not None and record.lon is not None]


def _near(marked: Any, bases: Sequence[Presence], km: float) -> Any:
    days = marked.array("date_start")
    near = np.zeros(len(days), dtype=bool)
    for base in bases:
        first, last = base.validity.first, base.validity.last
        if base.start is not None and base.start.latest is not None:
            first = base.start.latest
        if base.end is not None and base.end.earliest is not None:
            last = base.end.earliest
        stood = (days >= np.datetime64(first)) & (days <= np.datetime64(last))
        at = np.flatnonzero(stood & marked.placed)
        away = distance_km(marked.lat[at], marked.lon[at], np.full(len(at), base.lat), np.full(len(at), base.lon))
        near[at[away <= km]] = True
    return near
