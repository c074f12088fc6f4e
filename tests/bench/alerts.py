"""make bench — what a sweep costs among many clocks, alerts through the whole path, two workers against one.

Three parts, each on durable databases of its own, each figure beside another of the same run that a noisy
machine disturbs alike: the small office beside the large one, the engine beside the same rows in bare SQL, one
worker beside two. It measures and never asserts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from typing import Any, cast

import sqlalchemy as sa

import workflow.commands  # noqa: F401 - registers every verb
from policies.office import Office
from states.case import CURRENT
from tests.bench.grounds import on_postgresql, on_sqlite
from tests.services.outside import Web, hear, says
from tests.services.server import ServerFailed
from workflow import deliveries, models, offices, outbox
from workflow.database import connect, migrate, reading
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.times import BEIJING, midnight

MANY, FEW, DUE = 1_000_000, 10_000, 1_000
SPREAD = 10
"""On so many days the clocks that are not due end."""

CLOCKS = ("decision", "anew", "court_window", "payment")
"""The running clocks of each case."""

FIRST_DAY = date(2026, 3, 2)
AIM_SEARCH, AIM_WORKERS = 1.2, 1.8
LETTERS, ANSWER = 150, 0.020
"""Letters that the workers send in one round, and seconds until the receiver answers one."""


def main() -> int:
    asked = _arguments()
    try:
        for engine, place in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
            if asked.only in ("", engine) and asked.part in ("", "sweep"):
                with place(("few", "many", "bare")) as urls:
                    _among_many(engine, urls, asked)
        if asked.part in ("", "workers"):
            with on_postgresql(("one",)) as urls:
                _workers(urls["one"], 2 if asked.quick else 5)
    except ServerFailed as no:
        print(f"bench: {no}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the clocks, fewer rounds")
    parser.add_argument("--plans", action="store_true", help="print how each query is answered")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--part", choices=("sweep", "workers"), default="")
    return parser.parse_args()


# — an office with many clocks —————————————————————————————————————————————————————————————


def _office(**people: Any) -> Office:
    """The sample office without quiet hours; `people` are further fields of all of them."""
    body = offices.read(offices.SAMPLE).model_dump(mode="json", by_alias=True)
    for person in body["people"]:
        person |= people
    return Office.model_validate({**body, "alerts": {"quiet": None}})


@dataclass
class Place:
    """An office on a database, on a day of its own, with a number of clocks that are not due."""

    url: str
    clocks: int
    office: Office = field(default_factory=_office)
    settings: Settings = field(default_factory=lambda: Settings(secret_key="bench-" * 8))
    day: date = FIRST_DAY

    def __post_init__(self) -> None:
        migrate(self.url)
        self.fashen = Fashen(self.settings, connect(self.url), clock=self.now)
        offices.load(self.fashen, self.office)
        with self.fashen.engine.begin() as tx:
            fill(tx, self.fashen.calendar.version, self.office.office, self.clocks)
        if self.fashen.engine.dialect.name == "postgresql":
            with self.fashen.engine.connect() as connection:
                vacuum = connection.execution_options(isolation_level="AUTOCOMMIT")
                vacuum.execute(sa.text("VACUUM ANALYZE"))
        with reading(self.fashen.engine) as tx:
            self.cases = list(
                tx.scalars(sa.select(models.cases.c.id).order_by(models.cases.c.id).limit(FEW))
            )

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 10, tzinfo=BEIJING)

    def let_be_due(self, n: int) -> list[str]:
        """Blue is due today for one clock of n cases; returns them."""
        chosen, self.cases = self.cases[:n], self.cases[n:]
        d = models.deadline.c
        ends = self.day + timedelta(days=30)
        with self.fashen.engine.begin() as tx:
            tx.execute(
                models.deadline.update()
                .where(d.case_id == sa.bindparam("case"), d.clock == "decision")
                .values(ends=ends, rolled=ends, due=ends, wake_at=midnight(self.day)),
                [{"case": case} for case in chosen],
            )
        return chosen


def fill(tx: sa.Connection, calendar: str, office: str, clocks: int) -> None:
    """Cases with four running clocks each, of which nothing is due for a month and more."""
    # The rows are made by the database itself; values are bound, so that they stand as the program writes them.
    first = sa.select(sa.literal(1).label("n")).cte("s", recursive=True)
    series = first.union_all(sa.select(first.c.n + 1).where(first.c.n < clocks // len(CLOCKS)))
    sqlite = tx.dialect.name == "sqlite"
    made = (
        sa.func.hex(sa.func.randomblob(16))
        if sqlite
        else sa.cast(sa.func.gen_random_uuid(), sa.Text)
    )
    document = {"officers": ["zhang", "li"], "origin": "巡查", "related": ["一" * 200]}
    case: dict[str, Any] = {
        "id": made, "ordinal": series.c.n, "office_id": office, "flow": str(CURRENT["ordinary"]),
        "state": "investigating", "version": 1, "head": "0" * 64, "doc": json.dumps(document),
        "opened_at": midnight(FIRST_DAY), "moved_at": midnight(FIRST_DAY), "title": "", "number": "",
        "party_name": "", "party_key": "", "power": "", "act_on": "",
    }  # fmt: skip
    tx.execute(
        models.cases.insert().from_select(list(case), sa.select(*_typed(models.cases, case)))
    )
    clock = sa.union_all(*(sa.select(sa.literal(c).label("clock")) for c in CLOCKS)).subquery()
    for n in range(SPREAD):
        ends = FIRST_DAY + timedelta(days=61 + n)
        row: dict[str, Any] = {
            "case_id": models.cases.c.id, "clock": clock.c.clock, "round": 1, "office_id": office,
            "start": FIRST_DAY, "span": "90d", "due": ends, "rolled": ends, "ends": ends,
            "provisional": False, "calendar": calendar, "state": "open",
            "wake_at": midnight(ends - timedelta(days=30)),
        }  # fmt: skip
        given = _typed(models.deadline, row)
        those = models.cases.c.ordinal % SPREAD == n
        tx.execute(
            models.deadline.insert().from_select(
                list(row),
                sa.select(*given).select_from(models.cases.join(clock, sa.true())).where(those),
            )
        )


def _typed(table: sa.Table, row: dict[str, Any]) -> list[sa.ColumnElement[Any]]:
    """What a row is selected from; plain values by the types of their columns."""
    return [
        value if isinstance(value, sa.ColumnElement) else sa.literal(value, table.c[name].type)
        for name, value in row.items()
    ]


# — a sweep among many clocks, and alerts all the way ——————————————————————————————————————


def _among_many(engine: str, urls: dict[str, str], asked: argparse.Namespace) -> None:
    many = MANY // 10 if asked.quick else MANY
    since = time.perf_counter()
    few, bare = Place(urls["few"], FEW), Bare(urls["bare"])
    large = Place(urls["many"], many)
    made = time.perf_counter() - since
    if asked.plans:
        _plans(engine, large)
        return
    took: dict[str, list[float]] = {}

    def watch(name: str, act: Callable[..., Any], *about: Any) -> None:
        since = time.perf_counter()
        act(*about)
        took.setdefault(name, []).append(time.perf_counter() - since)

    rounds = 2
    for n in range(1 + rounds):
        due = (DUE // 5 if asked.quick else DUE) if n else DUE // 20  # the first round warms up
        pair = [("few", few), ("many", large)]
        for name, place in pair if n % 2 else reversed(pair):
            place.day += timedelta(days=1)
            watch(f"{name}, morning", _swept, place, 0)
            watch(f"{name}, nothing", _swept, place, 0)
        chosen = {name: place.let_be_due(due) for name, place in pair}
        for name, place in pair if n % 2 else reversed(pair):
            watch(f"{name}, due", _swept, place, due)
        floor = bare.prepared(few, chosen["few"])
        watch("bare", bare.run, floor)
        watch("post", _delivered, few, 2 * due)
        _empty(large)
    took = {name: rest for name, (_, *rest) in took.items()}

    def beside(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(took[one], took[other], strict=True))

    def ms(name: str) -> str:
        return f"{statistics.median(took[name]) * 1e3:10.1f} ms"

    print(
        f"\n{engine}: {due} due among {FEW:,} and among {many:,} open clocks, {rounds} rounds in turns"
    )
    print(f"  (made in {made:.0f} s; medians)")
    print(f"  {'one sweep that finds':34}{'among few':>13}{'among many':>13}{'ratio':>8}")
    for name, told in (
        ("due", f"{due} due"),
        ("nothing", "nothing"),
        ("morning", "nothing, and begins the day"),
    ):
        ratio = beside(f"many, {name}", f"few, {name}")
        print(f"  {told:34}{ms(f'few, {name}'):>13}{ms(f'many, {name}'):>13}{ratio:8.2f}")
    ratio = beside("many, due", "few, due")
    print(f"  aim: ratio of {due} due ≤ {AIM_SEARCH} {_met(ratio <= AIM_SEARCH)}")
    whole = statistics.median(a + b for a, b in zip(took["few, due"], took["post"], strict=True))
    print(
        f"  the same rows in bare SQL, one transaction a clock: {ms('bare').strip()};"
        f" the sweep takes {beside('few, due', 'bare'):.2f} ×\n"
        f"  due clock → sweep → outbox → lease → inbox: {due / whole:.0f} alerts a second, for two people"
        f" each ({2 * due / whole:.0f} notices);\n"
        f"  of that the sweep {statistics.median(took['few, due']) / whole:.0%}"
    )
    for place in (few, large):
        place.fashen.engine.dispose()
    bare.close()


def _met(reached: bool) -> str:
    return "(reached)" if reached else "(missed)"


def _swept(place: Place, alerts: int) -> None:
    swept = sweep(place.fashen)
    assert len(swept.alerts) == alerts, f"{len(swept.alerts)} alerts instead of {alerts}"
    assert not swept.recounted


def _delivered(place: Place, notices: int) -> None:
    n = models.inbox.c
    with reading(place.fashen.engine) as tx:
        before = tx.scalar(sa.select(sa.func.max(n.id))) or 0
    deliveries.drain(place.fashen)
    with reading(place.fashen.engine) as tx:
        count = sa.select(sa.func.count()).where(n.id > before, n.stage == "blue")
        assert tx.scalar(count) == notices


def _empty(place: Place) -> None:
    """Nobody delivers there; the messages of one round must not weigh on the next."""
    with place.fashen.engine.begin() as tx:
        tx.execute(models.outbox.update().values(status="done"))


class Bare:
    """The floor: what a sweep must read and write for each due clock, through the driver alone."""

    def __init__(self, url: str) -> None:
        self.place = Place(url, FEW)
        self._pooled = self.place.fashen.engine.raw_connection()
        self.connection = cast(Any, self._pooled.driver_connection)
        self.cursor = self.connection.cursor()
        self.postgres = self.place.fashen.engine.dialect.name == "postgresql"

    def prepared(self, model: Place, cases: list[str]) -> list[list[tuple[str, tuple[Any, ...]]]]:
        """The statements for as many clocks as these, with the rows that the engine wrote for them."""
        self.place.day = model.day
        own = self.place.let_be_due(len(cases))
        swap = dict(zip(cases, own, strict=True))
        with model.fashen.engine.connect() as tx:
            messages = self._rows(tx, models.outbox, models.outbox.c.case_id, cases)
            alerts = self._rows(tx, models.alert, models.alert.c.case_id, cases)
            looks = self._rows(tx, models.deadline, models.deadline.c.case_id, cases)
        wake = {r["case_id"]: r["wake_at"] for r in looks if r["clock"] == "decision"}
        told: dict[str, list[tuple[str, tuple[Any, ...]]]] = {case: [] for case in cases}
        for case, statements in told.items():
            key = (swap[case], "decision", 1)
            statements += [
                (self._sql(_LOOK + (" FOR UPDATE SKIP LOCKED" if self.postgres else "")), key),
                (self._sql("SELECT doc, flow FROM cases WHERE id = ?"), key[:1]),
                (self._sql(_TOLD), key),
            ]
        for table, rows in (("outbox", messages), ("alert", alerts)):
            for row in rows:
                case = row["case_id"]
                named = [c for c in row if c != "id"]
                marks = ", ".join("?" * len(named))
                text = f"INSERT INTO {table} ({', '.join(named)}) VALUES ({marks})"  # noqa: S608
                values = [_swapped(row[c], case, swap[case]) for c in named]
                told[case].append((self._sql(text), tuple(values)))
        for case, statements in told.items():
            statements.append((self._sql(_AGAIN), (wake[case], swap[case], "decision", 1)))
        return list(told.values())

    def _sql(self, text: str) -> str:
        return text.replace("?", "%s") if self.postgres else text

    def _rows(
        self, tx: sa.Connection, table: sa.Table, of: sa.ColumnElement[Any], cases: list[str]
    ) -> list[dict[str, Any]]:
        """Rows as the driver sees them."""
        found = []
        plain = str(sa.select(table).compile(tx.engine)) + f" WHERE {of.name} = "
        for case in cases:
            mark = "%s" if self.postgres else "?"
            found += [dict(r) for r in tx.exec_driver_sql(plain + mark, (case,)).mappings()]
        return found

    def run(self, prepared: list[list[tuple[str, tuple[Any, ...]]]]) -> None:
        for statements in prepared:
            if not self.postgres:
                self.cursor.execute("BEGIN IMMEDIATE")
            for text, values in statements:
                self.cursor.execute(text, values)
                if text.startswith("SELECT"):
                    self.cursor.fetchall()
            self.connection.commit()

    def close(self) -> None:
        self._pooled.close()
        self.place.fashen.engine.dispose()


_LOOK = "SELECT * FROM deadline WHERE case_id = ? AND clock = ? AND round = ? AND state = 'open'"
_TOLD = "SELECT stage FROM alert WHERE case_id = ? AND clock = ? AND round = ?"
_AGAIN = "UPDATE deadline SET wake_at = ? WHERE case_id = ? AND clock = ? AND round = ?"


def _swapped(value: Any, old: str, new: str) -> Any:
    return value.replace(old, new) if isinstance(value, str) else value


def _plans(engine: str, place: Place) -> None:
    """How the database answers each query of a sweep."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    engine_here = place.fashen.engine
    place.let_be_due(1)
    sa.event.listen(engine_here, "before_cursor_execute", note)
    sweep(place.fashen)
    sa.event.remove(engine_here, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN (ANALYZE, COSTS off) "
    with reading(engine_here) as tx:
        for statement, parameters in dict((s, (s, p)) for s, p in asked).values():
            since = time.perf_counter()
            rows = tx.exec_driver_sql(explain + statement, parameters).all()
            tx.exec_driver_sql(statement, parameters).all()
            print(f"\n{(time.perf_counter() - since) * 1e3:.1f} ms  {' '.join(statement.split())}")
            for row in rows:
                print(f"    {row[-1]}")


# — two workers against one ————————————————————————————————————————————————————————————————


def _workers(url: str, rounds: int) -> None:
    with Receiver() as web, ExitStack() as stack:
        address, secret = web.url("/letters"), "bench-" * 8
        settings = Settings(secret_key=secret, webhook_url=address, webhook_secret=secret)
        office = _office(reach={"webhook": "x"}, sends={"blue": ["webhook"]})
        place = Place(url, FEW, office, settings)
        pipes = [stack.enter_context(_worker(url, settings, place.day)) for _ in range(2)]
        took: dict[int, list[float]] = {1: [], 2: []}
        own: list[float] = []
        for n in range(1 + rounds):
            for workers in (1, 2) if n % 2 else (2, 1):
                _write_letters(place)
                before = len(web.heard)
                since = time.perf_counter()
                for pipe in pipes[:workers]:
                    pipe.send("go")
                told = [pipe.recv() for pipe in pipes[:workers]]
                took[workers].append(time.perf_counter() - since)
                done = sum(n for n, _ in told)
                own.append(sum(cpu for _, cpu in told) / done)
                assert done == LETTERS == len(web.heard) - before, (done, len(web.heard) - before)
        place.fashen.engine.dispose()
    one, two = took[1][1:], took[2][1:]
    ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
    best = min(one) / min(two)
    alone, both = statistics.median(one), statistics.median(two)
    print(
        f"\npostgresql: {LETTERS} letters to a receiver that answers after {ANSWER * 1e3:.0f} ms,"
        f" {rounds} rounds in turns; medians\n"
        f"  one worker {LETTERS / alone:6.1f} letters/s ({alone / LETTERS * 1e3:.1f} ms each), two workers"
        f" {LETTERS / both:6.1f} letters/s: {ratio:.2f} × (fastest rounds {best:.2f} ×)\n"
        f"  own CPU of a worker {statistics.median(own) * 1e3:.1f} ms a letter\n"
        f"  aim: ≥ {AIM_WORKERS} × {_met(ratio >= AIM_WORKERS)}"
    )


class Receiver(Web):
    """Says yes after a while, with the key of the letter."""

    def __init__(self) -> None:
        super().__init__(says({}))

    def talk(self, sock: socket.socket) -> None:
        letter = hear(sock)
        self.heard.append(letter)
        time.sleep(ANSWER)
        says({"key": letter.json()["key"]})(self, sock)


def _write_letters(place: Place) -> None:
    """So many letters in the outbox, by a sweep; what goes to inboxes is done here."""
    place.let_be_due(LETTERS // 2)
    assert len(sweep(place.fashen).alerts) == LETTERS // 2
    with place.fashen.engine.connect() as tx:
        waiting = outbox.due(tx, place.now(), limit=10_000)
    for id, kind in waiting:
        if kind != "send":
            assert deliveries.deliver(place.fashen, id)


@contextmanager
def _worker(url: str, settings: Settings, day: date) -> Iterator[Pipe]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(url, settings, day, theirs), daemon=True
    )
    process.start()
    assert ours.recv() == "ready"
    yield ours
    ours.send("enough")
    process.join(10)


def _work(url: str, settings: Settings, day: date, pipe: Pipe) -> None:
    """A worker process: whenever told, everything that waits."""
    moment = datetime(day.year, day.month, day.day, 10, tzinfo=BEIJING)
    fashen = Fashen(settings, connect(url), clock=lambda: moment)
    pipe.send("ready")
    while pipe.recv() == "go":
        since = time.process_time()
        done = deliveries.drain(fashen)
        pipe.send((done, time.process_time() - since))


if __name__ == "__main__":
    sys.exit(main())
