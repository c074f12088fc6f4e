"""A connection that ends when its time is over, whatever the other side does.

The time-out of a socket starts anew with every byte, so a server that drips holds a worker for ever. Here
one deadline counts for look-up, connection, handshake, every read and every write together.
"""

from __future__ import annotations

import io
import queue
import socket
import ssl
import threading
import time
from typing import Any

MOST_READ = 64 * 1024
"""Bytes, headers among them, that are read from a server in one delivery; an honest answer has hundreds."""


class TooMuch(OSError):
    """The server answered with more than `MOST_READ` bytes."""


class Deadline:
    """So many seconds for everything together, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; `TimeoutError` when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{self.seconds:g} seconds are over")
        return left

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._ends


class Connection:
    """One TCP connection under a deadline; also what smtplib takes for a socket."""

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        self._deadline = deadline
        self._read = 0
        self._sock = _connected(host, port, deadline)

    def secure(self, context: ssl.SSLContext, host: str) -> Connection:
        """The same connection under TLS, the certificate checked against the host's name."""
        try:
            self._sock.settimeout(self._deadline.left())
            self._sock = context.wrap_socket(self._sock, server_hostname=host)
        except BaseException:
            self.close()
            raise
        return self

    def recv(self, most: int) -> bytes:
        self._sock.settimeout(self._deadline.left())
        got = self._sock.recv(min(most, MOST_READ + 1 - self._read))
        self._read += len(got)
        if self._read > MOST_READ:
            raise TooMuch("the server talks without end")
        return got

    def sendall(self, data: bytes) -> None:
        # Python counts the time-out of `sendall` for the whole of it.
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def close(self) -> None:
        self._sock.close()

    def own_address(self) -> str:
        return str(self._sock.getsockname()[0])

    def makefile(self, mode: str) -> io.BufferedReader:
        """What arrives, line by line; the bytes of an earlier reader are not seen again."""
        return io.BufferedReader(_Arriving(self))


class _Arriving(io.RawIOBase):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got = self._connection.recv(len(buffer))
        buffer[: len(got)] = got
        return len(got)


def _connected(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A socket at the first address that answers; each has its share of the time that is left."""
    found = _looked_up(host, port, deadline)
    failure: OSError = OSError("the name has no address")
    for tried, (family, kind, protocol, _, address) in enumerate(found):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left() / (len(found) - tried))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as wrong:
            sock.close()
            failure = wrong
    raise failure


def _looked_up(host: str, port: int, deadline: Deadline) -> list[Any]:
    """The addresses of a name. The system's look-up knows no time-out, so it runs beside us."""
    answers: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as wrong:
            answers.put(wrong)
        except UnicodeError:
            answers.put(socket.gaierror("the name cannot be a host"))

    threading.Thread(target=look_up, name=f"look-up of {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("nobody answered what the address of the host is") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
