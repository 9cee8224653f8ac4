"""What comes with the package: embedded releases, cases, the dossier as its editors write it, articles, claims."""

from pathlib import Path

FOLDER = Path(__file__).parent
RELEASES = FOLDER / "releases"
CASES = FOLDER / "cases"
ARTICLES = FOLDER / "articles"
DOSSIERS = FOLDER / "dossiers"
CLAIMS = FOLDER / "claims"
