"""Pseudonyms in the place of handles, in words on their way out."""

from __future__ import annotations

import re
from collections.abc import Callable

from harmattan.sources.posts_masks import SIGNED, Masks


def hiding(key: Callable[[], bytes]) -> Callable[[str], str]:
    """Puts pseudonyms in the place of handles; the key is asked for by the first text that may have one."""
    signed = re.compile(SIGNED)
    masks: list[Masks] = []

    def hide(words: str) -> str:
        if not signed.search(words):
            return words
        if not masks:
            masks.append(Masks(key()))
        return masks[0].masked("x", words)

    return hide
