"""Harmattan: an open workbench for watching an armed conflict."""

__version__ = "0.1.0"
