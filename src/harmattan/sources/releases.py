"""What a reading says of itself where the files say little: label and day of publication."""

from __future__ import annotations

import datetime as dt

from harmattan.errors import UsageError
from harmattan.sources.reading import Options
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Status


def label_of(options: Options, found: str | None = None) -> tuple[str, Status]:
    """The label that is stated, that the files have (`found`), or the day of retrieval; and whether it is fixed."""
    if options.label:
        return options.label.strip(), "final"
    if found:
        return found, "final"
    if options.retrieved:
        return options.retrieved.isoformat(), "rolling"
    raise UsageError(
        T("The files do not say which release they are."),
        do=T("Say it with {option}.", option=Verbatim("--release LABEL")),
    )


def published_of(options: Options) -> tuple[dt.date, str]:
    """The day of publication that is stated, or the day of retrieval, and how it is known."""
    if options.published:
        return options.published, "the user says so"
    if options.retrieved:
        return options.retrieved, "the day the files were taken in; they do not say when they came out"
    raise UsageError(
        T("The files do not say when they came out."),
        do=T("Say it with {option}.", option=Verbatim("--published YYYY-MM-DD")),
    )
