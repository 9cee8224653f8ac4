"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import assets, events, evidence, home, jobs, map, map_layers, questions

EVERY = (
    home.ROUTER,
    questions.ROUTER,
    evidence.ROUTER,
    events.ROUTER,
    map.ROUTER,
    map_layers.ROUTER,
    jobs.ROUTER,
    assets.ROUTER,
)
