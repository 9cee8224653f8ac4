"""The brief as PDF by Typst: the same outline; numbers link to the list of evidence at the end."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import typst
import vl_convert

from harmattan import __version__
from harmattan.brief.appendix import Entry
from harmattan.brief.html import TEMPLATES, anchor, drawn_once
from harmattan.brief.outline import Brief, Picture, Section, TableView
from harmattan.export.sheet import attributions
from harmattan.text import Number, msg
from harmattan.text.speaker import Speaker


def render_pdf(brief: Brief, appendix: list[Entry], speaker: Speaker) -> bytes:
    """The document. Only fonts that come with the packages are used, and no clock: the same bytes everywhere."""
    words = Speaker(speaker.language, mark=linked, escape=quoted)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        body = '#import "parts.typ": *\n' + "\n".join(
            _section(section, words, root, n) for n, section in enumerate(brief.sections, start=1)
        )
        said = {
            "title": brief.title,
            "subtitle": speaker.say(brief.subtitle),
            "language": speaker.language,
            "hindsight": bool(brief.hindsight),
            "command": brief.command,
            "version": __version__,
            "caveats": [
                {"title": "" if title is None else speaker.say(title), "lines": [speaker.say(one) for one in caveats]}
                for title, caveats in brief.caveats_by_section
            ],
            "sources": list(attributions(brief.releases, speaker)),
            "evidence": [
                {"id": entry.id, "anchor": anchor(entry.id), "words": speaker.say(entry.words)} for entry in appendix
            ],
            "t": {name: speaker.words(template) for name, template in WORDS.items()},
            "date": [brief.as_of.year, brief.as_of.month, brief.as_of.day],
        }
        (root / "said.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        (root / "body.typ").write_text(body, encoding="utf-8")
        for name in ("brief.typ", "parts.typ"):
            (root / name).write_bytes((TEMPLATES / name).read_bytes())
        made: bytes = typst.compile(root / "brief.typ", root=root, ignore_system_fonts=True, timestamp=0)
        return made


WORDS = {
    "hindsight": msg("This brief is hindsight: the data it rests on came out after the date as of which it speaks."),
    "opens": msg("Every underlined number leads to its entry in the list of evidence at the end."),
    "caveats": msg("What to bear in mind"),
    "sources": msg("Sources"),
    "evidence": msg("Evidence"),
    "evidence_note": msg("Each entry says which records a number is made of. They are listed by"),
    "made": msg("Made with Harmattan"),
}


def _section(section: Section, words: Speaker, root: Path, number: int) -> str:
    parts = [f"== {words.say(section.title)}"]
    if section.figures:
        cells = []
        for figure in section.figures:
            span = f"[{words.say(figure.low)} – {words.say(figure.high)}]" if figure.low and figure.high else "none"
            cells.append(f"figure-card([{words.say(figure.value)}], {span}, [{words.say(figure.label)}])")
        parts.append(f"#cards({', '.join(cells)},)")
    parts += [words.say(text) for text in section.lead]
    if section.picture:
        parts.append(_pictured(section.picture, words, root, f"chart{number}.pdf"))
    if section.table and section.table.rows:
        parts.append(tabled(section.table, words))
    parts += [_pictured(one, words, root, f"chart{number}m{n}.pdf") for n, one in enumerate(section.more)]
    parts += [f"#note[{words.say(text)}]" for text in section.notes]
    return "\n\n".join(parts)


def _pictured(picture: Picture, words: Speaker, root: Path, name: str) -> str:
    """A picture, drawn into a file, as Typst."""
    (root / name).write_bytes(vl_convert.svg_to_pdf(drawn_once(picture.spec, words.language)))
    return f'#picture("{name}", [{words.say(picture.caption)}])'


def tabled(table: TableView, words: Speaker) -> str:
    """A table as Typst."""
    header = ", ".join(f"[{words.say(head)}]" for head in table.header)
    align = ", ".join("right" if numeric else "left" for numeric in table.numeric)
    rows = ",\n".join(", ".join(f"[{words.say(cell)}]" for cell in row) for row in table.rows)
    return f"#rows(({align},), ({widths(table, words.language)},), ({header},), {rows})"


LINE, GUTTER = 112, 3
"""Characters of a table's letters that fit into a line, and the room between columns in characters."""


def widths(table: TableView, language: str) -> str:
    """Columns of numbers as wide as they are, those of words by their lines, none narrower than its longest word."""
    plain = Speaker(language)
    columns = [
        [plain.say(table.header[at]), *(plain.say(row[at]) for row in table.rows)] for at in range(len(table.numeric))
    ]
    longest = [max(map(len, cells)) for cells in columns]
    words = [max(len(word) for cell in cells for word in cell.split() or [""]) for cells in columns]
    room = LINE - sum(longest[at] + GUTTER for at, numeric in enumerate(table.numeric) if numeric)
    shares = {at: min(max(longest[at], 11), 34) for at, numeric in enumerate(table.numeric) if not numeric}
    for _ in shares:
        whole = sum(shares.values())
        shares = {at: max(share, -(-whole * (words[at] + GUTTER) // max(room, 1))) for at, share in shares.items()}
    return ", ".join(f"{shares[at]}fr" if at in shares else "auto" for at in range(len(columns)))


def quoted(text: str) -> str:
    """Text as a Typst string in content, so that none of its characters means anything to Typst."""
    return "#" + json.dumps(text, ensure_ascii=False).replace("\\/", "/") + ";"


def linked(number: Number, words: str) -> str:
    return f"#ev(<{anchor(number.evidence or '')}>)[{words}]"
