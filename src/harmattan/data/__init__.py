"""What comes with the package: releases, cases, the dossier as it is written, articles, claims, words, stances."""

from pathlib import Path

FOLDER = Path(__file__).parent
RELEASES = FOLDER / "releases"
CASES = FOLDER / "cases"
ARTICLES = FOLDER / "articles"
WORDS = FOLDER / "words"
DOSSIERS = FOLDER / "dossiers"
CLAIMS = FOLDER / "claims"
LEXICONS = FOLDER / "lexicons"
DEFAULT_CASE = "sahel"
"""The case that is meant where none is named."""
