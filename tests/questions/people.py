"""A small synthetic world of displaced people, needs and money, and the law that every row opens to its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import held_rows
from harmattan.questions.world import World
from tests.lake.factory import Row, put_tables, row_of

SAHEL = ("BFA", "MLI", "NER")
COUNTING = {"dtm": "iom", "unhcr": "unhcr"}
DTM = {
    (1, "2021-03-31"): {"A1": 100, "A2": 50},
    (2, "2021-09-30"): {"A1": 110, "A2": 60},
    (3, "2022-06-30"): {"A1": 120, "A2": 80, "B1": 7},
}
"""People by round and district; A1 and A2 lie in region A, B1 in region B."""


def stock(row_id: str, value: float, as_of: str, **said: Any) -> Row:
    """A stock of internally displaced people in Mali, counted on a day."""
    usual = {"population": "idps", "iso3": "MLI", "origin_iso3": "MLI", "level": "country", "as_of_precision": "day"}
    return row_of(
        "displacement", row_id, **(usual | {"value": float(value), "as_of": dt.date.fromisoformat(as_of)} | said)
    )


def dtm_rows(operation: str = "Crisis", prefix: str = "") -> list[Row]:
    """Three rounds by district, without a row for the country; each has the sexes beside the total."""
    rows = []
    for (number, day), districts in DTM.items():
        for district, people in districts.items():
            where = {"level": "admin2", "admin1_as_written": f"Region {district[0]}", "admin2_as_written": district}
            where |= {"admin2_code": f"ML{district}"}
            counted = {"operation": operation, "round": number, "method": "BA"}
            key = f"{prefix}{number}-{district}"
            rows.append(stock(key, people, day, **where, **counted))
            rows += [stock(f"{key}-{sex}", people / 2, day, sex=sex, **where, **counted) for sex in ("female", "male")]
    return rows


def unhcr_rows() -> list[Row]:
    """Year-end stocks: refugees from Mali in two countries, refugees in Mali from two and from nobody knows where."""
    pairs = {("MLI", "NER"): 60, ("MLI", "MRT"): 85, ("BFA", "MLI"): 20, ("MRT", "MLI"): 15, (None, "MLI"): 3}
    usual = {"population": "refugees", "as_of_precision": "year"}
    return [
        stock(
            f"{year}-{origin}-{there}", people + year - 2020, f"{year}-12-31", origin_iso3=origin, iso3=there, **usual
        )
        for year in (2020, 2021, 2022)
        for (origin, there), people in pairs.items()
    ] + [stock(f"{year}-idps", 900 + year, f"{year}-12-31", as_of_precision="year") for year in (2020, 2021)]


def need_rows() -> list[Row]:
    """Country plans for two years, a regional plan, a flash appeal, parts by sector and region, and food phases."""
    plan = {"plan_type": "Humanitarian response plan", "level": "country"}
    rows = [
        need(f"{indicator}-{year}-{code}", indicator, [code], n * (year - 2019), year, plan=f"{code} plan {year}",
             plan_code=f"H{code}{year}", **plan)
        for year in (2021, 2022)
        for n, code in enumerate(SAHEL, start=1)
        for indicator in ("people_in_need", "people_targeted")
    ]  # fmt: skip
    regional = {
        "plan_type": "Regional response plan",
        "level": "country",
        "plan": "Sahel regional",
        "plan_code": "RSAH",
    }
    rows.append(need("regional", "people_in_need", list(SAHEL), 40, 2022, **regional))
    flash = {"plan_type": "Flash appeal", "level": "country", "plan": "Floods", "plan_code": "FML"}
    rows.append(need("flash", "people_in_need", ["MLI"], 5, 2022, **flash))
    part = plan | {"plan": "MLI plan 2022", "plan_code": "HMLI2022"}
    rows.append(need("sector", "people_in_need", ["MLI"], 4, 2022, sector="Health", **part))
    rows.append(need("group", "people_in_need", ["MLI"], 3, 2022, population="Refugees", **part))
    region = part | {"level": "admin1", "admin1_as_written": "Region A", "admin1_code": "MLA"}
    rows.append(need("region", "people_in_need", ["MLI"], 2, 2022, **region))
    return rows


def food_rows() -> list[Row]:
    """Food phases by district, without a row for the country; one analysis was replaced."""
    rows = []
    place = {"level": "admin2", "plan": "Analysis 2022"}
    for period, start in (
        ("current", dt.date(2022, 3, 1)),
        ("projected", dt.date(2022, 6, 1)),
        ("superseded", dt.date(2022, 7, 1)),
    ):
        for n, district in enumerate(("A1", "A2", "B1"), start=1):
            rows += [
                need(f"{period}-{phase}-{district}", f"ipc_phase_{phase}", ["MLI"], n, 2022, period=period,
                     admin2_as_written=district, start=start, **place)
                for phase in ("3", "4", "3_plus")
            ]  # fmt: skip
    return rows


def need(row_id: str, indicator: str, countries: list[str], value: float, year: int, **said: Any) -> Row:
    """A number of people for a year, in hundreds of thousands."""
    usual = {"start": dt.date(year, 1, 1), "end": dt.date(year, 12, 31), "value": value * 1e5}
    return row_of("needs", row_id, indicator=indicator, countries=countries, **(usual | said))


def money(row_id: str, measure: str, value: float, year: int = 2022, **said: Any) -> Row:
    """A sum for Mali in US dollars."""
    return row_of(
        "funding", row_id, **({"measure": measure, "countries": ["MLI"], "year": year, "value": float(value)} | said)
    )


def money_rows() -> list[Row]:
    """Two years of a country plan, a regional one, one by sector, and flows of which one is shared."""
    plan = {"plan": "MLI plan", "plan_code": "HMLI", "plan_type": "Humanitarian response plan"}
    rows = [
        money(f"{measure}-{year}", measure, value * (year - 2019), year, **plan)
        for year in (2021, 2022)
        for measure, value in (("requirements", 200), ("funding", 50))
    ]
    rows.append(money("health", "requirements", 70, sector="Health", **plan))
    regional = {"plan": "Sahel regional", "plan_code": "RSAH", "plan_type": "Regional response plan"}
    rows += [
        money(f"r-{m}", m, v, countries=list(SAHEL), **regional) for m, v in (("requirements", 1000), ("funding", 10))
    ]
    days = {"pledge": "2022-02-01", "commitment": "2022-03-01", "paid": "2022-04-01"}
    for n, (measure, day) in enumerate(days.items(), start=1):
        flow = plan | {"day": dt.date.fromisoformat(day), "giver": "A state", "receiver": "An agency"}
        rows += [money(f"{measure}-{k}", measure, 10 * n + k, sector="Health", **flow) for k in (1, 2)]
        rows.append(money(f"{measure}-shared", measure, 500, shared=True, **flow))
    rows.append(money("late", "paid", 999, day=dt.date(2022, 12, 1), **plan))
    return rows


def put_people(lake: Lake) -> None:
    """Publishes four data sets."""
    put_tables(
        lake, "1", {"displacement": dtm_rows()}, dataset="iom", places=("MLI",), start="2021-03-31", end="2022-06-30"
    )
    put_tables(
        lake, "1", {"displacement": unhcr_rows()}, dataset="unhcr", places=SAHEL, start="2020-12-31", end="2022-12-31"
    )
    put_tables(lake, "1", {"needs": need_rows(), "funding": money_rows()}, dataset="plans", places=SAHEL)
    put_tables(lake, "1", {"needs": food_rows()}, dataset="food", places=("MLI",), redistributable=False)


def assert_opens_to_rows(world: World, answer: Answer) -> None:
    """Every row opens to exactly its rows; where it has a value, they add up to it."""
    for n, row in enumerate(answer.rows):
        listed = held_rows(world, answer, n).table.to_pylist()
        assert len(listed) == row["records"] == answer.evidence(n).rows
        assert len({(one["release"], one["row_id"]) for one in listed}) == len(listed)
        if "value" in row:
            assert sum(one["value"] for one in listed) == row["value"], dict(row)
    whole = held_rows(world, answer, None)
    assert whole.table.num_rows == answer.records == answer.evidence().rows
