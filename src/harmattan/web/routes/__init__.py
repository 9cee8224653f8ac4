"""One module for each group of pages: `ROUTER` with its routes, each of which says who may use it."""

from __future__ import annotations

from harmattan.web.routes import (
    accounts,
    actors,
    ahead,
    assets,
    campaigns,
    charts,
    effects,
    evidence,
    exports,
    home,
    jobs,
    network,
    pictures,
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
    pictures.ROUTER,
    actors.ROUTER,
    network.ROUTER,
    ahead.ROUTER,
    effects.ROUTER,
    campaigns.ROUTER,
)
