"""Whole files of people and money, invented: by data set, each as name, content, what is said beside, least records."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from typing import Any

from harmattan.sources.reading import Options
from tests.sources import (
    test_cadre_harmonise,
    test_hapi,
    test_iom_dtm,
    test_ocha_fts,
    test_ocha_hpc,
    test_reliefweb,
    test_unhcr_population,
)

TODAY = Options(retrieved=dt.date(2026, 11, 26))
FileSeed = tuple[str, bytes, Options, int]


def answer(value: Any, rows: int = 1) -> FileSeed:
    """An answer of an interface."""
    return "answer.json", json.dumps(value, ensure_ascii=False).encode(), TODAY, rows


def table(header: Sequence[str], *rows: Sequence[Any]) -> FileSeed:
    """A table as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return "table.csv", out.getvalue().encode(), TODAY, len(rows)


UNIT = test_cadre_harmonise.unit()
UNITS = [
    [said.get(name, "") for name in test_cadre_harmonise.COLUMNS] for said in (UNIT, UNIT | {"adm2_name": "Bourem"})
]
PEOPLE_SEEDS: dict[str, tuple[FileSeed, ...]] = {
    "iom-dtm": (answer(test_iom_dtm.answer(test_iom_dtm.stock(), test_iom_dtm.stock(id=2, admin1Name="Gao")), 6),),
    "unhcr-population": (answer(test_unhcr_population.page(test_unhcr_population.row())),),
    "ocha-hpc": (
        answer({"data": {"planData": [test_ocha_hpc.summary()]}}, 5),
        answer({"data": {"plans": [test_ocha_hpc.progress()]}}),
        table(test_ocha_hpc.COLUMNS, test_ocha_hpc.line(), test_ocha_hpc.line("B")),
    ),
    "ocha-fts": (answer(test_ocha_fts.answer(test_ocha_fts.flow())),),
    "cadre-harmonise": (table(test_cadre_harmonise.COLUMNS, *UNITS),),
    "reliefweb": (answer(test_reliefweb.answer(test_reliefweb.report())),),
    **{
        name: (answer({"data": [row, row]}), table(list(row), list(row.values())))
        for name, row in test_hapi.ROWS.items()
    },
}
