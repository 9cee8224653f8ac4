"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import accounts, assets, brief, evidence, home, jobs, questions, sources

EVERY = (
    home.ROUTER,
    questions.ROUTER,
    evidence.ROUTER,
    brief.ROUTER,
    jobs.ROUTER,
    sources.ROUTER,
    accounts.ROUTER,
    assets.ROUTER,
)
