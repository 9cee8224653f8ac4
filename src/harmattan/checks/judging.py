"""Claims judged against a lake, as the case reads it; and what of them may be quoted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harmattan.case import Case
from harmattan.checks.asker import Asker
from harmattan.checks.check import check
from harmattan.checks.verdict import Checked
from harmattan.questions.gazetteer import gazetteer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.questions.said import of_family
from harmattan.vocabulary.claim import Claims

LEFT_OUT = "[...]"
"""What stands for the words of a confidential document."""


def judged(claims: Claims, inquiry: Inquiry, case: Case, said: Params) -> tuple[Checked, Params]:
    """The verdicts, and the parameters that were used. Where `said` has no as-of date, the claims' own holds.

    The inquiry keeps the evidence of every answer.
    """
    claims = claims.model_copy(update={"as_of": said.as_of or claims.as_of})
    params = of_family(replace(said, as_of=claims.as_of), case)
    asker = Asker(inquiry, params, gazetteer(inquiry.world, params).named, claims.document)
    return check(asker, claims), params


def without_quotes(claims: Claims) -> Claims:
    """The claims without words of their document, nor whence it comes: what may leave of a confidential one."""
    bare: dict[str, Any] = {"quote": LEFT_OUT, "citation": None, "note": {}}
    named = {"title": claims.document.digest[:12] or LEFT_OUT, "publisher": "", "authors": "", "url": ""}
    about = claims.document.model_copy(update=named)
    return claims.model_copy(
        update={"document": about, "claim": tuple(claim.model_copy(update=bare) for claim in claims.claim)}
    )
