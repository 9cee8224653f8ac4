"""Contracts list every fault at once."""

from __future__ import annotations

import pyarrow as pa
import pytest

from harmattan.errors import LakeError
from harmattan.vocabulary.schema import CELLS, CONTRACTS, DATE_PRECISION, EVENTS, LOCATED, WHERE_PRECISION


def test_a_contract_keeps_itself() -> None:
    for name, contract in CONTRACTS.items():
        assert contract.name == name
        assert contract.faults(contract.schema) == []
        assert len(set(contract.names)) == len(contract.names)
        assert set(contract.key) <= set(contract.names)
        assert all(column.description for column in contract.columns)


def test_every_fault_is_listed() -> None:
    schema = pa.schema([("cell", pa.int32()), ("land_share", pa.float64()), ("more", pa.string())])
    with pytest.raises(LakeError) as caught:
        CELLS.check(schema, "cells.parquet")
    assert str(caught.value) == (
        "cells.parquet breaks the contract of cells: iso3 is missing, more is not in the contract and "
        "cell is int32, not int64."
    )


def test_order_and_repetition_are_faults() -> None:
    schema = CELLS.schema
    assert CELLS.faults(pa.schema(list(schema)[::-1])) == ["the columns stand in another order"]
    assert CELLS.faults(pa.schema([*schema, schema.field("cell")])) == ["cell is there more than once"]


def test_nullability_is_not_asked_of_what_is_read() -> None:
    assert CELLS.faults(pa.schema([field.with_nullable(True) for field in CELLS.schema])) == []
    assert not CELLS.schema.field("cell").nullable


def test_every_precision_has_a_meaning_and_is_named_in_the_description() -> None:
    described = {column.name: column.description for column in EVENTS.columns}
    assert set(LOCATED) < set(WHERE_PRECISION)
    assert all(meaning and name in described["where_precision"] for name, meaning in WHERE_PRECISION.items())
    assert all(meaning and name in described["date_precision"] for name, meaning in DATE_PRECISION.items())
