"""Country codes of other schemes, each read by a function that says in its name which scheme it is.

FIPS 10-4 looks like ISO 3166 alpha-2 and is not: NG is Niger, NI is Nigeria. The Correlates of War numbers are mostly
those of Gleditsch and Ward and differ in some states.
"""

from __future__ import annotations

import re

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import ISO3_BY_GW

_FIPS = """
AF AFG AL ALB AG DZA AN AND AO AGO AC ATG AR ARG AM ARM AS AUS AU AUT AJ AZE BF BHS BA BHR BG BGD BB BRB BO BLR BE BEL
BH BLZ BN BEN BT BTN BL BOL BK BIH BC BWA BR BRA BX BRN BU BGR UV BFA BM MMR BY BDI CB KHM CM CMR CA CAN CV CPV CT CAF
CD TCD CI CHL CH CHN CO COL CN COM CG COD CF COG CS CRI IV CIV HR HRV CU CUB CY CYP EZ CZE DA DNK DJ DJI DO DMA DR DOM
EC ECU EG EGY ES SLV EK GNQ ER ERI EN EST ET ETH FJ FJI FI FIN FR FRA GB GAB GA GMB GG GEO GM DEU GH GHA GR GRC GJ GRD
GT GTM GV GIN PU GNB GY GUY HA HTI HO HND HU HUN IC ISL IN IND ID IDN IR IRN IZ IRQ EI IRL IS ISR IT ITA JM JAM JA JPN
JO JOR KZ KAZ KE KEN KR KIR KN PRK KS KOR KV XKX KU KWT KG KGZ LA LAO LG LVA LE LBN LT LSO LI LBR LY LBY LS LIE LH LTU
LU LUX MK MKD MA MDG MI MWI MY MYS MV MDV ML MLI MT MLT RM MHL MR MRT MP MUS MX MEX FM FSM MD MDA MN MCO MG MNG MJ MNE
MO MAR MZ MOZ WA NAM NR NRU NP NPL NL NLD NZ NZL NU NIC NG NER NI NGA NO NOR MU OMN PK PAK PS PLW PM PAN PP PNG PA PRY
PE PER RP PHL PL POL PO PRT QA QAT RO ROU RS RUS RW RWA SC KNA ST LCA VC VCT WS WSM SM SMR TP STP SA SAU SG SEN RI SRB
SE SYC SL SLE SN SGP LO SVK SI SVN BP SLB SO SOM SF ZAF OD SSD SP ESP CE LKA SU SDN NS SUR WZ SWZ SW SWE SZ CHE SY SYR
TW TWN TI TJK TZ TZA TH THA TT TLS TO TGO TN TON TD TTO TS TUN TU TUR TX TKM TV TUV UG UGA UP UKR AE ARE UK GBR US USA
UY URY UZ UZB NH VUT VE VEN VM VNM YM YEM ZA ZMB ZI ZWE
"""
"""Only states: a territory that is none by Gleditsch and Ward, such as Western Sahara (WI), is left out."""

ISO3_BY_FIPS: dict[str, str] = dict(re.findall(r"\b([A-Z]{2}) ([A-Z]{3})\b", _FIPS))
"""ISO3 by FIPS 10-4 country code."""

_COW_ITS_OWN = """
255 DEU 260 DEU 265 DEU 300 AUT 315 CZE 511 TZA 679 YEM 730 KOR 817 VNM 946 KIR 947 TUV 955 TON 970 NRU
"""
_GW_ITS_OWN = (971, 972, 973)
"""Gleditsch-Ward numbers that the Correlates of War do not use: Nauru, Tonga and Tuvalu have others there."""

ISO3_BY_COW: dict[int, str] = {gw: iso3 for gw, iso3 in ISO3_BY_GW.items() if gw not in _GW_ITS_OWN} | {
    int(cow): iso3 for cow, iso3 in re.findall(r"(\d+) ([A-Z]{3})", _COW_ITS_OWN)
}
"""ISO3 by Correlates of War number (State System Membership List); past states go to the state that followed."""


def iso3_from_fips(fips: str) -> str | None:
    """The ISO3 code of a FIPS 10-4 country code, or None for a territory, the sea, or what is no code.

    >>> iso3_from_fips("NG"), iso3_from_fips("NI"), iso3_from_fips("UV"), iso3_from_fips("IV"), iso3_from_fips("OS")
    ('NER', 'NGA', 'BFA', 'CIV', None)
    """
    return ISO3_BY_FIPS.get(fips.strip().upper())


def fips_from_iso3(iso3: str) -> str:
    """The FIPS 10-4 country code of an ISO3 code. Raises UsageError for a state that has none.

    >>> fips_from_iso3("NER"), fips_from_iso3("TCD")
    ('NG', 'CD')
    """
    found = [fips for fips, code in ISO3_BY_FIPS.items() if code == iso3]
    if not found:
        raise UsageError(T("{iso3} has no FIPS 10-4 code.", iso3=Verbatim(iso3)))
    return found[0]


def iso3_from_cow(cow: int) -> str:
    """The ISO3 code of a Correlates of War state number. Raises UsageError for a number that is not one.

    >>> iso3_from_cow(434), iso3_from_cow(970), iso3_from_cow(817)
    ('BEN', 'NRU', 'VNM')
    """
    if cow not in ISO3_BY_COW:
        raise UsageError(T("{cow} is not a Correlates of War state number.", cow=Verbatim(str(cow))))
    return ISO3_BY_COW[cow]
