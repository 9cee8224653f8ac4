"""What lasted and what happened when: forces, relations, milestones, what releases cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harmattan.brief.answer_kinds import about, bars_of
from harmattan.brief.answer_plots import Plots
from harmattan.brief.answer_rows import MOST_SPANS, Material, after, caption, day_of, is_number, labels_of
from harmattan.brief.outline import Picture
from harmattan.text import T

UNSURE_OF = ("reported", "disputed", "possibly")
UNSURE = T("Pale and dashed: reported or disputed, not asserted.")


def _days(rows: list[dict[str, Any]], since: str, until: str) -> tuple[str, str]:
    first = min(row[since] for row in rows)
    last = max(row[until] for row in rows)
    room = dt.timedelta(days=max(20, (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days // 60))
    return ((dt.date.fromisoformat(first) - room).isoformat(), (dt.date.fromisoformat(last) + room).isoformat())


def _end(row: Mapping[str, Any], column: str, last: str) -> str:
    """The day after a row's last one; what goes on ends where the picture does."""
    said = row.get(column)
    return after(said.replace("..", last)) or last if isinstance(said, str) and said else last


def _last_day(material: Material) -> str:
    """The day as of which was asked, else the latest day that any row names."""
    said = material.answer.params.get("as_of") or material.answer.params.get("to")
    if said:
        return str(said)[:10]
    days = [after(value) for row in material.rows for name, value in row.items()
            if name in ("since", "until", "date", "start", "end") and isinstance(value, str)]  # fmt: skip
    return max((day for day in days if day), default="2000-01-01")


def spans_of(material: Material, *, label: str, since: str, until: str, series: str) -> Picture | None:
    """Rows as bars over time, those that began last where there are too many."""
    rows = [row for row in material.rows if day_of(row.get(since))]
    if not rows:
        return None
    last = _last_day(material)
    rows.sort(key=lambda row: (str(day_of(row[since])), material.word(row, label)))
    labels = labels_of(material, rows, label)
    if len(set(labels)) > MOST_SPANS:
        kept = list(dict.fromkeys(reversed(labels)))[:MOST_SPANS]
        material = material.without(T("Only the last {n} of {all} are drawn.", n=MOST_SPANS, all=len(set(labels))))
        rows, labels = zip(*[(r, w) for r, w in zip(rows, labels, strict=True) if w in kept], strict=True)
    shown = []
    for row, words in zip(rows, labels, strict=True):
        first, end = str(day_of(row[since])), _end(row, until, last)
        until_words = row.get(until) or material.speaker.words("going on")
        shown.append({"label": words, "since": first, "until": max(end, first),
                      "series": material.word(row, series), "sure": row.get("status") not in UNSURE_OF,
                      "words": f"{row[since]} – {until_words}"})  # fmt: skip
    names = list(dict.fromkeys(str(row["series"]) for row in shown))
    if len(names) > 6:
        names = [*names[:5], material.speaker.words("others")]
        shown = [row | {"series": row["series"] if row["series"] in names else names[-1]} for row in shown]
    spec = Plots(material.speaker, material.source).spans(shown, names, _days(shown, "since", "until"))
    return Picture(spec, T("Each bar is the time from when until when."))


def presence(material: Material) -> Picture | None:
    """Forces and their bases over time."""
    found = spans_of(material, label="force", since="since", until="until", series="kind")
    return found and Picture(found.spec, caption(T("Drawn: which forces stood where, from when until when."), UNSURE))


def relations(material: Material) -> Picture | None:
    """Relations over time, those whose beginning is known."""
    rows = [dict(row) for row in material.answer.rows]
    known = sum(day_of(row.get("since")) is not None for row in rows)
    if known < len(rows):
        material = material.without(T("Rows without a first day are not drawn: {n}.", n=len(rows) - known))
    pairs = material.adding({n: {"pair": f"{row['subject']} – {row['object']}"} for n, row in enumerate(material.rows)})
    found = spans_of(pairs, label="pair", since="since", until="until", series="relation")
    said = T("Drawn: who stood how to whom, from when until when, as far as that is known.")
    return found and Picture(found.spec, caption(said, UNSURE))


def coverage(material: Material) -> Picture | None:
    """Which release answers for which country and days; where none does, there is nothing."""
    spoken_for = tuple(row for row in material.answer.rows if row["release"] is not None)
    material = replace(material, answer=replace(material.answer, rows=spoken_for))
    found = spans_of(material, label="country", since="start", until="end", series="release")
    return found and Picture(found.spec, T("Drawn: for which days each release speaks about each country."))


def sources(material: Material) -> Picture | None:
    """What the releases that are here cover."""
    found = spans_of(material, label="dataset", since="start", until="end", series="holds")
    return found and Picture(found.spec, T("Drawn: for which days the releases of each data set speak that are here."))


def milestones(material: Material) -> Picture | None:
    """What happened when, a line for each type."""
    rows = [row for row in material.rows if day_of(row.get("date"))]
    if not rows:
        return None
    count: dict[str, int] = {}
    for row in rows:
        count[row["country"] or "–"] = count.get(row["country"] or "–", 0) + 1
    common = sorted((name for name in count if "," not in name), key=lambda name: -count[name])[:5]
    several = material.speaker.words("several countries, or another")
    shown = [
        {"label": material.word(row, "type"), "day": day_of(row["date"]), "words": f"{row['date']}: {row['what']}",
         "series": material.word(row, "country") if row["country"] in common else several}
        for row in rows
    ]  # fmt: skip
    shown.sort(key=lambda one: (one["label"], one["day"]))
    names = [material.word({"country": name}, "country") for name in common]
    names += [several] if any(one["series"] == several for one in shown) else []
    first, last = _days(shown, "day", "day")
    spec = Plots(material.speaker, material.source).moments(shown, names, (first, last))
    return Picture(spec, T("Drawn: what happened when, by type and country."))


def force_months(material: Material) -> Picture | None:
    """How long bases stood near each place."""
    rows = [row for row in material.rows if is_number(row.get("base_months"))]
    if not rows or len({str(row.get("month")) for row in rows}) > 1:
        return None
    ends = [dict(row) | {"base_months_low": row["base_months"]} for row in rows]
    label = "place" if any(row.get("place") for row in rows) else "cell" if any(row.get("cell") for row in rows) else ""
    found = bars_of(material, ends, label or "country", "base_months")
    return Picture(found.spec, about(material, "base_months"))
