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

# ISO 3166-1 numeric codes, as the Common Locale Data Repository has them (territory aliases, 2026).
_NUMERIC = """
4 AFG 8 ALB 10 ATA 12 DZA 16 ASM 20 AND 24 AGO 28 ATG 31 AZE 32 ARG 36 AUS 40 AUT 44 BHS 48 BHR 50 BGD 51 ARM 52 BRB
56 BEL 60 BMU 64 BTN 68 BOL 70 BIH 72 BWA 74 BVT 76 BRA 84 BLZ 86 IOT 90 SLB 92 VGB 96 BRN 100 BGR 104 MMR 108 BDI
112 BLR 116 KHM 120 CMR 124 CAN 132 CPV 136 CYM 140 CAF 144 LKA 148 TCD 152 CHL 156 CHN 158 TWN 162 CXR 166 CCK 170 COL
174 COM 175 MYT 178 COG 180 COD 184 COK 188 CRI 191 HRV 192 CUB 196 CYP 203 CZE 204 BEN 208 DNK 212 DMA 214 DOM 218 ECU
222 SLV 226 GNQ 231 ETH 232 ERI 233 EST 234 FRO 238 FLK 239 SGS 242 FJI 246 FIN 248 ALA 250 FRA 254 GUF 258 PYF 260 ATF
262 DJI 266 GAB 268 GEO 270 GMB 275 PSE 276 DEU 288 GHA 292 GIB 296 KIR 300 GRC 304 GRL 308 GRD 312 GLP 316 GUM 320 GTM
324 GIN 328 GUY 332 HTI 334 HMD 336 VAT 340 HND 344 HKG 348 HUN 352 ISL 356 IND 360 IDN 364 IRN 368 IRQ 372 IRL 376 ISR
380 ITA 384 CIV 388 JAM 392 JPN 398 KAZ 400 JOR 404 KEN 408 PRK 410 KOR 414 KWT 417 KGZ 418 LAO 422 LBN 426 LSO 428 LVA
430 LBR 434 LBY 438 LIE 440 LTU 442 LUX 446 MAC 450 MDG 454 MWI 458 MYS 462 MDV 466 MLI 470 MLT 474 MTQ 478 MRT 480 MUS
484 MEX 492 MCO 496 MNG 498 MDA 499 MNE 500 MSR 504 MAR 508 MOZ 512 OMN 516 NAM 520 NRU 524 NPL 528 NLD 531 CUW 533 ABW
534 SXM 535 BES 540 NCL 548 VUT 554 NZL 558 NIC 562 NER 566 NGA 570 NIU 574 NFK 578 NOR 580 MNP 581 UMI 583 FSM 584 MHL
585 PLW 586 PAK 591 PAN 598 PNG 600 PRY 604 PER 608 PHL 612 PCN 616 POL 620 PRT 624 GNB 626 TLS 630 PRI 634 QAT 638 REU
642 ROU 643 RUS 646 RWA 652 BLM 654 SHN 659 KNA 660 AIA 662 LCA 663 MAF 666 SPM 670 VCT 674 SMR 678 STP 682 SAU 686 SEN
688 SRB 690 SYC 694 SLE 702 SGP 703 SVK 704 VNM 705 SVN 706 SOM 710 ZAF 716 ZWE 724 ESP 728 SSD 729 SDN 732 ESH 740 SUR
744 SJM 748 SWZ 752 SWE 756 CHE 760 SYR 762 TJK 764 THA 768 TGO 772 TKL 776 TON 780 TTO 784 ARE 788 TUN 792 TUR 795 TKM
796 TCA 798 TUV 800 UGA 804 UKR 807 MKD 818 EGY 826 GBR 831 GGY 832 JEY 833 IMN 834 TZA 840 USA 850 VIR 854 BFA 858 URY
860 UZB 862 VEN 876 WLF 882 WSM 887 YEM 894 ZMB
"""

ISO3_BY_NUMERIC: dict[int, str] = {int(number): iso3 for number, iso3 in re.findall(r"(\d+) ([A-Z]{3})", _NUMERIC)}
"""ISO3 by ISO 3166-1 numeric code, territories among them."""

PLACES: tuple[str, ...] = tuple(sorted({*COUNTRIES, *ISO3_BY_NUMERIC.values()}))
"""Every country and territory that can be named: some sources have events in places that are no state."""
_ISO3 = frozenset(PLACES)


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


def iso3_from_numeric(number: int) -> str:
    """The ISO3 code of an ISO 3166-1 numeric code. Raises UsageError for a number that is not one.

    >>> iso3_from_numeric(434), iso3_from_numeric(204)
    ('LBY', 'BEN')
    """
    if number not in ISO3_BY_NUMERIC:
        raise UsageError(T("{number} is not an ISO 3166 numeric code.", number=Verbatim(str(number))))
    return ISO3_BY_NUMERIC[number]


def iso3_from_name(name: str) -> str | None:
    """The ISO3 code of an English or French name of a country or territory, or None where it is not one.

    >>> iso3_from_name("Democratic Republic of Congo"), iso3_from_name("Red Sea")
    ('COD', None)
    """
    return codes_by_name().get(_plain(name))


def gw_from_iso3(iso3: str) -> int:
    """The Gleditsch-Ward number of an ISO3 code; of two, the present state's. Raises UsageError when unknown.

    >>> gw_from_iso3("NER")
    436
    """
    numbers = [gw for gw, code in ISO3_BY_GW.items() if code == iso3]
    if not numbers:
        raise unknown_country(iso3, COUNTRIES)
    return min(numbers)


_OTHER_NAMES = {
    "CIV": ("Ivory Coast",), "COD": ("DR Congo", "Democratic Republic of Congo", "Democratic Republic of the Congo"),
    "COG": ("Republic of Congo", "Congo"), "TUR": ("Turkey",), "MMR": ("Burma", "Myanmar"), "CZE": ("Czech Republic",),
    "PSE": ("Palestine",), "TLS": ("East Timor",), "HKG": ("Hong Kong",), "MAC": ("Macau", "Macao"),
    "GGY": ("Bailiwick of Guernsey",), "JEY": ("Bailiwick of Jersey",), "MAF": ("Saint-Martin",),
    "SHN": ("Saint Helena, Ascension and Tristan da Cunha",), "VIR": ("Virgin Islands, U.S.",),
}  # fmt: skip
"""What publishers also call them, beside the names of the Common Locale Data Repository."""


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
    return code in _ISO3


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
def codes_by_name() -> dict[str, str]:
    """ISO3 by English and French name, in small letters, without accents, hyphens and apostrophes."""
    names = {_plain(country_name(code, language)): code for code in PLACES for language in ("en", "fr")}
    return names | {_plain(name): code for code, known in _OTHER_NAMES.items() for name in known}


def _plain(name: str) -> str:
    """A name without case, accents, the difference between apostrophes, hyphens and spaces, `&` and `St.`."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.sub(r"[’'-]", " ", "".join(c for c in letters if not unicodedata.combining(c))).replace("&", " and ")
    return " ".join(re.sub(r"\bst\. ?", "saint ", words).split())


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
    if code in PLACES or code in JOINT:
        return code
    by_name = codes_by_name().get(_plain(written))
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
