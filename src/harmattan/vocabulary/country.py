"""Countries. Outward they are ISO 3166 alpha-3; other schemes are translated here and never accepted bare.

The same number names different countries in different schemes (434 is Benin by Gleditsch-Ward and Libya by ISO
numeric), so every function says in its name which scheme it reads.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim, listing
from harmattan.text.speaker import country_name

# Gleditsch & Ward (1999) state numbers as UCDP uses them, doi:10.1080/03050629908434958.
_GW = """
2 USA 20 CAN 31 BHS 40 CUB 41 HTI 42 DOM 51 JAM 52 TTO 53 BRB 54 DMA 55 GRD 56 LCA 57 VCT 58 ATG 60 KNA 70 MEX 80 BLZ
90 GTM 91 HND 92 SLV 93 NIC 94 CRI 95 PAN 100 COL 101 VEN 110 GUY 115 SUR 130 ECU 135 PER 140 BRA 145 BOL 150 PRY
155 CHL 160 ARG 165 URY 200 GBR 205 IRL 210 NLD 211 BEL 212 LUX 220 FRA 221 MCO 223 LIE 225 CHE 230 ESP 232 AND 235 PRT
260 DEU 290 POL 305 AUT 310 HUN 316 CZE 317 SVK 325 ITA 331 SMR 338 MLT 339 ALB 340 SRB 341 MNE 343 MKD 344 HRV 345 SRB
346 BIH 347 XKX 349 SVN 350 GRC 352 CYP 355 BGR 359 MDA 360 ROU 365 RUS 366 EST 367 LVA 368 LTU 369 UKR 370 BLR 371 ARM
372 GEO 373 AZE 375 FIN 380 SWE 385 NOR 390 DNK 395 ISL 402 CPV 403 STP 404 GNB 411 GNQ 420 GMB 432 MLI 433 SEN 434 BEN
435 MRT 436 NER 437 CIV 438 GIN 439 BFA 450 LBR 451 SLE 452 GHA 461 TGO 471 CMR 475 NGA 481 GAB 482 CAF 483 TCD 484 COG
490 COD 500 UGA 501 KEN 510 TZA 516 BDI 517 RWA 520 SOM 522 DJI 530 ETH 531 ERI 540 AGO 541 MOZ 551 ZMB 552 ZWE 553 MWI
560 ZAF 565 NAM 570 LSO 571 BWA 572 SWZ 580 MDG 581 COM 590 MUS 591 SYC 600 MAR 615 DZA 616 TUN 620 LBY 625 SDN 626 SSD
630 IRN 640 TUR 645 IRQ 651 EGY 652 SYR 660 LBN 663 JOR 666 ISR 670 SAU 678 YEM 680 YEM 690 KWT 692 BHR 694 QAT 696 ARE
698 OMN 700 AFG 701 TKM 702 TJK 703 KGZ 704 UZB 705 KAZ 710 CHN 712 MNG 713 TWN 731 PRK 732 KOR 740 JPN 750 IND 760 BTN
770 PAK 771 BGD 775 MMR 780 LKA 781 MDV 790 NPL 800 THA 811 KHM 812 LAO 816 VNM 820 MYS 830 SGP 835 BRN 840 PHL 850 IDN
860 TLS 900 AUS 910 PNG 920 NZL 935 VUT 940 SLB 950 FJI 970 KIR 971 NRU 972 TON 973 TUV 983 MHL 986 PLW 987 FSM 990 WSM
"""

ISO3_BY_GW: dict[int, str] = {int(gw): iso3 for gw, iso3 in re.findall(r"(\d+) ([A-Z]{3})", _GW)}
"""ISO3 by Gleditsch-Ward number; past states (345 Yugoslavia, 680 South Yemen) go to the state that UCDP continues."""

COUNTRIES: tuple[str, ...] = tuple(sorted(set(ISO3_BY_GW.values())))


NEAR = 60
"""The least likeness, of 100, at which a country is suggested."""


JOINT = ("NGA+NER",)
"""Codes under which a source has two countries together and cannot tell them apart."""


def iso3_from_gw(gw: int) -> str:
    """The ISO3 code of a Gleditsch-Ward number. Raises UsageError for a number that is not one.

    >>> iso3_from_gw(434)
    'BEN'
    """
    if gw not in ISO3_BY_GW:
        raise UsageError(T("{gw} is not a Gleditsch-Ward state number.", gw=Verbatim(str(gw))))
    return ISO3_BY_GW[gw]


def gw_from_iso3(iso3: str) -> int:
    """The Gleditsch-Ward number of an ISO3 code; of two, the present state's. Raises UsageError when unknown.

    >>> gw_from_iso3("NER")
    436
    """
    numbers = [gw for gw, code in ISO3_BY_GW.items() if code == iso3]
    if not numbers:
        raise unknown_country(iso3, COUNTRIES)
    return min(numbers)


@functools.cache
def _iso2_by_iso3() -> dict[str, str]:
    """ISO2 by ISO3 of today's countries and territories, by CLDR, and Kosovo's usual codes."""
    from babel.core import get_global

    past = {"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"}
    free = re.compile(r"AA.|Q[M-Z].|X..|ZZ.")  # ISO 3166 leaves these to whoever wants them
    found = {"XKX": "XK"}
    for three, two in get_global("territory_aliases").items():
        if re.fullmatch("[A-Z]{3}", three) and len(two) == 1 and three not in past and not free.fullmatch(three):
            found[three] = two[0]
    return found


@functools.cache
def _iso3_by_iso2() -> dict[str, str]:
    return {two: three for three, two in _iso2_by_iso3().items()}


def is_iso3(code: str) -> bool:
    """Whether a text is an ISO3 code of a country or territory; those that no conflict data speak about count too.

    >>> is_iso3("ESH"), is_iso3("ML")
    (True, False)
    """
    return code in _iso2_by_iso3()


def iso3_from_iso2(iso2: str) -> str:
    """The ISO3 code of an ISO 3166 alpha-2 code, as P-codes begin with. Raises UsageError for another text.

    >>> iso3_from_iso2("NG"), iso3_from_iso2("NE")
    ('NGA', 'NER')
    """
    if iso2.upper() not in _iso3_by_iso2():
        raise UsageError(T("{words} is not an ISO 3166 alpha-2 code.", words=Verbatim(iso2)))
    return _iso3_by_iso2()[iso2.upper()]


def iso3_from_natural_earth(adm0_a3: str) -> str:
    """The ISO3 code of Natural Earth's `adm0_a3`, which has its own where it draws a line of its own.

    >>> iso3_from_natural_earth("SDS")
    'SSD'
    """
    code = {"SDS": "SSD", "KOS": "XKX", "SAH": "ESH", "PSX": "PSE", "ALD": "ALA"}.get(adm0_a3, adm0_a3)
    if not is_iso3(code):
        raise UsageError(T("Natural Earth's {words} is no country of ISO 3166.", words=Verbatim(adm0_a3)))
    return code


@functools.cache
def _codes_by_name() -> dict[str, str]:
    names = {_plain(country_name(code, language)): code for code in COUNTRIES for language in ("en", "fr")}
    return names | {"ivory coast": "CIV", "dr congo": "COD", "turkey": "TUR", "burma": "MMR"}


def _plain(name: str) -> str:
    """A name without case, accents and the difference between apostrophes, hyphens and spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.sub(r"[’'-]", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def parse_country(words: str, known: Iterable[str] = COUNTRIES) -> str:
    """An ISO3 code from an ISO3 code or a country's English or French name.

    Numbers and two-letter codes are refused, since they mean different countries in different schemes.

    >>> parse_country("Burkina Faso"), parse_country("mli")
    ('BFA', 'MLI')
    """
    written = words.strip()
    code = written.upper()
    if code in set(known):
        return code
    if code in COUNTRIES or code in JOINT:
        return code
    by_name = _codes_by_name().get(_plain(written))
    if by_name:
        return by_name
    if re.fullmatch(r"\d+|[A-Za-z]{2}", written):
        raise UsageError(
            T(
                "{words} is not an ISO3 code: a bare number or two letters do not say their scheme.",
                words=Verbatim(words),
            ),
            do=T("Write the ISO3 code or the name: MLI or Mali."),
        )
    raise unknown_country(words, known)


def unknown_country(words: str, known: Iterable[str]) -> UsageError:
    """The error for a country that there is not, with the nearest that there are."""
    from rapidfuzz import fuzz

    labels = {code: f"{code} {country_name(code, 'en')}" for code in known}
    names = {code: [_plain(country_name(code, language)) for language in ("en", "fr")] for code in labels}
    scores = {
        code: max(fuzz.ratio(words.upper(), code), *(fuzz.WRatio(_plain(words), name) for name in names[code]))
        for code in labels
    }
    nearest = sorted((code for code in scores if scores[code] >= NEAR), key=lambda code: (-scores[code], code))[:3]
    return UsageError(
        T("There is no country {words}.", words=Verbatim(words)), available=did_you_mean([labels[c] for c in nearest])
    )


def did_you_mean(nearest: list[str]) -> Text | None:
    """The question "Did you mean …?", or nothing where nothing is near."""
    if not nearest:
        return None
    return T("Did you mean {nearest}?", nearest=listing([Verbatim(near) for near in nearest], "or"))
