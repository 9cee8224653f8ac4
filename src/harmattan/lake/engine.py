"""The embedded engine: DuckDB by way of Ibis, which puts an expression of a shape it has seen into SQL at once.

Ibis needs several times as long to put one of our expressions into SQL as DuckDB to answer it, and questions ask the
same expression for other countries, days and names. So the engine keeps the SQL of each shape: what is compared with
(literals next to a comparison) and what is read from (the names of tables) are left open in it, all else is as it was.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.operations as ops
from ibis.backends.duckdb import Backend
from ibis.backends.duckdb.converter import DuckDBPyArrowData
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.common.graph import Node
from sqlglot import expressions as sge

MOST_SHAPES = 200_000
"""So many parts of shapes are remembered; then the engine begins anew."""
COMPARED = (
    ops.Equals, ops.NotEquals, ops.Greater, ops.GreaterEqual, ops.Less, ops.LessEqual, ops.Between, ops.InValues,
    ops.ArrayContains,
)  # fmt: skip
"""What a literal can stand in without a part in the shape."""
OPAQUE = (
    ops.ScalarUDF, ops.AggUDF, ops.SQLQueryResult, ops.SQLStringView, ops.UnboundTable, ops.ScalarParameter,
    ops.Impure, ops.GeoSpatialUnOp, ops.GeoSpatialBinOp,
)  # fmt: skip
"""What is left to Ibis altogether."""
MARK = "\x00"


class Slot(ops.Literal):  # type: ignore[misc]
    """A literal that is left open in the SQL of a shape."""

    index: int

    def __init__(self, value: Any, dtype: Any, index: int) -> None:
        super(ops.Literal, self).__init__(value=value, dtype=dtype, index=index)


class Opaque(Exception):
    """Something in an expression has no shape."""


class Token:
    """What a shape is known by; each is equal to itself alone."""

    __slots__ = ()


@dataclass
class Walk:
    """One way through an expression, from its root down; each node is looked at once."""

    known: dict[Any, Token]
    pinned: frozenset[ops.Literal]
    """Literals that have a part in the shape."""
    engine: Any
    slots: dict[ops.Literal, int] = field(default_factory=dict)
    tables: dict[Node, int] = field(default_factory=dict)
    selves: dict[int, int] = field(default_factory=dict)
    fixed: set[ops.Literal] = field(default_factory=set)
    seen: dict[Node, Token] = field(default_factory=dict)

    def node(self, node: Node) -> Token:
        """The token of a node. Raises Opaque."""
        found = self.seen.get(node)
        if found is None:
            found = self.seen[node] = self._token(self._key(node))
        return found

    def _token(self, key: Any) -> Token:
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Token()
        return found

    def _key(self, node: Node) -> Any:
        kind = type(node)
        if kind is ops.Field:
            return kind, self.node(node.rel), node.name
        if kind is ops.Literal:
            if MARK in str(node.value):
                raise Opaque
            self.fixed.add(node)
            return kind, type(node.value), node.value, node.dtype
        if issubclass(kind, COMPARED):
            return kind, *(self._part(arg, compared=True) for arg in node.__args__)
        if kind is ops.DatabaseTable or kind is ops.InMemoryTable:
            if kind is ops.DatabaseTable and node.source is not self.engine:
                raise Opaque
            return kind, self.tables.setdefault(node, len(self.tables)), node.schema
        if kind is ops.SelfReference:
            return kind, self.selves.setdefault(node.identifier, len(self.selves)), self.node(node.parent)
        if issubclass(kind, OPAQUE):
            raise Opaque
        return kind, *(self._part(arg) for arg in node.__args__)

    def _part(self, arg: Any, *, compared: bool = False) -> Any:
        if isinstance(arg, Node):
            if compared and type(arg) is ops.Literal and arg.value is not None and arg not in self.pinned:
                return Slot, self.slots.setdefault(arg, len(self.slots)), arg.dtype
            return self.node(arg)
        if isinstance(arg, tuple):
            return tuple([self._part(part, compared=compared) for part in arg])
        if isinstance(arg, Mapping):
            return tuple([(name, self._part(part)) for name, part in arg.items()])
        return arg


_OPEN: ContextVar[Mapping[Node, int]] = ContextVar("open", default={})  # noqa: B039
"""The tables whose names are left open in the SQL that is being put together."""


class OpenSQL(DuckDBCompiler):  # type: ignore[misc]
    """Puts expressions into SQL with marks where something is left open."""

    def visit_Slot(self, _op: Slot, *, value: Any, dtype: Any, index: int) -> Any:
        """A mark in the place of a literal."""
        return sge.Var(this=f"{MARK}{index}{MARK}")

    def visit_DatabaseTable(self, op: ops.DatabaseTable, **args: Any) -> Any:
        """A table, or a mark in the place of its name."""
        return super().visit_DatabaseTable(op, **args | self._open(op, args))

    def visit_InMemoryTable(self, op: ops.InMemoryTable, **args: Any) -> Any:
        """A table in memory, or a mark in the place of its name."""
        return super().visit_InMemoryTable(op, **args | self._open(op, args))

    def _open(self, op: Node, args: Mapping[str, Any]) -> dict[str, Any]:
        at = _OPEN.get().get(op)
        return {"name": args["name"] if at is None else f"{MARK}t{at}{MARK}"}


@dataclass
class Texts:
    """The SQL of every shape that was seen. It depends on no engine, so the engines of a process share it.

    Threads may write into it at once: at worst a shape is put into SQL twice, since a token is equal to itself alone.
    """

    tokens: dict[Any, Token] = field(default_factory=dict)
    pieces: dict[Token, list[str]] = field(default_factory=dict)
    """Text and what is left open in turn."""

    def bound(self) -> None:
        """Begins anew where too much is kept."""
        if len(self.tokens) > MOST_SHAPES:
            self.tokens, self.pieces = {}, {}


warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning, __name__)
_ONE_AT_A_TIME = threading.Lock()
"""A connection holds one result, until it is fetched."""


class Engine(Backend):  # type: ignore[misc]
    """DuckDB in this process."""

    compiler = OpenSQL()
    texts = Texts()

    def to_pyarrow(self, expr: Any, /, *, params: Any = None, limit: Any = None, **said: Any) -> Any:
        """The rows of an expression; what is no table, or comes with parameters or a limit, as Ibis gives it."""
        sql = None if params or said or limit is not None else self.sql_of(expr)
        if sql is None:
            return super().to_pyarrow(expr, params=params, limit=limit, **said)
        return self.answer(sql, expr)

    def holding(self, tables: Iterable[Node]) -> None:
        """Takes in those of some tables that are in memory."""
        for table in tables:
            if type(table) is ops.InMemoryTable and table not in self._memtables:
                self._register_in_memory_tables(table.to_expr())

    def answer(self, sql: str, expr: Any) -> Any:
        """The rows that SQL gives, with the columns of an expression that says the same."""
        return expr.__pyarrow_result__(self.con.sql(sql).to_arrow_table(), data_mapper=DuckDBPyArrowData)

    def few(self, sql: str, expr: Any) -> Any:
        """The same where the rows are few: they are copied once more, but the statement is bound once and not thrice.

        To bind it often takes longer than to run it.
        """
        with _ONE_AT_A_TIME:
            rows = self.con.execute(sql).to_arrow_table()
        return expr.__pyarrow_result__(rows, data_mapper=DuckDBPyArrowData)

    def sql_of(self, expr: Any) -> str | None:
        """The SQL of a table, ready to run; None where only Ibis can run it."""
        op = expr.op()
        if not isinstance(op, ops.Relation):
            return None
        try:
            token, walk = self._shape(op)
        except (Opaque, TypeError, RecursionError):  # the last: hundreds of conditions, each within the other
            return None
        self.holding(walk.tables)
        pieces = self.texts.pieces.get(token)
        if pieces is None:
            pieces = self.texts.pieces[token] = self._open_sql(op, walk)
        names = {f"t{at}": table.name.replace('"', '""') for table, at in walk.tables.items()}
        values = {str(at): self._literal(literal) for literal, at in walk.slots.items()}
        filled = names | values
        return "".join([filled[piece] if n % 2 else piece for n, piece in enumerate(pieces)])

    def _shape(self, op: Node) -> tuple[Token, Walk]:
        """What an expression is known by, and the walk that found what is left open in it."""
        self.texts.bound()
        pinned: frozenset[ops.Literal] = frozenset()
        while True:
            walk = Walk(self.texts.tokens, pinned, self)
            token = walk.node(op)
            both = walk.fixed & set(walk.slots)
            if not both:
                return token, walk
            pinned |= both

    def _open_sql(self, op: Node, walk: Walk) -> list[str]:
        """The SQL of a shape: text and what is left open in turn."""
        slots = {literal: Slot(literal.value, literal.dtype, at) for literal, at in walk.slots.items()}
        before = _OPEN.set(walk.tables)
        try:
            sql: str = self.compile((op.replace(slots) if slots else op).to_expr())
        finally:
            _OPEN.reset(before)
        return sql.split(MARK)

    def _literal(self, literal: ops.Literal) -> str:
        said = self.compiler.visit_Literal(literal, value=literal.value, dtype=literal.dtype)
        text: str = said.sql(dialect=self.dialect)
        return text
