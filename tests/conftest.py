"""Fixtures for every test: real servers, and a fresh database on each of the two engines.

Nothing here skips: where a server cannot be had, the test fails and says what to install.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import NullPool, create_engine, text

from tests.command_line import CommandLine
from tests.services.postgres import GivenPostgres, PrivatePostgres
from tests.services.server import quickest_ground
from tests.services.valkey import PrivateValkey

# Shared processors make a single example slow now and then, which says nothing about the program.
settings.register_profile("fashen", deadline=None)
settings.load_profile("fashen")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres | GivenPostgres]:
    """$TEST_DATABASE_URL if set, else a private server; each xdist worker has its own."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield GivenPostgres(address)
        return
    with PrivatePostgres(quickest_ground()) as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[PrivateValkey]:
    """A private Valkey; a test that needs it empty asks for `redis_url` instead."""
    with PrivateValkey() as server:
        yield server


@pytest.fixture
def redis_url(valkey: PrivateValkey) -> str:
    """The address of an empty Valkey."""
    valkey.flush()
    return valkey.url()


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command `fashen` in this process, on a data directory of its own."""
    for name in [name for name in os.environ if name.startswith("FASHEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)  # no .env of this checkout
    return CommandLine(tmp_path, capsys)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with today's schema and no data, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    file = tmp_path / "fashen.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(
    postgres: PrivatePostgres | GivenPostgres, postgresql_template: str
) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    _administer(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{postgresql_template}"')
    yield postgres.url(name)
    _drop(postgres, name)


@pytest.fixture(scope="module")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Makes a fresh database on the engine named, for as long as the tests of one file take."""
    made: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            file = tmp_path_factory.mktemp("database") / "fashen.db"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
            return f"sqlite:///{file}"
        name, template = f"test_{uuid4().hex}", request.getfixturevalue("postgresql_template")
        server: PrivatePostgres | GivenPostgres = request.getfixturevalue("postgres")
        _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        return server.url(name)

    yield make
    for name in made:
        _drop(request.getfixturevalue("postgres"), name)


# Migrating takes many times as long as copying, so each engine is migrated once for the session.


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{file}")
    # What still stands in the write-ahead log would be missing from a copy of the file.
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgres: PrivatePostgres | GivenPostgres) -> Iterator[str]:
    name = f"template_{uuid4().hex}"
    _administer(postgres, f'CREATE DATABASE "{name}"')
    _migrate(postgres.url(name))
    yield name
    _drop(postgres, name)


def _migrate(url: str) -> None:
    # Imported late: tests of the law and of the process need no database, nor its modules.
    from workflow.database import migrate

    migrate(url)


def _drop(postgres: PrivatePostgres | GivenPostgres, name: str) -> None:
    # FORCE, because a test that failed may have left a connection open.
    _administer(postgres, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(postgres: PrivatePostgres | GivenPostgres, statement: str) -> None:
    engine = create_engine(postgres.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
