"""Records to tables and back. A release holds the tables; questions work on the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from harmattan.dossier.files import Written
from harmattan.dossier.records import LISTS, Record, Source
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.dossier import CITATIONS, DOSSIER
from harmattan.vocabulary.partial import PartialDate

TABLES: dict[str, Contract] = {contract.name: contract for contract in DOSSIER if contract is not CITATIONS}


def tables(written: Written) -> dict[str, pa.Table]:
    """Every table of a dossier without faults, sorted by record: the same records give the same bytes."""
    sources = {source.key: source for source in written.records("sources")}
    made, cited = {}, []
    for name, contract in TABLES.items():
        records = {record.id: record for record in written.records(name)}
        rows = [_row(records[key], contract) for key in sorted(records)]
        made[name] = pa.Table.from_pylist(rows, schema=contract.schema)
        cited += [row for key in sorted(records) for row in _citations(name, records[key], sources)]
    made["citations"] = pa.Table.from_pylist(cited, schema=CITATIONS.schema)
    return made


def records(rows: Mapping[str, pa.Table]) -> tuple[dict[str, list[Any]], dict[str, Source]]:
    """The records of a release's tables by list, and the sources they cite. The inverse of `tables`."""
    sources: dict[str, Source] = {}
    cited: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows["citations"].to_pylist():
        plain = {"key": row["source"], "publisher": row["publisher"], "title": row["title"]}
        plain |= {"date": row["published"], "url": row["url"], "language": row["language"]}
        sources.setdefault(row["source"], Source.model_validate(plain))
        cited.setdefault((row["list"], row["record"]), []).append(
            {"source": row["source"], "where": row["where"] or ""}
        )
    found = {
        name: [_record(LISTS[name], row, cited.get((name, row["record"]), ())) for row in rows[name].to_pylist()]
        for name in TABLES
    }
    return found, sources


def _row(record: Record, contract: Contract) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in contract.names:
        base, _, part = column.rpartition("_")
        if column == "record":
            row[column] = record.id  # type: ignore[attr-defined]
        elif part in ("earliest", "latest"):
            day = getattr(record, base)
            row[column] = getattr(day, part) if day is not None else None
        elif part in ("en", "fr"):
            row[column] = (getattr(record, base) or {}).get(part)
        else:
            value = getattr(record, column)
            row[column] = str(value) if isinstance(value, PartialDate) else list(value) if _many(value) else value
        if row[column] is None and not contract.schema.field(column).nullable:
            row[column] = []
    return row


def _many(value: Any) -> bool:
    return isinstance(value, tuple | list)


def _citations(name: str, record: Any, sources: Mapping[str, Source]) -> Iterable[dict[str, Any]]:
    for number, citation in enumerate(record.cite, start=1):
        source = sources[citation.source]
        yield {
            "list": name,
            "record": record.id,
            "number": number,
            "source": source.key,
            "publisher": source.publisher,
            "title": source.title,
            "published": str(source.date),
            "published_earliest": source.date.earliest,
            "published_latest": source.date.latest,
            "url": source.url,
            "language": source.language,
            "where": citation.where or None,
        }


def _record(model: type[Record], row: Mapping[str, Any], cite: Sequence[Mapping[str, str]]) -> Any:
    plain: dict[str, Any] = {"cite": tuple(cite)}
    for column, value in row.items():
        base, _, part = column.rpartition("_")
        if column == "record":
            if "id" in model.model_fields:
                plain["id"] = value
        elif part in ("en", "fr"):
            if value is not None:
                plain.setdefault(base, {})[part] = value
        elif part not in ("earliest", "latest") and value not in (None, []):
            plain[_key(model, column)] = value
    return model.model_validate(plain)


def _key(model: type[Record], column: str) -> str:
    return model.model_fields[column].alias or column


def plain(record: Any, *, but: Sequence[str] = ()) -> dict[str, Any]:
    """A record as an editor writes it: plain values under the YAML's names, nothing that is empty or the default."""
    found: dict[str, Any] = {"id": record.id} if "id" in type(record).model_fields else {}
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if name in (*but, "id") or value in (None, (), "") or value == field.default:
            continue
        if name == "cite":
            value = [{k: v for k, v in c.model_dump().items() if v} for c in value]
        elif isinstance(value, PartialDate):
            value = str(value)
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        found[field.alias or name] = value
    return found
