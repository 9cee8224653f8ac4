"""Whole files of places, invented: by data set, each as name, content, what is said beside, and least records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from harmattan.sources.reading import Options

TODAY = Options(retrieved=dt.date(2026, 11, 26))
FileSeed = tuple[str, bytes, Options, int]


def areas(*properties: Mapping[str, Any]) -> bytes:
    """GeoJSON of boxes side by side."""
    features = [
        {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [
            [[n, 10], [n + 1, 10], [n + 1, 11], [n, 11], [n, 10]]]}}
        for n, said in enumerate(properties)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


COD = {"adm1_name": "Nord", "adm1_pcode": "BF54", "adm0_pcode": "BF", "iso3": "BFA", "lang": "fr", "version": "v02",
       "valid_on": "2025-07-02", "valid_to": None}  # fmt: skip
GEONAMES = "\t".join(["77", "Kéné", "Kene", "K", "12.5", "-7.25", "P", "PPL", "ML", "", "01", "", "", "", "1200", "",
                      "350", "Africa/Bamako", "2024-01-01"]) + "\n"  # fmt: skip
GRID = b"ncols 2\nnrows 2\nxllcorner -1\nyllcorner 10\ncellsize 0.5\nNODATA_value -9999\n1 2\n-9999 4.5\n"
PEOPLE = (
    b"ADM0_PCODE,ADM1_FR,ADM1_PCODE,F_TL,M_TL,T_TL,F_00_04\nML,Est,ML01,10,20,30,4\nML,Ouest,ML02,10,20,30,\n",
    b"iso3,adm1,pcode,year,pop,f,m\nMLI,Est,ML01,2022,30,10,20\n",
    b"ISO3,ADM1_PCODE,ADM1_NAME,Gender,Age_range,Population,Reference_year\nMLI,ML01,Est,f,0-4,7,2022\n",
)

TWO = areas({"iso3": "MLI", "code": "A", "name": "One"}, {"iso3": "MLI", "code": "B", "name": "Two"})
LAKES = areas({"name": "Lakes", "adm0_a3": "SDS", "iso_3166_2": "SS-LK"})

PLACE_SEEDS: dict[str, tuple[FileSeed, ...]] = {
    "boundaries": (
        ("areas.geojson", TWO, TODAY, 2),
    ),
    "cod-ab": (
        ("bfa.geojson", areas(COD), TODAY, 1),
        ("mli_adm1.geojson", areas({"ADM1_FR": "Est", "ADM1_PCODE": "ML01", "ADM0_PCODE": "ML"}), TODAY, 1),
    ),
    "geoboundaries": (
        ("gb.geojson", areas({"shapeName": "Est", "shapeID": "1", "shapeGroup": "MLI", "shapeType": "ADM1"}), TODAY, 1),
    ),
    "natural-earth-areas": (("ne.geojson", LAKES, TODAY, 1),),
    "ocha-pcodes": (
        ("pcodes.csv", b"Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n#c,#l,#p,#n,#pp,#d\n"
                       b"MLI,1,ML01,Est,MLI,2024-05-20\n", TODAY, 1),
    ),
    "natural-earth-places": (
        ("places.csv", b"name,nameascii,adm0_a3,adm1name,featurecla,latitude,longitude,pop_max\n"
                       b"Wau,Wau,SDS,West,Populated place,7.7,28.0,125000\n", TODAY, 1),
    ),
    "geonames": (("ML.txt", GEONAMES.encode(), TODAY, 1),),
    "towns": (("own.csv", b"name,iso3,latitude,longitude\nOne,MLI,12.5,-7.25\n", TODAY, 1),),
    "population": tuple((f"people-{n}-2022.csv", content, TODAY, 1) for n, content in enumerate(PEOPLE)),
    "worldpop": (("mli_pop_2020_CN_1km_R2025A_UA_v1.asc", GRID, TODAY, 3),),
}  # fmt: skip
