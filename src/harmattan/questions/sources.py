"""`sources`: every data set there is a reader for, what the lake has of it, and how to get it. Bookkeeping only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.lake.select import age
from harmattan.lake.shelf import Held
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import Line, Making
from harmattan.questions.holding import hidden_in
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.sources.registry import FETCHED, MODULES, SOURCES
from harmattan.text import Bilingual, Number, T, Text, Verbatim, counted, listing
from harmattan.vocabulary.context import NEVER_COUNTED
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import Origin, ReleaseRef

ACCEPTS = ("country", "as_of", "known_by", "release")
COLUMNS = (
    AnswerColumn("dataset", T("the data set, as ingest and fetch call it")),
    AnswerColumn("title", T("what it is")),
    AnswerColumn("publisher", T("who publishes it")),
    AnswerColumn("holds", T("what it holds; machine_events are context and in no count of events")),
    AnswerColumn("licence", T("the publisher's licence")),
    AnswerColumn("redistributable", T("whether single records may be handed on")),
    AnswerColumn("release", T("the newest release in the lake; empty: none is here")),
    AnswerColumn("status", T("final, rolling, candidate, figures, curated or sample")),
    AnswerColumn("published", T("the latest day on which the release can have come out")),
    AnswerColumn("start", T("first day it speaks about")),
    AnswerColumn("end", T("last day it speaks about")),
    AnswerColumn("countries", T("countries it speaks about"), "countries"),
    AnswerColumn("covers", T("of the countries asked about, those it speaks about"), "ISO 3166 alpha-3"),
    AnswerColumn("tables", T("its tables")),
    AnswerColumn("rows", T("rows of its first table"), "rows"),
    AnswerColumn("rejects", T("rows that were not taken"), "rows"),
    AnswerColumn("hidden_after", T("the last day that your licence shows; what came later is hidden")),
    AnswerColumn("releases", T("releases of it in the lake"), "releases"),
    AnswerColumn("access", T("how to get it")),
    AnswerColumn("records", T("files of the release, which its evidence lists"), "files"),
)
SILENT = T("A data set that is not in the lake says nothing: what only it would tell is not covered, and not zero.")


@dataclass(frozen=True)
class Ledger:
    """The releases a bookkeeping answer is about."""

    params: Params
    held: tuple[Held, ...]

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The newest release of each data set."""
        return tuple(ReleaseRef.to(held.release) for held in self.held)


@dataclass(frozen=True)
class _Draft(Making):
    question: str
    ledger: Ledger
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Ledger:
        return self.ledger


def sources(world: World, params: Params) -> Answer:
    """One row for each data set: those that have a reader, and those in the lake that need none."""
    by_dataset: dict[str, list[Held]] = {}
    pinned = {world.lake.find(pin).release.name for pin in params.release}
    for held in world.lake.releases():
        known = params.known_by is None or held.release.published <= params.known_by
        if known and (not pinned or held.release.name in pinned):
            by_dataset.setdefault(held.release.dataset, []).append(held)
    newest = {name: max(there, key=age) for name, there in by_dataset.items()}
    draft = _Draft("sources", Ledger(params, tuple(newest[name] for name in sorted(newest))), ACCEPTS)
    names = sorted({*MODULES, *newest})
    lines = [_line(name, newest.get(name), len(by_dataset.get(name, ())), params) for name in names]
    hidden = [text for held in draft.ledger.held for text in hidden_in(held, _asked(held, params), params.as_of)]
    headline = T(
        "{sets}, {here} with a release in the lake.",
        sets=counted(Number(len(lines), draft.id), "{n} data set", "{n} data sets"),
        here=Number(len(newest), draft.id),
    )
    return Answer(
        id=draft.id,
        question="sources",
        params=draft.params,
        headline=headline,
        columns=COLUMNS,
        rows=tuple(line.values for line in lines),
        criteria=Criteria(releases=tuple(ref.name for ref in draft.ledger.releases)),
        row_criteria=tuple(line.criteria for line in lines),
        releases=draft.ledger.releases,
        caveats=(*hidden, *_context(draft.ledger.held), SILENT),
        chart=Chart("none"),
        records=sum(len(held.release.files) for held in draft.ledger.held),
    )


def _context(held: Sequence[Held]) -> list[Text]:
    """What a machine read out of news is told apart from what people coded."""
    return [
        T("{name} was read by machines out of news: it is context and in no count of events.",
          name=Verbatim(one.release.name))
        for one in held
        if one.release.origin.contract in NEVER_COUNTED
    ]  # fmt: skip


def _asked(held: Held, params: Params) -> Sequence[str]:
    return params.country or held.release.coverage.places


def _line(name: str, held: Held | None, releases: int, params: Params) -> Line:
    module = SOURCES[name] if name in MODULES else None
    origin: Origin = module.ORIGIN if module is not None else held.release.origin  # type: ignore[union-attr]
    values: dict[str, Any] = dict.fromkeys((column.name for column in COLUMNS), None) | {
        "dataset": name,
        "title": Bilingual(origin.title, origin.title_in_french or origin.title),
        "publisher": origin.publisher,
        "holds": origin.contract,
        "licence": origin.licence.name,
        "redistributable": origin.licence.redistributable,
        "releases": releases,
        "access": _access(name, held),
        "records": 0,
    }
    if held is None:
        return Line(values, Criteria())
    release, coverage = held.release, held.release.coverage
    always = coverage.start.year == 1
    values |= {
        "licence": release.origin.licence.name,
        "redistributable": release.origin.licence.redistributable,
        "release": release.name,
        "status": release.status,
        "published": release.published.isoformat(),
        "start": None if always else coverage.start.isoformat(),
        "end": None if always else coverage.end.isoformat(),
        "countries": len(coverage.places),
        "covers": ", ".join(code for code in params.country if code in coverage.places) or None,
        "tables": ", ".join(_tables(held)),
        "rows": release.rows,
        "rejects": release.rejects,
        "hidden_after": coverage.hidden.after.isoformat() if coverage.hidden else None,
        "records": len(release.files),
    }
    return Line(values, Criteria(releases=(release.name,)))


def _tables(held: Held) -> list[str]:
    return [file.path.removesuffix(".parquet") for file in held.release.files if file.path != "rejects.parquet"]


def _access(name: str, held: Held | None) -> Text:
    """How to get a data set: a fetch and the keys it needs, a file, or with the package."""
    if name not in MODULES:
        if held is not None and held.embedded:
            return T("comes with the package")
        return T("harmattan ingest {kind} FILE", kind=Verbatim("dossier" if name.startswith("dossier-") else name))
    file = T("harmattan ingest {name} FILE", name=Verbatim(name))
    if name not in FETCHED:
        return file
    keys = getattr(SOURCES[name], "KEYS", ())
    if keys:
        return T(
            "harmattan fetch {name}, with {keys} set; or {file}",
            name=Verbatim(name),
            keys=listing([Verbatim(key) for key in keys]),
            file=file,
        )
    return T("harmattan fetch {name}; or {file}", name=Verbatim(name), file=file)
