"""Claims that come with the package as a document to begin with: the short quotations, one after the other."""

from __future__ import annotations

import datetime as dt
import hashlib

from harmattan.checks.claims_file import plain
from harmattan.reading.documents import SAID
from harmattan.vocabulary.assertion import Assertion, Origin, id_of
from harmattan.vocabulary.claim import Claims
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.partial import PartialDate

BETWEEN = "\n\n"


def document_of(claims: Claims, name: str) -> Document:
    """The quotations of a claims file as a document; it counts as published on the day as of which the claims speak.

    `name` is what its file is called.
    """
    about, text = claims.document, BETWEEN.join(claim.quote for claim in claims.claim)
    return Document(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        kind="txt",
        text=text,
        title=about.title,
        language=about.language,
        file=name,
        published=PartialDate.parse(claims.as_of.isoformat()),
        published_basis=SAID,
        publisher=about.publisher,
        url=about.url,
    )


def proposed(claims: Claims, document: Document, at: dt.datetime) -> tuple[Assertion, ...]:
    """The claims as candidates about that document."""
    origin, found, start = Origin(kind="rule", name=f"claims.{document.file}"), [], 0
    for claim in claims.claim:
        citation = document.cite(start, start + len(claim.quote))
        start += len(claim.quote) + len(BETWEEN)
        said = plain(claim)
        found.append(
            Assertion(
                id=id_of(document.digest, citation, "claim", origin, said),
                document=document.digest,
                citation=citation,
                kind="claim",
                as_written={"claim": citation.exact},
                canonical=said,
                origin=origin,
                at=at,
            )
        )
    return tuple(found)
