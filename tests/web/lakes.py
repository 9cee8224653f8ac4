"""A home with two releases of one data set: the later one has rejects, and its licence hides and forbids."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from harmattan.data import RELEASES
from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Lake, digest_of, release_digest
from harmattan.vocabulary.origin import Hidden
from harmattan.vocabulary.schema import REJECTS
from tests.lake.factory import day, event, put, release_of, write_tables

REASON = "the day is not one: 2022-13-40"
N_REJECTS = 60


def two_releases(home: Path) -> Lake:
    """made-up@1 and made-up@2 beside the embedded releases."""
    lake = Lake(home, RELEASES)
    old = [event(str(n), f"2022-0{1 + n % 9}-05", "MLI", n) for n in range(40)]
    put(lake, "1", old, published="2023-01-31")
    new = [dict(row) | {"deaths_best": row["deaths_best"] + (n < 5)} for n, row in enumerate(old[:35])]
    new += [event(f"n{n}", "2022-11-11", "NER", 2) for n in range(3)]
    with stage(lake) as folder:
        found = write_tables(folder, new)
        rows = [
            {"file": "made-up.csv", "line": n + 2, "id_as_written": f"x{n}", "reason": REASON if n else "no country",
             "row_as_written": f"x{n},<b>2022-13-40</b>"}
            for n in range(N_REJECTS)
        ]  # fmt: skip
        pq.write_table(pa.Table.from_pylist(rows, schema=REJECTS.schema), folder / "rejects.parquet")
        rejects = digest_of(folder / "rejects.parquet").model_copy(update={"rows": N_REJECTS})
        files = (*(file for file in found["files"] if file.path != "rejects.parquet"), rejects)
        said = found | {"files": files, "rejects": N_REJECTS, "digest": release_digest("made-up", files)}
        release = release_of("2", notices=("The column colour came.",), **said)
        licence = release.origin.licence.model_copy(update={"redistributable": False, "name": "Look, do not take"})
        hidden = Hidden(places=("MLI", "NER"), after=day("2022-12-31"), why="an embargo of twelve months")
        publish(lake, folder, release.model_copy(update={
            "origin": release.origin.model_copy(update={"licence": licence}),
            "coverage": release.coverage.model_copy(update={"hidden": hidden}),
        }))  # fmt: skip
    return lake
