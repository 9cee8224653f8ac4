"""What a dossier is as a release: its data set, licence, coverage, citation."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from harmattan.dossier.files import Written
from harmattan.dossier.records import Header
from harmattan.vocabulary.dossier import DOSSIER_CONTRACT
from harmattan.vocabulary.origin import Coverage, Licence, Origin

PREFIX = "dossier-"
_OPEN = re.compile(r"(CC0|CC[ -]BY([ -]SA)?|ODC-BY|PDDL|ODbL)([ -]?\d.*)?", re.IGNORECASE)
"""Licences that allow single records to be handed on."""


def dataset_of(name: str) -> str:
    """The data set of a dossier by its name.

    >>> dataset_of("my-desk")
    'dossier-my-desk'
    """
    return name if name.startswith(PREFIX) else PREFIX + name


def origin(header: Header) -> Origin:
    """Publisher, licence and citation as the header says them."""
    is_open = _OPEN.fullmatch(header.licence.strip()) is not None
    return Origin(
        dataset=dataset_of(header.name),
        publisher=header.publisher,
        title=header.title.get("en") or header.title["fr"],
        title_in_french=header.title.get("fr", ""),
        url=header.url,
        licence=Licence(name=header.licence, url=header.licence_url, redistributable=is_open),
        citation=header.citation,
        contract=DOSSIER_CONTRACT,
    )


def coverage(written: Written) -> Coverage:
    """The places and days that its records speak of. A dossier is never complete: its silence means nothing."""
    days = sorted(_days(written))
    places = {
        code for name in ("milestones", "figures", "relations") for r in written.records(name) for code in r.countries
    }
    places |= {presence.country for presence in written.records("presence")}
    published = written.header.published.day if written.header else dt.date.min
    return Coverage(
        places=tuple(sorted(places)),
        start=days[0] if days else published,
        end=max(days[-1], days[0]) if days else published,
        dimensions=(),
        basis="places and days of its records",
    )


def _days(written: Written) -> Iterator[dt.date]:
    for name in ("milestones", "figures", "presence", "relations"):
        for record in written.records(name):
            for field in ("date", "until", "as_of", "start", "end"):
                day = getattr(record, field, None)
                if day is not None:
                    yield day.day
