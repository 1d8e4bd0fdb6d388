"""Work on the database that goes on behind, while the next rows are put together: one thing at a time, in order.

The database and this program then work at once, and the longer of the two is what an import takes. Until the block
ends, nothing else may use the unit of work's session.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

_MOST_WAITING = 1


class Behind:
    """A thread for one unit of work. What fails in it is raised at the next ``do``, or at the end of the block."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="behind")
        self._left: deque[Future[None]] = deque()

    def __enter__(self) -> Behind:
        return self

    def do(self, act: Callable[[], None]) -> None:
        """Do this after all that was given before. Waits where too much is waiting: it is all in memory."""
        self._left.append(self._thread.submit(act))
        while len(self._left) > _MOST_WAITING or (self._left and self._left[0].done()):
            self._left.popleft().result()

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        # Whatever happened: the session is nobody's else until the thread has let go of it.
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        while kind is None and self._left:
            self._left.popleft().result()
