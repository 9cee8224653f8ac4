"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    accounts,
    api_whole,
    assets,
    brief,
    charts,
    desk,
    desk_check,
    desk_claims,
    desk_out,
    desk_review,
    events,
    evidence,
    exports,
    home,
    jobs,
    map,
    map_layers,
    questions,
    sources,
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
    desk_out.ROUTER,
    desk_review.ROUTER,
    desk_claims.ROUTER,
    desk_check.ROUTER,
    desk.ROUTER,
    brief.ROUTER,
    sources.ROUTER,
    assets.ROUTER,
    *api_whole.EVERY,
)
