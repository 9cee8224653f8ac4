"""The report on checked claims as PDF by Typst: the same content as the page."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typst
import vl_convert

from harmattan import __version__
from harmattan.brief.appendix import HEADERS, Entry, cells, place
from harmattan.brief.check_page import WORDS, CheckPage, ClaimView, PartView, look
from harmattan.brief.html import TEMPLATES, anchor, drawn_once
from harmattan.brief.outline import TableView
from harmattan.brief.pdf import linked, quoted, tabled
from harmattan.export.sheet import attributions
from harmattan.text import Number, T, Text, Verbatim, msg
from harmattan.text.speaker import Speaker

MOST_ROWS = 3
"""Rows of an entry that are printed; the page has a few more."""


def render(page: CheckPage, speaker: Speaker) -> bytes:
    """The document; no clock, no fonts but those that come with the package: the same bytes everywhere."""
    there = {entry.id for entry in page.entries}

    def mark(number: Number, said: str) -> str:
        return linked(number, said) if number.evidence in there else said

    words = Speaker(speaker.language, mark=mark, escape=quoted)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "said.json").write_text(json.dumps(_said(page, speaker), ensure_ascii=False), encoding="utf-8")
        (root / "strip.pdf").write_bytes(_strip(page, speaker))
        body = ['#import "parts.typ": *', *_summary(page, words), *(_claim(claim, words) for claim in page.claims)]
        (root / "body.typ").write_text("\n\n".join(body), encoding="utf-8")
        entries = ['#import "parts.typ": *', *(_entry(entry, speaker) for entry in page.entries)]
        (root / "entries.typ").write_text("\n\n".join(entries), encoding="utf-8")
        for name in ("check.typ", "parts.typ"):
            (root / name).write_bytes((TEMPLATES / name).read_bytes())
        made: bytes = typst.compile(root / "check.typ", root=root, ignore_system_fonts=True, timestamp=0)
        return made


def _said(page: CheckPage, speaker: Speaker) -> dict[str, Any]:
    day = page.brief.as_of
    return {
        "title": page.brief.title,
        "subtitle": speaker.say(page.brief.subtitle),
        "head": " ".join(speaker.say(text) for text in page.head),
        "language": speaker.language,
        "hindsight": bool(page.brief.hindsight),
        "command": page.brief.command,
        "version": __version__,
        "caveats": [speaker.say(caveat) for caveat in page.brief.caveats],
        "sources": list(attributions(page.brief.releases, speaker)),
        "w": {name: speaker.words(template) for name, template in WORDS.items()},
        "date": [day.year, day.month, day.day],
    }


def _strip(page: CheckPage, speaker: Speaker) -> bytes:
    picture = page.summary.picture
    return bytes(vl_convert.svg_to_pdf(drawn_once(picture.spec if picture else {}, speaker.language)))


def _summary(page: CheckPage, words: Speaker) -> list[str]:
    summary, picture = page.summary, page.summary.picture
    parts = [f"== {words.say(summary.title)}", *(words.say(text) for text in summary.lead)]
    if picture:
        parts.append(f'#picture("strip.pdf", [{words.say(picture.caption)}])')
    parts.append(_counts(page, words))
    rule = words.say(T(WORDS["rule"]))
    return [*parts, f"=== {rule}", f"#note[{words.say(page.rule)}]", f"== {words.say(T(WORDS['claims']))}"]


def _counts(page: CheckPage, words: Speaker) -> str:
    header = ", ".join(f"[{words.say(T(WORDS[name]))}]" for name in ("verdict", "of_claims", "of_parts"))
    rows = []
    for count in page.counts:
        sign, colour = look(count.verdict)
        cells = [
            f'#badge("{sign}", "{colour}", [{words.say(count.words)}])',
            words.say(count.claims),
            words.say(count.parts),
        ]
        rows.append(", ".join(f"[{cell}]" for cell in cells))
    return f"#rows((left, right, right), (1fr, auto, auto), ({header}), {', '.join(rows)})"


def _claim(claim: ClaimView, words: Speaker) -> str:
    title = T("{number}. “{quote}”", number=Verbatim(str(claim.number)), quote=Verbatim(claim.quote))
    sign, colour = look(claim.verdict)
    badge = f'#badge("{sign}", "{colour}", [{words.say(claim.words)}])'
    parts = [f"=== {words.say(title)}", f"#block(sticky: true)[{badge}]"]
    parts += [f"#note[{words.say(text)}]" for text in (claim.said_by, claim.note) if text is not None]
    parts += [_part(part, words) for part in claim.parts]
    return f'#claim("{colour}")[' + "\n\n".join(parts) + "]"


def _part(part: PartView, words: Speaker) -> str:
    sign, colour = look(part.verdict)
    told = f'#badge("{sign}", "{colour}", [{words.say(part.words)}]). {words.say(part.sentence)}'
    asked = f"#text(size: 8pt, fill: soft, {json.dumps(part.asked, ensure_ascii=False)})"
    parts = [f"#block(sticky: true)[{asked}]", told]
    if part.found is not None:
        parts.append(f"{words.say(T(WORDS['found']))} {words.say(part.found)}")
    if part.ways is not None:
        parts.append(tabled(part.ways, words))
    parts.append(f"#note[{words.say(part.coverage)} {words.say(part.releases)}]")
    if part.evidence:
        ids = ", ".join(f'#link(<{anchor(name)}>)[#raw("{name}")]' for name in part.evidence)
        ids = f'#raw("harmattan evidence") {ids}'
        parts.append(f"#note[{words.say(T(WORDS['evidence_of']))} {ids}]")
    return "#part[" + "\n\n".join(parts) + "]"


EVENTS = (msg("date"), msg("place"), msg("pair of actors"), msg("deaths"), msg("record"))
RECORDS = (msg("record"), msg("says"), msg("source"))


def _entry(entry: Entry, speaker: Speaker) -> str:
    """An id with what it stands for and its first rows."""
    words = Speaker(speaker.language, escape=quoted)
    title = f'#raw("{entry.id}") {words.say(entry.words)}'
    parts = [f'#block(above: 7pt, below: 3pt, sticky: true, text(size: 8pt)[{title}])#label("{anchor(entry.id)}")']
    table = _rows(entry, speaker)
    if table.rows:
        parts.append("#{ set text(size: 7.5pt); [" + tabled(table, words) + "] }")
    return "\n".join(parts)


def _rows(entry: Entry, speaker: Speaker) -> TableView:
    if entry.of:
        header = tuple(T(head) for head in HEADERS)
        return _table(header, [cells(row, entry.of, speaker) for row in entry.rows[:MOST_ROWS]], {len(header) - 1})
    if entry.rows and "publisher" in entry.rows[0]:
        return _table(tuple(T(head) for head in RECORDS), list(_cited(entry.rows[:MOST_ROWS])), set())
    listed = [_event(row, speaker) for row in entry.rows[:MOST_ROWS]]
    return _table(tuple(T(head) for head in EVENTS), listed, {3})


def _table(header: tuple[Text, ...], rows: list[tuple[str, ...]], right: set[int]) -> TableView:
    shown = tuple(tuple(Verbatim(cell) for cell in row) for row in rows)
    return TableView(header, shown, tuple(n in right for n in range(len(header))))


def _cited(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Records with their sources; a record is named at its first source."""
    before: tuple[str, ...] = ()
    for row in rows:
        told = (str(row["record"]), f"“{row['as_written']}”" if row["as_written"] else str(row["says"]))
        source = f"{row['publisher']}, {row['title']}, {row['published']}"
        yield (*(("", "") if told == before else told), source)
        before = told


def _event(row: Mapping[str, Any], speaker: Speaker) -> tuple[str, ...]:
    days = str(row["date_start"]) + (f"/{row['date_end']}" if row["date_end"] != row["date_start"] else "")
    low, best, high = (speaker.number(row[f"deaths_{name}"]) for name in ("low", "best", "high"))
    single = row["n_events"] == 1 and "|" not in row["event_id"]
    record = row["event_id"] if single else row["release"]
    return days, place(row, speaker), row["dyad"] or "–", f"{best} ({low} – {high})", str(record)
