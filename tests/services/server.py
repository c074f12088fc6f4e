"""What the private test servers share: a folder of their own, a child process, a clean end."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self

# Not $TMPDIR: the name of a Unix socket may have 107 bytes, and a server that dropped its rights must
# be able to walk to its folder. A temporary folder inside somebody's home breaks both.
GROUND = Path("/tmp")
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that have to be free there before a server is put into it."""
PATIENCE = 30.0


def quickest_ground() -> Path:
    """Memory where it has room: a database is some hundred files, and a disk takes seven times as long to make them.

    Not for a server whose speed is measured: there is no disk under it.
    """
    roomy = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else GROUND


class ServerFailed(RuntimeError):
    """The server could not be found, started or stopped; the message says what to do."""


class PrivateServer(ABC):
    """A real server for tests only: loopback or Unix socket, throw-away data, gone at the end.

    `stop`, `kill9` and `start` keep the data, so that a test can take the server away and give it
    back under the same address; `remove` (or the end of a `with`) deletes everything.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, ground: Path = GROUND) -> None:
        self._sweep()
        # The owner's number in the name is what lets a later run tell left-overs from neighbours.
        prefix = f"fashen-{self.name}-{os.getpid()}-"
        self.root = Path(tempfile.mkdtemp(prefix=prefix, dir=ground))
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._launch_options: dict[str, Any] = {}
        atexit.register(self.remove)

    @abstractmethod
    def url(self, database: Any) -> str:
        """The address of one database of this server."""

    @abstractmethod
    def _command(self) -> list[str]:
        """The command that runs the server in the foreground."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server already answers a client."""

    @staticmethod
    @abstractmethod
    def _end_orphan(root: Path) -> None:
        """End the server that still runs in a folder whose owner is gone, if one does."""

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ServerFailed(f"{self.name}: not running; call start() first.")
        return self._process.pid

    @property
    def log(self) -> str:
        """The last lines that the server wrote."""
        log = self.root / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else ""

    def start(self) -> Self:
        """Start the server and come back when it answers."""
        if self._process is not None:
            raise ServerFailed(f"{self.name}: already running; call restart() or stop() first.")
        give_up = time.monotonic() + PATIENCE
        self._launch()
        while not self._answers():
            if time.monotonic() > give_up:
                log = self.log
                self.kill9()
                raise ServerFailed(f"{self.name}: no answer within {PATIENCE:.0f} s.\n{log}")
            if self._process is None or self._process.poll() is not None:
                self._after_early_end()
                self._launch()
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """Stop the server now; the data stay for the next start()."""
        self._end(self.stop_signal)

    def kill9(self) -> None:
        """Take the server away without a word, as a power cut or the out-of-memory killer would."""
        self._end(signal.SIGKILL)

    def restart(self) -> Self:
        """Stop if need be, and start again on the same data and the same address."""
        self.stop()
        return self.start()

    def remove(self) -> None:
        """Stop the server and delete its data; harmless when done twice."""
        if os.getpid() != self._owner:
            return  # a forked child that leaves must not take its parent's server along
        atexit.unregister(self.remove)
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *exc: object) -> None:
        self.remove()

    def _launch(self) -> None:
        with (self.root / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for the test run, which then stops its servers itself.
                start_new_session=True,
                **self._launch_options,
            )

    def _after_early_end(self) -> None:
        """Called when the server ended before it answered: return to try again, or raise."""
        self._process = None
        raise ServerFailed(f"{self.name}: the server ended at once.\n{self.log}")

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    @classmethod
    def _sweep(cls) -> None:
        """Remove what a killed test run left behind; the folders of living runs stay."""
        pattern = f"fashen-{cls.name}-*-*"
        for root in (*GROUND.glob(pattern), *MEMORY.glob(pattern)):
            owner = re.match(rf"fashen-{cls.name}-(\d+)-", root.name)
            if owner is None or is_alive(int(owner[1])):
                continue
            cls._end_orphan(root)
            shutil.rmtree(root, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs, ours or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def knock(path: Path, words: bytes = b"") -> bool:
    """Whether somebody listens at a Unix socket; `words` are said to whoever opens."""
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(1)
        try:
            door.connect(str(path))
            door.sendall(words)
        except OSError:
            return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Look again and again until the condition holds or the time is over."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True
