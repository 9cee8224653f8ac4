"""Records to tables and back: nothing is lost, the contracts are kept, the same records give the same bytes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan import data
from harmattan.dossier.files import Entry, Written, read
from harmattan.dossier.records import LISTS
from harmattan.dossier.tables import TABLES, plain, records, tables
from harmattan.ingest import dossier_tables
from harmattan.vocabulary.dossier import CITATIONS, DOSSIER
from tests.dossier.conftest import by_list, layer, put

LAW = settings(derandomize=True, max_examples=60, deadline=None)
EMBEDDED = data.RELEASES / "dossier-sahel"


@pytest.fixture(scope="module", params=["valley", "sahel"])
def written(request: pytest.FixtureRequest) -> Written:
    """Both dossiers, one after the other."""
    found: Written = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def made(written: Written) -> dict[str, pa.Table]:
    """The tables of each."""
    return tables(written)


def row(rows: pa.Table, record: str) -> dict[str, Any]:
    (found,) = (one for one in rows.to_pylist() if one["record"] == record)
    return {key: value for key, value in found.items() if value not in (None, [])}


def test_records_come_back_from_tables(written: Written, made: dict[str, pa.Table]) -> None:
    found, sources = records(made)
    expected, known = layer(written)
    assert found == expected
    cited = {c.source for entries in expected.values() for record in entries for c in record.cite}
    assert sources == {key: source for key, source in known.items() if key in cited}
    assert sum(map(len, found.values())) > 50


def test_tables_keep_their_contracts_and_keys(made: dict[str, pa.Table]) -> None:
    assert set(made) == {contract.name for contract in DOSSIER}
    assert set(TABLES) == set(made) - {"citations"}
    for contract in DOSSIER:
        rows = made[contract.name]
        assert rows.schema.equals(contract.schema), contract.name
        rows.validate(full=True)
        keys = list(zip(*(rows[name].to_pylist() for name in contract.key), strict=True))
        assert len(set(keys)) == len(keys) > 0
        for column in contract.columns:
            assert column.nullable or rows[column.name].null_count == 0, (contract.name, column.name)
        if contract is not CITATIONS:
            assert keys == sorted(keys)


def test_the_same_records_give_the_same_bytes_in_any_order_and_come_back_from_them(
    written: Written, tmp_path: Path
) -> None:
    shuffled = {name: list(entries) for name, entries in written.entries.items()}
    for entries in shuffled.values():
        random.Random(7).shuffle(entries)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder, these in zip(folders, (written, replace(written, entries=shuffled)), strict=True):
        folder.mkdir()
        dossier_tables(these, folder)
    one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == other
    assert len(one) == len(DOSSIER)
    there = {path.stem: pq.read_table(path) for path in folders[0].iterdir()}
    assert records(there)[0] == by_list(written)


def test_the_columns_of_a_date_say_what_is_known(valley: Written) -> None:
    made = tables(valley)
    wing = row(made["relations"], "wing/part_of/front/2015-05/2015-09")
    assert wing == {
        "record": "wing/part_of/front/2015-05/2015-09",
        "subject": "wing",
        "relation": "part_of",
        "object": "front",
        "start": "2015-05/2015-09",
        "start_earliest": dt.date(2015, 5, 1),
        "start_latest": dt.date(2015, 9, 30),
        "end": "../2018",
        "end_latest": dt.date(2018, 12, 31),
        "status": "reported",
    }
    raid = row(made["milestones"], "mli-raid-2018")
    assert (raid["date_earliest"], raid["until_latest"]) == (dt.date(2018, 3, 2), dt.date(2018, 3, 5))


def test_what_a_row_says(valley: Written) -> None:
    made = tables(valley)
    base = row(made["presence"], "mission/MLI/Kidal/2013-12")
    assert (base["how_ended"], base["successor"], base["lat"], base["lon"]) == ("handed_over", "army", 18.44, 1.41)
    front = row(made["actors"], "front")
    assert front["note_en"] == "An editor's note: two\nlines"
    assert (front["as_written"], front["countries"], front["short"]) == ('said "no" & <left>', ["MLI", "BFA"], "FR")
    (rebels,) = (one for one in made["names"].to_pylist() if one["source"] == "acled")
    assert (rebels["actor"], rebels["text"], rebels["source_id"], rebels["area"]) == ("front", "Rebels", "0012", [])
    assert (rebels["end"], rebels["end_earliest"], rebels["end_latest"]) == ("2015-05/..", dt.date(2015, 5, 1), None)
    (area,) = (one["area"] for one in made["names"].to_pylist() if one["area"])
    assert area == [-5.5, 12, 0.25, 18]
    deaths = row(made["figures"], "deaths/BFA+MLI:Moura/army/2018-03-02..2018-03-05/wire/0.5")
    assert (deaths["low"], deaths["high"], deaths["qualifier"]) == (0, 1e6, "at_least")


def test_citations_are_numbered_and_say_what_the_source_is(valley: Written) -> None:
    cited = [one for one in tables(valley)["citations"].to_pylist() if one["record"] == "front"]
    assert [(one["list"], one["number"], one["source"], one["where"]) for one in cited] == [
        ("actors", 1, "gazette", "second paragraph"),
        ("actors", 2, "wire", None),
    ]
    assert cited[0]["title"] == "Who is, where"
    assert (cited[0]["published"], cited[0]["published_latest"]) == ("2016-06", dt.date(2016, 6, 30))
    assert (cited[0]["url"], cited[0]["language"], cited[1]["language"]) == ("https://example.org/a?b=é", "fr", "en")


def test_a_dossier_without_records_has_empty_tables() -> None:
    made = tables(Written())
    assert {name: rows.num_rows for name, rows in made.items()} == dict.fromkeys((*TABLES, "citations"), 0)
    assert records(made) == ({name: [] for name in TABLES}, {})


def test_a_record_in_plain_values_is_the_record_again(written: Written) -> None:
    for name in LISTS:
        for record in written.records(name):
            said = plain(record)
            assert type(record).model_validate(said) == record
            assert not {key for key, value in said.items() if value in (None, "", (), [])}


def test_plain_values_are_those_an_editor_writes(valley: Written) -> None:
    (mission,) = (record for record in valley.records("presence") if record.place == "Kidal")
    assert plain(mission, but=("cite", "lat", "lon")) == {
        "force": "mission",
        "country": "MLI",
        "place": "Kidal",
        "from": "2013-12",
        "to": "2023-10-31",
        "end": "handed_over",
        "successor": "army",
    }
    assert plain(valley.records("figures")[0])["value"] == 13289
    assert plain(valley.records("milestones")[1])["id"] == "mission-leaves"


words = st.text(min_size=1, max_size=8).filter(lambda text: text.encode("utf-8", "ignore").decode() == text)
urls = st.from_regex(r"https?://[a-z0-9./?=é-]{1,12}", fullmatch=True)
days = st.sampled_from([None, "2016", "2016-02", "2016-02-29", "../2016-03", "2015/..", "2015-11/2016-01-02"])
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: value + 0.0)


@LAW
@given(st.data())
def test_no_words_and_no_gaps_are_lost_on_the_way(drawn: st.DataObject) -> None:
    draw = drawn.draw
    said = {
        "status": draw(st.sampled_from(["asserted", "reported", "disputed"])),
        "as_written": draw(words | st.none()),
    }
    said["note"] = draw(st.none() | st.dictionaries(st.sampled_from(["en", "fr"]), words, min_size=1))
    said["cite"] = [{"source": draw(st.sampled_from("ab")), "where": draw(st.just("") | words)} for _ in range(2)]
    span = {"from": "2014", "to": draw(days)} if draw(st.booleans()) else {"from": draw(days)}
    label = {"en": draw(words), "fr": draw(words)}
    area = draw(st.none() | st.tuples(numbers, numbers, numbers, numbers))
    value = draw(numbers)
    plains: dict[str, dict[str, Any]] = {
        "sources": {"key": "a", "publisher": draw(words), "title": draw(words), "date": "2020", "url": draw(urls)},
        "actors": {"id": "x", "kind": "militia", "label": label, "short": draw(words | st.none()),
                   "short_in_french": draw(words | st.none())} | said | span,
        "names": {"actor": "x", "text": draw(words), "area": area, "source": draw(words | st.none()), **span}
        | {"cite": said["cite"]},
        "relations": {"subject": "x", "relation": "part_of", "object": "y"} | said | span,
        "presence": {"force": "x", "country": "MLI", "place": draw(words), "lat": draw(st.floats(-90, 90) | st.none())}
        | said | span,
        "milestones": {"id": "m", "kind": "coup", "date": draw(days.filter(bool)), "title": label, "by": ["x"]} | said,
        "figures": {"indicator": "idps", "countries": ["MLI"], "as_of": draw(days.filter(bool)), "value": value,
                    "low": draw(st.none() | st.just(value)), "place": draw(words | st.none())} | said,
    }  # fmt: skip
    written = Written()
    for name, made in plains.items():
        written.entries[name].append(Entry(LISTS[name].model_validate(made), "a.yaml", 1))
    other = plains["sources"] | {"key": "b", "date": draw(days.filter(bool))}
    written.entries["sources"].append(Entry(LISTS["sources"].model_validate(other), "a.yaml", 2))
    found, sources = records(tables(written))
    assert found == by_list(written)
    assert set(sources.values()) <= set(written.records("sources"))


def test_the_release_of_the_package_is_what_its_dossier_compiles_to(sahel: Written) -> None:
    assert sahel.header is not None
    made, folder = tables(sahel), EMBEDDED / sahel.header.release
    assert [path.name for path in EMBEDDED.iterdir()] == [sahel.header.release]
    assert {path.stem for path in folder.glob("*.parquet")} == set(made)
    stale = [name for name, rows in made.items() if not pq.read_table(folder / f"{name}.parquet").equals(rows)]
    assert stale == [], "make the release again: harmattan embed dossier"


def test_a_record_of_which_two_lists_speak_is_cited_by_list(tmp_path: Path) -> None:
    text = """
sources: {a: {publisher: A, title: A, date: 2020}, b: {publisher: B, title: B, date: 2021}}
actors: [{id: x, kind: militia, label: {en: X, fr: X}, cite: [{source: a}]}]
milestones: [{id: x, kind: coup, date: 2020, title: {en: X, fr: X}, cite: [{source: b}]}]
"""
    found, _ = records(tables(read(put(tmp_path, {"a.yaml": text}))))
    assert [[c.source for c in found[name][0].cite] for name in ("actors", "milestones")] == [["a"], ["b"]]
