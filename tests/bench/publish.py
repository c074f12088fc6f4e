"""make bench — records built and sent per second, beside the least that building and sending need.

Building: the 双公示 record of a case as it is stored, beside reading the case and writing the record. Sending: each
decision all the way (frozen, about to go, over HTTP to a platform that is a process of its own, the receipt as a
step of the case), beside the same bodies posted bare with as many durable transactions in bare SQL. They take turns,
batch by batch. It measures and never asserts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import sqlalchemy as sa

import workflow.commands  # noqa: F401 - registers every verb
from policies.casefile import CaseFile
from tests.bench.grounds import on_postgresql, on_sqlite
from tests.faults.decisions import fill
from tests.services.server import ServerFailed
from workflow import deliveries, models
from workflow.database import connect, migrate, reading
from workflow.identifiers import resolve
from workflow.program import Fashen
from workflow.publication.parcel import Parcel
from workflow.publication.platforms.platform import record_bytes
from workflow.publication.record import parcel, sealed_in
from workflow.settings import Settings

BATCH, SECRET = 25, "only-for-tests-" * 3


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="fewer batches")
    asked.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    given = asked.parse_args()
    batches = 4 if given.quick else 12
    try:
        for engine, place in (("sqlite", on_sqlite), ("postgresql", on_postgresql)):
            if given.only in ("", engine):
                with place(("publish",)) as urls, _platform() as port:
                    _measure(engine, urls["publish"], port, batches)
    except ServerFailed as no:
        print(f"bench: {no}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _platform() -> Iterator[int]:
    """A platform without moods."""
    with tempfile.TemporaryDirectory(prefix="fashen-bench-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.platform", "--seed", "1", "--bad", "0",
             "--journal", f"{folder}/journal"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.kill()
            process.communicate()


@dataclass
class Bench:
    """An office with decisions that wait, and a table for the floor."""

    fashen: Fashen
    port: int

    def waiting(self) -> list[int]:
        o = models.outbox.c
        with reading(self.fashen.engine) as tx:
            return list(
                tx.scalars(
                    sa.select(o.id).where(o.kind == "publish", o.status == "ready").order_by(o.id)
                )
            )

    def send(self, ids: list[int]) -> None:
        for id in ids:
            assert deliveries.deliver(self.fashen, id)

    def bodies(self) -> list[bytes]:
        """What was sent."""
        with reading(self.fashen.engine) as tx:
            sent = tx.scalars(sa.select(models.publication.c.body))
            return [record_bytes(Parcel.model_validate_json(body)) for body in sent]

    def post(self, bodies: list[bytes], transactions: int) -> None:
        """The floor: as many durable updates of one row, and one request."""
        pooled = self.fashen.engine.raw_connection()
        connection: Any = pooled.driver_connection
        cursor = connection.cursor()
        for body in bodies:
            for n in range(transactions):
                if self.fashen.engine.dialect.name == "sqlite":
                    cursor.execute("BEGIN IMMEDIATE")
                cursor.execute(f"UPDATE floor SET n = {n}")  # noqa: S608 - a number
                connection.commit()
            page = HTTPConnection("127.0.0.1", self.port, timeout=10)
            page.request("POST", "/records", body, {"Idempotency-Key": "floor"})
            assert json.loads(page.getresponse().read())["receipt"]
            page.close()
        pooled.close()


def _measure(engine: str, url: str, port: int, batches: int) -> None:
    migrate(url)
    settings = Settings(
        _env_file=None, database_url=url, secret_key=SECRET,
        platform_url=f"http://127.0.0.1:{port}", platform_token=SECRET,
    )  # fmt: skip
    bench = Bench(Fashen(settings, connect(url)), port)
    fill(bench.fashen, "http", BATCH * (batches + 1))
    with bench.fashen.engine.begin() as tx:
        tx.execute(sa.text("CREATE TABLE floor (n INTEGER)"))
        tx.execute(sa.text("INSERT INTO floor VALUES (0)"))
    commits = 0

    def count(_: Any) -> None:
        nonlocal commits
        commits += 1

    sa.event.listen(bench.fashen.engine, "commit", count)
    waiting = bench.waiting()
    bench.send(waiting[:BATCH])  # warms up, and counts
    sa.event.remove(bench.fashen.engine, "commit", count)
    transactions = round(commits / BATCH)
    bodies = bench.bodies()
    built: list[float] = []
    least: list[float] = []
    sent: list[float] = []
    floor: list[float] = []
    build, read = _building(bench)
    for n in range(1, batches + 1):
        batch = waiting[BATCH * n : BATCH * (n + 1)]
        turns: list[tuple[list[float], Callable[[], object]]] = [
            (sent, lambda batch=batch: bench.send(batch)),  # type: ignore[misc]
            (floor, lambda: bench.post(bodies, transactions)),
            (built, build),
            (least, read),
        ]
        for took, act in turns if n % 2 else reversed(turns):
            since = time.perf_counter()
            act()
            took.append(time.perf_counter() - since)
    bench.fashen.engine.dispose()
    print(f"\n{engine}: {batches} batches of {BATCH} decisions in turns; medians")
    _told("built", built, least, "reading the case and writing the record")
    _told("sent", sent, floor, f"one request and {transactions} bare transactions")


def _told(what: str, took: list[float], floor: list[float], least: str) -> None:
    ratio = statistics.median(a / b for a, b in zip(took, floor, strict=True))
    a, b = statistics.median(took), statistics.median(floor)
    print(
        f"  {what:6} {BATCH / a:8.0f} records/s; {least}: {BATCH / b:.0f}/s; {ratio:.2f} × the floor"
    )


def _building(bench: Bench) -> tuple[Callable[[], None], Callable[[], None]]:
    c = models.cases.c
    with reading(bench.fashen.engine) as tx:
        rows = tx.execute(sa.select(c.id, c.doc, c.office_id).limit(BATCH)).all()
        bureau = bench.fashen.bureau(tx, rows[0].office_id)
        values = resolve(tx, rows[0].office_id, sealed_in(json.loads(rows[0].doc)))

    def made(row: Any) -> Parcel:
        case = CaseFile.model_validate_json(row.doc)
        return parcel(case, bureau.office, bureau.law, case_id=row.id, values=values)

    ready = [made(row) for row in rows]

    def build() -> None:
        for row in rows:
            made(row).model_dump_json()

    def read() -> None:
        for row, one in zip(rows, ready, strict=True):
            CaseFile.model_validate_json(row.doc)
            one.model_dump_json()

    return build, read


if __name__ == "__main__":
    sys.exit(main())
