"""The page of a backtest: whole, offline, and frank about a model that loses."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from harmattan.backtest.run import backtest
from harmattan.backtest.summary import Summary
from harmattan.brief.backtest_page import render
from harmattan.brief.backtest_words import headline
from harmattan.models.panel import Panel
from harmattan.models.registry import MODELS
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.period import Month
from tests.backtest.panels import plan, quiet


def made(tmp_path: Path, models: str) -> Summary:
    rng = np.random.default_rng(5)
    values = rng.poisson(rng.gamma(2.0, 20.0, (5, 60))).astype(float)
    panel = Panel(("BFA", "MLI", "NER", "NGA+NER", "<b>"), Month(2015, 1), values)
    return backtest(panel, plan(models, "2017-12,2018-12", "1..12"), tmp_path / "out", 1, quiet).summary


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("models", ["zero", "zero,last,fading4", "conflictology12", "all"])
def test_the_page_is_whole_and_asks_nobody(tmp_path: Path, models: str, language: str) -> None:
    models = "zero,last,fading4,neighbours12,worldwide12" if models == "all" else models
    summary = made(tmp_path, models)
    meanings = {record.model: MODELS[record.model].meaning for record in summary.records}
    notes = [T("{name} was left out.", name=Verbatim("<script>"))]
    page = render(summary, meanings, notes, Speaker(language)).decode()
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert f'lang="{language}"' in page
    assert "<script" not in page
    assert "<b>" not in page.replace("<b>", "", page.count("<div><b>"))
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert page.count("<svg") == (4 if models != "conflictology12" else 2)
    for record in summary.records:
        assert record.model in page
    assert render(summary, meanings, notes, Speaker(language)).decode() == page


def test_a_model_that_loses_is_said_to_lose(tmp_path: Path) -> None:
    summary = made(tmp_path, "zero")
    zero = next(record for record in summary.records if record.model == "zero")
    said = str(headline(zero, summary))
    assert said.startswith("zero does not beat conflictology12: it has ")
    assert "smaller in 0 of 2 windows" in said
