"""What counts as acting together: which shared objects, within which window, against which level of chance."""

from __future__ import annotations

from dataclasses import dataclass

from harmattan.errors import UsageError
from harmattan.text import T

HOUR = 3_600
LEAST_WINDOWS_A_SLICE = 10
"""A slice holds at least this many windows: most pairs within a window then lie in one slice."""


@dataclass(frozen=True)
class Rule:
    """How coordination is looked for. Raises UsageError for numbers that mean nothing."""

    windows: tuple[float, ...] = (60.0,)
    """Seconds within which two accounts share the same object. Several are several tests, and paid for as such."""
    occasions: int = 2
    """Least number of occasions of a pair that is looked at at all."""
    level: float = 0.05
    """Share of false discoveries among the linked pairs that is put up with."""
    size: int = 3
    """Least number of accounts of a group."""
    links: int = 2
    """Least number of other members that a member is significantly linked with."""
    crowd: int = 400
    """An object that more accounts share within one slice is so common there that it means nothing: left out."""
    slice_hours: float = 6.0
    """Least length of the slices in which each account keeps its activity."""
    slice_shares: int = 200
    """Shares of a layer that a slice holds on average at least: slices are longer where there are fewer. In one that
    holds little but one action, the action would be taken for chance."""
    prior: float = 1.0
    """Shape of the Gamma prior of the interests that two accounts have in common (mean 1); small: they differ much."""

    def __post_init__(self) -> None:
        if not self.windows or min(self.windows) <= 0:
            raise UsageError(T("A window of coordination has to be longer than 0 seconds."))
        if not 0 < self.level < 1:
            raise UsageError(T("The level of false discoveries lies between 0 and 1."))
        counts = ((1, self.occasions), (2, self.size), (1, self.links), (2, self.crowd), (0, self.slice_shares))
        for least, given in counts:
            if given < least:
                raise UsageError(T("{given} is too few: at least {least}.", given=given, least=least))
        if self.slice_hours <= 0 or self.prior <= 0:
            raise UsageError(T("The length of slices and the prior have to be more than 0."))

    def slice_seconds(self, window: float, shares: int = 0, span: float = 0.0) -> float:
        """The length of a slice for `shares` shares within `span` seconds: as said, or ten windows, or as long as a
        slice takes to hold enough shares, whichever is longest.

        >>> Rule().slice_seconds(60), Rule().slice_seconds(7200), Rule().slice_seconds(60, 1_000, 864_000.0)
        (21600.0, 72000.0, 172800.0)
        """
        enough = self.slice_shares * span / shares if shares else 0.0
        return max(self.slice_hours * HOUR, LEAST_WINDOWS_A_SLICE * float(window), enough)
