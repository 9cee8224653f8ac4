"""What comes with the package: embedded releases, cases."""

from pathlib import Path

FOLDER = Path(__file__).parent
RELEASES = FOLDER / "releases"
CASES = FOLDER / "cases"
