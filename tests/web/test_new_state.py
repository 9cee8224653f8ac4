"""A release that comes while people read: they go on reading, then all of them see it, and the old state is let go."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmattan import data
from harmattan.lake.shelf import Lake
from harmattan.questions.parameters import Params
from harmattan.web import asking as asking_module
from harmattan.web.asking import LOOKS, PATIENT_S, Asking, Standing
from harmattan.web.jobs import Jobs
from tests.lake.factory import event, put

MALI = Params(country=("MLI",))


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Asks a home of its own."""
    jobs = Jobs()
    yield Asking(Lake(tmp_path / "home", data.RELEASES), ("sahel",), jobs, 30)
    jobs.close()


def comes(asking: Asking, label: str) -> None:
    """A release comes, and so much time passes that the lake is looked at again."""
    put(asking.lake, label, [event(label, "2022-03-05", "MLI", 3)], published="2023-01-31")
    time.sleep(LOOKS + 0.05)


def seen(asking: Asking, old: Standing) -> None:
    """Waits until readers see another state than the old one."""
    until = time.monotonic() + 20
    while asking.standing() is old and time.monotonic() < until:
        time.sleep(0.05)
    assert asking.standing() is not old


def test_a_new_release_is_seen_and_what_was_asked_is_asked_again_before(asking: Asking) -> None:
    old = asking.standing()
    before = asking.ask("coverage", MALI)
    comes(asking, "1")
    seen(asking, old)
    assert asking.asked == 0
    after = asking.ask("coverage", MALI)
    assert asking.asked == 0
    assert after.id != before.id
    assert "made-up@1" in {ref.name for ref in after.releases}


def test_readers_go_on_with_the_old_state_while_the_engine_is_busy(asking: Asking) -> None:
    old = asking.standing()
    asking.ask("coverage", MALI)
    held = threading.Event()
    asking.jobs.between(held.wait, 30)
    comes(asking, "1")
    begun = time.monotonic()
    assert asking.standing() is old
    assert PATIENT_S / 2 < time.monotonic() - begun < PATIENT_S + 1
    begun = time.monotonic()
    assert asking.standing() is old
    asking.ask("coverage", MALI)
    assert time.monotonic() - begun < PATIENT_S / 2
    held.set()
    seen(asking, old)


def test_whoever_asks_an_old_state_sees_nothing_of_the_new_one(asking: Asking) -> None:
    old = asking.standing()
    comes(asking, "1")
    found = old.still(old.inquiry.ask, "coverage", MALI)
    assert "made-up@1" not in {ref.name for ref in found.releases}


def test_states_that_are_over_are_let_go(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_module, "MOST_AGAIN", 2)
    gone, engines = [], []
    for n in range(5):
        asking.ask("casualties", MALI)
        gone.append(weakref.ref(asking.standing().inquiry.world))
        engines.append(weakref.ref(asking.standing().inquiry.world.engine))
        old = asking.standing()
        comes(asking, str(n))
        seen(asking, old)
        del old
    time.sleep(0.2)
    gc.collect()
    assert [one() for one in gone[:-1]] == [None] * 4
    assert [one() for one in engines[:3]] == [None] * 3
    assert engines[3]() is engines[4]() is asking.standing().inquiry.world.engine
