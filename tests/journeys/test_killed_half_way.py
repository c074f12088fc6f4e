"""`kill -9` at every place where it could hurt: afterwards the office is as if nothing had died.

Each process here is real and each death is proved by its exit code. What "as if nothing had died" means
is not written down but lived: a twin office takes the same steps undisturbed, and both tell one story.
The oracle (`check_all`) has to agree each time. At the end, faulty variants of the program go through
the same deaths, and the same assertions must find them out.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import (
    DECISION_SAYS,
    OFFICE,
    a_case,
    a_notice,
    an_order,
    day,
    document_of,
    everything,
    office_at,
    set_clock,
    take,
    verbs_taken,
    version_of,
)
from tests.journeys.driver import confirmed
from tests.services.server import wait_until
from tests.services.valkey import PrivateValkey, free_port
from workflow import models, tokens, work
from workflow.database import reading
from workflow.deliveries import deliver, drain
from workflow.errors import FashenError
from workflow.follow_ups import LONGEST_ATTEMPTS
from workflow.oracle import check_all
from workflow.outbox import lease_of, trusted_for
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.work import perform

ROOT = Path(__file__).parents[2]
LEASE, RESEND = lease_of(Settings(_env_file=None)), trusted_for(Settings(_env_file=None))
LATER = LEASE + timedelta(seconds=30)
SOON = 60.0
"""Seconds. Generous: a busy machine must not turn a test red, and what passes does not wait."""


# — an office whose processes may die ——————————————————————————————————————————————————————


class Nursery:
    """Where short-lived processes are born: the driver, waiting to fork one for each job."""

    def __init__(self) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.driver"],
            env=surroundings(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, surroundings: dict[str, str], arguments: list[str], answer: Path) -> int:
        """How the process ended, as `returncode` says it; what it told stands in the file."""
        assert self._mother.stdin
        assert self._mother.stdout
        job = {"surroundings": surroundings, "arguments": arguments, "answer": str(answer)}
        print(json.dumps(job), file=self._mother.stdin, flush=True)
        return int(self._mother.stdout.readline())

    def close(self) -> None:
        self._mother.communicate()
        assert self._mother.returncode == 0


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process, without what this one was told about the program."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("FASHEN_", "CELERY_"))}
    return {**inherited, "PYTHONPATH": str(ROOT), **more}


@dataclass
class Office:
    """A database and a folder, and the processes that work on them."""

    fashen: Fashen
    url: str
    folder: Path
    nursery: Nursery
    broker: str = ""
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def does(self, *actions: str, at: datetime | None = None) -> dict[str, Any]:
        """A fresh process does this and ends well; what it says."""
        ended, said = self._run(actions, at, "")
        assert ended == 0, said
        told: dict[str, Any] = json.loads(said)
        return told

    def dies(self, place: str, *actions: str, at: datetime | None = None) -> None:
        """A fresh process is killed at this place: proved by how it ended, and that it said nothing."""
        ended, said = self._run(actions, at, f"{place}=kill")
        assert (ended, said) == (-signal.SIGKILL, ""), f"{place} was not reached"

    def _run(
        self, actions: tuple[str, ...], at: datetime | None, failpoint: str
    ) -> tuple[int, str]:
        moment = (at or self.fashen.clock()).isoformat()
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        around = {**self.settings(), "FASHEN_FAILPOINT": failpoint}
        ended = self.nursery.run(around, [moment, *actions], answer)
        return ended, answer.read_text("utf-8") if answer.exists() else ""

    def starts(self, name: str, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """A process that goes on; what it writes stands in the file `name`."""
        with (self.folder / name).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=surroundings(**self.settings(), **more),
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def celery(self, name: str, *command: str, **more: str) -> subprocess.Popen[bytes]:
        return self.starts(name, "-m", "celery", "-A", "worker", *command, **more)

    def settings(self) -> dict[str, str]:
        return {
            "FASHEN_DATA_DIR": str(self.fashen.settings.data_dir),
            "FASHEN_PUBLICATION_DIR": str(self.fashen.settings.published),
            "FASHEN_DATABASE_URL": self.url,
            "FASHEN_SECRET_KEY": self.fashen.settings.secret_key,
            "FASHEN_BROKER_URL": self.broker,
        }

    def log(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8", errors="replace")

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        with reading(self.fashen.engine) as tx:
            return list(tx.execute(sa.select(table).where(*where)))

    def waiting(self) -> list[Any]:
        """Messages that are neither done nor over with."""
        return self.rows(models.outbox, models.outbox.c.status.not_in(("done", "cancelled")))

    def let_time_pass(self) -> None:
        """Move every lease and every sending ten minutes into the past.

        For processes that keep the real clock. Their lease itself is left as long as it is: with a
        short one, a slow machine would take messages from workers that live.
        """
        o = models.outbox
        past = timedelta(minutes=10)
        with self.fashen.engine.begin() as tx:
            for row in tx.execute(sa.select(o.c.id, o.c.lease_until, o.c.sent_at)).all():
                tx.execute(
                    o.update()
                    .where(o.c.id == row.id)
                    .values(
                        lease_until=row.lease_until and row.lease_until - past,
                        sent_at=row.sent_at and row.sent_at - past,
                    )
                )

    def end(self) -> None:
        for process in self.started:
            # The whole session: the children of a killed worker live on without it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        self.fashen.engine.dispose()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with contextlib.closing(Nursery()) as made:
        yield made


def _office(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery) -> Iterator[Office]:
    url: str = request.getfixturevalue(request.param)
    made = Office(office_at(url), url, tmp_path, nursery)
    yield made
    made.end()


# The sample office on a fresh database: once on each engine; on one PC, for what has nothing to do with
# the database; in a district, for what happens to a worker process.
office = pytest.fixture(params=["sqlite_url", "postgresql_url"], name="office")(_office)
desk = pytest.fixture(params=["sqlite_url"], name="desk")(_office)
district = pytest.fixture(params=["postgresql_url"], name="district")(_office)


Story = dict[str, list[Any]]


def story(fashen: Fashen) -> Story:
    """Everything that a person could notice, and nothing that only says when or under which id."""
    with reading(fashen.engine) as tx:
        cases = {r.id: r for r in tx.execute(sa.select(models.cases))}
        deadlines = tx.execute(sa.select(models.deadline)).all()
        alerts = tx.execute(sa.select(models.alert)).all()
        outbox = tx.execute(sa.select(models.outbox)).all()
        inbox = tx.execute(sa.select(models.inbox)).all()
        published = tx.execute(sa.select(models.publication)).all()
    return {
        "cases": sorted(
            (r.ordinal, r.state, r.number, verbs_taken(fashen, r.id)) for r in cases.values()
        ),
        "deadlines": sorted(
            (cases[r.case_id].ordinal, r.clock, r.state, str(r.ends)) for r in deadlines
        ),
        "alerts": sorted((cases[r.case_id].ordinal, r.clock, r.stage) for r in alerts),
        "messages": sorted((r.kind, r.payload, r.status) for r in outbox),
        "notices": sorted((r.person_id, r.stage, r.text) for r in inbox),
        "publications": sorted((r.key, r.state, r.receipt) for r in published),
        "receipts": [
            json.loads(r.doc).get("publication", {}).get("receipt") for r in cases.values()
        ],
        "files": [f.read_text("utf-8") for f in _files(fashen)],
    }


def _files(fashen: Fashen) -> list[Path]:
    folder = fashen.settings.published
    return sorted(folder.iterdir()) if folder.exists() else []


def traces(office: Office, undisturbed: Story) -> list[str]:
    """What the deaths left behind: nothing, if all is well."""
    told = story(office.fashen)
    return check_all(office.fashen) + [
        f"{part}: {told[part]} instead of {undisturbed[part]}"
        for part in told
        if told[part] != undisturbed[part]
    ]


# — a step ——————————————————————————————————————————————————————————————————————————————

PLACES_OF_A_MOVE = ("move.before_commit", "move.between_row_and_ledger", "move.after_commit")


def a_step(fashen: Fashen, verb: str) -> dict[str, Any]:
    """An order for the driver, with a key. The case that it is about is prepared on the way."""
    if verb == "register_lead":
        form: dict[str, Any] = {"source": "巡查", "place": "西杜庄村西侧", "text": "有人焚烧秸秆"}
        return {"actor": "zhang", "verb": verb, "form": form, "key": "page-1"}
    case = a_case(fashen, "deciding")
    form = {"number": "示街罚决〔2025〕001号", "contents": DECISION_SAYS}
    return {"actor": "head", "verb": verb, "form": form, "case": case, "key": "page-1"}


def a_move(order: dict[str, Any]) -> str:
    return f"move={json.dumps(order)}"


@cache
def taken_by_the_twin(verb: str) -> Story:
    """The same step without an accident."""
    twin = office_at()
    order = a_step(twin, verb)
    take(twin, order["actor"], verb, order.get("case"), **order["form"])
    return story(twin)


@pytest.mark.parametrize("place", PLACES_OF_A_MOVE)
@pytest.mark.parametrize("verb", ["register_lead", "decide"])
def test_a_step_that_dies_is_taken_wholly_or_not_at_all_and_once_when_tried_again(
    office: Office, verb: str, place: str
):
    order = a_step(office.fashen, verb)
    before = everything(office.fashen)

    office.dies(place, a_move(order))
    taken = place == "move.after_commit"
    if not taken:
        assert everything(office.fashen) == before

    assert office.does(a_move(order))["move"]["repeated"] is taken
    assert office.does(a_move(order))["move"]["repeated"] is True
    assert traces(office, taken_by_the_twin(verb)) == []


def test_the_page_that_dies_before_it_answers_has_taken_the_step_once(desk: Office):
    lead = {"source": "巡查", "place": "西杜庄村西侧", "text": "有人焚烧秸秆"}
    headers = {
        "Authorization": f"Bearer {tokens.issue(desk.fashen, OFFICE, 'zhang')}",
        "Content-Type": "application/json",
        "Idempotency-Key": "page-1",
    }

    def register(port: int) -> tuple[int, dict[str, Any]]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, SOON)) as page:
            page.request("POST", "/api/v1/cases", json.dumps(lead), headers)
            answer = page.getresponse()
            return answer.status, json.loads(answer.read())

    first, port = serve(desk, "move.after_commit")
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        register(port)
    assert first.wait(SOON) == -signal.SIGKILL

    _, port = serve(desk)
    _, told = register(port)
    assert told["repeated"] is True
    [case] = desk.rows(models.cases)
    assert (case.id, case.ordinal, case.version) == (told["case"], 1, 1)
    assert check_all(desk.fashen) == []


@pytest.mark.parametrize("office", ["sqlite_url", "postgresql_url"], indirect=True)
def test_two_hands_with_one_key_take_one_step_and_both_hear_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    case = a_case(office.fashen, "lead")
    order = an_order("zhang", "start_check", case, key="page-1", version=1)
    reached, go = threading.Event(), threading.Event()

    def hold(name: str) -> None:
        if name == "move.before_commit" and not reached.is_set():
            reached.set()
            assert go.wait(SOON)

    monkeypatch.setattr(work, "failpoint", hold)
    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(perform, office.fashen, order)
        assert reached.wait(SOON)
        second = hands.submit(perform, office.fashen, order)
        try:
            assert wait_until(lambda: blocked(office), 2.0)
        finally:
            go.set()

    assert [first.result().repeated, second.result().repeated] == [False, True]
    assert version_of(office.fashen, case) == 2


def blocked(office: Office) -> bool:
    """Whether somebody waits for somebody; SQLite cannot be asked, so a moment is given."""
    if office.fashen.engine.dialect.name == "sqlite":
        time.sleep(0.3)
        return True
    with office.fashen.engine.connect() as tx:
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        return bool(tx.scalar(sa.text(waits)))


# — a sweep —————————————————————————————————————————————————————————————————————————————

OVERDUE = day(2025, 3, 3)
"""By then both clocks of a decision that was served in January have gone yellow and red."""


@pytest.mark.parametrize(
    "place", ["sweep.before_commit", "sweep.before_commit@2", "sweep.after_commit"]
)
def test_a_sweep_that_dies_raises_each_alert_once(office: Office, place: str):
    overdue(office.fashen)
    shown = len(office.rows(models.inbox))

    office.dies(place, "sweep")
    office.does("sweep", "deliver", at=OVERDUE + LATER)

    assert len(office.rows(models.inbox)) > shown
    assert traces(office, swept_by_the_twin(overdue)) == []


def overdue(fashen: Fashen) -> None:
    """A case on which two clocks are due, each with two alerts."""
    a_case(fashen, after="serve_decision")
    drain(fashen)
    set_clock(fashen, OVERDUE)


def two_windows(fashen: Fashen) -> None:
    """The day after the windows for a defence and for asking for a hearing have run out."""
    _told(fashen, hearing_told=True)


def one_window(fashen: Fashen) -> None:
    """The same where no hearing had to be offered."""
    confirmed(fashen, NO_HEARING)
    _told(fashen, hearing_told=False)


NO_HEARING = {"hearing.threshold.citizen": 5000}


def _told(fashen: Fashen, *, hearing_told: bool) -> None:
    case = a_case(fashen, "noticing")
    notice = a_notice("示街罚告〔2025〕001号", hearing_told=hearing_told)
    take(fashen, "zhang", "serve_notice", case, **notice)
    drain(fashen)
    set_clock(fashen, day(2025, 1, 14, 8))


@cache
def swept_by_the_twin(prepared: Callable[[Fashen], None]) -> Story:
    """The same without an accident."""
    twin = office_at()
    prepared(twin)
    before = story(twin)
    sweep(twin)
    drain(twin)
    told = story(twin)
    assert (told["alerts"], told["deadlines"]) != (before["alerts"], before["deadlines"])
    assert len(told["notices"]) > len(before["notices"])
    return told


PLACES_OF_A_LAPSE = (
    (two_windows, "sweep.before_commit"),
    (two_windows, "sweep.after_commit"),
    (two_windows, "move.after_commit"),
    (one_window, "sweep.before_commit"),
    (one_window, "sweep.after_commit"),
    (one_window, "move.before_commit"),
    (one_window, "move.after_commit"),
)


@pytest.mark.parametrize(("prepared", "place"), PLACES_OF_A_LAPSE)
def test_a_sweep_that_dies_lets_the_window_lapse_on_its_day_all_the_same(
    office: Office, prepared: Callable[[Fashen], None], place: str
):
    prepared(office.fashen)
    known = f"confirmed={json.dumps(NO_HEARING if prepared is one_window else {})}"

    office.dies(place, known, "sweep")
    office.does(known, "sweep", "deliver", at=office.fashen.clock() + LATER)

    assert traces(office, swept_by_the_twin(prepared)) == []


# — the relay ——————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("place", ["relay.before_commit", "relay.after_commit"])
def test_a_relay_that_dies_loses_no_message(
    office: Office, valkey: PrivateValkey, redis_url: str, place: str
):
    office.broker = redis_url
    now = undelivered(office.fashen)
    waiting = len(office.waiting())

    office.dies(place, "relay", at=now)
    assert in_the_queue(valkey) == 0

    # What it marked as sent is believed for a while, then it is sent again.
    marked = place == "relay.after_commit"
    assert office.does("relay", at=now + RESEND / 2)["relay"] == (0 if marked else waiting)
    assert office.does("relay", at=now + 2 * RESEND)["relay"] == waiting
    assert in_the_queue(valkey) == (waiting if marked else 2 * waiting)

    office.does("deliver", at=now + 2 * RESEND)
    assert traces(office, delivered_by_the_twin()) == []


def undelivered(fashen: Fashen) -> datetime:
    """A published decision with alerts of every colour, all of it still to be delivered; the time."""
    case = a_case(fashen, after="serve_decision")
    set_clock(fashen, OVERDUE)
    # Before there is a receipt to come: it stops a clock, and what was not told of it then is not told at all.
    sweep(fashen)
    take(fashen, "clerk", "choose_publication", case, at=OVERDUE, reason="具有一定社会影响")
    take(fashen, "head", "review_publication", case, at=OVERDUE)
    return fashen.clock()


@cache
def delivered_by_the_twin() -> Story:
    """The same without an accident."""
    twin = office_at()
    undelivered(twin)
    drain(twin)
    told = story(twin)
    assert {status for _, _, status in told["messages"]} == {"done"}
    assert len(told["notices"]) > 10
    assert len(told["files"]) == 1
    return told


def in_the_queue(valkey: PrivateValkey) -> int:
    return int(valkey.say(b"LLEN fashen\r\n").lstrip(b":"))


# — an alert ———————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    "place",
    ["deliver.after_lease", "show.before_commit", "show.before_commit@3", "show.after_commit"],
)
def test_an_alert_whose_delivery_dies_is_shown_once(office: Office, place: str):
    now = undelivered(office.fashen)
    office.dies(place, "deliver", at=now)
    dead = [] if place == "show.after_commit" else [("leased", 1)]
    assert [(r.status, r.attempts) for r in office.waiting() if r.attempts] == dead

    # The others need not wait for the lease of the dead one; nobody takes it before its time.
    office.does("deliver", at=now + LEASE / 2)
    assert [(r.status, r.attempts) for r in office.waiting()] == dead

    office.does("deliver", at=now + LATER)
    assert traces(office, delivered_by_the_twin()) == []


# — a publication ————————————————————————————————————————————————————————————————————————

PLACES_OF_A_PUBLICATION = (
    "publish.after_intent",
    "publish.after_send",
    "move.before_commit",
    "move.between_row_and_ledger",
    "publish.before_rename",
    "move.after_commit",
    "publish.after_record",
    "publish.before_finish",
    "publish.after_finish",
)


@pytest.mark.parametrize("place", PLACES_OF_A_PUBLICATION)
def test_a_publication_that_dies_ends_with_one_file_and_one_receipt(office: Office, place: str):
    now = undelivered(office.fashen)
    office.dies(place, "deliver", at=now)

    office.does("deliver", at=now + LATER)
    assert traces(office, delivered_by_the_twin()) == []


def test_a_publication_that_dies_at_one_place_after_the_other_still_happens_once(office: Office):
    now = undelivered(office.fashen)
    deaths = (
        "deliver.after_lease", "publish.after_intent", "publish.after_send", "move.before_commit",
        "move.between_row_and_ledger", "publish.after_record", "publish.before_finish",
    )  # fmt: skip
    assert len(deaths) == LONGEST_ATTEMPTS - 1
    for notice in office.waiting():  # out of the way: only the publication is at work
        if notice.kind != "publish":
            assert deliver(office.fashen, notice.id)

    for n, place in enumerate(deaths):
        office.dies(place, "deliver", at=now + n * LATER)

    office.does("deliver", at=now + LATER * (len(deaths) + 1))
    assert traces(office, delivered_by_the_twin()) == []


def test_nobody_withholds_what_a_dead_worker_has_already_published(desk: Office):
    now = undelivered(desk.fashen)
    [case] = desk.rows(models.cases)
    desk.dies("publish.after_send", "deliver", at=now)
    assert len(_files(desk.fashen)) == 1

    with contextlib.suppress(FashenError):
        take(desk.fashen, "clerk", "withhold_publication", case.id, reason="轻微案件")
    desk.does("deliver", at=now + LATER)

    assert document_of(desk.fashen, case.id)["publication"]["publish"] is bool(_files(desk.fashen))


def test_a_case_that_was_closed_meanwhile_still_gets_its_receipt(desk: Office):
    now = undelivered(desk.fashen)
    [case] = desk.rows(models.cases)
    desk.dies("publish.after_send", "deliver", at=now)

    with contextlib.suppress(FashenError):
        take(desk.fashen, "clerk", "record_payment", case.id, amount=1000, receipt="示票 0000001")
        excuse = {"publication.receipt_back": "公示任务还没有完成"}
        take(desk.fashen, "head", "close", case.id, excuses=excuse)
    desk.does("deliver", at=now + LATER)

    assert document_of(desk.fashen, case.id)["publication"].get("receipt")


def test_choosing_again_does_not_lose_the_receipt(desk: Office):
    now = undelivered(desk.fashen)
    [case] = desk.rows(models.cases)
    desk.does("deliver", at=now)

    with contextlib.suppress(FashenError):
        take(desk.fashen, "clerk", "choose_publication", case.id, reason="再次选择")
    told = desk.does("deliver", "check", at=now + LATER)

    assert told["check"] == []
    assert document_of(desk.fashen, case.id)["publication"].get("receipt")


# — a worker that only slept ——————————————————————————————————————————————————————————————


def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(office: Office):
    now = undelivered(office.fashen)
    told = left_behind(office, now)

    assert told["deliver"] == others_done(office)
    assert traces(office, delivered_by_the_twin()) == []


def left_behind(office: Office, now: datetime, *before: str) -> dict[str, Any]:
    """A worker sends the publication and falls asleep; another does its work; it wakes up. What it says."""
    reached, go = office.folder / "reached", office.folder / "go"
    halt = json.dumps({"at": "publish.after_send", "reached": str(reached), "go": str(go)})
    sleeper = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.driver", now.isoformat(), *before, f"halt={halt}",
         "deliver"],
        env=surroundings(**office.settings()), cwd=office.folder, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert wait_until(reached.exists, SOON)
        office.does("deliver", at=now + LATER)
        assert office.waiting() == []
        go.touch()
        said, _ = sleeper.communicate(timeout=SOON)
    finally:
        sleeper.kill()
        sleeper.wait(10)
    assert sleeper.returncode == 0
    told: dict[str, Any] = json.loads(said)
    return told


def others_done(office: Office) -> int:
    """How many messages the sleeper had finished before it fell asleep: all with one attempt but one."""
    assert [r.kind for r in office.rows(models.outbox) if r.attempts == 2] == ["publish"]
    first = min(r.done_at for r in office.rows(models.outbox))
    return len([r for r in office.rows(models.outbox) if r.done_at == first and r.attempts == 1])


# — Celery and Valkey ————————————————————————————————————————————————————————————————————


def test_a_celery_worker_dies_valkey_forgets_and_a_second_worker_ends_it(
    office: Office, valkey: PrivateValkey, redis_url: str
):
    office.broker = redis_url
    undelivered(office.fashen)
    count = len(office.waiting())
    beat = office.celery("beat.log", "beat", "-l", "INFO")
    first = office.celery(
        "first.log",
        "worker",
        "-l",
        "INFO",
        "--pool",
        "solo",
        FASHEN_FAILPOINT="publish.after_send=kill",
    )
    assert first.wait(SOON) == -signal.SIGKILL, office.log("first.log")
    assert "succeeded" in office.log("first.log")  # at least the relay, so it did take messages
    assert [r for r in office.waiting() if r.status == "leased"]

    valkey.flush()
    assert in_the_queue(valkey) == 0
    office.let_time_pass()

    second = office.celery("second.log", "worker", "-l", "INFO")
    assert wait_until(lambda: not office.waiting(), SOON), office.log("second.log")
    assert beat.poll() is None
    assert second.poll() is None
    assert_each_shown_once_and_one_published(office, count)


def test_a_celery_child_dies_again_and_again_and_its_parent_lives_on(
    district: Office, redis_url: str
):
    office = district
    office.broker = redis_url
    undelivered(office.fashen)
    count = len(office.waiting())
    office.celery("beat.log", "beat", "-l", "INFO")
    worker = office.celery(
        "deadly.log", "worker", "-l", "INFO", FASHEN_FAILPOINT="show.before_commit@2=kill"
    )

    # Each child shows one notice and dies at its second; a new one takes its place.
    assert wait_until(lambda: deaths(office.log("deadly.log")) >= 2, SOON), office.log("deadly.log")
    assert worker.poll() is None
    os.killpg(worker.pid, signal.SIGKILL)
    assert worker.wait(SOON) == -signal.SIGKILL
    office.let_time_pass()

    office.celery("second.log", "worker", "-l", "INFO")
    assert wait_until(lambda: not office.waiting(), SOON), office.log("second.log")
    assert_each_shown_once_and_one_published(office, count)


def deaths(log: str) -> int:
    return len(re.findall(r"Task handler raised error: .*WorkerLostError.*signal 9", log))


def assert_each_shown_once_and_one_published(office: Office, at_least: int) -> None:
    """As a twin would have it, but for the day of the receipt: these processes keep the real clock."""
    assert check_all(office.fashen) == []
    over = office.rows(models.outbox)
    assert len(over) >= at_least
    # The receipt stops a clock of which something may wait to be told: nobody wants that any more.
    assert {r.kind for r in over if r.status != "done"} <= {"alert"}
    done = [r for r in over if r.status == "done"]
    notices = [r.dedup for r in done if r.kind in ("alert", "tell")]
    assert sorted(r.dedup for r in office.rows(models.inbox)) == sorted(notices)
    [published] = office.rows(models.publication)
    assert published.state == "confirmed"
    assert len(_files(office.fashen)) == 1
    [case] = office.rows(models.cases)
    assert json.loads(case.doc)["publication"]["receipt"] == published.receipt
    verbs = [verb for _, verb in verbs_taken(office.fashen, case.id)]
    assert verbs.count("record_publication") == 1


# — one process for everything —————————————————————————————————————————————————————————————


def serve(office: Office, place: str = "") -> tuple[subprocess.Popen[bytes], int]:
    """`fashen serve`, to be killed at `place`; it has said where it listens."""
    port = free_port()
    name = f"serve-{port}.log"
    process = office.starts(
        name, "-c", "import sys; from workflow.cli import main; sys.exit(main())",
        "serve", "--port", str(port), FASHEN_FAILPOINT=f"{place}=kill",
    )  # fmt: skip
    there = f"127.0.0.1:{port}"
    assert wait_until(lambda: there in office.log(name) or process.poll() is not None, SOON), (
        office.log(name)
    )
    return process, port


@pytest.mark.parametrize("place", ["show.before_commit@2", "publish.after_send"])
def test_serve_is_killed_with_messages_pending_and_the_next_one_delivers_them(
    desk: Office, place: str
):
    office = desk
    undelivered(office.fashen)
    count = len(office.waiting())

    first, _ = serve(office, place)
    assert first.wait(SOON) == -signal.SIGKILL
    assert office.waiting()
    office.let_time_pass()

    second, _ = serve(office)
    assert wait_until(lambda: not office.waiting(), SOON), office.waiting()
    assert_each_shown_once_and_one_published(office, count)
    second.send_signal(signal.SIGTERM)
    assert second.wait(SOON) == 0


# — faulty programs, which the assertions above must find out ————————————————————————————————————


def _dies_and_recovers(office: Office, fault: str, place: str) -> Story:
    faulty = f'faulty="{fault}"'
    now = undelivered(office.fashen)
    office.dies(place, faulty, "deliver", at=now)
    office.does(faulty, "deliver", at=now + LATER)
    return delivered_by_the_twin()


def _dies_and_tries_again(office: Office, fault: str, place: str) -> Story:
    verb = "register_lead" if fault == "no_idempotency_key" else "decide"
    faulty, order = f'faulty="{fault}"', a_step(office.fashen, verb)
    office.dies(place, faulty, a_move(order))
    if fault != "row_and_entry_apart":  # with half a step in the database there is no trying again
        office.does(faulty, a_move(order))
    return taken_by_the_twin(verb)


FAULTY: list[tuple[str, str, Callable[[Office, str, str], Story], str]] = [
    ("row_and_entry_apart", "move.between_row_and_ledger", _dies_and_tries_again, "案件与大事记"),
    ("messages_after_the_commit", "move.after_commit", _dies_and_tries_again, "不在待发中"),
    ("no_idempotency_key", "move.after_commit", _dies_and_tries_again, "register_lead"),
    ("notice_shown_apart", "show.after_commit", _dies_and_recovers, "收件箱"),
    ("file_with_a_new_name", "publish.after_send", _dies_and_recovers, "files"),
]


@pytest.mark.parametrize(("fault", "place", "happens", "told"), FAULTY, ids=[f[0] for f in FAULTY])
def test_a_faulty_program_is_found_out(
    office: Office, fault: str, place: str, happens: Callable[..., Story], told: str
):
    undisturbed = happens(office, fault, place)

    assert told in " ".join(traces(office, undisturbed))


def test_a_program_without_the_fence_is_found_out(office: Office):
    told = left_behind(office, undelivered(office.fashen), 'faulty="no_fence"')

    assert told["deliver"] == others_done(office) + 1
