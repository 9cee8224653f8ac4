"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    accounts,
    api_whole,
    assets,
    charts,
    events,
    evidence,
    exports,
    home,
    jobs,
    map,
    map_layers,
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
    events.ROUTER,
    map.ROUTER,
    map_layers.ROUTER,
    assets.ROUTER,
    *api_whole.EVERY,
)
