"""What is kept: whole or not at all, never believed where it is damaged, and no error where nothing can be written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harmattan.lake import kept
from harmattan.lake.kept import FOLDER, keep, key_of, recall


@pytest.fixture(autouse=True)
def share_draws() -> None:
    """Here every home keeps its own draws, as a user's does."""


ARRAYS = {"draws": np.arange(24, dtype=np.float32).reshape(2, 3, 4), "names": np.array(["MLI", "NER"])}


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    key = key_of(["x"])
    assert recall(tmp_path, key) is None
    assert keep(tmp_path, key, ARRAYS)
    found = recall(tmp_path, key)
    assert found is not None
    assert set(found) == set(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [f"{key}.npz"], "nothing half-written stays"


def test_the_same_arrays_are_the_same_bytes(tmp_path: Path) -> None:
    for home in ("one", "other"):
        keep(tmp_path / home, "k", ARRAYS)
    one, other = ((tmp_path / home / FOLDER / "k.npz").read_bytes() for home in ("one", "other"))
    assert one == other


def test_the_key_is_of_values_and_arrays() -> None:
    base = key_of(["forecast", 12], [np.zeros(3)])
    others = [key_of(["forecast", 11], [np.zeros(3)]), key_of(["forecast", 12], [np.ones(3)]),
              key_of(["forecast", 12], [np.zeros(3, np.float32)]), key_of(["forecast", 12], [np.zeros((3, 1))]),
              key_of(["forecast", 12])]  # fmt: skip
    assert len({base, *others}) == 6
    assert base == key_of(["forecast", 12], [np.zeros(3)])


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut off", None])
def test_a_damaged_file_is_as_none(tmp_path: Path, damage: bytes | None) -> None:
    keep(tmp_path, "k", ARRAYS)
    path = tmp_path / FOLDER / "k.npz"
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    assert recall(tmp_path, "k") is None
    assert keep(tmp_path, "k", ARRAYS)
    assert recall(tmp_path, "k") is not None


def test_a_home_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("a file where a folder should be", encoding="utf-8")
    assert not keep(home, "k", ARRAYS)
    assert recall(home, "k") is None


def test_of_too_many_those_written_first_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_FILES", 2)
    for key in "abc":
        keep(tmp_path, key, {"x": np.zeros(1)})
    assert sorted(path.stem for path in (tmp_path / FOLDER).glob("*.npz")) == ["b", "c"]
