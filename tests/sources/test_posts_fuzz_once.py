"""Broken bytes: one clear line or a whole reading, never anything else, and nothing left behind."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError
from harmattan.sources.posts import read
from harmattan.sources.reading import Options
from tests.sources import posts_exports as made

OPTIONS = Options(published=dt.date(2024, 5, 1), pseudonym_key=made.KEY)
Damage = tuple[str, int, bytes]
DAMAGES = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "remove"]),
        st.integers(0, 10_000),
        st.one_of(
            st.binary(min_size=1, max_size=6), st.sampled_from([b'"', b"\n", b"\r", b"[", b"{", b"}", b"\0", b","])
        ),
    ),
    min_size=1,
    max_size=4,
)


def damaged(data: bytes, damages: list[Damage]) -> bytes:
    for kind, place, more in damages:
        at = place % (len(data) + 1)
        if kind == "cut":
            data = data[:at]
        elif kind == "insert":
            data = data[:at] + more + data[at:]
        elif kind == "remove":
            data = data[:at] + data[at + len(more) :]
        else:
            data = data[:at] + bytes([data[at] ^ (more[0] or 1)]) + data[at + 1 :] if at < len(data) else data
    return data


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(damages=DAMAGES)
def test_broken_bytes_give_one_clear_line_or_posts(layout: str, damages: list[Damage]) -> None:
    name, make = made.EXPORTS[layout]
    with tempfile.TemporaryDirectory() as folder:
        path, into = Path(folder) / name, Path(folder) / "into"
        path.write_bytes(damaged(make(3), damages))
        into.mkdir()
        said = None
        try:
            reading = read([path], into, OPTIONS)
        except HarmattanError as fault:
            said = str(fault)
        left = sorted(file.name for file in into.iterdir())
        if said is not None:
            assert (left, "\n" in said) == ([], False)
        else:
            assert left == ["posts.parquet", "rejects.parquet"]
            assert reading.rows + reading.rejects > 0
