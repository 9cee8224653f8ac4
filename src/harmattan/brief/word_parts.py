"""A Word document while it is written: its styles, links, pictures and tables, and its bytes without a clock."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

INK, SOFT, LINE, LINK, WARM = "22262A", "5D656C", "D9DDE0", "0072B2", "D55E00"
FONT, MONO = "Arial", "Consolas"
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
TEXT_CM, PICTURE_CM, TALLEST_CM, MARGIN_CM = 16.8, 15.2, 21.5, 2.1
"""The room for text on a page of A4, and the widest and tallest picture, in centimetres."""
MADE = (2000, 1, 1, 0, 0, 0)
"""The time written into the archive, so that the same brief is the same bytes."""
LINE_CHARS, PADDING = 98, 3
"""Characters of a table's letters in a line, and the room beside those of a column."""
OPEN, TO, SHUT = "\x01", "\x02", "\x03"
"""Stand in marked words around a number: where it begins, where its id ends, where it ends."""
MARKED = re.compile(f"{OPEN}([^{TO}]*){TO}([^{SHUT}]*){SHUT}")
SIZES = {"Normal": 10, "Title": 22, "Subtitle": 11, "Heading 1": 14, "Heading 2": 10.5, "List Bullet": 9.5}
OWN_STYLES = {"Note": 8.5, "Hindsight": 9.5, "Figure Large": 16, "Cell": 8.5, "Evidence": 8}


def marked(evidence: str, words: str) -> str:
    """Words that lead to an entry of the evidence."""
    return f"{OPEN}{evidence}{TO}{words}{SHUT}"


def mark_of(evidence: str) -> str:
    """The bookmark of an evidence id: Word knows letters, digits and underscores only.

    >>> mark_of("3fa94c21d0b7.12+")
    'e_3fa94c21d0b7_12_and'
    """
    return "e_" + evidence.replace(".", "_").replace("+", "_and")


class Paper:
    """A document in one language; words may hold marked numbers."""

    def __init__(self, language: str) -> None:
        self.document = Document()
        self._marks = 0
        _styled(self.document, LOCALES[language])
        page = self.document.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(MARGIN_CM)
        page.top_margin, page.bottom_margin = Cm(2), Cm(2.2)

    def say(self, words: str, style: str = "Normal", *, keep: bool = False) -> Any:
        """A paragraph; with `keep` it stays on the page of what follows."""
        made = self.document.add_paragraph(style=style)
        made.paragraph_format.keep_with_next = keep or None
        write(made, words)
        return made

    def heading(self, words: str, level: int) -> None:
        """A heading; level 0 is the document's title."""
        write(self.document.add_heading("", level), words)

    def picture(self, png: bytes, words: str) -> None:
        """A picture, and in words what it shows for those who listen."""
        wide, tall = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        width = min(PICTURE_CM, TALLEST_CM * wide / tall)
        at = self.document.add_paragraph()
        at.paragraph_format.keep_with_next = True
        drawn = at.add_run().add_picture(io.BytesIO(png), width=Cm(width))._inline.docPr
        drawn.set("descr", words)
        drawn.set("title", "")

    def cards(self, cards: Sequence[tuple[str, str, str]]) -> None:
        """Numbers set large: each with its range, or nothing, and its label."""
        table = self.document.add_table(1, len(cards))
        _bordered(table, ("top", "left", "bottom", "right", "insideV"))
        for cell, (value, span, label) in zip(table.rows[0].cells, cards, strict=True):
            first = cell.paragraphs[0]
            first.style = self.document.styles["Figure Large"]
            write(first, value)
            for words in filter(None, (span, label)):
                write(cell.add_paragraph(style="Note"), words)
        self.say("", "Note")

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> None:
        """A table whose header is repeated on every page; a row is never broken over two."""
        table = self.document.add_table(1 + len(rows), len(header))
        table.autofit = False
        _bordered(table, ("top", "bottom", "insideH"))
        widths = shares([header, *rows], numeric)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        lines = [header, *rows]
        for n, (row, words) in enumerate(zip(table.rows, lines, strict=True)):
            _flag(row, "w:cantSplit")
            if n == 0:
                _flag(row, "w:tblHeader")
            for cell, said, right, width in zip(row.cells, words, numeric, widths, strict=True):
                cell.width = width
                at = cell.paragraphs[0]
                at.style = self.document.styles["Cell"]
                at.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else None
                write(at, said, bold=n == 0)
        self.say("", "Note")

    def entry(self, evidence: str, words: str) -> None:
        """An entry of the evidence: where the numbers with its id lead to."""
        at = self.document.add_paragraph(style="Evidence")
        self._marks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for one in (start, end):
            one.set(qn("w:id"), str(self._marks))
        start.set(qn("w:name"), mark_of(evidence))
        at._p.append(start)
        code(at, evidence)
        at._p.append(end)
        at.add_run(" " + words)

    def footer(self, words: str) -> None:
        """What stands below every page, with its number and how many there are."""
        at = self.document.sections[0].footer.paragraphs[0]
        at.style = self.document.styles["Note"]
        at.add_run(words + "   ")
        for field, between in (("PAGE", " / "), ("NUMPAGES", "")):
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            at._p.append(simple)
            at.add_run(between)

    def told(self, title: str, subject: str, language: str, day: dt.date) -> None:
        """What the document says of itself; the day is the only date in it."""
        about = self.document.core_properties
        about.title, about.subject, about.author, about.last_modified_by = title, subject, "Harmattan", "Harmattan"
        about.language, about.comments, about.revision = LOCALES[language], "", 1
        about.created = about.modified = dt.datetime(day.year, day.month, day.day)

    def packed(self) -> bytes:
        """The document's bytes: its parts in their order, without the time at which they were packed."""
        loose, out = io.BytesIO(), io.BytesIO()
        self.document.save(loose)
        with zipfile.ZipFile(loose) as there, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name in there.namelist():
                part = zipfile.ZipInfo(name, MADE)
                part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                made.writestr(part, there.read(name))
        return out.getvalue()


def write(at: Any, words: str, *, bold: bool = False) -> None:
    """Words into a paragraph; a marked number becomes a link to its entry."""
    parts = MARKED.split(words)
    for n in range(0, len(parts), 3):
        if parts[n]:
            at.add_run(parts[n]).bold = bold or None
        if n + 2 < len(parts):
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), mark_of(parts[n + 1]))
            link.set(qn("w:history"), "1")
            run = at.add_run(parts[n + 2], style="Opened")
            link.append(run._r)
            at._p.append(link)


def code(at: Any, words: str) -> None:
    """Words as they are typed, at the end of a paragraph."""
    at.add_run(words, style="Typed")


def shares(lines: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[Emu]:
    """The columns' widths: each as wide as its longest word, and what room is left as their longest cells ask for."""
    plain = [[MARKED.sub(r"\2", cell) for cell in line] for line in lines]
    least, asked = [], []
    for n, right in enumerate(numeric):
        cells = [line[n] for line in plain]
        longest, word = max(map(len, cells)), max(len(w) for cell in cells for w in cell.split() or [""])
        least.append(word + PADDING)
        asked.append(PADDING + max(word, longest if right and longest < 24 else min(longest, 38)))
    room = max(LINE_CHARS - sum(least), 0)
    wanted = [more - few for more, few in zip(asked, least, strict=True)]
    widths = [few + room * (more / sum(wanted) if sum(wanted) else 1 / len(least))
              for few, more in zip(least, wanted, strict=True)]  # fmt: skip
    return [Emu(round(Cm(TEXT_CM) * width / sum(widths))) for width in widths]


def _bordered(table: Any, sides: Sequence[str]) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
    properties = table._tbl.tblPr
    after = properties.find(qn("w:tblLayout"))
    if after is None:
        after = properties.find(qn("w:tblLook"))
    if after is None:
        properties.append(borders)
    else:
        after.addprevious(borders)


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _styled(document: Any, locale: str) -> None:
    """The styles of a brief on the built-in ones, so that Word lists headings and readers can change them."""
    styles = document.styles
    for name in OWN_STYLES:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, size in (SIZES | OWN_STYLES).items():
        _lettered(styles[name], size, SOFT if name in ("Note", "Subtitle") else INK)
    for name in ("Title", "Heading 1", "Heading 2", "Figure Large"):
        styles[name].font.bold = True
    styles["Subtitle"].font.italic = False
    for name, before, after in (("Normal", 0, 6), ("Title", 0, 2), ("Subtitle", 0, 8), ("Heading 1", 20, 6),
                                ("Heading 2", 10, 2), ("List Bullet", 0, 3), ("Note", 0, 5), ("Cell", 2, 2),
                                ("Evidence", 0, 3), ("Hindsight", 4, 8), ("Figure Large", 3, 0)):  # fmt: skip
        shape = styles[name].paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.12
    for border in styles["Title"].element.xpath(".//w:pBdr"):
        border.getparent().remove(border)
    _edged(styles["Hindsight"])
    opened = styles.add_style("Opened", WD_STYLE_TYPE.CHARACTER)
    line = OxmlElement("w:u")
    line.set(qn("w:val"), "dotted")
    line.set(qn("w:color"), LINK)
    opened.element.get_or_add_rPr().append(line)
    typed = styles.add_style("Typed", WD_STYLE_TYPE.CHARACTER)
    typed.font.name = MONO
    typed.font.no_proof = True
    spoken = document.styles.element.xpath(".//w:rPrDefault//w:lang") + document.settings.element.xpath(
        ".//w:themeFontLang"
    )
    for language in spoken:
        language.set(qn("w:val"), locale)


def _lettered(style: Any, size: float, colour: str) -> None:
    """Letters of one size, colour and face; those of the theme give way."""
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:color", "w:spacing", "w:kern"):
        for there in properties.findall(qn(name)):
            properties.remove(there)
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor.from_string(colour)


def _edged(style: Any) -> None:
    """A paragraph on warm ground with a line to its left."""
    properties = style.element.get_or_add_pPr()
    edge, ground = OxmlElement("w:pBdr"), OxmlElement("w:shd")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", WARM)):
        left.set(qn(f"w:{name}"), value)
    edge.append(left)
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FDF3EA")):
        ground.set(qn(f"w:{name}"), value)
    spacing = properties.find(qn("w:spacing"))
    for one in (edge, ground):
        properties.append(one) if spacing is None else spacing.addprevious(one)
