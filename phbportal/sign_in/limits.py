"""How often an address may knock, how many sockets it may hold, and how fast one socket may talk: in memory."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address, ip_network

LONGEST_MESSAGE = 1_000_000
"""Characters in one message of a socket; Reflex's own limit."""


MOST_KEYS = 10_000
"""So many keys are kept before those that fell silent are looked for: at most every ``LOOKED_EVERY`` seconds, for with
very many of them alive a look finds nothing and takes long."""
LOOKED_EVERY = 5


def measure_of(address: str) -> str:
    """The key an address is measured by: itself, or of IPv6 the network of 64 bits, which one caller may have whole."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address) or found.ipv4_mapped:
        return address
    return str(ip_network((int(found) >> 64 << 64, 64)))


class PerMinute:
    """At most ``most`` calls a minute for each key. Keys that fell silent are forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._looked = 0.0
        self._lock = threading.Lock()

    def allows(self, key: str, now: float) -> bool:
        """Count a call at ``now`` (seconds) and say whether it is within the limit."""
        with self._lock:
            if len(self._seen) > MOST_KEYS and not 0 <= now - self._looked < LOOKED_EVERY:
                self._looked = now
                self._seen = defaultdict(
                    deque, {k: times for k, times in self._seen.items() if times and times[-1] > now - 60}
                )
            times = self._seen[key]
            while times and times[0] <= now - 60:
                times.popleft()
            if len(times) >= self.most:
                return False
            times.append(now)
            return True


class AtOnce:
    """At most ``most`` at once for each key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one(self, key: str) -> Iterator[bool]:
        """Hold one while inside; false if that is one too many."""
        with self._lock:
            within = self._held[key] < self.most
            self._held[key] += within
        try:
            yield within
        finally:
            with self._lock:
                self._held[key] -= within
                if not self._held[key]:
                    del self._held[key]


class Messages:
    """What one socket may send: text, not too long, and not too much of it (T22)."""

    def __init__(self, each_second: int) -> None:
        self._each_second, self._most = each_second, 5 * each_second
        self._left, self._at = float(self._most), time.monotonic()

    def fault(self, text: str | None) -> str:
        """The reason to end the connection at this message, or nothing. ``text`` None is a binary message:
        the pages send none, and python-socketio gathers them without limit."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._each_second)
        self._at = now
        self._left -= 1
        if text is None:
            return "gate.binary"
        if len(text) > LONGEST_MESSAGE:
            return "gate.too_big"
        return "gate.flood" if self._left < 0 else ""
