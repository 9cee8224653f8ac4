"""Breaks bytes the way disks, lines and hands do: cut, flipped, doubled, mixed with what does not belong."""

from __future__ import annotations

from hypothesis import strategies as st

INTRUDERS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\n", b"\r\n", b"\r", b",", b";", b"\t", b"{", b"}", b"[", b"]",
    b"NaN", b"1e999", b"-1", b"9" * 40, b"null", b"\xe9", b"\xf0\x9f\x98\x80", b"2026-13-45", b"PK\x03\x04",
    b"\x1f\x8b", b"PAR1", b"=cmd|' /C calc'!A0", b"<html>", b"..\\..\\", b"a" * 5000,
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn, content: bytes) -> bytes:
    """The content after one to four injuries."""
    data = content
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 200)))
        injury = draw(st.sampled_from(("cut", "drop", "double", "insert", "flip", "swap")))
        if injury == "cut":
            data = data[:at]
        elif injury == "drop":
            data = data[:at] + data[to:]
        elif injury == "double":
            data = data[:to] + data[at:]
        elif injury == "insert":
            data = data[:at] + draw(st.sampled_from(INTRUDERS)) + data[at:]
        elif injury == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
        else:
            data = data[:at] + draw(st.binary(max_size=30)) + data[to:]
    return data
