"""What the columns of boundary files mean: the layouts of the known publishers, or what the user says of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.rows import BadRow
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import is_iso3, iso3_from_iso2, iso3_from_natural_earth

Said = Mapping[str, Any]
MAPPED = ("name", "code", "iso3", "level", "parent", "name_in_french", "valid_from", "valid_to", "division")
LANGUAGES = ("en", "fr", "pt", "es")
"""Of the languages of an older COD-AB file, the one that gives the name: the first of these."""


@dataclass(frozen=True)
class Layout:
    """How to read one feature; every function takes what the file says of it, by lower-case column."""

    publisher: str
    level: Callable[[Said], int]
    name: Callable[[Said], Any]
    iso3: Callable[[Said], str]
    code: Callable[[Said], Any]
    parent: Callable[[Said], Any]
    french: Callable[[Said], Any]
    first: Callable[[Said], Any]
    last: Callable[[Said], Any]
    division: Callable[[Said], Any]


def layout_of(
    columns: tuple[str, ...], mapping: Mapping[str, Any] | None, once: Callable[[str], bool]
) -> Layout | None:
    """The layout of a layer, or None where its columns are not known.

    `once` says whether a column has each of its values once. Raises UsageError for a mapping that names no column.
    """
    if mapping:
        return _mapped(columns, mapping)
    makers = (_cod_ab, _cod_ab_old, _geoboundaries, _gadm, _natural_earth)
    for make in makers:
        found = make(frozenset(columns))
        if found is not None:
            return found
    return _plain(frozenset(columns), once)


def _layout(publisher: str, level: int | Callable[[Said], int], iso3: Callable[[Said], str], **by: Any) -> Layout:
    """A layout whose other parts are columns, functions, or nothing."""

    def reader(what: Any) -> Callable[[Said], Any]:
        return what if callable(what) else (lambda said: said.get(what) if what else None)

    names = ("name", "code", "parent", "french", "first", "last", "division")
    depth = level if callable(level) else (lambda _said: level)
    return Layout(publisher, depth, iso3=iso3, **{name: reader(by.get(name)) for name in names})


def _cod_ab(columns: frozenset[str]) -> Layout | None:
    level = max((int(name[3]) for name in columns if re.fullmatch(r"adm\d_name", name)), default=None)
    if level is None or f"adm{level}_pcode" not in columns:
        return None

    def french(said: Said) -> Any:
        return next(
            (said.get(f"adm{level}_name{n}") for n in ("", "1", "2", "3") if said.get(f"lang{n}") == "fr"), None
        )

    return _layout(
        "cod-ab", level, _by_p_code, name=f"adm{level}_name", code=f"adm{level}_pcode", french=french,
        parent=f"adm{level - 1}_pcode" if level else None, first="valid_on", last="valid_to", division="version",
    )  # fmt: skip


def _cod_ab_old(columns: frozenset[str]) -> Layout | None:
    found = [(int(name[3]), name[5:]) for name in columns if re.fullmatch(r"adm\d_[a-z]{2}", name)]
    level = max((level for level, _language in found), default=None)
    if level is None or f"adm{level}_pcode" not in columns:
        return None
    there = [language for at, language in found if at == level]
    language = next((one for one in LANGUAGES if one in there), min(there))
    return _layout(
        "cod-ab", level, _by_p_code, name=f"adm{level}_{language}", code=f"adm{level}_pcode",
        french=f"adm{level}_fr", parent=f"adm{level - 1}_pcode" if level else None, first="validon", last="validto",
    )  # fmt: skip


def _by_p_code(said: Said) -> str:
    """The country by its code, or by the letters with which its P-codes begin."""
    code = said.get("iso3")
    if code:
        return _iso3(code)
    letters = str(said.get("iso2") or said.get("adm0_pcode") or "")
    return _iso3(letters) if len(letters) == 3 else _from(iso3_from_iso2, letters)


def _geoboundaries(columns: frozenset[str]) -> Layout | None:
    if not {"shapename", "shapegroup", "shapetype"} <= columns:
        return None

    def level(said: Said) -> int:
        found = re.fullmatch(r"ADM(\d)", str(said.get("shapetype")))
        if not found:
            raise BadRow(f"shapeType is not ADM0 to ADM9: {said.get('shapetype')}")
        return int(found[1])

    return _layout(
        "geoboundaries", level, lambda said: _iso3(said.get("shapegroup")), name="shapename",
        code=lambda said: said.get("shapeiso") or said.get("shapeid"),
    )  # fmt: skip


def _gadm(columns: frozenset[str]) -> Layout | None:
    level = max((int(name[4]) for name in columns if re.fullmatch(r"gid_\d", name)), default=None)
    if level is None or "gid_0" not in columns:
        return None
    name = f"name_{level}" if f"name_{level}" in columns else "country"
    return _layout("gadm", level, lambda said: _iso3(said.get("gid_0")), name=name, code=f"gid_{level}",
                   parent=f"gid_{level - 1}" if level else None)  # fmt: skip


def _natural_earth(columns: frozenset[str]) -> Layout | None:
    if not {"adm0_a3", "name"} <= columns:
        return None
    if columns & {"adm1_code", "iso_3166_2"}:
        return _layout("natural-earth", 1, lambda said: _from(iso3_from_natural_earth, said.get("adm0_a3")),
                       name="name", code=lambda said: said.get("iso_3166_2") or said.get("adm1_code"),
                       french="name_fr")  # fmt: skip

    def iso3(said: Said) -> str:
        for column in ("iso_a3_eh", "iso_a3"):
            if is_iso3(str(said.get(column))):
                return str(said[column])
        return _from(iso3_from_natural_earth, said.get("adm0_a3"))

    return _layout("natural-earth", 0, iso3, name="name", code="adm0_a3", french="name_fr")


def _plain(columns: frozenset[str], once: Callable[[str], bool]) -> Layout | None:
    if not {"iso3", "name"} <= columns:
        return None
    if "level" in columns:
        level: int | Callable[[Said], int] = lambda said: _whole(said.get("level"))  # noqa: E731
    else:
        level = 0 if "code" not in columns and once("iso3") else 1
    return _layout("plain", level, lambda said: _iso3(said.get("iso3")), name="name", code="code", parent="parent")


def _mapped(columns: tuple[str, ...], mapping: Mapping[str, Any]) -> Layout:
    unknown = sorted(set(mapping) - set(MAPPED))
    if unknown:
        raise UsageError(
            T("A mapping of boundaries has no {key}.", key=Verbatim(unknown[0])),
            available=T("There are {names}.", names=listing([Verbatim(name) for name in MAPPED])),
        )
    said = {key: value.strip().lower() if isinstance(value, str) else value for key, value in mapping.items()}
    missing = [
        key for key, value in said.items()
        if isinstance(value, str) and value not in columns and not (key == "iso3" and is_iso3(value.upper()))
    ]  # fmt: skip
    if missing or "name" not in said:
        raise UsageError(
            T("The mapping names no column for {key}.", key=Verbatim(missing[0] if missing else "name")),
            available=T("There are {names}.", names=listing([Verbatim(name) for name in columns])),
        )
    country, level = said.get("iso3", "iso3"), said.get("level", 1)
    return _layout(
        "mapping",
        level if isinstance(level, int) else (lambda row: _whole(row.get(level))),
        (lambda row: _iso3(row.get(country))) if country in columns else (lambda _row: _iso3(country.upper())),
        name=said["name"], code=said.get("code"), parent=said.get("parent"), french=said.get("name_in_french"),
        first=said.get("valid_from"), last=said.get("valid_to"), division=said.get("division"),
    )  # fmt: skip


def day_of(value: Any, what: str) -> dt.date | None:
    """A day, of a date or a text that begins with one; None where there is none. Raises BadRow."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value).replace("/", "-")[:10])
    except ValueError as fault:
        raise BadRow(f"{what} is not a day: {str(value)[:40]}") from fault


def _iso3(code: Any) -> str:
    word = str(code or "").strip().upper()
    if not is_iso3(word):
        raise BadRow(f"the country is not an ISO3 code: {word[:20] or 'empty'}")
    return word


def _from(scheme: Callable[[str], str], code: Any) -> str:
    try:
        return scheme(str(code or ""))
    except UsageError as fault:
        raise BadRow(f"the country is not known: {str(code)[:20]}") from fault


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as fault:
        raise BadRow(f"the level is not a number: {str(value)[:20]}") from fault
