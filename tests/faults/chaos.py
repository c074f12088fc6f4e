"""Minutes of misfortune: two workers, two beats, a real database and queue, one thing taken away every few seconds.

    python -m tests.faults.chaos --minutes 10 [--seed N]

Meanwhile somebody opens cases, and a supervisor starts what died, as systemd would. When the faults stop,
nothing may be lost, nothing shown twice, and every health line green.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from tests.builders import a_case, day, office_at
from tests.faults.town import Town
from tests.services.postgres import PrivatePostgres
from tests.services.valkey import PrivateValkey
from workflow import database, models
from workflow.database import reading
from workflow.health import health
from workflow.oracle import check_all
from workflow.times import utc_now

WORKERS, BEATS = ("w1", "w2"), ("b1", "b2")

UNSIGNED = ("unconfirmed", "calendar")

SETTLES = 240
"""Seconds in which everything is told after the last fault: some leases, and the queue's own trust."""


class Chaos:
    """A town, what can happen to it, and what did."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.postgres, self.queue = PrivatePostgres(), PrivateValkey()
        self.postgres.start()
        self.queue.start()
        database.migrate(self.postgres.url())
        self.town = Town(folder, self.postgres.url(), self.queue.url())
        self.happened: list[str] = []
        self.over = threading.Event()

    def run(self, seconds: float) -> None:
        """Misfortune for so long, then peace, then the proof."""
        self.town.cases(5)
        for name in WORKERS:
            self.town.worker(name)
        for name in BEATS:
            self.town.beat(name)
        clerk = threading.Thread(target=self._clerk)
        clerk.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(self.dice.uniform(2, 5))
            fault = self.dice.choice(self._faults())
            self.happened.append(fault.__name__)
            fault()
            self._supervise()
        self.over.set()
        clerk.join()
        give_up = time.monotonic() + SETTLES
        while self.wrong() and time.monotonic() < give_up:
            self._supervise()
            time.sleep(2)

    def wrong(self) -> list[str]:
        """What is lost, doubled or not yet well; nothing is the proof."""
        town = self.town
        try:
            # Half a case, which the database broke off, may have been told to others than have it now.
            told, expected = town.told(), [k for k in town.expected() if k[0][1] == "decision"]
            found = [f"lost: {key}" for key in expected if key not in told]
            found += [f"{n} times: {key}" for key, n in told.items() if n > 1]
            raised = self._raised()
            found += [f"nobody raised it: {key}" for key in told if key[0] not in raised]
            if waiting := town.waiting():
                found.append(f"{waiting} messages wait")
            return found or check_all(town.fashen) or self._unwell()
        except sa.exc.SQLAlchemyError as away:
            return [f"the database is away: {type(away).__name__}"]

    def close(self) -> None:
        self.over.set()
        for name in list(self.town.running):
            self.town.kill(name)
        self.town.fashen.engine.dispose()
        self.queue.remove()
        self.postgres.remove()

    # — what can happen —

    def _faults(self) -> list[Callable[[], None]]:
        return [
            self.worker_killed, self.worker_killed, self.worker_told_to_stop, self.worker_paused,
            self.beat_killed, self.queue_killed, self.queue_emptied, self.queue_frozen,
            self.queue_fouled, self.database_killed, self.database_restarted,
        ]  # fmt: skip

    def worker_killed(self) -> None:
        self.town.kill(self.dice.choice([w for w in WORKERS if w in self.town.running]))

    def worker_told_to_stop(self) -> None:
        process = self.town.running[self.dice.choice(WORKERS)]
        with suppress(ProcessLookupError):
            process.terminate()

    def worker_paused(self) -> None:
        group = self.town.running[self.dice.choice(WORKERS)].pid
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGSTOP)
            time.sleep(self.dice.uniform(2, 6))
            os.killpg(group, signal.SIGCONT)

    def beat_killed(self) -> None:
        self.town.kill(self.dice.choice([b for b in BEATS if b in self.town.running]))

    def queue_killed(self) -> None:
        self.queue.kill9()
        time.sleep(self.dice.uniform(0.5, 3))
        self.queue.start()

    def queue_emptied(self) -> None:
        self.queue.flush()

    def queue_frozen(self) -> None:
        with self.queue.frozen():
            time.sleep(self.dice.uniform(3, 8))

    def queue_fouled(self) -> None:
        self.queue.say(b"LPUSH fashen not-json\r\n")

    def database_killed(self) -> None:
        self.postgres.kill9()
        time.sleep(self.dice.uniform(0.5, 3))
        self.postgres.start()

    def database_restarted(self) -> None:
        self.postgres.restart()

    # — those who go on meanwhile —

    def _supervise(self) -> None:
        for name in (*WORKERS, *BEATS):
            process = self.town.running.get(name)
            if process is not None and process.poll() is None:
                continue
            if process is not None:
                self.town.kill(name)
            (self.town.worker if name in WORKERS else self.town.beat)(name)

    def _clerk(self) -> None:
        """Open a case every two seconds; a step that the database was away for is left where it was."""
        while not self.over.wait(2):
            with suppress(sa.exc.SQLAlchemyError):
                office = office_at(self.postgres.url(), now=utc_now())
                office.clock = lambda: day(2025, 1, 6)
                a_case(office, "investigating", start=day(2025, 1, 6))
                office.engine.dispose()

    def _raised(self) -> set[tuple[str, str, str]]:
        a = models.alert.c
        with reading(self.town.fashen.engine) as tx:
            return {tuple(r) for r in tx.execute(sa.select(a.case_id, a.clock, a.stage))}

    def _unwell(self) -> list[str]:
        """Every health line that is not green, but for what the sample office has nobody sign for."""
        lines = health(self.town.fashen)
        return [
            f"{x.name}: {x.text}" for x in lines if x.level != "green" and x.name not in UNSIGNED
        ]


def main() -> int:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="fashen-chaos-") as folder:
        chaos = Chaos(Path(folder), given.seed)
        try:
            chaos.run(given.minutes * 60)
            wrong = chaos.wrong()
            told = chaos.town.told()
        finally:
            chaos.close()
    print(f"seed {given.seed}: {len(chaos.happened)} faults, {sum(told.values())} alerts told")
    for name in sorted(set(chaos.happened)):
        print(f"  {chaos.happened.count(name):>4} {name}")
    for line in wrong[:40]:
        print(f"  ✗ {line}")
    print("not whole" if wrong else "nothing lost, nothing twice, all well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
