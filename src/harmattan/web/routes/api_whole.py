"""Every address of the API."""

from __future__ import annotations

from harmattan.web.routes import api, api_ask, api_desk, api_evidence, api_jobs, api_lake, api_page

EVERY = (
    api.ROUTER,
    api_ask.ROUTER,
    api_evidence.ROUTER,
    api_lake.ROUTER,
    api_jobs.ROUTER,
    api_desk.ROUTER,
    api_page.ROUTER,
)
