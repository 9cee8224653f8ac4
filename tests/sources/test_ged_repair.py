"""A file that a spreadsheet took apart: every row is either certain or a reject, and no row is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.sources.ged_rows import COUNTRY_EXPORT, Row, events, read, reasons, row, write_csv

COLUMNS = tuple(name for name in COUNTRY_EXPORT if name != "gwnoa")
PADDING = 12


def _export(number: int, **changes: str) -> Row:
    made = row(number, **changes)
    days = {name: "{1}/{2}/{0} 00:00:00".format(*made[name].split("-")) for name in ("date_start", "date_end")}
    sides = {"dyad_name": f"{made['side_a']} - {made['side_b']}"}
    parts = {f"{name}_est": made[name] for name in ("best", "high", "low")}
    return made | days | sides | parts


def _lines(made: Sequence[Row]) -> list[str]:
    """The records as the publisher writes them, without the header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for event in made:
        writer.writerow([*(event[name] for name in COLUMNS), ""])
    return out.getvalue().splitlines()


def _cell(text: str) -> str:
    """What a spreadsheet makes of one cell: a mark at its start, and its partner, are lost."""
    if not text.startswith('"'):
        return text
    return next(csv.reader([text.replace(",", "\x00")], strict=False))[0].replace("\x00", ",")


def _mangled(path: Path, made: Sequence[Row], copied: bool = True) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        for line in [",".join(COLUMNS), *_lines(made)]:
            first, *rest = [_cell(text) for text in line.split(";")]
            cells = [first, *([first] if copied else []), *rest]
            writer.writerow([*cells, *[""] * (PADDING - len(cells))])
    return path


KEPT = ("event_id", "violence", "dyad", "side_a_as_written", "side_b_as_written", "iso3", "lat", "lon", "cell",
        "date_start", "date_end", "deaths_best", "deaths_low", "deaths_high", "deaths_civilians")  # fmt: skip


def _core(into: Path) -> list[dict[str, object]]:
    return [{name: event[name] for name in KEPT} for event in events(into)]


@pytest.mark.parametrize("copied", [True, False])
def test_repaired_rows_equal_the_export(tmp_path: Path, copied: bool) -> None:
    made = [_export(n, where_description="by the well\n\nto the north" if n % 3 == 0 else "near") for n in range(1, 20)]
    read(tmp_path / "plain", write_csv(tmp_path / "plain.csv", made, COLUMNS, row_tail=[""]))
    reading = read(tmp_path / "out", _mangled(tmp_path / "mangled.csv", made, copied))
    assert (reading.rows, reading.rejects) == (19, 0)
    assert _core(tmp_path / "out") == _core(tmp_path / "plain")


def test_cut_texts_are_left_out(tmp_path: Path) -> None:
    read(tmp_path / "out", _mangled(tmp_path / "x.csv", [_export(1), _export(2, where_description="a; b")]))
    first, second = events(tmp_path / "out")
    assert (first["source_article"], first["source_office"]) == (None, None)
    assert first["source_headline"] == 'A "quoted" headline, with commas'
    assert (first["place_description"], second["place_description"]) == ("near the well", None)


def test_a_lost_pair_of_marks_is_given_back(tmp_path: Path) -> None:
    made = [_export(1, source_original="a group, of the town;", where_description="well 2, in the north")]
    read(tmp_path / "plain", write_csv(tmp_path / "plain.csv", made, COLUMNS, row_tail=[""]))
    path = _mangled(tmp_path / "x.csv", made)
    assert '"well 2' not in path.read_text("utf-8")
    reading = read(tmp_path / "out", path)
    assert (reading.rows, _core(tmp_path / "out")) == (1, _core(tmp_path / "plain"))


BREAKS: list[tuple[Callable[[Row], Row], str]] = [
    (lambda event: event | {"best_est": "99"}, "the deaths"),
    (lambda event: event | {"priogrid_gid": "1"}, "the cell"),
    (lambda event: event | {"geom_wkt": "POINT (1 1)"}, "the point"),
    (lambda event: event | {"year": "1999"}, "the dates"),
    (lambda event: event | {"dyad_name": "Other - Pair"}, "the pair and its sides"),
    (lambda event: event | {"type_of_violence": "2"}, "the relid"),
    (lambda event: event | {"country_id": "1"}, "the country"),
    (lambda event: event | {"where_prec": "9"}, "the precisions"),
    (lambda event: event | {"adm_1": "North; region"}, "a cut field"),
]


@pytest.mark.parametrize(("broken", "said"), BREAKS, ids=[said for _broken, said in BREAKS])
def test_a_row_that_contradicts_itself_is_not_repaired(tmp_path: Path, broken: Callable[[Row], Row], said: str) -> None:
    made = [_export(1, where_description="one\ntwo"), broken(_export(2)), _export(3)]
    read(tmp_path / "out", _mangled(tmp_path / "x.csv", made))
    line = (4, "500002", f"cannot be repaired: {said} does not agree with the rest")
    assert reasons(tmp_path / "out") == [line]
    assert [event["event_id"] for event in events(tmp_path / "out")] == ["500001", "500003"]


def test_a_repaired_row_can_still_be_rejected_with_its_physical_line(tmp_path: Path) -> None:
    made = [_export(1, where_description="one\ntwo"), _export(2), _export(2), _export(3)]
    read(tmp_path / "out", _mangled(tmp_path / "x.csv", made))
    assert reasons(tmp_path / "out") == [(5, "500002", "the id stands twice, with the same event")]


def test_another_damage_is_a_reject(tmp_path: Path) -> None:
    path = _mangled(tmp_path / "x.csv", [_export(1), _export(2), _export(3)])
    lines = path.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace("Clear", "clear", 1)
    lines[3] = lines[3].replace("Arid Land: Government", "Arid Land, Government")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(Exception, match="2 of 3 rows"):
        read(tmp_path / "out", path)
    more = _mangled(tmp_path / "y.csv", [_export(n) for n in range(4, 8)]).read_text("utf-8").partition("\n")[2]
    path.write_text("\n".join(lines) + "\n" + more, "utf-8")
    read(tmp_path / "out", path)
    assert reasons(tmp_path / "out") == [
        (3, "500002", "cannot be repaired: the line is damaged in another way"),
        (4, "500003", "cannot be repaired: its fields cannot be told apart"),
    ]
