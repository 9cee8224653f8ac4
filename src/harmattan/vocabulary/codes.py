"""UNHCR's own three letters for countries, which are those of ISO 3166 for most of them only."""

from __future__ import annotations

import re

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import is_iso3

# UNHCR's letters where they are not ISO 3166, as the tables that UNHCR publishes have them (coo beside coo_iso).
_UNHCR = """
ALG DZA ANG AGO ANT ATG ARE EGY AUL AUS AUS AUT BAH BHR BAR BRB BER BMU BHU BTN BKF BFA BOT BWA BRU BRN BSN BIH BUL BGR
BVI VGB BZE BLZ CAM KHM CAR CAF CAY CYM CHD TCD CHI CHN COB COG COI COM COS CRI CVI CPV DEN DNK DJB DJI EGU GNQ ERT ERI
FGU GUF FIJ FJI FNC NCL FPO PYF GAM GMB GAZ PSE GFR DEU GRE GRC GRN GRD GUA GTM GUI GIN HAI HTI HON HND ICE ISL ICO CIV
INS IDN IRE IRL KRN PRK KUW KWT LEB LBN LES LSO MAD MDG MAR MTQ MAU MRT MCD MKD MLS MYS MLW MWI MOR MAR MTA MLT MTS MUS
MYA MMR NEP NPL NET NLD NGR NER NIG NGA PAR PRY PHI PHL POR PRT PUE PRI ROM ROU RSA ZAF SAL SLV SEY SYC SIN SGP SMA SMR
SOL SLB SPA ESP SRV VNM STK KNA SUD SDN SWA SWZ SWI CHE TAN TZA TCI TCA TMP TLS TOG TGO TRT TTO UAE ARE URU URY VAN VUT
WES WSM WSH ESH ZAM ZMB ZIM ZWE
"""

ISO3_BY_UNHCR: dict[str, str] = dict(re.findall(r"([A-Z]{3}) ([A-Z]{3})", _UNHCR))
"""ISO3 by UNHCR's code, where the two differ."""


def iso3_from_unhcr(code: str) -> str:
    """The ISO3 code of one of UNHCR's own country codes. Raises UsageError for a code that is not one.

    UNHCR's letters are ISO's for most countries, and another country's for some: ARE is Egypt, NIG is Nigeria. The
    ISO code of a country that has a code of its own there is refused.

    >>> iso3_from_unhcr("BKF"), iso3_from_unhcr("ARE"), iso3_from_unhcr("MLI")
    ('BFA', 'EGY', 'MLI')
    """
    known = ISO3_BY_UNHCR.get(code)
    if known is None and is_iso3(code) and code not in ISO3_BY_UNHCR.values():
        known = code
    if known is None:
        raise UsageError(T("{code} is not one of UNHCR's country codes.", code=Verbatim(code)))
    return known
