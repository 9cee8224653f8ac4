"""What can go wrong between a browser and a page, in the user's words."""

from __future__ import annotations

from fastapi.responses import Response

from harmattan.errors import DeskAway, HarmattanError, LicenceError, PrivacyError, UsageError
from harmattan.text import T, Text, Verbatim


class NotSignedIn(HarmattanError):
    """Somebody has to sign in first."""

    def __init__(self) -> None:
        super().__init__(T("Nobody has signed in."), do=T("Sign in."))


class Forbidden(HarmattanError):
    """A role that does not suffice, or a form that did not come from a page of ours."""

    def __init__(self, role: str = "", what: Text | None = None) -> None:
        needed = T("Only a person with the role {role} may do this.", role=Verbatim(role))
        do = T("Ask an editor.") if what is None else T("Open the page again and send it once more.")
        super().__init__(what or needed, do=do)


class NotThere(HarmattanError):
    """A page, a document or a file that there is not."""


class TooMuch(HarmattanError):
    """A request that is too large, or one too many."""

    def __init__(self, what: Text, *, do: Text | None = None, retry_after: int | None = None) -> None:
        super().__init__(what, do=do)
        self.retry_after = retry_after


class NotAcceptable(HarmattanError):
    """A form that something cannot be given in."""


class WrongKind(HarmattanError):
    """A request whose body is of another kind than the one that can be read."""


AGAIN_S = 5
"""After so many seconds a desk that was away may be asked again."""
STATUS: tuple[tuple[type[HarmattanError], int], ...] = (
    (NotSignedIn, 401),
    (Forbidden, 403),
    (NotThere, 404),
    (NotAcceptable, 406),
    (WrongKind, 415),
    (TooMuch, 429),
    (LicenceError, 403),
    (PrivacyError, 403),
    (UsageError, 422),
    (DeskAway, 503),
    (HarmattanError, 409),
)


def status_of(fault: HarmattanError) -> int:
    """The HTTP status of a fault."""
    return next(status for kind, status in STATUS if isinstance(fault, kind))


def with_retry(made: Response, fault: HarmattanError | None) -> Response:
    """A response that says how long to wait before the next try, where that is known."""
    if isinstance(fault, TooMuch) and fault.retry_after:
        made.headers["retry-after"] = str(fault.retry_after)
    if isinstance(fault, DeskAway):
        made.headers["retry-after"] = str(AGAIN_S)
    return made
