"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    api,
    api_ask,
    api_desk,
    api_evidence,
    api_jobs,
    api_lake,
    api_page,
    assets,
    evidence,
    home,
    jobs,
    questions,
)

API = (
    api.ROUTER,
    api_ask.ROUTER,
    api_evidence.ROUTER,
    api_lake.ROUTER,
    api_jobs.ROUTER,
    api_desk.ROUTER,
    api_page.ROUTER,
)
EVERY = (home.ROUTER, questions.ROUTER, evidence.ROUTER, jobs.ROUTER, assets.ROUTER, *API)
