"""How states of ACLED's events are laid over each other: the newest of each event counts, deleted ones go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import WrongFile
from harmattan.sources.engine import EVENTS_FILE, Engine, literal, write_parquet
from harmattan.sources.ucdp_ged_rejects import Log, nth_free, shifts_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Coverage, Release
from harmattan.vocabulary.schema import EVENTS

SAME, OLDER = "the id stands twice, with the same event", "the id stands again, with a newer state of the event"
RELEASE_FILE = "release.json"


@dataclass(frozen=True)
class Before:
    """The release that an update is laid over."""

    folder: Path
    digest: str
    coverage: Coverage

    @classmethod
    def read(cls, folder: Path) -> Before:
        """The release in a folder. Raises WrongFile where none stands there."""
        try:
            release = Release.model_validate_json((folder / RELEASE_FILE).read_bytes())
        except (OSError, ValueError) as fault:
            raise WrongFile(
                T("{folder} holds no release that could be updated.", folder=Verbatim(str(folder))),
                do=T("Fetch the whole data set under a new label."),
            ) from fault
        return cls(folder, release.digest, release.coverage)

    @property
    def events(self) -> Path:
        """Its table of events."""
        return self.folder / EVENTS_FILE


def keep_newest(logs: Sequence[Log], events: Path, duck: Engine) -> None:
    """Of each id keeps the state with the newest timestamp, the first of equals, and notes the others as refused."""
    table = f"read_parquet({literal(str(events))}, file_row_number = true)"
    rows, ids = duck.row(f"SELECT count(*), count(DISTINCT event_id) FROM {table}")
    if rows == ids:
        return
    values = ", ".join(EVENTS.names)
    duck.connection.execute(
        f"CREATE TEMP TABLE superseded AS SELECT file_row_number AS place, "
        f"hash({values}) = first_value(hash({values})) OVER one AS same FROM {table} "
        f"WHERE event_id IN (SELECT event_id FROM {table} GROUP BY 1 HAVING count(*) > 1) "
        "WINDOW one AS (PARTITION BY event_id ORDER BY updated_at DESC NULLS LAST, file_row_number) "
        "QUALIFY row_number() OVER one > 1"
    )
    old = duck.rows("SELECT place, same FROM superseded ORDER BY place")
    kept = f"SELECT {values} FROM {table} WHERE file_row_number NOT IN (SELECT place FROM superseded)"
    _rewrite(events, duck, f"{kept} ORDER BY file_row_number")
    start = 0
    for log in logs:
        shifts, taken = shifts_of(log.refused), log.taken
        again = {
            nth_free(place - start + 1, shifts): SAME if same else OLDER
            for place, same in old
            if start <= place < start + taken
        }
        log.refused = dict(sorted((log.refused | again).items()))
        start += taken


def lay_over(before: Before | None, deleted: Mapping[str, int], events: Path, duck: Engine) -> int:
    """Lays the events over those of the release before and takes out those deleted since; returns how many went.

    A state in the release before that is newer than one that came stays. An event is taken out where it was deleted
    at or after its own timestamp: one that was put back later has a newer one.
    """
    if before is None and not deleted:
        return 0
    import pyarrow as pa

    gone = pa.table({"event_id": pa.array(deleted.keys(), pa.string()), "at": pa.array(deleted.values(), pa.int64())})
    duck.connection.register("deleted_events", gone)
    values = ", ".join(f"kept.{name}" for name in EVENTS.names)
    new = f"read_parquet({literal(str(events))}, file_row_number = true)"
    parts = [f"SELECT {values}, kept.file_row_number FROM {new} AS kept"]
    if before is not None:
        old = f"read_parquet({literal(str(before.events))}, file_row_number = true)"
        newer = "other.event_id = kept.event_id AND"
        parts = [
            f"SELECT {values}, kept.file_row_number FROM {old} AS kept ANTI JOIN {new} AS other "
            f"ON {newer} coalesce(other.updated_at >= kept.updated_at, true)",
            f"{parts[0]} ANTI JOIN {old} AS other ON {newer} coalesce(other.updated_at > kept.updated_at, false)",
        ]
    taken_out = (
        "coalesce(deleted_events.at * 1000 >= epoch_ms(kept.updated_at), true) "
        "AND deleted_events.event_id = kept.event_id"
    )
    went = sum(
        int(duck.row(f"SELECT count(*) FROM ({part}) AS kept SEMI JOIN deleted_events ON {taken_out}")[0])
        for part in parts
    )
    left = [
        f"SELECT {values} FROM ({part}) AS kept ANTI JOIN deleted_events ON {taken_out} ORDER BY kept.file_row_number"
        for part in parts
    ]
    _rewrite(events, duck, *left)
    duck.connection.unregister("deleted_events")
    return went


def _rewrite(events: Path, duck: Engine, *queries: str) -> None:
    """Writes the rows of some queries, one after the other, in the place of the table of events."""

    def batches() -> Iterator[Any]:
        for query in queries:
            yield from duck.batches(query)

    left = duck.scratch / "left.parquet"
    write_parquet(batches(), left, EVENTS)
    left.replace(events)
