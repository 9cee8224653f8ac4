"""Every page that there is, by an address of it: what is promised of pages is asserted for each."""

from __future__ import annotations

EVERY = (
    "/",
    "/map",
    "/events?country=MLI&from=2023-01&to=2023-12",
    "/actors",
    "/actors/jnim",
    "/network",
    "/questions",
    "/questions/casualties?country=BFA&country=MLI&by=year&from=2015&to=2023",
    "/questions/casualties",
    "/questions/casualties?country=Mlai",
    "/questions/who-is?name=GSIM",
    "/ahead",
    "/effects",
    "/campaigns",
    "/desk",
    "/desk/{document}",
    "/desk/{document}/review",
    "/desk/{document}/claims",
    "/desk/{document}/claim",
    "/desk/{document}/check",
    "/desk/{document}/missed",
    "/desk/export",
    "/check",
    "/brief",
    "/sources",
    "/sources/ucdp-ged-cells@24.1",
    "/sources/diff",
    "/jobs",
    "/api",
    "/evidence/{answer}",
    "/nowhere",
)
"""`{document}` is one on the desk, `{answer}` an evidence id."""
SLOW = ("/", "/ahead", "/effects", "/campaigns", "/network", "/actors/jnim", "/desk/{document}/check")
"""Pages some of whose parts are made while they are looked at."""


def name_of(address: str) -> str:
    """An address as the name of a file.

    >>> name_of("/sources/ucdp-ged-cells@24.1"), name_of("/")
    ('sources-ucdp-ged-cells-24-1', 'overview')
    """
    kept = "".join(letter if letter.isalnum() else "-" for letter in address)
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-")[:60] or "overview"
