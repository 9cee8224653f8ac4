"""The whole API under schemathesis: what it sends is drawn from the description, what comes back is held against it.

`python -m tests.web.fuzzed SECONDS` does it for longer and says how many cases there were.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.questions.registry import QUESTIONS

SEED = 20_261_127
NOT_ASKED = "|".join(f"/ask/{name}$" for name, question in QUESTIONS.items() if question.slow) + "|/verify$"
"""Addresses whose answers take long: each would cost more than all the others; they are asked once elsewhere."""
SEMANTIC = ["2xx", "3xx", "401", "403", "404", "406", "409", "422", "429"]
"""What well-formed words may be answered with: no schema says which actors, releases or days there are."""


@dataclass
class Found:
    """What came of it."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    operations: set[str] = field(default_factory=set)


def fuzz(app: Any, *, examples: int, seconds: int, seed: int = SEED, coverage: bool = True) -> Found:
    """Asks an application for so many examples of each operation, and at most so long."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import from_schema
    from schemathesis.engine.events import NonFatalError, ScenarioFinished

    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": "http://127.0.0.1",
            "max-time": seconds,
            "checks": {"positive_data_acceptance": {"expected-statuses": SEMANTIC}},
            "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
            "phases": {"coverage": {"enabled": coverage}, "stateful": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_dict(app.openapi(), config=config)
    schema.app = app
    found, began = Found(), time.monotonic()
    for event in from_schema(schema.exclude(path_regex=NOT_ASKED)).execute():
        if isinstance(event, NonFatalError):
            found.failures[f"{event.label} {type(event.value).__name__}"] = str(event.value)[:500]
        if isinstance(event, ScenarioFinished):
            _told(event.recorder, found)
    found.seconds = time.monotonic() - began
    return found


def _told(recorder: Any, found: Found) -> None:
    found.operations.add(recorder.label)
    found.cases += len(recorder.interactions)
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                request = recorder.interactions[case].request
                why = f"{check.failure_info.failure.title}: {check.failure_info.failure.message}"
                found.failures[f"{recorder.label} {check.name}"] = f"{request.method} {request.uri}\n{why[:700]}"


def main() -> None:
    """Fuzzes for the seconds that are said."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    with tempfile.TemporaryDirectory() as home:
        app = make_app(Settings(Path(home), "sahel", person="Awa", patience=0.5))
        found = fuzz(app, examples=int(sys.argv[2]) if sys.argv[2:] else 200, seconds=int(sys.argv[1]))
        app.state.house.close()
    print(f"{found.cases} cases of {len(found.operations)} operations in {found.seconds:.0f} s: {dict(found.statuses)}")
    for where, why in found.failures.items():
        print(f"--- {where}\n{why}")


if __name__ == "__main__":
    main()
