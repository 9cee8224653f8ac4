"""Documents for tests, made in code: whole ones, and those that somebody hands in to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

ENGLISH = (
    "On 5 March 2022 armed men attacked the village of Dinangourou in the north of Mali, and at least 20 people were "
    "killed in the attack, the mayor said."
)
FRENCH = (
    "Selon le maire de la commune, des hommes armés ont attaqué le village dans la nuit du 5 mars 2022 et une "
    "trentaine de personnes ont été tuées par les assaillants."
)
SPANISH = (
    "Los hombres armados atacaron el pueblo en la noche del 5 de marzo y más de veinte personas fueron asesinadas "
    "según el alcalde de la comunidad, que no ha dado los nombres de las víctimas."
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def page(body: str, head: str = "", lang: str = "en") -> bytes:
    """A web page."""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'.encode()


def pdf(pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A PDF with a text layer, one list of lines a page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(f"<< /Title ({title}) /CreationDate (D:20190101000000Z) >>")
    for n, lines in enumerate(pages):
        escaped = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines)
        drawn = "BT /F1 11 Tf 14 TL 50 780 Td " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream")
    return _assembled([made.encode("cp1252") for made in objects])


def pdf_with_stream(stream: bytes, declared: str) -> bytes:
    """A PDF of one page whose content is the stream as it is."""
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), declared.encode(), stream),
        ],
        info=False,
    )


def _assembled(objects: Sequence[bytes], info: bool = True) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R%s >>" % (len(objects) + 1, b" /Info 4 0 R" if info else b"")
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return made + head + table + b"trailer " + trailer + b"\nstartxref\n%d\n%%%%EOF" % len(made)


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf([[ENGLISH]]))))
    writer.encrypt("word", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word_xml(body: str, before: str = "") -> bytes:
    """A Word file whose document has this XML as its body."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    )
    return package({"[Content_Types].xml": TYPES, "word/document.xml": document})


def paragraph(text: str) -> str:
    """A paragraph of a Word file."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word(paragraphs: Sequence[str], title: str = "") -> bytes:
    """A Word file as python-docx writes it, with a table of two rows at its end."""
    import docx

    made = docx.Document()
    made.core_properties.title = title
    for text in paragraphs:
        made.add_paragraph(text)
    table = made.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Country", "Deaths"), ("Mali", "20")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
