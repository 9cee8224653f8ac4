"""A lake that stands still is looked at once; otherwise whatever comes or is changed is seen at once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from harmattan.lake import shelf
from harmattan.lake.select import select
from harmattan.lake.shelf import RELEASE_FILE, Lake, Still, standing_still
from tests.lake.factory import event, lake_in, put


def names(lake: Lake) -> list[str]:
    return [held.release.name for held in select(lake, "events")]


def test_a_release_that_comes_meanwhile_is_seen_afterwards(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("a")])
    with standing_still():
        assert names(lake) == ["made-up@1"]
        put(lake, "2", [event("b")])
        assert names(lake) == ["made-up@1"]
        with standing_still():
            assert names(lake) == ["made-up@1"], "what was seen around it stands"
    assert sorted(names(lake)) == ["made-up@1", "made-up@2"]
    with standing_still():
        assert sorted(names(lake)) == ["made-up@1", "made-up@2"]


def test_what_is_found_is_found_once_for_what_was_seen(tmp_path: Path) -> None:
    lake, other, found = lake_in(tmp_path / "one"), lake_in(tmp_path / "other"), []

    def work() -> int:
        found.append(len(found))
        return found[-1]

    seen = Still()
    for _ in range(2):
        with standing_still(seen):
            assert lake.meanwhile("key", work) == 0
    with standing_still(seen):
        assert (lake.meanwhile("another", work), other.meanwhile("key", work)) == (1, 2)
    with standing_still():
        assert lake.meanwhile("key", work) == 3
    assert (lake.meanwhile("key", work), lake.meanwhile("key", work)) == (4, 5)


def test_what_is_found_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_FOUND", 3)
    lake, seen = lake_in(tmp_path), Still()
    with standing_still(seen):
        assert [lake.meanwhile(n, lambda n=n: n) for n in range(10)] == list(range(10))  # type: ignore[misc]
    assert len(seen.found) <= 3


def test_a_choice_that_is_changed_is_not_what_is_kept(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("a")])
    with standing_still():
        select(lake, "events").clear()
        assert names(lake) == ["made-up@1"]


def test_what_a_release_says_is_read_again_when_it_looks_different(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("a")])
    (held,) = lake.releases()
    file = held.path / RELEASE_FILE
    said = json.loads(file.read_bytes())
    for title in ("Once", "Then"):  # as long as each other
        said["origin"]["title"] = title
        file.unlink()
        file.write_text(json.dumps(said))
        os.utime(file, ns=(1, 1 if title == "Once" else 2))
        (held,) = lake.releases()
        assert held.release.origin.title == title
