"""Checks claims: every part by the check that it names."""

from __future__ import annotations

from collections.abc import Callable
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
from harmattan.vocabulary.claim import Claim, Claims

Check = Callable[[Asker, Any], PartResult]
"""Judges a part. It raises UsageError for a word of a claims file that there is not, such as a kind of relation."""

CHECKS: dict[str, Check] = {
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
"""By the name that a part gives in `check`."""


def check(asker: Asker, claims: Claims) -> Checked:
    """The verdicts on a claims file."""
    with standing_still():
        return Checked(claims, tuple(check_claim(asker, claim) for claim in claims.claim))


def check_claim(asker: Asker, claim: Claim) -> ClaimResult:
    """The verdicts on one claim."""
    return ClaimResult(claim, tuple(CHECKS[part.check](asker, part) for part in claim.part))
