"""How long reading and checking take: 10,000 words, and 100 claims on the figures that come with the package.

`python -m bench reading` measures these alone.
"""

from __future__ import annotations

import datetime as dt
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from quality.labelled import texts
from quality.readers import Reader, document, embedded

from bench.measure import Line
from harmattan.checks.asker import Asker
from harmattan.checks.check import check
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.gazetteer import gazetteer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.reading.read import read
from harmattan.vocabulary.claim import Claims
from harmattan.vocabulary.document import Language

WORDS = 10_000
CLAIMS = 100
REPEATS = 3
DAY = dt.date(2024, 6, 30)
AS_OF = dt.date(2023, 12, 31)
LIMITS = {"read": 2.0, "check": 5.0}
"""Seconds."""
COUNTRIES = ("MLI", "BFA", "NER", "BEN")
YEARS = range(2020, 2023)


def long_text(language: Language, words: int = WORDS) -> str:
    """The project's own texts of a language, over and over, to so many words."""
    told = [word for one in texts() if one.language == language for word in f"{one.text}\n\n".split(" ")]
    return " ".join(itertools.islice(itertools.cycle(told), words))


def parts() -> Iterator[dict[str, Any]]:
    """Parts of claims, none like another: every check there is, right and wrong, for countries and years in turn."""
    for year, country in itertools.product(YEARS, COUNTRIES):
        where = {"country": country, "from": str(year), "to": str(year)}
        yield {"check": "value", "value": 300 + year - 2000, **where}
        yield {"check": "value", "measure": "civilians", "take": "max", "value": 40, **where}
        yield {"check": "exists", "actor": "JNIM", **where}
        yield {"check": "count", "value": 20, "qualifier": "at_least", **where}
        yield {"check": "compare", "is": "more", "than": {"from": str(year - 1), "to": str(year - 1)}, **where}
        yield {"check": "first", "country": country, "actor": "JNIM", "date": str(year), "how": "by"}
    for country in COUNTRIES:
        yield {"check": "rank", "country": country, "from": "2022", "to": "2022", "since": "2012"}
        yield {"check": "share", "country": country, "from": "2022", "to": "2022", "value": 30, "of": {"by": ["JNIM"]}}
        yield {"check": "relation", "subject": "JNIM", "relation": "operates_in", "country": country}
        yield {"check": "presence", "force": "Barkhane", "country": country, "on": "2021-06"}
        yield {"check": "milestone", "type": "coup", "country": country, "from": "2020", "to": "2022", "count": 2}
        yield {"check": "milestone", "type": "massacre", "country": country, "date": "2022-03"}
        yield {"check": "figure", "indicator": "people_in_need", "country": country, "value": 4e6, "from": "2022"}


def claims(number: int = CLAIMS) -> Claims:
    """So many claims of one part each."""
    made = [
        {"id": f"c{at}", "quote": f"Claim {at}.", "part": [part]}
        for at, part in enumerate(itertools.islice(parts(), number))
    ]
    if len(made) < number:
        raise ValueError(f"there are {len(made)} claims, not {number}")
    return Claims.model_validate({"document": {"title": "Invented"}, "as_of": AS_OF, "claim": made})


def asker(home: Path) -> Asker:
    """Whom the checks ask, with nothing asked yet."""
    inquiry = Inquiry(Lake(home, RELEASES))
    places = gazetteer(inquiry.world, Params())
    return Asker(inquiry, Params(as_of=AS_OF), places.named)


@dataclass(frozen=True)
class Taken:
    """Seconds of CPU time, and of wall time, which the limits are about."""

    cpu: float
    wall: float


def timed(work: Callable[[], object]) -> Taken:
    """How long work takes; CPU time is that of all threads together."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Taken(time.process_time() - cpu, time.perf_counter() - wall)


def reading(home: Path) -> list[Line]:
    """A long text of each language, and what has to be there first."""

    def set_up(reader: Reader) -> None:
        _ = reader.names, reader.gazetteer
        reader.read("Nothing.", "en", DAY)

    reader = embedded(home)
    first = timed(lambda: set_up(reader))
    lines = [Line("set up reading: dossier, names, gazetteer", first.wall, None, "s", f"once; {_cpu(first)}")]
    for language, named in (("en", "English"), ("fr", "French")):
        text = document(long_text(language), language, DAY)
        work = partial(read, text, reader.names, reader.gazetteer)
        found = len(work().mentions)
        taken = sorted((timed(work) for _ in range(REPEATS)), key=lambda one: one.wall)[REPEATS // 2]
        how = f"one text, {found:,} mentions, embedded gazetteer, median of {REPEATS}; {_cpu(taken)}"
        lines.append(Line(f"read {WORDS:,} words of {named}", taken.wall, LIMITS["read"], "s", how))
    return lines


def _cpu(taken: Taken) -> str:
    return f"wall time; {taken.cpu:.1f} s of CPU time"


def checking(home: Path) -> Line:
    """Claims against the embedded figures, each asked for the first time."""
    wanted, whom = claims(), asker(home)
    verdicts: dict[str, int] = {}

    def work() -> None:
        for result in check(whom, wanted).results:
            verdicts[result.verdict] = verdicts.get(result.verdict, 0) + 1

    taken = timed(work)
    told = ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items()))
    how = f"embedded figures, nothing asked before; {told}; {_cpu(taken)}"
    return Line(f"check {CLAIMS} claims", taken.wall, LIMITS["check"], "s", how)


def lines() -> list[Line]:
    """The figures of this bench."""
    with tempfile.TemporaryDirectory() as folder:
        return [*reading(Path(folder) / "reading"), checking(Path(folder) / "checking")]
