"""Claims files that are made to take long or to break the reading of them: each is refused in one line, at once."""

from __future__ import annotations

from pathlib import PurePath
from time import process_time

import pytest

from harmattan.checks.claims_file import loaded
from harmattan.errors import WrongFile

LEVELS = "a." * 3_000
CRAFTED = {
    "levels of a table": f"[{LEVELS}b]",
    "levels of a key": f"{LEVELS}b = 1",
    "levels within a table": f"a = {{{LEVELS}b = 1}}",
    "quoted levels": '"a" . ' * 3_000 + "b = 1",
    "a long number": "a = 0x" + "f" * 10_000,
    "many fields": "\n".join(f"x{n} = 1" for n in range(8_000)),
    "brackets": "a = " + "[" * 50_000,
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_file_is_refused_at_once(name: str) -> None:
    begun = process_time()
    with pytest.raises(WrongFile) as fault:
        loaded(CRAFTED[name].encode(), PurePath("claims.toml"))
    assert process_time() - begun < 3
    assert "\n" not in str(fault.value)
