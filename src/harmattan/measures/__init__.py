"""Measures: pure Ibis expressions, tables in and tables out. No disk, no clock, no drawing, no engine."""
