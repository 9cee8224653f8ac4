"""Addresses that may become links: those of the web, since files and documents are anybody's and can say anything."""

from __future__ import annotations


def of_the_web(address: str | None) -> str:
    """The address where it is one of the web, else nothing.

    >>> of_the_web("https://ucdp.uu.se"), of_the_web("javascript:alert(1)"), of_the_web(None)
    ('https://ucdp.uu.se', '', '')
    """
    return address if address and address.startswith(("https://", "http://")) else ""
