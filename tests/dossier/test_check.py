"""Every fault that the validator knows, with its file and line; and what looks like one and is none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from harmattan.dossier import check
from harmattan.dossier.check import Known, faults
from harmattan.dossier.files import Written, read
from tests.dossier.conftest import FILES, HEAD, RECORDS, put

CITE = "cite: [{source: wire}]"
Fault = tuple[int, str]


def actor(id_: str, more: str = "", kind: str = "armed_group") -> str:
    return f"- {{id: {id_}, kind: {kind}, label: {{en: The {id_}, fr: Le {id_}}}, {CITE}{more}}}\n"


def relation(words: str, more: str = "") -> str:
    subject, kind, object_ = words.split()
    return f"- {{subject: {subject}, relation: {kind}, object: {object_}, {CITE}{more}}}\n"


def presence(more: str, force: str = "army") -> str:
    return f"- {{force: {force}, country: MLI, {CITE}, {more}}}\n"


def name(actor: str, text: str, more: str = "") -> str:
    return f"- {{actor: {actor}, text: {text}, {CITE}{more}}}\n"


def figure(more: str) -> str:
    return f"- {{indicator: deaths, {CITE}, {more}}}\n"


def milestone(id_: str, more: str = "") -> str:
    return f"- {{id: {id_}, kind: coup, date: 2020, title: {{en: A coup, fr: Un coup}}, {CITE}{more}}}\n"


TWO = "actors:\n" + actor("one") + actor("two") + "names:\n"
RIVALS = "relations:\n" + relation("front part_of old-order") + relation("front affiliate_of new-order", ", from: 2015")
AT_ONCE = "front belongs to old-order and new-order at once, which are rivals"

FAULTY: dict[str, tuple[str, list[Fault]]] = {
    "actor of a name": ("names:\n" + name("nobody", "N"), [(2, "there is no actor nobody")]),
    "subject": ("relations:\n" + relation("nobody part_of front"), [(2, "there is no actor nobody")]),
    "object": ("relations:\n\n" + relation("front supports nobody"), [(3, "there is no actor nobody")]),
    "force": ("presence:\n" + presence("place: Gao", "nobody"), [(2, "there is no actor nobody")]),
    "successor": ("presence:\n" + presence("place: Gao, successor: nobody"), [(2, "there is no actor nobody")]),
    "actor of a figure": (
        "figures:\n" + figure("countries: [MLI], as_of: 2020, value: 1, actor: nobody"),
        [(2, "there is no actor nobody")],
    ),
    "actors of a milestone, all of one line": (
        "milestones:\n" + milestone("m", ", actors: [a1, gov], by: [a2], against: [a3, a1]"),
        [(2, "there is no actor a1"), (2, "there is no actor a2"), (2, "there is no actor a3")],
    ),
    "milestone of a figure": (
        "figures:\n" + figure("countries: [MLI], as_of: 2020, value: 1, milestone: mli-raid-2019"),
        [(2, "there is no milestone mli-raid-2019")],
    ),
    "source": (
        "milestones:\n" + milestone("m").replace("wire", "wires") + milestone("n").replace("wire", "gazette"),
        [(2, "there is no source wires")],
    ),
    "second source": (
        "milestones:\n" + milestone("m").replace("}]", "}, {source: radio}]"),
        [(2, "there is no source radio")],
    ),
    "no citation": (
        "milestones:\n"
        + milestone("m").replace(CITE, "cite: []")
        + "relations:\n"
        + relation("front supports wing").replace(CITE, "place: x")
        + "actors:\n"
        + actor("a").replace(CITE, "from: 2020"),
        [(2, "m has no citation"), (4, "front/supports/wing has no citation"), (6, "a/The"), (6, "a/Le"), (6, "a has")],
    ),
    "actor twice": ("actors:\n" + actor("one") + actor("one"), [(3, "one is there already, in then.yaml:2")]),
    "source twice": (
        "sources:\n  new: {publisher: P, title: T, date: 2020}\n  wire: {publisher: P, title: T, date: 2020}\n",
        [(3, "wire is there already, in dossier.yaml:12")],
    ),
    "relation twice": (
        "relations:\n" + relation("army part_of gov"),
        [(2, "army/part_of/gov is there already, in records.yaml:36")],
    ),
    "milestone twice": ("milestones:\n" + milestone("mission-leaves"), [(2, "mission-leaves is there already")]),
    "figure twice": (
        "figures:\n" + figure("countries: [MLI], as_of: 2020, value: 1") * 2,
        [(3, "deaths/MLI//2020/wire/1 is there already, in then.yaml:2")],
    ),
    "name said two ways": (
        "names:\n"
        + name("front", "FDV", ', source: ucdp, source_id: "1"')
        + name("front", "FDV", ', source: ucdp, source_id: "2"'),
        [(3, "front/FDV/und/ucdp is there already, in then.yaml:2")],
    ),
    "overlapping relation": (
        "relations:\n" + relation("front member_of union", ", from: 2019"),
        [(2, "front/member_of/union/2019 overlaps front/member_of/union/2017-03-02 in records.yaml:38")],
    ),
    "overlapping symmetric relation": (
        "relations:\n" + relation("new-order rival_of old-order", ", from: 2015"),
        [(2, "new-order/rival_of/old-order/2015 overlaps old-order/rival_of/new-order/2014-06 in records.yaml:43")],
    ),
    "overlapping operation, countries in another order": (
        "relations:\n- {subject: front, relation: operates_in, countries: [NER, MLI], place: Ménaka, "
        f"from: 2013, to: 2014, {CITE}}}\n",
        [(2, "front/operates_in/NER+MLI:Ménaka/2013 overlaps front/operates_in/MLI+NER:Ménaka/2012")],
    ),
    "overlapping presence": (
        "presence:\n" + presence("place: Kati, kind: headquarters, from: 2019"),
        [(2, "army/MLI/Kati/2019 overlaps army/MLI/Kati in records.yaml:52")],
    ),
    "no person leads": ("relations:\n" + relation("front led_by gov"), [(2, "gov is no person and leads nobody")]),
    "in two rival networks": (RIVALS, [(3, AT_ONCE)]),
    "in two rivals, the other way round": (
        "relations:\n"
        + relation("chief member_of new-order", ", to: 2016")
        + relation("chief member_of old-order", ", from: 2015"),
        [(3, "chief belongs to new-order and old-order at once, which are rivals")],
    ),
    "cycle": (
        "relations:\n" + relation("gov member_of herders") + relation("herders member_of army"),
        [(2, "gov belongs to itself through others"), (3, "herders belongs to itself"), (36, "army belongs to itself")],
    ),
    "cycle by the second relation": (
        "actors:\n"
        + actor("one")
        + actor("two")
        + "relations:\n"
        + relation("one part_of front")
        + relation("one part_of two")
        + relation("two part_of one"),
        [(6, "one belongs to itself through others"), (7, "two belongs to itself through others")],
    ),
    "presence without an end": (
        "presence:\n" + presence("place: Gao, from: 2014", "mission"),
        [(2, "mission ended (2023-12-31), but this presence has no end")],
    ),
    "presence too late": (
        "presence:\n" + presence("place: Gao, from: 2014, to: 2024-01-01", "mission"),
        [(2, "mission did not exist after 2023-12-31")],
    ),
    "presence too early": (
        "presence:\n" + presence("place: Gao, from: 2013-06, to: 2014", "mission"),
        [(2, "mission did not exist before 2013-07-01")],
    ),
    "relation too early": (
        "relations:\n" + relation("army cooperates_with mission", ", from: 2013-03, to: 2014"),
        [(2, "mission did not exist before 2013-07-01")],
    ),
    "relation over before": (
        "relations:\n" + relation("army cooperates_with mission", ", to: 2012"),
        [(2, "mission did not exist before 2013-07-01")],
    ),
    "relation too late": (
        "relations:\n" + relation("mission supports army", ", from: 2014, to: 2024-02"),
        [(2, "mission did not exist after 2023-12-31")],
    ),
    "relation begun after the end": (
        "relations:\n" + relation("mission supports army", ", from: 2024-02"),
        [(2, "mission did not exist after 2023-12-31")],
    ),
    "no force": (
        "presence:\n" + presence("place: Gao", "herders") + presence("place: Gao", "chief"),
        [
            (2, "herders is a community and no force"),
            (3, "chief is a person and no force"),
            (3, "chief ended (2020-06-03), but this presence has no end"),
        ],
    ),
    "name of two": (
        "names:\n" + name("army", "'the  FRONT'", ", lang: fr"),
        [(2, "the name the  FRONT of army is also that of front at the time, in records.yaml:10")],
    ),
    "name of two by their labels": (
        "actors:\n" + actor("one").replace("The one", "Valley Army"),
        [(2, "the name Valley Army of one is also that of army at the time, in records.yaml:4")],
    ),
    "name of two from one data set": (
        TWO + name("one", "N", ", source: ucdp") + name("two", "N", ", source: ucdp"),
        [(6, "the name N of two is also that of one at the time, in then.yaml:5")],
    ),
    "name of two at times that overlap": (
        TWO + name("one", "N", ", to: 2016-02") + name("two", "N", ", from: 2015"),
        [(6, "the name N of two")],
    ),
    "name of two in one country": (
        TWO + name("one", "N", ", countries: [MLI, NER]") + name("two", "N", ", countries: [NER, TCD]"),
        [(6, "the name N of two")],
    ),
    "name of two in one area": (
        TWO + name("one", "N", ", area: [0, 10, 5, 20]") + name("two", "N", ", area: [4.5, 19, 9, 25]"),
        [(6, "the name N of two")],
    ),
    "name of two in one area of one country": (
        TWO
        + name("one", "N", ", countries: [NER], area: [0, 10, 5, 20]")
        + name("two", "N", ", countries: [NER], area: [4.5, 19, 9, 25]"),
        [(6, "the name N of two")],
    ),
    "no number": (
        "figures:\n" + figure("countries: [MLI], as_of: 2020, value: .nan").replace(".nan", "nan")
        + figure("countries: [MLI], as_of: 2020, value: 1, high: inf"),
        [(2, "nan is no number"), (3, "inf is no number")],
    ),
    "no area": (
        "names:\n"
        + name("front", "N", ", area: [5, 10, 0, 20]")
        + name("front", "O", ", area: [0, 20, 5, 10]")
        + name("front", "P", ", area: [0, 10, 500, 20]")
        + name("front", "Q", ", area: [nan, 10, 5, 20]"),
        [(2, "the area 5, 10, 0, 20 is none: write west, south"), (3, "the area"), (4, "the area"), (5, "the area")],
    ),
    # What reading alone finds.
    "bad dates": (
        "milestones:\n" + milestone("m").replace("2020", "2020-13") + milestone("n").replace("2020", "18/08/2020"),
        [(2, "date: '2020-13' is no date"), (3, "date: '18/08/2020' is no date: write 2017")],
    ),
    "dates that say nothing or run backwards": (
        "milestones:\n" + milestone("m", ", end: ../..") + milestone("n", ", end: 2020/2019"),
        [(2, "end: '../..' says nothing"), (3, "end: '2020/2019' ends before it begins")],
    ),
    "end before the beginning": (
        "relations:\n" + relation("front supports wing", ", from: 2020, to: 2019"),
        [(2, "relation: it ends (2019) before it begins (2020)")],
    ),
    "bad country": (
        "milestones:\n" + milestone("m", ", countries: [MLI, ML, Mali]"),
        [(2, "countries.1: 'ML' is no ISO3 code of a country"), (2, "countries.2: 'Mali' is no ISO3 code")],
    ),
    "operates in an object": (
        "relations:\n" + relation("front operates_in wing", ", countries: [MLI]"),
        [(2, "relation: operates_in needs countries and no object")],
    ),
    "operates nowhere": (
        f"relations:\n- {{subject: front, relation: operates_in, {CITE}}}\n",
        [(2, "relation: operates_in needs countries")],
    ),
    "no object": (f"relations:\n- {{subject: front, relation: part_of, {CITE}}}\n", [(2, "relation: part_of needs")]),
    "to itself": ("relations:\n" + relation("front part_of front"), [(2, "relation: an actor stands in no")]),
    "base without a place": ("presence:\n" + presence("kind: base"), [(2, "presence: a base needs a place")]),
    "ended without a day": (
        "presence:\n" + presence("place: Gao, end: lost"),
        [(2, "presence: it ended (lost) but says not when: to is missing")],
    ),
    "place off the earth": ("presence:\n" + presence("place: Gao, lat: 91"), [(2, "lat: Input should be less than")]),
    "figure without a date": (
        "figures:\n"
        + figure("countries: [MLI], value: 1")
        + figure("countries: [MLI], value: 1, as_of: 2020, to: 2020"),
        [(2, "figure: a figure needs as_of, or from and to"), (3, "figure: a figure has either as_of or from and to")],
    ),
    "figure of nowhere": (
        "figures:\n" + figure("countries: [], as_of: 2020, value: 1"),
        [(2, "figure: a figure needs countries")],
    ),
    "figure out of its range": (
        "figures:\n" + figure("countries: [MLI], as_of: 2020, value: 1, low: 2"),
        [(2, "figure: its value 1 lies outside its range")],
    ),
    "unknown list": ("people:\n" + actor("one"), [(1, "there is no list people")]),
    "unknown field": ("milestones:\n" + milestone("m", ", motto: x"), [(2, "motto: Extra inputs are not permitted")]),
    "unknown kinds": (
        "actors:\n" + actor("one", kind="gang") + "milestones:\n" + milestone("m").replace("coup,", "putsch,"),
        [(2, "kind: Input should be 'government'"), (4, "kind: Input should be 'coup'")],
    ),
    "second header": ("dossier: {name: other}\n", [(1, "title: Field"), (1, "there are two headers")]),
}  # fmt: skip


def told(written: Written, under: Known | None = None) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, str(fault.what)) for fault in faults(written, under)]


def with_more(folder: Path, more: str) -> Written:
    return read(put(folder, then=more))


@pytest.mark.parametrize("case", FAULTY)
def test_every_fault_is_told_with_file_and_line(tmp_path: Path, case: str) -> None:
    more, expected = FAULTY[case]
    found = told(with_more(tmp_path, more))
    for line, words in expected:
        file = "records.yaml" if line == 36 else "then.yaml"
        assert [one for one in found if one[:2] == (file, line) and one[2].startswith(words)], (words, found)
    lines = {line for line, _ in expected}
    assert {line for _, line, _ in found} == lines, found
    unexpected = [one for one in found if not any(one[2].startswith(words) for _, words in expected)]
    assert all("Field required" in words for *_, words in unexpected), unexpected


def test_no_fault_of_the_validator_goes_without_a_case(tmp_path: Path) -> None:
    tree = ast.parse(Path(check.__file__).read_text("utf-8"))
    templates = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "T" and isinstance(node.args[0], ast.Constant)
    }
    seen = set()
    for number, (more, _) in enumerate(FAULTY.values()):
        seen |= {fault.what.template for fault in faults(with_more(tmp_path / str(number), more))}
    assert len(templates) > 12
    assert templates - seen == set()


FINE = {
    "relation that ends on the day the next begins": "relations:\n"
    + relation("wing member_of union", ", from: 2018, to: 2019-05-03")
    + relation("wing member_of union", ", from: 2019-05-03"),
    "relation that may overlap": "relations:\n"
    + relation("wing member_of union", ", from: 2018, to: 2019")
    + relation("wing member_of union", ", from: 2019"),
    "relation that is disputed": "relations:\n" + relation("front member_of union", ", from: 2019, status: disputed"),
    "operation elsewhere": "relations:\n"
    f"- {{subject: front, relation: operates_in, countries: [MLI], from: 2012, {CITE}}}\n",
    "presence at another place or of another kind": "presence:\n"
    + presence("place: Gao, kind: headquarters")
    + presence("place: Gao, kind: base, from: 2011"),
    "presence that is disputed": "presence:\n"
    + presence("place: Kati, kind: headquarters, from: 2019, status: disputed"),
    "presence that may have ended with its force": "presence:\n"
    + presence("place: Gao, from: 2013, to: 2023", "mission"),
    "rivals one after the other": RIVALS.replace("old-order,", "old-order, to: 2014-12-31,"),
    "rivals by hearsay": RIVALS.replace("new-order,", "new-order, status: reported,"),
    "rivals, each at its time": RIVALS.replace("from: 2015", "from: 2015, to: 2015-06-30")
    .replace("old-order,", "old-order, from: 2016,"),
    "successor of one that is gone": "actors:\n" + actor("one", ", from: 2024") + "relations:\n"
    + relation("one successor_of mission", ", from: 2024-02") + relation("one split_from mission", ", from: 2024-02"),
    "leader after his death, and a leader whom the dossier below has": "relations:\n"
    + relation("wing led_by chief", ", from: 2021"),
    "name of two, one after the other": TWO + name("one", "N", ", to: 2015") + name("two", "N", ", from: 2016"),
    "name of two of which one took over on a day": TWO
    + name("one", "N", ", to: 2015-03-02") + name("two", "N", ", from: 2015-03-02"),
    "name of two that lived one after the other": TWO.replace("Le one}, cite", "Le one}, to: 2015, cite")
    .replace("The two, fr: Le two}", "The one, fr: Le one}, from: 2016") + name("one", "N") + name("two", "N"),
    "name of one in a country and of another elsewhere": TWO
    + name("one", "N", ", countries: [MLI]") + name("two", "N", ", countries: [NER]"),
    "name of one in a country and of another in general": TWO
    + name("one", "N", ", countries: [MLI]") + name("two", "N"),
    "name of one in an area and of another in the country": TWO
    + name("one", "N", ", area: [0, 10, 5, 20]") + name("two", "N", ", countries: [MLI]"),
    "names in areas side by side": TWO
    + name("one", "N", ", area: [0, 10, 5, 20]") + name("two", "N", ", area: [5, 10, 9, 20]"),
    "names in one area of different countries": TWO
    + name("one", "N", ", area: [0, 10, 5, 20], countries: [MLI]")
    + name("two", "N", ", area: [0, 10, 5, 20], countries: [NER]"),
    "name of one by a data set and of another in general": TWO
    + name("one", "N", ", source: ucdp") + name("two", "N") + name("two", "N", ", source: acled"),
    "name said twice": "names:\n" + name("front", "N") + name("front", "N").replace("wire", "book"),
    "name that an actor has by its label": "names:\n" + name("front", "The Front", ", lang: en, kind: alias"),
}  # fmt: skip


@pytest.mark.parametrize("case", FINE)
def test_what_only_looks_like_a_fault_is_none(tmp_path: Path, case: str) -> None:
    assert told(with_more(tmp_path, FINE[case])) == []


def test_the_small_dossier_has_no_fault(valley: Written) -> None:
    assert faults(valley) == []


def test_what_a_dossier_below_has_is_known(tmp_path: Path) -> None:
    more = (
        "relations:\n"
        + relation("army cooperates_with abroad")
        + relation("front led_by elsewhere")
        + "figures:\n"
        + figure("countries: [MLI], as_of: 2020, value: 1, actor: abroad, milestone: before")
    )
    written = with_more(tmp_path, more)
    assert [words for *_, words in told(written)] == [
        "there is no actor abroad",
        "there is no actor elsewhere",
        "there is no actor abroad",
        "there is no milestone before",
    ]
    assert told(written, Known(frozenset({"abroad", "elsewhere"}), frozenset({"before"}))) == []


def test_faults_come_by_file_and_line_and_each_once(tmp_path: Path) -> None:
    records = RECORDS.replace("object: gov,", "object: nobody,")
    written = read(put(tmp_path, FILES | {"records.yaml": records}, a="relations:\n" + relation("x part_of x2") * 2))
    found = told(written)
    assert found == sorted(set(found))
    assert [(file, line) for file, line, words in found if "no actor" in words] == [
        ("a.yaml", 2), ("a.yaml", 2), ("a.yaml", 3), ("a.yaml", 3), ("records.yaml", 36),
    ]  # fmt: skip


def test_a_dossier_without_a_header_is_not_without_fault(tmp_path: Path) -> None:
    headless = "sources:" + HEAD.partition("sources:")[2]
    (fault,) = told(read(put(tmp_path, FILES | {"dossier.yaml": headless})))
    assert fault == ("dossier.yaml", 1, "there is no header: a list `dossier` with name, title, release …")


def test_the_dossier_of_the_package_has_no_fault_and_no_uncited_record(sahel: Written) -> None:
    assert told(sahel) == []
    keys = {source.key for source in sahel.records("sources")}
    for list_, entries in sahel.entries.items():
        cited = [{c.source for c in entry.record.cite} for entry in entries if list_ != "sources"]
        assert all(cited), list_
        assert not {key for one in cited for key in one} - keys
    assert len({actor.id for actor in sahel.records("actors") if actor.kind != "person"}) >= 60
