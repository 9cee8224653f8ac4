"""The report on checked claims as one HTML file: no network, nothing that runs; every number links to its rows."""

from __future__ import annotations

import html

from markupsafe import Markup

from harmattan import __version__
from harmattan.brief.appendix import HEADERS, cells, kept, place
from harmattan.brief.check_page import WORDS, CheckPage, look
from harmattan.brief.html import TEMPLATES, anchor, json_for_page, linked, svg, template
from harmattan.export.sheet import attributions
from harmattan.text import Number
from harmattan.text.speaker import Speaker


def render(page: CheckPage, speaker: Speaker) -> bytes:
    """The page as UTF-8; the same inputs give the same bytes."""
    there = {entry.id for entry in page.entries}

    def mark(number: Number, said: str) -> str:
        return linked(number, said) if number.evidence in there else said

    words = Speaker(speaker.language, mark=mark, escape=lambda text: html.escape(text, quote=True))
    made = template("check.html.j2").render(
        page=page,
        brief=page.brief,
        say=lambda value: Markup(words.say(value)),
        plain=speaker.say,
        t=speaker.words,
        w={name: speaker.words(said) for name, said in WORDS.items()},
        look=look,
        language=speaker.language,
        version=__version__,
        entries=page.entries,
        place=lambda row: place(row, speaker),
        cells=lambda row, of: cells(row, of, speaker),
        headers=[speaker.words(header) for header in HEADERS],
        number=speaker.number,
        anchor=anchor,
        svg=lambda spec, n, said: Markup(svg(spec, speaker.language, n, said)),
        attributions=attributions(page.brief.releases, speaker),
        style=Markup("".join((TEMPLATES / name).read_text("utf-8") for name in ("brief.css", "check.css"))),
        kept=Markup(json_for_page(kept(page.brief))),
    )
    return made.encode("utf-8")
