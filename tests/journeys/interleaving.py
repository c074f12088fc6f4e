"""Two sessions step by step: every order of their steps, and a stage on which to play them.

The session that locks first is held at named places (`workflow/failpoints.py`) until the other has come
as far as the order says; no clock decides anything. Afterwards the office is put back to where it was.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tests.builders import version_of
from workflow import models
from workflow.database import reading
from workflow.oracle import check_all
from workflow.order import Order
from workflow.program import Fashen
from workflow.work import perform

SOON = 60.0
"""Seconds. Generous: a busy machine must not turn a test red, and what passes does not wait."""

# — in which order ————————————————————————————————————————————————————————————————————————

FIRST = ("reads", "locks", "writes", "commits", "answers")
SECOND = ("READS", "ASKS", "ANSWERS")
"""Small: whoever locks first. Capitals: the other, who between asking and answering can only wait."""

Steps = tuple[str, ...]


def every_order() -> Iterator[Steps]:
    """Every way in which the steps of both can follow each other, where one locks before the other asks.

    The other asks when the lock is taken, is not answered before the commit, and has read the page
    before it: whoever reads afterwards is not overtaken. Who of the two comes first is the caller's.
    """
    steps = len(FIRST) + len(SECOND)
    for places in itertools.combinations(range(steps), len(SECOND)):
        first, second = iter(FIRST), iter(SECOND)
        order = tuple(next(second) if n in places else next(first) for n in range(steps))
        at = order.index
        if at("ASKS") > at("locks") and at("READS") < at("commits") < at("ANSWERS"):
            yield order


ORDERS = tuple(every_order())
BLIND = tuple(o[2:] for o in ORDERS if o[:2] == ("READS", "reads"))
"""Without the pages: for two who send their orders without having looked."""


# — playing it ————————————————————————————————————————————————————————————————————————————

HELD_AT = {
    "locks": "move.between_row_and_ledger",
    "writes": "move.before_commit",
    "commits": "move.after_commit",
}
"""The place where a session stands when it has taken this step."""


class Gates:
    """Holds whoever locks first at each place until told to go on; the other walks through."""

    def __init__(self) -> None:
        self._places = {p: (threading.Event(), threading.Event()) for p in HELD_AT.values()}
        self._first = 0

    def __call__(self, name: str) -> None:
        self._first = self._first or threading.get_ident()
        if self._first == threading.get_ident():
            reached, go = self._places[name]
            reached.set()
            assert go.wait(SOON), name

    def wait(self, step: str) -> None:
        assert self._places[HELD_AT[step]][0].wait(SOON), step

    def open(self, *steps: str) -> None:
        for step in steps:
            self._places[HELD_AT[step]][1].set()


class Waiting:
    """Sees whether somebody waits for the lock that somebody else has."""

    def __init__(self, engine: sa.Engine) -> None:
        self._asked = threading.Event()
        self._server: sa.Connection | None = None
        if engine.dialect.name == "postgresql":
            self._server = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        else:
            # Its connection is the last thing it gets before it stands in the queue.
            sa.event.listen(engine, "checkout", self._asks)

    def _asks(self, *_connection: Any) -> None:
        self._asked.set()

    def expect(self) -> None:
        self._asked.clear()

    def see(self) -> None:
        """Come back when the other waits; SQLite lets nobody in, and says nothing of it."""
        if self._server is None:
            assert self._asked.wait(SOON)
            return
        waits = sa.text(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        give_up = time.monotonic() + SOON
        while not self._server.scalar(waits):
            assert time.monotonic() < give_up, "nobody waits"
            time.sleep(0.001)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


@dataclass
class Stage:
    """An office with one case, which can be put back to where it was."""

    fashen: Fashen
    case: str
    hands: ThreadPoolExecutor
    hold: Callable[[Gates], None] = lambda gates: None

    def __post_init__(self) -> None:
        self.waiting = Waiting(self.fashen.engine)
        self.version = version_of(self.fashen, self.case)
        self.before = rows(self.fashen)
        self._lived: dict[str, dict[str, Rows]] = {}

    def play(
        self,
        order: Steps,
        first: Callable[[Any], Any],
        second: Callable[[Any], Any],
        read: Callable[[], Any],
    ) -> tuple[Any, Any]:
        """Both sessions, step by step in this order; what each answered."""
        gates, seen = Gates(), dict.fromkeys((FIRST[0], SECOND[0]), 0)
        held: Future[Any] | None = None
        late: Future[Any] | None = None
        self.hold(gates)
        try:
            for n, step in enumerate(order):
                if step.lower() == "reads":
                    seen[step] = read()
                elif step == "locks":
                    held = self.hands.submit(first, seen["reads"])
                    gates.wait("locks")
                elif step == "ASKS":
                    self.waiting.expect()
                    late = self.hands.submit(second, seen["READS"])
                    if "commits" in order[n:]:
                        self.waiting.see()
                        assert not late.done()
                elif step == "ANSWERS":
                    assert late is not None
                    late.exception(SOON)
                else:
                    gates.open({"writes": "locks", "commits": "writes", "answers": "commits"}[step])
                    if step == "answers":
                        assert held is not None
                        held.exception(SOON)
                    else:
                        gates.wait(step)
        finally:
            gates.open(*HELD_AT)
        assert held is not None
        assert late is not None
        return held.exception() or held.result(), late.exception() or late.result()

    def after(self, *orders: Order) -> dict[str, Rows]:
        """What an undisturbed office holds after these, one after the other; then it is put back."""
        if repr(orders) not in self._lived:
            for order in orders:
                perform(self.fashen, order)
            assert check_all(self.fashen) == []
            self._lived[repr(orders)] = self.put_back()
        return self._lived[repr(orders)]

    def put_back(self) -> dict[str, Rows]:
        """What there is now; afterwards everything is as it was before."""
        before, now = self.before, rows(self.fashen)
        with self.fashen.engine.begin() as tx:
            for table in reversed(TABLES):
                for key in now[table.name].keys() - before[table.name].keys():
                    tx.execute(table.delete().where(_is(table, key)))
            for table in TABLES:
                for key, row in before[table.name].items():
                    if key not in now[table.name]:
                        tx.execute(table.insert().values(row))
                    elif row != now[table.name][key]:
                        tx.execute(table.update().where(_is(table, key)).values(row))
        return now


OUT_OF_REACH = ("office_version", "law_text", "token", "account", "session", "access_log")
TABLES = [t for t in models.metadata.sorted_tables if t.name not in OUT_OF_REACH]
"""All but what no step of a case writes."""

Rows = dict[tuple[Any, ...], dict[str, Any]]


def rows(fashen: Fashen) -> dict[str, Rows]:
    """Every row by its table and key."""
    with reading(fashen.engine) as tx:
        return {
            table.name: {
                tuple(row[c.name] for c in table.primary_key): dict(row)
                for row in tx.execute(sa.select(table)).mappings()
            }
            for table in TABLES
        }


def _is(table: sa.Table, key: tuple[Any, ...]) -> sa.ColumnElement[bool]:
    return sa.and_(*(c == k for c, k in zip(table.primary_key, key, strict=True)))


def differences(found: dict[str, Rows], wanted: dict[str, Rows], *, but: str = "") -> list[str]:
    """Where two offices differ, apart from numbers that a database gives out and a table named."""

    def shown(table: str, held: Rows) -> list[dict[str, Any]]:
        given_out = "id" if table in ("outbox", "inbox", "refusal") else ""
        listed = [{k: v for k, v in row.items() if k != given_out} for row in held.values()]
        return sorted(listed, key=repr)

    return [
        f"{table}: {shown(table, found[table])} instead of {shown(table, wanted[table])}"
        for table in wanted
        if table != but
        and found[table] != wanted[table]
        and shown(table, found[table]) != shown(table, wanted[table])
    ]
