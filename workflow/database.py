"""Two databases, one code: SQLite for one office on one PC, PostgreSQL for a district or a city."""

from __future__ import annotations

import contextlib
import itertools
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.pool import StaticPool

from workflow.models import metadata
from workflow.times import utc_now


def connect(url: str) -> Engine:
    """An engine whose transactions are safe on its database.

    SQLite: WAL, full sync, and `BEGIN IMMEDIATE` for writers, because a transaction that reads first
    and writes later fails at once when another writer came between. PostgreSQL: row locks, and bounds
    on every wait.
    """
    if url in ("sqlite://", "sqlite:///:memory:"):
        engine = sa.create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        _prepare_sqlite(engine)
        return engine
    if url.startswith("sqlite"):
        Path(sa.make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        _prepare_sqlite(engine)
        return engine
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        paramstyle="format",  # values in order, as on SQLite: `Together` can join statements
        connect_args={
            "options": "-c lock_timeout=10000 -c statement_timeout=30000"
            " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
        },
    )


def _prepare_sqlite(engine: Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def pragmas(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("fashen_reading")
        (_BEGIN if reading else _BEGIN_IMMEDIATE).run(connection)


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one consistent picture, and no writer waits for it."""
    with engine.connect() as connection:
        connection = connection.execution_options(fashen_reading=True)
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def now(connection: Connection) -> datetime:
    """The database's clock, which all workers share; on SQLite that is this machine's."""
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.scalar(sa.text("select clock_timestamp()"))
        return moment
    return utc_now()


def skip_locked(statement: sa.Select[Any], connection: Connection) -> sa.Select[Any]:
    """Take rows that nobody else holds; on SQLite the one writer is the lock."""
    if connection.dialect.name == "postgresql":
        return statement.with_for_update(skip_locked=True)
    return statement


_INSERT_NEW = {
    table.name: {
        dialect.name: insert(table).on_conflict_do_nothing()
        for dialect, insert in (
            (postgresql.dialect, postgresql.insert),
            (sqlite.dialect, sqlite.insert),
        )
    }
    for table in metadata.sorted_tables
}


def insert_new(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that leaves a row alone when its key is already there."""
    return _INSERT_NEW[table.name][connection.dialect.name]


def insert_or_update(table: sa.Table, columns: Sequence[str] = ()) -> Mapping[str, sa.Executable]:
    """For each database an INSERT that, where the key is already there, writes these columns or all of them."""
    said: dict[str, sa.Executable] = {}
    for dialect, insert in (
        (postgresql.dialect, postgresql.insert),
        (sqlite.dialect, sqlite.insert),
    ):
        made = insert(table)
        keys = [c.name for c in table.primary_key]
        names = columns or [c.name for c in table.c if c.name not in keys]
        said[dialect.name] = made.on_conflict_do_update(
            index_elements=keys, set_={name: made.excluded[name] for name in names}
        )
    return said


def migrate(url: str) -> None:
    """Bring a database to the newest schema; two starters at once are serialised."""
    if _is_newest(url):
        return
    from alembic import command  # half a second of imports that most starts can do without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("workflow") / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def _is_newest(url: str) -> bool:
    versions = (resources.files("workflow") / "migrations" / "versions").iterdir()
    newest = max(f.name[:4] for f in versions if f.name[:4].isdigit())
    engine = connect(url)
    try:
        with reading(engine) as tx:
            if not sa.inspect(tx).has_table("alembic_version"):
                return False
            return bool(tx.scalar(sa.text("select version_num from alembic_version")) == newest)
    finally:
        engine.dispose()


def create(engine: Engine) -> None:
    """The newest schema without its history, for a database that lives in memory."""
    metadata.create_all(engine)


# — plain statements ———————————————————————————————————————————————————————————————————————

Row = Mapping[str, Any]


class Plain:
    """A statement that is put into the driver's own words once, and from then on only run.

    To run a Core statement, SQLAlchemy looks up its text, makes a context, a result and a row proxy for
    every execution; for the few statements of every move that costs as much as all else together. Here
    text, order of the values and conversions are worked out on first use, once for each kind of
    database, and the driver's cursor does the rest. The Core statement stays the source: both databases
    share it, and values are stored and read by the column types exactly as before. What goes wrong is
    raised as SQLAlchemy's error, as everywhere else.

    A statement is given all its values by name; a column that is not named keeps its server's default.
    """

    def __init__(self, statement: sa.Executable | Mapping[str, sa.Executable]) -> None:
        """`statement`, or one for each dialect where they differ."""
        self._statement = statement
        self._spoken: dict[str, _Spoken] = {}

    @classmethod
    def insert_new(cls, table: sa.Table) -> Plain:
        """An INSERT that leaves a row alone when its key is already there."""
        return cls(_INSERT_NEW[table.name])

    def run(self, tx: Connection, *rows: Row) -> int:
        """Run it, once for each row of values if there are any; how many rows it touched together."""
        spoken = self.spoken(tx.dialect, rows[0] if rows else {})
        cursor, _ = _run(tx, spoken.text, [spoken.values(row) for row in rows] or [()])
        return int(cursor.rowcount)

    def all(self, tx: Connection, values: Row) -> list[Any]:
        """The rows that it finds, each with its columns as attributes."""
        spoken = self.spoken(tx.dialect, values)
        return spoken.read(*_run(tx, spoken.text, [spoken.values(values)]))

    def first(self, tx: Connection, values: Row) -> Any:
        """The first row that it finds, or None."""
        rows = self.all(tx, values)
        return rows[0] if rows else None

    def spoken(self, dialect: Dialect, values: Row) -> _Spoken:
        """The statement as this database says it; the values that are given here name its columns."""
        found = self._spoken.get(dialect.name)
        if found is None:
            statement = self._statement
            if isinstance(statement, Mapping):
                statement = statement[dialect.name]
            found = self._spoken[dialect.name] = _Spoken.of(statement, dialect, values)
        return found


Convert = Callable[[Any], Any]


@dataclass(slots=True)
class _Spoken:
    """A statement in the words of one database, with what turns its values to and fro.

    `order` names the values as the text takes them, `turns` holds the conversion for the place of each
    whose type asks for one; `fixed` are values that stand in the statement itself, `given` counts the
    others. `row` and `reads` are the same for what it finds, known when it first found something.
    """

    text: str
    order: Sequence[str]
    turns: list[tuple[int, Convert]]
    fixed: dict[str, Any]
    given: int
    dialect: Dialect
    columns: Sequence[sa.ColumnElement[Any]]
    reads: list[tuple[int, Convert]] = field(default_factory=list)
    row: Callable[[Sequence[Any]], Any] | None = None

    @classmethod
    def of(cls, statement: Any, dialect: Dialect, values: Row) -> _Spoken:
        columns = list(getattr(statement, "exported_columns", ()))
        if isinstance(statement, sa.Insert):
            statement = statement.inline()  # nobody asks for the number that the database gives
        compiled = statement.compile(dialect=dialect, column_keys=list(values) or None)
        if forgotten := {*values} - {*compiled.binds}:
            raise TypeError(f"the statement takes no {sorted(forgotten)}: {compiled}")
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError(f"name every column that has a default of its own: {compiled}")
        order = compiled.positiontup
        assert order is not None, "the engine was not made by connect(): its values have no order"
        binds = {name: compiled.binds[name] for name in order}
        fixed = {n: b.effective_value for n, b in binds.items() if not b.required}
        turns = [binds[n].type.dialect_impl(dialect).bind_processor(dialect) for n in order]
        given = len(binds) - len(fixed)
        return cls(str(compiled), order, _asked(turns), fixed, given, dialect, columns)

    def values(self, row: Row) -> list[Any]:
        """The values as the driver takes them, in the order of the text."""
        if len(row) != self.given:
            raise TypeError(f"{sorted(row)} are not the values of: {self.text}")
        given = {**self.fixed, **row} if self.fixed else row
        values = [given[name] for name in self.order]
        for place, turn in self.turns:
            values[place] = turn(values[place])
        return values

    def read(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows that the cursor has found, as named tuples of Python values."""
        if self.row is None:
            reads: list[Any] = [
                column.type.dialect_impl(self.dialect).result_processor(self.dialect, told[1])
                for column, told in zip(self.columns, cursor.description, strict=True)
            ]
            self.reads = _asked(reads)
            names = [str(column.key) for column in self.columns]
            self.row = namedtuple("found", names)._make  # type: ignore[attr-defined]
        if not self.reads:
            return [self.row(row) for row in rows]
        turned = [list(row) for row in rows]
        for row in turned:
            for place, turn in self.reads:
                row[place] = turn(row[place])
        return [self.row(row) for row in turned]


def _asked(turns: list[Convert | None]) -> list[tuple[int, Convert]]:
    """The conversions that are asked for, each with its place."""
    return [(place, turn) for place, turn in enumerate(turns) if turn is not None]


def _run(tx: Connection, text: str, rows: list[Any]) -> tuple[Any, Sequence[Sequence[Any]]]:
    """The driver's cursor after it ran a text, and what it found; errors are SQLAlchemy's."""
    dialect: Any = tx.dialect
    cursor = tx.connection.cursor()
    try:
        if len(rows) == 1:
            dialect.do_execute(cursor, text, rows[0])
        else:
            dialect.do_executemany(cursor, text, rows)
        return cursor, cursor.fetchall() if cursor.description else []
    except dialect.loaded_dbapi.Error as wrong:
        lost = dialect.is_disconnect(wrong, tx.connection.dbapi_connection, cursor)
        if lost:
            tx.invalidate(wrong)
        raise sa.exc.DBAPIError.instance(
            text,
            None,  # the values are people's names and numbers, which no log should hold
            wrong,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        ) from wrong


class Together:
    """Writes of one step that need no answer, sent when the block ends.

    A round trip to PostgreSQL costs more than the write that it carries, so there they go as one
    statement, `WITH a AS (INSERT …), b AS (UPDATE …) INSERT …`. No write may count on another of the
    same block: all see the rows as they stood before. SQLite has no way to go and runs one after another.
    """

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._writes: list[tuple[_Spoken, Row]] = []

    def add(self, plain: Plain, *rows: Row) -> None:
        self._writes += [(plain.spoken(self._tx.dialect, row), row) for row in rows]

    def __enter__(self) -> Together:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if wrong is not None or not self._writes:
            return
        if self._tx.dialect.name == "postgresql":
            text = _joined(tuple(spoken.text for spoken, _ in self._writes))
            _run(self._tx, text, [[v for spoken, row in self._writes for v in spoken.values(row)]])
            return
        for _, same in itertools.groupby(self._writes, key=lambda write: id(write[0])):
            writes = list(same)
            _run(self._tx, writes[0][0].text, [spoken.values(row) for spoken, row in writes])


@lru_cache(maxsize=500)
def _joined(texts: tuple[str, ...]) -> str:
    """Several writes as one statement; each step of the table has its own few shapes of this."""
    *first, last = texts
    if not first:
        return last
    return f"WITH {', '.join(f'w{n} AS ({text})' for n, text in enumerate(first))} {last}"


_BEGIN, _BEGIN_IMMEDIATE = Plain(sa.text("BEGIN")), Plain(sa.text("BEGIN IMMEDIATE"))
