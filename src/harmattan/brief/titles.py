"""What the sections of a brief are called before they are composed: what a reader chooses from."""

from __future__ import annotations

from harmattan.text import CountryName, T, Text, msg

TITLES: dict[str, str] = {
    "judgement": msg("The state of things"),
    "alerts": msg("Alerts"),
    "trend": msg("Violence over time in {country}"),
    "timeline": msg("What happened when in {country}"),
    "map": msg("Where"),
    "expansion": msg("How the most active group spread"),
    "borders": msg("Along the borders"),
    "fighting": msg("Who fights whom"),
    "competition": msg("Groups against each other"),
    "alliances": msg("Who stands with whom, and who fights whom"),
    "network": msg("Who stands amid the links"),
    "civilians": msg("Civilians killed in {country}"),
    "partners": msg("Civilians killed while foreign forces were in {country}"),
    "incidents": msg("The largest incidents in {country}"),
    "presence": msg("Forces that came and went"),
    "vacuum": msg("Places that forces left"),
    "effects": msg("What events changed, as far as can be told"),
    "governance": msg("Before and after coups"),
    "neighbours": msg("The neighbours"),
    "spillover": msg("Whose violence follows whose"),
    "index": msg("How severe, beside the neighbours"),
    "needs": msg("Displacement and needs, as reported"),
    "exposure": msg("People who live near violence"),
    "mines": msg("Mines and violence"),
    "displacement-violence": msg("Displaced people and violence in {country}"),
    "influence": msg("Accounts that act together"),
    "forecast": msg("The months ahead"),
    "track-record": msg("How forecasts of past months came out"),
    "revisions": msg("What the publisher changed"),
}


def title_of(section: str, focus: str) -> Text:
    """The title of a section in the brief of a country, ISO3.

    >>> str(title_of("trend", "MLI"))
    'Violence over time in Mali'
    """
    return T(TITLES[section], country=CountryName(focus))
