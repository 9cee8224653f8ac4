"""How the checks judge claims known to be true, and the same claims with a number, year, place or actor changed.

A changed claim is visible where the tables rule it out by every way of counting, and by every record of the dossier:
that is looked up independently of the checks (`truth_events`, `truth_dossier`). One that is not visible may still be
true and must not be contradicted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from harmattan.checks.asker import Asker
from harmattan.checks.check import CHECKS
from harmattan.checks.verdict import VERDICTS, PartResult
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.reading.mentions import PlaceName
from harmattan.vocabulary.claim import Part
from quality.drawn import MUTATIONS, Drawn, drawn, mutated
from quality.truth_dossier import DossierTruth
from quality.truth_events import EventTruth

AS_OF = dt.date(2023, 12, 31)
"""The last day that the embedded sums of single events by cell cover."""
SEED = 9
DOSSIER = ("relation", "presence", "milestone", "figure")
_PART: TypeAdapter[Part] = TypeAdapter(Part)


@dataclass(frozen=True)
class Judged:
    """A claim, whether it can be true, and what the checks say."""

    claim: Drawn
    possible: bool
    result: PartResult

    @property
    def visible(self) -> bool:
        """Whether the data can see that it is wrong."""
        return self.claim.mutation != "none" and not self.possible


@dataclass(frozen=True)
class Confusion:
    """The verdicts on true and on changed claims."""

    judged: tuple[Judged, ...]

    def of(self, mutation: str, kind: str | None = None) -> list[Judged]:
        """The claims with one change; "none" for the true ones."""
        return [one for one in self.judged if one.claim.mutation == mutation and kind in (None, one.claim.kind)]

    @property
    def true_contradicted(self) -> list[Judged]:
        """True claims that are contradicted: there must be none."""
        return [one for one in self.of("none") if one.result.verdict == "contradicted"]

    @property
    def wrongly_contradicted(self) -> list[Judged]:
        """Claims that can be true, changed or not, and are contradicted: there must be none."""
        return [one for one in self.judged if one.possible and one.result.verdict == "contradicted"]

    @property
    def true_supported(self) -> tuple[int, int]:
        """How many true claims are supported, of how many."""
        true = self.of("none")
        return sum(one.result.verdict == "supported" for one in true), len(true)

    @property
    def seen(self) -> tuple[int, int]:
        """How many visible changes are no longer supported, of how many."""
        visible = [one for one in self.judged if one.visible]
        return sum(one.result.verdict != "supported" for one in visible), len(visible)


def places(name: str, countries: tuple[str, ...]) -> tuple[PlaceName, ...]:
    """Cells by the names that drawn claims give them; no other place."""
    words, _, gid = name.rpartition(" ")
    if words != "cell" or not gid.isdecimal():
        return ()
    return tuple(PlaceName(name, code, "cell", cell=int(gid)) for code in countries)


def asker_of(inquiry: Inquiry) -> Asker:
    """Whom the checks ask here."""
    return Asker(inquiry, Params(as_of=AS_OF), places)


def measure(inquiry: Inquiry, seed: int = SEED, kinds: Sequence[str] = ()) -> Confusion:
    """The verdicts on true claims drawn with a seed, and on every change of them."""
    asker = asker_of(inquiry)
    true = [claim for claim in drawn(asker, seed) if claim.part["check"] in CHECKS]
    if kinds:
        true = [claim for claim in true if claim.kind in kinds]
    events, dossier = EventTruth(asker), DossierTruth(asker)
    found = []
    for claim in (*true, *mutated(true, seed)):
        truth = dossier if claim.part["check"] in DOSSIER else events
        possible = claim.mutation == "none" or truth.possible(claim.part)
        part = _PART.validate_python(claim.part)
        found.append(Judged(claim, possible, CHECKS[part.check](asker, part)))
    return Confusion(tuple(found))


def table(confusion: Confusion) -> Iterator[str]:
    """The confusion table, change by verdict, as lines of Markdown; changes that are visible apart from others."""
    yield "| change | claims | " + " | ".join(verdict.replace("_", " ") for verdict in VERDICTS) + " |"
    yield "|---" * (len(VERDICTS) + 2) + "|"
    yield _line("none: true claims", confusion.of("none"))
    for mutation in MUTATIONS:
        yield _line(f"{mutation}, visible", [one for one in confusion.of(mutation) if one.visible])
        yield _line(f"{mutation}, may be true", [one for one in confusion.of(mutation) if not one.visible])


def by_kind(confusion: Confusion) -> Iterator[str]:
    """The same by kind of claim: true claims, and visible changes."""
    yield "| claims | claims | " + " | ".join(verdict.replace("_", " ") for verdict in VERDICTS) + " |"
    yield "|---" * (len(VERDICTS) + 2) + "|"
    for kind in dict.fromkeys(one.claim.kind for one in confusion.judged):
        yield _line(f"{kind}, true", confusion.of("none", kind))
        yield _line(f"{kind}, visible change", [o for o in confusion.judged if o.claim.kind == kind and o.visible])


def _line(name: str, judged: Iterable[Judged]) -> str:
    found = Counter(one.result.verdict for one in judged)
    cells = [str(found.total()), *(str(found.get(verdict, 0)) for verdict in VERDICTS)]
    return f"| {name} | " + " | ".join(cells) + " |"
