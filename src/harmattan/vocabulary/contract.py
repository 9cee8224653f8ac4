"""What a contract is: a table's columns with type, unit and meaning, and its key. Checked once, at the border."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from harmattan.errors import LakeError
from harmattan.text import T, Verbatim, listing


@dataclass(frozen=True)
class Column:
    """One column of a contract."""

    name: str
    type: pa.DataType
    description: str
    unit: str = ""
    nullable: bool = True
    later: bool = False
    """Whether the column joined the contract later: releases made before that lack it, and it is read as empty."""

    def __post_init__(self) -> None:
        if self.later and not self.nullable:
            raise ValueError(f"{self.name} joined later and so must be nullable")


@dataclass(frozen=True)
class Contract:
    """A table's columns, in order, and its key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; nullability is part of it."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return [column.name for column in self.columns]

    @property
    def first(self) -> Contract:
        """The contract without the columns that joined it later: what a source that has none of them writes."""
        return Contract(self.name, tuple(column for column in self.columns if not column.later), self.key)

    def faults(self, schema: pa.Schema) -> list[str]:
        """Every way in which a table's schema differs from this contract (names, types, order)."""
        found = {field.name: field.type for field in schema}
        missing = [f"{c.name} is missing" for c in self.columns if c.name not in found and not c.later]
        extra = [f"{name} is not in the contract" for name in found if name not in self.names]
        typed = [
            f"{c.name} is {found[c.name]}, not {c.type}"
            for c in self.columns
            if c.name in found and found[c.name] != c.type
        ]
        twice = [f"{name} is there more than once" for name in found if schema.names.count(name) > 1]
        there = [name for name in self.names if name in found]
        other_order = not (missing or extra or twice) and list(schema.names) != there
        return missing + extra + typed + twice + (["the columns stand in another order"] if other_order else [])

    def check(self, schema: pa.Schema, where: str) -> None:
        """Raises LakeError listing every fault."""
        faults = self.faults(schema)
        if faults:
            raise LakeError(
                T(
                    "{where} breaks the contract of {table}: {faults}.",
                    where=Verbatim(where),
                    table=Verbatim(self.name),
                    faults=listing([Verbatim(f) for f in faults]),
                )
            )
