"""One request to one address and its answer, or why there is none: under one deadline, as one host says it.

It uses httpcore2, the engine beneath httpx2, because that lets every read and write run under one deadline,
follows no redirect, takes no proxy from the environment, unpacks nothing and writes no address into a log.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

import httpcore2

from workflow.channels.connection import Connection, Deadline, TooMuch


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Why(StrEnum):
    """Why there is no answer."""

    TOO_MUCH = "too much"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    NO_ADDRESS = "no address"
    PROXY = "proxy"
    REFUSED = "refused"
    BROKEN = "broken"


class NoAnswer(Exception):
    """No answer came. `sent`: whether the other side may have seen any of the request."""

    def __init__(self, why: Why, detail: str, *, sent: bool) -> None:
        self.why, self.detail, self.sent = why, detail, sent
        super().__init__(detail)


def exchange(
    method: str,
    url: str,
    seconds: float,
    *,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    proxy: str = "",
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Ask, and return what the host of this address answered; `NoAnswer` when it did not within `seconds`.

    The proxy is trusted with encrypted requests only.
    """
    network = _Network(Deadline(seconds), encrypted=url.startswith("https://"))
    pool = httpcore2.ConnectionPool(
        ssl_context=tls,
        proxy=_way(proxy) if proxy and url.startswith("https://") else None,
        network_backend=network,
    )
    try:
        with pool, pool.stream(method, url, headers=list(headers), content=body) as response:
            found = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            return Answer(response.status, found, b"".join(response.iter_stream()))
    except TooMuch:
        raise network.gave(Why.TOO_MUCH) from None
    except TimeoutError:
        raise network.gave(Why.TIMEOUT) from None
    except ssl.SSLCertVerificationError as wrong:
        raise network.gave(Why.CERTIFICATE, wrong.verify_message) from None
    except socket.gaierror:
        raise network.gave(Why.NO_ADDRESS) from None
    except httpcore2.ProxyError as wrong:
        raise network.gave(Why.PROXY, str(wrong)) from None
    except ConnectionRefusedError:
        raise network.gave(Why.REFUSED) from None
    except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError) as wrong:
        raise network.gave(Why.BROKEN, type(wrong).__name__) from None


def phrase(status: int) -> str:
    """` Not Found` for 404; nothing for a number that means nothing."""
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _way(proxy: str) -> httpcore2.Proxy:
    parts = urlsplit(proxy)
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore2.Proxy(f"http://{parts.netloc.rpartition('@')[2]}", auth=auth)


class _Network(httpcore2.NetworkBackend):
    """Connections under the deadline of one exchange; the time-outs of httpcore2 stay unused."""

    def __init__(self, deadline: Deadline, *, encrypted: bool) -> None:
        self.deadline = deadline
        self.encrypted = encrypted
        self.sent = False

    def gave(self, why: Why, detail: str = "") -> NoAnswer:
        return NoAnswer(why, detail, sent=self.sent)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore2.NetworkStream:
        # What a proxy is told before the encryption begins is nothing of the request.
        return _Stream(self, Connection(host, port, self.deadline), carries=not self.encrypted)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, network: _Network, connection: Connection, *, carries: bool) -> None:
        self._network = network
        self._connection = connection
        self._carries = carries

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.sent |= self._carries
        try:
            self._connection.sendall(buffer)
        except ConnectionError as wrong:
            # Who refuses early may have said why; httpcore2 reads that after this error and no other.
            raise httpcore2.WriteError(wrong) from wrong

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        secure = self._connection.secure(ssl_context, server_hostname or "")
        return _Stream(self._network, secure, carries=True)
