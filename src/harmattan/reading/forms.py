"""What a language model may hand in: claim forms and spans, each with the words of the document that it rests on."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from harmattan.reading.folding import word_set
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.assertion import Modality
from harmattan.vocabulary.claim import Part, Stated, Words

MentionKind = Literal["actor", "place", "date", "figure", "new_name"]
MOST_IN_REPLY = 1_000_000
MOST_FORMS = 300
SHOWN = 80
JUDGING = word_set(
    "verdict verdicts overall judgement judgment supported contradicted truth truthful true false is_true correct "
    "accurate accuracy rating veracity fact_check factcheck credibility confirmed debunked confidence"
)
"""Names of fields that judge. A verdict is the releases' and never a model's."""
_KEYS = ("claims", "mentions")


class ClaimForm(Stated):
    """A sentence or piece of one, word for word, and what it says as parts that can be checked."""

    quote: Annotated[Words, Field(max_length=2000)]
    """Copied from the document, without leaving anything out."""
    part: Annotated[tuple[Part, ...], Field(min_length=1, max_length=8)]
    modality: Modality = "asserted"
    attributed_to: Annotated[str, Field(max_length=200)] = ""
    """Whom the quotation names as having said so."""


class MentionForm(Stated):
    """A name, date or figure, word for word."""

    quote: Annotated[Words, Field(max_length=300)]
    kind: MentionKind


class Reply(Stated):
    """All that a model may answer with."""

    claims: tuple[ClaimForm, ...] = ()
    mentions: tuple[MentionForm, ...] = ()


def reply_schema() -> dict[str, Any]:
    """The JSON Schema of a reply."""
    return Reply.model_json_schema()


class NoForm(Exception):
    """A form, or a whole reply, that is none; `why` is said to the reviewer."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


def forms(reply: str) -> list[ClaimForm | MentionForm | tuple[str, Text]]:
    """The forms of a reply in order; for one that is none its quotation and the reason. Raises NoForm for no reply."""
    found = _json(reply)
    if not isinstance(found, dict):
        raise NoForm(T("The model's reply is no JSON object."))
    made: list[ClaimForm | MentionForm | tuple[str, Text]] = []
    for key in found.keys() - set(_KEYS):
        judging = key.casefold() in JUDGING
        made.append((key[:SHOWN], _VERDICT if judging else T("The reply has a field that no form has.")))
    for key in _KEYS:
        listed = found.get(key, [])
        if not isinstance(listed, list):
            raise NoForm(T("The model's reply does not keep to the form: {key} is no list.", key=Verbatim(key)))
        if len(listed) > MOST_FORMS:
            raise NoForm(T("The model's reply has more than {n} forms.", n=MOST_FORMS))
        made += [_form(key, one) for one in listed]
    return made


_VERDICT = T("The form gives a verdict; a model never may.")


def _form(key: str, one: Any) -> ClaimForm | MentionForm | tuple[str, Text]:
    quote = str(one.get("quote", ""))[:SHOWN] if isinstance(one, dict) else ""
    if _judges(one):
        return quote, _VERDICT
    try:
        return ClaimForm.model_validate(one) if key == "claims" else MentionForm.model_validate(one)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:SHOWN]
        return quote, T("The reply does not keep to the form: {where}: {what}.", where=Verbatim(where),
                        what=Verbatim(first["msg"][:SHOWN * 2]))  # fmt: skip
    except (RecursionError, OverflowError):
        return quote, T("The reply does not keep to the form.")


def _json(reply: str) -> Any:
    if len(reply) > MOST_IN_REPLY:
        raise NoForm(T("The model's reply is longer than {n} characters.", n=MOST_IN_REPLY))
    text = reply.strip()
    if text.startswith("```") and text.endswith("```"):
        text = text[3:-3].removeprefix("json")
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise NoForm(T("The model's reply is no JSON.")) from fault


def _no_number(words: str) -> None:
    raise ValueError(f"{words} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is said twice")
    return found


def _judges(value: Any) -> bool:
    """Whether a field that judges stands anywhere in it."""
    open_ = [value]
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            if any(str(key).casefold() in JUDGING for key in one):
                return True
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one
    return False
