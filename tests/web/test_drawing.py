"""Drawings are made in a process beside, which may die: the picture comes all the same, and is the same."""

from __future__ import annotations

import os
import signal

import pytest

from harmattan.brief.picture_files import picture_file
from harmattan.web.drawing import Drawing

BARS = {
    "mark": "bar",
    "data": {"values": [{"n": 1, "who": "a"}, {"n": 2, "who": "b"}]},
    "encoding": {"x": {"field": "n", "type": "quantitative"}, "y": {"field": "who", "type": "nominal"}},
}


def test_a_drawing_made_beside_is_the_one_made_here_and_outlives_its_process() -> None:
    drawing = Drawing(apart=True)
    try:
        expected = picture_file(BARS, "fr", "svg")
        assert drawing.file(BARS, "fr", "svg") == expected
        pool = drawing._pool
        assert pool is not None
        (process,) = pool._processes.values()
        assert process.pid != os.getpid()
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        assert drawing.file(BARS, "fr", "svg") == expected
        assert drawing.file(BARS, "fr", "png").startswith(b"\x89PNG")
        assert b'"bar"' in drawing.file(BARS, "fr", "json")
    finally:
        drawing.close()
    assert drawing.file(BARS, "fr", "svg") == expected
    assert drawing._pool is None


@pytest.mark.parametrize("apart", [False, True])
def test_nothing_is_begun_that_is_not_wanted(apart: bool) -> None:
    drawing = Drawing(apart=apart)
    drawing.close()
    assert drawing.file(BARS, "en", "json")
    drawing.make_ahead()
    assert drawing._pool is None
