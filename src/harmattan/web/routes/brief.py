"""The brief: what it is made of, its making, and its files to read and to take along."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from pydantic import BaseModel

from harmattan.brief.titles import title_of
from harmattan.errors import UsageError
from harmattan.text import Bilingual, T, Text
from harmattan.text.speaker import LANGUAGES
from harmattan.web import briefs
from harmattan.web.briefs import Made, Order
from harmattan.web.faults import NotThere
from harmattan.web.files import handed_out
from harmattan.web.house import House
from harmattan.web.pages import page
from harmattan.web.visitor import Analyst, HouseOf, Reader, Visitor

ROUTER = APIRouter(include_in_schema=False)
PREVIEW = "preview"
MOST = 100
"""So many briefs made before are listed."""
LANGUAGE_NAMES = {"en": "English", "fr": "Français"}
FORMAT_NAMES: dict[str, Text] = {"html": T("HTML page"), "pdf": T("PDF"), "docx": T("Word document")}


@ROUTER.get("/brief")
def builder(request: Request, visitor: Reader, house: HouseOf) -> Response:
    """What a brief can be made of, and those made before."""
    given = {name: request.query_params.getlist(name) for name in request.query_params}
    return _builder(request, visitor, house, given)


def _builder(request: Request, visitor: Visitor, house: House, given: dict[str, list[str]], fault: UsageError | None
             = None) -> Response:  # fmt: skip
    case = house.case
    chosen = given.get("sections", ()) if given else case.sections
    values: dict[str, Any] = {
        "sections": [(name, title_of(name, case.focus), name in chosen) for name in case.sections],
        "as_of": _last(given, "as_of", case.as_of.isoformat()),
        "known_by": _last(given, "known_by", ""),
        "chosen_language": _last(given, "language", visitor.language),
        "languages": [(name, LANGUAGE_NAMES[name]) for name in LANGUAGES],
        "source": _last(given, "source", case.events),
        "families": briefs.families_of(house.lake),
        "formats": [
            (name, words, name in given.get("formats", briefs.FORMATS)) for name, words in FORMAT_NAMES.items()
        ],
        "made": [(one, _what(one)) for one in islice(house.briefs, MOST)],
        "may_make": visitor.may("analyst"),
        "fault": fault,
    }
    return page(request, visitor, "brief.html.j2", status=422 if fault else 200, **values)


def _last(given: dict[str, list[str]], name: str, default: str) -> str:
    return (given.get(name) or [default])[-1]


def _what(made: Made) -> Text:
    """What a brief is, in words."""
    return T("{title}, as of {as_of}", title=made.title, as_of=made.wanted.as_of)


class Asked(BaseModel):
    """The words of the builder's form."""

    sections: list[str] = []
    as_of: str = ""
    known_by: str = ""
    language: str = "en"
    source: str = ""
    formats: list[str] = []
    then: str = ""
    """`preview`: to be read on a page, and no further file."""

    @property
    def words(self) -> dict[str, list[str]]:
        """The words by field."""
        return {name: value if isinstance(value, list) else [value] for name, value in self.model_dump().items()}


@ROUTER.post("/brief")
def make(request: Request, visitor: Analyst, house: HouseOf, asked: Annotated[Asked, Form()]) -> Response:
    """Has a brief made, or finds the one that there is."""
    given = asked.words
    case, state = house.case, house.asking.standing().state
    try:
        wanted = briefs.wanted_of(given, case, house.lake)
        formats = briefs.formats_of(() if asked.then == PREVIEW else asked.formats)
    except UsageError as fault:
        return _builder(request, visitor, house, given, fault)
    id = briefs.id_of(case, state, wanted)
    there = house.briefs.find(id)
    missing = tuple(name for name in formats if there is None or name not in there.files)
    if not missing:
        return RedirectResponse(f"/brief/{id}", 303)
    titles = {language: case.title.get(language, case.title["en"]) for language in LANGUAGES}
    what = T("Brief: {title}, as of {as_of}", title=Bilingual(titles["en"], titles["fr"]), as_of=wanted.as_of)
    order = Order(id, house.lake, state, case, wanted, missing, house.briefs.folder, visitor.name,
                  house.now().isoformat())  # fmt: skip
    key = f"brief {id} {','.join(missing)}"
    house.jobs.drop_done(key)
    job = house.jobs.start(key, what, f"/brief/{id}", briefs.make, order, slow=True, by=visitor.name,
                           asked_at=wanted.address(asked.formats))  # fmt: skip
    return RedirectResponse(f"/jobs/{job.id}", 303)


@ROUTER.get("/brief/{id}")
def read(request: Request, visitor: Reader, house: HouseOf, id: str) -> Response:
    """A brief, to be read on a page of ours, with its files to take along."""
    made = _there(house, id)
    shown = Markup(briefs.inside(house.briefs.content(made, briefs.READ)))
    return page(request, visitor, "brief_read.html.j2", made=made, shown=shown, what=_what(made),
                formats=FORMAT_NAMES, change=made.wanted.address(tuple(made.files)),
                may_make=visitor.may("analyst"))  # fmt: skip


@ROUTER.get("/brief/{id}/{format}")
def take(visitor: Reader, house: HouseOf, id: str, format: str) -> Response:
    """A file of a brief."""
    made = _there(house, id)
    if format not in made.files:
        raise NotThere(T("There is no such file of this brief."), do=T("Have it made in this format."))
    content = house.briefs.content(made, format)
    return handed_out(house, visitor, content, format, name=made.name, subject=f"brief {made.name}.{format}")


def _there(house: House, id: str) -> Made:
    made = house.briefs.find(id)
    if made is None:
        raise NotThere(T("There is no such brief."), do=T("Choose one of those made before, or have one made."))
    return made
