"""Plain statements: in the driver's words, but with the values and the errors of SQLAlchemy."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tests.builders import day
from workflow import models
from workflow.database import Plain, Together, connect

D, O = models.deadline, models.outbox  # noqa: E741
NOON = day(2025, 1, 6, 12)

OFFICE = {"id": "office", "version": 1, "cases_opened": 0}
CASE = {
    "id": "case", "office_id": "office", "ordinal": 1, "flow": "ordinary/1", "state": "lead",
    "version": 1, "head": "0" * 64, "doc": '{"origin":"100% 属实？"}', "title": "", "number": "",
    "party_name": "", "party_key": "", "power": "", "act_on": "", "opened_at": NOON,
    "moved_at": NOON + timedelta(microseconds=1),
}  # fmt: skip
CLOCK = {
    "case_id": "case", "clock": "decision", "round": 1, "office_id": "office",
    "start": date(2025, 1, 6), "span": "90d", "due": date(2025, 4, 6), "rolled": date(2025, 4, 7),
    "ends": date(2025, 4, 6), "provisional": True, "calendar": "2025", "state": "open",
    "closed_seq": None, "wake_at": NOON,
}  # fmt: skip
MESSAGE = {
    "kind": "tell", "dedup": "tell:1", "office_id": "office", "case_id": "case", "payload": "{}",
    "status": "ready", "attempts": 0, "created_at": NOON, "available_at": NOON,
}  # fmt: skip

ADD_OFFICE, ADD_CASE = Plain(models.office.insert()), Plain(models.cases.insert())
ADD_CLOCK = Plain(D.insert())
CLOCKS = Plain(sa.select(D).where(D.c.case_id == sa.bindparam("case")).order_by(D.c.round))
CLOSE = Plain(
    D.update()
    .where(D.c.case_id == sa.bindparam("case"), D.c.state == "open")
    .values(state="closed", closed_seq=sa.bindparam("seq"), wake_at=None)
)
QUEUE = Plain.insert_new(O)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with one case in it."""
    made = connect(database_url)
    with made.begin() as tx:
        ADD_OFFICE.run(tx, OFFICE)
        ADD_CASE.run(tx, CASE)
    yield made
    made.dispose()


def stored(engine: Engine, table: sa.Table) -> list[dict[str, Any]]:
    """The rows as SQLAlchemy reads them."""
    with engine.connect() as tx:
        return [dict(r) for r in tx.execute(sa.select(table)).mappings()]


def raw(engine: Engine, table: sa.Table) -> list[tuple[Any, ...]]:
    """The rows as the driver reads them."""
    with engine.connect() as tx:
        return [tuple(r) for r in tx.exec_driver_sql(f"SELECT * FROM {table.name}")]  # noqa: S608


def test_values_are_stored_exactly_as_sqlalchemy_stores_them(engine: Engine):
    with engine.begin() as tx:
        ADD_CLOCK.run(tx, CLOCK)
    plain = raw(engine, D)
    with engine.begin() as tx:
        tx.execute(D.delete())
        tx.execute(D.insert(), CLOCK)

    assert plain == raw(engine, D)
    assert stored(engine, models.cases) == [CASE]


def test_what_is_found_has_the_python_values_of_its_columns(engine: Engine):
    with engine.begin() as tx:
        ADD_CLOCK.run(tx, CLOCK, {**CLOCK, "round": 2, "wake_at": None, "provisional": False})
        first, second = CLOCKS.all(tx, {"case": "case"})

    assert first._asdict() == CLOCK
    assert first.wake_at.utcoffset() == timedelta(0)
    assert (second.wake_at, second.provisional) == (None, False)


def test_a_moment_without_its_zone_is_refused(engine: Engine):
    with engine.begin() as tx, pytest.raises(ValueError, match="zone"):
        ADD_CLOCK.run(tx, {**CLOCK, "wake_at": datetime(2025, 1, 6, 12)})  # noqa: DTZ001


def test_first_is_the_first_row_or_none(engine: Engine):
    with engine.begin() as tx:
        assert CLOCKS.first(tx, {"case": "case"}) is None
        ADD_CLOCK.run(tx, {**CLOCK, "round": 3}, CLOCK)
        assert CLOCKS.first(tx, {"case": "case"}).round == 1


def test_run_counts_the_rows_that_it_touched(engine: Engine):
    with engine.begin() as tx:
        assert CLOSE.run(tx, {"case": "case", "seq": 2}) == 0
        assert ADD_CLOCK.run(tx, *({**CLOCK, "round": n} for n in (1, 2, 3))) == 3
        assert CLOSE.run(tx, {"case": "case", "seq": 2}) == 3
        assert CLOSE.run(tx, {"case": "case", "seq": 3}) == 0

    assert {(r["state"], r["closed_seq"], r["wake_at"]) for r in stored(engine, D)} == {
        ("closed", 2, None)
    }


def test_a_row_that_is_already_there_is_left_alone(engine: Engine):
    with engine.begin() as tx:
        assert QUEUE.run(tx, MESSAGE) == 1
        assert QUEUE.run(tx, {**MESSAGE, "kind": "alert"}) == 0

    assert [r["kind"] for r in stored(engine, O)] == ["tell"]


def test_a_second_row_with_the_same_key_is_sqlalchemys_integrity_error(engine: Engine):
    with engine.begin() as tx:
        ADD_CLOCK.run(tx, CLOCK)
    with engine.begin() as tx, pytest.raises(sa.exc.IntegrityError) as wrong:
        ADD_CLOCK.run(tx, CLOCK)

    assert wrong.value.params is None  # people's names and numbers stay out of logs


@pytest.mark.parametrize("row", [{"case": "case"}, {"case": "case", "seq": 2, "more": 1}])
def test_values_that_do_not_fit_the_statement_are_refused(engine: Engine, row: dict[str, Any]):
    with engine.begin() as tx:
        CLOSE.run(tx, {"case": "case", "seq": 2})
        with pytest.raises(TypeError, match="UPDATE deadline"):
            CLOSE.run(tx, row)


def test_a_column_with_a_default_of_its_own_must_be_named(engine: Engine):
    with engine.begin() as tx, pytest.raises(TypeError, match="default"):
        Plain(models.office.insert()).run(tx, {"id": "one", "version": 1})


def test_writes_together_all_happen(engine: Engine):
    with engine.begin() as tx:
        ADD_CLOCK.run(tx, CLOCK)
        with Together(tx) as writes:
            writes.add(CLOSE, {"case": "case", "seq": 2})
            writes.add(ADD_CLOCK, {**CLOCK, "clock": "payment", "round": 2})
            for dedup in ("tell:1", "tell:2", "tell:1"):
                writes.add(QUEUE, {**MESSAGE, "dedup": dedup})

    assert sorted(r["dedup"] for r in stored(engine, O)) == ["tell:1", "tell:2"]
    assert len(stored(engine, D)) == 2


def test_of_writes_together_none_happens_when_one_cannot(engine: Engine):
    def write() -> None:
        with engine.begin() as tx, Together(tx) as writes:
            writes.add(QUEUE, MESSAGE)
            writes.add(ADD_CLOCK, CLOCK, CLOCK)

    with pytest.raises(sa.exc.IntegrityError):
        write()

    assert stored(engine, O) == stored(engine, D) == []


def test_writes_together_are_not_sent_when_the_block_fails(engine: Engine):
    with engine.begin() as tx:
        with contextlib.suppress(RuntimeError), Together(tx) as writes:
            writes.add(QUEUE, MESSAGE)
            raise RuntimeError
        assert tx.scalar(sa.select(sa.func.count()).select_from(O)) == 0


def test_postgresql_gets_writes_together_as_one_statement(postgresql_url: str):
    made = connect(postgresql_url)
    said: list[str] = []
    do_execute = made.dialect.do_execute

    def heard(cursor: Any, statement: str, *rest: Any, **more: Any) -> None:
        said.append(statement)
        do_execute(cursor, statement, *rest, **more)

    with made.begin() as tx:
        made.dialect.do_execute = heard  # type: ignore[method-assign]
        with Together(tx) as writes:
            writes.add(ADD_OFFICE, OFFICE)
            writes.add(QUEUE, MESSAGE)
    made.dispose()

    assert len(said) == 1
    assert said[0].startswith("WITH w0 AS (INSERT INTO office")


def test_a_lost_connection_is_thrown_away(postgresql_url: str):
    made = connect(postgresql_url)
    other = connect(postgresql_url)
    with made.connect() as tx:
        pid = tx.scalar(sa.text("select pg_backend_pid()"))
        with other.begin() as killer:
            killer.execute(sa.text(f"select pg_terminate_backend({pid})"))
        with pytest.raises(sa.exc.OperationalError) as wrong:
            CLOCKS.all(tx, {"case": "case"})
    assert wrong.value.connection_invalidated
    with made.begin() as tx:
        assert CLOCKS.all(tx, {"case": "case"}) == []
    made.dispose()
    other.dispose()


def test_the_moments_of_a_row_are_utc(engine: Engine):
    with engine.connect() as tx:
        moved = Plain(sa.select(models.cases.c.moved_at)).first(tx, {}).moved_at
    assert moved == CASE["moved_at"]
    assert moved.tzinfo is not None
    assert moved.astimezone(UTC).hour == 4
