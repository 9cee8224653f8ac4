"""Evidence is executable: an answer's id finds its question again, asks it of the same releases, and lists the rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from harmattan import __version__
from harmattan.errors import HarmattanError, LicenceError, PrivacyError, UsageError
from harmattan.lake.select import Selection
from harmattan.lake.tables import table
from harmattan.measures.events import fits, matching
from harmattan.questions import post_rows
from harmattan.questions.answer import Answer
from harmattan.questions.areas import laid
from harmattan.questions.citations import cited
from harmattan.questions.parameters import Params, from_json
from harmattan.questions.parsing import nearest
from harmattan.questions.registry import ask, question
from harmattan.questions.world import World
from harmattan.sources.posts_pseudonyms import PSEUDONYM
from harmattan.text import T, Verbatim, counted, listing
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.posts import POSTS
from harmattan.vocabulary.schema import CONTRACTS, EVENTS

SHOWN = (
    "release",
    "event_id",
    "n_events",
    "date_start",
    "date_end",
    "date_precision",
    "iso3",
    "place_as_written",
    "admin1_as_written",
    "where_precision",
    "cell",
    "lat",
    "lon",
    "violence",
    "dyad",
    "side_a_as_written",
    "side_b_as_written",
    "side_a",
    "side_b",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_civilians",
    "n_range_broken",
    "source_headline",
)
"""The columns of an event that a reader is shown."""
TYPED = ("event_type", "sub_event_type", "notes")
"""Columns that a reader is shown as well, where the source has any of them."""
OPENED = tuple(dict.fromkeys((*SHOWN, *TYPED, "actors_a", "actors_b", "perpetrator", "civilian_targeting")))
"""Those, and what records are told apart by."""


@dataclass(frozen=True)
class Kept:
    """What an id stands for: a question, its parameters, and the releases that answered it."""

    id: str
    question: str
    params: Mapping[str, Any]
    releases: Mapping[str, str]
    """Digest by release name."""
    version: str

    @classmethod
    def of(cls, answer: Answer) -> Kept:
        """What is kept of an answer."""
        return cls(answer.id, answer.question, answer.params, {r.name: r.digest for r in answer.releases}, __version__)


@dataclass(frozen=True)
class Rows:
    """The records behind a number, as an Arrow table.

    Events have the `SHOWN` columns, the most deaths first; records of a dossier (`cited`) those of
    `questions.citations.SHOWN`, one row for each source. Rows of a table that holds no events (`of`) have `release`
    and the columns of its contract; of bookkeeping (`of` is "files") there are the files of the releases.
    """

    answer: Answer
    criteria: Criteria
    table: Any
    cited: bool = False
    of: str = ""
    texts: bool = False
    """Whether posts have their texts and accounts, which are for a screen only."""
    beside: Rows | None = None
    """The records of another kind that the number rests on as well."""

    @property
    def parts(self) -> tuple[Rows, ...]:
        """The records of each kind, the events first."""
        return (self, *(self.beside.parts if self.beside else ()))


def keep(home: Path, answer: Answer) -> bool:
    """Writes down what the answer's id stands for; False where the home cannot be written."""
    path = home / "answers" / f"{answer.id}.json"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{id(answer)}.part")
            part.write_text(json.dumps(vars(Kept.of(answer)), indent=1) + "\n", encoding="utf-8")
            part.replace(path)
    except OSError:
        return False
    return True


def find(home: Path, name: str, brief: Path | None = None) -> Kept:
    """What an id stands for, from the home or from a brief that cites it. Raises UsageError when neither knows it."""
    wanted = name.partition(".")[0]
    if not re.fullmatch(r"[0-9a-f]{12}(\.[1-9][0-9]{0,8})?", name):
        raise UsageError(
            T("{id} is not an evidence id.", id=Verbatim(name)),
            do=T("An id looks like 3fa94c21d0b7 or 3fa94c21d0b7.12; answers and briefs print it."),
        )
    if brief is not None:
        return _in_brief(brief, wanted)
    path = home / "answers" / f"{wanted}.json"
    if not path.exists():
        known = [found.stem for found in sorted((home / "answers").glob("*.json"))]
        raise UsageError(
            T("No answer with the id {id} was given here.", id=Verbatim(wanted)),
            available=did_you_mean(nearest(wanted, known, cutoff=80)),
            do=T("Ask the question again, or name the brief that cites it with --brief FILE."),
        )
    try:
        return Kept(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as fault:
        raise HarmattanError(
            T("{path} cannot be read as a kept answer.", path=Verbatim(str(path))),
            do=T("Ask the question again, or name the brief that cites it with --brief FILE."),
        ) from fault


def answer_of(world: World, kept: Kept) -> Answer:
    """Asks a kept question again, of the very releases that answered it. Raises HarmattanError where they are gone."""
    there = {held.release.name: held.release.digest for held in world.lake.releases()}
    gone = [name for name, digest in kept.releases.items() if there.get(name) != digest]
    if gone:
        raise HarmattanError(
            T("The answer rests on {names}, which is not here.", names=listing([Verbatim(name) for name in gone])),
            available=T("There are {names}.", names=listing([Verbatim(name) for name in there])),
            do=T("Ingest the same file under the same label."),
        )
    params = from_json(kept.params)
    own_pins = params.release
    answer = ask(world, kept.question, replace(params, release=tuple(kept.releases) or own_pins))
    if answer.releases and not kept.releases:
        raise HarmattanError(
            T("When the answer {id} was given, no release here spoke about it; now one does.", id=Verbatim(kept.id)),
            do=T("Ask the question again."),
        )
    return replace(answer, id=kept.id, params=kept.params)


def opened(world: World, answer: Answer, *, ids: bool = False) -> Any:
    """All events behind an answer, read once; `rows_of` cuts from it. With `ids`, the sides by the dossiers' ids."""
    found = _opened(world, answer, ids=ids)
    asked = replace(from_json(answer.params), release=tuple(ref.name for ref in answer.releases))
    laid_out = laid(world.lake, found, asked)
    return found if laid_out is None else laid_out.rows


def _opened(world: World, answer: Answer, *, ids: bool) -> Any:
    params = replace(from_json(answer.params), release=tuple(ref.name for ref in answer.releases), by=())
    opens = question(answer.question).opens
    if opens is not None:
        return ibis.memtable(matching(opens(world, params), answer.criteria).select(*OPENED).to_pyarrow())
    if question(answer.question).rests_on == "dossier":
        params = replace(params, level="actor", country=params.country or world.places(params, ("actor",)))
    selection = _selection(world, params, answer)
    told = world.told(params) if ids or params.level != "name" else None
    rows = world.events(selection, told if params.level != "name" else None, params)
    if told is not None and params.level != "name":
        rows = rows.mutate(side_a=ibis.null("string"), side_b=ibis.null("string"))
    found = ibis.memtable(matching(rows, answer.criteria).select(*OPENED).to_pyarrow())
    return found if told is None or not told.held or not ids else with_sides(world, found, selection, params)


def with_sides(world: World, found: Any, selection: Selection, params: Params) -> Any:
    """Events of a selection, read into memory, with the dossiers' ids of their sides, where they know them."""
    told = world.told(params)
    if not told.held:
        return found
    key = ("release", "event_id")
    who = world.named(world.events(selection, None, params).semi_join(found, key), selection, told, "actor")
    sides = ibis.memtable(who.select(*key, "side_a", "side_b").to_pyarrow())
    return found.drop("side_a", "side_b").join(sides, key).select(*found.columns)


def _selection(world: World, params: Params, answer: Answer) -> Selection:
    """The releases that an answer rests on; only that on coverage may rest on several families."""
    if answer.question != "coverage" or len(world.families(params)) == 1:
        return world.selected(params)[1]
    found = [world.selected(replace(params, source=family))[1] for family in world.families(params)]
    return Selection(tuple(part for one in found for part in one.slices), ())


def rests_on_rows(criteria: Criteria) -> bool:
    """Whether a number rests on rows of a table that holds no events."""
    return bool(criteria.table) and criteria.table != EVENTS.name


def rests_on_records(answer: Answer, criteria: Criteria) -> bool:
    """Whether an answer or one of its rows rests on records of a dossier, be they none, and not on events."""
    return bool(criteria.records) or (question(answer.question).rests_on == "dossier" and not criteria.countries)


def cited_rows(world: World, answer: Answer, which: int | None, criteria: Criteria | None = None) -> Rows:
    """The records of a dossier behind an answer or one of its rows, with their sources."""
    criteria = criteria or answer.evidence(which).criteria
    params = replace(from_json(answer.params), release=tuple(ref.name for ref in answer.releases))
    return Rows(answer, criteria, cited(world.told(params).book, criteria.records), cited=True)


def held_rows(world: World, answer: Answer, which: int | None, criteria: Criteria | None = None, *,
              texts: bool = False) -> Rows:  # fmt: skip
    """The rows of a table that holds no events behind an answer or one of its rows.

    `criteria` are those that stand beside the row's own where it rests on several kinds of records. Posts are without
    what people wrote and who they are (`post_rows.shown`), unless `texts` are asked for.
    """
    criteria = criteria or answer.evidence(which).criteria
    contract = CONTRACTS[criteria.table]
    by_release: dict[str, list[str]] = {}
    for key in _keys(answer, which, criteria.table):
        release, _, row = key.partition(":")
        by_release.setdefault(release, []).append(row)
    parts = []
    for release, ids in sorted(by_release.items()):
        wanted = ibis.memtable(pa.table({"row_id": pa.array(sorted(ids), pa.string())}))
        found = table(world.engine, world.lake.find(release), criteria.table).semi_join(wanted, "row_id")
        parts.append(found.mutate(release=ibis.literal(release)).select("release", *contract.names))
    shown = pa.schema([pa.field("release", pa.string()), *contract.schema])
    listed = ibis.union(*parts).order_by("release", "row_id").to_pyarrow() if parts else shown.empty_table()
    if criteria.table != POSTS.name:
        return Rows(answer, criteria, listed, of=criteria.table)
    return Rows(answer, criteria, post_rows.shown(listed, texts=texts), of=criteria.table, texts=texts)


def files_of(world: World, answer: Answer, which: int | None) -> Rows:
    """The files of the releases behind a row of bookkeeping: what they are told by."""
    criteria = answer.evidence(which).criteria
    found = [world.lake.find(name).release for name in criteria.releases]
    listed = [{"release": release.name} | file.model_dump() for release in found for file in release.files]
    names = [("rows", pa.int64()), ("bytes", pa.int64()), ("sha256", pa.string())]
    schema = pa.schema([("release", pa.string()), ("path", pa.string()), *names])
    return Rows(answer, criteria, pa.Table.from_pylist(listed, schema=schema), of="files")


def _keys(answer: Answer, which: int | None, table: str) -> list[str]:
    rows = answer.row_criteria if which is None else answer.row_criteria[which : which + 1]
    parts = [part for criteria in rows for part in (criteria, criteria.beside) if part and part.table == table]
    return sorted({key for part in parts for key in part.keys})


def rows_of(records: Any, answer: Answer, which: int | None) -> Rows:
    """The events behind an answer, or behind row `which` of it (counted from zero), cut from `opened` records."""
    return cut(records, answer, [answer.evidence(which).criteria])[0]


def cut(records: Any, answer: Answer, wanted: Sequence[Criteria]) -> list[Rows]:
    """The events behind several rows of an answer, each the most deaths first; asked together, which is much faster."""
    whole = _without_keys(answer.criteria)
    flags = {f"fits_{n}": fits(records, said) for n, said in enumerate(wanted) if _without_keys(said) != whole}
    order = (records.deaths_best.desc(), records.date_start, records.event_id)
    table = records.order_by(*order).select(*SHOWN, *TYPED, **flags).to_pyarrow()
    listed = table.select([*SHOWN, *TYPED])
    columns = (table[name].to_pylist() for name in ("release", "event_id"))
    names = [f"{release}:{event}" for release, event in zip(*columns, strict=True)]
    found = []
    for n, criteria in enumerate(wanted):
        mask = table[f"fits_{n}"].to_numpy() if f"fits_{n}" in flags else np.ones(table.num_rows, dtype=bool)
        if criteria.table == EVENTS.name:
            mask = mask & _among(names, set(criteria.keys))
        rows = listed.filter(pa.array(mask))
        typed = any(rows[name].null_count < rows.num_rows for name in TYPED)
        found.append(Rows(answer, criteria, rows if typed else rows.select(list(SHOWN))))
    return found


def _without_keys(criteria: Criteria) -> Criteria:
    """What is left of a filter where its keys pick the records: those opened fit the whole answer's already."""
    return criteria.model_copy(update={"table": "", "keys": (), "beside": None})


def _among(names: Sequence[str], keys: set[str]) -> Any:
    return np.fromiter((name in keys for name in names), dtype=bool, count=len(names))


def closed_in(answer: Answer, which: int | None = None) -> list[ReleaseRef]:
    """The releases behind an answer or one of its rows whose single records may not be handed on."""
    rests_on = question(answer.question).rests_on
    if rests_on == "tables" or answer.evidence(which).criteria.table not in ("", EVENTS.name):
        named = {key.partition(":")[0] for key in _keys(answer, which, answer.evidence(which).criteria.table)}
        return [ref for ref in answer.releases if not ref.redistributable and ref.name in named]
    closed = [ref for ref in answer.releases if not (ref.redistributable or ref.beside)]
    return [] if rests_on == "releases" else closed


def lists_records(answer: Answer) -> bool:
    """Whether the rows of an answer are themselves single records, so that handing it on hands those on."""
    asked, by = question(answer.question), answer.params.get("by", ())
    return asked.single or "place" in by or (asked.rests_on == "several" and bool(by))


def guard_people(answer: Answer, what: str) -> None:
    """Raises PrivacyError where rows of an answer name accounts as they are written, and not by pseudonyms."""
    columns = question(answer.question).accounts
    named = {str(row[name]) for row in answer.rows for name in columns if row.get(name) is not None}
    people = sum(not PSEUDONYM.fullmatch(name) for name in named)
    if people:
        raise PrivacyError(
            T("{what} would hand on the names of {accounts}, which stand as they are written.",
              what=Verbatim(what), accounts=counted(people, "{n} account", "{n} accounts")),
            do=T("Look at them in the terminal, or take the posts in without --identities to have pseudonyms."),
        )  # fmt: skip


def guard_licence(answer: Answer, what: str, which: int | None = None) -> None:
    """Raises LicenceError where single records, of the answer or of one of its rows, may not be handed on."""
    refuse_closed(closed_in(answer, which), what)


def refuse_closed(closed: Sequence[ReleaseRef], what: str) -> None:
    """Raises LicenceError where there is a release whose single records may not be handed on."""
    if closed:
        raise LicenceError(
            T(
                "{what} would hand on records of {names}, which its licence ({licence}) forbids.",
                what=Verbatim(what),
                names=listing([Verbatim(ref.name) for ref in closed]),
                licence=Verbatim(closed[0].licence),
            ),
            do=T("Look at them in the terminal, or export the answer, which holds sums only."),
        )


def _in_brief(brief: Path, wanted: str) -> Kept:
    try:
        page = brief.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(T("{path} cannot be read as a brief.", path=Verbatim(str(brief)))) from fault
    match = re.search(r'<script type="application/json" id="evidence">(.*?)</script>', page, re.DOTALL)
    for entry in json.loads(match[1]) if match else []:
        if entry["id"] == wanted:
            return Kept(**entry)
    raise UsageError(
        T("{path} cites no answer {id}.", path=Verbatim(str(brief)), id=Verbatim(wanted)),
        do=T("The HTML file of a brief has the ids it cites."),
    )
