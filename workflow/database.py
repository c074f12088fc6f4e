"""Two databases, one code: SQLite for one office on one PC, PostgreSQL for a district or a city."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
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
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


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
    (dialect.name, table.name): insert(table).on_conflict_do_nothing()
    for dialect, insert in (
        (postgresql.dialect, postgresql.insert),
        (sqlite.dialect, sqlite.insert),
    )
    for table in metadata.sorted_tables
}


def insert_new(connection: Connection, table: sa.Table) -> Any:
    """An INSERT that leaves a row alone when its key is already there."""
    return _INSERT_NEW[connection.dialect.name, table.name]


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
