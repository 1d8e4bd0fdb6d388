"""How often an address may knock: a sliding minute, in memory (one board may sit behind one address)."""

from __future__ import annotations

import threading
from collections import defaultdict, deque


class PerMinute:
    """At most ``most`` calls a minute for each key. Keys that fell silent are forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def allows(self, key: str, now: float) -> bool:
        """Count a call at ``now`` (seconds) and say whether it is within the limit."""
        with self._lock:
            if len(self._seen) > 10_000:
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
