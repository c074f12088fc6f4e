"""A worker that sends decisions, and is killed now and then at any step of the sending code.

    python -m tests.faults.sender --until FILE --seed N --odds P [--faulty]

It forks a child that works off what is due; the child kills itself (SIGKILL) at a failpoint with these odds,
and another child takes its place. Each death is one line on standard output. `--faulty` is the negative
control: a sender that takes every lost answer for a no and sends again without asking.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import workflow.commands  # noqa: F401 - registers every verb
from policies.calendar import Calendar
from policies.lawbook import register
from workflow import database, failpoints, outbox, resting
from workflow.deliveries import deliver
from workflow.program import Fashen
from workflow.publication import errand, sending
from workflow.publication.errand import Errand
from workflow.settings import Settings

LEASE, TIMEOUT, SETTLE = 4.0, 0.4, 1.2
"""Seconds. In the same proportion as in an office: the platform is certain sooner than a lease is over."""


def hurry() -> Settings:
    """The waits of an office, each so many times shorter; `Settings` itself would not allow them."""
    resting.FIRST_REST, resting.LONGEST_REST = timedelta(seconds=0.01), timedelta(seconds=0.05)
    resting.PROBE, resting.AFTER_THE_OTHERS = timedelta(seconds=0.3), timedelta(seconds=0.02)
    outbox.FIRST_WAIT, outbox.LONGEST_WAIT = timedelta(seconds=0.1), timedelta(seconds=1)
    sending.ANOTHER_LOOK = timedelta(seconds=0.1)
    short = {"lease": LEASE, "channel_timeout": TIMEOUT, "platform_settle": SETTLE}
    return Settings(_env_file=None).model_copy(update=short)


def blind() -> None:
    """Ask nobody: what got no answer is sent again."""

    setattr(Errand, "settle", lambda _, again=0: None)  # noqa: B010


def die_at_random(odds: float, dice: random.Random) -> None:
    def act(_: str) -> None:
        if dice.random() < odds:
            os.kill(os.getpid(), signal.SIGKILL)

    failpoints._ASKED = "anywhere"
    setattr(failpoints, "_act", act)  # noqa: B010


def work(fashen: Fashen, dice: random.Random, until: Path) -> None:
    """Whatever is due to be published, in no order, until somebody says enough."""
    while not until.exists():
        with database.reading(fashen.engine) as tx:
            waiting = outbox.due(tx, fashen.now(tx), limit=1000)
        ids = [id for id, kind in waiting if kind in ("publish", "withdraw")]
        if not ids:
            time.sleep(0.05)
            continue
        dice.shuffle(ids)
        for id in ids[:20]:
            deliver(fashen, id)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--until", type=Path, required=True)
    asked.add_argument("--seed", type=int, required=True)
    asked.add_argument("--odds", type=float, required=True)
    asked.add_argument("--faulty", action="store_true")
    given = asked.parse_args()
    settings = hurry()
    if given.faulty:
        blind()
    # What each child would read anew: it lives for a second.
    calendar, _ = Calendar.published(), register()
    errand._ways_out(settings)
    born = 0
    while not given.until.exists():
        born += 1
        child = os.fork()
        if child == 0:
            dice = random.Random(f"{given.seed}/{born}")
            die_at_random(given.odds, dice)
            work(Fashen(settings, database.connect(settings.url), calendar), dice, given.until)
            os._exit(0)
        print(f"born {child}", flush=True)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL:
            print(f"killed {child}", flush=True)
        elif code:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
