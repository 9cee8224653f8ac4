"""The case file: what is watched, as TOML, typed and validated whole before anything runs."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import parse_country

SECTIONS = (
    "judgement",
    "trend",
    "timeline",
    "map",
    "fighting",
    "alliances",
    "civilians",
    "presence",
    "neighbours",
    "needs",
)


class Case(BaseModel):
    """A crisis that is watched: its countries, the one in focus, and what its brief contains."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: dict[str, str] = Field(description="by language: en, fr")
    focus: str
    """The country the brief is about, ISO3."""
    countries: tuple[str, ...]
    """The countries of the crisis, ISO3, the focus among them."""
    neighbours: tuple[str, ...] = ()
    """Countries whose trend is watched beside, ISO3."""
    since: dt.date
    """The first day of the crisis."""
    as_of: dt.date
    """The default day as of which the brief speaks."""
    window_months: int = Field(12, ge=1, le=120)
    events: str = "ucdp"
    """The family of event data that answers: ucdp, acled …; they count different things and are never mixed."""
    dossiers: tuple[str, ...] = ()
    """The dossiers in use, the undermost first: a later one's records take the place of an earlier one's."""
    sections: tuple[str, ...] = SECTIONS

    @field_validator("focus")
    @classmethod
    def _one(cls, words: str) -> str:
        return parse_country(words)

    @field_validator("countries", "neighbours")
    @classmethod
    def _many(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(parse_country(word) for word in words)

    @field_validator("sections")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in SECTIONS]
        if unknown:
            raise ValueError(f"there is no section {unknown[0]}; there are {', '.join(SECTIONS)}")
        return names


def load_case(name: str, folder: Path) -> Case:
    """A case by the name of an embedded one, or from a TOML file. Raises UsageError listing every fault."""
    known = sorted(path.stem for path in folder.glob("*.toml"))
    path = folder / f"{name}.toml" if name in known else Path(name)
    if not path.is_file():
        raise UsageError(
            T("There is no case {name}.", name=Verbatim(name)),
            available=T("There are: {all}.", all=listing([Verbatim(case) for case in known])),
            do=T("Name one of them, or a case file such as mine.toml."),
        )
    try:
        return Case.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as fault:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors()]
    except UsageError as fault:
        faults = [str(fault)]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        faults = [str(fault)]
    raise UsageError(
        T("The case file {path} is not valid: {faults}", path=Verbatim(str(path)), faults=Verbatim("; ".join(faults)))
    )
