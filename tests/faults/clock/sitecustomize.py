"""Put on the path of a process, this moves its wall clock by the seconds that stand in the file FASHEN_TEST_CLOCK.

The clock that counts from the start of the machine goes on undisturbed, as it does when somebody sets the
time; the file is looked at ten times a second.
"""

import datetime
import os
import threading
import time

_FILE = os.environ.get("FASHEN_TEST_CLOCK", "")


def _move() -> None:
    import time_machine

    moved, travel = 0.0, None
    while True:
        try:
            with open(_FILE) as wanted:
                seconds = float(wanted.read() or 0)
        except (OSError, ValueError):
            seconds = moved
        if seconds != moved:
            if travel is not None:
                travel.stop()
            moved, travel = seconds, None
            if seconds:
                there = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
                travel = time_machine.travel(there, tick=True)
                travel.start()
        time.sleep(0.1)


if _FILE:
    threading.Thread(target=_move, daemon=True).start()
