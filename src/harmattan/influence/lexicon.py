"""A lexicon of stances: cited words and phrases in pairs of opposite stances, written by hand in YAML.

The words of a lexicon are evidence of words, not of what their writer thinks: negation, irony and quotation are not
understood. The file that comes with the package says how a pattern is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harmattan.data import LEXICONS
from harmattan.errors import UsageError, WrongFile
from harmattan.influence.patterns import Phrase, phrases
from harmattan.influence.words import folded
from harmattan.text import T, Verbatim, counted, listing
from harmattan.vocabulary.partial import PartialDate
from harmattan.vocabulary.written import Fault, File, Node, Page, Refused, record_of, tree

LISTS = ("lexicon", "pairs", "targets", "entries", "sources")

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Words = Annotated[str, Field(min_length=1)]
Day = Annotated[PartialDate, BeforeValidator(lambda said: PartialDate.parse(said) if isinstance(said, str) else said)]


class Record(BaseModel):
    """Anything in a lexicon; unknown fields are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Spoken(Record):
    """Words in both languages."""

    en: Words
    fr: Words


class Source(Record):
    """A publication in which a phrase is found in the sense of its stance."""

    key: Id
    publisher: Words
    title: Words
    date: Day
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    language: str = "en"


class Stance(Record):
    """One side of a pair."""

    id: Id
    label: Spoken


class Pair(Record):
    """Two opposite stances on one thing."""

    id: Id
    label: Spoken
    against: Stance
    favour: Stance = Field(alias="for")
    note: Spoken | None = None


class Entry(Record):
    """One phrase: in which sense, in which language, an example as it was found, and where."""

    stance: Id
    language: Literal["en", "fr"]
    pattern: Words
    example: Words
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]


class Header(Record):
    """What the lexicon is, what it lacks, and what was read beside the sources of its entries."""

    name: Id
    title: Spoken
    note: Spoken | None = None
    sources: tuple[Id, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """A lexicon without faults. `phrases[n]` is how `entries[n]` is looked for in folded texts."""

    header: Header
    pairs: tuple[Pair, ...]
    entries: tuple[Entry, ...]
    sources: Mapping[str, Source]
    phrases: tuple[Phrase, ...]

    @property
    def stances(self) -> tuple[tuple[Pair, Stance, Stance], ...]:
        """Every stance with its pair and its opposite, in the order of the file."""
        both = ((pair, (pair.against, pair.favour)) for pair in self.pairs)
        return tuple(found for pair, (one, two) in both for found in ((pair, one, two), (pair, two, one)))


def embedded(name: str) -> Lexicon:
    """A lexicon that comes with the package. Raises UsageError for a name that there is not."""
    there = sorted(path.stem for path in LEXICONS.glob("*.yaml"))
    if name not in there:
        raise UsageError(
            T("There is no lexicon {name}.", name=Verbatim(name)),
            available=T("There are {all}.", all=listing([Verbatim(one) for one in there])),
        )
    return read(LEXICONS / f"{name}.yaml")


def read(path: File) -> Lexicon:
    """The lexicon of a YAML file. Raises WrongFile, with the first fault and its line, for one that has faults."""
    if not path.is_file():
        raise WrongFile(T("There is no lexicon in {path}.", path=Verbatim(str(path))), do=T("Name a .yaml file."))
    lexicon, found = _read(path)
    if lexicon is None:
        first = found[0]
        more = counted(len(found) - 1, "{n} more fault.", "{n} more faults.") if len(found) > 1 else None
        where = Verbatim(f"{first.file}:{first.line}")
        raise WrongFile(T("{where}: {fault}.", where=where, fault=first.what), available=more)
    return lexicon


def digest(path: File) -> str:
    """The SHA-256 of a lexicon's file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faults(path: File) -> list[Fault]:
    """Every fault of a lexicon, by line; none means that it can be used."""
    return _read(path)[1]


def _read(path: File) -> tuple[Lexicon | None, list[Fault]]:
    page = Page(path.name)
    try:
        root = tree(path, page)
    except Refused as refused:
        page.fault(refused.line, refused.what)
        return None, page.told
    lists = root.value if root is not None else None
    if not isinstance(lists, dict):
        page.fault(1, T("the file holds no lists such as pairs or entries"))
        return None, page.told
    for name, node in lists.items():
        if name not in LISTS:
            there = listing([Verbatim(known) for known in LISTS])
            page.fault(node.line, T("there is no list {name}; there are {all}", name=Verbatim(name), all=there))
    made = _made(lists, page)
    page.close()
    return (None, sorted(page.told)) if page.told else (made, [])


def _made(lists: dict[str, Node], page: Page) -> Lexicon | None:
    """The lexicon of a file's lists; what is wrong is told on the page."""
    header = record_of(Header, lists["lexicon"], page) if "lexicon" in lists else None
    if "lexicon" not in lists:
        page.fault(1, T("there is no header: a list `lexicon` with name and title"))
    pairs = _records(Pair, lists.get("pairs"), "pairs", page)
    entries = _records(Entry, lists.get("entries"), "entries", page)
    sources = _sources(lists.get("sources"), page)
    targets = _targets(lists.get("targets"), page)
    _check_stances(pairs, entries, page)
    looked = _phrases(entries, targets, page)
    cited = [(line, key) for line, entry in entries for key in entry.sources]
    cited += [(lists["lexicon"].line, key) for key in header.sources] if header else []
    for line, key in cited:
        if key not in sources:
            page.fault(line, T("there is no source {name}", name=Verbatim(key)))
    if header is None:
        return None
    return Lexicon(header, tuple(one for _, one in pairs), tuple(one for _, one in entries), sources, looked)


def _records(model: type[Record], content: Node | None, name: str, page: Page) -> list[tuple[int, Any]]:
    """The records of a list, each with its line."""
    if content is None or not isinstance(content.value, list) or not content.value:
        page.fault(content.line if content else 1, T("{name} is no list", name=Verbatim(name)))
        return []
    made = [(node.line, record_of(model, node, page)) for node in content.value]
    return [(line, one) for line, one in made if one is not None]


def _sources(content: Node | None, page: Page) -> dict[str, Source]:
    if content is None or not isinstance(content.value, dict):
        page.fault(content.line if content else 1, T("{name} is no list", name=Verbatim("sources")))
        return {}
    made = {key: record_of(Source, node, page, {"key": key}) for key, node in content.value.items()}
    return {key: one for key, one in made.items() if one is not None}


def _targets(content: Node | None, page: Page) -> dict[str, list[str]]:
    """The terms of each target; none is needed."""
    found: dict[str, list[str]] = {}
    written = content.value if content is not None else {}
    for name, node in written.items() if isinstance(written, dict) else ():
        terms = node.plain()
        if not isinstance(terms, list) or not terms or not all(isinstance(term, str) and term for term in terms):
            page.fault(node.line, T("{name} is no list", name=Verbatim(name)))
        else:
            found[name] = terms
    return found


def _check_stances(pairs: list[tuple[int, Pair]], entries: list[tuple[int, Entry]], page: Page) -> None:
    """Every stance once, each with an entry; every entry of a stance that there is, and none said twice."""
    used = {entry.stance for _, entry in entries}
    seen: set[str] = set()
    for line, pair in pairs:
        for stance in (pair.against, pair.favour):
            if stance.id in seen:
                page.fault(line, T("{name} is said twice", name=Verbatim(stance.id)))
            if stance.id not in used:
                what = T("{name} has no entry: a stance is looked for with its opposite", name=Verbatim(stance.id))
                page.fault(line, what)
            seen.add(stance.id)
    said: set[tuple[str, str]] = set()
    for line, entry in entries:
        if entry.stance not in seen:
            page.fault(line, T("there is no stance {name}", name=Verbatim(entry.stance)))
        if (entry.stance, entry.pattern) in said:
            page.fault(line, T("{name} is said twice", name=Verbatim(entry.pattern)))
        said.add((entry.stance, entry.pattern))


def _phrases(entries: list[tuple[int, Entry]], targets: Mapping[str, list[str]], page: Page) -> tuple[Phrase, ...]:
    """How each entry is looked for; it has to find its own example."""
    made = phrases([entry.pattern for _, entry in entries], targets)
    examples = folded(pa.array([entry.example for _, entry in entries], pa.string()))
    for place, ((line, entry), one) in enumerate(zip(entries, made, strict=True)):
        if isinstance(one, ValueError):
            page.fault(line, T("{field}: {fault}", field=Verbatim("pattern"), fault=Verbatim(str(one))))
        elif not pc.match_substring_regex(examples.slice(place, 1), one.expression)[0].as_py():
            example, pattern = Verbatim(entry.example), Verbatim(entry.pattern)
            page.fault(line, T("the example {example} is not found by {pattern}", example=example, pattern=pattern))
    return tuple(one for one in made if isinstance(one, Phrase))
