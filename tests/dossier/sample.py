"""The fifty records of the dossier that were read against a second source: `python -m tests.dossier.sample`.

The draw belongs to the dossier as it was on the day; what is drawn today may be other records. The fifty of that day
are those that the page names.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from harmattan.dossier.book import Book
from harmattan.dossier.files import read
from harmattan.dossier.records import LISTS
from harmattan.questions.citations import ref, says

ROOT = Path(__file__).parents[2]
SAHEL = ROOT / "src" / "harmattan" / "data" / "dossiers" / "sahel"
PAGE = ROOT / "docs" / "dossier-review.md"
DRAWN_FROM = ("actors", "relations", "presence", "milestones", "figures")
DATA_SETS = ("ucdp-", "unhcr-", "ocha-", "cilss-", "geo-pko-")
"""How the keys of data sets begin; a record that cites nothing else is not drawn."""
SEED, SIZE = 2022, 50
_ROW = re.compile(r"^\| *(?:\d+ *\| *)?`([a-z]+:[^`]+)` *\|", re.MULTILINE)


def book() -> Book:
    """The dossier as its files have it."""
    written = read(SAHEL)
    lists = {name: written.records(name) for name in LISTS if name != "sources"}
    return Book.of([(lists, {source.key: source for source in written.records("sources")})])


def references() -> list[str]:
    """The records that may be drawn, sorted."""
    written = read(SAHEL)
    found = {
        ref(list_, record)
        for list_ in DRAWN_FROM
        for record in written.records(list_)
        if not all(citation.source.startswith(DATA_SETS) for citation in record.cite)
    }
    return sorted(found)


def drawn() -> list[str]:
    """Fifty of them by lot."""
    return random.Random(SEED).sample(references(), SIZE)


def recorded() -> list[str]:
    """The fifty that the page of the review names, in its order; none where there is no page yet."""
    return _ROW.findall(PAGE.read_text("utf-8")) if PAGE.exists() else []


def main() -> None:
    """Prints what the records say and who says so: those of the page, or the lot where there is none."""
    held = book()
    lists = {name: {record.id: record for record in read(SAHEL).records(name)} for name in DRAWN_FROM}
    for number, reference in enumerate(recorded() or drawn(), 1):
        list_, _, id_ = reference.partition(":")
        record = lists[list_].get(id_)
        print(f"{number}. {reference}")
        if record is None:
            print("   no longer in the dossier")
            continue
        print(f"   {record.status}: {says(record)}")
        for citation in record.cite:
            source = held.sources[citation.source]
            print(f"   - {source.publisher}, {source.title}, {source.date} ({citation.where}) {source.url or ''}")


if __name__ == "__main__":
    main()
