"""What a measure gives of some tables: its expression is put together once, and asked of any with the same columns.

Ibis needs longer to put an expression together than the engine to answer it, and questions ask the same measures of
other countries and days. So of each measure the SQL is kept with its tables left open: they come before it by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa

from harmattan.lake.engine import Engine

Table = Any
Measure = Callable[..., Any]
MOST_FORMS = 500
"""So many are kept; then they are begun anew. A server is asked for new days forever."""
_FORMS: dict[tuple[Any, ...], Form | None] = {}


@dataclass(frozen=True)
class Form:
    """A measure of tables with certain columns."""

    expression: Any
    """The same of tables that are not there, which knows what its columns are."""
    sql: str
    """What it says in SQL where each of its tables is called as `_called` says."""
    own: tuple[Any, ...]
    """Tables in memory that the measure makes itself."""


@dataclass(frozen=True)
class Measured:
    """A measure of some tables, not asked yet.

    `measure` is a function of a module, whose expression depends on nothing but what it is given; `said` are plain
    values, such as names, numbers, days and tuples of these.
    """

    measure: Measure
    tables: tuple[Table, ...]
    said: Mapping[str, Any]

    @property
    def expression(self) -> Table:
        """Put together by Ibis."""
        return self.measure(*self.tables, **self.said)

    @property
    def engine(self) -> Any:
        """What answers it."""
        return next((table.get_backend() for table in self.tables if _stored(table)), None) or ibis.get_backend()

    def sql(self, engine: Any) -> str | None:
        """What it says in SQL; None where only Ibis can run it."""
        form = self._form(engine)
        return None if form is None else self._filled(form, engine)

    def rows(self) -> pa.Table:
        """The answer."""
        engine = self.engine
        form = self._form(engine) if isinstance(engine, Engine) else None
        sql = None if form is None else self._filled(form, engine)
        if form is None or sql is None:
            return self.expression.to_pyarrow()
        return engine.few(sql, form.expression)

    def _filled(self, form: Form, engine: Any) -> str | None:
        """The SQL of a form with the tables before it; None where only Ibis can run one of them."""
        asked = [engine.sql_of(table) for table in self.tables]
        if None in asked:
            return None
        engine.holding(form.own)
        before = ", ".join(f"{_called(n)} AS ({text})" for n, text in enumerate(asked))
        first, rest = form.sql.split(None, 1)
        return f"WITH {before}, {rest}" if first == "WITH" else f"WITH {before} {form.sql}"

    def _form(self, engine: Any) -> Form | None:
        said = tuple((name, _plain(value)) for name, value in sorted(self.said.items()))
        key = (self.measure, said, *(table.schema() for table in self.tables))
        if key not in _FORMS:
            if len(_FORMS) > MOST_FORMS:
                _FORMS.clear()
            _FORMS[key] = self._put_together(engine)
        return _FORMS.get(key)

    def _put_together(self, engine: Any) -> Form | None:
        """None where the measure gives no table."""
        empty = [ibis.table(table.schema(), name=_called(n)) for n, table in enumerate(self.tables)]
        expression = self.measure(*empty, **self.said)
        op = expression.op()
        if not isinstance(op, ops.Relation):
            return None
        return Form(expression, str(engine.compile(expression)), tuple(op.find(ops.InMemoryTable)))


def rows_by(measure: Measure, /, *tables: Table, **said: Any) -> pa.Table:
    """What a measure gives of some tables, of Ibis or of Arrow, as `measure(*tables, **said).to_pyarrow()` would.

    Raises TypeError where something said is no plain value, and what the measure and the engine raise.

    >>> def largest(rows, least): return rows.filter(rows.deaths >= least)
    >>> rows_by(largest, pa.table({"deaths": [1, 5, 7]}), least=5)["deaths"].to_pylist()
    [5, 7]
    """
    given = [ibis.memtable(table) if isinstance(table, pa.Table) else table for table in tables]
    return Measured(measure, tuple(given), said).rows()


def _plain(value: Any) -> Any:
    """A value as it is told apart from others: 1 is not 1.0, nor True."""
    if isinstance(value, list | tuple):
        return tuple(_plain(part) for part in value)
    if value is None or isinstance(value, str | int | float | dt.date):
        return type(value), value
    raise TypeError(f"a measure is kept by plain values, not by {type(value).__name__}: give tables as tables")


def _called(n: int) -> str:
    return f"measured_{n}"


def _stored(table: Table) -> bool:
    """Whether a table is of an engine, and not in memory alone."""
    return bool(table.op().find(ops.DatabaseTable))
