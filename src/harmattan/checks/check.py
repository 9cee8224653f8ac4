"""Checks claims: every part by the check that it names."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.compare import compare
from harmattan.checks.exists import exists
from harmattan.checks.figure import figure
from harmattan.checks.first import first
from harmattan.checks.milestone import milestone
from harmattan.checks.presence import presence
from harmattan.checks.rank import rank
from harmattan.checks.relation import relation
from harmattan.checks.share import share
from harmattan.checks.value import count, value
from harmattan.checks.verdict import Checked, ClaimResult, PartResult
from harmattan.lake.shelf import standing_still
from harmattan.questions.naming import UnknownActor
from harmattan.questions.parsing import nearest
from harmattan.questions.recital import INCOMPLETE
from harmattan.text import T, Text, Verbatim, listing
from harmattan.vocabulary.claim import Claim, Claims

ALIKE = 80
"""The least likeness, of 100, at which a name is told as the one that may be meant."""
Check = Callable[[Asker, Any], PartResult]
"""Judges a part. It raises UsageError for a word of a claims file that there is not, such as a kind of relation."""


def names_known(check: Check) -> Check:
    """Makes a check say that a part cannot be checked where it names somebody whom the dossier does not know."""

    @functools.wraps(check)
    def checked(asker: Asker, part: Any) -> PartResult:
        try:
            return check(asker, part)
        except UnknownActor as unknown:
            names = [asker.book.short(actor) for actor in asker.book.actors]
            near = unknown.near or nearest(unknown.name, names, cutoff=ALIKE)
            return PartResult(part, "not_checkable", _unknown(unknown.name, near), INCOMPLETE)

    return checked


def _unknown(name: str, near: Sequence[str]) -> Text:
    """That nobody is known by the name, and whom it may mean."""
    if not near:
        return T("The dossier knows no actor called {name}.", name=Verbatim(name))
    may = listing([Verbatim(one) for one in near], "or")
    return T("The dossier knows no actor called {name} for certain; it may mean {near}.", name=Verbatim(name), near=may)


_CHECKS: dict[str, Check] = {
    "exists": exists,
    "first": first,
    "count": count,
    "value": value,
    "relation": relation,
    "presence": presence,
    "milestone": milestone,
    "figure": figure,
    "compare": compare,
    "rank": rank,
    "share": share,
}
CHECKS: dict[str, Check] = {name: names_known(check) for name, check in _CHECKS.items()}
"""By the name that a part gives in `check`."""


def check(asker: Asker, claims: Claims) -> Checked:
    """The verdicts on a claims file."""
    with standing_still():
        return Checked(claims, tuple(check_claim(asker, claim) for claim in claims.claim))


def check_claim(asker: Asker, claim: Claim) -> ClaimResult:
    """The verdicts on one claim."""
    return ClaimResult(claim, tuple(CHECKS[part.check](asker, part) for part in claim.part))
