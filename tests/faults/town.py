"""A whole installation as processes of their own — database, queue, workers, beats — that a test can take apart.

The clocks of the cases ran out long ago, so every stage of theirs is due now; `expected` says which alerts
must come of it, counted from the cases and the table of the process and not from what the program did.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from policies.casefile import CaseFile
from states.flow import kind_of
from states.terms import TERMS
from tests.builders import a_case, day, office_at, sample_office
from workflow import models
from workflow.database import reading
from workflow.follow_ups import recipients
from workflow.oracle import check_all
from workflow.times import beijing, utc_now

ROOT = Path(__file__).parents[2]
SECRET = "only-for-tests-" * 3

QUICK = {"FASHEN_LEASE": "32", "FASHEN_CHANNEL_TIMEOUT": "1", "FASHEN_SWEEP_EVERY": "1"}
"""As short as the program allows: what a dead worker held is taken over after half a minute."""

Alert = tuple[str, str, str]
"""Case, clock, stage."""


@dataclass
class Town:
    """The processes of one installation; a `with` ends them all."""

    folder: Path
    url: str
    broker: str
    more: Mapping[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fashen = office_at(self.url, now=utc_now())
        self.fashen.clock = utc_now
        self.fashen.settings = self.fashen.settings.model_copy(update={"broker_url": self.broker})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.running):
            self.kill(name)
        self.fashen.engine.dispose()

    # — its processes —

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FASHEN_", "CELERY_"))}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "FASHEN_DATABASE_URL": self.url,
            "FASHEN_BROKER_URL": self.broker,
            "FASHEN_SECRET_KEY": SECRET,
            "FASHEN_DATA_DIR": str(self.folder / "data"),
            **QUICK,
            **self.more,
        }

    def worker(self, name: str, pool: str = "prefork", **more: str) -> None:
        options = ("-n", f"{name}@town", "--concurrency", "1", "--pool", pool, "--loglevel", "info")
        self._start(name, ("worker", *options), more)

    def beat(self, name: str = "beat", **more: str) -> None:
        self._start(name, ("beat", "--loglevel", "info"), more)

    def kill(self, name: str) -> None:
        """Without a word, with everything that it started."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self, name: str, seconds: float = 40) -> int:
        """As a supervisor does; the exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(seconds)

    def alive(self, name: str) -> bool:
        return self.running[name].poll() is None

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def _start(self, name: str, words: tuple[str, ...], more: Mapping[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as out:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "worker", *words],
                cwd=ROOT,
                env={**self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    # — its cases —

    def cases(self, count: int) -> list[str]:
        """Cases that stopped in the middle of the investigation of last year: all their stages are due."""
        self.fashen.clock = lambda: day(2025, 1, 6)
        made = [a_case(self.fashen, "investigating", start=day(2025, 1, 6)) for _ in range(count)]
        self.fashen.clock = utc_now
        return made

    def expected(self) -> Counter[tuple[Alert, str]]:
        """Every alert that must have been told by now, with each hearer, once."""
        due: Counter[tuple[Alert, str]] = Counter()
        office, now = sample_office(), beijing(utc_now())
        with reading(self.fashen.engine) as tx:
            rows = tx.execute(sa.select(models.cases.c.id, models.cases.c.doc)).all()
        for id, doc in rows:
            case = CaseFile.model_validate_json(doc)
            for name, clock in case.clocks.items():
                term = TERMS[kind_of(name)]
                holder = ("handlers",) if term.holder is None else tuple(term.holder.roles)
                calendar = self.fashen.calendar
                for stage, on in term.stages(clock.ends, clock.rolled, calendar, office.alerts):
                    if on <= now.date() and stage != "lapse":
                        hearers = (*holder, *office.alerts.hearers(stage))
                        people = recipients(hearers, case, office, now)
                        for person in people or office.with_role("unit_head"):
                            due[(id, name, stage), person.id] += 1
        return due

    def told(self) -> Counter[tuple[Alert, str]]:
        """What stands in people's inboxes, as often as it does."""
        shown: Counter[tuple[Alert, str]] = Counter()
        n, o = models.inbox.c, models.outbox.c
        with reading(self.fashen.engine) as tx:
            rows = tx.execute(
                sa.select(n.case_id, n.person_id, n.stage, o.payload)
                .join(models.outbox, o.dedup == n.dedup)
                .where(n.stage != "")
            ).all()
        for row in rows:
            shown[(row.case_id, json.loads(row.payload)["clock"], row.stage), row.person_id] += 1
        return shown

    def waiting(self) -> int:
        """Messages that are neither done nor wanted no more."""
        o = models.outbox.c
        with reading(self.fashen.engine) as tx:
            count = sa.select(sa.func.count()).select_from(models.outbox)
            return tx.scalar(count.where(o.status.in_(("ready", "leased", "dead")))) or 0

    def settled(self) -> bool:
        """Whether everything that should be told has been, and nothing waits; a database that is away is not."""
        with suppress(sa.exc.SQLAlchemyError):
            return self.told() == self.expected() and self.waiting() == 0
        return False

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        give_up = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.25)
        return True

    def whole(self) -> None:
        """Exactly the alerts that should be, and a database of which all holds that must."""
        assert self.told() == self.expected(), self._story()
        assert self.waiting() == 0, self._story()
        assert check_all(self.fashen) == []

    def _story(self) -> str:
        return "\n".join(f"— {name} —\n{self.log(name)[-3000:]}" for name in self.running)


def enough(town: Town, seconds: float = 150) -> None:
    """Everything settles in time, or the logs are told."""
    town.until(town.settled, seconds)
    town.whole()
