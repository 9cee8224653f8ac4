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
SEMANTIC = ["2xx", "3xx", "400", "401", "403", "404", "406", "409", "414", "422", "429"]
"""What well-formed words may be answered with: no schema says which actors, releases or days there are."""
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "414", "415", "422", "428", "429", "5xx"]
"""What words that break the schema may be answered with; an address may grow too long by them."""


@dataclass
class Found:
    """What came of it."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    work: float = 0.0
    """Seconds of the processor."""
    operations: set[str] = field(default_factory=set)


def fuzz(app: Any, *, examples: int, seconds: int | None = None, coverage: bool = True, asked: str = "") -> Found:
    """Asks an application for so many examples of each operation; with `seconds`, again and again for so long.

    `asked` are the only questions that are asked, joined by |; none means all but the slow ones.
    """
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import from_schema
    from schemathesis.engine.events import NonFatalError, ScenarioFinished

    long = {"max-time": seconds} if seconds else {}
    config = SchemathesisConfig.from_dict(
        long
        | {
            "seed": SEED,
            "base-url": "http://127.0.0.1",
            "checks": {
                "positive_data_acceptance": {"expected-statuses": SEMANTIC},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
            "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
            "phases": {"coverage": {"enabled": coverage}, "stateful": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_dict(app.openapi(), config=config)
    schema.app = app
    found, began, worked = Found(), time.monotonic(), time.process_time()
    excluded = rf"/ask/(?!({asked})$)|/verify$" if asked else NOT_ASKED
    for event in from_schema(schema.exclude(path_regex=excluded)).execute():
        if isinstance(event, NonFatalError):
            found.failures[f"{event.label} {type(event.value).__name__}"] = str(event.value)[:500]
        if isinstance(event, ScenarioFinished):
            _told(event.recorder, found)
    found.seconds, found.work = time.monotonic() - began, time.process_time() - worked
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
        examples = int(sys.argv[2]) if sys.argv[2:] else 200
        found = fuzz(app, examples=examples, seconds=int(sys.argv[1]), coverage=examples > 5)
        app.state.house.close()
    print(f"{found.cases} cases of {len(found.operations)} operations: {dict(found.statuses)}")
    print(f"{found.seconds:.0f} s, of which {found.work:.0f} s of the processor")
    for where, why in found.failures.items():
        print(f"--- {where}\n{why}")


if __name__ == "__main__":
    main()
