"""Briefs that were made from pages: kept in the home under a digest of all that they rest on, and used again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from harmattan import __version__
from harmattan.case import Case
from harmattan.errors import HarmattanError, UsageError
from harmattan.lake.select import allowed, families
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import one_of
from harmattan.questions.said import of_family
from harmattan.text import T, Verbatim
from harmattan.text.speaker import LANGUAGES
from harmattan.vocabulary.period import parse_to
from harmattan.web.asking import inquiry_beside, state_of

FORMATS = ("html", "pdf", "docx")
READ = "html"
"""The format that pages show; it is always made."""
BODY = re.compile(r"<body>(.*)</body>", re.DOTALL)
KEPT = re.compile(r'<script type="application/json" id="evidence">.*?</script>', re.DOTALL)


@dataclass(frozen=True)
class Wanted:
    """A brief that somebody asks for."""

    sections: tuple[str, ...]
    as_of: dt.date
    known_by: dt.date | None
    language: str
    source: str | None
    """A family of event data; None: the case's."""

    @property
    def params(self) -> Params:
        """What every question of it is asked with."""
        return Params(as_of=self.as_of, known_by=self.known_by, source=self.source)

    def address(self, formats: Sequence[str] = ()) -> str:
        """The builder's page, filled in."""
        said = {"sections": self.sections, "as_of": self.as_of.isoformat(), "language": self.language,
                "known_by": self.known_by.isoformat() if self.known_by else None, "source": self.source,
                "formats": tuple(formats)}  # fmt: skip
        return "/brief?" + urlencode({name: value for name, value in said.items() if value}, doseq=True)


@dataclass(frozen=True)
class Made:
    """A brief that there is: what was asked for, who had it made when, and its files."""

    id: str
    case: str
    title: str
    sections: tuple[str, ...]
    as_of: str
    known_by: str | None
    language: str
    source: str | None
    releases: tuple[str, ...]
    hindsight: bool
    command: str
    by: str
    made: str
    files: Mapping[str, Mapping[str, Any]]
    """By format: `sha256` and `bytes`."""

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        known_by = dt.date.fromisoformat(self.known_by) if self.known_by else None
        return Wanted(self.sections, dt.date.fromisoformat(self.as_of), known_by, self.language, self.source)

    @property
    def name(self) -> str:
        """The name that its files have when they are handed out, without its ending."""
        case = re.sub(r"[^A-Za-z0-9_-]+", "-", self.case).strip("-") or "brief"
        return f"{case}-{self.as_of}-{self.language}"


class Briefs:
    """The briefs in a home. What is asked for is looked up among those that there are, never on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __iter__(self) -> Iterator[Made]:
        """Those that are whole, the newest first."""
        there: list[Made] = []
        for path in sorted(self.folder.glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                said = json.loads(path.read_text("utf-8"))
                lists = {name: tuple(said[name]) for name in ("sections", "releases")}
                made = Made(**(said | lists))
                if made.id == path.stem and set(made.files) <= set(FORMATS):
                    there.append(made)
        return iter(sorted(there, key=lambda made: (made.made, made.id), reverse=True))

    def find(self, id: str) -> Made | None:
        """A brief by its id."""
        return {made.id: made for made in self}.get(id)

    def content(self, made: Made, format: str) -> bytes:
        """The bytes of a file of a brief. Raises HarmattanError where it is gone or is not what was written."""
        again = T("Have it made again.")
        try:
            content = (self.folder / f"{made.id}.{format}").read_bytes()
        except OSError as fault:
            raise HarmattanError(T("The file of this brief is gone."), do=again) from fault
        if hashlib.sha256(content).hexdigest() != made.files[format]["sha256"]:
            raise HarmattanError(T("The file of this brief has changed since it was made."), do=again)
        return content


def wanted_of(words: Mapping[str, Sequence[str]], case: Case, lake: Lake) -> Wanted:
    """What the words of a form ask for, in the order of the case. Raises UsageError for one that cannot be read."""
    said = {name: [word.strip() for word in given if word.strip()] for name, given in words.items()}
    sections = [one_of(word, case.sections, "There is no section {words}.") for word in said.get("sections", ())]
    if not sections:
        raise UsageError(T("No section is chosen."), do=T("Choose at least one."))
    language = one_of((said.get("language") or ["en"])[-1], LANGUAGES, "A brief cannot be written in {words}.")
    as_of, known_by, source = ((said.get(name) or [""])[-1] for name in ("as_of", "known_by", "source"))
    return Wanted(
        tuple(name for name in case.sections if name in sections),
        parse_to(as_of) if as_of else case.as_of,
        parse_to(known_by) if known_by else None,
        language,
        one_of(source.lower(), families_of(lake), "There is no family {words} here.") if source else None,
    )


def formats_of(words: Sequence[str]) -> tuple[str, ...]:
    """The formats that a form asks for; the one that pages show is always among them."""
    asked = [one_of(word, FORMATS, "A brief cannot be written as {words}.") for word in words]
    return tuple(name for name in FORMATS if name in (READ, *asked))


def families_of(lake: Lake) -> tuple[str, ...]:
    """The families of event data in the lake."""
    return families(allowed(lake, "events"))


def id_of(case: Case, state: str, wanted: Wanted) -> str:
    """The digest of all that a brief rests on: the case, the releases, what was asked for, and the version."""
    parts = [__version__, state, case.model_dump_json(), asdict(wanted)]
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Order:
    """A brief to be made: what of, where it is kept, for whom."""

    id: str
    lake: Lake
    state: str
    case: Case
    wanted: Wanted
    formats: tuple[str, ...]
    folder: Path
    by: str
    at: str
    """When it was asked for."""


def make(step: Callable[[int, int], None], order: Order) -> str:
    """Makes a brief in a process beside and puts it in its folder: its files first, then what is said of them.

    Raises HarmattanError as a brief does, and where the lake changed or the folder cannot be written.
    """
    from harmattan.brief.write import put, render

    if state_of(order.lake) != order.state:
        raise HarmattanError(T("Releases have come since this was asked for."), do=T("Ask for it once more."))
    wanted, case, briefs = order.wanted, order.case, Briefs(order.folder)
    brief, contents = render(
        inquiry_beside(order.lake, case.dossiers, order.state),
        case,
        params=of_family(wanted.params, case),
        language=wanted.language,
        formats=order.formats,
        sections=wanted.sections,
        step=step,
    )
    files = {name: {"sha256": hashlib.sha256(made).hexdigest(), "bytes": len(made)} for name, made in contents.items()}
    made = Made(
        order.id, case.name, brief.title, wanted.sections, wanted.as_of.isoformat(),
        wanted.known_by.isoformat() if wanted.known_by else None, wanted.language, wanted.source,
        tuple(ref.name for ref in brief.releases), bool(brief.hindsight), brief.command, order.by, order.at, files,
    )  # fmt: skip
    there = briefs.find(order.id)
    if there is not None:
        made = replace(made, files=dict(there.files) | files)
    try:
        order.folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            put(order.folder / f"{order.id}.{name}", content)
        put(order.folder / f"{order.id}.json", (json.dumps(asdict(made), indent=1) + "\n").encode())
    except OSError as fault:
        what = T("{path} cannot be written: {fault}.", path=Verbatim(str(order.folder)),
                 fault=Verbatim(str(fault.strerror)))  # fmt: skip
        raise HarmattanError(what) from fault
    return order.id


def inside(page: bytes) -> str:
    """What stands in the body of a brief's page, to be shown within another page; that has its own main part."""
    found = BODY.search(page.decode("utf-8"))
    body = KEPT.sub("", found[1] if found else "")
    for name in ("header", "main", "footer"):
        body = body.replace(f"<{name}>", f'<div class="brief-{name}">').replace(f"</{name}>", "</div>")
    return body
