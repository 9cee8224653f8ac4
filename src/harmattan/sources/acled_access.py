"""Access to ACLED's interface: OAuth with a password, renewed when it runs out, and the cookie login as a way round.

Tokens live in memory only; passwords are asked for when they are needed and kept nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.fetching import Secrets
from harmattan.sources.line import Line, Reply, shown
from harmattan.text import T, Text, Verbatim

BASE = "https://acleddata.com"
USERNAME, PASSWORD = "ACLED_USERNAME", "ACLED_PASSWORD"
HOW = T(
    "They are the e-mail address and the password of an account, which you register at https://acleddata.com/register."
)
NO_TOKENS = frozenset({404, 405, 410, 501})
"""What a server without tokens answers; then the cookie login is tried."""
REFUSED = frozenset({400, 401, 403, 422})
LONGEST_MESSAGE_CHARS = 200


@dataclass
class Access:
    """Somebody who may read: asks with a token, and gets a new one when the server no longer takes it."""

    line: Line
    secrets: Secrets = field(repr=False)
    base: str = BASE
    _token: str | None = field(default=None, repr=False)
    _refresh: str | None = field(default=None, repr=False)
    _cookie: bool = False

    def read(self, path: str, params: Mapping[str, Any]) -> Reply:
        """An answer of `api/PATH/read` in JSON. Raises FetchError where the account may not read, or the server fails.

        A token that ran out is renewed by the refresh token, else by the password.
        """
        if self._token is None and not self._cookie:
            self._log_in()
        reply = self._ask(path, params)
        if _status(reply) in (401, 403):
            renewed = self._renew()
            if not renewed:
                self._log_in()
            reply = self._ask(path, params)
            if _status(reply) in (401, 403) and renewed:
                self._log_in()
                reply = self._ask(path, params)
        if _status(reply) in (401, 403):
            raise FetchError(
                T("ACLED lets this account log in but not read ({status}).", status=Verbatim(str(_status(reply)))),
                available=T("It gives its interface to accounts with an institutional e-mail address."),
                do=T("Ask access@acleddata.com, or export a file on the website and say harmattan ingest acled FILE."),
            )
        self._refuse_failure(reply)
        return reply

    def _ask(self, path: str, params: Mapping[str, Any]) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = f"{self.base}/api/{path}/read"
        accept = frozenset({200, 400, 401, 403})
        return self.line.get(url, params={"_format": "json", **params}, headers=headers, accept=accept)

    def _log_in(self) -> None:
        """With the password: a token, or a cookie where the server has no tokens."""
        said = self.secrets.need(USERNAME, PASSWORD, how=HOW)
        form = {"username": said[USERNAME], "password": said[PASSWORD], "grant_type": "password"}
        reply = self._token_for(form, accept=frozenset({200}) | REFUSED | NO_TOKENS)
        if reply.status in NO_TOKENS:
            self._log_in_by_cookie(said)
        elif reply.status != 200:
            raise _not_accepted(reply)
        else:
            self._keep(reply)

    def _log_in_by_cookie(self, said: Mapping[str, str]) -> None:
        body = {"name": said[USERNAME], "pass": said[PASSWORD]}
        reply = self.line.post(
            f"{self.base}/user/login", params={"_format": "json"}, body=body, accept=frozenset({200}) | REFUSED
        )
        if reply.status != 200:
            raise _not_accepted(reply)
        self._token, self._refresh, self._cookie = None, None, True

    def _renew(self) -> bool:
        """A new token by the refresh token; False where there is none or it has run out as well."""
        if self._refresh is None:
            return False
        form = {"refresh_token": self._refresh, "grant_type": "refresh_token"}
        reply = self._token_for(form, accept=frozenset({200}) | REFUSED | NO_TOKENS)
        self._refresh = None
        if reply.status != 200:
            return False
        self._keep(reply)
        return True

    def _token_for(self, form: Mapping[str, str], accept: frozenset[int]) -> Reply:
        data = {**form, "client_id": "acled", "scope": "authenticated"}
        return self.line.post(f"{self.base}/oauth/token", data=data, accept=accept)

    def _keep(self, reply: Reply) -> None:
        said = reply.json
        token = said.get("access_token") if isinstance(said, Mapping) else None
        if not isinstance(token, str) or not token:
            raise FetchError(T("{where} gave no token.", where=Verbatim(shown(reply.url))), do=T("Try again later."))
        refresh = said.get("refresh_token")
        self._token, self._refresh = token, refresh if isinstance(refresh, str) and refresh else None

    def _refuse_failure(self, reply: Reply) -> None:
        """Raises FetchError for an answer that says of itself that it failed."""
        told = reply.json if reply.status == 200 else _json_or_none(reply)
        failed = reply.status != 200 or not isinstance(told, Mapping) or told.get("success") is False
        if not failed:
            return
        raise FetchError(
            T("{where} answered that it failed: {why}.", where=Verbatim(shown(reply.url)), why=self._why(told, reply)),
            do=T("Say the same again later: what has come is kept."),
        )

    def _why(self, told: Any, reply: Reply) -> Text:
        """The server's own words, without anything that is secret."""
        error = told.get("error") or told.get("messages") or told.get("message") if isinstance(told, Mapping) else None
        words = " ".join(str(error.get("message", error) if isinstance(error, Mapping) else error or "").split())
        for secret in (self.secrets.get(USERNAME), self.secrets.get(PASSWORD), self._token, self._refresh):
            words = words.replace(secret, "…") if secret else words
        return T("{words}", words=Verbatim(words[:LONGEST_MESSAGE_CHARS] or str(reply.status)))


def _status(reply: Reply) -> int:
    """The status of an answer; some say 401 or 403 in the body of a 200."""
    if reply.status != 200:
        return reply.status
    told = _json_or_none(reply)
    inner = str(told.get("status") or "") if isinstance(told, Mapping) else ""
    return int(inner) if inner in ("401", "403") else 200


def _json_or_none(reply: Reply) -> Any:
    try:
        return json.loads(reply.content)
    except (ValueError, RecursionError):
        return None


def _not_accepted(reply: Reply) -> FetchError:
    return FetchError(
        T("ACLED does not accept {username} and {password} ({status}).", username=Verbatim(USERNAME),
          password=Verbatim(PASSWORD), status=Verbatim(str(reply.status))),
        available=HOW,
        do=T("Log in on the website with the same words to see whether they are right."),
    )  # fmt: skip
