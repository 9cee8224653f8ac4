"""What the page on the embedded figures says of each release: taken from the releases themselves."""

from __future__ import annotations

import re

from harmattan.data import RELEASES
from harmattan.lake.shelf import read_release
from harmattan.vocabulary.origin import FileDigest, Release


def embedded_releases() -> list[Release]:
    """The releases that come with the package."""
    return sorted((read_release(path) for path in RELEASES.rglob("release.json")), key=lambda release: release.name)


def tables_of(release: Release) -> list[FileDigest]:
    """The tables of a release that the page speaks of."""
    return [file for file in release.files if file.path != "rejects.parquet"]


def with_embedded(page: str) -> str:
    """The page with the labels, the rows, the events, the bytes and the digests as they are."""
    size = sum(path.stat().st_size for path in RELEASES.rglob("*") if path.is_file())
    page = re.sub(r"[\d,]+ bytes in all", f"{size:,} bytes in all", page)
    there = embedded_releases()
    for release in there:
        alone = sum(other.dataset == release.dataset for other in there) == 1
        name = rf"{re.escape(release.dataset)}@\S+" if alone else re.escape(release.name)
        digest = release.digest[:12]
        events = f"{release.events:,}" if release.events else "-"
        weight = f"{sum(file.bytes for file in tables_of(release)):,}"
        row = rf"| `{release.name}` | \g<what> | {release.rows:,} | {events} | {weight} | `{digest}` |"
        page = re.sub(rf"^\| `{name}` \| (?P<what>.*?)(?: \| [^|]*){{4}} \|$", row, page, flags=re.MULTILINE)
        printed = f"    {release.name}: {release.rows:,} rows, digest {digest}."
        page = re.sub(rf"^    {name}: [\d,]+ rows, digest \w+\.$", printed, page, flags=re.MULTILINE)
    return re.sub(r"^    [0-9a-f]{64}  \S+(?:\n    [0-9a-f]{64}  \S+)*$", _sums(), page, flags=re.MULTILINE)


def _sums() -> str:
    """The list of the tables with their SHA-256."""
    lines = [
        f"    {file.sha256}  {release.dataset}/{release.label}/{file.path}"
        for release in embedded_releases()
        for file in tables_of(release)
    ]
    return "\n".join(lines)
