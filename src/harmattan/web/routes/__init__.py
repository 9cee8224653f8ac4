"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    accounts,
    assets,
    desk,
    desk_check,
    desk_claims,
    desk_out,
    desk_review,
    evidence,
    home,
    jobs,
    questions,
)

EVERY = (
    home.ROUTER, questions.ROUTER, evidence.ROUTER, jobs.ROUTER, accounts.ROUTER,
    desk_out.ROUTER, desk_review.ROUTER, desk_claims.ROUTER, desk_check.ROUTER, desk.ROUTER,
    assets.ROUTER,
)  # fmt: skip
