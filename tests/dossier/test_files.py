"""The YAML of a dossier: every record with its file and line, and whatever is wrong as a fault and never as a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.check import faults
from harmattan.dossier.files import Written, files_of, read
from harmattan.errors import WrongFile
from harmattan.vocabulary.written import MOST_BYTES, MOST_FAULTS
from tests.dossier.conftest import FILES, HEAD, RECORDS, by_list, put

LAW = settings(derandomize=True, max_examples=150, deadline=None)
CITE = "cite: [{source: wire}]"


def told(written: Written) -> list[tuple[str, int, str]]:
    """Every fault of reading as file, line and words."""
    return [(fault.file, fault.line, str(fault.what)) for fault in written.faults]


def read_one(folder: Path, content: str | bytes) -> list[tuple[int, str]]:
    """The faults of one file, but for a header that it does not have."""
    found = told(read(put(folder, {"one.yaml": content})))
    return [(line, words) for _, line, words in found if not words.startswith("there is no header")]


def test_every_record_knows_its_file_and_line(valley: Written) -> None:
    at = {name: [(entry.file, entry.line) for entry in entries] for name, entries in valley.entries.items()}
    assert at["sources"] == [("dossier.yaml", line) for line in (11, 12, 13, 14)]
    assert at["actors"] == [("records.yaml", line) for line in (2, 4, 5, 6, 7, 8, 10, 27, 29, 31, 32)]
    assert at["names"][-1] == ("records.yaml", 34)
    assert at["relations"] == [("records.yaml", line) for line in (36, 37, 38, 39, 41, 43, 44, 45)]
    assert [len(at[name]) for name in ("presence", "milestones", "figures")] == [3, 2, 2]
    assert valley.faults == []
    assert valley.header is not None
    assert (valley.header.name, str(valley.header.published)) == ("valley", "2024-02")
    assert [path.name for path in valley.files] == list(FILES)


def test_labels_and_the_short_form_are_names(valley: Written) -> None:
    names = [name for name in valley.records("names") if name.actor == "front"]
    assert {(name.text, name.lang, name.kind) for name in names} == {
        ("The Front", "en", "name"),
        ("Le Front", "fr", "name"),
        ("FR", "und", "acronym"),
        ("الجبهة", "ar", "name"),
        ("Front of Old", "en", "alias"),
        ("Rebels", "und", "name"),
    }


def test_a_short_form_of_its_own_in_french(valley: Written) -> None:
    short = {(name.text, name.lang) for name in valley.records("names") if name.kind == "acronym"}
    assert short == {("FR", "und"), ("UN", "und"), ("UNI", "fr"), ("FAV", "fr")}


def test_a_name_cites_what_its_actor_cites_where_it_cites_nothing(valley: Written) -> None:
    cited = {name.id: [c.source for c in name.cite] for name in valley.records("names") if name.actor == "front"}
    assert cited["front/الجبهة/ar"] == ["gazette", "wire"]
    assert cited["front/The Front/en"] == ["gazette", "wire"]
    assert cited["front/Rebels/und///MLI-5.5,12,0.25,18"] == ["book"]


def test_a_name_said_anew_goes_before_the_one_that_the_label_makes(tmp_path: Path) -> None:
    text = "actors:\n- {id: a, kind: militia, label: {en: A, fr: A}, names: [{text: A, lang: en, to: 2015}]}\n"
    (name,) = (name for name in by_list(read(put(tmp_path, {"a.yaml": text})))["names"] if name.lang == "en")
    assert str(name.end) == "2015"


def test_what_is_left_empty_is_not_there(tmp_path: Path) -> None:
    text = (
        f"actors:\n- {{id: a, kind: militia, label: {{en: A, fr: A}}, from: , to: ~, short: null, names: , {CITE}}}\n"
    )
    (actor,) = read(put(tmp_path, {"a.yaml": text + "relations:\nsources: ~\n"})).records("actors")
    assert (actor.start, actor.end, actor.short) == (None, None, None)


def test_words_in_quotation_marks_are_words(tmp_path: Path) -> None:
    text = 'sources: {wire: {publisher: "~", title: "null", date: "2019", language: ""}}'
    (source,) = read(put(tmp_path, {"a.yaml": text})).records("sources")
    assert (source.publisher, source.title, source.language) == ("~", "null", "")


def test_numbers_and_words_that_yaml_would_change_stay_as_written(tmp_path: Path) -> None:
    text = "sources: [{key: wire, publisher: no, title: 1e3, date: 2019-11-16, language: yes}]"
    (source,) = read(put(tmp_path, {"a.yaml": text})).records("sources")
    assert (source.publisher, source.title, str(source.date), source.language) == ("no", "1e3", "2019-11-16", "yes")


def test_the_files_of_a_dossier(tmp_path: Path) -> None:
    folder = put(tmp_path / "two", {"b.yml": "", "a.yaml": "", "note.txt": "no", ".hidden": "no"})
    assert [path.name for path in files_of(folder)] == ["a.yaml", "b.yml"]
    assert files_of(folder / "b.yml") == [folder / "b.yml"]
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd" / "folder.yaml").mkdir(parents=True)
    for path in (tmp_path / "empty", tmp_path / "odd", tmp_path / "nowhere"):
        with pytest.raises(WrongFile, match=r"There is no dossier in .*\. Name a folder with \.yaml files"):
            read(path)


def test_one_file_is_a_whole_dossier_too(valley: Written, tmp_path: Path) -> None:
    folder = put(tmp_path, {"all.yaml": "\ufeff" + HEAD + RECORDS})
    written = read(folder / "all.yaml")
    assert by_list(written) == by_list(valley)
    assert written.header == valley.header
    assert written.entries["actors"][0].line == HEAD.count("\n") + 2


def test_a_dossier_has_one_header(tmp_path: Path) -> None:
    none = "there is no header: a list `dossier` with name, title, release …"
    assert told(read(put(tmp_path / "none", {"a.yaml": "", "b.yaml": RECORDS}))) == [("a.yaml", 1, none)]
    assert told(read(put(tmp_path / "two", more="# a\n\n" + HEAD.replace("  wire:", "  wire2:")))) == [
        ("more.yaml", 3, "there are two headers")
    ]
    assert told(read(put(tmp_path / "same", {"a.yaml": HEAD + HEAD.partition("sources:")[0]}))) == [
        ("a.yaml", 15, "dossier is said twice")
    ]


def test_a_header_with_faults_is_a_header_and_other_faults_hide_no_missing_one(tmp_path: Path) -> None:
    bad = HEAD.replace("published: 2024-02", "published: last year").replace("  licence: CC0\n", "")
    (one, other) = told(read(put(tmp_path / "bad", {"a.yaml": bad})))
    assert one[:2] == ("a.yaml", 5)
    assert "'last year' is no date" in one[2]
    assert other == ("a.yaml", 1, "licence: Field required")
    assert told(read(put(tmp_path / "list", {"a.yaml": "dossier: [a]"})))[0][1:] == (
        1,
        "this is no record but a single word",
    )
    found = read_one(tmp_path / "none", "actors: [{id: A}]")
    assert {line for line, _ in found} == {1}
    assert any("there is no header" in words for *_, words in told(read(tmp_path / "none")))


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"sources:\n  a: {publisher: \xe9}\n", 2, "the file is not UTF-8"),
        ("sources:\n".encode("utf-16"), 1, "the file is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "the file is not UTF-8"),
        (b"PK\x03\x04\x00\x00", 1, "this is not YAML: unacceptable character #x0003"),
        ("# é\nactors:\n- {id: \x07}\n", 3, "this is not YAML: unacceptable character #x0007"),
        ("- a\n- b\n", 1, "the file holds no lists such as actors or relations"),
        ("\n\njust words\n", 3, "the file holds no lists such as actors or relations"),
        ("actors:\n\t- {id: a}\n", 2, "this is not YAML: found character that cannot start any token"),
        ("actors:\n  - id: a\n   kind: b\n", 3, "this is not YAML:"),
        ("actors: ['\n", 2, "this is not YAML: found unexpected end of stream"),
        ("actors:\n- {id: a, label: {en: A: B}}\n", 2, "this is not YAML:"),
        ("actors:\n- {id: a,\n  kind: [b}", 3, "this is not YAML:"),
        ("actors: [", 1, "this is not YAML:"),
        ("actors: []\n---\nactors: []\n", 2, "the file holds more than one document"),
        ("sources:\n  a: &x {publisher: A}\n  b: *x\n", 3, "*x is an alias: write it out, or in quotation marks"),
        ("actors:\n- &x [*x]\n", 2, "*x is an alias"),
        ("actors:\n- {note: *emphasis }\n", 2, "*emphasis is an alias"),
        ("actors: []\nrelations: []\nactors: []\n", 3, "actors is said twice"),
        ("sources:\n  a:\n    title: A\n    title: B\n", 4, "title is said twice"),
        ("actors:\n- {id: , id: a}\n", 2, "id is said twice"),
        ("sources: []\npeople: []\n", 2, "there is no list people; there are dossier, sources, actors"),
        ("<<: {actors: []}\n", 1, "there is no list <<"),
        ("? [a, b]\n: c\n", 1, "a list or a record is no key"),
        ("sources: []\nactors: {a: b}\n", 2, "actors is no list"),
        ("relations: none\n", 1, "relations is no list"),
        ("actors:\n- a\n", 2, "this is no record but a single word"),
        ("actors:\n- [a]\n", 2, "this is no record but a single word"),
        ("actors:\n-\n", 2, "this is no record but a single word"),
        ("sources:\n  a: b\n", 2, "this is no record but a single word"),
        ("sources:\n  a:\n", 2, "this is no record but a single word"),
        ("actors:\n- id: a\n  names: {text: A}\n", 3, "names is no list"),
        ("actors:\n- id: a\n  names:\n  - A\n", 4, "a name needs at least text"),
        ("actors:\n- id: a\n  names:\n  - {text: A}\n  - {lang: fr}\n", 5, "text: Field required"),
        ("relations:\n- subject: a\n  relation: knows\n  object: b\n", 3, "relation: Input should be 'member_of'"),
        ("actors:\n- id: A\n", 2, "id: String should match pattern"),
        ("actors:\n- id: a\n  label: {en: A}\n", 3, "label: the label needs words in en and in fr"),
        ("actors:\n- id: a\n  motto: x\n", 3, "motto: Extra inputs are not permitted"),
        ("actors:\n- {id: a,\n   cite: [{source: wire},\n    {where: p. 2}]}\n", 4, "cite.1.source: Field required"),
        ("figures:\n- value: many\n", 2, "value: Input should be a valid number"),
    ],
)
def test_whatever_is_wrong_is_told_with_its_line(tmp_path: Path, content: str | bytes, line: int, words: str) -> None:
    found = read_one(tmp_path, content)
    assert [at for at, said in found if said.startswith(words)] == [line], found


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"# nothing yet\n", b"---\n", b"~\n", b"{}\n", b"actors:\n"])
def test_an_empty_file_holds_nothing(tmp_path: Path, content: bytes) -> None:
    assert read_one(tmp_path, content) == []


def test_a_header_may_stand_in_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert told(read(put(tmp_path, {"a.yaml": HEAD + "[", "b.yaml": RECORDS}))) == [
        ("a.yaml", 15, "this is not YAML: could not find expected ':'")
    ]


def test_a_fault_of_one_file_hides_no_other(tmp_path: Path) -> None:
    written = read(put(tmp_path, a=b"\xff", z="actors:\n- b\n"))
    assert told(written) == [
        ("a.yaml", 1, "the file is not UTF-8"),
        ("z.yaml", 2, "this is no record but a single word"),
    ]
    assert len(written.records("actors")) == 11


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (put(tmp_path) / "huge.yaml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert told(read(tmp_path)) == [("huge.yaml", 1, "the file is larger than 20 MB")]


def test_of_a_thousand_faults_the_rest_is_counted(tmp_path: Path) -> None:
    found = read_one(tmp_path, "actors:\n" + "- a\n" * (MOST_FAULTS + 234))
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == (1, "234 more faults are not told")


BOMBS = {
    "brackets": b"actors: " + b"[" * 3000 + b"]" * 3000,
    "more-brackets": b"[" * 300_000,
    "braces": b"actors:\n- {a: " + b"{a: " * 100_000,
    "dashes": b"\n" + b"- " * 100_000,
    "keys": b"? " * 100_000,
    "laughs": b"a: &a [x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 123)),
    "words": b"actors:\n" + b"- {}\n" * 600_000,
}  # fmt: skip
SAID = {
    "brackets": (1, "this is not YAML: it is nested too deep"),
    "more-brackets": (1, "this is not YAML: it is nested too deep"),
    "braces": (2, "this is not YAML: it is nested too deep"),
    "dashes": (2, "this is not YAML: it is nested too deep"),
    "keys": (1, "this is not YAML: it is nested too deep"),
    "laughs": (2, "*a is an alias: write it out, or in quotation marks"),
    "words": (499_999, "the file holds more than 1,000,000 parts"),
}
CHILD = """
import pathlib, sys
from harmattan.dossier.files import read
for path in map(pathlib.Path, sys.argv[1:]):
    print(path.stem, *((fault.line, str(fault.what)) for fault in read(path).faults[:1]))
"""


def _narrow() -> None:
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def test_no_bomb_goes_off(tmp_path: Path) -> None:
    """In a process of its own, with two gigabytes and half a minute: nothing hangs, eats memory or ends the process."""
    put(tmp_path, {f"{name}.yaml": content for name, content in BOMBS.items()})
    paths = [str(tmp_path / f"{name}.yaml") for name in BOMBS]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *paths],
        capture_output=True, text=True, timeout=30, check=False, preexec_fn=_narrow if os.name == "posix" else None,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{name} {SAID[name]}" for name in BOMBS]


@LAW
@given(st.text(st.sampled_from("ab:- {}[],&*?|>'\"#%!~\n\t0é\x00")))
def test_no_text_is_a_crash(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    _faults_lie_in(tmp_path_factory.mktemp("any"), text)


@LAW
@given(st.integers(0, len(RECORDS)), st.integers(0, 9), st.sampled_from([*"{}[]:,-&*'\"\n\t", "from", "to: 1", " "]))
def test_no_slip_of_the_pen_is_a_crash(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, slipped: str
) -> None:
    _faults_lie_in(tmp_path_factory.mktemp("slip"), RECORDS[:at] + slipped + RECORDS[at + cut :])


def _faults_lie_in(folder: Path, text: str) -> None:
    lines = text.count("\n") + 1
    for fault in faults(read(put(folder, {"dossier.yaml": HEAD, "records.yaml": text}))):
        assert fault.file == "dossier.yaml" or 1 <= fault.line <= lines
        assert str(fault.what)
