"""Which tests run beside which, and which begin: a long one at the end would leave other workers idle.

What takes long to make, such as a brief or a server with its browser, is made once for all tests of a folder.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = ("tests/brief/", "tests/web/e2e/")
"""Folders whose tests share what takes longest to make: all of them run in one worker."""
LONG = (
    "tests/brief/", "tests/questions/test_spark.py", "tests/web/e2e/", "tests/questions/test_another_country.py",
    "tests/docs/test_tutorial.py", "tests/questions/test_spillover.py", "tests/lake/test_kill.py",
    "tests/web/test_killed.py", "tests/desk/test_accounts.py", "tests/reading/test_any_text.py",
)  # fmt: skip
"""What takes longest, as measured with --durations."""


class Turns(LoadScopeScheduling):  # type: ignore[misc]
    """Modules go to workers one by one, some folders as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        folder = next((folder for folder in TOGETHER if nodeid.startswith(folder)), None)
        return folder or str(super()._split_scope(nodeid))


def long_ones_first(items: list[Any]) -> None:
    """Puts what takes long at the beginning, and leaves all else in the order of chance."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
