"""Spark on this machine alone, for tests that hold it to the embedded engine."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import Any

import ibis
import pytest


def engine() -> Iterator[Any]:
    """A Spark session as an Ibis engine. Without PySpark or Java the test is skipped; in CI it fails."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        missing = "PySpark or Java is not here: make spark"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()
