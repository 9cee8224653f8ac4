"""A small invented dossier in two files that uses everything the format has, and ways to add to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harmattan.dossier.book import Book
from harmattan.dossier.files import Written, read
from harmattan.dossier.records import LISTS, Actor, Relation
from harmattan.dossier.tables import TABLES

HEAD = """\
dossier:
  name: valley
  title: {en: "The valley: a dossier", fr: "La vallée : un dossier"}
  release: "2024.1"
  published: 2024-02
  publisher: Nobody
  licence: CC0
  licence_url: https://example.org/cc0
  citation: Nobody (2024). The valley, a dossier
sources:
  gazette: {publisher: Gazette, title: "Who is, where", date: 2016-06, url: "https://example.org/a?b=é", language: fr}
  wire: {publisher: Wire, title: A report, date: 2019-11-16}
  book: {publisher: A press, title: A book, date: 2021}
  leaflet: {publisher: Nobody, title: "null", date: ../2015}
"""
RECORDS = """\
actors:
  - {id: gov, kind: government, label: {en: Government of the Valley, fr: Gouvernement de la Vallée}, countries: [MLI],
     cite: [{source: gazette, where: p. 2}]}
  - {id: army, kind: state_force, label: {en: Valley Army, fr: Armée de la Vallée}, cite: [{source: gazette}]}
  - {id: league, kind: organisation, label: {en: River League, fr: Ligue du fleuve}, cite: [{source: gazette}]}
  - {id: old-order, kind: network, label: {en: Old Order, fr: Vieil Ordre}, cite: [{source: book}]}
  - {id: new-order, kind: network, label: {en: New Order, fr: Nouvel Ordre}, from: 2014-06, cite: [{source: book}]}
  - {id: union, kind: coalition, label: {en: The Union, fr: "L'Union"}, short: UN, short_in_french: UNI,
     from: 2017-03-02, cite: [{source: wire}]}
  - id: front
    kind: armed_group
    label: {en: The Front, fr: Le Front}
    short: FR
    countries: [MLI, BFA]
    from: 2012-01-17/2012-01-20
    status: reported
    as_written: 'said "no" & <left>'
    note: {en: "An editor's note: two\\nlines", fr: "Une note"}
    cite:
      - {source: gazette, where: "second paragraph"}
      - {source: wire}
    names:
      - {text: "الجبهة", lang: ar}
      - {text: Front of Old, lang: en, kind: alias, to: 2015}
      - {text: Rebels, source: acled, source_id: "0012", from: 2012, to: 2015-05/..}
      - {text: Rebels, countries: [MLI], area: [-5.5, 12, 0.25, 18], cite: [{source: book}]}
  - {id: wing, kind: armed_group, label: {en: Wing, fr: Aile}, cite: [{source: wire}],
     names: [{text: Rebels, countries: [NER]}]}
  - {id: mission, kind: multilateral_force, label: {en: The Mission, fr: La Mission}, from: 2013-07-01, to: 2023-12-31,
     cite: [{source: book}]}
  - {id: chief, kind: person, label: {en: The Chief, fr: Le Chef}, from: 1970, to: 2020-06-03, cite: [{source: wire}]}
  - {id: herders, kind: community, label: {en: Herders, fr: Éleveurs}, cite: [{source: leaflet}]}
names:
  - {actor: army, text: FAV, lang: fr, kind: acronym, from: 2011, cite: [{source: gazette}]}
relations:
  - {subject: army, relation: part_of, object: gov, cite: [{source: gazette}]}
  - {subject: gov, relation: member_of, object: league, from: 1975-05-28, cite: [{source: gazette}]}
  - {subject: front, relation: member_of, object: union, from: 2017-03-02, cite: [{source: wire}]}
  - {subject: wing, relation: part_of, object: front, from: 2015-05/2015-09, to: ../2018, status: reported,
     cite: [{source: wire}]}
  - {subject: union, relation: affiliate_of, object: old-order, from: 2017-03-02, as_written: "we swear",
     cite: [{source: wire}]}
  - {subject: old-order, relation: rival_of, object: new-order, from: 2014-06, cite: [{source: book}]}
  - {subject: front, relation: led_by, object: chief, to: 2020-06-03, status: disputed, cite: [{source: wire}]}
  - {subject: front, relation: operates_in, countries: [MLI, NER], place: "Ménaka", from: 2012,
     cite: [{source: wire}]}
presence:
  - {force: mission, country: MLI, kind: mission, from: 2013-07-01, to: 2023-12-31, end: withdrawn,
     cite: [{source: book}]}
  - {force: mission, country: MLI, place: Kidal, from: 2013-12, to: 2023-10-31, end: handed_over, successor: army,
     lat: 18.44, lon: 1.41, cite: [{source: book}]}
  - {force: army, country: MLI, place: Kati, kind: headquarters, cite: [{source: gazette}]}
milestones:
  - {id: mli-raid-2018, kind: attack, date: 2018-03-02, end: 2018-03-03/2018-03-05, countries: [MLI], place: Kati,
     by: [front], against: [army], actors: [gov], title: {en: A raid, fr: Un raid}, status: reported,
     cite: [{source: wire}]}
  - {id: mission-leaves, kind: withdrawal, date: 2023, title: {en: It leaves, fr: Elle part}, cite: [{source: book}]}
figures:
  - {indicator: troops, countries: [MLI], actor: mission, as_of: 2016-06, value: 13289, as_written: "13,289",
     cite: [{source: gazette}]}
  - {indicator: deaths, countries: [BFA, MLI], place: Moura, actor: army, milestone: mli-raid-2018, from: 2018-03-02,
     to: 2018-03-05, value: 0.5, low: 0, high: 1000000, qualifier: at_least, status: reported, cite: [{source: wire}]}
"""
FILES = {"dossier.yaml": HEAD, "records.yaml": RECORDS}
SAHEL = Path(__file__).parents[2] / "src" / "harmattan" / "data" / "dossiers" / "sahel"


def put(folder: Path, files: Mapping[str, str | bytes] | None = None, **more: str | bytes) -> Path:
    """Writes the small dossier, or other files, into a folder; `more` are further files by their stem."""
    folder.mkdir(parents=True, exist_ok=True)
    written = (FILES if files is None else files) | {f"{stem}.yaml": text for stem, text in more.items()}
    for name, text in written.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def by_list(written: Written) -> dict[str, list[Any]]:
    """The records as the tables have them: each once, sorted by id."""
    found = {name: {record.id: record for record in written.records(name)} for name in TABLES}
    return {name: [records[key] for key in sorted(records)] for name, records in found.items()}


def layer(written: Written) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """A dossier as `Book.of` takes it."""
    return by_list(written), {source.key: source for source in written.records("sources")}


def actor(id_: str, kind: str = "armed_group", **said: Any) -> Actor:
    """An actor without anything that is not said."""
    made: Actor = LISTS["actors"].model_validate({"id": id_, "kind": kind, "label": {"en": id_, "fr": id_}} | said)  # type: ignore[assignment]
    return made


def relation(words: str, start: str | None = None, end: str | None = None, **said: Any) -> Relation:
    """`a part_of b` as a relation."""
    subject, kind, object_ = words.split()
    made: Relation = LISTS["relations"].model_validate(  # type: ignore[assignment]
        {"subject": subject, "relation": kind, "object": object_, "from": start, "to": end} | said
    )
    return made


def book(actors: Iterable[Actor], relations: Iterable[Relation]) -> Book:
    """A book of these alone."""
    return Book.of([({"actors": list(actors), "relations": list(relations)}, {})])


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The small dossier, read."""
    return read(put(tmp_path_factory.mktemp("valley")))


@pytest.fixture(scope="session")
def sahel() -> Written:
    """The dossier that comes with the package, read."""
    return read(SAHEL)
