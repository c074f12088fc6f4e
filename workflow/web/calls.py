"""接口的次数 — how often a program may call: generous, so that only a loop without an end meets it.

Counted in each web process by itself: a row written for every call would cost more than most calls do, and what
it guards is this process. With n processes a token has up to n times as many.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable

MINUTE = 60.0


class Calls:
    """The calls of the minute that runs, by whose token they came with; only of tokens that are good."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._counted: Counter[str] = Counter()

    def spend(self, token: str, most: int) -> int:
        """Count one call; 0, or the seconds until the next minute when there were `most` already."""
        with self._lock:
            now = self._clock()
            if now - self._began >= MINUTE:
                self._began = now
                self._counted.clear()
            if self._counted[token] >= most:
                return math.ceil(self._began + MINUTE - now)
            self._counted[token] += 1
            return 0
