"""What is handed to programs as JSON beside answers: the records behind a number, what changed between releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from harmattan.export.sheet import Sheet
from harmattan.lake.diff import Diff
from harmattan.questions.answer import Answer
from harmattan.text.speaker import Speaker


def rows_plain(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with their days as words.

    >>> rows_plain([{"day": dt.date(2022, 1, 2), "n": 1}])
    [{'day': '2022-01-02', 'n': 1}]
    """
    return [{k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()} for row in rows]


def of_evidence(answer: Answer, which: int | None, sheet: Sheet, id: str) -> dict[str, Any]:
    """The records behind an answer or one of its rows (`sheet`), and what they are the evidence of."""
    return {
        "id": id,
        "question": answer.question,
        "params": dict(answer.params),
        "evidence": answer.evidence(which).model_dump(mode="json"),
        "title": sheet.title,
        "rows": rows_plain(sheet.rows),
        "sources": list(sheet.sources),
    }


def of_diff(found: Diff, speaker: Speaker, *, records: bool) -> dict[str, Any]:
    """What changed between two releases: single `records`, or their counts by country and year."""
    rows = rows_plain(found.records if records else found.by_country_year)
    told: dict[str, Any] = {"before": found.before, "after": found.after, "rows": rows}
    return told | {"candidates_unchanged": len(found.unchanged), "notes": [speaker.say(note) for note in found.notes]}
