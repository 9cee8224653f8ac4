"""What a process of ours asks of Python and of the system before it begins."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

CYCLES = 100_000, 50, 100
"""SQL is put together from very many small objects; to look for cycles among them takes a tenth of a brief."""
TOP_PAD, SPARE = -2, 64 << 20
"""What `mallopt` of the GNU C library calls M_TOP_PAD, and so many bytes: it takes that much more at a time and
keeps it. Otherwise the arrays of every step come from the system page by page, a twelfth of a search for campaigns.
"""


def tune() -> None:
    """Once for a process. It changes how long things take, and nothing else."""
    gc.set_threshold(*CYCLES)
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(TOP_PAD, SPARE)
