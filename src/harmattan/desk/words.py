"""States and kinds of assertions in words."""

from __future__ import annotations

from harmattan.text import T, Text

STATES: dict[str, Text] = {
    "candidate": T("candidate"),
    "accepted": T("accepted"),
    "conflict": T("conflict"),
    "rejected": T("rejected"),
    "obsolete": T("obsolete"),
}
"""The states, the open ones and the accepted first."""
KINDS: dict[str, Text] = {
    "actor": T("actor"),
    "place": T("place"),
    "date": T("date"),
    "figure": T("figure"),
    "new_name": T("new name"),
    "relation": T("relation"),
    "event": T("event"),
    "claim": T("claim"),
}
"""What an assertion can be about."""
