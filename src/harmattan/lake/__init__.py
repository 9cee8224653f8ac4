"""Releases on disk: publish, list, select, diff, verify; opened as Ibis tables on DuckDB."""
