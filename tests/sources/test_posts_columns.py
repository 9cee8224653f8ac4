"""The words of an export one by one: lists, blanks around them, times. Common ones go a shorter way to the same end."""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from harmattan.sources import posts_columns, posts_pseudonyms
from harmattan.sources.engine import engine, literal
from harmattan.sources.posts import _taken
from harmattan.sources.posts_files import LAYOUTS, Export

BLANK = "\u00a0"
LISTED = {
    "a,b": ["a", "b"],
    "a, b": ["a", "b"],
    f"a{BLANK},b": ["a", "b"],
    "a,\tb": ["a", "b"],
    ",a": ["a"],
    "a,": ["a"],
    "a,,b": ["a", "b"],
    ",": [],
    "[a,b]": ["a", "b"],
    "a,b]": ["a", "b"],
    "['a,b', 'c']": ["a,b", "c"],
    "one": ["one"],
    f" one{BLANK}": ["one"],
    "[]": [],
    "": [],
    "nan": [],
}
LINKS = {
    "https://a.org/1,2": ["https://a.org/1,2"],
    "https://a.org/1,2, https://b.org": ["https://a.org/1,2", "https://b.org"],
    "https://a.org/1,": ["https://a.org/1"],
    "https://a.org/1,\nhttps://b.org": ["https://a.org/1", "https://b.org"],
    ",https://a.org": [",https://a.org"],
}


def made(folder: Path, macro: str, *values: str) -> list[Any]:
    """What a macro makes of texts."""
    rows = ", ".join(f"({place}, {literal(value)})" for place, value in enumerate(values))
    with engine(folder) as duck:
        posts_pseudonyms.define(duck, None)
        posts_columns.define(duck, None)
        found = duck.rows(f"SELECT {macro} FROM (VALUES {rows}) AS said(place, x) ORDER BY place")
    return [row[0] for row in found]


@pytest.mark.parametrize(("macro", "said"), [("listed(x)", LISTED), ("links(x)", LINKS)])
def test_lists_are_split_where_they_are(macro: str, said: dict[str, list[str]], tmp_path: Path) -> None:
    assert made(tmp_path, macro, *said) == list(said.values())


def test_any_list_with_commas_is_what_splitting_and_trimming_makes_of_it(tmp_path: Path) -> None:
    draw = random.Random(11)
    said = ["".join(draw.choices(["a", "é", ",", ",", " ", BLANK, "\t", "\n", "]"], k=6)) for _ in range(400)]
    expected = []
    for words in said:
        inner = re.sub(r"^\[|\]\Z", "", blanks_off(words)) if "," in words else words
        parts = re.split(r",[\t\n\f\r ]*", inner) if "," in words else [inner]
        trimmed = [blanks_off(part) for part in parts]
        expected.append([part for part in trimmed if part] if "," in words else trimmed)
    assert made(tmp_path, "listed(x)", *said) == expected


def blanks_off(words: str) -> str:
    """Without the blanks around it, of which Unicode has several; a tab is none."""
    blanks = "".join(sign for sign in words if unicodedata.category(sign) == "Zs")
    return words.strip(blanks) if blanks else words


def test_trimmed_takes_off_every_blank_there_is(tmp_path: Path) -> None:
    blanks = [chr(code) for code in range(0x3100) if unicodedata.category(chr(code)) == "Zs"]
    said = [f"{blank}x{blank}" for blank in blanks] + ["\tx", "x\n", "é", "x", "a b"]
    assert len(blanks) > 10
    assert made(tmp_path, "trimmed(x)", *said) == ["x"] * len(blanks) + ["\tx", "x\n", "é", "x", "a b"]


def test_times_as_numbers_and_in_words_are_told_apart(tmp_path: Path) -> None:
    at = dt.datetime(2023, 11, 14, 22, 13, 20)
    said = {
        "1700000000": (at, False),
        "1700000000000": (at, False),
        "1.7e9": (at, False),
        "+1700000000": (None, False),
        "2023-11-14 22:13:20": (at, True),
        "2023-11-14T22:13:20Z": (at, False),
        "2023-11-14 17:13:20 EST": (at, False),
        "Tue Nov 14 22:13:20 +0000 2023": (at, False),
        "nan": (None, False),
        "yesterday": (None, False),
    }
    number = "TRY_CAST(x AS DOUBLE)"
    zoneless = made(tmp_path, f"zoneless(x, {number})", *said)
    moments = made(tmp_path, f"moment(x, {number}, zoneless(x, {number}))", *said)
    assert list(zip(moments, zoneless, strict=True)) == list(said.values())


def test_what_is_noted_of_a_batch_does_not_keep_it_in_memory(tmp_path: Path) -> None:
    """The numbers of rows that were taken are kept to the end; a view of them would keep every batch whole."""
    places = np.arange(1, 101)
    kept, export = weakref.ref(places), Export(tmp_path / "x.csv", "x.csv", LAYOUTS[0], (), "rows")
    batch = pa.RecordBatch.from_pydict(
        {"place": places, "reason": pa.nulls(100, pa.string()), "skipped": [False] * 100, "post_id": ["a"] * 100}
    )
    del places
    assert kept() is not None
    _taken(export, batch)
    del batch
    assert kept() is None
    assert export.places[0].tolist() == list(range(1, 101))
