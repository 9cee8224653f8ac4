"""Work for processes beside: functions of a module, as `Jobs` needs them."""

from __future__ import annotations

import time
from collections.abc import Callable

from harmattan.errors import HarmattanError
from harmattan.text import T


def sleeps(step: Callable[[int, int], None], seconds: float) -> str:
    """Takes its time, and says how far it is."""
    for n in range(4):
        step(n, 4)
        time.sleep(seconds / 4)
    return "slept"


def fails(_step: Callable[[int, int], None]) -> None:
    """Cannot be done."""
    raise HarmattanError(T("The well is dry."), do=T("Wait for rain."))
