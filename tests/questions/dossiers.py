"""A small invented dossier and another that lies over it, taken into a lake of their own."""

from __future__ import annotations

from pathlib import Path

from harmattan.ingest import ingest_dossier
from harmattan.lake.shelf import Held, Lake

HEAD = """\
dossier:
  name: {name}
  title: {{en: "A dossier called {name}", fr: "Un dossier appelé {name}"}}
  release: "{release}"
  published: 2024-02
  publisher: Nobody
  licence: {licence}
  licence_url: https://example.org/licence
  citation: "Nobody (2024). The dossier {name}"
sources:
  early: {{publisher: Gazette, title: First report, date: 2014-05-06, url: "https://example.org/early"}}
  late: {{publisher: Wire, title: Later report, date: 2019-11-16}}
  book: {{publisher: A press, title: A book, date: 2021}}
"""
VALLEY = """\
actors:
  - {id: gov, kind: government, label: {en: Government of the Valley, fr: Gouvernement de la Vallée}, short: GOV,
     countries: [MLI], cite: [{source: early, where: p. 2}]}
  - {id: front, kind: armed_group, label: {en: Northern Front, fr: Front du Nord}, short: NF, from: 2012-01,
     cite: [{source: early}, {source: book}],
     names: [{text: Shield of the North, lang: en, kind: alias, from: 2018-03},
             {text: B, source: made, from: 2012}]}
  - {id: wing, kind: armed_group, label: {en: Southern Wing, fr: Aile du Sud}, cite: [{source: late}]}
  - {id: union, kind: coalition, label: {en: The Union, fr: L'Union}, short: UN, from: 2017-03-02,
     cite: [{source: late}]}
  - {id: mission, kind: multilateral_force, label: {en: Stability Mission, fr: Mission de stabilité}, short: STAB,
     cite: [{source: book}]}
relations:
  - {subject: front, relation: member_of, object: union, from: 2017-03-02, cite: [{source: late}]}
  - {subject: wing, relation: part_of, object: front, from: 2015-05/2015-09, to: 2018, status: reported,
     as_written: "a wing of the Front", cite: [{source: late}, {source: early}]}
  - {subject: gov, relation: rival_of, object: front, from: 2012-01-17, cite: [{source: early}]}
  - {subject: wing, relation: member_of, object: gov, status: disputed, cite: [{source: book}]}
presence:
  - {force: mission, country: MLI, kind: mission, from: 2013-07-01, to: 2016-12-31, end: withdrawn,
     cite: [{source: book}]}
  - {force: mission, country: MLI, place: Kidal, from: 2013-12, to: 2016-10-31, end: handed_over, successor: gov,
     cite: [{source: book}]}
  - {force: front, country: NER, place: Abala, cite: [{source: early}]}
milestones:
  - {id: siege, kind: attack, date: 2014-03-02, end: 2014-09-30, countries: [MLI], place: Kidal, by: [front],
     against: [gov], title: {en: A long siege, fr: Un long siège}, cite: [{source: early}]}
  - {id: accord, kind: agreement, date: 2015-06, countries: [MLI], actors: [gov, front], status: reported,
     title: {en: An accord, fr: Un accord}, cite: [{source: late}]}
  - {id: summit, kind: statement, date: 2020, title: {en: A summit, fr: Un sommet}, cite: [{source: book}]}
figures:
  - {indicator: troops, countries: [MLI], actor: mission, as_of: 2014-02, value: 5000, cite: [{source: early}]}
  - {indicator: troops, countries: [MLI], actor: mission, as_of: 2015-02, value: 9000, qualifier: about,
     cite: [{source: book}]}
  - {indicator: idps, countries: [MLI], as_of: 2016-06-30, value: 40000, low: 35000, high: 50000,
     cite: [{source: late}]}
  - {indicator: deaths, countries: [MLI], milestone: siege, from: 2014-03, to: 2014, value: 70, cite: [{source: book}]}
"""
DESK = """\
actors:
  - {id: front, kind: armed_group, label: {en: Front of the Desk, fr: Front du bureau}, from: 2011,
     cite: [{source: book}]}
relations:
  - {subject: front, relation: member_of, object: union, from: 2017-03-02, to: 2019, cite: [{source: book}]}
milestones:
  - {id: desk-own, kind: coup, date: 2016-02-03, countries: [MLI], actors: [gov],
     title: {en: A coup of the desk, fr: Un putsch du bureau}, cite: [{source: late}]}
"""


def write(folder: Path, name: str, body: str, *, release: str = "1", licence: str = "CC0") -> Path:
    """Writes a dossier into two files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dossier.yaml").write_text(HEAD.format(name=name, release=release, licence=licence), "utf-8")
    (folder / "records.yaml").write_text(body, "utf-8")
    return folder


def take_in(lake: Lake, folder: Path, name: str, body: str, *, release: str = "1", licence: str = "CC0") -> Held:
    """Writes a dossier and takes it into a lake."""
    written = write(folder / f"{name}-{release}", name, body, release=release, licence=licence)
    return ingest_dossier(lake, written, label=None, published=None, retrieved_at=None).held
