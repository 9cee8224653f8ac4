"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    accounts,
    api_whole,
    assets,
    charts,
    evidence,
    exports,
    home,
    jobs,
    questions,
)

EVERY = (
    home.ROUTER,
    questions.ROUTER,
    evidence.ROUTER,
    jobs.ROUTER,
    accounts.ROUTER,
    charts.ROUTER,
    exports.ROUTER,
    assets.ROUTER,
    *api_whole.EVERY,
)
