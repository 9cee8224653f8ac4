"""The command line, run in this process."""

from tests.cli.running import run

__all__ = ["run"]
