"""The table of pseudonyms: each account has its own whatever it collides with, however long and however many."""

from __future__ import annotations

import hmac
import random

import numpy as np
import pyarrow as pa
import pytest

from harmattan.sources import posts_accounts
from harmattan.sources.posts_accounts import LONGEST, Table
from harmattan.sources.posts_masks import Known

KEY = b"a key for the tests, 32 bytes..."
ODD = [
    "",
    "a",
    "a\0",
    "\0",
    "é",
    "用户",
    "a" * LONGEST,
    "a" * (LONGEST + 1),
    "b" * LONGEST,
    "用" * 13,
    "用" * 14,
    "A",
    " a",
]


def pseudonyms(*accounts: str | None) -> list[str | None]:
    """By the standard library, one by one."""
    made = [None if one is None else hmac.digest(KEY, f"x\x1f{one}".encode(), "sha256").hex()[:32] for one in accounts]
    return [None if one is None else f"acct-{one}" for one in made]


def test_accounts_have_their_hmac_however_odd_and_however_often_they_come() -> None:
    known, draw = Known(KEY, "x"), random.Random(3)
    for _batch in range(20):
        accounts = [draw.choice([*ODD, None, *map(str, range(900))]) for _ in range(700)]
        assert known.column(pa.array(accounts, pa.string())).to_pylist() == pseudonyms(*accounts)


def test_a_slice_and_an_empty_column_are_columns_too() -> None:
    known, accounts = Known(KEY, "x"), pa.array([None, *ODD, "last"])
    assert known.column(accounts.slice(3, 5)).to_pylist() == pseudonyms(*accounts.slice(3, 5).to_pylist())
    assert known.column(accounts.slice(0, 1)).to_pylist() == [None]
    assert known.column(accounts.slice(0, 0)).to_pylist() == []


def test_accounts_that_fall_into_one_slot_keep_their_own_pseudonyms(monkeypatch: pytest.MonkeyPatch) -> None:
    last = (1 << posts_accounts.SLOT_BITS) - 1
    monkeypatch.setattr(Table, "_first_slots", lambda _table, words: np.full(len(words), last, np.int64))
    known = Known(KEY, "x")
    for accounts in (["a", "b", "c"], ["d", "b", "e", "a"], ["c", "f"]):
        assert known.column(pa.array(accounts)).to_pylist() == pseudonyms(*accounts)


def test_the_table_begins_anew_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts_accounts, "MOST", 50)
    monkeypatch.setattr(posts_accounts, "SLOT_BITS", 7)
    known, draw = Known(KEY, "x"), random.Random(5)
    for many in (30, 40, 49, 50, 51, 170, 3):
        accounts = [str(draw.randrange(400)) for _ in range(many)]
        assert known.column(pa.array(accounts)).to_pylist() == pseudonyms(*accounts)


def test_an_account_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    before = Known._pseudonyms

    def noted(known: Known, accounts: list[str]) -> list[str]:
        hashed.extend(accounts)
        return list(before(known, accounts))

    monkeypatch.setattr(Known, "_pseudonyms", noted)
    known = Known(KEY, "x")
    for accounts in (["a", "b", "a"], ["b", "c"], ["c", "a"]):
        known.column(pa.array(accounts))
    assert sorted(hashed) == ["a", "b", "c"]
