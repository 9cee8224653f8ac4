"""Rules of the house that a reader of the code relies on."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "harmattan"
LINES = {"line.py": {"httpx", "urllib"}}
"""The one module that speaks to servers; it parses addresses as well."""
CLOCK = {"now", "today", "utcnow", "time", "perf_counter"}


def modules(*, but: tuple[str, ...] = ()) -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if path.relative_to(SOURCE).parts[0] not in but]


def test_no_clock_environment_or_global_chance_below_the_command_line() -> None:
    found = []
    for path in modules(but=("cli", "web")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            where = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"):
                found.append(f"{where} reads the environment")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
                found.append(f"{where} reads the clock")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name.partition(".")[0] for alias in node.names}
                names.add((getattr(node, "module", None) or "").partition(".")[0])
                network = {"socket", "urllib", "httpx", "requests"} - LINES.get(path.name, set())
                if names & ({"random", "secrets"} | network):
                    found.append(f"{where} imports {sorted(names)}")
    assert found == []


def test_nothing_speaks_of_one_crisis_but_the_case_file() -> None:
    """Docstrings and the examples that help shows may name an actor; what the program does may not."""
    told = []
    for path in modules(but=("cli", "data")):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        said |= {
            id(arg)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Parameter"
            for arg in node.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                words = [word for word in ("sahel", "jnim", "bamako", "wagner") if word in node.value.lower()]
                told += [f"{path.name}:{node.lineno} says {word}" for word in words]
    assert told == []


def test_functions_stay_short() -> None:
    """Forty lines and a little: beyond that a noun is missing."""
    long = [
        f"{path.name}:{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_files_stay_small() -> None:
    long = {path.name: n for path in modules() if (n := len(path.read_text("utf-8").splitlines())) > 400}
    assert long == {}
