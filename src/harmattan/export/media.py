"""What kind of file each format is, as IANA or its makers have it."""

from __future__ import annotations

MEDIA: dict[str, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "email": "message/rfc822",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jsonl": "application/x-ndjson",
    "ftm": "application/x-ndjson",
}
"""The media type of each format."""
ENDINGS: dict[str, str] = {"ftm": "ftm.json"}
"""How the name of a file ends, where that is not its format."""


def content_type(format: str) -> str:
    """The Content-Type of a file; text says by which letters it is written, JSON and XML need not.

    >>> content_type("csv"), content_type("json")
    ('text/csv; charset=utf-8', 'application/json')
    """
    media = MEDIA[format]
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def ending(format: str) -> str:
    """How the name of a file of a format ends."""
    return ENDINGS.get(format, format)
