"""The few exceptions a user can meet. Each says in one line what, where, what was available, and what to do."""

from __future__ import annotations

import re

from harmattan.text import Text
from harmattan.text.speaker import Speaker

_BREAKS = r"[^\S\u00a0\u202f]+"
"""White space but for the spaces that hold a number together."""


class HarmattanError(Exception):
    """Anything that stops a command with one clear line and exit code 1."""

    exit_code = 1

    def __init__(self, what: Text, *, available: Text | None = None, do: Text | None = None) -> None:
        super().__init__(what)
        self.what, self.available, self.do = what, available, do

    def line(self, speaker: Speaker) -> str:
        """The whole message in the reader's language, on one line."""
        parts = [speaker.say(part) for part in (self.what, self.available, self.do) if part is not None]
        return re.sub(_BREAKS, " ", " ".join(parts)).strip()

    def __str__(self) -> str:
        return self.line(Speaker("en"))


class UsageError(HarmattanError):
    """A word, option or value that is not one of those there are."""

    exit_code = 2


class WrongFile(HarmattanError):
    """A file that is not what it claims to be; nothing of it was taken."""


class LakeError(HarmattanError):
    """A release that is missing, damaged, or would be overwritten."""


class LicenceError(HarmattanError):
    """An export that the publisher's licence forbids."""


class PrivacyError(HarmattanError):
    """An export that would name people who were not asked."""


class FetchError(HarmattanError):
    """A publisher's server that did not give what was asked for; what had come is kept for the next try."""


class DeskError(HarmattanError):
    """A desk that cannot be opened, or an assertion that somebody else has changed meanwhile."""


class DeskAway(DeskError):
    """A desk whose database does not answer, now; what is asked of it can be asked again."""


class BriefError(HarmattanError):
    """A brief that would print a number without evidence."""
