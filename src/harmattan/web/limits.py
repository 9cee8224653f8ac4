"""How often one may try: failures are counted for a while, and then one waits."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from harmattan.text import T, counted
from harmattan.web.faults import TooMuch

REMEMBERED = 10_000
"""So many names and addresses are remembered; those that tried longest ago are forgotten first."""


class Tries:
    """Tries by key: at most `most` within `seconds`, of those that did not succeed."""

    def __init__(self, most: int, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self.clock = most, seconds, clock
        self._there: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Seconds that one has to wait before the next try; 0 where one need not. The try counts from now on."""
        with self._lock:
            now = self.clock()
            tries = [at for at in self._there.pop(key, []) if now - at < self.seconds]
            self._there[key] = tries
            if len(tries) >= self.most:
                return max(1, round(tries[0] + self.seconds - now))
            tries.append(now)
            while len(self._there) > REMEMBERED:
                self._there.popitem(last=False)
            return 0

    def forget(self, key: str) -> None:
        """The try was good: those before it no longer count."""
        with self._lock:
            self._there.pop(key, None)

    def give_back(self, key: str) -> None:
        """The last try does not count."""
        with self._lock:
            if self._there.get(key):
                self._there[key].pop()


class SignIns:
    """Tries to sign in: by name from an address, by name, by address. It does not matter whether there is the name.

    From one address nobody is kept from signing in elsewhere: it takes several to use up all tries of a name.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.pairs, self.names, self.addresses = Tries(8, 900, clock), Tries(40, 900, clock), Tries(40, 900, clock)

    def _of(self, name: str, address: str) -> tuple[tuple[Tries, str], ...]:
        place = network_of(address)
        return (self.pairs, f"{name}\0{place}"), (self.addresses, place), (self.names, name)

    def begin(self, name: str, address: str) -> None:
        """Counts a try. Raises TooMuch where there were too many."""
        begun: list[tuple[Tries, str]] = []
        for tries, key in self._of(name, address):
            if wait := tries.wait(key):
                for other, counted_under in begun:
                    other.give_back(counted_under)
                raise _too_many(wait)
            begun.append((tries, key))

    def good(self, name: str, address: str) -> None:
        """Somebody has signed in: their earlier tries no longer count."""
        pair, *others = self._of(name, address)
        pair[0].forget(pair[1])
        for tries, key in others:
            tries.give_back(key)


def _too_many(wait: int) -> TooMuch:
    minutes = counted(-(-wait // 60), "{n} minute", "{n} minutes")
    what, do = T("There were too many tries to sign in."), T("Try again in {minutes}.", minutes=minutes)
    return TooMuch(what, do=do, retry_after=wait)


def network_of(address: str) -> str:
    """An address as it counts: of IPv6 the network, since whoever has one address there has all of it.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3::4"), network_of("?")
    ('192.0.2.7', '2001:db8:1:2::/64', '?')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped is not None:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network(f"{found}/64", strict=False))
