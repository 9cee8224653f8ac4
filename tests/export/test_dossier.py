"""A dossier handed on: each format read back by what reads it, nothing lost that it can hold, the same bytes twice."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
import yaml

import harmattan.data
from harmattan.dossier.book import Book
from harmattan.dossier.files import Written, read
from harmattan.dossier.records import LISTS, SYMMETRIC
from harmattan.errors import UsageError
from harmattan.export.dossier import ENDINGS, FORMATS, GRAPHS, hand_on
from harmattan.vocabulary.dossier import DOSSIER

EMBEDDED = sorted(path for path in (Path(harmattan.data.__file__).parent / "dossiers").iterdir() if path.is_dir())
SMALL = r"""
dossier:
  name: small
  title: {en: "A small dossier", fr: "Un petit dossier"}
  release: "2024.1"
  published: 2024-02
  publisher: Nobody
  licence: CC0
  licence_url: https://example.org/cc0
  citation: "Nobody (2024). A small dossier."
sources:
  paper-2016: {publisher: "Le Journal", title: "L'accord : « tout », #1", date: 2016-06, url: "https://example.org/a?b=c&d=é", language: fr}
  wire-2019: {publisher: Wire, title: "null", date: 2019, url: "http://not-an-address"}
  blog: {publisher: Blog, title: "A bell\a and\ttwo\nlines", date: ../2020}
actors:
  - id: front
    kind: armed_group
    label: {en: "The Front", fr: "Le Front"}
    short: F-1
    countries: [MLI, BFA]
    from: 2012-01-17/2012-01-20
    to: 2021
    note: {en: "An editor's note:\n- not a list\n", fr: "~"}
    as_written: "said \"no\" \x07 & <left>"
    cite: [{source: paper-2016, where: "p. 2: end"}]
    names:
      - {text: "الجبهة", lang: ar}
      - {text: "Front of Old", lang: en, to: 2015}
      - {text: "Rebels (2012-2015)", source: acled, source_id: "0012", from: 2012, to: 2015}
      - {text: "Rebels", area: [-5.5, 12, 0.25, 18], cite: [{source: wire-2019}]}
      - {text: FR, kind: acronym}
  - {id: wing, kind: militia, label: {en: Wing, fr: Aile}, status: reported, cite: [{source: paper-2016}]}
  - {id: union, kind: coalition, label: {en: Union, fr: Union}, short: "no", cite: [{source: blog}, {source: wire-2019}]}
  - {id: state, kind: government, label: {en: State, fr: État}, countries: [NER], cite: [{source: paper-2016}]}
  - {id: army, kind: foreign_force, label: {en: Army, fr: Armée}, countries: [FRA], cite: [{source: paper-2016}]}
  - {id: herders, kind: community, label: {en: Herders, fr: Éleveurs}, cite: [{source: paper-2016}]}
  - {id: chief, kind: person, label: {en: The Chief, fr: Le Chef}, from: 1970, to: 2020-06-03, cite: [{source: paper-2016}]}
names:
  - {actor: front, text: "The Front", lang: en, kind: alias, source_id: "7", cite: [{source: blog}]}
  - {actor: elsewhere, text: "Somebody else", cite: [{source: blog}]}
relations:
  - {subject: wing, relation: part_of, object: front, from: 2013-03-02, to: 2016-05/2016-08, status: disputed, cite: [{source: paper-2016}, {source: wire-2019}, {source: paper-2016}]}
  - {subject: front, relation: member_of, object: union, from: 2014, as_written: "joined", cite: [{source: wire-2019}]}
  - {subject: wing, relation: member_of, object: herders, cite: [{source: wire-2019}]}
  - {subject: front, relation: rival_of, object: army, from: 2016-11/2017-02, cite: [{source: wire-2019}]}
  - {subject: front, relation: led_by, object: chief, to: ../2020-06, cite: [{source: wire-2019}]}
  - {subject: herders, relation: led_by, object: chief, cite: [{source: wire-2019}]}
  - {subject: union, relation: successor_of, object: wing, from: 2022-05-01, cite: [{source: wire-2019}]}
  - {subject: wing, relation: merged_into, object: union, from: 2022-05-01, cite: [{source: wire-2019}]}
  - {subject: front, relation: operates_in, countries: [MLI], place: "Ménaka", from: 2012, to: 2014, cite: [{source: wire-2019}]}
  - {subject: front, relation: operates_in, countries: [NER, MLI], from: 2016, status: reported, cite: [{source: wire-2019}]}
presence:
  - {force: army, country: MLI, place: Gao, from: 2014, to: 2022-08-15, end: handed_over, successor: state, lat: 16.27, lon: 0.0, cite: [{source: paper-2016}]}
milestones:
  - {id: pact, kind: agreement, date: 2015-05-15, end: 2015-06-20, countries: [MLI], place: "Alger", actors: [front, state], title: {en: "A pact: signed", fr: "Un pacte : signé"}, cite: [{source: paper-2016}]}
  - {id: raid, kind: attack, date: 2016-01-30/2016-02-02, by: [front], against: [army, herders], status: reported, title: {en: Raid, fr: Raid}, cite: [{source: blog}]}
figures:
  - {indicator: troops, countries: [MLI], actor: army, as_of: 2016, value: 0.5, low: 0, high: 12000, qualifier: about, cite: [{source: wire-2019}]}
  - {indicator: deaths, countries: [MLI], milestone: raid, from: 2016-01, to: 2016-02, value: 2e16, cite: [{source: wire-2019}]}
"""  # noqa: E501


def book_of(written: Written) -> Book:
    records = {name: written.records(name) for name in LISTS if name != "sources"}
    return Book.of([(records, {source.key: source for source in written.records("sources")})])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Written:
    path = tmp_path_factory.mktemp("small") / "small.yaml"
    path.write_text(SMALL, "utf-8")
    written = read(path)
    assert [str(fault.what) for fault in written.faults] == []
    return written


@pytest.fixture(scope="module", params=["small", *(path.name for path in EMBEDDED)])
def written(request: pytest.FixtureRequest, small: Written) -> Written:
    return small if request.param == "small" else read(next(p for p in EMBEDDED if p.name == request.param))


@pytest.fixture(scope="module")
def book(written: Written) -> Book:
    return book_of(written)


def read_again(content: bytes, folder: Path) -> Written:
    path = folder / "again.yaml"
    path.write_bytes(content)
    return read(path)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_dossier_gives_the_same_bytes_in_whatever_order_it_is_written(small: Written, format: str) -> None:
    chance = random.Random(7)
    book = book_of(small)
    lists = {name: list(getattr(book, name)) for name in LISTS} | {"actors": list(book.actors.values())}
    shuffled = {name: chance.sample(found, len(found)) for name, found in reversed(lists.items())}
    sources = {key: book.sources[key] for key in shuffled.pop("sources")}
    assert hand_on(Book.of([(shuffled, sources)]), format) == hand_on(book, format)


def test_every_format_has_an_ending_and_a_writer_for_an_empty_book() -> None:
    assert set(ENDINGS) == set(FORMATS)
    for format in FORMATS:
        assert isinstance(hand_on(Book.of([]), format), bytes)


def test_a_format_that_there_is_not(small: Written) -> None:
    with pytest.raises(UsageError) as told:
        hand_on(book_of(small), "docx")
    assert "docx" in str(told.value)
    assert "graphml" in str(told.value)


@pytest.mark.parametrize("format", sorted(set(FORMATS) - set(GRAPHS)))
def test_a_day_is_refused_where_it_would_narrow_nothing(small: Written, format: str) -> None:
    with pytest.raises(UsageError, match=format):
        hand_on(book_of(small), format, as_of=dt.date(2016, 1, 1))


# YAML


def test_yaml_is_read_again_as_the_same_dossier(written: Written, book: Book, tmp_path: Path) -> None:
    again = read_again(hand_on(book, "yaml", header=written.header), tmp_path)
    assert [str(fault.what) for fault in again.faults] == []
    assert again.header == written.header
    assert book_of(again) == book


def test_yaml_without_a_header_lacks_nothing_else(small: Written, tmp_path: Path) -> None:
    again = read_again(hand_on(book_of(small), "yaml", title="A\ntitle\x07", attribution=["Cite us."]), tmp_path)
    assert ["header" in str(fault.what) for fault in again.faults] == [True]
    assert book_of(again) == book_of(small)


def test_yaml_in_the_form_an_editor_writes(small: Written) -> None:
    text = hand_on(book_of(small), "yaml", header=small.header).decode()
    plain = yaml.load(text, Loader=yaml.BaseLoader)
    assert list(plain) == ["dossier", *LISTS]
    assert text.startswith(
        "# A small dossier\n# Nobody (2024). A small dossier. Licence: CC0 (https://example.org/cc0)."
    )
    assert list(plain["sources"]) == ["blog", "paper-2016", "wire-2019"]
    front = next(actor for actor in plain["actors"] if actor["id"] == "front")
    assert [name["text"] for name in front["names"]] == ["FR", "Front of Old", "Rebels (2012-2015)", "Rebels", "الجبهة"]
    assert [name.get("cite") for name in front["names"]] == [None, None, None, [{"source": "wire-2019"}], None]
    assert all("actor" not in name for name in front["names"])
    assert list(front) == [
        "id",
        "kind",
        "label",
        "short",
        "countries",
        "from",
        "to",
        *("as_written", "note", "names", "cite"),
    ]
    assert "names" not in next(actor for actor in plain["actors"] if actor["id"] == "union")
    assert [name["text"] for name in plain["names"]] == ["Somebody else", "The Front"]
    assert "\n    date: 2015-05-15\n    end: 2015-06-20\n    countries:\n      - MLI\n" in text
    assert "الجبهة" in text
    assert "Ménaka" in text
    assert not re.search(r"!!|[&*]id\d|\{", text)


def test_a_name_that_cites_nothing_is_not_given_its_actor_s_citations(small: Written, tmp_path: Path) -> None:
    book = book_of(small)
    bare = [name.model_copy(update={"cite": ()}) if name.text == "FR" else name for name in book.names]
    without = Book.of([({"actors": list(book.actors.values()), "names": bare}, book.sources)])
    again = book_of(read_again(hand_on(without, "yaml"), tmp_path))
    assert again.names == without.names
    assert [name.cite for name in again.names if name.text == "FR"] == [()]


WORDS = [
    *("null", "~", "yes", "1e5", "0x1F", "2017-03-02", "1:30", "=", "<<", "- x", "a: b", "x #y", "#", "@a", "%a", "*a"),
    *("&a", "!a", "|", ">", "'", '"', "\\", "---", "...", " lead", "trail ", "\ttab", "[a, b]", "{a: b}", "a\n#b"),
    *("\n", "\nlead", "a\n\n b\n\n", "a\r\nb", "  a\nb", "\x07", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\x1b"),
    *("\U0001f600", "\U0001e900", "e\u0301", "؟", "عرب"),
]
"""Words that a format may take for something else."""


def hostile(small: Written, seed: int) -> Book:
    """The small dossier with other words in every place that takes any."""
    chance = random.Random(seed)

    def words() -> str:
        return "".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))

    def changed(record: Any) -> Any:
        update: dict[str, Any] = {}
        for field, value in record:
            if field in ("label", "title", "note") and isinstance(value, dict):
                update[field] = {key: words() for key in value}
            elif field in ("short", "place", "as_written", "publisher", "title", "text") and value:
                update[field] = words()
            elif field == "url" and value:
                update[field] = "https://" + "".join(f"/{words()}".split())
        return record.model_copy(update=update)

    book = book_of(small)
    records: dict[str, list[Any]] = {
        name: [*map(changed, getattr(book, name))] for name in LISTS if name not in ("sources", "actors")
    }
    actors = [changed(actor) for actor in book.actors.values()]
    return Book.of([({"actors": actors} | records, {key: changed(source) for key, source in book.sources.items()})])


@pytest.mark.parametrize("seed", range(12))
def test_no_words_break_a_format(small: Written, seed: int, tmp_path: Path) -> None:
    book = hostile(small, seed)
    again = read_again(hand_on(book, "yaml", header=small.header), tmp_path)
    assert [str(fault.what) for fault in again.faults] == []
    read_back = book_of(again)
    for name in LISTS:
        if name != "names":
            assert getattr(read_back, name) == getattr(book, name)
    assert set(book.names) <= set(read_back.names), "an actor's new label and short form are names too"
    for format in GRAPHS:
        ET.fromstring(hand_on(book, format, title="\x00\ud800", attribution=["\x1b]"]))
    assert [entity for entity in entities(book) if not SCHEMAS[entity["schema"]] >= set(entity["properties"])] == []


@pytest.mark.parametrize("words", [*WORDS, "a\n\n", "a\nb\n\n", "a\n \n"])
def test_words_at_the_end_of_a_list(small: Written, words: str, tmp_path: Path) -> None:
    book = book_of(small)
    last = max(book.sources)
    sources = dict(book.sources) | {last: book.sources[last].model_copy(update={"url": None, "language": words})}
    again = read_again(hand_on(Book.of([({"actors": list(book.actors.values())}, sources)]), "yaml"), tmp_path)
    assert book_of(again).sources == sources
    assert set(book_of(again).actors) == set(book.actors)


# CSV


def opened(content: bytes, french: bool = False) -> tuple[dict[str, list[dict[str, str]]], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        files = {name: archive.read(name).decode("utf-8-sig" if french else "utf-8") for name in archive.namelist()}
    readme = files.pop("README.txt")
    delimiter = ";" if french else ","
    tables = {
        name: list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)) for name, text in files.items()
    }
    return tables, readme


def test_csv_has_every_table_by_its_contract(book: Book) -> None:
    tables, _ = opened(hand_on(book, "csv"))
    assert set(tables) == {f"{contract.name}.csv" for contract in DOSSIER}
    for contract in DOSSIER:
        rows = tables[f"{contract.name}.csv"]
        assert rows == [] or list(rows[0]) == contract.names
        if contract.name != "citations":
            assert len(rows) == len(getattr(book, contract.name))
    assert {row["source"] for row in tables["citations.csv"]} <= set(book.sources)


def test_csv_cells(small: Written) -> None:
    tables, _ = opened(hand_on(book_of(small), "csv"))
    troops = next(row for row in tables["figures.csv"] if row["indicator"] == "troops")
    assert [troops[name] for name in ("value", "low", "high", "as_of_latest")] == ["0.5", "0", "12000", "2016-12-31"]
    front = next(row for row in tables["actors.csv"] if row["record"] == "front")
    assert [front[name] for name in ("start", "start_earliest", "countries")] == [
        "2012-01-17/2012-01-20",
        "2012-01-17",
        "MLI, BFA",
    ]
    cited = [row for row in tables["citations.csv"] if row["record"] == "wing/part_of/front/2013-03-02"]
    assert [(row["number"], row["source"]) for row in cited] == [
        ("1", "paper-2016"),
        ("2", "wire-2019"),
        ("3", "paper-2016"),
    ]


def test_csv_in_french_is_as_a_french_excel_reads_it(small: Written) -> None:
    content = hand_on(book_of(small), "csv", language="fr", header=small.header)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("figures.csv").startswith(b"\xef\xbb\xbf")
    tables, readme = opened(content, french=True)
    assert next(row["value"] for row in tables["figures.csv"] if row["indicator"] == "troops") == "0,5"
    assert readme.splitlines()[0].endswith("Un petit dossier")


def test_the_readme_says_where_everything_comes_from(small: Written) -> None:
    lines = ("Nobody (2024), CC0.", "Somebody (2023), CC BY.")
    _, readme = opened(hand_on(book_of(small), "csv", header=small.header, title="A title", attribution=lines))
    assert readme.startswith("A title\n\nNobody (2024), CC0.\nSomebody (2023), CC BY.\n")
    assert "actors.csv (7 records)\n  record: " in readme
    assert "presence.csv (1 record)\n" in readme
    assert "  lat: of the place, where a source gives it [degrees, WGS 84]\n" in readme
    assert readme.count("or an interval") == 1
    assert "  Le Journal, L'accord : « tout », #1, 2016-06, https://example.org/a?b=c&d=é\n" in readme


# GraphML and GEXF


def graph_of(book: Book, format: str, **how: Any) -> nx.MultiDiGraph:
    content = io.BytesIO(hand_on(book, format, **how))
    found = (
        nx.read_graphml(content, force_multigraph=True) if format == "graphml" else nx.read_gexf(content, version="1.3")
    )
    assert found.is_directed()
    return found


def edges_of(graph: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(one, said["relation"], other): said for one, other, said in graph.edges(data=True)}


@pytest.mark.parametrize("format", GRAPHS)
def test_a_graph_has_every_actor_and_every_relation_between_two(book: Book, format: str) -> None:
    root = ET.fromstring(hand_on(book, format))
    related = [relation for relation in book.relations if relation.object]
    found = [element.attrib for element in root.iter() if element.tag.endswith("}edge")]
    nodes = {element.attrib["id"] for element in root.iter() if element.tag.endswith("}node")}
    wanted = [(relation.subject, relation.object, relation.id.replace("/", ":")) for relation in related]
    assert [(edge["source"], edge["target"], edge["id"]) for edge in found] == wanted
    assert nodes == set(book.actors) | {end for source, target, _ in wanted for end in (source, target)}
    assert all(re.fullmatch(r"[\w.:-]+", edge["id"]) for edge in found)
    assert len({edge["id"] for edge in found}) == len(found)


@pytest.mark.parametrize("format", GRAPHS)
def test_what_a_graph_says_of_actors_and_relations(small: Written, format: str) -> None:
    graph = graph_of(book_of(small), format, language="fr")
    front, edges = graph.nodes["front"], edges_of(graph)
    said = {"label": "Le Front", "label_en": "The Front", "label_fr": "Le Front", "short": "F-1", "kind": "armed_group"}
    assert {name: front[name] for name in said} == said
    assert [front["countries"], front["operates_in"]] == ["MLI, BFA", "MLI, NER"]
    assert [front["start_earliest"], front["start_latest"], front["end_latest"]] == [
        "2012-01-17",
        "2012-01-20",
        "2021-12-31",
    ]
    assert {key[1] for key, said in edges.items() if said["symmetric"] is True} == {"rival_of"} <= set(SYMMETRIC)
    part = edges["wing", "part_of", "front"]
    assert part["status"] == "disputed"
    assert part["sources"] == "Le Journal, L'accord : « tout », #1, 2016-06; Wire, null, 2019"
    written = ("start", "end") if format == "graphml" else ("start_written", "end_written")
    assert [part[name] for name in written] == ["2013-03-02", "2016-05/2016-08"]
    assert [part["end_earliest"], part["end_latest"]] == ["2016-05-01", "2016-08-31"]
    assert "holds" not in front
    assert "start" not in edges["wing", "member_of", "herders"]


@pytest.mark.parametrize("format", GRAPHS)
def test_on_a_day_a_graph_has_only_what_held(small: Written, format: str) -> None:
    def on(*day: int) -> tuple[dict[tuple[str, str, str], str], dict[str, str], str | None]:
        graph = graph_of(book_of(small), format, as_of=dt.date(*day))
        nodes = {node: said["holds"] for node, said in graph.nodes(data=True)}
        return (
            {key: said["holds"] for key, said in edges_of(graph).items()},
            nodes,
            graph.nodes.get("front", {}).get("operates_in"),
        )

    edges, nodes, where = on(2016, 6, 30)
    assert edges["wing", "part_of", "front"] == "possibly", "it ended some time between May and August"
    assert edges["front", "member_of", "union"] == "yes"
    assert ("front", "rival_of", "army") not in edges
    assert ("wing", "merged_into", "union") not in edges
    assert [nodes["front"], where] == ["yes", "NER, MLI"]
    edges, nodes, where = on(2012, 1, 18)
    assert nodes["front"] == "possibly"
    assert where == "MLI"
    edges, nodes, _ = on(2023, 1, 1)
    assert not {"front", "chief"} & set(nodes), "what has ended is no node"
    assert not [key for key in edges if "front" in key or "chief" in key]
    assert {"wing", "union"} <= set(nodes)


def test_gexf_lasts_as_long_as_it_can_have_held(small: Written) -> None:
    content = hand_on(book_of(small), "gexf", title="A title", attribution=["Cite us."])
    root = ET.fromstring(content)
    gexf = "{http://gexf.net/1.3}"
    graph, meta = root.find(f"{gexf}graph"), root.find(f"{gexf}meta")
    assert graph is not None
    assert meta is not None
    assert root.attrib["version"] == "1.3"
    assert graph.attrib == {
        "mode": "dynamic",
        "defaultedgetype": "directed",
        "timeformat": "date",
        "timerepresentation": "interval",
    }
    assert meta.attrib == {}
    assert [part.text for part in meta] == ["Harmattan", "A title\nCite us."]
    edges = {edge.attrib["id"]: edge.attrib for edge in graph.iter(f"{gexf}edge")}
    part = edges["wing:part_of:front:2013-03-02"]
    assert [part["start"], part["end"], part["kind"], part["label"]] == [
        "2013-03-02",
        "2016-08-31",
        "part_of",
        "part_of",
    ]
    led = edges["front:led_by:chief"]
    assert "start" not in led
    assert led["end"] == "2020-06-30"
    for scope in ("node", "edge"):
        declared = {e.attrib["id"] for a in graph.findall(f"{gexf}attributes") if a.attrib["class"] == scope for e in a}
        said = {e.attrib["for"] for element in graph.iter(f"{gexf}{scope}") for e in element.iter(f"{gexf}attvalue")}
        assert said <= declared


def test_graphml_says_where_it_comes_from_and_what_its_data_are(small: Written) -> None:
    graph = graph_of(book_of(small), "graphml", header=small.header)
    assert graph.graph["title"] == "A small dossier"
    assert graph.graph["attribution"] == "Nobody (2024). A small dossier. Licence: CC0 (https://example.org/cc0)."


def test_whoever_a_relation_names_is_a_node_though_nothing_is_known_of_it(small: Written) -> None:
    book = book_of(small)
    without = Book.of([({"relations": book.relations, "milestones": book.milestones}, book.sources)])
    graph = graph_of(without, "graphml")
    assert graph.nodes["front"] == {"label": "front", "operates_in": "MLI, NER"}
    found = {entity["id"]: entity for entity in entities(without)}
    assert found["hmt-actor-front"] == {
        "id": "hmt-actor-front",
        "schema": "LegalEntity",
        "properties": {"name": ["front"]},
    }
    assert {entity["schema"] for entity in found.values()} == {"LegalEntity", "UnknownLink", "Succession", "Event"}


# FollowTheMoney. What follows was compared with the schemas of followthemoney 4.11.

THING = {
    "name",
    "alias",
    "weakAlias",
    "previousName",
    "country",
    "notes",
    "description",
    "topics",
    "publisher",
    "sourceUrl",
}
LEGAL = THING | {"classification", "incorporationDate", "dissolutionDate"}
INTERVAL = {"startDate", "endDate", "date", "description", "summary", "recordId", "publisher", "sourceUrl"}
LINK = INTERVAL | {"role", "status"}
SCHEMAS = {
    "LegalEntity": LEGAL,
    "Organization": LEGAL,
    "PublicBody": LEGAL,
    "Person": LEGAL,
    "Event": (THING - {"topics"}) | INTERVAL | {"keywords", "location", "involved"},
    "Membership": LINK | {"member", "organization"},
    "Directorship": LINK | {"director", "organization"},
    "Succession": LINK | {"predecessor", "successor"},
    "UnknownLink": LINK | {"subject", "object"},
}
ANYBODY = {"LegalEntity", "Organization", "PublicBody", "Person"}
RANGES = {
    "member": ANYBODY, "director": ANYBODY, "involved": ANYBODY, "predecessor": ANYBODY, "successor": ANYBODY,
    "subject": ANYBODY, "object": ANYBODY, "organization": {"Organization", "PublicBody"},
}  # fmt: skip
LONGEST = {"name": 384, "alias": 384, "weakAlias": 384, "previousName": 384, "location": 250, "sourceUrl": 4096}
TOPICS = {"gov", "gov.security", "mil"}


def entities(book: Book, **how: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in hand_on(book, "ftm", **how).decode().split("\n")[:-1]]


def test_followthemoney_takes_every_entity(written: Written, book: Book) -> None:
    found = entities(book, header=written.header)
    by_id = {entity["id"]: entity for entity in found}
    assert list(by_id) == sorted(by_id)
    assert len(by_id) == len(found)
    for entity in found:
        said = entity["properties"]
        assert set(said) <= SCHEMAS[entity["schema"]], entity["id"]
        required = {"name"} if "name" in SCHEMAS[entity["schema"]] else set(RANGES) & SCHEMAS[entity["schema"]]
        assert required <= set(said), entity["id"]
        assert entity["datasets"] == [written.header and written.header.name]
        for name, values in said.items():
            assert values
            assert len(set(values)) == len(values)
            for value in values:
                assert isinstance(value, str)
                assert value.strip()
                assert len(value) <= LONGEST.get(name, 65000)
                if name in RANGES:
                    assert by_id[value]["schema"] in RANGES[name], entity["id"]
                if name.lower().endswith("date"):
                    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value), entity["id"]
                if name == "sourceUrl":
                    assert value.startswith(("https://", "http://")), entity["id"]
                if name == "country":
                    assert re.fullmatch("[a-z]{2}", value), entity["id"]
    assert {topic for entity in found for topic in entity["properties"].get("topics", ())} <= TOPICS


def test_nothing_is_lost_that_followthemoney_can_hold(book: Book) -> None:
    found = entities(book)
    links = {entity["properties"]["recordId"][0] for entity in found if "recordId" in entity["properties"]}
    related = {relation.id for relation in book.relations if relation.object}
    assert links == related | {milestone.id for milestone in book.milestones}
    assert {f"hmt-actor-{actor}" for actor in book.actors} <= {entity["id"] for entity in found}
    names = ("name", "alias", "weakAlias", "previousName")
    spelt = {words for entity in found for name in names for words in entity["properties"].get(name, ())}
    assert {" ".join(name.text.split()) for name in book.names if name.actor in book.actors} <= spelt


def of_record(book: Book, record: str) -> dict[str, Any]:
    return next(
        entity for entity in entities(book) if record in (entity["id"], *entity["properties"].get("recordId", ()))
    )


def test_followthemoney_actors(small: Written) -> None:
    front = of_record(book_of(small), "hmt-actor-front")
    assert front["schema"] == "Organization"
    said = front["properties"]
    assert said["name"] == ["The Front", "Le Front"]
    assert set(said["weakAlias"]) == {"F-1", "FR", "Rebels", "Rebels (2012-2015)"}
    assert said["previousName"] == ["Front of Old"]
    assert said["alias"] == ["الجبهة"]
    assert said["country"] == ["ml", "bf", "ne"]
    assert said["incorporationDate"] == ["2012-01"], "what both ends of the interval have in common"
    assert said["dissolutionDate"] == ["2021"]
    assert said["description"] == ['said "no"  & <left>']
    assert said["notes"] == [
        "An editor's note:\n- not a list",
        "~",
        "from: 2012-01-17/2012-01-20",
        "operates_in: MLI; place: Ménaka; from: 2012; to: 2014",
        "operates_in: NER, MLI; from: 2016; status: reported",
    ]
    assert said["sourceUrl"] == ["https://example.org/a?b=c&d=é"]
    assert said["publisher"] == ["Le Journal"]
    chief = of_record(book_of(small), "hmt-actor-chief")
    assert chief["schema"] == "Person"
    assert chief["properties"]["notes"] == ["from: 1970", "to: 2020-06-03"]
    assert not {"incorporationDate", "dissolutionDate"} & set(chief["properties"])
    assert of_record(book_of(small), "hmt-actor-wing")["properties"]["notes"] == ["status: reported"]
    army = of_record(book_of(small), "hmt-actor-army")["properties"]
    assert army["notes"] == ["base: MLI; place: Gao; from: 2014; to: 2022-08-15; end: handed_over"]
    assert army["country"] == ["fr"]
    wanted = {"state": "PublicBody", "herders": "LegalEntity", "union": "Organization"}
    assert {actor: of_record(book_of(small), f"hmt-actor-{actor}")["schema"] for actor in wanted} == wanted


@pytest.mark.parametrize(
    ("record", "schema", "said"),
    [
        ("front/member_of/union/2014", "Membership", {"member": "front", "organization": "union"}),
        ("wing/member_of/herders", "UnknownLink", {"subject": "wing", "object": "herders"}),
        ("front/led_by/chief", "Directorship", {"organization": "front", "director": "chief"}),
        ("herders/led_by/chief", "UnknownLink", {"subject": "herders", "object": "chief"}),
        ("wing/part_of/front/2013-03-02", "UnknownLink", {"subject": "wing", "object": "front"}),
        ("union/successor_of/wing/2022-05-01", "Succession", {"successor": "union", "predecessor": "wing"}),
        ("wing/merged_into/union/2022-05-01", "Succession", {"successor": "union", "predecessor": "wing"}),
    ],
)
def test_followthemoney_links(small: Written, record: str, schema: str, said: dict[str, str]) -> None:
    link = of_record(book_of(small), record)
    assert link["schema"] == schema
    assert {name: link["properties"][name] for name in said} == {
        name: [f"hmt-actor-{id_}"] for name, id_ in said.items()
    }
    assert link["properties"]["role"] == [record.split("/")[1]]


@pytest.mark.parametrize(
    ("record", "dates", "words"),
    [
        ("wing/part_of/front/2013-03-02", {"startDate": ["2013-03-02"], "endDate": ["2016"]}, "to: 2016-05/2016-08"),
        ("front/rival_of/army/2016-11/2017-02", {}, "from: 2016-11/2017-02"),
        ("front/led_by/chief", {}, "to: ../2020-06"),
        ("front/member_of/union/2014", {"startDate": ["2014"]}, None),
    ],
)
def test_a_date_that_followthemoney_cannot_hold_stands_in_words(
    small: Written, record: str, dates: dict[str, list[str]], words: str | None
) -> None:
    said = of_record(book_of(small), record)["properties"]
    assert {name: said[name] for name in ("startDate", "endDate") if name in said} == dates
    assert said.get("summary") == (words and [words])


def test_followthemoney_events(small: Written) -> None:
    pact = of_record(book_of(small), "hmt-milestone-pact")["properties"]
    assert [pact["startDate"], pact["endDate"], pact.get("date")] == [["2015-05-15"], ["2015-06-20"], None]
    assert [pact["name"], pact["location"], pact["keywords"]] == [
        ["A pact: signed", "Un pacte : signé"],
        ["Alger"],
        ["agreement"],
    ]
    assert pact["involved"] == ["hmt-actor-front", "hmt-actor-state"]
    raid = of_record(book_of(small), "hmt-milestone-raid")["properties"]
    assert raid["date"] == ["2016"]
    assert raid["notes"] == [
        "date: 2016-01-30/2016-02-02",
        "status: reported",
        "by: The Front",
        "against: Army, Herders",
    ]
    assert raid["involved"] == ["hmt-actor-front", "hmt-actor-army", "hmt-actor-herders"]


def test_the_reader_s_language_comes_first(small: Written) -> None:
    front = next(e for e in entities(book_of(small), language="fr") if e["id"] == "hmt-actor-front")
    assert front["properties"]["name"] == ["Le Front", "The Front"]
