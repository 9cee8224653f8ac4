"""Writes a brief: asks, composes, checks that every number has evidence, draws, and puts whole files into place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harmattan.brief.appendix import entries
from harmattan.brief.counted import counted, datasets
from harmattan.brief.desk import Desk
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief, Section
from harmattan.brief.pdf import render_pdf
from harmattan.brief.sections import SECTIONS
from harmattan.brief.word import render_docx
from harmattan.case import Case
from harmattan.errors import HarmattanError, UsageError
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import CountryName, T, Verbatim, listing
from harmattan.text.speaker import Speaker

RENDERERS = {"html": render_html, "pdf": render_pdf, "docx": render_docx}
Step = Callable[[int, int], None]
"""Is told how many steps are done, and how many there are in all."""


def _quiet(_done: int, _total: int) -> None:
    """Tells nobody."""


def narrowed(case: Case, sections: Sequence[str]) -> Case:
    """The case with some of its sections, in its own order; with all of them where none is named.

    Raises UsageError for a section that the case does not have.
    """
    unknown = [name for name in sections if name not in case.sections]
    if unknown:
        raise UsageError(
            T("The case has no section {name}.", name=Verbatim(unknown[0])),
            available=T("There are: {all}.", all=listing([Verbatim(name) for name in case.sections])),
        )
    chosen = tuple(name for name in case.sections if name in sections)
    return case.model_copy(update={"sections": chosen}) if chosen else case


def compose(
    inquiry: Inquiry,
    case: Case,
    params: Params,
    language: str,
    *,
    sections: Sequence[str] = (),
    step: Step = _quiet,
) -> Brief:
    """Asks every question of the case's sections, or of those named, and composes the brief.

    `step` is told after each section. Raises BriefError for a number unsourced, UsageError for an unknown section.
    """
    told = narrowed(case, sections)
    desk = Desk(inquiry, told, params, Speaker(language))
    made = tuple(_sections(desk, step))
    as_of = params.as_of or case.as_of
    subtitle = T(
        "{countries}, as of {as_of}", as_of=as_of, countries=listing([CountryName(code) for code in case.countries])
    )
    brief = Brief(
        case.name,
        case.title.get(language, case.title["en"]),
        subtitle,
        as_of,
        command(case, params, language, told.sections),
        made,
        tuple(desk.answers),
    )
    brief.cited()
    return brief


def command(case: Case, params: Params, language: str, sections: Sequence[str]) -> str:
    """The command that writes the same brief."""
    as_of = params.as_of or case.as_of
    words = [f"harmattan brief {case.name} --as-of {as_of.isoformat()}"]
    words += [f"--known-by {params.known_by.isoformat()}"] if params.known_by else []
    words += [f"--source {params.source}"] if params.source and params.source != case.events else []
    words += [f"--release {' '.join(params.release)}"] if params.release else []
    words += [f"--lang {language}"] if language != "en" else []
    words += [f"--sections {','.join(sections)}"] if tuple(sections) != case.sections else []
    return " ".join(words)


def _sections(desk: Desk, step: Step) -> Iterator[Section]:
    """The sections, each with the answers that it asked for."""
    for section in _told(desk, step):
        yield replace(section, answers=desk.heard())


def _told(desk: Desk, step: Step) -> Iterator[Section]:
    """The sections of the case that have data; those that rest on tables of data sets follow where there are such."""
    total = len(desk.case.sections) + 1
    for n, name in enumerate(desk.case.sections):
        step(n, total)
        made = SECTIONS[name](desk)
        if made is not None:
            yield made
        if name == "needs":
            yield from counted(desk)
    step(total - 1, total)
    last = datasets(desk)
    if last is not None:
        yield last


def render(
    inquiry: Inquiry,
    case: Case,
    *,
    params: Params,
    language: str,
    formats: Sequence[str],
    sections: Sequence[str] = (),
    step: Step = _quiet,
) -> tuple[Brief, dict[str, bytes]]:
    """The brief, and its bytes in each format; the same inputs, the same bytes. `step` is told of formats too."""
    more = 1 + len(formats)

    def section(done: int, total: int) -> None:
        step(done, total + more)

    brief = compose(inquiry, case, params, language, sections=sections, step=section)
    total = len(narrowed(case, sections).sections) + 1 + more
    step(total - more, total)
    appendix = entries(brief, inquiry)
    contents: dict[str, bytes] = {}
    for n, name in enumerate(formats):
        step(total - len(formats) + n, total)
        contents[name] = RENDERERS[name](brief, appendix, Speaker(language))
    step(total, total)
    return brief, contents


def write_brief(
    inquiry: Inquiry,
    case: Case,
    out: Path,
    *,
    params: Params,
    language: str,
    formats: tuple[str, ...],
    sections: Sequence[str] = (),
) -> list[Path]:
    """Writes the brief in each format as `<case>-<as of>-<language>.<format>`; the same inputs, the same bytes."""
    brief, contents = render(inquiry, case, params=params, language=language, formats=formats, sections=sections)
    stem = f"{case.name}-{brief.as_of.isoformat()}-{language}"
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path = out / f"{stem}.{name}"
            put(path, content)
            written.append(path)
    except OSError as fault:
        raise HarmattanError(
            T("{path} cannot be written: {fault}.", path=Verbatim(str(out)), fault=Verbatim(str(fault.strerror)))
        ) from fault
    return written


def put(path: Path, content: bytes) -> None:
    """Puts a whole file into its place, or none. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
