"""Named places where a test may kill, stop or fail this process. Silent unless a test asks for it."""

from __future__ import annotations

import os
import signal
import time

_ASKED = os.environ.get("FASHEN_FAILPOINT", "")


def failpoint(name: str) -> None:
    """Do what `FASHEN_FAILPOINT=name=action` asks: `kill`, `raise`, or `sleep:SECONDS`.

    `name@3=kill` acts on the third time only. Without the variable this is one comparison.
    """
    if _ASKED:
        _act(name)


_seen: dict[str, int] = {}


def _act(name: str) -> None:
    wanted, _, action = _ASKED.partition("=")
    place, _, nth = wanted.partition("@")
    if place != name:
        return
    _seen[name] = _seen.get(name, 0) + 1
    if nth and _seen[name] != int(nth):
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise RuntimeError(f"failpoint {name}")
    elif action.startswith("sleep:"):
        time.sleep(float(action[6:]))
