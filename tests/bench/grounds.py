"""Where the benchmarks stand: databases on a disk, made for one run and gone after it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services.postgres import PrivatePostgres
from tests.services.server import GROUND

DURABLE = {
    "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "4GB",
}  # fmt: skip
"""A server that syncs each commit, as an office's own does, and is not busy with its log meanwhile."""


@contextmanager
def on_sqlite(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """A file for each name, on the disk of the PostgreSQL server; name → URL."""
    folder = Path(tempfile.mkdtemp(prefix="fashen-bench-", dir=GROUND))
    try:
        yield {name: f"sqlite:///{folder / name}.db" for name in names}
    finally:
        shutil.rmtree(folder)


@contextmanager
def on_postgresql(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """One private durable server with a database for each name; name → URL."""
    with PrivatePostgres(**DURABLE) as server:
        with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}")
        yield {name: server.url(name) for name in names}
