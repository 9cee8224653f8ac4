"""What a layout of posts is: the columns that tell it, and what each of them says of a post, as SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from harmattan.sources.engine import quoted


class Columns(frozenset[str]):
    """The columns that a file has, as SQL expressions; one that it does not have is null."""

    def get(self, *names: str) -> str:
        """The first of these columns that the file has and the row has filled, as it is written."""
        there = [f"nullif({quoted(name)}, '')" for name in names if name in self]
        if not there:
            return "NULL::VARCHAR"
        return there[0] if len(there) == 1 else f"coalesce({', '.join(there)})"

    def id(self, *names: str) -> str:
        """The same as an id: without the blanks around it and the `.0` that a number got on its way."""
        return f"id_of({self.get(*names)})"

    def list(self, *names: str, of: str = "listed") -> str:
        """A column that holds several values; `of` is links where there may be commas within them."""
        return f"{of}({self.get(*names)})" if any(name in self for name in names) else "NULL::VARCHAR[]"

    def one(self, *names: str) -> str:
        """Columns that hold one value each, as a list of those that are filled, each once."""
        there = [f"nullif(trimmed({quoted(name)}), '')" for name in names if name in self]
        if not there:
            return "NULL::VARCHAR[]"
        if len(there) == 1:
            return f"CASE WHEN {there[0]} IS NOT NULL THEN [{there[0]}] END"
        return f"list_sort(list_distinct(list_filter([{', '.join(there)}], lambda one: one IS NOT NULL)))"


Said = Mapping[str, str]
"""Columns of `posts_columns.WRITTEN` with the SQL expression of each."""


@dataclass(frozen=True)
class Layout:
    """One way in which posts are exported."""

    name: str
    needs: tuple[frozenset[str], ...]
    """Any of these sets of columns tells the layout."""
    says: Callable[[Columns], Said]
    known: frozenset[str] = frozenset()
    """The columns that are known; empty where an export may have any."""
    rows_of_a_post: bool = False
    """Whether a post has one row for each object that it shares."""
    citation: str = ""

    def fits(self, columns: Iterable[str]) -> bool:
        """Whether a file with these columns has this layout."""
        there = set(columns)
        return any(needed <= there for needed in self.needs)
