"""Sums of numbers with fractions: the same bytes in whatever order an engine comes upon them."""

from __future__ import annotations

import random

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.measures.stocks import added


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1e8), min_size=2, max_size=40), st.randoms(use_true_random=False))
def test_a_sum_does_not_depend_on_the_order(values: list[float], chance: random.Random) -> None:
    turned = chance.sample(values, len(values))
    engine = ibis.duckdb.connect()
    found = {engine.execute(added(ibis.memtable({"value": listed}).value)) for listed in (values, turned)}
    assert len(found) == 1
    assert abs(found.pop() - sum(values)) < 1e-3
