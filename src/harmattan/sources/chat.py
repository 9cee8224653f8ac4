"""One reply of a language model behind any server with the interface `POST /chat/completions`.

The interface is the one that OpenAI published and that servers for open models offer as well (llama.cpp, vLLM, Ollama):
https://platform.openai.com/docs/api-reference/chat/create. The reply is asked for as JSON by a schema
(`response_format`), which not every server keeps to: whoever reads it checks it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harmattan.errors import FetchError, UsageError
from harmattan.sources.line import Line, Reply, host, parts_of
from harmattan.text import T, Verbatim

MOST_BYTES = 8 << 20
"""No reply comes near this."""
AT_HOME = ("localhost", "127.0.0.1", "::1")
_PATH = "/chat/completions"


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers, which model, and the key, which no error and no `repr` says."""

    url: str
    model: str
    key: str = field(default="", repr=False)

    @classmethod
    def checked(cls, url: str, model: str, key: str = "") -> Endpoint:
        """The endpoint. Raises UsageError for what is no address, and for a key that others could read on its way."""
        parts = parts_of(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise UsageError(
                T("The address of the model is not a plain web address."),
                do=T("Say it whole: http://127.0.0.1:8080/v1, without a key in it."),
            )
        if key and parts.scheme != "https" and parts.hostname not in AT_HOME:
            raise UsageError(
                T("A key does not go to {host} over http, where others could read it.", host=Verbatim(host(url))),
                do=T("Say an https address, or take the key away."),
            )
        if not model.strip():
            raise UsageError(T("No model is named."), do=T("Say --model NAME."))
        address = url.rstrip("/")
        return cls(address if address.endswith(_PATH) else address + _PATH, model.strip(), key)

    @property
    def at_home(self) -> bool:
        """Whether it is on this machine."""
        return parts_of(self.url).hostname in AT_HOME


def ask(line: Line, endpoint: Endpoint, task: str, text: str, schema: dict[str, Any]) -> str:
    """The text of a model's reply, as it came. Raises FetchError in one line, without key, query or document.

    Headers are always set, so no redirect is followed: the document goes to the server that was named and no other.
    """
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {})
    body = {
        "model": endpoint.model,
        "messages": [{"role": "system", "content": task}, {"role": "user", "content": text}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "harmattan_forms", "schema": schema, "strict": False},
        },
        "temperature": 0,
        "stream": False,
    }
    reply = line.post(endpoint.url, headers=headers, body=body, accept=frozenset({200, 400}))
    if reply.status == 400 and "temperature" in reply.text[:5000]:
        del body["temperature"]
        reply = line.post(endpoint.url, headers=headers, body=body, accept=frozenset({200, 400}))
    if reply.status != 200:
        raise FetchError(
            T("{where} refuses what it is asked ({status}).", where=Verbatim(host(endpoint.url)), status=reply.status),
            do=T("Check the model's name, and whether it answers by a JSON schema."),
        )
    return _content(reply, endpoint)


def _content(reply: Reply, endpoint: Endpoint) -> str:
    where = Verbatim(host(endpoint.url))
    try:
        choice = reply.json["choices"][0]
        content = choice["message"]["content"]
    except (KeyError, IndexError, TypeError, RecursionError) as fault:
        raise FetchError(
            T("{where} answered in another form than /chat/completions does.", where=where),
            do=T("Check the address: it usually ends with /v1."),
        ) from fault
    if choice.get("finish_reason") == "length":
        raise FetchError(
            T("The model's reply was cut off."), do=T("Choose fewer sentences, or a model with a longer reply.")
        )
    if not isinstance(content, str) or not content.strip():
        raise FetchError(T("The model gave no reply."), do=T("Choose another model."))
    return content
