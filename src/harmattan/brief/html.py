"""The brief as one HTML file: no network, no script; every number is a link to its evidence in the same page."""

from __future__ import annotations

import html
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from harmattan import __version__
from harmattan.brief.appendix import HEADERS, Entry, cells, kept, place
from harmattan.brief.outline import Brief
from harmattan.export.sheet import attributions
from harmattan.text import Number, Value
from harmattan.text.speaker import Speaker

TEMPLATES = Path(__file__).parent / "templates"
D3_LOCALE: dict[str, Any] = {"en": "en-US", "fr": "fr-FR"}


def template(name: str) -> Template:
    """A page of this room: what is put into it is escaped, and what is missing is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def render_html(brief: Brief, appendix: list[Entry], speaker: Speaker) -> bytes:
    """The page as UTF-8."""
    words = Speaker(speaker.language, mark=linked, escape=lambda text: html.escape(text, quote=True))

    def say(value: Value) -> Markup:
        return Markup(words.say(value))

    page = template("brief.html.j2").render(
        brief=brief,
        say=say,
        plain=speaker.say,
        t=speaker.words,
        language=speaker.language,
        version=__version__,
        entries=appendix,
        place=lambda row: place(row, speaker),
        cells=lambda row, of: cells(row, of, speaker),
        headers=[speaker.words(header) for header in HEADERS],
        number=speaker.number,
        anchor=anchor,
        svg=lambda spec, n, words: Markup(svg(spec, speaker.language, n, words)),
        attributions=attributions(brief.releases, speaker),
        style=Markup((TEMPLATES / "brief.css").read_text("utf-8")),
        kept=Markup(json_for_page(kept(brief))),
    )
    return page.encode("utf-8")


def anchor(evidence: str) -> str:
    """The id of an evidence entry in the page."""
    return "e-" + evidence.replace(".", "-").replace("+", "-and")


def svg(spec: dict[str, Any], language: str, number: int, words: str) -> str:
    """A chart as inline SVG that scales with the page; ids are made unique in the page by its number."""
    drawn = slimmed(re.sub(r'(id="|url\(#)([A-Za-z])', rf"\g<1>c{number}-\g<2>", drawn_once(spec, language)))
    label = html.escape(words, quote=True)
    return re.sub(
        r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+"',
        lambda found: f'<svg {found[1]}role="img" aria-label="{label}"',
        drawn,
        count=1,
    )


def drawn_once(spec: dict[str, Any], language: str) -> str:
    """A chart as SVG, as Vega-Lite draws it; the page and the document show the same drawing."""
    return _drawn(json.dumps(spec, sort_keys=True), language)


@lru_cache(maxsize=64)
def _drawn(spec: str, language: str) -> str:
    locale = D3_LOCALE[language]
    return renumbered(str(vl_convert.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale)))


def renumbered(drawn: str) -> str:
    """An SVG with its ids numbered in the order they stand in: Vega counts on over all that its process has drawn.

    >>> renumbered('<svg><g clip-path="url(#clip7)"/><clipPath id="clip9"/><clipPath id="clip7"/></svg>')
    '<svg><g clip-path="url(#clip1)"/><clipPath id="clip2"/><clipPath id="clip1"/></svg>'
    """
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        number = numbers.setdefault(found["id"], len(numbers) + 1)
        return f"{found['before']}{found['kind']}{number}"

    return NUMBERED_ID.sub(numbered, drawn)


NUMBERED_ID = re.compile(r'(?P<before>id="|url\(#)(?P<id>(?P<kind>[A-Za-z][A-Za-z_-]*?)\d+)(?=[")])')


def slimmed(drawn: str) -> str:
    """An SVG without what nobody sees: empty paths, names of its parts, digits beyond a hundredth of a pixel.

    >>> slimmed('<svg class="marks"><g class="mark-line" role="x"><path d="M1.23456,2"/><path d=""/></g></svg>')
    '<svg class="marks"><g><path d="M1.23,2"/></g></svg>'
    """
    head, _, rest = drawn.partition(">")
    return head + ">" + LONG_NUMBER.sub(r"\1", EMPTY_PATH.sub("", UNSEEN.sub("", rest)))


UNSEEN = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"')
EMPTY_PATH = re.compile(r'<path d="(?:M0,0h0v0h0Z)?"[^>]*/>')
LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")


def linked(number: Number, words: str) -> str:
    return f'<a class="n" href="#{anchor(number.evidence or "")}">{words}</a>'


def json_for_page(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
