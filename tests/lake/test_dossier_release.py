"""A dossier as a release: taken whole or not at all, its YAML kept, its label and digest its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from harmattan import embed
from harmattan.dossier.files import Written, read
from harmattan.dossier.release import coverage, dataset_of, origin
from harmattan.dossier.tables import records, tables
from harmattan.errors import LakeError, UsageError, WrongFile
from harmattan.ingest import ingest_dossier
from harmattan.lake.publish import Published
from harmattan.lake.shelf import Lake, release_digest
from harmattan.lake.verify import verify
from harmattan.vocabulary.dossier import CITATIONS, DOSSIER
from tests.dossier.conftest import FILES, HEAD, RECORDS, by_list, put
from tests.lake.factory import day, lake_in
from tests.lake.test_publish import snapshot

OTHER = """
dossier:
  name: other
  title: {en: Another, fr: Un autre}
  release: "2024.1"
  published: 2024-03-05
  publisher: Somebody
  licence: All rights reserved
  licence_url: https://example.org/closed
  citation: Somebody (2024)
sources: {web: {publisher: Web, title: A page, date: 2024}}
actors: [{id: rescue, kind: militia, label: {en: Rescue, fr: Secours}, cite: [{source: web}]}]
"""
OVER = "relations: [{subject: rescue, relation: part_of, object: front, cite: [{source: web}]}]\n"


def take(
    lake: Lake, path: Path, label: str | None = None, published: str | None = None, retrieved: dt.datetime | None = None
) -> Published:
    return ingest_dossier(
        lake, path, label=label, published=day(published) if published else None, retrieved_at=retrieved
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_in(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path / "valley")


def test_a_dossier_is_a_release_like_any_other(lake: Lake, folder: Path) -> None:
    retrieved = dt.datetime(2024, 4, 1, 12, tzinfo=dt.UTC)
    done = take(lake, folder, retrieved=retrieved)
    assert done.new
    (held,) = lake.releases("dossier-valley")
    release = held.release
    assert release == done.held.release
    assert (release.name, release.status, release.origin.contract) == ("dossier-valley@2024.1", "curated", "dossier")
    assert (release.published, release.published_basis) == (day("2024-02-01"), "the dossier's header says so")
    assert release.retrieved_at == retrieved
    assert (release.origin.title, release.origin.citation) == (
        "The valley: a dossier",
        "Nobody (2024). The valley, a dossier",
    )
    assert release.origin.licence.redistributable
    assert lake.find("2024.1") == lake.find(release.digest[:12]) == held
    assert [verdict.faults for verdict in verify(lake)] == [()]
    assert list(lake.staging.iterdir()) == []


def test_its_tables_are_its_records(lake: Lake, folder: Path) -> None:
    held = take(lake, folder).held
    there = {contract.name: pq.read_table(held.file(contract.name)) for contract in DOSSIER}
    assert records(there)[0] == by_list(read(folder))
    for contract in DOSSIER:
        assert contract.faults(there[contract.name].schema) == []
    assert held.release.rows == sum(rows.num_rows for name, rows in there.items() if name != CITATIONS.name)
    assert {file.path: file.rows for file in held.release.files} == {
        f"{name}.parquet": rows.num_rows for name, rows in there.items()
    }


def test_its_digest_is_that_of_its_tables_and_its_name(lake: Lake, folder: Path, tmp_path: Path) -> None:
    release = take(lake, folder).held.release
    assert release.digest == release_digest("dossier-valley", release.files)
    again = take(lake_in(tmp_path / "elsewhere"), folder, "another").held.release
    assert (again.digest, again.label) == (release.digest, "another")
    renamed = put(tmp_path / "renamed", FILES | {"dossier.yaml": HEAD.replace("name: valley", "name: hills")})
    other = take(lake, renamed).held.release
    assert other.digest != release.digest
    assert [file.sha256 for file in other.files] == [file.sha256 for file in release.files]
    assert embed.write(embed.dossier(folder), tmp_path / "made").digest == release.digest


def test_the_editors_bytes_are_kept(lake: Lake, folder: Path) -> None:
    held = take(lake, folder).held
    assert {file.path: file.sha256 for file in held.release.raw} == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()
    }
    for file in held.release.raw:
        kept = (held.path / "raw" / file.sha256).read_bytes()
        assert kept == FILES[file.path].encode()
        assert len(kept) == file.bytes
    assert len(list((held.path / "raw").iterdir())) == 2


def test_the_same_again_changes_nothing(lake: Lake, folder: Path) -> None:
    first = take(lake, folder, retrieved=dt.datetime(2024, 4, 1, tzinfo=dt.UTC))
    before = snapshot(lake.home)
    again = take(lake, folder, retrieved=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    assert (first.new, again.new) == (True, False)
    assert again.held.release == first.held.release
    put(folder, {"records.yaml": "# a remark\n" + RECORDS})
    assert not take(lake, folder).new
    assert snapshot(lake.home) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value: 13289,", "value: 13290,", "with other rows"),
        ("where: p. 2", "where: p. 3", "with other rows"),
        ('status: reported, cite: [{source: wire}]}\n', 'cite: [{source: wire}]}\n', "with other rows"),
        ("published: 2024-02", "published: 2024-03", "another coverage, date, status or origin"),
    ],
    ids=["value", "citation", "status", "published"],
)  # fmt: skip
def test_another_content_under_a_taken_label_is_refused(
    lake: Lake, folder: Path, old: str, new: str, words: str
) -> None:
    take(lake, folder)
    before = snapshot(lake.home)
    changed = {name: text.replace(old, new) for name, text in FILES.items()}
    assert changed != FILES
    put(folder, changed)
    with pytest.raises(LakeError, match=rf"dossier-valley@2024\.1 is already in the lake .*{words}.*--release"):
        take(lake, folder)
    assert snapshot(lake.home) == before
    assert take(lake, folder, "2024.2").new
    assert [held.release.label for held in lake.releases("dossier-valley")] == ["2024.1", "2024.2"]
    assert all(verdict.faults == () for verdict in verify(lake))


def test_what_the_user_says_goes_before_the_header(lake: Lake, folder: Path) -> None:
    release = take(lake, folder, "draft", "2024-02-20").held.release
    assert (release.label, release.published) == ("draft", day("2024-02-20"))
    assert release.published_basis == "the user says so"


@pytest.mark.parametrize("label", ["", "../up", "a b", "x" * 81])
def test_a_label_that_is_no_folder_is_refused(lake: Lake, folder: Path, label: str) -> None:
    with pytest.raises(UsageError, match="cannot be a label"):
        take(lake, folder, label)
    put(folder, {"dossier.yaml": HEAD.replace('"2024.1"', f'"{label} "')})
    with pytest.raises((UsageError, WrongFile), match="cannot be a label"):
        take(lake, folder)
    assert lake.releases() == []
    assert snapshot(lake.home) == {}


def test_a_dossier_with_faults_leaves_the_lake_as_it_was(lake: Lake, folder: Path, tmp_path: Path) -> None:
    take(lake, folder)
    before = snapshot(lake.home)
    broken = put(tmp_path / "broken", a="relations: [{subject: x, relation: part_of, object: y}]\n", b=b"\xff")
    with pytest.raises(WrongFile) as caught:
        take(lake, broken, "2024.2")
    said = str(caught.value)
    assert said.startswith("The dossier has 4 faults, the first in a.yaml:1: there is no actor x. ")
    assert said.endswith("Say harmattan dossier check to see all of them.")
    assert "\n" not in said
    assert snapshot(lake.home) == before
    assert list(lake.staging.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.yaml": ""}, "there is no header"),
        ({"a.yaml": HEAD + "["}, r"1 fault, the first in a.yaml:15: this is not YAML"),
        (FILES | {"b.yaml": OTHER}, "there are two headers"),
        (FILES | {"records.yaml": RECORDS + "people: []\n"}, "there is no list people"),
    ],
    ids=["empty", "no YAML", "two headers", "unknown list"],
)
def test_nothing_of_a_faulty_dossier_is_taken(lake: Lake, tmp_path: Path, files: dict[str, str], words: str) -> None:
    with pytest.raises(WrongFile, match=words):
        take(lake, put(tmp_path / "broken", files))
    assert snapshot(lake.home) == {}


def test_there_is_no_such_folder(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="There is no dossier in"):
        take(lake, tmp_path / "nowhere")
    assert not lake.home.exists()


def test_two_dossiers_stand_side_by_side(lake: Lake, folder: Path, tmp_path: Path) -> None:
    first = take(lake, folder).held
    file = put(tmp_path / "other", {"other.yaml": OTHER}) / "other.yaml"
    second = take(lake, file).held
    assert [held.release.name for held in lake.releases()] == ["dossier-other@2024.1", "dossier-valley@2024.1"]
    assert first.release.digest != second.release.digest
    assert not second.release.origin.licence.redistributable
    assert second.release.coverage.places == ()
    assert [verdict.faults for verdict in verify(lake)] == [(), ()]
    assert not take(lake, folder).new
    assert not take(lake, file).new


def test_a_dossier_may_speak_of_those_that_one_in_the_lake_has(lake: Lake, folder: Path, tmp_path: Path) -> None:
    other = put(tmp_path / "other", {"other.yaml": OTHER + OVER})
    with pytest.raises(WrongFile, match="there is no actor front"):
        take(lake, other)
    assert lake.releases() == []
    take(lake, folder)
    assert take(lake, other).new
    assert [verdict.faults for verdict in verify(lake)] == [(), ()]


def test_a_dossier_may_not_lean_on_its_own_earlier_release(lake: Lake, folder: Path) -> None:
    take(lake, folder)
    put(folder, {"records.yaml": RECORDS.replace("id: herders, ", "id: shepherds, ").replace('"2024.1"', '"2024.2"')})
    put(
        folder,
        {"then.yaml": "relations: [{subject: army, relation: supports, object: herders, cite: [{source: wire}]}]"},
    )
    with pytest.raises(WrongFile, match=r"1 fault, the first in then\.yaml:1: there is no actor herders"):
        take(lake, folder, "2024.2")


def test_damage_to_a_dossier_is_found(lake: Lake, folder: Path) -> None:
    held = take(lake, folder).held
    table = pq.read_table(held.file("actors")).slice(1)
    pq.write_table(table, held.file("actors"))
    kept = next((held.path / "raw").iterdir())
    kept.write_bytes(kept.read_bytes() + b"# a remark\n")
    (verdict,) = verify(lake)
    assert sorted(map(str, verdict.faults)) == sorted(["actors.parquet has changed", f"raw/{kept.name} has changed"])


def test_what_a_dossier_covers(folder: Path) -> None:
    valley = read(folder)
    found = coverage(valley)
    assert found.places == ("BFA", "MLI", "NER")
    assert (found.start, found.end) == (day("1975-05-28"), day("2023-12-31"))
    assert found.dimensions == ()
    empty = coverage(Written(header=valley.header))
    assert (empty.places, empty.start, empty.end) == ((), day("2024-02-01"), day("2024-02-01"))
    assert tables(Written())["actors"].num_rows == 0


@pytest.mark.parametrize(
    ("licence", "handed_on"),
    [
        ("CC0", True),
        ("CC0-1.0", True),
        ("CC BY 4.0", True),
        ("CC-BY-4.0", True),
        ("cc by-sa 4.0", True),
        ("ODC-By 1.0", True),
        ("ODbL-1.0", True),
        ("PDDL", True),
        ("CC BY-NC 4.0", False),
        ("CC-BY-ND-4.0", False),
        ("All rights reserved", False),
        ("Not CC0", False),
        ("MIT", False),
    ],
)
def test_what_may_be_handed_on_is_known_by_the_licence(folder: Path, licence: str, handed_on: bool) -> None:
    header = read(folder).header
    assert header is not None
    made = origin(header.model_copy(update={"licence": licence}))
    assert made.licence.redistributable is handed_on
    assert (made.licence.name, made.dataset, made.publisher) == (licence, "dossier-valley", "Nobody")


def test_the_data_set_of_a_dossier() -> None:
    assert (dataset_of("valley"), dataset_of("dossier-valley")) == ("dossier-valley", "dossier-valley")
