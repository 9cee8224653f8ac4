"""Addresses: the one that was asked for, those that lead back, and whole numbers in them."""

from __future__ import annotations

from fastapi import Request


def here(request: Request) -> str:
    """The address that was asked for on this server: its path and its query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def within(address: str) -> str:
    """An address on this server, or the overview: nobody is sent elsewhere.

    >>> within("/map?x=1"), within("//evil.example"), within("https://evil.example")
    ('/map?x=1', '/', '/')
    """
    good = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if good else "/"


def number_in(words: str | None, usual: int, most: int = 10**9) -> int:
    """A whole number that somebody wrote, at most `most`; the usual one where it is none.

    >>> number_in("3", 1), number_in("-3", 1), number_in("x", 1), number_in(None, 1), number_in("9" * 30, 1)
    (3, 1, 1, 1, 1)
    """
    good = words is not None and words.isascii() and words.isdecimal() and len(words) < 10
    return min(int(words), most) if good and words else usual


def page_in(words: str | None) -> int:
    """The page of a list that an address asks for, from 1.

    >>> page_in("12"), page_in("0"), page_in("x")
    (12, 1, 1)
    """
    return max(1, number_in(words, 1))
