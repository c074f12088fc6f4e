"""A process of its own that does a few things to an office; FASHEN_FAILPOINT says where it must die.

    python -m tests.journeys.driver 2025-01-16T10:00:00+08:00 sweep deliver check

Without arguments it reads such jobs from standard input and forks a process for each, which saves the
second that Python needs to load the program; nothing is opened before the fork.

It keeps the clock that it is given, for leases too. So a later process simply begins when the lease of
the dead one has run out: nobody waits ninety seconds, and no lease is shortened, which on a slow machine
would take a message from a worker that lives. On standard output: one JSON object, a key per action.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import workflow.commands  # noqa: F401 - registers every verb
from policies.facts import canonical
from policies.lawbook import Parameter
from tests import recordings
from workflow import database, deliveries, failpoints, models, outbox, work, writing
from workflow.failpoints import failpoint
from workflow.files import uploads
from workflow.oracle import check_all
from workflow.order import Order
from workflow.program import Fashen
from workflow.publication import sending
from workflow.publication.parcel import Parcel
from workflow.publication.platforms.directory import Directory
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.work import perform

# — what it can do ———————————————————————————————————————————————————————————————————————


def move(fashen: Fashen, order: dict[str, Any]) -> dict[str, Any]:
    """Take one step, or try again."""
    return perform(fashen, Order(office="sample", **order)).as_dict()


def sweep_clocks(fashen: Fashen, _: Any) -> dict[str, Any]:
    swept = sweep(fashen)
    return {"alerts": len(swept.alerts), "lapsed": len(swept.lapsed)}


def relay(fashen: Fashen, _: Any) -> int:
    """Hand what waits to the queue at FASHEN_BROKER_URL, as beat would have it done."""
    import worker  # noqa: F401 - the app becomes the current one
    from tasks import outbox as tasks_outbox
    from tasks import program

    program.use(fashen)
    return int(tasks_outbox.relay())


def deliver(fashen: Fashen, _: Any) -> int:
    """Work off what is due; every kind of message goes the way that its task goes."""
    return deliveries.drain(fashen)


def upload(fashen: Fashen, told: dict[str, str]) -> str:
    """Upload a photograph, or go on with it where it stopped; in which state it is then."""
    content = recordings.picture()
    made = recordings.begun(fashen, told["case"], "a.jpg", len(content), key=told["key"])
    if made.state == "receiving":
        content = content[uploads.offset(fashen, made) :]
        return recordings.sent(fashen, made, *([content] if content else [])).state
    return uploads.finish(fashen, made).state


def check(fashen: Fashen, _: Any) -> list[str]:
    return check_all(fashen)


def confirmed(fashen: Fashen, numbers: dict[str, Any]) -> None:
    """Numbers that somebody signed for, as in a scenario."""
    fashen.override(
        Parameter(key, value, "", date(1949, 10, 1), "test", True) for key, value in numbers.items()
    )


def halt(_: Fashen, at: dict[str, str]) -> None:
    """Stand still at one failpoint, say so with a file, and go on when another file appears."""

    def wait(name: str) -> None:
        if name == at["at"]:
            Path(at["reached"]).touch()
            while not Path(at["go"]).exists():
                time.sleep(0.02)

    _put(sending, "failpoint", wait)


# — what it can do wrong: the same assertions must find each of these ——————————————————————


def _row_and_entry_apart(fashen: Fashen) -> None:
    """The row of the case is committed before its ledger entry is written."""

    dialect: Any = fashen.engine.dialect
    execute = dialect.do_execute

    def commits(cursor: Any, statement: str, *rest: Any, **more: Any) -> None:
        execute(cursor, statement, *rest, **more)
        if statement.startswith("UPDATE cases"):
            cursor.connection.cursor().execute("COMMIT")
            cursor.connection.cursor().execute("BEGIN")

    _put(dialect, "do_execute", commits)


def _messages_after_the_commit(fashen: Fashen) -> None:
    """Messages are queued when the step is already committed."""
    queue, once = writing._queue, work._once
    later: list[Any] = []

    def afterwards(fashen: Fashen, *rest: Any) -> Any:
        done = once(fashen, *rest)
        with fashen.engine.begin() as tx, database.Together(tx) as writes:
            for messages in later:
                queue(writes, *messages)
        return done

    _put(writing, "_queue", lambda writes, *rest: later.append(rest))
    _put(work, "_once", afterwards)


def _no_idempotency_key(fashen: Fashen) -> None:
    """The key that came with an order is thrown away."""
    real = work._once
    _put(
        work,
        "_once",
        lambda fashen, orders, *more: real(fashen, [replace(o, key="") for o in orders], *more),
    )


def _notice_shown_apart(fashen: Fashen) -> None:
    """A notice is shown in one transaction and finished in another, under a key of its own."""

    def show(fashen: Fashen, message: outbox.Leased) -> None:
        with fashen.engine.begin() as tx:
            tx.execute(
                models.inbox.insert(),
                {
                    "dedup": f"{message.dedup}#{message.attempt}",
                    "office_id": message.office,
                    "person_id": message.payload["to"],
                    "case_id": message.case,
                    "stage": "",
                    "text": message.payload["text"],
                    "created_at": fashen.now(tx),
                },
            )
        failpoint("show.after_commit")
        with fashen.engine.begin() as tx:
            outbox.finish(tx, message, fashen.now(tx))

    deliveries.DELIVER.update(alert=show, tell=show)


def _file_with_a_new_name(fashen: Fashen) -> None:
    """Each sending makes a file of its own."""

    def send(platform: Directory, parcel: Parcel) -> str:
        platform.folder.mkdir(parents=True, exist_ok=True)
        name = uuid4().hex
        body = canonical(parcel.notice.model_dump(mode="json"))
        (platform.folder / f"{name}.json").write_text(body)
        return f"directory:{name}"

    _put(Directory, "send", send)


def _no_fence(fashen: Fashen) -> None:
    """Whoever comes last finishes a message, whether or not it is still his."""

    def finish(tx: Any, message: outbox.Leased, now: datetime, receipt: str = "") -> None:
        o = models.outbox
        tx.execute(o.update().where(o.c.id == message.id).values(status="done", done_at=now))

    _put(outbox, "finish", finish)


FAULTS: dict[str, Callable[[Fashen], None]] = {
    made.__name__.strip("_"): made
    for made in (
        _row_and_entry_apart,
        _messages_after_the_commit,
        _no_idempotency_key,
        _notice_shown_apart,
        _file_with_a_new_name,
        _no_fence,
    )
}


def faulty(fashen: Fashen, name: str) -> None:
    FAULTS[name](fashen)


def _put(owner: Any, name: str, new: Any) -> None:
    if not inspect.getattr_static(owner, name, None):
        raise LookupError(f"{owner} has no {name!r} any more: this driver must be mended")
    setattr(owner, name, new)


# — one run ——————————————————————————————————————————————————————————————————————————


ACTIONS: dict[str, Callable[[Fashen, Any], Any]] = {
    "move": move,
    "sweep": sweep_clocks,
    "relay": relay,
    "deliver": deliver,
    "upload": upload,
    "check": check,
    "confirmed": confirmed,
    "halt": halt,
    "faulty": faulty,
}


def run(now: str, *actions: str) -> dict[str, Any]:
    """Each action is a name, or a name, an equals sign and its JSON."""
    settings = Settings(_env_file=None)
    moment = datetime.fromisoformat(now)
    fashen = Fashen(settings, database.connect(settings.url), clock=lambda: moment)
    told = {}
    for action in actions:
        name, _, value = action.partition("=")
        told[name] = ACTIONS[name](fashen, json.loads(value) if value else None)
    return told


def fork_for_each() -> None:
    """A job a line: surroundings, arguments, and the file for the answer. Said: how it ended."""
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_child(job["surroundings"], job["arguments"], Path(job["answer"])))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(surroundings: Mapping[str, str], arguments: list[str], answer: Path) -> int:
    os.environ.update(surroundings)
    importlib.reload(failpoints)  # it reads its variable once, when it is loaded
    try:
        answer.write_text(json.dumps(run(*arguments), default=str), "utf-8")
    except BaseException:
        answer.write_text(traceback.format_exc(), "utf-8")
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 1:
        fork_for_each()
    else:
        json.dump(run(*sys.argv[1:]), sys.stdout, default=str)
