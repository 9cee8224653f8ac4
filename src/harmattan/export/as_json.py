"""Values as JSON for a reader and for programs."""

from __future__ import annotations

import json
from typing import Any


def json_bytes(value: Any) -> bytes:
    """A value as JSON, in lines that a reader can follow."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
