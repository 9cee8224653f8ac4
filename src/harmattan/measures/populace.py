"""Who lives where: what layers a table of population has."""

from __future__ import annotations

from typing import Any

Table = Any


def everybody(population: Table) -> Table:
    """The rows that count people of all ages and both sexes."""
    return population.filter(population.sex == "all", population.age.isnull())


def layers(population: Table) -> Table:
    """The layers there are: columns iso3, level, year, units (rows) and people (their sum)."""
    rows = everybody(population)
    return rows.group_by("iso3", "level", "year").agg(units=rows.count(), people=rows.people.sum())
