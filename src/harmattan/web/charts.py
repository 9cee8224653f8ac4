"""Pictures of answers on their way to a browser: as SVG, PNG or Vega-Lite, each made once for an answer and a language.

The script that draws them is made from the installed package, once for each version of it.
"""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

from harmattan.brief.answer_charts import drawn
from harmattan.brief.outline import Picture
from harmattan.errors import LicenceError, PrivacyError
from harmattan.export import answers
from harmattan.questions.answer import Answer
from harmattan.text.speaker import Speaker
from harmattan.web.house import House

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Figure:
    """A picture of an answer as a page shows it."""

    id: str
    caption: str
    width: int
    height: int
    stays: bool
    """Whether it is for looking at only: it shows records whose licence, or accounts whose names, keep it here."""


def stays(answer: Answer) -> bool:
    """Whether a picture of an answer, or its numbers, may not leave as a file."""
    try:
        answers.guard(answer, "")
    except (LicenceError, PrivacyError):
        return True
    return False


def figure_of(house: House, answer: Answer, speaker: Speaker) -> Figure | None:
    """The picture of an answer with its size; None where it has none."""
    made, _tag = house.pages.of(("figure", answer.id, speaker.language), lambda: _figure(house, answer, speaker))
    if (told := json.loads(made)) is None:
        return None
    caption, width, height = told
    return Figure(answer.id, caption, width, height, stays(answer))


def _figure(house: House, answer: Answer, speaker: Speaker) -> bytes:
    picture = picture_of(house, answer, speaker)
    if picture is None:
        return b"null"
    drawn_as = house.drawing.file(picture.spec, speaker.language, "svg")
    house.pages.of(("chart", answer.id, "svg", speaker.language), lambda: drawn_as)
    width, height = size_of(drawn_as.decode())
    return json.dumps([speaker.say(picture.caption), width, height]).encode()


def size_of(svg: str) -> tuple[int, int]:
    """Width and height of an SVG in pixels.

    >>> size_of('<svg xmlns="x" width="620.5" height="31" viewBox="0 0 620 31"></svg>')
    (620, 31)
    """
    head = svg.partition(">")[0]
    width, height = (head.partition(f' {name}="')[2].partition('"')[0] for name in ("width", "height"))
    return round(float(width or 0)), round(float(height or 0))


def picture_of(house: House, answer: Answer, speaker: Speaker) -> Picture | None:
    """The picture of an answer."""
    with _ONE_AT_A_TIME:
        return drawn(answer, speaker, house.asking.standing().cell_countries)


def rendered(house: House, answer: Answer, speaker: Speaker, format: str) -> tuple[bytes, str] | None:
    """A picture in a format with its ETag; None where the answer has no picture."""
    figure = figure_of(house, answer, speaker)
    if figure is None:
        return None

    def make() -> bytes:
        picture = picture_of(house, answer, speaker)
        assert picture is not None
        return house.drawing.file(picture.spec, speaker.language, format)

    return house.pages.of(("chart", answer.id, format, speaker.language), make)


@dataclass(frozen=True)
class Script:
    """The script that draws in a browser, as it is and packed."""

    plain: bytes
    packed: bytes


@cache
def version() -> str:
    """What the script's address changes with."""
    return metadata.version("vl-convert-python")


_SCRIPT: list[Script] = []
_MAKING = threading.Lock()


def script() -> Script:
    """Vega, Vega-Lite and Vega-Embed in one script, with the languages of numbers and dates; made at first use."""
    with _MAKING:
        if not _SCRIPT:
            import vl_convert

            bundle = vl_convert.javascript_bundle(None)  # type: ignore[arg-type]
            whole = f"{bundle}\nwindow.harmattanLocales={json.dumps(_locales())};\n".encode()
            _SCRIPT.append(Script(whole, gzip.compress(whole, 9, mtime=0)))
        return _SCRIPT[0]


def _locales() -> dict[str, Any]:
    """How each language writes numbers and dates, as D3 wants it."""
    import vl_convert

    english = {"number": vl_convert.get_format_locale("en-US"), "time": vl_convert.get_time_format_locale("en-US")}
    french = {"number": vl_convert.get_format_locale("fr-FR"), "time": vl_convert.get_time_format_locale("fr-FR")}
    return {"en": english, "fr": french}


def make_ahead(house: House) -> None:
    """Begins to make the drawing program and the script ready: whoever sees the first picture need not wait."""

    def prepare() -> None:
        house.drawing.make_ahead()
        script()

    threading.Thread(target=prepare, name="charts", daemon=True).start()
