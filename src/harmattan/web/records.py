"""The records behind answers, kept for as long as somebody turns their pages."""

from __future__ import annotations

import threading
from collections import OrderedDict

from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Rows
from harmattan.web.asking import Asking

MOST_ROWS = 600_000
"""So many records are kept in memory, those that were asked for last."""


class Records:
    """The records of a server's answers."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self._kept: OrderedDict[tuple[str, str, int | None], Rows] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, answer: Answer, which: int | None) -> Rows:
        """The records behind an answer or one of its rows (counted from zero). Raises Waiting where it takes long."""
        key = (self.asking.standing().state, answer.id, which)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        rows = self.asking.rows(answer, which)
        with self._lock:
            self._kept[key] = rows
            while len(self._kept) > 1 and sum(_size(one) for one in self._kept.values()) > MOST_ROWS:
                self._kept.popitem(last=False)
        return rows


def _size(rows: Rows) -> int:
    return sum(int(part.table.num_rows) for part in rows.parts)
