"""One form for the many ways in which one address is shared: what two posts have in common when they share a link.

Schemes, www and mobile hosts, AMP copies, tracking parameters, default ports, fragments, slashes at the end, the order
of parameters and the ways of writing a character (RFC 3986, section 6.2.2) are folded. Shorteners stay as they are:
where they lead is known only to who asks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from harmattan.influence.trackers import PREFIXES, TRACKERS

PASSES = 12
"""An address within an address within an address …: beyond this many it is none of ours."""
LONGEST = 4_096
FOLDED = frozenset(("www", "www2", "www3", "m", "mobile", "amp", "wap"))
"""First words of a host that name a way of showing the page, not another page."""
GIVES_NAMES = re.compile(r"(?:com?|org|net|gov|gouv|edu|ac)\.[a-z]{2}")
"""co.uk and the like: what is before them is the name itself, so amp.com.au stays."""

ADDRESS = re.compile(r"(?:(h(?:tt|xx)ps?):)?(//)?([^/?#\s\\]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
AUTHORITY = re.compile(r"(?:[^@]*@)?([^@:\[\]]+)(?::(\d*))?")
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})|([^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%])|%")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=]*")
BROKEN = re.compile("[\\s\x00-\x1f\x7f…]")
AROUND = " \t\r\n<>\"'`«»‹›“”‘’"
AFTER = AROUND + ".,;:!"

AMP_CACHE = re.compile(r"/(?:[a-z]{1,3}/)*?(?:amp/)?(?:s/)?([^/]+\.[^/]+.*)", re.S)
AMP_END = re.compile(r"(?:(?<=[^/])/amp(?:\.html)?|(?<=[^/])\.amp)$|\.amp(?=\.html$)")
GOOGLE = re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})")

UNSETTLED = re.compile(r"[.,;:!'&=/]$|[%+]|amp|/\.|[^:]//|&&")
"""What a form has where folding it again may change it; most have nothing of the kind."""

Parts = tuple[str, str, list[str]]
"""Host, path and parameters, as written but for what was folded already."""


def canonical(url: str) -> str | None:
    """The one form of an address; None for what is none. Never raises; the form of a form is itself.

    An address without its scheme counts where it has a slash or begins with www.

    >>> canonical("http://m.example.org:80/a/?utm_source=x&b=2&a=1#top")
    'https://example.org/a?a=1&b=2'
    >>> canonical("https://youtu.be/abcdefghijk?si=1"), canonical("see there")
    ('https://youtube.com/watch?v=abcdefghijk', None)
    """
    for _ in range(PASSES):
        folded, settled = _once(url)
        if settled or folded is None or folded == url:
            return folded
        url = folded
    return None


def domain(url: str) -> str | None:
    """The host of an address in its one form, without www and the like; None for what is no address.

    It is the host, not the domain that was registered: which endings give names to others is a list that changes.

    >>> domain("https://www.news.example.org/a")
    'news.example.org'
    """
    form = canonical(url)
    return None if form is None else host(form)


def host(form: str) -> str:
    """The host of an address that is in its one form."""
    return form[len("https://") :].partition("/")[0].partition("?")[0].partition(":")[0]


def resolve(url: str, resolved: Mapping[str, str]) -> str | None:
    """The one form of where an address leads, by a map from forms to forms; its own form where the map has it not.

    >>> resolve("http://bit.ly/a", {"https://bit.ly/a": "https://example.org/b"})
    'https://example.org/b'
    """
    form, seen = canonical(url), set()
    while form is not None and form in resolved and form not in seen:
        seen.add(form)
        form = canonical(resolved[form])
    return form


def known(resolved: Mapping[str, str]) -> dict[str, str]:
    """A map of shortened addresses to where they lead, keyed by the one form; what is no address is left out."""
    pairs = ((canonical(short), canonical(long)) for short, long in resolved.items())
    return {short: long for short, long in pairs if short is not None and long is not None}


def _once(url: str) -> tuple[str | None, bool]:
    """An address folded once, and whether to fold it again would change nothing."""
    url = url.strip(AROUND).rstrip(AFTER)
    if len(url) > LONGEST or BROKEN.search(url):
        return None, True
    if "\\" in url:
        url = url.replace("\\", "/")
    if "[.]" in url:
        url = url.replace("[.]", ".")
    found = ADDRESS.fullmatch(url)
    if found is None:
        return None, True
    scheme, slashes, authority, path, query, fragment = found.groups()
    if scheme is None and (slashes is None) and not _without_scheme(authority, path):
        return None, True
    if scheme is not None and slashes is None:
        return None, True
    host = _host(authority, (scheme or "https").lower())
    if host is None:
        return None, True
    if fragment and fragment.startswith("!/"):
        path, query = fragment[1:].partition("#")[0].partition("?")[::2]
    pairs = [] if not query else [one for one in query.replace("&amp;", "&").split("&") if one]
    return _written(host, path, pairs)


def _without_scheme(authority: str, path: str) -> bool:
    return "@" not in authority and (path.startswith("/") or authority[:4].lower() == "www.")


@lru_cache(maxsize=65_536)
def _host(authority: str, scheme: str) -> str | None:
    """The host without who asks, the scheme's own port, www and the like; other letters as in RFC 3492."""
    found = AUTHORITY.fullmatch(authority)
    if found is None:
        return None
    host, port = found[1], found[2]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    host = host.lower().rstrip(".")
    if IPV4.fullmatch(host) is None:
        if len(host) > 253 or HOST.fullmatch(host) is None:
            return None
        host = _without_first(host)
    if not port or port.lstrip("0") in ("80", "443"):
        return host
    return f"{host}:{port.lstrip('0')}" if len(port) < 6 and port.strip("0") else None


def _without_first(host: str) -> str:
    while True:
        first, _, rest = host.partition(".")
        if first not in FOLDED or "." not in rest or GIVES_NAMES.fullmatch(rest):
            return host
        host = rest


def _written(host: str, path: str, pairs: list[str]) -> tuple[str, bool]:
    special = SPECIAL.get(host) or SPECIAL.get(".".join(host.rsplit(".", 2)[-2:]))
    if special is None and GOOGLE.fullmatch(host):
        special = _google
    if special is not None:
        made = special(host, path, pairs)
        if isinstance(made, str):
            return made, False
        host, path, pairs = made
    kept = sorted({_escaped(one).replace("+", "%20") for one in pairs if not _tracks(one)}) if pairs else ()
    path = _escaped(_path(path))
    form = f"https://{host}{path}{'?' + '&'.join(kept) if kept else ''}"
    return form, special is None and UNSETTLED.search(form) is None


def _path(path: str) -> str:
    if "/." in path:
        path = _without_dots(path)
    path = path.rstrip("/")
    if "amp" in path:
        path = AMP_END.sub("", path).rstrip("/")
    return path


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:1] if len(kept) == 1 else kept[:-1]
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _escaped(words: str) -> str:
    if PLAIN.fullmatch(words):
        return words
    return ESCAPED.sub(_escape, words)


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        letter = chr(int(found[1], 16))
        return letter if letter in UNRESERVED else f"%{found[1].upper()}"
    if found[2]:
        return "".join(f"%{byte:02X}" for byte in found[2].encode("utf-8", "replace"))
    return "%25"


def _decoded(words: str) -> str:
    whole = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), words.encode("utf-8", "replace"))
    return whole.decode("utf-8", "replace")


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in TRACKERS or name.startswith(PREFIXES)


def _of(pairs: list[str], *names: str) -> list[str]:
    """The parameters of these names, as written."""
    return [one for one in pairs if one.partition("=")[0] in names and one.partition("=")[2]]


def _target(pairs: list[str], *names: str) -> str | None:
    """The address that a parameter carries, where it carries one."""
    for one in _of(pairs, *names):
        inner = _decoded(one.partition("=")[2])
        if inner.lower().startswith(("http://", "https://")):
            return inner
    return None


def _youtube(host: str, path: str, pairs: list[str]) -> Parts | str:
    parts = path.strip("/").split("/")
    if host == "youtu.be":
        film = parts[0]
    elif parts[0] in ("embed", "v", "shorts", "live") and len(parts) > 1:
        film = parts[1]
    else:
        film = next((one[2:] for one in _of(pairs, "v")), "") if parts[0] == "watch" else ""
    if re.fullmatch(r"[\w-]{6,20}", film, re.A):
        return "youtube.com", "/watch", [f"v={film}"]
    kept = [one for one in pairs if one.partition("=")[0] not in ("si", "feature", "pp", "ab_channel", "app")]
    return ("youtube.com" if host in ("youtube-nocookie.com",) else host), path, kept


def _x(_host: str, path: str, pairs: list[str]) -> Parts | str:
    found = re.match(r"/(?:i/web|[^/]+)/status(?:es)?/(\d+)", path)
    if found:
        return "x.com", f"/i/status/{found[1]}", []
    return "x.com", path, [one for one in pairs if one.partition("=")[0] not in ("s", "t", "lang")]


def _telegram(_host: str, path: str, pairs: list[str]) -> Parts | str:
    parts = path.strip("/").split("/")
    if parts[0] == "s" and len(parts) > 1:
        parts = parts[1:]
    if re.fullmatch(r"[A-Za-z0-9_-]+", parts[0]) and parts[0] not in ("joinchat", "c"):
        parts[0] = parts[0].lower()
    return "t.me", "/" + "/".join(parts), [one for one in pairs if one.partition("=")[0] not in ("single", "before")]


FACEBOOK = ("id", "story_fbid", "fbid", "v", "u", "q", "album_id", "multi_permalinks")
"""The parameters of an address of Facebook that say which page it is; all others say who came from where."""


def _facebook(host: str, path: str, pairs: list[str]) -> Parts | str:
    if path.rstrip("/") in ("/l.php", "/flx/warn") and (inner := _target(pairs, "u")):
        return inner
    path = {"/permalink.php": "/story.php", "/video.php": "/watch", "/photo": "/photo.php"}.get(path.rstrip("/"), path)
    return "facebook.com", path, _of(pairs, *FACEBOOK)


def _instagram(host: str, path: str, pairs: list[str]) -> Parts | str:
    if host == "l.instagram.com" and (inner := _target(pairs, "u")):
        return inner
    found = re.match(r"(?:/[\w.]+)?/(?:p|reels?|tv)/([\w-]+)", path, re.A)
    return "instagram.com", f"/p/{found[1]}" if found else path, []


def _google(host: str, path: str, pairs: list[str]) -> Parts | str:
    if path.startswith("/amp/") and (found := AMP_CACHE.fullmatch(path[4:])):
        return _unwrapped(found[1], pairs)
    if path == "/url" and (inner := _target(pairs, "q", "url")):
        return inner
    return host, path, pairs


def _amp_cache(host: str, path: str, pairs: list[str]) -> Parts | str:
    found = AMP_CACHE.fullmatch(path)
    return _unwrapped(found[1], pairs) if found else (host, path, pairs)


def _unwrapped(rest: str, pairs: list[str]) -> str:
    return f"https://{rest}{'?' + '&'.join(pairs) if pairs else ''}"


def _vk(host: str, path: str, pairs: list[str]) -> Parts | str:
    inner = _target(pairs, "to") if path == "/away.php" else None
    return inner or (host, path, pairs)


def _tiktok(host: str, path: str, _pairs: list[str]) -> Parts | str:
    return host, path, []


def _wikipedia(host: str, path: str, pairs: list[str]) -> Parts | str:
    return host.replace(".m.", ".", 1), path, pairs


SPECIAL: Mapping[str, Callable[[str, str, list[str]], Parts | str]] = {
    **dict.fromkeys(("youtube.com", "youtu.be", "youtube-nocookie.com"), _youtube),
    **dict.fromkeys(("twitter.com", "x.com", "fxtwitter.com", "vxtwitter.com", "nitter.net"), _x),
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), _telegram),
    **dict.fromkeys(("facebook.com", "fb.com"), _facebook),
    "instagram.com": _instagram,
    "tiktok.com": _tiktok,
    "ampproject.org": _amp_cache,
    "bing.com": _google,
    "vk.com": _vk,
    "wikipedia.org": _wikipedia,
}
"""Sites that name one thing in several ways, by their domain."""
