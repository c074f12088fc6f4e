"""Servers outside the office, as they behave and misbehave: each a thread on a free port of this machine.

`localhost.pem` beside this file is a certificate for 127.0.0.1 with its key, known to no system.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

CERTIFICATE = Path(__file__).with_name("localhost.pem")


class Outside:
    """A server that gives each connection to `talk`; a `with` starts and ends it."""

    def __init__(self, *, tls: bool = False) -> None:
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._tls = server_context() if tls else None
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # or a thread in `accept` keeps it open
        self._listening.close()
        for sock in self._open:
            sock.close()

    def talk(self, sock: socket.socket) -> None:
        raise NotImplementedError

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listening.accept()
                self._open.append(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            self.talk(sock)
        sock.close()

    def drip(self, sock: socket.socket, text: bytes) -> None:
        """One byte, and then another, far apart but never far enough for a time-out of a socket."""
        for n in range(len(text)):
            if self.over.wait(0.1):
                return
            sock.sendall(text[n : n + 1])
        self.over.wait(60)


@dataclass
class Heard:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(urlsplit(self.target).query).items()}

    def json(self) -> Any:
        return json.loads(self.body)


class Web(Outside):
    """A web server that hears everything and answers as told."""

    def __init__(self, answer: Callable[[Web, socket.socket], None], *, tls: bool = False) -> None:
        super().__init__(tls=tls)
        self.answer = answer
        self.heard: list[Heard] = []

    def url(self, rest: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{rest}"

    def talk(self, sock: socket.socket) -> None:
        self.heard.append(hear(sock))
        self.answer(self, sock)


def hear(sock: socket.socket) -> Heard:
    """Read one request whole."""
    came = sock.makefile("rb")
    method, target, _ = came.readline().decode().split(" ", 2)
    headers = {}
    while line := came.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Heard(method, target, headers, came.read(int(headers.get("content-length", 0))))


def says(
    body: object, status: str = "200 OK", headers: str = "", *, whole: int | None = None
) -> Callable[[Web, socket.socket], None]:
    """Answer so; `whole` is the length that the server claims."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()

    def answer(_: Web, sock: socket.socket) -> None:
        length = len(raw) if whole is None else whole
        head = f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n"
        sock.sendall(head.encode() + raw)

    return answer


def hangs(web: Web, sock: socket.socket) -> None:
    """Take the request and never say a word."""
    web.over.wait(60)


def drips(web: Web, sock: socket.socket) -> None:
    """Begin a good answer and never come to its end."""
    web.drip(sock, b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b" " * 800)


def drips_its_body(web: Web, sock: socket.socket) -> None:
    sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"errcode": 0')
    web.drip(sock, b" " * 800)


def resets(_: Web, sock: socket.socket) -> None:
    """Take the request and cut the line."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hangs_up(_: Web, sock: socket.socket) -> None:
    """Take the request and end the talk politely, without an answer."""


def floods(web: Web, sock: socket.socket) -> None:
    """Answer well, and without end."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while not web.over.is_set():
        sock.sendall(b" " * 65_536)


def floods_its_head(web: Web, sock: socket.socket) -> None:
    """Never come to the end of the headers."""
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while not web.over.is_set():
        sock.sendall(b"X-More: " + b"a" * 8_000 + b"\r\n")


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@dataclass
class Post(Outside):
    """A mail server. `replies` says what it answers to a verb instead of yes; `drips_at` where it drips."""

    replies: dict[str, str] = field(default_factory=dict)
    drips_at: str = ""
    hangs_at: str = ""
    ends_at: str = ""
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN")
    tls: bool = False
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    encrypted: bool = False

    def __post_init__(self) -> None:
        super().__init__(tls=self.tls)

    def url(self, rest: str = "", scheme: str = "smtp", who: str = "") -> str:
        return f"{scheme}://{who}127.0.0.1:{self.port}{rest}"

    def talk(self, sock: socket.socket) -> None:
        came = sock.makefile("rb")
        if not self._reply(sock, "banner", "220 ready"):
            return
        while line := came.readline().decode().strip():
            self.commands.append(line)
            verb = line.split(" ", 1)[0].lower()
            if verb == "ehlo":
                said = "\r\n".join(["250-here", *(f"250-{offer}" for offer in self.offers)])
                if not self._reply(sock, verb, f"{said}\r\n250 8BITMIME"):
                    return
            elif verb == "starttls":
                if not self._reply(sock, verb, "220 go ahead"):
                    return
                if verb not in self.replies:
                    sock = server_context().wrap_socket(sock, server_side=True)
                    self._open.append(sock)
                    came, self.encrypted, self.offers = sock.makefile("rb"), True, ("AUTH PLAIN",)
            elif verb == "data":
                if not self._reply(sock, verb, "354 speak"):
                    return
                if verb in self.replies:
                    continue
                letter = b""
                while (text := came.readline()) not in (b".\r\n", b""):
                    letter += text
                self.letters.append(letter)
                if not self._reply(sock, "end", "250 2.0.0 queued as 4711"):
                    return
            elif not self._reply(sock, verb, "235 welcome" if verb == "auth" else "250 yes"):
                return

    def _reply(self, sock: socket.socket, at: str, yes: str) -> bool:
        """Answer as told at this point; False when the talk is over."""
        said = self.replies.get(at, yes).encode() + b"\r\n"
        if at == self.drips_at:
            self.drip(sock, b"250-" + b"a" * 400)
        elif at == self.hangs_at:
            self.over.wait(60)
        elif at != self.ends_at:
            sock.sendall(said)
            return True
        return False
