"""500 decisions, a platform in every mood, senders that are killed at every step: one record each, and its receipt.

Two senders work at once, and a third hand kills what lives. The platform takes a record as often as it is sent, so
one that was sent blindly twice stands there twice. A sender that does so goes through the same at the end, and
the same check must find it out.

`FASHEN_DECISIONS=5000` is the long form; `FASHEN_SEED` repeats a run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import take
from tests.faults.decisions import fill
from tests.faults.town import ROOT, SECRET
from workflow import database, models, outbox
from workflow.database import reading
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.settings import Settings

pytestmark = pytest.mark.timeout(3600)

DECISIONS = int(os.environ.get("FASHEN_DECISIONS", "500"))
TOKEN = "only-for-tests-only"


@dataclass
class Scene:
    """A database with decisions, a platform and its journal, senders that come and die."""

    folder: Path
    url: str
    seed: int
    bad: float = 0.2
    odds: float = 0.01
    remembers: bool = False
    faulty: bool = False
    killed: list[str] = field(default_factory=list)
    living: dict[int, int] = field(default_factory=dict)
    listening: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.journal, self.enough = self.folder / "journal", self.folder / "enough"
        self.journal.touch()
        settings = Settings(
            _env_file=None, database_url=self.url, secret_key=SECRET, data_dir=self.folder / "data"
        )
        self.fashen = Fashen(settings, database.connect(self.url))

    @contextmanager
    def running(self, senders: int = 2) -> Iterator[None]:
        started = []
        try:
            options = ["--remembers"] if self.remembers else []
            platform = self._start(
                "tests.faults.platform", "--journal", str(self.journal), "--bad", str(self.bad), *options
            )  # fmt: skip
            started.append(platform)
            assert platform.stdout
            self.port = int(platform.stdout.readline())
            for n in range(senders):
                more = ["--faulty"] if self.faulty else []
                sender = self._start(
                    "tests.faults.sender", "--until", str(self.enough), "--odds", str(self.odds),
                    *more, seed=self.seed + n,
                )  # fmt: skip
                started.append(sender)
                self.listening.append(threading.Thread(target=self._listen, args=(n, sender)))
                self.listening[-1].start()
            yield
        finally:
            self.enough.touch()
            for process in started:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
            for thread in self.listening:
                thread.join(10)
            for process in started:
                assert process.stdout
                process.stdout.close()

    def _start(self, module: str, *options: str, seed: int | None = None) -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FASHEN_", "CELERY_"))}
        port = getattr(self, "port", 0)
        around = {
            "PYTHONPATH": str(ROOT),
            "FASHEN_DATABASE_URL": self.url,
            "FASHEN_SECRET_KEY": SECRET,
            "FASHEN_DATA_DIR": str(self.folder / "data"),
            "FASHEN_PLATFORM_URL": f"http://127.0.0.1:{port}",
            "FASHEN_PLATFORM_TOKEN": TOKEN,
        }
        with (self.folder / f"{module}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, "--seed", str(self.seed if seed is None else seed), *options],
                cwd=ROOT, env={**kept, **around}, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True,
            )  # fmt: skip

    def _listen(self, sender: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            what, pid = line.split()
            if what == "born":
                self.living[sender] = int(pid)
            else:
                self.killed.append(pid)

    def kill_somebody(self) -> None:
        """Not at a step of the program, but in the middle of one."""
        if self.living:
            with suppress(ProcessLookupError):
                os.kill(self.dice.choice(list(self.living.values())), signal.SIGKILL)

    def until_all_are_done(self, seconds: float) -> None:
        give_up, calm = time.monotonic() + seconds, False
        while left := self.undone():
            assert time.monotonic() < give_up, f"seed {self.seed}: {left} left\n{self.logs()}"
            time.sleep(self.dice.uniform(0.5, 2))
            self._let_the_dead_try_again()
            if left > DECISIONS // 50:
                self.kill_somebody()
            elif not calm and not self.faulty:
                calm = self._calm()

    def _calm(self) -> bool:
        """The moods pass: who is left shall not wait for the luck of the dice."""
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as page:
            page.request("POST", "/calm", "{}")
            return page.getresponse().status == 200
        return False

    def undone(self) -> int:
        o = models.outbox.c
        count = sa.select(sa.func.count()).where(
            o.kind.in_(("publish", "withdraw")), o.status.in_(("ready", "leased", "dead"))
        )
        with reading(self.fashen.engine) as tx:
            return tx.scalar(count) or 0

    def _let_the_dead_try_again(self) -> None:
        """What died eight times over is let try again by a person, as in an office."""
        o = models.outbox.c
        with reading(self.fashen.engine) as tx:
            dead = tx.execute(sa.select(o.id, o.office_id).where(o.status == "dead")).all()
        for row in dead:
            outbox.requeue(self.fashen, row.office_id, row.id, by="admin", reason="平台已经恢复")

    def logs(self) -> str:
        return "\n".join(p.read_text("utf-8")[-3000:] for p in self.folder.glob("*.log"))

    # — the check —

    def wrong(self, decisions: int) -> list[str]:
        """What stands there twice or not at all, and what the office believes and is not so."""
        taken = [json.loads(line) for line in self.journal.read_text("utf-8").splitlines()]
        times = Counter(record["key"] for record in taken)
        receipts: dict[str, set[str]] = {}
        for record in taken:
            receipts.setdefault(record["key"], set()).add(record["receipt"])
        found = [f"{n} times on the platform: {key}" for key, n in times.items() if n != 1]
        p, c = models.publication.c, models.cases.c
        with reading(self.fashen.engine) as tx:
            rows = tx.execute(
                sa.select(p.key, p.state, p.receipt, p.body, c.doc).join(
                    models.cases, c.id == p.case_id
                )
            ).all()
        if not len(rows) == len(times) == decisions:
            found.append(f"{decisions} decisions, {len(rows)} sent, {len(times)} on the platform")
        for row in rows:
            doc: dict[str, Any] = json.loads(row.doc)
            on_file = {r["receipt"] for r in doc["publication"].get("receipts", [])}
            if row.state != "confirmed" or not {row.receipt} == on_file == receipts.get(row.key):
                found.append(
                    f"{row.key}: {row.state}, {row.receipt}, {on_file}, {receipts.get(row.key)}"
                )
            if "publication" in doc["clocks"]:
                found.append(f"{row.key}: the clock still runs")
            if record := next((r for r in taken if r["key"] == row.key), None):
                sent = json.loads(row.body)
                if record["fields"] != sent["fields"]:
                    found.append(f"{row.key}: the platform has something else")
        return found

    def wrong_when_withdrawn(self) -> list[str]:
        """What still stands there, came down twice, or is not known to have come down."""
        taken = [json.loads(line) for line in self.journal.read_text("utf-8").splitlines()]
        up = Counter(record["key"] for record in taken if "fields" in record)
        down = Counter(record["key"] for record in taken if "reason" in record)
        found = [f"{n} times on the platform: {key}" for key, n in up.items() if n != 1]
        found += [f"{down[key]} times taken down: {key}" for key in up if down[key] != 1]
        p, c = models.publication.c, models.cases.c
        with reading(self.fashen.engine) as tx:
            rows = tx.execute(
                sa.select(p.key, p.state, c.doc).join(models.cases, c.id == p.case_id)
            ).all()
        for row in rows:
            receipts = json.loads(row.doc)["publication"].get("receipts", [])
            told = [bool(r.get("withdrawn_on")) for r in receipts]
            if (row.state, told) != (("withdrawn", [True]) if row.key in up else ("cancelled", [])):
                found.append(f"{row.key}: {row.state}, {told}, {up[row.key]} on the platform")
        return found


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("FASHEN_SEED", random.SystemRandom().randrange(10**6)))


@contextmanager
def filled(scene: Scene, count: int) -> Iterator[Scene]:
    try:
        fill(scene.fashen, "http", count)
        yield scene
    finally:
        scene.fashen.engine.dispose()


def test_every_decision_stands_there_once_with_its_receipt(
    database_url: str, tmp_path: Path, seed: int
):
    with filled(Scene(tmp_path, database_url, seed), DECISIONS) as scene:
        with scene.running():
            scene.until_all_are_done(120 + DECISIONS * 0.6)
        assert scene.wrong(DECISIONS) == [], f"seed {seed}"
        assert len(scene.killed) >= DECISIONS // 20, f"seed {seed}: {len(scene.killed)} deaths"
        assert check_all(scene.fashen) == []


def test_a_platform_that_remembers_its_keys_has_one_as_well(
    sqlite_url: str, tmp_path: Path, seed: int
):
    scene = Scene(tmp_path, sqlite_url, seed, remembers=True, bad=0.4)
    with filled(scene, 40):
        with scene.running():
            scene.until_all_are_done(180)
        assert scene.wrong(40) == [], f"seed {seed}"


def test_what_is_withdrawn_while_it_is_being_sent_stands_nowhere(
    database_url: str, tmp_path: Path, seed: int
):
    scene = Scene(tmp_path, database_url, seed, bad=0.3)
    with filled(scene, 40):
        with scene.running():
            while scene.undone() > 20:
                time.sleep(0.05)
            c = models.cases.c
            with reading(scene.fashen.engine) as tx:
                cases = list(tx.scalars(sa.select(c.id)))
            for case in cases:
                take(scene.fashen, "head", "withdraw_publication", case, reason="决定已被撤销")
            scene.until_all_are_done(180)
        assert scene.wrong_when_withdrawn() == [], f"seed {seed}"
        assert check_all(scene.fashen) == []


def test_a_sender_that_sends_again_without_asking_is_found_out(
    sqlite_url: str, tmp_path: Path, seed: int
):
    scene = Scene(tmp_path, sqlite_url, seed, faulty=True, bad=0.5)
    with filled(scene, 40):
        with scene.running():
            scene.until_all_are_done(180)
        twice = [line for line in scene.wrong(40) if "times on the platform" in line]
        assert twice, f"seed {seed}"
