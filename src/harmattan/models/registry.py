"""The models that can be asked for by name."""

from __future__ import annotations

from harmattan.errors import UsageError
from harmattan.models.cells import CELLS
from harmattan.models.draws import Model
from harmattan.models.forest import Forest
from harmattan.models.history import BASELINES, Fading
from harmattan.models.pooled import POOLED
from harmattan.text import T, Verbatim, listing

MODELS: dict[str, Model] = {model.name: model for model in (*BASELINES, Fading(), Forest(), POOLED, CELLS)}


def model_called(name: str) -> Model:
    """The model of a name. Raises UsageError."""
    if name not in MODELS:
        known = listing([Verbatim(one) for one in MODELS])
        raise UsageError(
            T("There is no model called {name}.", name=Verbatim(name)), available=T("{known}", known=known)
        )
    return MODELS[name]
