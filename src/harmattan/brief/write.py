"""Writes a brief: asks, composes, checks that every number has evidence, draws, and puts whole files into place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harmattan.brief.appendix import entries
from harmattan.brief.counted import counted, datasets
from harmattan.brief.desk import Desk
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief, Section
from harmattan.brief.pdf import render_pdf
from harmattan.brief.sections import SECTIONS
from harmattan.case import Case
from harmattan.errors import HarmattanError
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Verbatim, listing
from harmattan.text.speaker import Speaker

RENDERERS = {"html": render_html, "pdf": render_pdf}


def compose(inquiry: Inquiry, case: Case, params: Params, language: str) -> Brief:
    """Asks every question of the case's sections and composes the brief. Raises BriefError for a number unsourced."""
    desk = Desk(inquiry, case, params, Speaker(language))
    sections = tuple(_sections(desk))
    as_of = params.as_of or case.as_of
    words = [f"harmattan brief {case.name} --as-of {as_of.isoformat()}"]
    words += [f"--known-by {params.known_by.isoformat()}"] if params.known_by else []
    words += [f"--release {' '.join(params.release)}"] if params.release else []
    words += [f"--lang {language}"] if language != "en" else []
    subtitle = T(
        "{countries}, as of {as_of}", as_of=as_of, countries=listing([CountryName(code) for code in case.countries])
    )
    brief = Brief(
        case.name,
        case.title.get(language, case.title["en"]),
        subtitle,
        as_of,
        " ".join(words),
        sections,
        tuple(desk.answers),
    )
    brief.cited()
    return brief


def _sections(desk: Desk) -> Iterator[Section]:
    """The sections, each with the answers that it asked for."""
    for section in _told(desk):
        yield replace(section, answers=desk.heard())


def _told(desk: Desk) -> Iterator[Section]:
    """The sections of the case that have data; those that rest on tables of data sets follow where there are such."""
    for name in desk.case.sections:
        made = SECTIONS[name](desk)
        if made is not None:
            yield made
        if name == "needs":
            yield from counted(desk)
    last = datasets(desk)
    if last is not None:
        yield last


def write_brief(
    inquiry: Inquiry, case: Case, out: Path, *, params: Params, language: str, formats: tuple[str, ...]
) -> list[Path]:
    """Writes the brief in each format as `<case>-<as of>-<language>.<format>`; the same inputs, the same bytes."""
    brief = compose(inquiry, case, params, language)
    appendix = entries(brief, inquiry)
    contents = {name: RENDERERS[name](brief, appendix, Speaker(language)) for name in formats}
    stem = f"{case.name}-{brief.as_of.isoformat()}-{language}"
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path, part = out / f"{stem}.{name}", out / f".{stem}.{name}.part"
            part.write_bytes(content)
            part.replace(path)
            written.append(path)
    except OSError as fault:
        raise HarmattanError(
            T("{path} cannot be written: {fault}.", path=Verbatim(str(out)), fault=Verbatim(str(fault.strerror)))
        ) from fault
    return written
